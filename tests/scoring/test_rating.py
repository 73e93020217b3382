"""Open answers: who marks which, under which eyes, and what becomes of the result."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied

from config.verifying import verify
from courses.models import StepDone
from quizzes.marking import BadResponse
from scoring import queue
from scoring.agreement import Agreement, Given, Rules, agreement, settle
from scoring.models import Rating, Score
from scoring.rating import MarkedMeanwhile, rate
from staff.models import Event
from tests import make

FULL, HALF, NONE = ({"greets": share, "offers": share} for share in ("1", "0.5", "0"))
RUBRIC = {"points": 4, "rubric": [{"key": "greets", "points": 1}, {"key": "offers", "points": 3}]}


def given(*rows):
    return [Given(turn, by, shares) for turn, by, shares in rows]


# --- pure ---------------------------------------------------------------------


def test_one_marker_settles_an_answer():
    assert settle(RUBRIC, given((1, 7, HALF)), Rules()) == (0, Decimal("2.0000"))


def test_of_one_marker_the_newest_counts():
    assert settle(RUBRIC, given((1, 7, FULL), (1, 7, NONE)), Rules()).points == 0


@pytest.mark.parametrize(
    ("second", "limit", "outcome"),
    [(HALF, 2, (0, Decimal("3.0000"))), (HALF, 1, (3, None)), (FULL, 0, (0, Decimal("4.0000")))],
)
def test_two_markers_within_the_limit_give_their_mean_and_beyond_it_a_third(second, limit, outcome):
    assert settle(RUBRIC, given((1, 7, FULL), (2, 8, second)), Rules(True, Fraction(limit))) == outcome


def test_the_third_decides():
    rows = given((1, 7, FULL), (2, 8, NONE), (3, 9, HALF))
    assert settle(RUBRIC, rows, Rules(True, Fraction(1))).points == 2


@pytest.mark.parametrize("shares", [{"greets": "7", "offers": "1"}, {"greets": "1"}, FULL | {"smiles": "1"}])
def test_no_other_share_and_no_other_criterion_is_worth_anything(shares):
    with pytest.raises(BadResponse):
        settle(RUBRIC, given((1, 7, shares)), Rules())


def test_agreement_is_a_figure_from_ten_answers_on():
    pairs = [(Decimal(3), Decimal(n % 2 + 2), Fraction(0)) for n in range(10)]
    assert agreement(pairs[:9]) == Agreement(9)
    assert agreement(pairs) == Agreement(10, Decimal("0.50"), 50)


# --- the deed -------------------------------------------------------------------


@pytest.fixture
def words(world):
    make.open_item(by=world.root)
    world.clara = make.user(number="CLARA", groups=["trainer"])
    world.open_quiz = make.open_quiz(by=world.root)
    return world


def hand_in(world, person, quiz=None, text="Good morning, how may I help?", **more):
    responses = {"greet": ["b"], "words": {"text": text}} | more
    return make.handed_in(person=person, subject=quiz or world.open_quiz, responses=responses)


def answer_of(score, slug="words"):
    return score.marks.get(item__slug=slug).answer


def latest(score):
    return Score.objects.current().get(attempt=score.attempt_id)


def test_a_rating_makes_the_next_score_and_the_path_goes_on(words):
    steps = [("open", "quiz", "in-words", 3)]
    path = make.path(by=words.root, slug="words-path", steps=steps, role=words.guide)
    make.assignment(person=words.mira, path=path, unit=words.desk)
    first = hand_in(words, words.mira)
    assert (first.percent, first.passed, first.reason) == (None, None, "awaiting_marks")
    rate(answer_of(first), by=words.ana, turn=1, shares=HALF)
    again = latest(first)
    assert (again.revision, again.percent, again.passed, again.by) == (2, Decimal("60.0"), False, words.ana)
    rate(answer_of(first), by=words.ana, turn=1, shares=FULL)
    assert (latest(first).percent, latest(first).passed) == (Decimal("100.0"), True)
    assert StepDone.objects.get().source == f"score:{latest(first).pk}"
    rate(answer_of(first), by=words.ana, turn=1, shares=NONE)
    assert (latest(first).passed, StepDone.objects.count()) == (False, 1)
    assert verify()["differences"] == []


def test_no_half_result_is_told_while_another_answer_waits(words):
    make.open_item(by=words.root, slug="more")
    quiz = make.open_quiz(by=words.root, slug="two", items=("words", "more"))
    score = hand_in(words, words.mira, quiz, more={"text": "Please sit down."})
    rate(answer_of(score), by=words.ana, turn=1, shares=FULL)
    assert latest(score).revision == 1
    assert [each.needs for each in queue.waiting(score.marks.get(item__slug="words").item)] == [0]
    rate(answer_of(score, "more"), by=words.clara, turn=1, shares=NONE)
    assert (latest(score).revision, latest(score).percent) == (2, Decimal("50.0"))
    assert (queue.waiting(), verify()["differences"]) == ([], [])


def test_nobody_marks_ones_own_answer(words):
    score = hand_in(words, words.ana)
    with pytest.raises(PermissionDenied):
        rate(answer_of(score), by=words.ana, turn=1, shares=FULL)
    assert queue.next_for(words.ana, queue.waiting()) is None


def test_the_first_of_two_stands_and_the_second_is_told(words):
    score = hand_in(words, words.mira)
    rate(answer_of(score), by=words.ana, turn=1, shares=FULL)
    with pytest.raises(MarkedMeanwhile):
        rate(answer_of(score), by=words.clara, turn=1, shares=NONE)
    assert (Rating.objects.count(), latest(score).percent) == (1, Decimal("100.0"))


def test_the_same_form_twice_is_one_rating(words):
    score = hand_in(words, words.mira)
    rows = [rate(answer_of(score), by=words.ana, turn=1, shares=FULL, comment="Well.") for _ in (1, 2)]
    assert rows[0] == rows[1] and Event.objects.filter(verb="rate").count() == 1


@pytest.fixture
def twice(words):
    rules = {"marking": {"second": True, "limit": 1}}
    words.twice = make.open_quiz(by=words.clara, slug="twice", rules=rules)
    return words


def test_the_second_turn_is_another_persons(twice):
    score = hand_in(twice, twice.mira, twice.twice)
    rate(answer_of(score), by=twice.ana, turn=1, shares=FULL)
    with pytest.raises(PermissionDenied):
        rate(answer_of(score), by=twice.ana, turn=2, shares=FULL)
    assert queue.next_for(twice.ana, queue.waiting()) is None
    rate(answer_of(score), by=twice.root, turn=2, shares={"greets": "0", "offers": "1"})
    assert latest(score).percent == Decimal("90.0")  # the mean of 4 and 3 of 4 points, and 1 of 1
    assert verify()["differences"] == []


def test_beyond_the_limit_a_third_or_the_quizzes_owner_decides(twice):
    score = hand_in(twice, twice.mira, twice.twice)
    rate(answer_of(score), by=twice.clara, turn=1, shares=FULL)
    rate(answer_of(score), by=twice.ana, turn=2, shares=NONE)
    assert latest(score).percent is None
    with pytest.raises(PermissionDenied):
        rate(answer_of(score), by=twice.ana, turn=3, shares=NONE)
    rate(answer_of(score), by=twice.clara, turn=3, shares=HALF)  # the quiz is hers
    assert (latest(score).percent, verify()["differences"]) == (Decimal("60.0"), [])


# --- the queue ------------------------------------------------------------------


def test_the_order_is_the_same_for_all_and_two_at_once_are_given_different_answers(words):
    people = [make.user(number=f"P{n}") for n in range(4)]
    for person in people:
        hand_in(words, person)
    found = queue.waiting()
    given = {queue.next_for(marker, found).answer for marker in (words.ana, words.clara, words.root)}
    assert len(given) == 3
    ring = sorted(found, key=lambda each: queue.place(each.item, each.answer))
    now = queue.next_for(words.ana, found)
    seen = [now.answer]
    for _ in range(3):
        queue.let_go(seen[-1], words.ana)
        for marker in (words.clara, words.root):
            for each in found:
                queue.let_go(each.answer, marker)
        seen.append(queue.next_for(words.ana, found, after=seen[-1]).answer)
    start = [each.answer for each in ring].index(seen[0])
    assert seen == [ring[(start + n) % 4].answer for n in range(4)]


def test_a_row_of_the_queue_says_how_much_waits(words):
    scores = [hand_in(words, person) for person in (words.mira, words.pavel, words.ana)]
    rate(answer_of(scores[0]), by=words.clara, turn=1, shares=FULL)
    (row,) = queue.rows(words.ana)
    assert (row.item.slug, row.waiting, row.mine, row.marked, row.all) == ("words", 2, 1, 1, 3)
    assert [quiz.slug for quiz in row.quizzes] == ["in-words"]
    assert queue.fitting([row], words="Nothing of it") == queue.fitting([row], quiz="first-month") == []
    assert queue.fitting([row], words="question WORDS", quiz="in-words", item="words") == [row]
