"""Starting an attempt and answering in it. The paper is frozen at the start; the clock is the server's."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quizzes import admitting, asking, drawing, play, quiz_rules, uploads
from quizzes.models import Answer, Attempt, Item, Quiz, Scenario
from staff.frozen import kept
from staff.prepared import Prepared

TICKET = signing.Signer(salt="quizzes.ticket")
SCENARIO_RUNS = 3


class Refused(Exception):
    """A start or an answer that may not be: `code` and a sentence."""

    def __init__(self, code, sentence):
        super().__init__(sentence)
        self.code = code


class AnsweredElsewhere(Refused):
    """The same seq with another key: another device answered first."""


@dataclass(frozen=True)
class Run:
    """One of a person's attempts on a slug, with what its newest score says once it is closed."""

    pk: int
    quiz_id: int
    ordinal: int
    started_at: datetime
    closed_at: datetime
    percent: Decimal
    passed: bool


RUNS = Prepared(
    lambda person, slug, purpose: (
        Attempt.objects.filter(person=person, slug=slug, purpose=purpose)
        .order_by("ordinal", "scores__revision")
        .values_list("pk", "quiz_id", "ordinal", "started_at", "closed_at", "scores__percent", "scores__passed")
    ),
    *(int, str, str),
)


def runs(person, slug, purpose=Attempt.ASSESSED):
    """[Run], the first first."""
    return list({row[0]: Run(*row) for row in RUNS(person.pk, slug, purpose)}.values())


def start(person, subject, *, purpose=None, code=""):
    """The person's open attempt on this quiz or scenario version, or a new one; without a purpose the one the quiz is
    for. code: the access code as it was typed. A morning check is joined instead (quizzes/mornings.py). Raises Refused
    when one may not begin now; the limit of attempts is held by constraints, so twenty parallel starts give one."""
    purpose = purpose or (admitting.purpose_of(subject) if isinstance(subject, Quiz) else Attempt.ASSESSED)
    try:
        with transaction.atomic():
            return _going_on_or_new(person, subject, purpose, code)
    except IntegrityError:
        if attempt := Attempt.objects.open().filter(person=person, slug=subject.slug, purpose=purpose).first():
            return attempt
        raise Refused("no_attempt_left", _("No attempt is left for this.")) from None


def _going_on_or_new(person, subject, purpose, code):
    begun = runs(person, subject.slug, purpose)
    going_on = next((run for run in begun if not run.closed_at), None)
    if going_on:
        return Attempt.objects.get(pk=going_on.pk)
    now = timezone.now()
    terms = _admitted(person, subject, purpose, begun, code, now)
    return _create(person, subject, purpose, taken=len(begun), terms=terms, now=now)


def _admitted(person, subject, purpose, begun, code, now):
    """The terms of a new attempt. Raises Refused."""
    if not isinstance(subject, Quiz):
        terms = quiz_rules.Terms(minutes=0, attempts=SCENARIO_RUNS)
    elif purpose == Attempt.PREVIEW:
        return quiz_rules.Terms(minutes=subject.body["minutes"], attempts=len(begun) + 1)
    elif quiz_rules.rules_of(subject.body).kind == Quiz.MORNING:
        raise Refused("morning", _("A morning check is joined by the code on the shared screen."))
    else:
        terms = admitting.terms_for(person, subject)
    decision = quiz_rules.decide(terms, begun, now)
    if decision.code != "start":
        raise Refused(decision.code, admitting.sentence_of(decision))
    if isinstance(subject, Quiz) and (problem := admitting.code_problem(person, subject, code)):
        raise Refused(*problem)
    return terms


def _create(person, subject, purpose, *, taken, terms, now):
    is_quiz = isinstance(subject, Quiz)
    return Attempt.objects.create(
        person=person,
        unit_id=person.unit_id_on(timezone.localdate(now)),
        slug=subject.slug,
        purpose=purpose,
        ordinal=taken + 1,
        allowed=terms.attempts,
        started_at=now,
        **(_quiz_paper(person, subject, terms, now) if is_quiz else {"scenario": subject}),
    )


