"""A morning check: five questions before the shift, on a shared screen and on the phones of one unit. One paper for
all; who joins answers it once, for practice. It ends by hand or after half an hour."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.running import every
from quizzes import marking, quiz_rules, taking
from quizzes.models import Answer, Attempt, Item, MorningCheck, Quiz
from quizzes.taking import Refused
from staff.frozen import kept
from staff.models import Event, Posting, Unit

LASTS = timedelta(minutes=30)
EARLIER = 20  # checks of a unit whose questions come again last


def units_for(user):
    """The units a person may open a check for: a trainer every one, a head those one heads today."""
    everywhere = user.access.has("trainer")
    found = Unit.objects.without_tree_fields().order_by("code")
    return found if everywhere else found.filter(pk__in=user.access.scope(Posting.HEADS))


def open_check(quiz, unit, *, by):
    """A new check with a paper of its own. Raises Refused."""
    if quiz_rules.rules_of(quiz.body).kind != Quiz.MORNING:
        raise Refused("no_morning", _("This quiz is no morning check. Choose one of that kind."))
    before = MorningCheck.objects.filter(unit=unit).order_by("-pk").values_list("paper", flat=True)[:EARLIER]
    paper = taking.draw_paper(quiz, seen={entry["slug"]: 1 for each in before for entry in each})
    with transaction.atomic():
        check = MorningCheck.objects.create(
            quiz=quiz, unit=unit, by=by, token=secrets.token_urlsafe(24), paper=paper, opened_at=timezone.now()
        )
        Event.write("open-morning-check", actor=by, subject=f"morningcheck:{check.pk}", after={"unit": unit.pk})
    return check


def close(check, *, by):
    """Ends a check; by None: its time is up. Twice is once."""
    with transaction.atomic():
        if MorningCheck.objects.filter(pk=check.pk, closed_at__isnull=True).update(closed_at=timezone.now()):
            Event.write("close-morning-check", actor=by, subject=f"morningcheck:{check.pk}")


@every(60, "close-morning-checks")
def sweep():
    """Ends what has lasted half an hour."""
    for check in MorningCheck.objects.filter(closed_at__isnull=True, opened_at__lt=timezone.now() - LASTS):
        close(check, by=None)


def may_join(person, check):
    """Whether a person works in its unit today, or below it."""
    unit = person.unit_id_on(timezone.localdate())
    return unit in Unit.objects.below([check.unit_id])


def own(person, check):
    """The person's attempt in a check, or None."""
    return next((each for each in _attempts(check).filter(person=person) if _of(each, check)), None)


def join(person, check):
    """The person's attempt in a check: the one begun, or a new one. Raises Refused."""
    if found := own(person, check):
        return found
    now, quiz = timezone.now(), kept(Quiz, check.quiz_id)
    if check.closed_at or now >= check.opened_at + LASTS:
        raise Refused("closed", _("This morning check is over."))
    terms = quiz_rules.Terms(quiz.body["minutes"], 1, closes_at=check.opened_at + LASTS)
    taken = Attempt.objects.filter(person=person, slug=quiz.slug, purpose=Attempt.PRACTICE).count()
    try:
        with transaction.atomic():
            return Attempt.objects.create(
                person=person, unit_id=person.unit_id_on(timezone.localdate(now)), quiz=quiz, slug=quiz.slug,
                purpose=Attempt.PRACTICE, ordinal=taken + 1, allowed=taken + 1, paper=check.paper, started_at=now,
                deadline=terms.deadline(now), terms=terms.frozen() | {"morning": check.pk},
            )  # fmt: skip
    except IntegrityError:
        if found := own(person, check):
            return found
        raise Refused("open", _("Your last morning check is still open: hand it in first.")) from None


def _attempts(check):
    return Attempt.objects.filter(quiz=check.quiz_id, purpose=Attempt.PRACTICE, started_at__gte=check.opened_at)


def _of(attempt, check):
    return attempt.terms.get("morning") == check.pk


def tally(check):
    """{joined, done, items: [{item, n, right, percent}]}: how many joined and handed in; of each question how many
    answered it, how many had all its points, and the percent of its points earned (None of nobody)."""
    runs = [attempt for attempt in _attempts(check).defer("paper") if _of(attempt, check)]
    rows = Answer.objects.filter(attempt__in=[run.pk for run in runs]).order_by("seq")
    last = {(row.attempt_id, row.position): row.response for row in rows}
    items = [
        _facility(kept(Item, entry["item"]), [each for (_run, at), each in last.items() if at == position])
        for position, entry in enumerate(check.paper, start=1)
    ]
    return {"joined": len(runs), "done": sum(run.closed for run in runs), "items": items}


def _facility(item, responses):
    """What only a person can mark is counted as answered and not as right."""
    marks = [marking.mark(item.body, response) for response in responses]
    marks = [each for each in marks if each.status == "scored"]
    right = sum(each.points == each.max_points for each in marks)
    return {"item": item, "n": len(marks), "right": right, "percent": marking.percent(marks)}
