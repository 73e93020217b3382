"""A learner's word that an item is wrong, and what becomes of it."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quizzes.models import Answer, ItemReport
from staff.frozen import digest
from staff.models import Event


class ReportedAlready(Exception):
    """One word a question: it stands already; str() is a sentence."""


class DecidedMeanwhile(Exception):
    """Somebody else answered this report first; str() is a sentence."""


def report(attempt, position, *, by, words, named=False):
    """Hands a closed quiz's question to the item's owner, with the paper and the answer. Raises ReportedAlready."""
    item = attempt.paper[position - 1]["item"]
    answer = Answer.objects.filter(attempt=attempt, position=position).order_by("-seq").first()
    try:
        with transaction.atomic():
            found = ItemReport.objects.create(
                attempt=attempt, position=position, item_id=item, answer=answer, by=by, words=words, named=named
            )
            # What was said stays out of the chain: it may hold a name.
            told = {"attempt": attempt.pk, "position": position, "item": item, "words": digest(words)}
            Event.write("report-item", actor=by, subject=f"itemreport:{found.pk}", after=told)
    except IntegrityError:
        raise ReportedAlready(_("You have reported this question already. What becomes of it stands below.")) from None
    return found


def answer_report(found, *, by, words):
    """Closes a report with words to the learner. Raises DecidedMeanwhile."""
    with transaction.atomic():
        open_still = ItemReport.objects.open().filter(pk=found.pk)
        if not open_still.update(decision=words, decided_by=by, closed_at=timezone.now()):
            raise DecidedMeanwhile(_("Somebody else answered this report meanwhile. Yours was not kept."))
        Event.write("decide-report", actor=by, subject=f"itemreport:{found.pk}", after={"decision": digest(words)})


def counts(user):
    """Open reports: those that are this person's to answer."""
    return ItemReport.objects.open().for_user(user).count()


def reports_of(attempt):
    """{position: ItemReport} of one attempt."""
    return {row.position: row for row in ItemReport.objects.filter(attempt=attempt)}
