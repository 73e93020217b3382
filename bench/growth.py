"""Whether an answer and a result page cost more when there are a hundred thousand attempts in the tables."""

import json

from django.db import connection, transaction
from django.utils import timezone

from bench.block import Block, middle, say
from bench.client import expect, whole_attempt
from config.demo.playing import QUIZ
from quizzes import taking
from scoring.models import Mark
from staff.models import User

SIZES = (1_000, 100_000)
ORDINALS = 5  # attempts of one person on one quiz
RESULTS = 400  # pages in a block


def growth(run):
    """Ratios to the bare view in the same round, before and after; `more` is the one divided by the other."""
    person = run.people(1)[0]
    browser = run.warmed(run.ours, [person])[0]
    result = f"/attempts/{whole_attempt(browser, QUIZ, run.right)}/result/"
    browser.close()
    people = run.people(max(1, run.options.answers // run.questions))
    attempts = [taking.start(each, run.quiz) for each in people]
    browsers = run.warmed(run.ours, people), run.warmed(run.theirs, people)
    filler, found, seq = Filler(run), {}, 0
    for size in SIZES:
        filler.fill(size)
        rounds = []
        for _ in range(run.options.rounds):
            seq += 1
            say(f"With {size} attempts in the tables, round {seq} …")
            rounds.append(
                (
                    run.answers(browsers[0], attempts, seq),
                    run.upserts(browsers[1], "bare"),
                    _results(run, browser, result),
                )
            )
        answer, bare, page = zip(*rounds, strict=True)
        found[str(size)] = {"answer_to_bare": middle(answer, bare), "result_to_bare": middle(page, bare)}
    small, large = (found[str(size)] for size in SIZES)
    more = {name: round(large[name]["median"] / small[name]["median"], 3) for name in small}
    return found | {"more": more, "rows": _rows(), "statements": _statements(person, result)}


def _results(run, browser, path):
    with Block(run.ours, run.everyone) as block:
        for _ in range(RESULTS):
            expect(browser.get("result", path), 200)
        browser.close()
    run.foreign.append(block.foreign)
    return block.cpu / RESULTS


def _rows():
    tables = ("quizzes_attempt", "quizzes_answer", "scoring_score", "scoring_mark")
    with connection.cursor() as cursor:
        counted = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counted[table] = cursor.fetchone()[0]
    return counted


def _statements(person, result):
    """That no plan of a query walks through a table: PostgreSQL and SQLite both say how they read it."""
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    answers = f"{explain} SELECT * FROM quizzes_answer WHERE attempt_id = 1"
    marks = f"{explain} SELECT * FROM scoring_mark WHERE score_id = 1"
    with connection.cursor() as cursor:
        plans = []
        for statement in (answers, marks):
            cursor.execute(statement)
            plans.append(str(cursor.fetchone()[-1]))
    return plans


class Filler:
    """Closed attempts with ten answers, a score and ten marks each, written by the database itself from lists."""

    def __init__(self, run):
        self.run, self.made = run, 0
        paper = taking.start(run.people(1)[0], run.quiz).paper
        self.paper = json.dumps(paper)
        self.items = [entry["item"] for entry in paper]
        mark = Mark.objects.filter(wording__isnull=False).first()
        self.wording = mark.wording_id if mark else None

    def fill(self, size):
        say(f"Filling the tables up to {size} attempts …")
        while self.made < size:
            people = min(2_000, (size - self.made + ORDINALS - 1) // ORDINALS)
            self._batch(people)
            self.made += people * ORDINALS
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _batch(self, people):
        """In short transactions: the server's worker waits for its turn to write."""
        User.objects.bulk_create(
            (User(employee_number=f"OLD{self.made + number:07}", name="Old", password="!") for number in range(people)),
            batch_size=5000,
        )
        first = User.objects.filter(employee_number=f"OLD{self.made:07}").values_list("pk", flat=True)[0]
        for ordinal in range(1, ORDINALS + 1):
            with transaction.atomic():
                self._attempts(first, ordinal)

    def _attempts(self, first, ordinal):
        now, quiz = timezone.now(), self.run.quiz
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM quizzes_attempt")
            last = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO quizzes_attempt (person_id, quiz_id, slug, purpose, ordinal, allowed, paper, started_at, "
                "closed_by, terms, flagged, left_times) SELECT id, %s, %s, 'assessed', CAST(%s AS integer), 5, %s, %s, "
                "'', '{}', '[]', 0 FROM staff_user WHERE id >= %s AND employee_number LIKE 'OLD%%'",
                [quiz.pk, quiz.slug, ordinal, self.paper, now, first],
            )
            cursor.execute("SELECT id FROM scoring_score ORDER BY id DESC LIMIT 1")
            scored = (cursor.fetchone() or [0])[0]
            for place, _item in enumerate(self.items, start=1):
                cursor.execute(
                    "INSERT INTO quizzes_answer (at, recorded_at, attempt_id, position, seq, key, response, "
                    "presented_at) SELECT %s, %s, id, CAST(%s AS integer), 1, CAST(%s AS text), '[\"a\"]', %s "
                    "FROM quizzes_attempt WHERE id > %s",
                    [now, now, place, f"filled-{place}", now, last],
                )
            cursor.execute("UPDATE quizzes_attempt SET closed_at = %s, closed_by = 'person' WHERE id > %s", [now, last])
            cursor.execute(
                "INSERT INTO scoring_score (at, recorded_at, attempt_id, revision, percent, reason, passed, "
                "dimensions, flags, rules, digest, note) SELECT %s, %s, id, 1, 100, '', %s, '{}', '{}', 2, %s, '' "
                "FROM quizzes_attempt WHERE id > %s",
                [now, now, True, "0" * 64, last],
            )
            for place, item in enumerate(self.items, start=1):
                cursor.execute(
                    "INSERT INTO scoring_mark (at, recorded_at, score_id, position, item_id, wording_id, points, "
                    "max_points, status) SELECT %s, %s, id, CAST(%s AS integer), CAST(%s AS bigint), "
                    "CAST(%s AS bigint), 1, 1, 'scored' FROM scoring_score WHERE id > %s",
                    [now, now, place, item, self.wording, scored],
                )