def _quiz_paper(person, quiz, terms, now):
    return {
        "quiz": quiz,
        "paper": draw_paper(quiz, seen=seen_by(person, quiz)),
        "deadline": terms.deadline(now),
        "terms": terms.frozen(),
    }


def draw_paper(quiz, *, seen=MappingProxyType({}), seed=None):
    """A paper of a quiz from the bank of today. seen: as quizzes.drawing has it; seed: secret unless it is given.
    Raises Refused when the bank cannot fill it."""
    seed = seed or secrets.token_bytes(32)  # never derived from ids: nobody can guess a paper
    rules = quiz_rules.rules_of(quiz.body)
    bank = pool(quiz.body["standard"], drawing.named(rules.rows))
    try:
        return drawing.paper(rules.sections, bank, seed, seen=seen, shuffle=rules.shuffle)
    except drawing.CannotDraw as short:
        sentence = _("The bank has too few questions for this quiz. Tell your trainer; no attempt was used.")
        raise Refused("too_few_items", sentence) from short


def seen_by(person, quiz):
    """{slug: 1} of the items a person was ever given; 2 where it was in the test before, of a test after."""
    pair = quiz_rules.rules_of(quiz.body).pair
    rows = [(slug == pair, entry["slug"]) for slug, paper in PAPERS(person.pk) for entry in paper]
    return {slug: 1 for _before, slug in rows} | {slug: 2 for before, slug in rows if before}


PAPERS = Prepared(lambda person: Attempt.objects.quizzes().filter(person=person).values_list("slug", "paper"), int)


def pool(standard, named=()):
    """The bank's newest published items of a standard, as quizzes.drawing wants them; items made from a change only
    where a quiz names them. named: their slugs."""
    return _entries(standard, frozenset(named), tuple(pk for (pk,) in NEWEST_ITEMS()))


NEWEST_ITEMS = Prepared(lambda: Item.objects.newest().values_list("pk"))


@lru_cache(maxsize=100)
def _entries(standard, named, pks):
    """Published items never change, so neither does what these ids give."""
    found = [item for item in (kept(Item, pk) for pk in pks) if item.body["standard"] == standard]
    found = [item for item in found if "changed_in" not in item.body or item.slug in named]
    return [item_entry(item.pk, item.slug, item.number, item.body) for item in found]


def item_entry(pk, slug, number, body):
    """An item as quizzes.drawing wants it."""
    return {
        "id": pk,
        "slug": slug,
        "number": number,
        "type": body["type"],
        "difficulty": body["difficulty"],
        "points": body["points"],
        "cites": body["cites"],
        "options": [option["key"] for option in body.get("options", ())],
        "right": body.get("right"),
        "choices": [choice["key"] for choice in body.get("choices", ())],
    }


@dataclass(frozen=True)
class Sitting:
    """What of an attempt never changes once it has begun. Whether it is closed only the database knows."""

    pk: int
    person_id: int
    quiz_id: int
    scenario_id: int
    paper: list
    deadline: datetime
    terms: dict

    @property
    def late_until(self):
        """Until when an answer is still taken, marked late."""
        return quiz_rules.late_until(self.deadline, self.terms)

    def expired(self, now):
        return self.deadline is not None and now > self.late_until


@lru_cache(maxsize=5_000)
def _begun(pk):
    found = BEGUN.first(pk)
    if found is None:
        raise Attempt.DoesNotExist
    return Sitting(*found)


BEGUN = Prepared(
    lambda pk: Attempt.objects.filter(pk=pk).values_list(
        "pk", "person_id", "quiz_id", "scenario_id", "paper", "deadline", "terms"
    ),
    int,
)


def sitting(person, pk):
    """One's own attempt as it was begun, kept in the process. Raises Attempt.DoesNotExist."""
    found = _begun(pk)
    if found.person_id != person.pk:
        raise Attempt.DoesNotExist
    return found


@dataclass(frozen=True)
class Saved:
    """An answer as it was last saved."""

    seq: int
    response: list | dict
    recorded_at: datetime


ANSWERS = Prepared(
    lambda pk: (
        Attempt.objects.filter(pk=pk)
        .order_by("answers__position", "answers__seq")
        .values_list("closed_at", "answers__position", "answers__seq", "answers__response", "answers__recorded_at")
    ),
    int,
)


