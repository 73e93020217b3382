"""A preview is a job: what it found stands in its result, what it was made from in a kept file. So nothing is lost when
the page is closed, and what is carried out is the same file once more."""

from jobs.models import Job
from jobs.running import send

PREVIEW, IMPORT = "preview-items", "import-items"
LISTED = 20


def begin(trainer, told):
    """told: {file, name, format, mapping, clause}"""
    return send(PREVIEW, told["name"][:200], owner=trainer, parameters=told)


def carry_out(preview, trainer, told):
    """The import of a preview; clicked twice it is one. told: {good_rows_only, publish}"""
    parameters = preview.parameters | told | {"preview": preview.pk}
    return send(IMPORT, preview.subject, owner=trainer, parameters=parameters, dedupe_key=_once(preview))


def carried_out(preview):
    """The last import of a preview, or None."""
    return Job.objects.filter(kind=IMPORT, dedupe_key=_once(preview)).order_by("-pk").first()


def waiting(trainer):
    """One's previews that were neither carried out nor put away, the newest first."""
    jobs = list(Job.objects.filter(owner=trainer, kind=PREVIEW).defer("result").order_by("-pk")[:LISTED])
    found = Job.objects.filter(kind=IMPORT, state=Job.DONE, dedupe_key__in=[_once(job) for job in jobs])
    done = set(found.values_list("dedupe_key", flat=True))
    return [job for job in jobs if _once(job) not in done]


def _once(preview):
    return f"{IMPORT}:{preview.pk}"
