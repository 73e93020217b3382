from jobs.running import JobFailed, kind
from quizzes import mornings
from quizzes.formats.reading import Refused, Unreadable
from quizzes.importing import RefusedRows, import_items
from staff.models import File

__all__ = ["mornings", "preview_items", "write_items"]


@kind("preview-items")
def preview_items(job):
    """Parameters {file, name, format, mapping, clause}. The result is what an import would do: its counts, the headers
    [(header, field)] and the rows as `_told` has them; with `lacking` a table without a column of questions."""
    try:
        plan = _import(job, dry_run=True)
    except Unreadable as refusal:
        if not (headers := getattr(refusal, "headers", None)):
            raise _failed(refusal) from refusal
        return {"format": "xlsx", "headers": headers, "rows": [], "lacking": True, "counts": {}}
    except Refused as refusal:
        raise _failed(refusal) from refusal
    return _result(plan) | {"headers": plan.headers, "rows": [_told(row) for row in plan.rows]}


@kind("import-items")
def write_items(job):
    """Parameters as of the preview, and {good_rows_only, publish, preview}. The result is the counts alone."""
    told = job.parameters
    try:
        plan = _import(job, publish=told["publish"], good_rows_only=told["good_rows_only"])
    except RefusedRows as refused:
        raise JobFailed("refused_rows", str(refused), count=refused.count) from refused
    except (Unreadable, Refused) as refusal:
        raise _failed(refusal) from refusal
    return _result(plan) | {"publish": told["publish"]}


def _import(job, **more):
    told = job.parameters
    data = bytes(File.objects.get(pk=told["file"]).data)
    chosen = {name: told[name] for name in ("format", "mapping", "clause")}
    return import_items(told["name"], data, by=job.owner, **chosen, **more)


def _failed(refusal):
    """The words of what is wrong go into the job, so that the page says them in its reader's language."""
    if isinstance(refusal, Refused):
        return JobFailed(refusal.code, str(refusal), **refusal.params)
    return JobFailed("unreadable", str(refusal), words=refusal.sentence, values=refusal.values)


def _result(plan):
    counts = {"read": len(plan.rows)}
    for row in plan.rows:
        counts[row.state] = counts.get(row.state, 0) + 1
    return {"format": plan.format, "counts": counts}


def _told(row):
    """A row of a plan as a job keeps it; troubles are [field, sentence, values]."""
    return {
        "row": row.row,
        "name": row.name,
        "state": row.state,
        "slug": row.slug,
        "type": row.type,
        "stem": row.stem[:200],
        "problems": row.problems,
        "notes": row.notes,
        "changes": row.changes,
    }
