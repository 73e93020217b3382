"""The pages of a morning check: opening one, the shared screen, and the phone that joins by the token."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes import mornings, taking
from quizzes.answered import answered
from quizzes.asking import question
from quizzes.forms import filled
from quizzes.models import Item, MorningCheck, Quiz
from quizzes.quiz_rules import rules_of
from staff.access import newest_or_404, requires
from staff.errors import conflict
from staff.frozen import kept
from standards.handbook import qr
from standards.models import Wording

ASK = require_http_methods(["GET", "HEAD", "POST"])


@ASK
@requires("trainer", "manager")
def checks(request):
    units = mornings.units_for(request.user)
    if request.method == "POST":
        chosen = request.POST.get("unit", "")
        unit = get_object_or_404(units, pk=int(chosen) if chosen.isdecimal() and len(chosen) < 18 else 0)
        try:
            check = mornings.open_check(newest_or_404(Quiz, request.POST.get("quiz", "")[:80]), unit, by=request.user)
        except taking.Refused as refusal:
            return conflict(request, sentence=str(refusal))
        return redirect("quizzes:morning", check.pk)
    context = {
        "units": units,
        "quizzes": Quiz.objects.newest().of_kind(Quiz.MORNING).order_by("slug"),
        "checks": MorningCheck.objects.in_units(units).select_related("quiz", "unit", "by")[:30],
    }
    return render(request, "quizzes/mornings.html", context)


@require_safe
@requires("trainer", "manager")
def check(request, pk):
    """The shared screen: the code to join by, then one question at a time (?item=2), its key when asked (&key=1)."""
    found = get_object_or_404(MorningCheck.objects.in_units(mornings.units_for(request.user)), pk=pk)
    address = request.build_absolute_uri(reverse("quizzes:join", args=[found.token]))
    context = {
        "check": found,
        "quiz": kept(Quiz, found.quiz_id),
        "tally": mornings.tally(found),
        "address": address,
        "qr": qr(address),
        "count": len(found.paper),
        "here": request.get_full_path(),
    } | _item(found, request.GET.get("item", ""), revealed=bool(request.GET.get("key")))
    return render(request, "quizzes/morning.html", context)


def _item(found, wanted, *, revealed):
    """One question of the paper as it is shown, with its key where it is asked for."""
    place = int(wanted) if wanted.isdecimal() and len(wanted) < 3 else 0
    if not 1 <= place <= len(found.paper):
        return {"place": 0}
    entry = found.paper[place - 1]
    body = kept(Item, entry["item"]).body
    asked = question(body, entry)
    context = {"place": place, "question": asked, "filled": filled(asked, None), "revealed": revealed}
    if revealed:
        words = Wording.objects.last_of(body["cites"][:1])
        context |= {"answered": answered(body, None, entry["options"]), "wording": words.get(body["cites"][0])}
    return context


@require_POST
@requires("trainer", "manager")
def close(request, pk):
    found = get_object_or_404(MorningCheck.objects.in_units(mornings.units_for(request.user)), pk=pk)
    mornings.close(found, by=request.user)
    messages.success(request, _("The morning check is over."))
    return redirect("quizzes:morning", pk)


@ASK
def join(request, token):
    found = get_object_or_404(MorningCheck.objects.select_related("quiz", "unit"), token=token)
    if not mornings.may_join(request.user, found):
        raise Http404
    if request.method == "POST":
        try:
            return redirect("quizzes:attempt", mornings.join(request.user, found).pk)
        except taking.Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("quizzes:join", token)
    context = {"check": found, "mine": mornings.own(request.user, found), "rules": rules_of(found.quiz.body)}
    return render(request, "quizzes/join.html", context)
