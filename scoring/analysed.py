"""The figures of a quiz or an item for a page: worked out at once for few people, by a job for many."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse

from jobs.models import Job
from jobs.running import JobFailed, kind, send
from quizzes.models import Item, Quiz
from scoring import analysis
from scoring.models import Score
from staff.frozen import kept


class Analysed(NamedTuple):
    """figures, or None while there are none; at: when a job worked them out, None for now; job: one under way or
    failed; stale: people have been marked since."""

    figures: dict | None
    at: object = None
    job: Job | None = None
    stale: bool = False


def quiz(slug, version=None):
    return _of(f"quiz:{slug}:{version.number if version else 'all'}", analysis.counted(slug, version),
               lambda: analysis.of_quiz(slug, version))  # fmt: skip


def item(version):
    return _of(f"item:{version.pk}", analysis.answered(version), lambda: analysis.of_item(version))


def _of(subject, attempts, work):
    if attempts.count() <= analysis.IN_A_PAGE:
        return Analysed(work())
    jobs = Job.objects.filter(kind="analysis", subject=subject).order_by("-pk")
    newest = jobs.first()
    done = newest if newest and newest.state == Job.DONE else jobs.filter(state=Job.DONE).first()
    waiting = newest if newest and newest != done else None
    if done is None:
        return Analysed(None, job=waiting, stale=True)
    stale = done.result["watermark"] != watermark(attempts)
    return Analysed(done.result["figures"], at=done.finished_at, job=waiting, stale=stale)


def watermark(attempts):
    """Moves with every score of these attempts."""
    newest = Score.objects.filter(attempt__in=attempts).order_by("-pk").values_list("pk", flat=True).first()
    return [attempts.count(), newest]


def ask(subject, *, owner):
    """The job that works the figures of a subject out."""
    return send("analysis", subject, owner=owner, dedupe_key=f"analysis:{subject}", limit_s=900)


@kind("analysis")
def work_out(job):
    """Subject `quiz:<slug>:<number or all>` or `item:<id>`; the result is {figures, watermark}."""
    sort, _colon, rest = job.subject.partition(":")
    if sort == "quiz":
        slug, _colon, number = rest.rpartition(":")
        version = None if number == "all" else Quiz.objects.published().get(slug=slug, number=number)
        attempts, figures = analysis.counted(slug, version), analysis.of_quiz
        arguments = (slug, version)
    elif sort == "item":
        version = kept(Item, int(rest))
        attempts, figures, arguments = analysis.answered(version), analysis.of_item, (version,)
    else:
        raise JobFailed("unknown_subject", f"There is nothing to analyse called {job.subject}.")
    mark = watermark(attempts)  # before: who finishes meanwhile is new
    found = {"figures": figures(*arguments), "watermark": mark}
    return found


def repair_url(version):
    """Where the marks of an item are put right, if this installation has such a page."""
    for arguments in ([version.pk], [version.slug]):
        try:
            return reverse("scoring:rescore", args=arguments)
        except NoReverseMatch:
            continue
    return ""
