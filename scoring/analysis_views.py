from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quizzes.diagnosis import Gate
from quizzes.models import Item, Quiz
from scoring import analysed
from staff.access import newest_or_404, requires
from staff.frozen import kept
from staff.labels import LABELS
from staff.models import Event
from staff.tables import XLSX, csv_lines, xlsx_bytes
from staff.text import text

SORTS = {
    "worst": lambda row: row["worst"],
    "easy": lambda row: -(row["facility"]["value"] or 0),
    "hard": lambda row: row["facility"]["value"] or 0,
    "rest": lambda row: row["rest"]["value"] if row["rest"]["value"] is not None else 2,
}


@require_safe
@requires("trainer")
def quiz(request, slug):
    version, numbers = _chosen(Quiz, request, slug)
    found = analysed.quiz(slug, version)
    sort = request.GET.get("sort") if request.GET.get("sort") in SORTS else "worst"
    context = {
        "subject": newest_or_404(Quiz, slug),
        "version": version,
        "numbers": numbers,
        "analysed": found,
        "figures": found.figures,
        "gates": Gate.__members__,
        "sort": sort,
        "sorts": list(SORTS),
        "rows": _rows(found.figures, sort),
    }
    return render(request, "scoring/quiz_analysis.html", context)


def _chosen(model, request, slug):
    """(the version asked for or None for all, the published numbers); 404 for a number that there is not."""
    newest_or_404(model, slug)
    numbers = model.objects.published_numbers(slug)
    wanted = request.GET.get("version", "")
    if wanted and wanted not in map(str, numbers):
        raise Http404
    return (model.objects.published().get(slug=slug, number=wanted) if wanted else None), numbers


def _rows(figures, sort):
    """Items of the figures with their versions, as chosen; those of whom nothing may be said come last, in no order."""
    items = figures["items"] if figures else []
    told = sorted((row for row in items if row["level"] >= Gate.COUNTS), key=SORTS[sort])
    items = told + sorted((row for row in items if row["level"] < Gate.COUNTS), key=lambda row: row["item"])
    return [row | {"version": kept(Item, row["item"])} for row in items]


@require_POST
@requires("trainer")
def work_out(request, slug):
    """The figures of more people than a page works out."""
    version, _numbers = _chosen(Quiz, request, slug)
    analysed.ask(f"quiz:{slug}:{version.number if version else 'all'}", owner=request.user)
    messages.info(request, _("The figures are being worked out. Open this page again in a minute."))
    query = f"?version={version.number}" if version else ""
    return redirect(f"{request.path.removesuffix('work/')}{query}")


@require_safe
@requires("trainer")
def table(request, slug, form):
    """The items' figures for a spreadsheet; below a gate a cell is empty."""
    version, _numbers = _chosen(Quiz, request, slug)
    figures = analysed.quiz(slug, version).figures
    if form not in ("csv", "xlsx") or figures is None:
        raise Http404
    between = _("from"), _("to")
    header = [_("Item"), _("Version"), _("Question"), "n", _("Facility"), *between, _("Item–rest"), *between,
              _("Alpha without it"), "DI", "DE", _("Effective weight"), _("What to do")]  # fmt: skip
    rows = [_cells(row, get_language()) for row in _rows(figures, "worst") if row["level"] >= Gate.COUNTS]
    Event.write("export", actor=request.user, subject=f"quiz:{slug}", after={"what": "analysis", "form": form})
    return download(f"analysis-{slug}", form, header, rows)


def _cells(row, language):
    version, level = row["version"], row["level"]
    share = _interval(row["facility"]) if level >= Gate.FACILITY else [None] * 3
    rest = _interval(row["rest"]) if level >= Gate.PROVISIONAL else [None] * 3
    index = None if rest[0] is None else 100 * rest[0]
    others = [row["alpha_without"], index, row["efficiency"], row["weight"]]
    others = others if level >= Gate.PROVISIONAL else [None] * 4
    named = [version.slug, version.number, text(version.body["stem"], language)[0], row["n"]]
    return [*named, *share, *rest, *others, "; ".join(str(LABELS[f"flag_{flag}"]) for flag in row["flags"])]


def _interval(figure):
    return [figure["value"], *(figure["ci"] or (None, None))]


def download(name, form, header, rows):
    """A table as an attachment."""
    if form == "csv":
        response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(xlsx_bytes("Decorum", header, rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


@require_safe
@requires("trainer")
def item(request, slug):
    version, numbers = _chosen(Item, request, slug)
    version = version or newest_or_404(Item, slug)
    found = analysed.item(version)
    context = {
        "item": version,
        "numbers": numbers,
        "analysed": found,
        "figures": found.figures,
        "gates": Gate.__members__,
        "repair": analysed.repair_url(version),
    }
    return render(request, "scoring/item_analysis.html", context)


@require_POST
@requires("trainer")
def work_out_item(request, slug):
    version, _numbers = _chosen(Item, request, slug)
    version = version or newest_or_404(Item, slug)
    analysed.ask(f"item:{version.pk}", owner=request.user)
    messages.info(request, _("The figures are being worked out. Open this page again in a minute."))
    return redirect(f"{request.path.removesuffix('work/')}?version={version.number}")
