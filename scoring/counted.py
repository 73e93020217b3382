"""Which of a person's attempts counts, by the rules of the quiz as it was last sat; and what a test after gained over
the test before."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from quizzes import taking
from quizzes.models import Quiz
from quizzes.quiz_rules import Counted, counting, rules_of
from scoring.models import Score
from staff.frozen import kept


class Taken(NamedTuple):
    """A closed attempt as quizzes.quiz_rules.counting wants it, with its newest score."""

    ordinal: int
    closed_at: datetime
    percent: Decimal | None
    score: Score


def counted(scores):
    """The Counted of a person's newest scores on one quiz or scenario, each with its attempt; runs are Taken."""
    runs = [Taken(each.attempt.ordinal, each.attempt.closed_at, each.percent, each) for each in scores]
    if not runs:
        return Counted(None, [])
    last = max(runs, key=lambda run: run.ordinal).score.attempt
    rule = rules_of(kept(Quiz, last.quiz_id).body).counts if last.quiz_id else "first"
    return counting(runs, rule)


def gain(attempt, score, rules):
    """{before, gain}: of a test after, the percent of the test before that counts and how many points of percent were
    gained; {} where there is none to compare with."""
    if rules.kind != Quiz.POST or score.percent is None:
        return {}
    before = counting(taking.runs(attempt.person, rules.pair)).percent
    return {} if before is None else {"before": before, "gain": score.percent - before}
