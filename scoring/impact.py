"""What a change of clauses touches: the content that cites them, and the people who were taught or judged by them."""

from django.db.models import Q

from courses.models import Assignment, Course, LessonRead
from evidence.models import Finding
from quizzes.models import Attempt
from scoring.models import Mark, Score
from staff.models import User
from standards.changes import changes_between
from standards.matching import normalise
from standards.models import Citation, Wording

PLACES = {"course": "lessons", "item": "items", "scenario": "scenes", "checklist": "points"}


def affected(keys):
    """{lessons, items, scenes, points: ["slug" or "slug:place"], people: [employee number]} of clauses, sorted."""
    people = touched(keys).values_list("employee_number", flat=True)
    return citing(keys) | {"people": sorted(people)}


def citing(keys):
    """{lessons, items, scenes, points: ["slug" or "slug:place"]} that cite these clauses, sorted."""
    cited = Citation.objects.of_clauses(keys).values_list("kind", "slug", "place")
    found = {name: set() for name in PLACES.values()}
    for kind, slug, place in cited:
        found[PLACES[kind]].add(f"{slug}:{place}" if place else slug)
    return {name: sorted(rows) for name, rows in found.items()}


def touched(keys):
    """The people, not gone, who have read a lesson that cited one of these clauses when they read it, answered on one
    where it counted, or were observed on it. What was corrected or void does not count."""
    keys = set(keys)
    reads = Q(pk__in=[])
    for course in Course.objects.filter(published_at__isnull=False):
        lessons = [lesson["key"] for lesson in course.lessons if keys & set(lesson["cites"])]
        reads |= Q(course=course, lesson__in=lessons) if lessons else Q(pk__in=[])
    marked = Mark.objects.filter(wording__clause__key__in=keys, score__attempt__purpose=Attempt.ASSESSED)
    marked = marked.filter(score__in=Score.objects.current()).exclude(status="void")
    seen = Finding.objects.filter(wording__clause__key__in=keys, observation__corrected_by__isnull=True)
    here = User.objects.present().exclude(pk__in=Assignment.objects.people_who_left())
    return here.filter(
        Q(pk__in=LessonRead.objects.filter(reads).values("person"))
        | Q(pk__in=marked.values("score__attempt__person"))
        | Q(pk__in=seen.exclude(outcome="na").values("observation__person"))
    )


def changed(old, new):
    """What a new version asks people and content to look at again: [{key, number, change: changed | removed | back,
    old, new, joined_to: the key of the clause that took its words, or None, same_words: only cut or joined}] in the
    standard's order, texts. Left out: clauses that nobody had before, and those that the publisher says mean the
    same. old may be None: then nothing is changed."""
    if old is None:
        return []
    found = changes_between(old, new)
    editorial = {row["key"] for row in new.body["clauses"] if row.get("editorial")}
    earlier = Wording.objects.filter(standard__slug=old.slug, standard__number__lte=old.number)
    before = earlier.last_of([row["key"] for row in found["added"]])
    printed = {row["key"]: (place, row.get("number", "")) for version in (old, new) for place, row in _placed(version)}
    rows = [_row(row, "changed", row["old"], row["new"]) for row in found["changed"] if row["key"] not in editorial]
    rows += [_row(row, "removed", row["text"], None) for row in found["removed"]]
    back = [row for row in found["added"] if row["key"] in before]
    rows += [_row(row, "back", _said(before[row["key"]]), row["text"]) for row in back]
    joined_to = {row["key"]: row.get("joined_to") for row in found["removed"]}
    same = only_cut_or_joined(old.body["clauses"], new.body["clauses"])
    rows = [
        row
        | {"number": printed[row["key"]][1], "joined_to": joined_to.get(row["key"]), "same_words": row["key"] in same}
        for row in rows
    ]
    return sorted(rows, key=lambda row: printed[row["key"]][0])


def only_cut_or_joined(before, after):
    """Keys of the clauses whose words the next version holds unchanged in other pieces: cut, joined, or both.
    before, after: [{"key", "text", split_from?, joined?}] in the order of the two versions."""
    family = {row["key"]: {row["key"]} for row in [*before, *after]}
    for row in after:
        for kin in filter(None, (row.get("split_from"), *row.get("joined", ()))):
            joint = family[row["key"]] | family.get(kin, {kin})
            family.update(dict.fromkeys(joint, joint))
    found = set()
    for keys in family.values():
        if len(keys) > 1 and _words_of(before, keys) == _words_of(after, keys):
            found |= keys
    return found


def _words_of(rows, keys):
    """The words of these clauses one after the other, in each language, as a reader takes them."""
    texts = [row["text"] for row in rows if row["key"] in keys]
    return {language: "".join(normalise(text.get(language, "")) for text in texts) for language in ("zh", "en")}


def _placed(version):
    return enumerate(version.body["clauses"])


def _row(row, change, old, new):
    return {"key": row["key"], "change": change, "old": old, "new": new}


def _said(wording):
    return {language: words for language, words in wording.text.items() if words}
