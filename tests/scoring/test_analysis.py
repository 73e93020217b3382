"""Item analysis: whose answers count, what is shown of how many people, and what a trainer is told to do."""

import pytest

from quizzes.models import Attempt
from scoring import analysed, analysis
from scoring.models import Score
from tests import crowd, make

pytestmark = pytest.mark.slow

RIGHT, WRONG, OTHER = ["b"], ["a"], ["c"]


@pytest.fixture
def bank(world):
    """Four items of one point with b right."""
    world.four = [make.item(by=world.root, slug=f"q{at}") for at in range(1, 5)]
    return world


def ladder(n):
    """The first knows everything, the next one item less, and so on."""
    return [[RIGHT if place < 4 - at % 5 else WRONG for place in range(4)] for at in range(n)]


def taken(world, n, *, rows=None, prefix="C", **options):
    people = crowd.people(n, world.desk, prefix=prefix, works=False)
    return crowd.sat(people, world.quiz, world.four, rows or ladder(n), unit=world.desk, **options)


def page(sign_in, person, address="/quizzes/first-month/analysis/"):
    return sign_in(person).get(address, headers={"accept-language": "en"}).content.decode()


def test_the_figures_are_those_of_the_statistics(bank):
    taken(bank, 30)
    found = analysis.of_quiz("first-month")
    assert (found["n"], found["passed"], found["bins"][0], found["bins"][-1]) == (30, 12, 6, 6)
    assert (found["k"], found["form_n"], round(found["alpha"]["value"], 3)) == (4, 30, 0.8)
    assert {row["item"]: round(row["facility"]["value"], 3) for row in found["items"]} == {
        item.pk: share for item, share in zip(bank.four, (0.8, 0.6, 0.4, 0.2), strict=True)
    }
    assert found["clauses"] == [{"clause": "FD-LANG-001", "n": 120, "share": 0.5}]


def test_only_first_finished_attempts_of_people_who_are_no_trainers_count(bank):
    first = taken(bank, 6)
    people = [attempt.person for attempt in first]
    crowd.sat(people, bank.quiz, bank.four, ladder(6), unit=bank.desk, ordinal=2)
    crowd.sat(people, bank.quiz, bank.four, ladder(6), unit=bank.desk, purpose=Attempt.PREVIEW)
    crowd.sat(people, bank.quiz, bank.four, ladder(6), unit=bank.desk, purpose=Attempt.PRACTICE)
    crowd.sat([bank.ana], bank.quiz, bank.four, ladder(1), unit=bank.desk)
    make.attempt(person=bank.mira, subject=bank.quiz)  # not finished
    assert analysis.of_quiz("first-month")["n"] == 6


def test_the_newest_marking_counts_and_what_is_void_is_missing(bank):
    attempts = taken(bank, 5)
    old = Score.objects.get(attempt=attempts[0])
    again = Score.objects.create(
        attempt=attempts[0], revision=2, percent=100, passed=True, rules=2, digest="-", note="x"
    )
    for mark in old.marks.all():
        void = mark.position == 1
        mark.pk, mark.score, mark.status = None, again, "void" if void else "scored"
        mark.save()
    found = analysis.of_quiz("first-month")
    assert [row["n"] for row in found["items"] if row["item"] == bank.four[0].pk] == [4]
    assert found["n"] == 5


def test_who_answered_less_than_half_is_left_out_of_the_items_but_not_of_the_results(bank):
    attempts = taken(bank, 5)
    score = Score.objects.create(
        attempt=attempts[0], revision=2, percent=0, passed=False, rules=2, digest="-", note="x"
    )
    for mark in attempts[0].scores.first().marks.all():
        mark.pk, mark.score, mark.status = None, score, "not_reached" if mark.position > 1 else "scored"
        mark.save()
    found = analysis.of_quiz("first-month")
    assert (found["n"], found["left_out"], {row["n"] for row in found["items"]}) == (5, 1, {4})


