"""Filling a checklist at the counter."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import progress
from courses.models import Assignment
from evidence.models import Finding, Observation
from staff.frozen import digest
from staff.models import Event, Posting, User
from standards.models import Wording


class KeyTaken(Exception):
    """The form's key belongs to another observation: other contents, another person or another observer."""


class CorrectedAlready(Exception):
    """Somebody else corrected this observation meanwhile."""


def observable_by(user):
    """Whom one may observe: who works in the units one heads and has not left; never oneself."""
    return at_work(user.access.scope(Posting.HEADS)).exclude(pk=user.pk)


def at_work(unit_ids):
    """The people who work in these units today and have not left."""
    people = User.objects.working_in(unit_ids).present()
    return people.exclude(pk__in=Assignment.objects.people_who_left()).order_by("employee_number")


def posting_within(person, unit_ids=None, day=None):
    """The person's work posting of a date (today) that lies in these units, the primary one first; or None."""
    postings = person.postings.works_on(day or timezone.localdate())
    if unit_ids is not None:
        postings = postings.filter(unit_id__in=unit_ids)
    return postings.order_by("-primary", "start", "pk").first()


def observe(checklist, person, *, by, unit, findings, key):
    """Writes one observation. findings: {point key: (outcome, note)} for every point of the checklist.
    A second call with the same key and contents is the same success (a double click); with others it
    raises KeyTaken."""
    told = {"checklist": checklist, "person": person, "by": by, "corrects": None, "reason": ""}
    return _once(told | {"unit": unit}, told, findings=findings, key=key)


def correct(observation, *, by, findings, reason, key):
    """Writes what should have been seen beside what was written; the first one counts no more. It bears the
    time and the words of the first. Raises KeyTaken, and CorrectedAlready when somebody else was quicker."""
    told = {"checklist": observation.checklist, "person": observation.person, "by": by}
    told |= {"corrects": observation, "reason": reason}
    try:
        return _once(told | {"unit": observation.unit, "at": observation.at}, told, findings=findings, key=key)
    except IntegrityError:
        if observation.corrected_by.exists():
            raise CorrectedAlready from None
        raise


def _once(columns, told, *, findings, key):
    """The observation with this key, written now unless it stands already with all that was told."""
    written = Observation.objects.filter(key=key)
    try:
        same = written.first()
        return _same(same, told, findings) if same else _write(columns, findings=findings, key=key)
    except IntegrityError:
        if same := written.first():
            return _same(same, told, findings)
        raise


def _same(written, told, findings):
    seen = {finding.point: (finding.outcome, finding.note) for finding in written.findings.all()}
    if seen != findings or any(getattr(written, name) != value for name, value in told.items()):
        raise KeyTaken
    return written


def _write(columns, *, findings, key):
    checklist, person, by, corrects = (columns.get(name) for name in ("checklist", "person", "by", "corrects"))
    cited = _cited(checklist, corrects)
    with transaction.atomic():
        observation = Observation.objects.create(**columns, key=key)
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
        source = f"observation:{observation.pk}"
        steps = progress.done(person, "checklist", checklist.slug, source, observation.at)
        after = {"person": person.pk} | ({"corrects": corrects.pk} if corrects else {})
        after |= {"digest": observation_digest(observation), "steps": steps}
        Event.write("observe", actor=by, subject=source, after=after)
    return observation


def observation_digest(observation):
    """What its event and every sheet that rests on it hold: who saw whom, when and by which checklist, and each
    finding."""
    names = ("pk", "checklist_id", "person_id", "unit_id", "by_id", "at", "recorded_at", "corrects_id", "reason")
    findings = [[row.point, row.wording_id, row.outcome, row.note] for row in observation.findings.all()]
    return digest({name: getattr(observation, name) for name in names} | {"findings": sorted(findings)})


def _cited(checklist, corrects):
    """{clause key: wording in force today}; of a correction those that were seen by, not those of today."""
    if corrects is None:
        return Wording.objects.last_of((point["cite"] for point in checklist.points), on=timezone.localdate())
    findings = corrects.findings.select_related("wording__clause")
    return {finding.wording.clause.key: finding.wording for finding in findings}


def tally(observation):
    """{met, not_met, na} of one observation."""
    outcomes = [finding.outcome for finding in observation.findings.all()]
    return {outcome: outcomes.count(outcome) for outcome in ("met", "not_met", "na")}
