from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.models import Job
from quizzes import import_jobs
from quizzes.formats.rowing import HEADERS
from quizzes.import_forms import ItemsForm
from quizzes.import_jobs import IMPORT, PREVIEW
from quizzes.importing import CHANGED, DUPLICATE, NEW, REFUSED, SAME, say_troubles
from staff.access import requires
from standards.importing import keep_file

PAGE = 50
STATES = (REFUSED, DUPLICATE, CHANGED, NEW, SAME)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def import_items(request):
    form = ItemsForm(
        request.POST or None, request.FILES or None, initial={"clause": request.GET.get("clause", "")[:60]}
    )
    if request.method == "POST" and form.is_valid():
        name, data = form.file()
        with transaction.atomic():
            told = {"file": keep_file(name, data).pk, "name": name, "mapping": {}}
            job = import_jobs.begin(
                request.user, told | {each: form.cleaned_data[each] for each in ("format", "clause")}
            )
        return redirect("quizzes:import_preview", job.pk)
    context = {"form": form, "waiting": import_jobs.waiting(request.user)}
    return render(request, "quizzes/import.html", context, status=422 if form.errors else 200)


@require_safe
@requires("trainer")
def import_preview(request, pk):
    """What a file would do, or what became of it."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk, kind__in=(PREVIEW, IMPORT))
    context = {"job": job, "said": _said(job)}
    if job.kind == PREVIEW and job.state == Job.DONE:
        context |= _shown(request, job)
    return render(request, "quizzes/import_preview.html", context)


def _said(job):
    """Why a file cannot be read, in the reader's language; "" where the job's own words do."""
    told = (job.error or {}).get("params", {})
    sentence = told.get("words", "")
    return _(sentence).format(**told["values"]) if sentence else ""


def _shown(request, job):
    result = job.result
    state = request.GET.get("state", "")
    rows = [row for row in result["rows"] if state in ("", row["state"])]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    counts = result["counts"]
    return {
        "counts": counts,
        "state": state,
        "states": [each for each in STATES if counts.get(each)],
        "page": page,
        "kept": urlencode({"state": state} if state else {}),
        "rows": [_row(result["format"], row) for row in page],
        "columns": _columns(result, job.parameters["mapping"]),
        "fields": field_choices(),
        "unknown": [header for header, field in result["headers"] if not field],
        "good": counts.get(NEW, 0) + counts.get(CHANGED, 0),
        "bad": counts.get(REFUSED, 0) + counts.get(DUPLICATE, 0),
        "written": import_jobs.carried_out(job),
    }


def _row(format, row):
    return row | {
        "problems": say_troubles(format, row["row"], row["problems"], _),
        "notes": [_(sentence).format(**values) for _field, sentence, values in row["notes"]],
    }


def _columns(result, mapping):
    """[(place, header, what it is taken for)] of a table."""
    return [(at, header, mapping.get(header, field)) for at, (header, field) in enumerate(result["headers"])]


def field_choices():
    """[(field, words)] that a header can be said to mean."""
    at = 0 if get_language().startswith("zh") else 1
    more = {"options": (_("All options in one cell"),) * 2}
    return [(field, words[at]) for field, words in (HEADERS | more).items()]


@require_POST
@requires("trainer")
def map_columns(request, pk):
    """The same file once more, with headers taken for what the trainer says; the preview before it is put away."""
    with transaction.atomic():
        before = _open_preview(request.user, pk)
        known = dict(field_choices())
        mapping = {}
        for at, (header, _field) in enumerate(before.result["headers"]):
            field = request.POST.get(f"column-{at}", "")
            mapping[header] = field if field in known else ""
        job = import_jobs.begin(request.user, before.parameters | {"mapping": mapping})
        before.delete()
    return redirect("quizzes:import_preview", job.pk)


def _open_preview(trainer, pk):
    job = get_object_or_404(Job.objects.visible_to(trainer), pk=pk, kind=PREVIEW)
    if job.state != Job.DONE:
        raise Http404
    return job


@require_POST
@requires("trainer")
def write_items(request, pk):
    preview = _open_preview(request.user, pk)
    told = {"good_rows_only": request.POST.get("rows") == "good", "publish": "publish" in request.POST}
    job = import_jobs.carry_out(preview, request.user, told)
    return redirect("quizzes:import_preview", job.pk)


@require_POST
@requires("trainer")
def discard_import(request, pk):
    """Puts a preview away; the file it was made from stays kept, and nothing of the bank changes."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk, kind=PREVIEW)
    if not job.live:
        job.delete()
    messages.success(request, _("The preview is put away. Nothing was imported."))
    return redirect("quizzes:import_items")
