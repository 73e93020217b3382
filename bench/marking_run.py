"""The bench of marking anew, after django.setup()."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from bench.processes import machine_seconds
from jobs.models import Job
from quizzes.models import Answer, Attempt, Item, Quiz
from scoring.finish import score_digest
from scoring.models import Mark, Score
from scoring.remarking import batches, bodies_by, marks_of
from scoring.rescoring import dry_run, rescore
from staff.models import Event, User

ROOT = Path(__file__).resolve().parent.parent
WORKER = ["db_worker", "--queue-name", "*", "--batch", "--no-startup-delay", "--no-reload", "--verbosity", "0"]
KEYS = "abcd"


def say(sentence):
    print(sentence, file=sys.stderr, flush=True)


def report(options):
    root = User.objects.create_superuser("BENCH", "bench-bench-bench", name="Bench")
    quiz, items = _content(options.items, root)
    say(f"{options.attempts} attempts with {options.items} answers each …")
    began = time.perf_counter()
    random = Random(1)
    for ids in batches(range(1, options.attempts + 1), 500):
        _attempts(ids, quiz, items, random)
    filled = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say("The dry run …")
    began = time.perf_counter()
    plan = dry_run(items[0], "void", {})
    dry = time.perf_counter() - began
    began = time.perf_counter()
    _row, job = rescore(items[0], "void", {}, by=root, reason="Two options were right.", shown=plan.digest)
    deed = time.perf_counter() - began
    return {
        "answers": options.attempts * options.items,
        "fill_s": round(filled, 1),
        "dry_run": {"s": round(dry, 2), "changes": len(plan.changes), "mib": _peak_mib()},
        "deed_s": round(deed, 2),
        "job": _job(job, len(plan.changes)),
        "again": _again(job, root),
        "database": connection.vendor,
    }


def _content(count, root):
    items = [_item(number, root) for number in range(1, count + 1)]
    body = {
        "standard": "bench",
        "blueprint": [{"clauses": ["BE-"], "count": count}],
        "minutes": 20,
        "attempts": 1,
        "pass_mark": {"percent": 60, "by": "BENCH", "how": {"en": "Set."}, "on": "2026-10-01"},
    }
    now = timezone.now()
    told = {"number": 1, "digest": "0" * 64, "published_at": now, "published_by": root, "owner": root}
    return Quiz.objects.create(slug="bench-quiz", title_en="Bench", body=body, kind="exam", **told), items


def _item(number, root):
    """Every other one gives partial credit."""
    many = number % 2 == 0
    body = {
        "standard": "bench",
        "type": "multiple" if many else "single",
        "difficulty": "easy",
        "points": 1 + number % 3,
        "cites": ["BE-RULE-001"],
        "stem": {"en": f"Question {number}?"},
        "options": [{"key": key, "text": {"en": f"Option {key} of {number}"}} for key in KEYS],
        "right": ["a", "c"] if many else ["b"],
        "feedback": {"en": "Because."},
    }
    told = {"number": 1, "digest": "0" * 64, "published_at": timezone.now(), "published_by": root, "owner": root}
    return Item.objects.create(slug=f"bench-{number}", body=body, type=body["type"], difficulty="easy", **told)


def _attempts(ids, quiz, items, random):
    """Attempts as finishing leaves them: answers, closed, scored, marked."""
    now = timezone.now()
    people = User.objects.bulk_create(User(employee_number=f"B{n}", name=f"Bench {n}", password="!") for n in ids)
    paper = [{"item": item.pk, "slug": item.slug, "number": 1, "options": list(KEYS)} for item in items]
    with transaction.atomic():
        attempts = Attempt.objects.bulk_create(
            Attempt(person=each, quiz=quiz, slug=quiz.slug, purpose="assessed", ordinal=1, allowed=1, paper=paper)
            for each in people
        )
        answers = [
            Answer(attempt=attempt, position=place, seq=1, key=f"{place}", response=_response(item, random), at=now)
            for attempt in attempts
            for place, item in enumerate(items, start=1)
        ]
        for answer in answers:
            answer.presented_at = now
        Answer.objects.bulk_create(answers, batch_size=2_000)
        Attempt.objects.filter(pk__in=[each.pk for each in attempts]).update(closed_at=now, closed_by="person")
        _score(attempts, answers, len(items), now)


def _response(item, random):
    return random.sample(KEYS, 2) if item.type == "multiple" else [random.choice(KEYS)]


def _score(attempts, answers, count, now):
    bodies, scores, marks = bodies_by(), [], []
    for at, attempt in enumerate(attempts):
        attempt.closed_at, attempt.closed_by = now, "person"
        own = {answer.position: answer for answer in answers[at * count : (at + 1) * count]}
        rows = marks_of(attempt, answers=own, bodies=bodies, ratings={})
        points = [(row.marked.points, row.marked.max_points) for row in rows]
        percent = round(100 * sum(each for each, _ in points) / sum(most for _, most in points), 1)
        score = Score(attempt=attempt, percent=percent, passed=percent >= 60, rules=2)
        own_marks = [
            Mark(score=score, position=row.position, item=row.item, answer=row.answer, **row.marked._asdict())
            for row in rows
        ]
        score.digest = score_digest(score, own_marks)
        scores.append(score)
        marks += own_marks
    Score.objects.bulk_create(scores)
    for mark in marks:
        mark.score_id = mark.score.pk
    Mark.objects.bulk_create(marks, batch_size=2_000)


def _job(job, changes):
    """A worker of its own, as `serve` starts it, with its start."""
    say("The job …")
    busy, own, began = machine_seconds(), _seconds(), time.perf_counter()
    process = subprocess.Popen([sys.executable, "manage.py", *WORKER], cwd=ROOT)
    _pid, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    elsewhere = (machine_seconds() - busy) - (_seconds() - own)
    job.refresh_from_db()
    if status or job.state != Job.DONE or job.result["written"] != changes:
        raise SystemExit(f"The job ended {job.state}: {job.result} {job.error}")
    return {
        "s": round(took, 1),
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mib": round(usage.ru_maxrss / 1024, 1),
        "scores": job.result["written"],
        "events": Event.objects.filter(verb="remark").count(),
        "foreign_cpu_of_one_core": round(max(0.0, elsewhere) / took, 2),
    }


def _again(job, root):
    """Run once more, as after a worker that died at the very end: nothing is written twice."""
    Job.objects.filter(pk=job.pk).update(state=Job.QUEUED)
    began, before = time.perf_counter(), Score.objects.count()
    subprocess.run([sys.executable, "-c", AGAIN.format(job.pk)], cwd=ROOT, check=True)
    return {"s": round(time.perf_counter() - began, 1), "written": Score.objects.count() - before}


AGAIN = "import django; django.setup(); from jobs.running import run; run.func({})"


def _seconds():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _peak_mib():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
