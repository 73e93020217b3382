"""Is a result too near the pass mark to be sure? The standard error of one paper says so, from 30 people on."""

from decimal import Decimal
from typing import NamedTuple

from quizzes.diagnosis import Gate
from quizzes.statistics import error_of_drawn
from scoring import analysis

# Within this many standard errors of the cut the chance of truly meeting it lies between 20 and 80 %.
GREY = Decimal("0.84")


class Near(NamedTuple):
    """A percent within the grey zone round the pass mark; error: its standard error in points."""

    percent: Decimal
    error: int
    mark: int


def near(attempt, score, rows, quiz):
    """Near, or None: outside the grey zone, no percent, or fewer than 30 people who took the quiz. rows: as
    review.questions gives them. One query, and only inside the zone."""
    mark = quiz.body["pass_mark"]["percent"]
    marks = [row["mark"] for row in rows if row["mark"].status != "void"]
    if score.percent is None or attempt.purpose != attempt.ASSESSED:
        return None
    error = error_of_drawn([float(each.points) for each in marks], [float(each.max_points) for each in marks]).value
    if not error or abs(score.percent - mark) >= GREY * Decimal(error):
        return None
    people = analysis.counted(attempt.slug).order_by()[: Gate.PROVISIONAL].count()
    return Near(score.percent, max(1, round(error)), mark) if people >= Gate.PROVISIONAL else None
