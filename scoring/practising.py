"""Trying the clauses one missed: a short practice paper on them, whose result is seen at once and counts nowhere."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quizzes import drawing, marking, taking
from quizzes.models import Attempt
from scoring import review

MOST = 10


def missed(rows):
    """The clauses of the marks that earned less than they could, in the paper's order."""
    keys = [row["mark"].wording.clause.key for row in rows if row["mark"].wording and _lost(row["mark"])]
    return list(dict.fromkeys(keys))


def _lost(mark):
    return mark.status != "void" and mark.points is not None and mark.points < mark.max_points


def practise(person, attempt, score):
    """The practice attempt on the clauses missed in a closed one, or the one still open. Raises taking.Refused when the
    bank has no question on them."""
    same = Attempt.objects.filter(person=person, slug=attempt.slug, purpose=Attempt.PRACTICE)
    if going_on := same.open().first():
        return going_on
    paper = _paper(person, taking.subject_of(attempt), missed(review.questions(score, attempt.paper)))
    try:
        with transaction.atomic():
            return _begin(person, attempt, paper, before=same.count())
    except IntegrityError:  # begun on another page at the same time
        if going_on := same.open().first():
            return going_on
        raise


def _begin(person, attempt, paper, *, before):
    now = timezone.now()
    minutes = taking.subject_of(attempt).body["minutes"]
    return Attempt.objects.create(
        person=person,
        unit_id=person.unit_id_on(timezone.localdate(now)),
        quiz_id=attempt.quiz_id,
        slug=attempt.slug,
        purpose=Attempt.PRACTICE,
        ordinal=before + 1,
        allowed=before + 1,
        paper=paper,
        terms={"minutes": minutes, "attempts": before + 1},
        started_at=now,
        deadline=now + timedelta(minutes=minutes),
    )


def _paper(person, quiz, keys):
    """At most ten questions on these clauses that are marked at once, those never asked before first."""
    pool = [
        entry
        for entry in taking.pool(quiz.body["standard"])
        if entry["type"] in marking.TYPES and entry["cites"] and entry["cites"][0] in keys
    ]
    if not pool:
        raise taking.Refused("nothing_to_practise", _("The bank has no question on the clauses you missed yet."))
    papers = Attempt.objects.quizzes().filter(person=person).values_list("paper", flat=True)
    asked = {entry["slug"] for paper in papers for entry in paper}
    unseen = [entry for entry in pool if entry["slug"] not in asked]
    paper = _drawn(unseen, keys, MOST)
    return paper + _drawn([entry for entry in pool if entry["slug"] in asked], keys, MOST - len(paper))


def _drawn(pool, keys, most):
    count = min(most, len({entry["slug"] for entry in pool}))
    return drawing.draw([{"clauses": keys, "count": count}], pool, secrets.token_bytes(32)) if count else []
