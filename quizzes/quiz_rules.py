"""What a quiz must say, the defaults of what it may leave out, and what its rules decide. Pure; the one place that
knows these defaults. A time of the day in a body is the installation's: "2026-11-21T09:00"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from hmac import compare_digest
from typing import NamedTuple

from quizzes.item_rules import DIFFICULTIES, Problem
from quizzes.marking import EVERY_TYPE, rounded
from staff.shapes import (
    CLAUSE,
    CONTENT,
    KEY,
    TEXT,
    TITLE,
    Day,
    Flag,
    Many,
    Moment,
    Number,
    OneOf,
    Optional,
    Whole,
    Words,
    misfits,
)

EXAM, PRACTICE, MORNING, PRE, POST = KINDS = ("exam", "practice", "morning", "pre", "post")
COUNTS = ("first", "last", "best", "average")
PAGES = ("one", "all")
WHEN = ("finished", "closed", "never")
SHOWN = ("answers", "right", "feedback", "clause")
MOST_ON_A_PAPER, MOST_MORNING, MOST_MINUTES, MOST_ATTEMPTS = 200, 5, 480, 100
ROW = {
    "clauses": Optional(Many(CLAUSE, 50)),
    "items": Optional(Many(CONTENT, 200)),
    "count": Whole(1, 100),
    "types": Optional(Many(OneOf(EVERY_TYPE), len(EVERY_TYPE))),
    "difficulties": Optional(Many(OneOf(DIFFICULTIES), 3)),
}
SECTION = {"key": KEY, "title": TITLE, "rows": Many(ROW, 50), "points": Optional(Whole(1, 1000))}
RULES = {
    "opens_at": Optional(Moment()),
    "closes_at": Optional(Moment()),
    "late_minutes": Optional(Whole(0, 60)),
    "wait_hours": Optional(Whole(0, 2160)),
    "counts": Optional(OneOf(COUNTS)),
    "shuffle": Optional(Flag()),
    "pages": Optional(OneOf(PAGES)),
    "back": Optional(Flag()),
    "review": Optional({"when": Optional(OneOf(WHEN)), "show": Optional(Many(OneOf(SHOWN), len(SHOWN), 0))}),
    "code": Optional(Words(40)),
    "pair": Optional(CONTENT),
    "marking": Optional({"second": Optional(Flag()), "limit": Optional(Number())}),
}
SHAPE = {
    "standard": CONTENT,
    "kind": Optional(OneOf(KINDS)),
    "blueprint": Optional(Many(ROW, 50)),
    "sections": Optional(Many(SECTION, 10)),
    "minutes": Whole(1, MOST_MINUTES),
    "attempts": Whole(1, MOST_ATTEMPTS),
    "pass_mark": {"percent": Whole(0, 100), "by": Words(30), "how": TEXT, "on": Day()},
    "rules": Optional(RULES),
}


# --- the rules with their defaults ----------------------------------------------------


class Review(NamedTuple):
    """when: "finished", "closed" (once the quiz closes) or "never"; show: what of the answers is told then."""

    when: str = "finished"
    show: tuple = SHOWN


class Marking(NamedTuple):
    """second: open answers are marked by two; limit: the largest difference in points before a third decides."""

    second: bool = False
    limit: Decimal = Decimal(0)


class Section(NamedTuple):
    """points: the whole marks of the section, None where its items' own points count. key "" of a plain blueprint."""

    key: str
    title: dict
    rows: tuple
    points: int | None = None


ALL_SHOWN, ONE_MARKER = Review(), Marking()


@dataclass(frozen=True)
class Rules:
    kind: str
    minutes: int
    attempts: int
    sections: tuple
    opens_at: str | None = None
    closes_at: str | None = None
    late_minutes: int = 0
    wait_hours: int = 0
    counts: str = "first"
    shuffle: bool = True
    pages: str = "one"
    back: bool = True
    review: Review = ALL_SHOWN
    code: str = ""
    pair: str = ""
    marking: Marking = ONE_MARKER

    @property
    def count(self):
        """How many items a paper holds."""
        return sum(row["count"] for row in self.rows)

    @property
    def rows(self):
        """Every row of the blueprint, of all sections."""
        return [row for section in self.sections for row in section.rows]

    @property
    def practice(self):
        """Whether an attempt is for practice: it never counts for path, appraisal or completion."""
        return self.kind in (PRACTICE, MORNING)


