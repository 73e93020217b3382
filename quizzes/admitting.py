"""Whether a person may begin a quiz now, and on which terms: the quiz's rules with what was granted to this person."""

from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quizzes import quiz_rules
from quizzes.models import Accommodation, Attempt
from staff.prepared import Prepared

TRIES, TRIES_SECONDS = 5, 60
NEWEST = Prepared(
    lambda slug, person: (
        Accommodation.objects.filter(slug=slug, person=person)
        .order_by("-pk")
        .values_list("pk", "minutes", "attempts", "opens_at", "closes_at", "withdrawn")[:1]
    ),
    *(str, int),
)


def granted(slug, person):
    """The accommodation in force for a person and a quiz as quizzes.quiz_rules wants it, or None."""
    found = NEWEST.first(slug, person.pk)
    return None if found is None or found[-1] else quiz_rules.Granted(*found[:-1])


def terms_for(person, quiz):
    """What of a quiz's rules holds for a person today."""
    rules = quiz_rules.rules_of(quiz.body)
    return quiz_rules.terms_of(rules, granted(quiz.slug, person), timezone.get_default_timezone())


def purpose_of(quiz):
    """What an attempt on it is for: of a practice quiz or a morning check practice, which counts nowhere."""
    return Attempt.PRACTICE if quiz_rules.rules_of(quiz.body).practice else Attempt.ASSESSED


def sentence_of(decision):
    """Why one cannot begin, in words; "" where one can."""
    when = decision.at and printed(decision.at)
    return {
        "not_open_yet": _("This quiz opens at %(when)s. Come back then.") % {"when": when},
        "closed": _("This quiz closed at %(when)s. Ask your trainer if you could not take it in time.")
        % {"when": when},
        "wait": _("The next attempt can begin at %(when)s.") % {"when": when},
        "no_attempt_left": _("No attempt is left for this."),
    }.get(decision.code, "")


def printed(at):
    """A moment as pages print it, in the installation's zone."""
    return date_format(timezone.localtime(at), "Y-m-d H:i")


def code_problem(person, quiz, typed):
    """(code, sentence) of an access code that does not fit, or None. After five wrong tries in a minute none is looked
    at until the minute is over."""
    rules = quiz_rules.rules_of(quiz.body)
    key = f"access-code-{person.pk}"
    if not rules.code:
        return None
    if cache.get(key, 0) >= TRIES:
        return "too_many_codes", _("Five wrong codes in a minute. Wait a minute, then ask for the code again.")
    if quiz_rules.code_fits(rules, typed):
        return None
    cache.add(key, 0, TRIES_SECONDS)
    cache.incr(key)
    if typed.strip():
        return "wrong_code", _("This is not the access code. Ask whoever runs the quiz, and type it again.")
    return "wrong_code", _("This quiz needs an access code. Whoever runs it tells you.")
