"""What a person sees of a closed attempt beyond its marks: a scenario run turn by turn beside the best line,
and the way on for who has not passed."""

from decimal import Decimal
from fractions import Fraction

from courses.models import Course
from quizzes import play, taking
from quizzes.models import Quiz
from staff.frozen import kept
from standards.models import Citation

# A mood as one of the five faces, 1 angry … 5 at ease.
LEVELS = {-3: 1, -2: 1, -1: 2, 0: 3, 1: 4, 2: 5, 3: 5}


def debrief(attempt, score, scenario):
    """{turns: [{number, lines, said, best, why, cites, red, lost, mark, level}], ending, curve, best_curve, chart,
    dimensions, complete}; only turns (empty) and complete for an abandoned run."""
    body = scenario.body
    path = taking.path_of(attempt)
    if not play.step(body, path).ended:
        return {"turns": [], "complete": False}
    played = play.score(body, path)
    marks = {mark.position: mark for mark in score.marks.select_related("wording__clause")}
    taken, ending = play.walk(body, path)
    lost = shared_out(100 - score.percent, played.losses) if any(played.losses) else [Decimal(0)] * len(taken)
    turns = []
    for number, (scene, _number, chosen) in enumerate(taken, start=1):
        best = played.best_at_turn[number - 1]
        turns.append(
            {
                "number": number,
                "lines": scene["lines"],
                "said": chosen["text"],
                "best": None if played.losses[number - 1] == 0 else scene["choices"][best - 1]["text"],
                "why": chosen["why"],
                "cites": chosen["cites"],
                "red": chosen["red"],
                "lost": lost[number - 1],
                "mark": marks[number],
            }
        )
    return {
        "turns": turns,
        "ending": ending,
        "curve": played.mood_curve,
        "best_curve": played.best_mood_curve,
        "chart": chart(played.mood_curve, played.best_mood_curve, [turn["number"] for turn in turns if turn["red"]]),
        "dimensions": score.dimensions,
        "complete": True,
    }


def shared_out(figure, losses):
    """A figure with one decimal, shared out in proportion to the losses so that the tenths add up to it:
    the largest remainders get the tenths that rounding down leaves."""
    tenths, whole = int(figure * 10), sum(losses)
    exact = [Fraction(loss) * tenths / whole for loss in losses]
    given = [int(each) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: given[n] - exact[n])
    for n in by_remainder[: tenths - sum(given)]:
        given[n] += 1
    return [Decimal(each) / 10 for each in given]


def chart(own, best, red):
    """Two mood curves as levels; steps: the longer one's turns; red: turns at a red line; own_at, best_at: the
    turns where each line's name stands. A shorter line has it at its end, where there is room; else it is where
    the two are furthest apart, away from the name of a red line."""
    own, best = ([LEVELS[mood] for mood in curve] for curve in (own, best))
    both = range(min(len(own), len(best)))
    free = [n for n in both if all(abs(n - turn) > 1 for turn in red)] or [n for n in both if n not in red]
    apart = max(free, key=lambda n: abs(best[n] - own[n]))
    return {
        "own": own,
        "best": best,
        "steps": max(len(own), len(best)) - 1,
        "red": red,
        "own_at": len(own) - 1 if len(own) < len(best) or own[apart] == best[apart] else apart,
        "best_at": len(best) - 1 if len(best) < len(own) or own[apart] == best[apart] else apart,
    }


def _teaching(attempt, keys):
    """Slugs of the courses to read again: what tells a change for the quiz on it, else what teaches the clauses."""
    if attempt.quiz_id and "changed_in" in kept(Quiz, attempt.quiz_id).body:
        return [attempt.slug]
    return Citation.objects.of_clauses(keys).filter(kind="course").values("slug")


def way_on(person, attempt, lost):
    """For who has not passed: the lessons that teach the clauses of the marks lost, and how many attempts are
    left. {again: [{title, url, cites: {clause key: weight}}], left}; one query each."""
    missed = {mark.wording.clause.key: mark.wording.weight for mark in lost if mark.wording}
    courses = Course.objects.newest().filter(slug__in=_teaching(attempt, missed)).order_by("slug")
    lessons = [
        {
            "title": lesson["title"],
            "url": course.lesson_url(lesson["key"]),
            "cites": {key: missed[key] for key in lesson["cites"] or [lesson.get("clause")] if key in missed},
        }
        for course in courses
        for lesson in course.lessons
    ]
    taken = person.attempts.assessed().on(attempt.slug).count()
    return {"again": [lesson for lesson in lessons if lesson["cites"]], "left": max(0, attempt.allowed - taken)}