def rules_of(body: dict) -> Rules:
    """The rules of a sound body, with the default of each that it leaves out."""
    said = {name: value for name, value in body.get("rules", {}).items() if value is not None}
    review = {name: value for name, value in said.pop("review", {}).items() if value is not None}
    marking = {name: value for name, value in said.pop("marking", {}).items() if value is not None}
    if "show" in review:
        review["show"] = tuple(each for each in SHOWN if each in review["show"])
    if "limit" in marking:
        marking["limit"] = Decimal(marking["limit"])
    return Rules(
        kind=body.get("kind") or EXAM,
        minutes=body["minutes"],
        attempts=body["attempts"],
        sections=tuple(sections_of(body)),
        review=Review(**review),
        marking=Marking(**marking),
        **said,
    )


def sections_of(body: dict) -> list[Section]:
    """The sections of a body; a plain blueprint is one section without a name."""
    if body.get("sections"):
        return [
            Section(each["key"], each["title"], tuple(each["rows"]), each.get("points")) for each in body["sections"]
        ]
    return [Section("", {}, tuple(body.get("blueprint", ())))]


def rows_of(body: dict) -> list[tuple[str, dict]]:
    """[(place, row)] of every row a body asks for; a place as in `sections[1].rows[2]`."""
    found = [(f"blueprint[{number}]", row) for number, row in enumerate(body.get("blueprint", ()), start=1)]
    for first, section in enumerate(body.get("sections", ()), start=1):
        found += [(f"sections[{first}].rows[{second}]", row) for second, row in enumerate(section["rows"], start=1)]
    return found


# --- what a body must say -----------------------------------------------------------------


def _(sentence):
    """Marks a sentence for the catalogue: packs say it in English, pages in the reader's language."""
    return sentence


def quiz_problems(body: dict, slug: str = "") -> list[tuple[str, str]]:
    """[(place, sentence)] of all that keeps a body from being published: its shape, and then its sense."""
    return list(misfits(SHAPE, body)) or [(problem.place, str(problem)) for problem in check_quiz(body, slug)]


def check_quiz(body: dict, slug: str = "") -> list[Problem]:
    """What a single field cannot tell of a body of the right shape; [] when nothing is wrong. slug: of the quiz, where
    it has one already."""
    if ("blueprint" in body) == ("sections" in body):
        return [_problem("blueprint", _("A quiz has either a blueprint or sections."))]
    rules = rules_of(body)
    return [*_row_problems(body, rules), *_time_problems(rules), *_kind_problems(rules, slug), *_page_problems(rules)]


def _problem(place, sentence, /, **values):
    return Problem(place, sentence, values)


def _row_problems(body, rules):
    for place, row in rows_of(body):
        if ("clauses" in row) == ("items" in row):
            yield _problem(place, _("{place} asks either for clauses or for items."), place=place)
    if rules.count > MOST_ON_A_PAPER:
        sentence = _("{place} draws {count} items; a paper holds at most {most}.")
        place = "sections" if "sections" in body else "blueprint"
        yield _problem(place, sentence, place=place, count=rules.count, most=MOST_ON_A_PAPER)


def _time_problems(rules):
    if rules.opens_at and rules.closes_at and rules.closes_at <= rules.opens_at:
        yield _problem("rules.closes_at", _("A quiz closes after it opens."))
    if rules.review.when == "closed" and not rules.closes_at:
        sentence = _("What is shown after the close needs a time at which the quiz closes.")
        yield _problem("rules.review.when", sentence)


def _kind_problems(rules, slug):
    if rules.kind == MORNING and rules.count > MOST_MORNING:
        sentence = _("A morning check has at most {most} items, not {count}.")
        yield _problem("blueprint", sentence, most=MOST_MORNING, count=rules.count)
    if rules.kind == POST and not rules.pair:
        yield _problem("rules.pair", _("A test after names the test before it belongs to."))
    if rules.pair and rules.kind not in (PRE, POST):
        yield _problem("rules.pair", _("Only a test before or after has another test as its pair."))
    elif rules.pair and rules.pair == slug:
        yield _problem("rules.pair", _("The pair of a quiz is another quiz."))


def _page_problems(rules):
    if rules.pages == "all" and not rules.back:
        yield _problem("rules.back", _("With all questions on one page one can always go back."))
    if rules.marking.limit < 0:
        yield _problem("rules.marking.limit", _("The largest difference is at least 0 points."))


