"""Filling a checklist at the counter."""

from django.db import IntegrityError, transaction

from courses import progress
from evidence.models import Finding, Observation
from staff.models import Event
from standards.citing import wordings


def observe(checklist, person, *, by, unit, findings, key):
    """Writes one observation. findings: {point key: (outcome, note)} for every point of the checklist;
    a second call with the same key is the same success (a double click)."""
    written = Observation.objects.filter(key=key)
    if same := written.first():
        return same
    try:
        return _write(checklist, person, by=by, unit=unit, findings=findings, key=key)
    except IntegrityError:
        if same := written.first():
            return same
        raise


def _write(checklist, person, *, by, unit, findings, key):
    cited = wordings([point["cite"] for point in checklist.points])
    with transaction.atomic():
        observation = Observation.objects.create(checklist=checklist, person=person, unit=unit, by=by, key=key)
        Finding.objects.bulk_create(
            Finding(
                observation=observation,
                point=point["key"],
                wording=cited[point["cite"]],
                outcome=findings[point["key"]][0],
                note=findings[point["key"]][1],
            )
            for point in checklist.points
        )
        progress.done(person, "checklist", checklist.slug, f"observation:{observation.pk}", observation.at)
        Event.write("observe", actor=by, subject=f"observation:{observation.pk}", after={"person": person.pk})
    return observation


def tally(observation):
    """{met, not_met, na} of one observation."""
    outcomes = [finding.outcome for finding in observation.findings.all()]
    return {outcome: outcomes.count(outcome) for outcome in ("met", "not_met", "na")}
