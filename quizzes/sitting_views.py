"""The pages of an attempt on a quiz: its questions one by one or all on one page, and what is sent from them."""

from pathlib import PurePath
from typing import NamedTuple

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes import sitting, taking, uploads
from quizzes.forms import AnswerForm, filled
from quizzes.marking import empty
from quizzes.models import Attempt
from staff.addresses import url_to
from staff.errors import conflict
from staff.models import File

either = require_http_methods(["GET", "HEAD", "POST"])  # a sign-in in between leads to a deed's address by GET


def own(request, pk, place=1):
    """One's own attempt on a quiz, else 404; place: a position that must be on its paper."""
    try:
        found = taking.sitting(request.user, pk)
    except Attempt.DoesNotExist:
        raise Http404 from None
    if not found.quiz_id or not 1 <= place <= len(found.paper):
        raise Http404
    return found


@require_safe
def attempt(request, pk):
    """Back to where one left: the first position without an answer, or the one reached."""
    found = own(request, pk)
    standing = sitting.standing(found)
    return redirect("scoring:result", pk) if standing.closed else to_where_one_is(found, standing)


def to_where_one_is(attempt, standing=None):
    rules = sitting.rules(attempt)
    if rules.pages == "all":
        return HttpResponseRedirect(url_to("quizzes:paper", attempt.pk))
    standing = standing or sitting.standing(attempt)
    count = len(attempt.paper)
    waiting = (place for place in range(1, count + 1) if place not in standing.answers)
    place = next(waiting, count + 1) if rules.back else standing.reached
    return HttpResponseRedirect(_url(attempt, place))


def _url(attempt, place):
    """Of a question; past the last one that of the check."""
    if place > len(attempt.paper):
        return url_to("quizzes:check", attempt.pk)
    return url_to("quizzes:position", attempt.pk, place)


def _anchor(attempt, place):
    return f"{url_to('quizzes:paper', attempt.pk)}#q{place}"


@require_safe
def position(request, pk, place):
    found = own(request, pk, place)
    standing = sitting.standing(found)
    if standing.closed:
        return redirect("scoring:result", pk)
    rules = sitting.rules(found)
    if rules.pages == "all":
        return HttpResponseRedirect(_anchor(found, place))
    if not rules.back and place != standing.reached:
        return _no_way_back(request, found, place, standing.reached)
    return _page(request, found, standing, {place: None})


@require_safe
def paper(request, pk):
    found = own(request, pk)
    standing = sitting.standing(found)
    if standing.closed:
        return redirect("scoring:result", pk)
    if sitting.rules(found).pages != "all":
        return to_where_one_is(found, standing)
    return _page(request, found, standing, dict.fromkeys(range(1, len(found.paper) + 1)))


def _page(request, found, standing, forms, status=200):
    """forms: {place: the form that was refused, or None} of the questions to show."""
    now = timezone.now()
    rules = sitting.rules(found)
    asked = [_asked(found, standing, place, form, now) for place, form in forms.items()]
    context = _about(found, standing, rules, now) | asked[0] | {"asked": asked}
    return render(request, f"quizzes/{'paper' if rules.pages == 'all' else 'position'}.html", context, status=status)


def _asked(found, standing, place, form, now):
    """What the form of one question needs."""
    question, last = taking.question(found, place), standing.answers.get(place)
    return {
        "place": place,
        "question": question,
        "filled": form.filled if form else filled(question, last and last.response),
        "form": form,
        "last": last,
        "flagged": place in standing.flagged,
        "seq": last.seq + 1 if last else 1,
        "ticket": taking.ticket(found, place, now),
    }


def _about(found, standing, rules, now):
    return {
        "attempt": found,
        "quiz": taking.subject_of(found),
        "count": len(found.paper),
        "rules": rules,
        "standing": standing,
        "positions": _positions(found, standing, rules),
        "clock": _clock(found, now),
    }


class Position(NamedTuple):
    """A question in the map of a paper; url: "" where it cannot be opened; given: its answer is not empty."""

    number: int
    url: str
    given: bool
    flagged: bool


