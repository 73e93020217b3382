from functools import cache

from django.template.backends.utils import csrf_input
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

PLACES = [
    ("home", (), lambda: _("Today")),
    ("standards:standards", (), lambda: _("Standards")),
    ("scoring:results", (), lambda: _("Marks")),
    ("scoring:appraisals", (), lambda: _("Appraisals")),
    ("courses:team", ("manager",), lambda: _("Completion")),
    ("evidence:people", ("manager",), lambda: _("Observation")),
]


def page(request):
    """What every page shell needs: the places in the navigation (asked for only where they are shown),
    the theme, and one CSRF token for all forms of the page."""
    user = getattr(request, "user", None)
    page = {"nav": tuple, "theme": "auto", "csrf_input": SimpleLazyObject(lambda: csrf_input(request))}
    if user is None or not user.is_authenticated:
        return page
    return page | {"nav": cache(lambda: list(places(request, user))), "theme": user.theme}


def places(request, user):
    for name, groups, label in PLACES:
        if not groups or user.access.has(*groups):
            url = reverse(name)
            current = request.path == url or (url != "/" and request.path.startswith(url))
            yield {"url": url, "label": label(), "current": current}
