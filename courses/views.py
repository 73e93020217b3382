from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses import progress
from courses.checks import answers
from courses.completion import by_unit, total
from courses.models import Assignment, Course, Path, lesson_digest
from courses.stations import stations
from staff.access import newest_or_404, requires
from staff.errors import conflict
from staff.models import Posting, Unit
from standards.models import Wording


@require_safe
def course(request, slug):
    version = newest_or_404(Course, slug)
    unread = progress.unread(request.user, version)
    context = {"course": version, "unread": set(unread), "next": version.lesson(unread[0]) if unread else None}
    return render(request, "courses/course.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request, slug, key):
    version = newest_or_404(Course, slug)
    found = version.lesson(key)
    if found is None:
        raise Http404
    if request.method == "POST" and request.POST.get("shown", seen(found)) != seen(found):
        return _published_anew(request)
    given = answers(found, request.POST) if request.method == "POST" else {}
    if request.method == "POST" and len(given) == len(found["checks"]):
        progress.read(request.user, version, found)
        if request.POST.get("go"):
            return redirect(_after(request, version, key))
    return render(request, "courses/lesson.html", _lesson_page(request, version, found, given))


def _published_anew(request):
    sentence = _("This lesson was published anew while you read it. Open it again and read it as it is now.")
    return conflict(request, sentence=sentence, kept=_("The lessons you have read stay read."))


def seen(lesson):
    """A short sum of a lesson as it is shown: its form carries it, so that nobody is said to have read other words."""
    return lesson_digest(lesson)[:16]


def _lesson_page(request, version, found, given):
    keys = [row["key"] for row in version.lessons]
    place = keys.index(found["key"])
    return {
        "course": version,
        "lesson": found,
        "shown": seen(found),
        "place": place + 1,
        "count": len(keys),
        "given": given,
        "read": found["key"] not in progress.unread(request.user, version),
        "wordings": Wording.objects.last_of(found["cites"]),
        "following": keys[place + 1] if place + 1 < len(keys) else None,
    }


def _after(request, version, key):
    """The next unread lesson, else home where the next station waits."""
    unread = progress.unread(request.user, version)
    return version.lesson_url(unread[0]) if unread else "/"


@require_safe
def path(request, pk):
    assignment = get_object_or_404(Assignment.objects.visible_to(request.user), pk=pk)
    rows = stations(assignment)
    theirs = assignment.person_id != request.user.pk and request.user.access.has("manager")
    context = {"assignment": assignment, "stations": rows, "late": sum(row["late"] for row in rows), "theirs": theirs}
    return render(request, "courses/path.html", context)


@require_safe
@requires("manager")
def team(request):
    today = timezone.localdate()
    scope = request.user.access.scope(Posting.HEADS)
    names = Assignment.objects.in_units(scope).named(request.GET, today)
    context = {
        "today": today,
        "total": total(scope, today),
        "units": Unit.objects.without_tree_fields().in_bulk(scope),
        "rows": by_unit(scope, today),
        "page": Paginator(names, 50).get_page(request.GET.get("page")),
        "paths": {path.slug: path for path in Path.objects.newest().defer("body")},
        "state": request.GET.get("state", ""),
        "unit": request.GET.get("unit", ""),
        "filters": urlencode({name: request.GET[name] for name in ("state", "unit") if request.GET.get(name)}),
    }
    return render(request, "courses/team.html", context)
