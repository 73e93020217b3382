import csv
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from staff.access import newest_or_404, requires
from staff.labels import LABELS
from staff.models import Event, JobRole
from staff.tables import plain
from standards.coverage import WAYS, by_kind, coverage, summed
from standards.models import WEIGHTS, Standard
from standards.ribbons import DESK, PHONE, gathered, ribbons

PAPERS = (("wide-only", DESK), ("narrow-only", PHONE))
MOST_COLUMNS, GAPS = 80, 25  # a page stays under 60 KB


@require_safe
@requires("trainer", "manager", "appraiser")
def page(request, slug):
    """Gaps first: what is taught, tested, played and observed of one standard."""
    version = newest_or_404(Standard, slug)
    rows, chosen = _rows(request, slug)
    gaps = [row for row in rows if row["missing"]]
    red = [row for row in gaps if row["weight"] == "red_line"]
    groups, each = gathered(by_kind(rows), list(WAYS), MOST_COLUMNS)
    context = {
        "standard": version,
        "chosen": chosen,
        "kept": urlencode({name: value for name, value in chosen.items() if value}),
        "roles": JobRole.objects.all(),
        "pictures": [(name, paper, ribbons(groups, list(WAYS), paper=paper, label=_kind)) for name, paper in PAPERS],
        "each": each,
        "ways": list(WAYS),
        "counts": summed(rows),
        "red_gaps": sum(len(row["missing"]) for row in red),
        "red_clauses": len(red),
        "may_write": request.user.access.has("trainer"),
        "page": Paginator(gaps, GAPS).get_page(request.GET.get("page")),
    }
    return render(request, "standards/coverage.html", context)


@require_safe
@requires("trainer", "manager", "appraiser")
def table(request, slug):
    """The same as a CSV file that opens in Excel."""
    version = newest_or_404(Standard, slug)
    rows, chosen = _rows(request, slug)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="coverage-{slug}-v{version.number}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("Clause"), _("Weight"), "中文", "English", *(_(WORDS[way]) for way in WAYS)])
    for row in rows:
        wording = row["wording"]
        words = [row["key"], row["weight"], wording.text_zh, wording.text_en]
        writer.writerow([*map(plain, words), *(row[way] for way in WAYS)])
    Event.write("export", actor=request.user, subject=version.subject, after={"what": "coverage"} | chosen)
    return response


WORDS = {"taught": "Taught", "tested": "Tested", "scenario": "Played", "observed": "Observed"}


def _rows(request, slug):
    """(rows of the coverage, {role, weight} as chosen); 404 for a role or a weight that there is not."""
    role, weight = request.GET.get("role", ""), request.GET.get("weight", "")
    if role and role not in {each.slug for each in JobRole.objects.all()}:
        raise Http404
    if weight and weight not in WEIGHTS:
        raise Http404
    return coverage(slug, role, weight), {"role": role, "weight": weight}


def _pictures(rows):
    """[(where it is shown, its paper, its bands)]: one for a desk, one drawn anew for a phone."""
    kinds = by_kind(rows)
    return [(name, paper, ribbons(kinds, list(WAYS), paper=paper, label=_kind)) for name, paper in PAPERS]


def _kind(kind):
    return str(LABELS[kind])
