"""A paper of a quiz on A4, and its answer sheet: one address is one paper, as long as the bank stays as it is."""

import secrets

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from quizzes import taking
from quizzes.models import Item, Quiz
from quizzes.on_paper import questions
from staff.access import newest_or_404, requires
from staff.errors import conflict
from staff.frozen import digest, kept
from standards.models import Wording


@require_safe
@requires("trainer")
def fresh(request, slug):
    """A paper drawn anew."""
    newest_or_404(Quiz, slug)
    return redirect("quizzes:drawn_paper", slug, secrets.token_hex(4))


@require_safe
@requires("trainer")
def drawn(request, slug, draw):
    return _page(request, slug, draw, key=False)


@require_safe
@requires("trainer")
def key(request, slug, draw):
    return _page(request, slug, draw, key=True)


def _page(request, slug, draw, *, key):
    quiz = newest_or_404(Quiz, slug)
    if len(draw) > 16:
        raise Http404
    try:
        entries = taking.draw_paper(quiz, seed=draw.encode())
    except taking.Refused as refusal:
        return conflict(request, code=refusal.code, sentence=str(refusal))
    found = questions([(entry, kept(Item, entry["item"]).body) for entry in entries])
    context = {
        "quiz": quiz,
        "draw": draw,
        "key": key,
        "questions": found,
        "points": sum(each.points for each in found),
        "mark_of": digest(entries)[:8].upper(),
        "words": Wording.objects.of_keys([each.clause for each in found]) if key else {},
    }
    return render(request, "quizzes/printed_paper.html", context)
