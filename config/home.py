"""The first page: what this person should do now."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from courses.completion import total
from courses.models import Assignment
from courses.stations import stations
from scoring.appraisal_views import to_sign
from scoring.reporting import counts
from scoring.sheets import this_period
from scoring.telling import news
from staff.models import Posting
from standards.models import ContentReview, Standard


@require_safe
def home(request):
    access = request.user.access
    mine = list(request.user.assignments.order_by("-state", "due_on", "pk").select_related("path")[:20])
    assignment = mine[0] if mine else None
    others = [other for other in mine[1:] if other.state == Assignment.OPEN]
    context = {"today": timezone.localdate(), "assignment": assignment, "others": others, "news": news(request.user)}
    if assignment:
        context["stations"] = stations(assignment)
        context["next"] = next((row for row in context["stations"] if row["state"] == "now"), None)
    if access.has("trainer"):
        context["drafts"] = Standard.objects.drafts().order_by("slug")
        context["standards"] = Standard.objects.newest().order_by("slug")
        context["to_review"] = ContentReview.objects.counts(request.user)
        context["reported"] = counts(request.user)
        context["jobs"] = request.user.jobs.order_by("-pk")[:5]
    if access.has("manager"):
        units = access.scope(Posting.HEADS)
        context["completion"] = total(units, context["today"])
        context["late"] = Assignment.objects.in_units(units).named({"state": "overdue"}, context["today"])[:8]
    if access.has("appraiser"):
        context["to_sign"], context["to_sign_part"] = to_sign(request.user, this_period())
    return render(request, "home.html", context)


@require_POST
def language(request):
    """Remembers the language: on the person, and in a cookie for the sign-in page."""
    code = request.POST.get("language", "")
    response = redirect(_back(request))
    if check_for_language(code) and code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax")
        if request.user.is_authenticated:
            request.user.prefer(language=code)
    return response


@require_POST
def theme(request):
    chosen = request.POST.get("theme", "")
    if chosen in ("auto", "light", "dark"):
        request.user.prefer(theme=chosen)
    return redirect(_back(request))


def _back(request):
    target = request.POST.get("next", "")
    ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if ours else "/"
