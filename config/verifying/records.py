"""Records of people: computed, marked and weighed again from what they rest on."""

from functools import cache, partial

from django.db.models import Prefetch

from config.verifying.reading import over
from courses.models import Course, LessonRead, lesson_digest
from evidence.models import Observation
from evidence.observing import observation_digest
from quizzes import marking, play
from quizzes.models import Answer, Attempt, Quiz
from scoring.agreement import Given, rules_in
from scoring.finish import score_digest
from scoring.judged import Judged, as_recorded
from scoring.models import Appraisal, Basis, Mark, Rating, Rescoring, Score
from scoring.remarking import marked
from scoring.signing import appraisal_digest
from staff.frozen import kept


def scores():
    # Prefetched, not joined: an item's body is read once for all the marks of a chunk.
    marks = Prefetch("marks", Mark.objects.order_by("position").prefetch_related("item"))
    ratings = Prefetch("ratings", Rating.objects.order_by("pk"))
    answers = Prefetch("attempt__answers", Answer.objects.order_by("position", "seq").prefetch_related(ratings))
    rows = Score.objects.select_related("attempt").prefetch_related(marks, answers, "attempt__scenario")
    rescorings = {row.pk: row for row in Rescoring.objects.select_related("item")}
    return over(rows, lambda score: _score_problems(score, rescorings), chunk=200)


def _score_problems(score, rescorings):
    marks, answers = list(score.marks.all()), {answer.pk: answer for answer in score.attempt.answers.all()}
    for mark in marks:
        if mark.answer_id in answers:
            mark.answer = answers[mark.answer_id]
    if score_digest(score, marks) != score.digest:
        yield "The score does not match its digest."
    if score.rules in marking.SAME:
        yield from _scenario_problems(score) if score.attempt.scenario_id else _quiz_problems(score, marks, rescorings)


def _quiz_problems(score, marks, rescorings):
    """The same answers earn the same points when they are marked again by the bodies and ratings of that time."""
    latest = {answer.position: answer.pk for answer in score.attempt.answers.all()}
    held = [rescorings.get(pk) for pk in score.flags.get("rescored", ())]
    if None in held:
        yield "A rescoring it was marked by is not there any more."
        return
    bodies = as_recorded(held)
    ratings = {} if any(mark.status == "awaiting" for mark in marks) else _ratings(score)
    rules = rules_in(kept(Quiz, score.attempt.quiz_id).body)
    for mark in marks:
        again = partial(marked, bodies.get(mark.item_id) or Judged(mark.item.body), mark.answer, ratings, rules)
        yield from _mark_problems(mark, latest.get(mark.position), again)
    if [mark.item_id for mark in marks] != [entry["item"] for entry in score.attempt.paper]:
        yield "Its marks are not those of the attempt's paper."
    again = marking.percent(marks, [entry.get("weight") for entry in score.attempt.paper])
    if again != score.percent:
        yield f"The score says {score.percent}; its marks make {again}."


def _ratings(score):
    """{answer: [Given]} of what was given by the time the score was written."""
    return {
        answer.pk: [
            Given(each.turn, each.by_id, each.shares)
            for each in answer.ratings.all()
            if each.recorded_at <= score.recorded_at
        ]
        for answer in score.attempt.answers.all()
    }


def _mark_problems(mark, last, marked_again):
    try:
        again = marked_again()
    except marking.BadResponse as reason:
        yield f"Position {mark.position} cannot be marked: {reason}"
        return
    if again != (mark.points, mark.max_points, mark.status):
        yield f"Position {mark.position} is marked {mark.points}; its answer earns {again.points}."
    if last != mark.answer_id:
        yield f"Position {mark.position} is not marked on its last answer."


def _scenario_problems(score):
    """The same path played again is worth the same."""
    path = [answer.response[0] for answer in score.attempt.answers.all()]
    body = score.attempt.scenario.body
    try:
        ended = play.step(body, path).ended
        again = play.score(body, path).percent if ended else None
    except play.BadPath as reason:
        yield f"The answers are no path of the scenario: {reason}"
        return
    if again != score.percent:
        yield f"The score says {score.percent}; its path is worth {again}."


def attempts():
    """Every closed attempt has its score, and no open one has."""
    return over(Attempt.objects.prefetch_related("scores"), _attempt_problems)


def _attempt_problems(attempt):
    scored = bool(attempt.scores.all())
    if attempt.closed and not scored:
        yield "Closed without a score."
    # Asked again: it may have been finished while this check was reading.
    if scored and not attempt.closed and Attempt.objects.open().filter(pk=attempt.pk).exists():
        yield "Scored, yet open."


def observations():
    """Every point of the checklist has its finding. Their digests are compared with the events."""
    return over(Observation.objects.prefetch_related("checklist", "findings"), _observation_problems)


def _observation_problems(observation):
    points = [point["key"] for point in observation.checklist.points]
    if sorted(points) != sorted(finding.point for finding in observation.findings.all()):
        yield "Its findings are not those of its checklist's points."


def appraisals():
    bases = Prefetch("bases", Basis.objects.select_related("score").prefetch_related("observation__findings"))
    return over(Appraisal.objects.select_related("plan").prefetch_related(bases), _appraisal_problems, chunk=100)


def _appraisal_problems(appraisal):
    body = appraisal.body
    if appraisal_digest(appraisal.person_id, appraisal.period, appraisal.revision, body) != appraisal.digest:
        yield "The sheet does not match its digest."
        return
    if (f"{appraisal.percent:.1f}", appraisal.band) != (body["percent"], body["band"]):
        yield f"The row says {appraisal.percent} {appraisal.band}, the sheet another figure."
    plan = appraisal.plan
    if (plan.slug, plan.number, plan.digest) != (body["plan"]["slug"], body["plan"]["number"], body["plan"]["digest"]):
        yield f"The row says {plan}, the sheet another plan."
    rests_on = sorted(
        (line["indicator"], basis["kind"], basis["id"], basis.get("digest", ""))
        for line in body["lines"]
        for basis in line["bases"]
    )
    if rests_on != sorted(_basis(basis) for basis in appraisal.bases.all()):
        yield "Its bases are not the records the sheet was signed on."


def _basis(basis):
    if basis.score_id:
        return basis.indicator, "score", basis.score_id, basis.score.digest
    if basis.observation_id:
        return basis.indicator, "observation", basis.observation_id, observation_digest(basis.observation)
    return basis.indicator, "assignment", basis.assignment_id, ""


def lessons():
    """Every lesson read stands in the version it was read in, with these words."""
    digests = cache(course_lessons)
    return over(LessonRead.objects.all(), lambda read: _lesson_problems(read, digests(read.course_id)))


def course_lessons(pk):
    """{(lesson, digest)} of one version of a course."""
    return {(lesson["key"], lesson_digest(lesson)) for lesson in Course.objects.get(pk=pk).lessons}


def _lesson_problems(read, wanted):
    if (read.lesson, read.lesson_digest) not in wanted:
        yield f"Lesson {read.lesson} does not stand in its course as it was read."
