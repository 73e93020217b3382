"""What changed in a standard, as something to read and to be tested on: pure, the same for the same changes.

A change is {"key", "number" as printed, "change": changed | removed | back, "old", "new"}; old and new are the texts
{"zh", "en"} of the clause before and now, new is None for a clause that is no longer in force. `back` is a clause that
an earlier version had, the last did not, and this one has again. One that is removed may say which clause took its
words, `joined_to`: it is told and not asked, for what it says is not gone.
"""

import hashlib
import re
from decimal import Decimal

from quizzes.item_rules import MADE
from standards.matching import normalise

LANGUAGES = ("zh", "en")
MOST_ON_A_PAPER, MOST_IN_A_ROW = 200, 100
MOST_OPTIONS = 4
SLUG, TITLE = 60, 200
MARKS = re.compile(r"([!-/:-@\[-`{-~])")
# Hanzi numbers only before what they count: the first of 一律 counts nothing.
NUMBER = re.compile(
    r"[0-9]+(?:\.[0-9]+)?|[一二三四五六七八九十百两]+(?=个?(?:分钟|秒|小时|工作日|天|日|周|月|年|次|声|步|米|厘米|人|遍|元))"
)
PLURAL = re.compile(r"(?<=[a-z])s\b")
PARTS = re.compile(r"(?<=[，；。！？])|(?<=[,;.!?])(?= )")
TRUE_FALSE = (("true", {"zh": "是", "en": "Yes"}), ("false", {"zh": "否", "en": "No"}))


def delta(standard, changes, *, by):
    """{"slug", "title", "course", "items": [{"slug", "title", "body"}], "quiz" or None, "path"}, bodies of content.

    standard: {"slug", "title", "number" of the new version, "effective_on", "today"}, dates; by: the employee number
    that sets the pass mark. No quiz when nothing that changed can be asked (only marks and spaces differ)."""
    slug, title = slug_of(standard["slug"], standard["number"]), title_of(standard)
    told = [item(standard, change) for change in changes]
    items = [
        {"slug": f"{slug}-{place}", "title": named(change), "body": body}
        for place, (change, body) in enumerate(zip(changes, told, strict=True), start=1)
        if body
    ]
    return {
        "slug": slug,
        "title": title,
        "course": course(standard, changes),
        "items": items,
        "quiz": quiz(standard, [row["slug"] for row in items], by=by) if items else None,
        "path": path(standard, slug, title, tested=bool(items)),
    }


def slug_of(slug, number):
    """delta-<standard>-<version>; a long name ends in its sum, for a slug holds 80 characters."""
    short = slug if len(slug) <= SLUG else f"{slug[:51]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"
    return f"{MADE}{short}-{number}"


def title_of(standard):
    title, number = standard["title"], standard["number"]
    zh = title.get("zh") or title.get("en") or standard["slug"]
    en = title.get("en") or title.get("zh") or standard["slug"]
    return {"zh": f"《{zh[:150]}》第{number}版的变化", "en": f"What changed in {en[:150]}, version {number}"}


def due_day(standard):
    """Days to read and be tested: until it is in force, and a week at least."""
    return max(7, (standard["effective_on"] - standard["today"]).days)


def path(standard, slug, title, *, tested):
    steps = [("read", "course", {"zh": "读变动的条款", "en": "Read the changed clauses"})]
    steps += [("tested", "quiz", {"zh": "答变动的条款", "en": "Answer on the changed clauses"})] if tested else []
    day = due_day(standard)
    return {
        "changed_in": standard["number"],
        "steps": [
            {"key": key, "kind": kind, "slug": slug, "due_day": day, "title": words} for key, kind, words in steps
        ],
    }


# --- read -----------------------------------------------------------------------


def course(standard, changes):
    lessons = [lesson(standard, change, f"c{place}") for place, change in enumerate(changes, start=1)]
    return {"standard": standard["slug"], "changed_in": standard["number"], "lessons": lessons}


def lesson(standard, change, key):
    return {
        "key": key,
        "clause": change["key"],
        "title": named(change),
        "minutes": 1,
        "cites": [] if change["change"] == "removed" else [change["key"]],
        "text": {language: "\n\n".join(told(standard, change, language)) for language in LANGUAGES},
        "checks": [],
    }


