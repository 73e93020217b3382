"""Where an item is used, what people earned by it, and what changed from version to version."""

import pytest

from quizzes import writing
from quizzes.models import Item, ItemReport, Quiz
from scoring.item_use import differences, use_of
from scoring.models import Mark, Score
from tests import make


def row(slug):
    return Item.objects.shelved().get(slug=slug)


def test_a_quiz_that_names_it_and_one_that_can_draw_it(world):
    named = world.quiz.body | {"blueprint": [{"items": ["greet"], "count": 1}]}
    make._publish(Quiz, "by-name", named, world.root)
    sections = {key: value for key, value in world.quiz.body.items() if key != "blueprint"}
    rows = [{"clauses": ["FD-"], "count": 1, "difficulties": ["hard"]}]
    make._publish(
        Quiz, "hard-ones", sections | {"sections": [{"key": "a", "title": make.words("A"), "rows": rows}]}, world.root
    )
    use = use_of(row("greet"))
    assert ([quiz.slug for quiz in use.named], [quiz.slug for quiz in use.drawable]) == (["by-name"], ["first-month"])


def test_papers_facility_from_ten_answers_on_and_open_reports(world, sign_in):
    score = make.score(person=world.mira, subject=world.quiz)
    use = use_of(row("greet"))
    assert (use.papers, use.n, use.facility, use.last) == (1, 1, None, score.attempt.started_at)
    position = next(at for at, entry in enumerate(score.attempt.paper, 1) if entry["slug"] == "greet")
    for number in range(9):
        person = make.user(number=f"P{number}")
        make.score(person=person, subject=world.quiz, wrong=range(1, 4) if number < 5 else ())
    ItemReport.objects.create(
        attempt=score.attempt, position=position, item=world.items[0], by=world.mira, words="Why?"
    )
    use = use_of(row("greet"))
    assert (use.papers, use.n, use.facility, use.misleading, use.reports) == (10, 10, 50, True, 1)
    page = sign_in(world.ana).get("/items/greet/use/", headers={"accept-language": "en"}).content.decode()
    assert "50 % of its points (n = 10)" in page and "does not fit" in page


def test_a_later_mark_counts_instead_and_a_void_one_not_at_all(world):
    scores = [make.score(person=make.user(number=f"P{n}"), subject=world.quiz) for n in range(12)]
    for score, change in zip(scores, ({"status": "void", "points": None}, {"points": 0}), strict=False):
        mark = score.marks.get(item__slug="greet")
        later = Score.objects.create(
            attempt=score.attempt, revision=2, percent=50, rules=2, digest="0" * 64, note="why"
        )
        fields = {"position": mark.position, "item": mark.item, "status": "scored", "points": 1, "max_points": 1}
        Mark.objects.create(score=later, **fields | change)
    assert ((use := use_of(row("greet"))).papers, use.n, use.facility) == (12, 11, 91)


def test_versions_say_word_by_word_what_changed(world):
    body = world.items[0].body
    changed = body | {"stem": make.words("Question greet now?", body["stem"]["zh"]), "right": ["a"], "tags": ["wet"]}
    draft = writing.rewrite("greet", make.words("greet"), changed, by=world.ana, shown=writing.seen(world.items[0]))
    writing.publish("greet", by=world.ana, shown=writing.seen(draft))
    (newest, told), (_first, nothing) = use_of(row("greet")).versions
    assert (newest.number, nothing) == (2, [])
    assert [part for part, _left, _right in told] == [("stem", ""), ("key", ""), ("tags", "")]
    assert ("".join(words for words, added in told[0][2] if added)).strip() == "now"
    assert differences(newest, newest) == []


@pytest.mark.parametrize("more", [1, 3])
def test_the_page_costs_the_same(world, sign_in, django_assert_num_queries, more):
    ana = sign_in(world.ana)
    ana.get("/items/greet/use/")
    for number in range(more):
        make.score(person=make.user(number=f"P{number}"), subject=world.quiz)
    with django_assert_num_queries(8):
        ana.get("/items/greet/use/")