def saved(sitting):
    """(closed, {position: Saved}) of an attempt, in one query; the highest seq counts."""
    rows = ANSWERS(sitting.pk)
    found = {position: Saved(*answer) for _closed, position, *answer in rows if position}
    return rows[0][0] is not None, found


def uploaded(attempt, position):
    """{sum: response} of the files handed in at a position, whatever was saved after."""
    found = Answer.objects.filter(attempt=attempt.pk, position=position).values_list("response", flat=True)
    return {response["file"]: response for response in found if isinstance(response, dict) and "file" in response}


def item_at(attempt, position):
    """The item version at a 1-based position of the paper."""
    return kept(Item, attempt.paper[position - 1]["item"])


def question(attempt, position):
    """What the browser may see of an item (quizzes.asking): no key, no feedback."""
    return asking.question(item_at(attempt, position).body, attempt.paper[position - 1])


def subject_of(attempt):
    """The quiz or scenario version an attempt runs on."""
    return kept(Quiz, attempt.quiz_id) if attempt.quiz_id else kept(Scenario, attempt.scenario_id)


def ticket(attempt, position, presented_at):
    """A signed word that this page was shown to this attempt at this time."""
    return TICKET.sign(f"{attempt.pk}:{position}:{presented_at.timestamp():.6f}")


def read_ticket(attempt, position, signed):
    """When the page was presented; raises Refused for a ticket of another page or a forged one."""
    try:
        pk, place, moment = TICKET.unsign(signed).split(":")
    except (signing.BadSignature, ValueError):
        raise Refused("bad_ticket", _("This form is not one of ours. Open the page again.")) from None
    if (pk, place) != (str(attempt.pk), str(position)):
        raise Refused("bad_ticket", _("This form belongs to another question. Open the page again."))
    return datetime.fromtimestamp(float(moment), tz=timezone.get_default_timezone())


def answer(attempt, position, response, *, seq, signed, upload=None):
    """Saves one answer: a single INSERT, after the file it names (upload: quizzes.uploads), if it is new. Raises
    Refused after the deadline and, since the database refuses the row, after the close; AnsweredElsewhere when this
    seq is taken by another page. The same form twice is one success."""
    presented_at = read_ticket(attempt, position, signed)
    key = _key(signed, seq)
    if attempt.expired(timezone.now()):
        raise Refused("closed", _("The time is up. What was saved before counts."))
    if upload:
        uploads.keep(upload)
    try:
        return Answer.objects.create(
            attempt_id=attempt.pk, position=position, seq=seq, key=key, response=response, presented_at=presented_at
        )
    except IntegrityError:
        return _same_or_refused(attempt, position, seq, key=key, response=response)


def _key(signed, seq):
    return hashlib.sha256(f"{signed}:{seq}".encode()).hexdigest()


def was_sent(attempt, *, seq, signed):
    """Whether this very form was saved already."""
    return Answer.objects.filter(attempt=attempt.pk, key=_key(signed, seq)).exists()


def _same_or_refused(attempt, position, seq, *, key, response):
    same = Answer.objects.filter(attempt=attempt.pk, key=key).first()
    if same and same.response == response:
        return same
    if Answer.objects.filter(attempt=attempt.pk, position=position, seq=seq).exists():
        raise AnsweredElsewhere("answered_elsewhere", _("This question was answered on another device meanwhile."))
    raise Refused("closed", _("The attempt is closed. What was saved before counts."))


def path_of(attempt):
    """The choices made so far in a scenario: 1-based numbers in order."""
    answers = Answer.objects.filter(attempt=attempt.pk).order_by("position")
    return [response[0] for response in answers.values_list("response", flat=True)]


def turn(attempt, choice, *, position, signed):
    """Plays one choice of a scenario. position is the turn, from 1; a turn is never played twice."""
    path = path_of(attempt)
    if position != len(path) + 1:
        raise AnsweredElsewhere("answered_elsewhere", _("This turn was played already."))
    play.step(subject_of(attempt).body, [*path, choice])
    return answer(attempt, position, [choice], seq=1, signed=signed)
