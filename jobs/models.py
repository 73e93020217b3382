from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone


class JobQuerySet(models.QuerySet):
    def live(self):
        return self.filter(state__in=[Job.QUEUED, Job.RUNNING])

    def stuck(self):
        """Running past their limit: the worker that had them is dead."""
        return self.filter(state=Job.RUNNING, deadline__lt=timezone.now())

    def exports_of(self, user, kind):
        """A person's own jobs of a kind; nobody else's, for their results hold names."""
        return self.filter(owner=user, kind=kind)

    def visible_to(self, user):
        return self if user.is_superuser else self.filter(owner=user)


class Job(models.Model):
    """Long work. This row is the truth; the task engine only carries its id."""

    QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
    TRIES = 3

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs")
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=QUEUED, choices=[(s, s) for s in (QUEUED, RUNNING, DONE, FAILED)])
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True, help_text='{"code", "params", "sentence"}')
    dedupe_key = models.CharField(max_length=120, blank=True)
    limit_s = models.PositiveIntegerField(default=300)
    created_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=~Q(dedupe_key="") & Q(state__in=["queued", "running"]),
                name="one_live_job_per_dedupe_key",
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.subject}"

    @property
    def live(self):
        return self.state in (self.QUEUED, self.RUNNING)

    @classmethod
    def queue(cls, kind, subject, *, owner, parameters=None, dedupe_key="", limit_s=300):
        """The queued job, or the one already under way for the same dedupe_key."""
        try:
            with transaction.atomic():
                return cls.objects.create(
                    kind=kind,
                    subject=subject,
                    owner=owner,
                    parameters=parameters or {},
                    dedupe_key=dedupe_key,
                    limit_s=limit_s,
                )
        except IntegrityError:
            return cls.objects.live().get(dedupe_key=dedupe_key)

    def claim(self):
        """True for exactly one worker."""
        now = timezone.now()
        return bool(
            Job.objects.filter(pk=self.pk, state=self.QUEUED).update(
                state=self.RUNNING, attempts=F("attempts") + 1, deadline=now + timedelta(seconds=self.limit_s)
            )
        )

    def report(self, progress, total):
        """Progress, seen by the page that polls."""
        Job.objects.filter(pk=self.pk).update(progress=progress, total=total)

    def finish(self, result):
        self._end(state=self.DONE, result=result)

    def fail(self, code, sentence, **params):
        self._end(state=self.FAILED, error={"code": code, "params": params, "sentence": sentence})

    def _end(self, **fields):
        # Only this run: a body that outlived its limit must not end the run that replaced it.
        mine = Job.objects.filter(pk=self.pk, state=self.RUNNING, attempts=self.attempts)
        mine.update(finished_at=timezone.now(), **fields)
        self.refresh_from_db()


class Schedule(models.Model):
    """What is done every so often: claimed by a conditional update, so two ticks do it once."""

    name = models.CharField(max_length=60, unique=True)
    every_s = models.PositiveIntegerField()
    next_run = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.name

    def claim(self):
        now = timezone.now()
        return bool(
            Schedule.objects.filter(pk=self.pk, next_run=self.next_run, next_run__lte=now).update(
                next_run=now + timedelta(seconds=self.every_s)
            )
        )
