"""Long work: one worker has it, it ends with a result or a sentence, and a dead worker loses nothing."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from jobs import running
from jobs.models import Job, Schedule
from tests import make


@pytest.fixture
def kinds(monkeypatch):
    """The registered kinds, given back after the test."""
    monkeypatch.setattr(running, "KINDS", dict(running.KINDS))
    monkeypatch.setattr(running, "SCHEDULES", {})
    return running.KINDS


def queued(**details):
    return Job.queue("count", "ten sheep", owner=None, **details)


def late(job):
    """As a worker leaves it that was killed."""
    Job.objects.filter(pk=job.pk).update(deadline=timezone.now() - timedelta(seconds=1))


def test_a_job_is_done_with_its_result(db, kinds):
    kinds["count"] = lambda job: {"sheep": 10}
    job = queued()
    running.run.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.error, job.attempts) == ("done", {"sheep": 10}, None, 1)
    assert job.finished_at is not None


def test_a_job_is_sent_when_its_transaction_commits(db, kinds, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        job = running.send("count", "ten sheep", owner=None)
    assert DBTaskResult.objects.count() == 0
    waiting[0]()
    assert [row.args_kwargs["args"] for row in DBTaskResult.objects.all()] == [[job.pk]]


def test_one_worker_claims_a_job(db):
    job = queued()
    other_worker = Job.objects.get(pk=job.pk)
    assert (job.claim(), other_worker.claim()) == (True, False)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)


def test_a_second_carrier_of_the_same_job_does_nothing(db, kinds):
    calls = []
    kinds["count"] = lambda job: calls.append(job.pk)
    job = queued()
    running.run.call(job.pk)
    running.run.call(job.pk)
    running.run.call(job.pk + 1)
    assert calls == [job.pk]


def test_the_same_work_is_not_queued_twice_while_it_is_live(db):
    first = queued(dedupe_key="sheep")
    assert queued(dedupe_key="sheep") == first
    first.claim()
    assert queued(dedupe_key="sheep") == first
    first.refresh_from_db()
    first.finish({})
    assert queued(dedupe_key="sheep") != first
    assert queued() != queued()


def test_a_refusal_keeps_its_sentence(db, kinds):
    def body(job):
        raise running.JobFailed("no_sheep", "There are no sheep in line 3.", line=3)

    kinds["count"] = body
    job = queued()
    running.run.call(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error == {"code": "no_sheep", "params": {"line": 3}, "sentence": "There are no sheep in line 3."}


def test_a_body_that_breaks_says_so_without_its_insides(db, kinds):
    def body(job):
        raise KeyError("secret inside")

    kinds["count"] = body
    job = queued()
    running.run.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == ("failed", "broken")
    assert job.error["sentence"] == (
        f"Something broke on our side while working on this (job {job.pk}). Nothing was written."
    )


def test_progress_is_seen_while_it_runs(db, kinds):
    def body(job):
        job.report(3, 10)
        return list(Job.objects.values_list("state", "progress", "total"))

    kinds["count"] = body
    job = queued()
    running.run.call(job.pk)
    job.refresh_from_db()
    assert job.result == [["running", 3, 10]]


def test_a_dead_workers_job_is_tried_again_and_then_given_up(db, kinds):
    job = queued()
    for attempt in (1, 2, 3):
        job.refresh_from_db()
        assert job.claim()
        late(job)
        running.reap()
        job.refresh_from_db()
        assert (job.state, job.attempts) == (("queued", "queued", "failed")[attempt - 1], attempt)
    assert job.error["sentence"] == f"Tried 3 times without an end (job {job.pk})."
    assert DBTaskResult.objects.count() == 2


def test_a_running_job_within_its_limit_is_left_alone(db):
    job = queued()
    job.claim()
    running.reap()
    job.refresh_from_db()
    assert (job.state, DBTaskResult.objects.count()) == ("running", 0)


def test_a_body_that_outlived_its_limit_does_not_end_the_next_run(db):
    job = queued()
    job.claim()
    first = Job.objects.get(pk=job.pk)
    late(job)
    running.reap()
    Job.objects.get(pk=job.pk).claim()
    first.finish({"sheep": "old"})
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == ("running", None, 2)


def test_a_job_whose_message_was_lost_is_sent_again(db):
    job = queued()
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    running.reap()
    assert [row.args_kwargs["args"] for row in DBTaskResult.objects.all()] == [[job.pk]]


def test_two_ticks_do_what_is_due_once(db):
    schedule = Schedule.objects.create(name="count", every_s=60)
    other_node = Schedule.objects.get(pk=schedule.pk)
    assert (schedule.claim(), other_node.claim()) == (True, False)
    schedule.refresh_from_db()
    assert schedule.claim() is False


def test_a_tick_does_what_is_due_and_nothing_twice(db, kinds):
    done = []
    running.every(60, "count")(lambda: done.append("count"))
    running.tick()
    running.tick()
    assert done == ["count"]
    Schedule.objects.update(next_run=timezone.now() - timedelta(seconds=1))
    running.tick()
    assert done == ["count", "count"]


def test_a_schedule_that_breaks_stops_no_other(db, kinds):
    done = []
    running.every(60, "broken")(lambda: 1 / 0)
    running.every(60, "count")(lambda: done.append("count"))
    running.tick()
    assert done == ["count"]


@pytest.mark.only("sqlite")  # PostgreSQL locks rows, not the database
def test_a_locked_database_ends_no_tick(transactional_db, kinds, caplog):
    done = []
    running.every(60, "count")(lambda: done.append("count"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other_program:
        other_program.execute("BEGIN IMMEDIATE")
        running.tick()
        assert done == []
    running.tick()
    assert done == ["count"]
    told = [(record.getMessage(), record.exc_info) for record in caplog.records]
    assert told == [("schedule count waits for the database: database is locked", None)]
    connection.close()  # with its short patience


def test_importing_a_standard_as_a_job_leaves_a_draft(world, sign_in, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_in(world.ana).post(
            "/standards/import/", {"document": make.document("rules.md", "# Rules\n- Speak first.\n- Never argue.")}
        )
    job = Job.objects.get()
    assert response["Location"] == f"/jobs/{job.pk}/"
    running.run.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["clauses"], job.result["slug"]) == ("done", 2, "rules")
    assert 'data-state="done"' in sign_in(world.ana).get(f"/jobs/{job.pk}/").content.decode()


def test_a_document_nobody_can_read_fails_with_a_sentence_on_the_page(world, sign_in):
    sign_in(world.ana).post("/standards/import/", {"document": make.document("empty.md", "")})
    job = Job.objects.get()
    running.run.call(job.pk)
    job.refresh_from_db()
    page = sign_in(world.ana).get(f"/jobs/{job.pk}/").content.decode()
    assert (job.state, 'data-state="failed"' in page) == ("failed", True)