def _positions(found, standing, rules):
    given, flagged = standing.given, set(standing.flagged)
    numbers = range(1, len(found.paper) + 1)
    if not rules.back:
        return [Position(number, "", number in given, False) for number in numbers]
    url = _anchor if rules.pages == "all" else _url
    return [Position(number, url(found, number), number in given, number in flagged) for number in numbers]


def _clock(found, now):
    """The server's time for the countdown: {deadline, now} in epoch seconds, left "18:42", until "14:30:00"; late: the
    time is up and an answer is still taken, until `until`; expired: no answer is taken any more."""
    late = found.deadline < now <= found.late_until
    end = found.late_until if late else found.deadline
    left = max(0, int((end - now).total_seconds()))
    return {
        "deadline": int(end.timestamp()),
        "now": f"{now.timestamp():.3f}",
        "left": f"{left // 60}:{left % 60:02}",
        "until": f"{timezone.localtime(end):%H:%M:%S}",
        "ended": f"{timezone.localtime(found.deadline):%H:%M:%S}",
        "late": late,
        "expired": found.expired(now),
        "state": "closed" if found.expired(now) else "late" if late else "open",
    }


@require_safe
def clock(request, pk):
    """The server's clock for a page that slept: {deadline, now, state}; a page of another state is stale."""
    found = own(request, pk)
    shown = _clock(found, timezone.now())
    state = "closed" if sitting.standing(found).closed else shown["state"]
    return JsonResponse({"deadline": shown["deadline"], "now": shown["now"], "state": state})


@either
def answer(request, pk, place):
    found = own(request, pk, place)
    if request.method != "POST":
        return to_place(found, place)
    form = AnswerForm.of(request, found, place)
    if not form.is_valid():
        return _incomplete(request, found, place, form)
    try:
        saved = _save(found, place, form, leaving="save" not in request.POST and not _stays(request, found))
    except taking.Refused as refusal:
        return _refused(request, found, place, form, refusal)
    if "save" in request.POST:
        return JsonResponse(_receipt(found, saved))
    return to_place(found, place) if _stays(request, found) else HttpResponseRedirect(_url(found, place + 1))


def _save(found, place, form, *, leaving):
    sent = {"seq": form.cleaned_data["seq"], "signed": form.cleaned_data["ticket"], "upload": form.upload}
    return sitting.answer(found, place, form.response, leaving=leaving, **sent)


def _receipt(found, saved):
    """What a script is told of a saved answer: a sentence with the server's time, and its clock."""
    clock = _clock(found, timezone.now())
    time = f"{timezone.localtime(saved.recorded_at):%H:%M:%S}"
    said = _("Saved %(time)s, late") if saved.recorded_at > found.deadline else _("Saved %(time)s")
    return {"said": said % {"time": time}, "seq": saved.seq, "deadline": clock["deadline"], "now": clock["now"]}


def _stays(request, found):
    return bool({"stay", "flag"} & set(request.POST)) or sitting.rules(found).pages == "all"


def _incomplete(request, found, place, form):
    if "save" in request.POST:
        said = " ".join(form.non_field_errors()) or _("This answer arrived incomplete. Choose again and save.")
        return JsonResponse({"code": "incomplete", "said": said}, status=422)
    standing = sitting.standing(found)
    if standing.closed:
        return redirect("scoring:result", found.pk)
    places = range(1, len(found.paper) + 1) if sitting.rules(found).pages == "all" else [place]
    forms = {each: form if each == place else None for each in places}
    return _page(request, found, standing, forms, status=422)


def _refused(request, found, place, form, refusal):
    """A page; for a script a sentence, or the page with both answers where another device was first."""
    if isinstance(refusal, taking.AnsweredElsewhere):
        return _both(request, found, place, form)
    if "save" in request.POST:
        return JsonResponse({"code": refusal.code, "said": str(refusal)}, status=409)
    if refusal.code == "left":
        return _no_way_back(request, found, place, sitting.reached(found))
    return conflict(request, code=refusal.code, sentence=str(refusal), url=url_to("quizzes:attempt", found.pk))


