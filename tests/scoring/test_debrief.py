"""What a closed attempt tells beyond its marks: tenths that add up, a chart that can be read, a way on."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.debrief import chart, debrief, shared_out
from tests import make


@pytest.mark.parametrize(
    ("figure", "losses", "shares"),
    [
        ("39.9", [(2083, 10000), (1902, 10000)], ["20.9", "19.0"]),
        ("100.0", [(1, 3), (1, 3), (1, 3)], ["33.4", "33.3", "33.3"]),
        ("11.4", [(0, 1), (4, 35), (0, 1)], ["0.0", "11.4", "0.0"]),
        ("0.1", [(1, 2000), (1, 1000)], ["0.0", "0.1"]),
    ],
)
def test_the_losses_of_the_turns_add_up_to_what_the_score_lost(figure, losses, shares):
    found = shared_out(Decimal(figure), [Fraction(*loss) for loss in losses])
    assert (found, sum(found)) == ([Decimal(share) for share in shares], Decimal(figure))


@pytest.mark.parametrize("choices", [(1, 1), (1, 2), (2,)])
def test_every_run_loses_what_its_turns_lost(world, choices):
    score = make.score(person=world.mira, subject=world.scenario, choices=choices)
    found = debrief(score.attempt, score, world.scenario)
    assert sum(turn["lost"] for turn in found["turns"]) == 100 - score.percent


@pytest.mark.parametrize(
    ("own", "best", "red", "names"),
    [
        ([0, 1, -1, 2], [0, 1, 2, 3], [], (2, 2)),  # where they are furthest apart
        ([0, -1, -3], [0, 1, 1, 2, 3], [], (2, 2)),  # one's own ends early: beside its end
        ([0, -2, -3, -3], [0, 1, 2, 3], [1], (3, 3)),  # not on the name of the red line
        ([0, 1, 2], [0, 1, 2], [], (2, 2)),
    ],
)
def test_the_names_of_the_curves_stand_where_they_can_be_read(own, best, red, names):
    found = chart(own, best, red)
    assert (found["own_at"], found["best_at"]) == names


def test_seven_moods_are_drawn_as_the_five_faces():
    assert chart([-3, -2, -1, 0], [0, 1, 2, 3], [])["own"] == [1, 1, 2, 3]
    assert chart([-3, -2, -1, 0], [0, 1, 2, 3], [])["best"] == [3, 4, 5, 5]


def result(browser, score):
    return browser.get(f"/attempts/{score.attempt_id}/result/").content.decode()


def test_who_fails_a_quiz_is_sent_to_the_lessons_that_teach_what_was_missed(world, sign_in):
    score = make.score(person=world.mira, subject=world.quiz, wrong=(1, 2, 3))
    lesson = world.course.lessons[0]
    html = result(sign_in(world.mira), score)
    assert f'href="{world.course.lesson_url(lesson["key"])}"' in html
    assert html.count("button-primary") == 1
    assert '/quizzes/first-month/">再试一次' in html


def test_who_fails_a_scenario_is_sent_on_as_well(world, sign_in):
    score = make.score(person=world.mira, subject=world.scenario, choices=(2,))
    html = result(sign_in(world.mira), score)
    assert (html.count("button-primary"), '/scenarios/queue-jumper/">再试一次' in html) == (1, True)


def test_after_the_last_attempt_none_is_offered(world, sign_in):
    make.score(person=world.mira, subject=world.quiz, wrong=(1, 2, 3))
    score = make.score(person=world.mira, subject=world.quiz, wrong=(1, 2, 3))
    html = result(sign_in(world.mira), score)
    assert ("再试一次" in html, "没有作答机会了" in html, html.count("button-primary")) == (False, True, 1)


def test_who_passed_or_only_looks_on_is_sent_nowhere(world, sign_in):
    passed = make.score(person=world.mira, subject=world.quiz)
    failed = make.score(person=world.pavel, subject=world.quiz, wrong=(1, 2, 3))
    assert "way-on" not in result(sign_in(world.mira), passed)
    assert "way-on" not in result(sign_in(world.root), failed)


def test_the_way_on_costs_two_statements_however_many_marks_were_missed(world, sign_in):
    few = make.score(person=world.mira, subject=world.quiz, wrong=(1, 2))
    many = make.score(person=world.mira, subject=world.quiz, wrong=(1, 2, 3))
    browser = sign_in(world.mira)
    for score in (few, many):
        result(browser, score)
        with CaptureQueriesContext(connection) as queries:
            result(browser, score)
        assert len(queries) == 8