@pytest.mark.parametrize(
    ("n", "told", "shown", "hidden"),
    [
        (4, "Fewer than 5 people", [], ["4 / 4", "Facility", "people passed"]),
        (9, "Fewer than 10 people", ["people passed", "8 / 9"], ["Mean ", "Alpha", "0 to"]),
        (29, "Fewer than 30 people", ["Mean ", "24 / 29", "83 %"], ["Alpha"]),
        (30, "Fewer than 100 people", ["Alpha 0.80", "24 / 30"], []),
    ],
)
def test_the_page_shows_what_the_number_of_people_allows(bank, sign_in, n, told, shown, hidden):
    taken(bank, n)
    html = page(sign_in, bank.ana)
    assert told in html
    assert [words for words in shown if words not in html] == []
    assert [words for words in hidden if words in html] == []


def test_a_key_that_is_wrong_stands_first_with_what_to_do(bank, sign_in):
    # The good choose c on the fourth item, the poor its key b.
    good, poor = [RIGHT, RIGHT, RIGHT, OTHER], [WRONG, WRONG, WRONG, RIGHT]
    taken(bank, 40, rows=[good, poor] * 20)
    found = analysis.of_quiz("first-month")
    assert found["items"][0]["item"] == bank.four[3].pk
    assert found["items"][0]["flags"][:2] == ["key_wrong", "beats_key"]
    assert "The key may be wrong: another option goes better with good results" in page(sign_in, bank.ana)
    html = page(sign_in, bank.ana, "/items/q4/analysis/")
    assert "chosen by 20 people, 50 percent" in html
    assert "20 of 40 people earned every point." in html
    assert "answered within 20 seconds" in html


def test_papers_that_were_drawn_have_an_error_but_no_alpha(bank):
    people = crowd.people(32, bank.desk, works=False)
    for at, person in enumerate(people):
        mine = [item for place, item in enumerate(bank.four) if place != at % 4]
        crowd.sat([person], bank.quiz, mine, [[RIGHT, WRONG, RIGHT]], unit=bank.desk)
    found = analysis.of_quiz("first-month")
    assert (found["drawn"], found["alpha"]) == (True, None)
    assert round(found["sem"], 6) == round(100 / 3, 6)  # Lord: √(2 · 1 ÷ 2) of 3 items
    assert {row["n"] for row in found["items"]} == {24}


def test_more_people_than_a_page_reckons_with_wait_for_a_job(bank, sign_in, monkeypatch):
    monkeypatch.setattr(analysis, "IN_A_PAGE", 5)
    taken(bank, 10)
    browser = sign_in(bank.ana)
    assert analysed.quiz("first-month").figures is None
    assert "Work the figures out" in page(sign_in, bank.ana)
    browser.post("/quizzes/first-month/analysis/compute/")
    job = analysed.quiz("first-month").job
    job.claim()
    job.refresh_from_db()
    job.finish(analysed.work_out(job))
    found = analysed.quiz("first-month")
    assert (found.figures["n"], found.stale, found.job) == (10, False, None)
    taken(bank, 1, prefix="D")
    assert analysed.quiz("first-month").stale
    assert "People have been marked since." in page(sign_in, bank.ana)


def test_the_table_goes_to_excel_and_csv(bank, sign_in):
    taken(bank, 30)
    browser = sign_in(bank.ana)
    csv = b"".join(browser.get("/quizzes/first-month/analysis/table.csv").streaming_content).decode("utf-8-sig")
    assert len(csv.splitlines()) == 5
    sheet = browser.get("/quizzes/first-month/analysis/table.xlsx")
    assert sheet.content[:2] == b"PK"
    assert browser.get("/quizzes/first-month/analysis/table.pdf").status_code == 404


def test_the_page_costs_the_same_for_3_people_and_for_30(bank, sign_in, django_assert_max_num_queries):
    taken(bank, 30)
    browser = sign_in(bank.ana)
    browser.get("/quizzes/first-month/analysis/")
    with django_assert_max_num_queries(8):
        browser.get("/quizzes/first-month/analysis/")
    with django_assert_max_num_queries(8):
        browser.get("/items/q1/analysis/")
