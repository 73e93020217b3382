"""The marking queue in the browser: names hidden, no script needed, nothing forged counts."""

import pytest

from scoring.models import Rating, Score
from tests import make


@pytest.fixture
def sign_in(sign_in):
    """In English, whose sentences these tests look for."""

    def in_english(person):
        browser = sign_in(person)
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return in_english


@pytest.fixture
def words(world):
    world.item = make.open_item(by=world.root)
    world.clara = make.user(number="CLARA", groups=["trainer"])
    world.open_quiz = make.open_quiz(by=world.root)
    return world


def hand_in(world, person, text="Good morning, how may I help?"):
    score = make.handed_in(person=person, subject=world.open_quiz, responses={"words": {"text": text}})
    return score.marks.get(item__slug="words").answer


def form(answer, greets="1", offers="0.5", **more):
    return {"answer": answer.pk, "turn": 1, "c-greets": greets, "c-offers": offers} | more


def page_of(words):
    return f"/marking/{words.item.pk}/"


def test_one_answer_after_the_other_and_the_last_page_says_that_all_are_marked(words, sign_in):
    answers = [hand_in(words, person, f"<b>Words</b> of {n}") for n, person in enumerate((words.mira, words.pavel))]
    ana = sign_in(words.ana)
    html = ana.get("/marking/").content.decode()
    assert f'href="{page_of(words)}"' in html and "0 of 2" in html
    for n in (1, 2):
        html = ana.get(page_of(words)).content.decode()
        given = next(answer for answer in answers if f'name="answer" value="{answer.pk}"' in html)
        assert f"{n - 1} of 2 marked" in html and "&lt;b&gt;Words&lt;/b&gt;" in html
        response = ana.post(page_of(words), form(given, comment="Say your name."))
        assert (response.status_code, response["Location"]) == (302, f"{page_of(words)}?before={given.pk}")
    html = ana.get(response["Location"]).content.decode()
    assert "Every answer to this item has its marks" in html and f"?answer={given.pk}" in html
    assert sorted(score.percent for score in Score.objects.current()) == [50, 50]


def test_no_page_of_the_queue_names_who_wrote(words, sign_in):
    answer = hand_in(words, words.mira)
    ana = sign_in(words.ana)
    for address in ("/marking/", page_of(words), f"{page_of(words)}?answer={answer.pk}"):
        html = ana.get(address).content.decode()
        assert [name for name in ("Mira", "MIRA", "desk") if f">{name}" in html or f" {name}" in html] == []


@pytest.mark.parametrize(
    "forged",
    [{"c-offers": "7"}, {"c-offers": ""}, {"c-smiles": "1"}, {"turn": "9"}, {"comment": "a" * 2001}],
)
def test_a_forged_form_is_shown_again_and_counts_nothing(words, sign_in, forged):
    answer = hand_in(words, words.mira)
    response = sign_in(words.ana).post(page_of(words), form(answer) | forged)
    assert (response.status_code, Rating.objects.count()) == (422, 0)
    assert b'name="c-greets" value="1"' in response.content


def test_ones_own_answer_is_refused_and_an_answer_to_another_item_not_found(words, sign_in):
    own, other = hand_in(words, words.ana), hand_in(words, words.mira)
    ana = sign_in(words.ana)
    assert ana.get(f"{page_of(words)}?answer={own.pk}").status_code == 403
    assert ana.post(page_of(words), form(own)).status_code == 403
    closed = other.attempt.scores.get().marks.exclude(answer=other).get()
    assert closed.answer is None
    assert ana.post(page_of(words), form(other) | {"answer": 10**9}).status_code == 404
    assert ana.post(page_of(words), form(other) | {"answer": "1; DROP"}).status_code == 404
    assert Rating.objects.count() == 0


def test_who_comes_second_is_told_and_goes_on(words, sign_in):
    answer = hand_in(words, words.mira)
    ana, clara = sign_in(words.ana), sign_in(words.clara)
    clara.get(page_of(words))
    ana.post(page_of(words), form(answer))
    told = clara.post(page_of(words), form(answer, greets="0"), follow=True).content.decode()
    assert "Somebody else marked this answer meanwhile" in told
    assert Rating.objects.get().by == words.ana
    assert "theirs stand" in clara.get(f"{page_of(words)}?answer={answer.pk}", follow=True).content.decode()


def test_the_one_before_is_changed_and_the_learner_reads_the_comment(words, sign_in):
    answer = hand_in(words, words.mira)
    ana, mira = sign_in(words.ana), sign_in(words.mira)
    waiting = mira.get(f"/attempts/{answer.attempt_id}/result/").content.decode()
    ana.post(page_of(words), form(answer, comment="First thought."))
    again = ana.get(f"{page_of(words)}?answer={answer.pk}").content.decode()
    assert "First thought." in again and 'value="0.5" id="id_c-offers_1" required checked' in again
    ana.post(page_of(words), form(answer, offers="1", comment="Better: say your name."))
    html = mira.get(f"/attempts/{answer.attempt_id}/result/").content.decode()
    assert "SAMPLE" in waiting and "First thought." not in html
    assert "Better: say your name." in html and "Ana" not in html
    assert "80.0" in html and "marked" in mira.get("/marks/").content.decode()


def test_the_second_marker_sees_nothing_of_the_first_and_the_third_sees_both(words, sign_in):
    rules = {"marking": {"second": True, "limit": 1}}
    words.open_quiz = make.open_quiz(by=words.root, slug="twice", rules=rules)
    answer = hand_in(words, words.mira)
    sign_in(words.ana).post(page_of(words), form(answer, "1", "1", comment="FIRSTS-WORDS"))
    clara = sign_in(words.clara)
    html = clara.get(page_of(words)).content.decode()
    assert "FIRSTS-WORDS" not in html and "checked" not in html.partition('id="rating"')[2].partition("</form>")[0]
    clara.post(page_of(words), form(answer, "0", "0", turn=2, comment="SECONDS-WORDS"))
    html = sign_in(words.root).get(page_of(words)).content.decode()
    assert "FIRSTS-WORDS" in html and "SECONDS-WORDS" in html and "You decide between two markers" in html


def test_the_page_costs_the_same_for_any_number(words, sign_in, django_assert_max_num_queries):
    people = [make.user(number=f"P{n}") for n in range(3)]
    ana = sign_in(words.ana)
    hand_in(words, words.mira)
    ana.get("/marking/")
    for person in [None, *people]:
        if person:
            hand_in(words, person)
        with django_assert_max_num_queries(9):
            ana.get("/marking/")
