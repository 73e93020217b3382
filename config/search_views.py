from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.results import asked_for, facets, link, results
from standards.searching import FILTERS, removed


@require_safe
def search(request):
    trainer = request.user.access.has("trainer")
    found, rows = results(request.GET, trainer=trainer)
    nothing = bool(found.asked.words) and not found.total
    context = {
        "q": asked_for(request.GET),
        "found": found,
        "results": rows,
        "facets": facets(request.GET, found),
        "paging": link(request.GET, page="")[1:],
        "everywhere": link(request.GET, page="", **dict.fromkeys(FILTERS, "")),
        "single": [(word, link(request.GET, page="", q=word)) for word in found.asked.words],
        "trainer": trainer,
        "removed": removed(found.asked) if nothing else None,
    }
    return render(request, "search.html", context)