# --- what holds for one person --------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """What of the rules holds for one person. Moments know their zone; None: no such bound."""

    minutes: int
    attempts: int
    late_minutes: int = 0
    wait_hours: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    extended_from: int | None = None
    accommodation: int | None = None

    def deadline(self, now: datetime) -> datetime:
        """Of an attempt begun now: the minutes, but never past the close."""
        end = now + timedelta(minutes=self.minutes)
        return min(end, self.closes_at) if self.closes_at else end

    def frozen(self) -> dict:
        """As an attempt keeps them; what is as the quiz has it and bounds nothing is left out."""
        said = {
            "opens_at": self.opens_at and self.opens_at.astimezone(UTC).isoformat(),
            "closes_at": self.closes_at and self.closes_at.astimezone(UTC).isoformat(),
            "extended_from": self.extended_from,
            "accommodation": self.accommodation,
        }
        always = {"minutes": self.minutes, "attempts": self.attempts, "late_minutes": self.late_minutes}
        return always | {name: value for name, value in said.items() if value is not None}


class Granted(NamedTuple):
    """What an accommodation says; None: as the quiz has it."""

    pk: int
    minutes: int | None
    attempts: int | None
    opens_at: datetime | None
    closes_at: datetime | None


def terms_of(rules: Rules, granted: Granted | None, zone: tzinfo) -> Terms:
    opens, closes = moment(rules.opens_at, zone), moment(rules.closes_at, zone)
    if granted is None:
        return Terms(rules.minutes, rules.attempts, rules.late_minutes, rules.wait_hours, opens, closes)
    return Terms(
        minutes=granted.minutes or rules.minutes,
        attempts=granted.attempts or rules.attempts,
        late_minutes=rules.late_minutes,
        wait_hours=rules.wait_hours,
        opens_at=granted.opens_at or opens,
        closes_at=granted.closes_at or closes,
        extended_from=rules.minutes if granted.minutes not in (None, rules.minutes) else None,
        accommodation=granted.pk,
    )


def moment(words: str | None, zone: tzinfo) -> datetime | None:
    """A time of a body as a moment of that zone."""
    return datetime.fromisoformat(words).replace(tzinfo=zone) if words else None


def late_until(deadline: datetime | None, terms: dict) -> datetime | None:
    """Until when an answer is still taken, marked late; terms as an attempt keeps them."""
    return deadline and deadline + timedelta(minutes=terms.get("late_minutes", 0))


class Decision(NamedTuple):
    """code: "start", "go_on", "not_open_yet", "closed", "wait" or "no_attempt_left"; at: until or since when."""

    code: str
    at: datetime | None = None


def decide(terms: Terms, runs: list, now: datetime) -> Decision:
    """Whether a person may begin now. runs: the attempts so far, each with `closed_at`. An attempt that is going on is
    gone on with, whatever the window says: its deadline bounds it."""
    if any(not run.closed_at for run in runs):
        return Decision("go_on")
    if len(runs) >= terms.attempts:
        return Decision("no_attempt_left")
    if terms.closes_at and now >= terms.closes_at:
        return Decision("closed", terms.closes_at)
    if terms.opens_at and now < terms.opens_at:
        return Decision("not_open_yet", terms.opens_at)
    if runs and terms.wait_hours:
        again = max(run.closed_at for run in runs) + timedelta(hours=terms.wait_hours)
        if now < again:
            return Decision("wait", again)
    return Decision("start")


def code_fits(rules: Rules, typed: str) -> bool:
    """Compared in the same time whatever was typed; spaces around it do not count."""
    return not rules.code or compare_digest(rules.code.strip().encode(), typed.strip().encode())


# --- which attempt counts, and what is shown of it --------------------------------------------


class Counted(NamedTuple):
    """percent 0–100, one decimal, None while it cannot be told; runs: the attempts it rests on."""

    percent: Decimal | None
    runs: list


def counting(runs: Iterable, counts: str = "first") -> Counted:
    """The attempt that counts. runs: each with `ordinal`, `closed_at`, `percent` (None: no marks, or not all yet). Of
    the best a tie goes to the earlier one; an average is known once every attempt has its percent."""
    closed = sorted((run for run in runs if run.closed_at), key=lambda run: run.ordinal)
    if not closed:
        return Counted(None, [])
    if counts == "average":
        known = [run.percent for run in closed]
        total = None if None in known else rounded(sum(map(Fraction, known)) / len(known), places=1)
        return Counted(total, closed)
    marked = [run for run in closed if run.percent is not None]
    best = max(marked, key=lambda run: (run.percent, -run.ordinal)) if marked else closed[0]
    chosen = {"first": closed[0], "last": closed[-1], "best": best}[counts]
    return Counted(chosen.percent, [chosen])


def shown(rules: Rules, closes_at: datetime | None, now: datetime) -> tuple:
    """What of a closed attempt its person sees besides percent and passed: a part of SHOWN, () while nothing is told.
    closes_at: of the person's terms."""
    if rules.review.when == "never":
        return ()
    if rules.review.when == "closed" and closes_at and now < closes_at:
        return ()
    return rules.review.show