def named(change):
    """The clause by its printed number and its key."""
    number, key = change["number"], change["key"]
    zh, en = (f"第{number}条（{key}）", f"{number} ({key})") if number else (key, key)
    return {"zh": zh[:TITLE], "en": en[:TITLE]}


def told(standard, change, language):
    """The paragraphs of a lesson, in Markdown."""
    since = from_when(standard, language)
    zh = language == "zh"
    before, now = ("### 以前", f"### {since}") if zh else ("### Before", f"### {since}")
    if change["change"] == "removed":
        gone = f"{since}，本条不再执行。" if zh else f"{since} this clause is no longer in force."
        if into := change.get("joined_to"):
            gone = f"{since}，本条并入条款{into}。" if zh else f"{since} this clause is part of clause {into}."
        return [gone, before, quoted(change["old"], language)]
    if change["change"] == "back":
        again = f"{since}，本条重新执行。" if zh else f"{since} this clause is in force again."
        return [again, quoted(change["new"], language)]
    found = [before, quoted(change["old"], language), now, quoted(change["new"], language)]
    if not apart(change, LANGUAGES):
        same = "只有标点或空格不同，要求不变。" if zh else "Only marks or spaces differ; what is asked is the same."
        return [*found, same]
    return found


def from_when(standard, language):
    day = standard["effective_on"].isoformat()
    return f"自{day}起" if language == "zh" else f"From {day}"


def words_in(text, language):
    """The words in a language, else in the other."""
    other = "en" if language == "zh" else "zh"
    return text.get(language) or text.get(other, "")


def quoted(text, language):
    """Words as a Markdown paragraph that shows them as they are, whatever marks they hold."""
    lines = [" ".join(line.split()) for line in words_in(text, language).splitlines()]
    return "\n".join(MARKS.sub(r"\\\1", line) for line in lines if line)


# --- tested ---------------------------------------------------------------------


def quiz(standard, slugs, *, by):
    """Each item once; a paper holds 200 at most."""
    rows = [slugs] if len(slugs) <= MOST_IN_A_ROW else [slugs[0::2], slugs[1::2]]
    count = sum(min(len(row), MOST_IN_A_ROW) for row in rows)
    return {
        "standard": standard["slug"],
        "changed_in": standard["number"],
        "blueprint": [{"items": row, "count": min(len(row), MOST_IN_A_ROW)} for row in rows],
        "minutes": min(480, max(10, 2 * count)),
        "attempts": 10,
        "pass_mark": {
            "percent": 80,
            "by": by,
            "how": {
                "zh": "变动的每条条款一题，答对八成为通过；不到五题时须全对。",
                "en": "One question for each changed clause, four of five right; with fewer than five, all of them.",
            },
            "on": standard["today"].isoformat(),
        },
    }


def item(standard, change):
    """The body of the item made from a change, or None where nothing can be asked."""
    if change.get("joined_to"):
        return None
    made = choice(standard, change) if change["change"] == "changed" else required(standard, change)
    if made is None:
        return None
    fixed = {"standard": standard["slug"], "changed_in": standard["number"], "difficulty": "medium", "points": 1}
    return fixed | {"cites": [change["key"]]} | made


def required(standard, change):
    """A clause that is no longer in force, or is again: is it required?"""
    text = change["old"] if change["change"] == "removed" else change["new"]
    stem = {
        language: f"{from_when(standard, language)}，还要求这样做吗？“{text[language]}”"
        if language == "zh"
        else f"{from_when(standard, language)}, is this required? “{text[language]}”"
        for language in LANGUAGES
        if text.get(language)
    }
    gone = change["change"] == "removed"
    feedback = {
        "zh": f"{from_when(standard, 'zh')}，{change['key']} {'不再执行' if gone else '重新执行'}。",
        "en": f"{from_when(standard, 'en')} {change['key']} is {'no longer in force' if gone else 'in force again'}.",
    }
    options = [{"key": key, "text": words} for key, words in TRUE_FALSE]
    right = ["false"] if gone else ["true"]
    return {"type": "truefalse", "stem": stem, "options": options, "right": right, "feedback": feedback}


