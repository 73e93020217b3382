"""Carrying a Job to a worker and back. The only importer of the task library.

A kind of job is a function `body(job) -> result` registered under its name; it must be idempotent,
since a job whose worker died is run again.
"""

import logging
from datetime import timedelta
from functools import partial

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django_tasks import task

from jobs.models import Job, Schedule

logger = logging.getLogger("decorum.jobs")
KINDS = {}
SCHEDULES = {}


class JobFailed(Exception):
    """A job's body refuses with a sentence for the person who asked: code, sentence, parameters."""

    def __init__(self, code, sentence, **params):
        super().__init__(sentence)
        self.code, self.sentence, self.params = code, sentence, params


def kind(name):
    """Registers the body of a kind of job."""

    def register(body):
        KINDS[name] = body
        return body

    return register


def every(seconds, name):
    """Registers what is done every so many seconds."""

    def register(body):
        SCHEDULES[name] = (seconds, body)
        return body

    return register


def send(kind_name, subject, **details):
    """Queues a job and hands its id to the engine when the transaction commits. Details as Job.queue."""
    job = Job.queue(kind_name, subject, **details)
    transaction.on_commit(lambda: run.enqueue(job.pk))
    return job


@task()
def run(job_id):
    job = Job.objects.filter(pk=job_id).first()
    if job is None or not job.claim():
        return
    job.refresh_from_db()
    try:
        job.finish(KINDS[job.kind](job))
    except JobFailed as refusal:
        job.fail(refusal.code, refusal.sentence, **refusal.params)
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        job.fail("broken", f"Something broke on our side while working on this (job {job.pk}). Nothing was written.")


def tick():
    """Reaps what a dead worker left running, then does what is due. One body that breaks stops no other, and
    a database that is locked or away stops none for longer than itself: the server itself ticks."""
    _safely("reap", reap)
    for name, (seconds, body) in SCHEDULES.items():
        _safely(name, partial(_when_due, name, seconds, body))


def _when_due(name, seconds, body):
    schedule, _ = Schedule.objects.get_or_create(name=name, defaults={"every_s": seconds})
    if schedule.claim():
        body()


def _safely(name, body):
    try:
        body()
    except (OperationalError, InterfaceError) as error:  # the database's own trouble, and no mistake of a body
        logger.warning("schedule %s waits for the database: %s", name, error)
    except Exception:
        logger.exception("schedule %s broke", name)


def reap():
    for job in Job.objects.stuck():
        if job.attempts >= Job.TRIES:
            job.fail("gave_up", f"Tried {job.attempts} times without an end (job {job.pk}).")
            continue
        again = Job.objects.filter(pk=job.pk, state=Job.RUNNING, attempts=job.attempts)
        with transaction.atomic():  # queued without a carrier it would wait for ever
            if again.update(state=Job.QUEUED, deadline=None):
                run.enqueue(job.pk)
    lost = timezone.now() - timedelta(minutes=10)
    for job in Job.objects.filter(state=Job.QUEUED, created_at__lt=lost, attempts=0):
        run.enqueue(job.pk)
