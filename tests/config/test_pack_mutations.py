"""Whatever a hand may write into a pack is refused with sentences, or every page of it can be shown."""

import re
from copy import deepcopy

import pytest
import yaml
from django.core.cache import cache
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from config.packs import PackProblems, load
from courses.models import Assignment, Course, Path
from evidence.models import Checklist
from quizzes import taking
from quizzes.models import Quiz
from staff.frozen import kept
from tests import make

EXAMPLES = 40
SENTENCE = re.compile(r"[a-z]+/[a-z.-]+(:\d+)?: .+\.")


def _item(slug, **more):
    options = [{"key": key, "text": make.words(f"Option {key}")} for key in ("a", "b", "c")]
    body = {"type": "single", "difficulty": "easy", "points": 1, "cites": ["FD-LANG-001"], "right": ["b"]} | more
    texts = {"title": make.words(slug), "stem": make.words("What?"), "feedback": make.words("So.")}
    return {"slug": slug, "standard": "front-desk", "options": options} | texts | body


def _whole():
    """A pack of every kind, {file: tree}, for make's standard."""
    by = {"standard": "front-desk", "role": "guide"}
    mark = {"percent": 70, "by": "ROOT", "how": make.words("To begin with."), "on": "2026-10-01"}
    steps = [
        {"key": key, "kind": kind, "slug": slug, "due_day": day, "title": make.words(key)}
        for key, kind, slug, day in make.STEPS
    ]
    return {
        "items": [_item("greet"), _item("order", type="ordering", right=["c", "a", "b"])],
        "courses": {"slug": "onboarding", "title": make.words("Course"), **by, "lessons": [make.lesson(key="greet")]},
        "quizzes": {"slug": "first-month", "title": make.words("Quiz"), "standard": "front-desk",
                    "minutes": 20, "attempts": 2, "pass_mark": mark,
                    "blueprint": [{"clauses": ["FD-"], "types": ["single", "ordering"], "count": 2}]},
        "checklists": {"slug": "desk-round", "title": make.words("Round"), **by,
                       "points": [{"key": "p1", "cite": "FD-LANG-001", "text": make.words("Seen")}]},
        "paths": {"slug": "guide-path", "title": make.words("Path"), "role": "guide", "steps": steps},
        "plans": {"slug": "desk-month", "title": make.words("Month"), **make.plan_body()},
    }  # fmt: skip


def _places(tree, at=()):
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inner:
        yield (*at, key)
        yield from _places(value, (*at, key))


ODD_WORDS = [
    "",
    " ",
    "guide first month",
    "第一课 a/b",
    "../x",
    "010",
    "true",
    "<b>{{ x }}</b>",
    "{% x %}",
    "x" * 300,
    "*",
    "-",
]
ODD = st.one_of(
    st.sampled_from(
        [*ODD_WORDS, "quiz", "b", "guide", "greet", "pay", "zero", "multiple", None, [], {}, ["a"], {"zh": "一"}]
    ),
    st.integers(-2, 120),
    st.integers(10**9, 10**40),
    st.text(max_size=20),
)


@st.composite
def mutated(draw):
    """(folder, tree) of one file of a whole pack, in which up to three places are dropped, doubled or odd."""
    folder = draw(st.sampled_from(sorted(_whole())))
    tree = _whole()[folder]
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(list(_places(tree)) or [(0,)]))
        holder = tree
        for key in way:
            holder = holder[key]
        if not holder:
            continue
        deed = draw(st.sampled_from(["odd", "odd", "odd", "drop", "double"]))
        if deed == "odd":
            holder[last] = deepcopy(draw(ODD))
        elif deed == "drop":
            del holder[last]
        elif isinstance(holder, list):
            holder.append(deepcopy(holder[last]))
        else:
            holder[draw(st.text(min_size=1, max_size=9))] = deepcopy(holder[last])
    return folder, tree


def write(pack, folder, tree):
    """As a hand would write it: no anchors, and words in quotes only where YAML needs them."""
    (pack / folder).mkdir(exist_ok=True)
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    (pack / folder / "all.yaml").write_text(text, encoding="utf-8")


def every_page(sign_in, people):
    """Opens each page of the newest versions as those who see it; takes the quiz to its result."""
    mira, otto, hui, ana = (sign_in(person) for person in (people.mira, people.otto, people.hui, people.ana))
    for path in Path.objects.newest():
        Assignment.begin(people.mira, path, unit=people.desk)
    shown = [mira.get("/"), mira.get("/marks/"), otto.get("/team/"), otto.get("/observe/")]
    shown += [mira.get(f"/paths/{each.pk}/") for each in people.mira.assignments.all()]
    for course in Course.objects.newest():
        shown += [mira.get(f"/courses/{course.slug}/")]
        for lesson in course.lessons:
            chosen = {f"check-{check['key']}": check["options"][0]["key"] for check in lesson["checks"]}
            url = course.lesson_url(lesson["key"])
            shown += [mira.get(url), mira.post(url), mira.post(url, chosen), ana.get(url)]
    shown += [otto.get(f"/observe/{each.slug}/{people.mira.pk}/") for each in Checklist.objects.newest()]
    shown += [page for quiz in Quiz.objects.newest() for page in taken(mira, people.mira, quiz)]
    shown += [hui.get(f"/appraisals/{people.mira.pk}/{make.period()}/"), hui.get("/clauses/FD-LANG-001/")]
    return shown


def taken(browser, person, quiz):
    yield browser.get(f"/quizzes/{quiz.slug}/")
    browser.post(f"/quizzes/{quiz.slug}/start/")
    attempt = person.attempts.get(slug=quiz.slug)
    for position in range(1, len(attempt.paper) + 1):
        yield browser.get(f"/attempts/{attempt.pk}/{position}/")
    yield browser.get(f"/attempts/{attempt.pk}/check/")
    browser.post(f"/attempts/{attempt.pk}/finish/")
    yield browser.get(f"/attempts/{attempt.pk}/result/")


def forget():
    """What the process keeps of rows that are rolled back."""
    cache.clear()
    kept.cache_clear()
    taking._begun.cache_clear()
    taking._entries.cache_clear()


@pytest.mark.slow
def test_a_mutated_pack_is_refused_with_sentences_or_shown_whole(people, sign_in, tmp_path):
    make.standard(by=people.root)
    whole = _whole()
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "queue-jumper.txt").write_text(make.SCRIPT, encoding="utf-8")
    for folder, tree in whole.items():
        write(tmp_path, folder, tree)
    with transaction.atomic():
        assert outcome(people, sign_in, tmp_path) == "shown"
        transaction.set_rollback(True)
    forget()
    refused = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(mutated())
    def holds(mutation):
        folder, tree = mutation
        write(tmp_path, folder, tree)
        try:
            with transaction.atomic():
                refused.append(outcome(people, sign_in, tmp_path) == "refused")
                transaction.set_rollback(True)
        finally:
            write(tmp_path, folder, whole[folder])
            forget()

    holds()
    assert any(refused)


def outcome(people, sign_in, pack):
    try:
        load(pack, by=people.root)
    except PackProblems as refusal:
        assert all(SENTENCE.fullmatch(line) for line in str(refusal).splitlines()), str(refusal)
        return "refused"
    assert {page.status_code for page in every_page(sign_in, people)} == {200}
    return "shown"