def choice(standard, change):
    """Which sentence applies? The new one among the old one and near variants of the two."""
    languages = apart(change, LANGUAGES)
    if not languages:
        return None
    old, new = ({language: change[name][language] for language in languages} for name in ("old", "new"))
    texts = [new, *unlike([new], [old, *variants(old, new)])][:MOST_OPTIONS]
    shown = sorted(texts, key=lambda text: hashlib.sha256(f"{change['key']}{sorted(text.items())}".encode()).digest())
    keys = "abcd"
    return {
        "type": "single",
        "stem": {
            "zh": f"{from_when(standard, 'zh')}，{named(change)['zh']}按哪一句执行？",
            "en": f"Which sentence of {named(change)['en']} applies {from_when(standard, 'en').lower()}?",
        },
        "options": [{"key": key, "text": text} for key, text in zip(keys, shown, strict=False)],
        "right": [keys[shown.index(new)]],
        "feedback": {
            "zh": f"{from_when(standard, 'zh')}：“{words_in(new, 'zh')}”（{change['key']}）",
            "en": f"{from_when(standard, 'en')}: “{words_in(new, 'en')}” ({change['key']})",
        },
    }


def apart(change, languages):
    """The languages in which the clause had words and has others."""
    old, new = change["old"], change["new"]
    return [
        language
        for language in languages
        if old.get(language) and new.get(language) and normalise(old[language]) != normalise(new[language])
    ]


def unlike(known, texts):
    """The texts that no one before them equals, in any language, as a reader sees them."""
    kept = list(known)
    for text in texts:
        if all(normalise(text[name]) != normalise(other[name]) for other in kept for name in text):
            kept.append(text)
    return kept[len(known) :]


def variants(old, new):
    """Near variants that apply neither before nor now: numbers of the one in the other, a part of the one in the
    other, and the number on the other side of the old one. A variant is made in every language or not at all."""
    makers = (
        lambda language: with_numbers(new[language], old[language]),
        lambda language: with_numbers(old[language], new[language]),
        lambda language: with_part(new[language], old[language], -1),
        lambda language: with_part(new[language], old[language], 0),
    )
    made = [{language: make(language) for language in new} for make in makers]
    whole = [text for text in [*made, beyond(old, new)] if text and all(text.values())]
    return [
        text
        for text in whole
        if all(loosely(text[name]) != loosely(known[name]) for known in (old, new) for name in new)
    ]


def loosely(text):
    """The text without the s of a plural: “1 minutes” is no other sentence than “1 minute”."""
    return normalise(PLURAL.sub("", text))


def with_numbers(text, other):
    """The text with the numbers of the other where they differ, or None where the two do not count the same."""
    own, theirs = NUMBER.findall(text), NUMBER.findall(other)
    if len(own) != len(theirs) or own == theirs:
        return None
    numbers = iter(theirs)
    return NUMBER.sub(lambda _found: next(numbers), text)


def with_part(text, other, which):
    """The text with one part of the other, the first or the last of those that differ; None unless several do."""
    own, theirs = PARTS.split(text), PARTS.split(other)
    places = [place for place, pair in enumerate(zip(own, theirs, strict=False)) if pair[0] != pair[1]]
    if len(own) != len(theirs) or len(places) < 2:
        return None
    place = places[which]
    return "".join([*own[:place], theirs[place], *own[place + 1 :]])


def beyond(old, new):
    """The new words with a number as far from the old one as the new one is, on the other side: 5 minutes, now 3:
    7 minutes. None unless exactly one number differs, the same in every language."""
    steps = {step(old[language], new[language]) for language in new}
    if len(steps) != 1 or None in steps:
        return None
    place, number = steps.pop()
    return {language: replaced(new[language], place, number) for language in new}


def step(old, new):
    """(the place of the number that differs, the number beyond), or None."""
    own, theirs = NUMBER.findall(new), NUMBER.findall(old)
    places = [place for place, pair in enumerate(zip(own, theirs, strict=False)) if pair[0] != pair[1]]
    if len(own) != len(theirs) or len(places) != 1:
        return None
    after, before = own[places[0]], theirs[places[0]]
    if not (after[0].isascii() and before[0].isascii()):
        return None
    number = 2 * Decimal(before) - Decimal(after)
    percent = re.search(rf"{re.escape(before)} ?[%％‰]", old)
    if number <= 0 or (percent and number > 100):
        return None
    return places[0], f"{number:f}"


def replaced(text, place, number):
    found = list(NUMBER.finditer(text))[place]
    return text[: found.start()] + number + text[found.end() :]
