"""Where an item is used and what became of it: quizzes, papers, facility against what its author said, its versions."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Avg, Count, FloatField, Max
from django.db.models.functions import Cast

from quizzes.drawing import named, suits
from quizzes.models import Item, ItemReport, Quiz
from quizzes.quiz_rules import rules_of
from quizzes.taking import item_entry
from scoring.models import Mark, Score
from standards.comparing import marked

ENOUGH = 10
# The facility one expects of what its author calls easy, medium or hard, in percent: beyond it the label misleads.
EXPECTED = {"easy": (70, 100), "medium": (40, 85), "hard": (0, 60)}


@dataclass
class Use:
    """`named` and `drawable`: quizzes that ask for it by name, and whose blueprints fit it. `facility`: percent of its
    points that people earned, of `n` answers; None under ENOUGH. `versions`: [(Item, differences to the one before)]"""

    named: list
    drawable: list
    papers: int
    last: datetime | None
    n: int
    facility: Decimal | None
    misleading: bool
    versions: list
    reports: int


def use_of(item):
    """Everything the page says of an item (a row of Item.objects.shelved()), in six statements."""
    by_name, drawable = _quizzes(item) if item.number and not item.retired_at else ([], [])
    told = Mark.objects.filter(item__slug=item.slug, score__revision=1)
    told = told.aggregate(papers=Count("pk"), last=Max("score__attempt__started_at"))
    n, facility = _facility(item.slug)
    low, high = EXPECTED.get(item.difficulty, (0, 100))
    return Use(
        named=by_name,
        drawable=drawable,
        papers=told["papers"],
        last=told["last"],
        n=n,
        facility=facility,
        misleading=facility is not None and not low <= facility <= high,
        versions=history(item.slug),
        reports=ItemReport.objects.filter(item__slug=item.slug, closed_at__isnull=True).count(),
    )


def _quizzes(item):
    entry = item_entry(item.pk, item.slug, item.number, item.body)
    by_name, drawable = [], []
    for quiz in Quiz.objects.newest().order_by("slug"):
        rows = rules_of(quiz.body).rows
        if item.slug in named(rows):
            by_name.append(quiz)
        elif quiz.body["standard"] == item.body["standard"] and any(suits(row, entry) for row in rows):
            drawable.append(quiz)
    return by_name, drawable


def _facility(slug):
    """(answers, percent of the points): the newest marks of first attempts; not answered is 0, not reached is left
    out."""
    marks = Mark.objects.filter(
        item__slug=slug, status__in=["scored", "omitted"], points__isnull=False, max_points__gt=0
    )
    marks = marks.filter(score__in=Score.objects.current(), score__attempt__ordinal=1)
    found = marks.aggregate(
        n=Count("pk"), share=Avg(Cast("points", FloatField()) * 100 / Cast("max_points", FloatField()))
    )
    enough = found["n"] >= ENOUGH
    return found["n"], Decimal(f"{found['share']:.0f}") if enough else None


# --- what changed from version to version -----------------------------------------

LISTS = ("options", "choices", "rubric", "blanks", "answers")
PLAIN = ("type", "difficulty", "points", "criterion")


def history(slug):
    """[(Item, [(part, words before, words now)])], the newest first; the first version has nothing to differ from."""
    versions = list(
        Item.objects.filter(slug=slug, number__isnull=False).select_related("published_by").order_by("number")
    )
    pairs = zip([None, *versions], versions, strict=False)
    return [(now, differences(before, now) if before else []) for before, now in pairs][::-1]


def differences(before, now):
    """[(part, [(words, gone)], [(words, added)])] of two versions, in both languages; [] when nothing differs."""
    if before.digest == now.digest:
        return []
    old, new = parts(before), parts(now)
    changed = [part for part in dict.fromkeys([*old, *new]) if old.get(part) != new.get(part)]
    return [(part, *marked(old.get(part, ""), new.get(part, ""))) for part in changed]


def parts(version):
    """{(part, number or ""): its words in a line}"""
    body, found = version.body, {}
    for name in ("stem", "feedback", "sample"):
        if name in body:
            found[name, ""] = _both(body[name])
    for name in LISTS:
        for number, row in enumerate(body.get(name, ()), start=1):
            found[name, number] = _row(row)
    found["key", ""] = _key(body)
    found |= {(name, ""): str(body[name]) for name in PLAIN if name in body}
    found |= {(name, ""): ", ".join(body[name]) for name in ("cites", "roles", "tags") if body.get(name)}
    return found


def _both(leaf):
    return " / ".join(leaf[language] for language in ("zh", "en") if leaf.get(language))


def _row(row):
    """One option, criterion, blank or accepted number."""
    said = [_both(row["text"])] if isinstance(row.get("text"), dict) else []
    said += [f"{row[name]}" for name in ("value", "points", "percent", "tolerance") if name in row]
    return " · ".join([*said, *(f"{each['text']} {each['percent']} %" for each in row.get("accepted", ()))])


def _key(body):
    """The key by the words of its options, so that a letter that moved is no change."""
    said = {row["key"]: _both(row["text"]) for row in [*body.get("options", ()), *body.get("choices", ())]}
    keys = [*body.get("right", ()), *(body[name] for name in ("best", "worst") if name in body)]
    pairs = [
        f"{said.get(option, option)} = {said.get(choice, choice)}" for option, choice in body.get("pairs", {}).items()
    ]
    return "; ".join([*(said.get(key, key) for key in keys), *pairs])
