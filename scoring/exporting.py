"""The list of results as an Excel file, written by a job and kept a day with the job, where it can be forgotten."""

import base64
import tempfile
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone, translation

from jobs.models import Job
from jobs.running import every, kind, send
from scoring import result_list
from staff.models import Event, Unit
from staff.tables import write_xlsx

KIND, KEPT = "export-results", timedelta(days=1)


def chosen(parameters):
    """The choices of a form as `narrowed` takes them."""
    days = {name: date.fromisoformat(value) if (value := parameters.get(name)) else None for name in ("since", "until")}
    unit = parameters.get("unit", "")
    units = Unit.objects.below({int(unit)}) if unit else None
    return {name: parameters.get(name, "") for name in ("q", "quiz", "outcome")} | days | {"unit": unit, "units": units}


def ask(user, choices):
    return send(KIND, "results.xlsx", owner=user, parameters=choices | {"language": translation.get_language()},
                limit_s=900)  # fmt: skip


@kind(KIND)
def write(job):
    """The result is {rows, data: the file in base 64}; what its owner may see is asked now, not when it was sent."""
    attempts = result_list.narrowed(result_list.seen_by(job.owner), **chosen(job.parameters))
    with translation.override(job.parameters["language"]), tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "results.xlsx")
        lines = map(result_list.cells, result_list.batches(attempts))
        count = write_xlsx(file, "Decorum", result_list.header(), _told(lines, job))
        data = base64.b64encode(file.read_bytes()).decode()
    Event.write("export", actor=job.owner, subject="results", after={"rows": count, "form": "xlsx", "job": job.pk})
    return {"rows": count, "data": data}


def _told(lines, job):
    for count, line in enumerate(lines, start=1):
        yield line
        if count % 1_000 == 0:
            job.report(count, 0)


@every(3_600, "forget-exports")
def forget():
    """Names leave the table of jobs after a day."""
    old = Job.objects.filter(kind=KIND, state=Job.DONE, finished_at__lt=timezone.now() - KEPT)
    for job in old.iterator():
        if "data" in (job.result or {}):
            Job.objects.filter(pk=job.pk).update(result={"rows": job.result["rows"]})
