import base64
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from jobs.models import Job
from quizzes.models import Quiz
from scoring import exporting, result_list
from staff.access import requires
from staff.models import Event, Posting, Unit
from staff.tables import XLSX, csv_lines

NAMES = ("q", "quiz", "unit", "since", "until", "outcome")
SORTS = ("newest", "lowest", "highest", "person")


@require_safe
@requires("trainer", "manager")
def results(request):
    choices, units = _choices(request, request.GET)
    attempts = result_list.narrowed(result_list.seen_by(request.user), **exporting.chosen(choices))
    sort = request.GET.get("sort") if request.GET.get("sort") in SORTS else "newest"
    found, older = _page(request, result_list.ordered(attempts, sort), sort)
    context = {
        "rows": found,
        "older": older,
        "first": not request.GET.get("before") and not request.GET.get("page"),
        "choices": choices,
        "kept": urlencode({name: value for name, value in choices.items() if value} | {"sort": sort}),
        "narrowed": any(choices.values()),
        "sort": sort,
        "units": units,
        "quizzes": Quiz.objects.newest().order_by("slug").defer("body"),
    }
    return render(request, "scoring/result_list.html", context)


def _page(request, attempts, sort):
    """(the rows of a page, how to ask for the next one). The newest are found by key, however many there are."""
    if sort == "newest":
        before = request.GET.get("before", "")
        part = attempts.before(int(before)) if before.isdecimal() and len(before) < 19 else attempts
        found = result_list.rows(part[: result_list.PAGE + 1], opened_by=request.user)
        more = len(found) > result_list.PAGE
        found = found[: result_list.PAGE]
        return found, f"before={found[-1].attempt.pk}" if more else ""
    page = Paginator(attempts, result_list.PAGE).get_page(request.GET.get("page"))
    found = result_list.rows(page.object_list, opened_by=request.user)
    return found, f"page={page.next_page_number()}" if page.has_next() else ""


def _choices(request, given):
    """({name: what was chosen, "" for nothing}, the units one may choose among). What cannot be is no choice."""
    choices = {name: given.get(name, "")[:80].replace("\0", "").strip() for name in NAMES}
    units = Unit.objects.without_tree_fields()
    if not request.user.access.has("trainer"):
        units = units.among(request.user.access.scope(Posting.HEADS))
    units = list(units)
    if choices["unit"] not in {str(unit.pk) for unit in units}:
        choices["unit"] = ""
    for name in ("since", "until"):
        choices[name] = choices[name] if _is_day(choices[name]) else ""
    return choices, units


def _is_day(words):
    try:
        return bool(date.fromisoformat(words)) and len(words) == 10
    except ValueError:
        return False


@require_safe
@requires("trainer", "manager")
def csv_file(request):
    """The whole list as it is chosen, written while it is sent."""
    choices, _units = _choices(request, request.GET)
    attempts = result_list.narrowed(result_list.seen_by(request.user), **exporting.chosen(choices))
    Event.write("export", actor=request.user, subject="results", after={"form": "csv"})
    lines = csv_lines(result_list.header(), map(result_list.cells, result_list.batches(attempts)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="results.csv"'
    return response


@require_POST
@requires("trainer", "manager")
def ask_excel(request):
    choices, _units = _choices(request, request.POST)
    return redirect("scoring:export", exporting.ask(request.user, choices).pk)


@require_safe
@requires("trainer", "manager")
def export(request, pk):
    job = get_object_or_404(Job.objects.exports_of(request.user, exporting.KIND), pk=pk)
    return render(request, "scoring/export.html", {"job": job})


@require_safe
@requires("trainer", "manager")
def excel_file(request, pk):
    job = get_object_or_404(Job.objects.exports_of(request.user, exporting.KIND), pk=pk)
    if "data" not in (job.result or {}):
        raise Http404
    response = HttpResponse(base64.b64decode(job.result["data"]), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="results.xlsx"'
    return response
