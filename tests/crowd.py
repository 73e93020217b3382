"""Many people with closed attempts, written at once: for statistics, lists and their speed."""

from datetime import timedelta

from django.utils import timezone

from quizzes import marking
from quizzes.models import Answer, Attempt
from scoring.models import Mark, Score
from staff.models import Posting, User
from standards.models import Wording

BATCH = 2_000


def people(n, unit, *, prefix="C", works=True):
    """n people, working in the unit."""
    made = User.objects.bulk_create(
        [User(employee_number=f"{prefix}{at:05}", name=f"Person {prefix}{at:05}", password="!") for at in range(n)],
        BATCH,
    )
    if works:
        start = timezone.localdate() - timedelta(days=200)
        posts = [Posting(user=each, unit=unit, duty=Posting.WORKS, primary=True, start=start) for each in made]
        Posting.objects.bulk_create(posts, BATCH)
    return made


def sat(persons, quiz, items, responses, *, unit, ordinal=1, purpose=Attempt.ASSESSED, seconds=20, answers=True):
    """Closed and marked attempts of these people; responses: for each person one response an item, None for none."""
    now = timezone.now() - timedelta(hours=1)
    paper = [_entry(item) for item in items]
    attempts = Attempt.objects.bulk_create(
        [
            Attempt(person=person, unit=unit, quiz=quiz, slug=quiz.slug, purpose=purpose, ordinal=ordinal, allowed=9,
                    paper=paper, started_at=now, deadline=now + timedelta(minutes=20))
            for person in persons
        ],
        BATCH,
    )  # fmt: skip
    given = _answers(attempts, responses, now, seconds) if answers else {}
    closed = now + timedelta(minutes=10)
    Attempt.objects.filter(
        pk__in=Attempt.objects.open().filter(slug=quiz.slug, ordinal=ordinal, purpose=purpose)
    ).update(closed_at=closed, closed_by="person")
    _score(attempts, quiz, items, responses, given)
    return attempts


def _entry(item):
    keys = [option["key"] for option in item.body.get("options", [])]
    return {"item": item.pk, "slug": item.slug, "number": item.number, "options": keys}


def _answers(attempts, responses, now, seconds):
    rows = [
        Answer(attempt=attempt, position=position, seq=1, key=f"{attempt.pk}-{position}", response=response,
               presented_at=now, at=now, recorded_at=now + timedelta(seconds=seconds))
        for attempt, row in zip(attempts, responses, strict=True)
        for position, response in enumerate(row, start=1)
        if response is not None
    ]  # fmt: skip
    return {(row.attempt_id, row.position): row for row in Answer.objects.bulk_create(rows, BATCH)}


def _score(attempts, quiz, items, responses, given):
    scores, kept = [], []
    words = Wording.objects.of_keys([item.body["cites"][0] for item in items])
    for attempt, row in zip(attempts, responses, strict=True):
        marks = [marking.mark(item.body, response) for item, response in zip(items, row, strict=True)]
        percent = marking.percent(marks)
        passed = percent is not None and percent >= quiz.body["pass_mark"]["percent"]
        reason = "" if percent is not None else "awaiting_marks"
        scores.append(
            Score(attempt=attempt, percent=percent, passed=passed, reason=reason, rules=marking.RULES, digest="-")
        )
        kept.append(marks)
    rows = [
        Mark(score=score, position=position, item=item, wording=words.get(item.body["cites"][0]),
             answer=given.get((score.attempt_id, position)),
             points=mark.points, max_points=mark.max_points, status=mark.status)
        for score, marks in zip(Score.objects.bulk_create(scores, BATCH), kept, strict=True)
        for position, (item, mark) in enumerate(zip(items, marks, strict=True), start=1)
    ]  # fmt: skip
    Mark.objects.bulk_create(rows, BATCH)
