from functools import cache

from django.template.backends.utils import csrf_input
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

# A phone has room for four tabs: a manager's are her people's, everybody else's are their own. The others
# stand in the foot of the page, and on a desk in the same row.
ALL, MANAGERS, OTHERS, TRAINERS, LEADERS = "all", "managers", "others", "trainers", "leaders"
PLACES = [
    ("home", ALL, lambda: _("Today")),
    ("courses:team", MANAGERS, lambda: _("Completion")),
    ("evidence:people", MANAGERS, lambda: _("Observation")),
    ("standards:standards", OTHERS, lambda: _("Standards")),
    ("quizzes:items", TRAINERS, lambda: _("Items")),
    ("quizzes:quizzes", TRAINERS, lambda: _("Quizzes")),
    ("quizzes:mornings", LEADERS, lambda: _("Morning checks")),
    ("scoring:results", OTHERS, lambda: _("Marks")),
    ("scoring:appraisals", ALL, lambda: _("Appraisals")),
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
    """{url, label, current, tab: has one of the four tabs of a phone}"""
    own = MANAGERS if user.access.has("manager") else OTHERS
    trains = user.access.has("trainer")
    for name, whose, label in PLACES:
        leads = whose != LEADERS or trains or own == MANAGERS
        if (whose != MANAGERS or own == MANAGERS) and (whose != TRAINERS or trains) and leads:
            url = reverse(name)
            current = request.path == url or (url != "/" and request.path.startswith(url))
            yield {"url": url, "label": label(), "current": current, "tab": whose in (ALL, own)}
