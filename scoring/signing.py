"""Signing an open appraisal: the sheet becomes a row with the ids and digests it rests on."""

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evidence.models import Observation
from evidence.observing import observation_digest
from scoring.models import Appraisal, Basis, Score
from scoring.sheets import days, this_period
from staff.frozen import Frozen, digest, utc
from staff.labels import LABELS
from staff.models import Event
from staff.text import text


class CannotSign(Exception):
    """Why this sheet cannot be signed, as a sentence."""


def sign(sheet, *, by, unit, revision=1, reason=""):
    """The signed Appraisal; a later revision follows the one before it and says why. Raises CannotSign when
    the figure is blocked, the month has not begun, or this revision is signed already."""
    if sheet.person == by:
        raise CannotSign(_("Nobody signs their own appraisal."))
    if sheet.period > this_period():
        raise CannotSign(_("This month has not begun; nothing can be signed yet."))
    if sheet.result.percent is None:
        raise CannotSign(_("The figure is blocked; nothing can be signed yet."))
    if revision > 1:
        _check_revision(sheet, revision, reason)
    body = body_of(sheet)
    try:
        with transaction.atomic():
            appraisal = Appraisal.objects.create(
                person=sheet.person,
                unit=unit,
                plan=sheet.plan,
                period=sheet.period,
                revision=revision,
                percent=sheet.result.percent,
                band=sheet.result.band,
                body=body,
                digest=appraisal_digest(sheet.person.pk, sheet.period, revision, body),
                reason=reason,
                by=by,
            )
            Basis.objects.bulk_create(
                _basis(appraisal, indicator, record) for indicator, found in sheet.bases.items() for record in found
            )
            Event.write(
                "sign-appraisal",
                actor=by,
                subject=f"appraisal:{appraisal.pk}",
                after={
                    "digest": appraisal.digest,
                    "period": sheet.period,
                    "revision": revision,
                    "unit": appraisal.unit_id,
                    "at": utc(appraisal.at),
                },
            )
    except IntegrityError as error:
        if "frozen" in str(error):
            raise Frozen(str(error)) from error
        raise CannotSign(_("This appraisal was signed already.")) from error
    return appraisal


def shown(sheet):
    """A short sum of all a sheet shows: the form that signs carries it, so that nobody signs the unseen."""
    return digest(body_of(sheet))[:16]


def _check_revision(sheet, revision, reason):
    if not reason.strip():
        raise CannotSign(_("A revision says why: give a reason."))
    if not Appraisal.objects.in_period(sheet.period).filter(person=sheet.person, revision=revision - 1).exists():
        raise CannotSign(_("There is no signed sheet that this could revise."))


def warnings(sheet):
    """What whoever signs should know first, as sentences: the month goes on, records are missing, red lines."""
    return [*_month_goes_on(sheet.period), *_missing(sheet), *_crossed(sheet)]


def _month_goes_on(period):
    first, last = days(period)
    left, month = (last - timezone.localdate()).days, date_format(first, "F")
    if left == 0:
        yield _("%(month)s ends today.") % {"month": month}
    if left > 0:
        sentence = ngettext(
            "%(month)s has not ended: %(days)s day remains.", "%(month)s has not ended: %(days)s days remain.", left
        )
        yield sentence % {"month": month, "days": left}


def _missing(sheet):
    for row, line, _records in sheet.rows():
        if line.reason:
            said = {"title": text(row["title"], get_language())[0], "why": LABELS[line.reason]}
            yield _("“%(title)s” has no value: %(why)s.") % said
    if sheet.result.missing_weight:
        said = {"missing": sheet.result.missing_weight, "limit": sheet.plan.body["missing"]["limit"]}
        yield _("%(missing)s %% of the weight is missing; the plan allows %(limit)s %%.") % said


def _crossed(sheet):
    keys = list(dict.fromkeys(row["clause"] for row in sheet.red_lines()))
    if keys:
        yield _("A red line was crossed: %(keys)s.") % {"keys": ", ".join(keys)}


def appraisal_digest(person_id, period, revision, body):
    return digest({"person": person_id, "period": period, "revision": revision, "body": body})


def body_of(sheet):
    """Everything the sheet prints, decimals as strings: {plan, percent, band, missing_weight, notices, red_lines,
    lines}. red_lines: [{indicator, clause}] of those crossed in a record it rests on."""
    # One statement for the digests of however many observations.
    seen = [record for records in sheet.bases.values() for record in records if isinstance(record, Observation)]
    prefetch_related_objects(seen, "findings")
    return {
        "plan": {"slug": sheet.plan.slug, "number": sheet.plan.number, "digest": sheet.plan.digest},
        "percent": f"{sheet.result.percent:.1f}",
        "band": sheet.result.band,
        "missing_weight": sheet.result.missing_weight,
        "notices": list(sheet.result.notices),
        "red_lines": sheet.red_lines(),
        "lines": [
            {
                "indicator": row["key"],
                "title": row["title"],
                "source": row["source"],
                "slug": row["slug"],
                "weight": line.weight,
                "applied": _string(line.applied),
                "value": _string(line.value),
                "points": _string(line.points),
                "reason": line.reason,
                "bases": [_reference(record) for record in records],
            }
            for row, line, records in sheet.rows()
        ],
    }


def _string(value):
    return None if value is None else f"{value:.1f}"


def _reference(record):
    """{kind, id} and what names the record to people: the attempt and its day, the day, the path's title."""
    reference = {"kind": record._meta.model_name, "id": record.pk}
    if isinstance(record, Score):
        return reference | {"digest": record.digest, "attempt": record.attempt.ordinal, "on": _day(record.at)}
    if isinstance(record, Observation):
        return reference | {"digest": observation_digest(record), "on": _day(record.at)}
    return reference | {"title": record.path.title}


def _day(moment):
    return timezone.localdate(moment).isoformat()


def _basis(appraisal, indicator, record):
    if isinstance(record, Score):
        return Basis(appraisal=appraisal, indicator=indicator, score=record)
    if isinstance(record, Observation):
        return Basis(appraisal=appraisal, indicator=indicator, observation=record)
    return Basis(appraisal=appraisal, indicator=indicator, assignment=record)
