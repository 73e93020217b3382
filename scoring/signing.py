"""Signing an open appraisal: the sheet becomes a row with the ids and digests it rests on."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from evidence.models import Observation
from scoring.models import Appraisal, Basis, Score
from staff.frozen import Frozen, digest
from staff.models import Event


class CannotSign(Exception):
    """Why this sheet cannot be signed, as a sentence."""


def sign(sheet, *, by, unit, revision=1, reason=""):
    """The signed Appraisal. Raises CannotSign when the figure is blocked or signed already."""
    if sheet.person == by:
        raise CannotSign(_("Nobody signs their own appraisal."))
    if sheet.result.percent is None:
        raise CannotSign(_("The figure is blocked; nothing can be signed yet."))
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
                after={"digest": appraisal.digest, "period": sheet.period, "revision": revision},
            )
    except IntegrityError as error:
        if "frozen" in str(error):
            raise Frozen(str(error)) from error
        raise CannotSign(_("This appraisal was signed already.")) from error
    return appraisal


def appraisal_digest(person_id, period, revision, body):
    return digest({"person": person_id, "period": period, "revision": revision, "body": body})


def body_of(sheet):
    """Everything the sheet prints, decimals as strings: {plan, percent, band, missing_weight, notices, lines}."""
    return {
        "plan": {"slug": sheet.plan.slug, "number": sheet.plan.number, "digest": sheet.plan.digest},
        "percent": f"{sheet.result.percent:.1f}",
        "band": sheet.result.band,
        "missing_weight": sheet.result.missing_weight,
        "notices": list(sheet.result.notices),
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
    kind = record._meta.model_name
    reference = {"kind": kind, "id": record.pk}
    return reference | {"digest": record.digest} if isinstance(record, Score) else reference


def _basis(appraisal, indicator, record):
    if isinstance(record, Score):
        return Basis(appraisal=appraisal, indicator=indicator, score=record)
    if isinstance(record, Observation):
        return Basis(appraisal=appraisal, indicator=indicator, observation=record)
    return Basis(appraisal=appraisal, indicator=indicator, assignment=record)