def _no_way_back(request, found, place, reached):
    if place < reached:
        sentence = _("Question %(number)s was left. In this quiz one does not go back.")
        kept = _("What you answered there is saved and counts.")
    else:
        sentence = _("Question %(number)s comes later. In this quiz one question follows the other.")
        kept = _("Every answer you gave is saved.")
    context = {"sentence": sentence % {"number": place}, "kept": kept, "now": _("Go on with the question you are at.")}
    context |= {"url": _url(found, reached), "url_label": _("Go on where you were")}
    return render(request, "quizzes/no_way_back.html", context, status=409)


def _both(request, found, place, form):
    """409: what the server has and what was sent, and a way to choose either."""
    standing, question = sitting.standing(found), taking.question(found, place)
    theirs = standing.answers[place]
    own_words = [(name, each) for name, values in request.POST.lists() for each in values if name not in NOT_SENT_AGAIN]
    context = {
        "attempt": found,
        "place": place,
        "theirs": theirs,
        "their_words": sitting.words_of(question, theirs.response),
        "mine": None if form.upload else sitting.words_of(question, form.response),
        "fields": own_words,
        "seq": theirs.seq + 1,
        "ticket": taking.ticket(found, place, timezone.now()),
        "url": _anchor(found, place) if sitting.rules(found).pages == "all" else _url(found, place),
    }
    return render(request, "quizzes/two_answers.html", context, status=409)


NOT_SENT_AGAIN = {"csrfmiddlewaretoken", "seq", "ticket", "save", "flag", "stay"}


@either
def flag(request, pk, place):
    """Sets or takes the flag of a question. Without script the form's answer comes along and is saved."""
    found = own(request, pk, place)
    if request.method != "POST":
        return to_place(found, place)
    try:
        sitting.flag(found, place, request.POST.get("flag") == "on")
    except taking.Refused as refusal:
        return _refused(request, found, place, None, refusal)
    if "save" in request.POST:
        return HttpResponse(status=204)
    return answer(request, pk, place) if _chosen(request, found, place) else to_place(found, place)


def _chosen(request, found, place):
    """Whether an answer came along with the flag."""
    form = AnswerForm.of(request, found, place)
    return "ticket" in request.POST and not (form.is_valid() and empty(form.response))


def to_place(attempt, place):
    """To a question, on its page or on that of all."""
    return HttpResponseRedirect(
        _anchor(attempt, place) if sitting.rules(attempt).pages == "all" else _url(attempt, place)
    )


@require_safe
def upload(request, pk, place, sha256):
    """A picture or recording handed in as an answer: for whoever gave it, sees the attempt or marks."""
    seen = Attempt.objects.all() if request.user.access.has("trainer") else Attempt.objects.visible_to(request.user)
    found = get_object_or_404(seen, pk=pk)
    named = taking.uploaded(found, place).get(sha256)
    if named is None:
        raise Http404
    # Who marks it must not read a name in the name of the file.
    name = named["name"] if found.person_id == request.user.pk else "answer" + PurePath(named["name"]).suffix
    return uploads.served(get_object_or_404(File, sha256=sha256), name)


@require_POST
def leave(request, pk):
    sitting.leave(own(request, pk))
    return HttpResponse(status=204)


@require_safe
def check(request, pk):
    found = own(request, pk)
    standing, rules = sitting.standing(found), sitting.rules(found)
    if standing.closed:
        return redirect("scoring:result", pk)
    about = _about(found, standing, rules, timezone.now())
    waiting = [at for at in about["positions"] if not at.given]
    last = len(found.paper)
    back = waiting[0].number if waiting else last
    back = back if rules.back else standing.reached  # past the last: nothing to go back to
    back_url = (_anchor if rules.pages == "all" else _url)(found, back) if back <= last else ""
    return render(request, "quizzes/check.html", about | {"waiting": waiting, "back_url": back_url})
