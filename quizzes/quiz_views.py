"""Quizzes as their trainers write them: the list, the form, publishing, trying one out, arrangements for one person."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes import arranging, quiz_rules, taking
from quizzes.item_rules import MADE
from quizzes.models import Accommodation, Attempt, Quiz
from quizzes.quiz_forms import ArrangeForm, QuizForm
from staff import drafting
from staff.access import newest_or_404, requires
from staff.errors import conflict
from staff.frozen import Frozen
from staff.publishing import publish as publish_version

PAGE = 50
ASK = require_http_methods(["GET", "HEAD", "POST"])
MORE = ("row", "section")


@require_safe
@requires("trainer")
def quizzes(request):
    chosen = {name: request.GET.get(name, "")[:80].replace("\0", "").strip() for name in ("q", "kind", "state")}
    page = Paginator(_chosen(**chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rules": {quiz.pk: quiz_rules.rules_of(quiz.body) for quiz in page},
        "chosen": chosen,
        "kept": urlencode({name: value for name, value in chosen.items() if value}),
        "kinds": Quiz.KINDS,
    }
    return render(request, "quizzes/quizzes.html", context)


def _chosen(*, q, kind, state):
    found = Quiz.objects.listed().named(q)
    if kind in Quiz.KINDS:
        found = found.of_kind(kind)
    states = {"draft": found.drafted, "published": found.published}
    return states[state]() if state in states else found


@ASK
@requires("trainer")
def new(request):
    if request.method != "POST":
        return _form_page(request, QuizForm(by=request.user))
    if again := _retyped(request):
        return _form_page(request, again)
    form = QuizForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    draft = drafting.begin(Quiz, _base(form.title()), form.title(), form.body, by=request.user)
    return redirect(_draft_url(draft.slug))


def _base(title):
    """A readable short name from the English title."""
    base = slugify(title["en"])[:60].strip("-") or "quiz"
    return f"quiz-{base}" if base.startswith(MADE) or base == "new" else base


@ASK
@requires("trainer")
def edit(request, slug):
    current = None if slug.startswith(MADE) else drafting.standing(Quiz, slug)
    if current is None:
        raise Http404
    if request.method != "POST":
        return _form_page(request, QuizForm.of(current, drafting.seen(current)), current=current)
    if again := _retyped(request, slug):
        return _form_page(request, again, current=current)
    form = QuizForm(request.POST, slug=slug)
    if not form.is_valid():
        return _form_page(request, form, current=current, status=422)
    try:
        saved = drafting.rewrite(Quiz, slug, form.title(), form.body, by=request.user, shown=form.cleaned_data["seen"])
    except drafting.ChangedMeanwhile as clash:
        return _clash(request, slug, clash)
    if saved.number:
        messages.info(request, _("Nothing was changed: no draft was begun."))
        return redirect("scoring:quiz", slug)
    return redirect(_draft_url(slug))


def _clash(request, slug, clash):
    """The page again with what was typed; saved once more, it goes over what stands there now."""
    form = QuizForm.retyped(request.POST, slug=slug)
    form.initial["seen"] = drafting.seen(clash.row) if clash.row else ""
    return _form_page(request, form, current=clash.row, clash=clash, status=409)


def _retyped(request, slug=""):
    """The form again with a row or a section more, or a row less; nothing is saved."""
    wanted = request.POST.get("do", "")
    asked = wanted in MORE or wanted.startswith("drop-")
    return QuizForm.retyped(request.POST, do=wanted, slug=slug) if asked else None


def _form_page(request, form, *, current=None, status=200, clash=None):
    context = {"form": form, "current": current, "clash": clash}
    return render(request, "quizzes/quiz_form.html", context, status=status)


def _draft_url(slug):
    return reverse("scoring:quiz", args=[slug]) + "?version=draft"


@require_POST
@requires("trainer")
def publish(request, slug):
    try:
        draft = drafting.shown_draft(Quiz, slug, request.POST.get("seen", ""))
        if problems := quiz_rules.quiz_problems(draft.body, slug):
            raise Frozen(problems[0][1])
        taking.draw_paper(draft)
        version = publish_version(draft, request.user)
    except (Frozen, taking.Refused) as refusal:
        return conflict(request, sentence=str(refusal), url=_open_again(slug))
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect("scoring:quiz", slug)


def _open_again(slug):
    standing = drafting.standing(Quiz, slug)
    return reverse("scoring:quiz", args=[slug]) if standing else reverse("quizzes:quizzes")


@ASK
@requires("trainer")
def discard(request, slug):
    if request.method != "POST":
        draft = get_object_or_404(Quiz.objects.drafts(), slug=slug)
        context = {"draft": draft, "seen": drafting.seen(draft), "numbers": Quiz.objects.published_numbers(slug)}
        return render(request, "quizzes/discard_quiz.html", context)
    try:
        drafting.discard(Quiz, slug, by=request.user, shown=request.POST.get("seen", ""))
    except Frozen as refusal:
        return conflict(request, sentence=str(refusal), url=_open_again(slug))
    messages.success(request, _("The draft is discarded."))
    return redirect("quizzes:quizzes")


@require_POST
@requires("trainer")
def try_out(request, slug):
    """A preview: an attempt of the trainer's own, without window and limit, that counts nowhere."""
    try:
        attempt = taking.start(request.user, newest_or_404(Quiz, slug), purpose=Attempt.PREVIEW)
    except taking.Refused as refusal:
        return conflict(request, sentence=str(refusal), url=_open_again(slug))
    return redirect("quizzes:attempt", attempt.pk)


@ASK
@requires("trainer")
def arrange(request, slug):
    quiz = newest_or_404(Quiz, slug)
    form = ArrangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        terms = {name: form.cleaned_data[name] for name in arranging.FIELDS}
        person = form.cleaned_data["person"]
        arranging.arrange(quiz, person, by=request.user, reason=form.cleaned_data["reason"], **terms)
        messages.success(
            request, _("Arranged for %(name)s; an attempt that is going on stays as it is.") % {"name": person}
        )
        return redirect(reverse("quizzes:arrange", args=[slug]))
    context = {
        "quiz": quiz,
        "form": form,
        "arranged": arranging.in_force(slug),
        "rules": quiz_rules.rules_of(quiz.body),
    }
    return render(request, "quizzes/arrange.html", context, status=422 if form.errors else 200)


@require_POST
@requires("trainer")
def withdraw(request, slug, pk):
    found = get_object_or_404(Accommodation.objects.on(slug), pk=pk)
    url = reverse("quizzes:arrange", args=[slug])
    reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())[:500]
    if not reason:
        messages.error(request, _("Say why it is withdrawn."))
        return redirect(url)
    try:
        arranging.withdraw(found, by=request.user, reason=reason)
    except Frozen as refusal:
        return conflict(request, sentence=str(refusal), url=url)
    messages.success(request, _("Withdrawn; an attempt that is going on stays as it is."))
    return redirect(url)
