"""A learner says that a question is wrong, and whoever wrote it answers."""

import pytest

from quizzes.models import ItemReport
from scoring.reporting import report
from tests import make
from tests.races import MANY, kinds, together


@pytest.fixture
def sign_in(sign_in):
    """In English, whose sentences these tests look for."""

    def in_english(person):
        browser = sign_in(person)
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return in_english


@pytest.fixture
def score(world):
    return make.score(person=world.mira, subject=world.quiz, wrong=(1,))


def send(browser, score, place=1, **form):
    return browser.post(f"/attempts/{score.attempt_id}/{place}/report/", {"words": "Two are right."} | form)


def result_of(browser, score):
    return browser.get(f"/attempts/{score.attempt_id}/result/").content.decode()


def test_a_report_reaches_a_trainer_without_a_name_and_its_answer_the_learner(world, score, sign_in):
    mira, root = sign_in(world.mira), sign_in(world.root)
    assert send(mira, score, 2).status_code == 302
    row = ItemReport.objects.get()
    assert (row.by, row.position, row.answer.position, row.named) == (world.mira, 2, 2, False)
    assert "1 question was reported" in root.get("/").content.decode()
    assert "Two are right." in root.get("/reports/").content.decode()
    html = root.get(f"/reports/{row.pk}/").content.decode()
    assert "Two are right." in html and "Name hidden" in html and "Mira" not in html
    root.post(f"/reports/{row.pk}/", {"words": "It is right: see the clause."})
    html = result_of(mira, score)
    assert "It is right: see the clause." in html and "Root" not in html
    again = root.post(f"/reports/{row.pk}/", {"words": "Another."})
    assert (again.status_code, ItemReport.objects.get().decision) == (409, "It is right: see the clause.")


def test_a_name_is_shown_to_whom_its_bearer_allows(world, score, sign_in):
    send(sign_in(world.mira), score, named="1")
    assert "By Mira" in sign_in(world.root).get(f"/reports/{ItemReport.objects.get().pk}/").content.decode()


@pytest.mark.parametrize("words", ["", " ", "a" * 2001])
def test_words_that_are_none_or_too_many_are_shown_again(world, score, sign_in, words):
    response = send(sign_in(world.mira), score, words=words)
    assert (response.status_code, ItemReport.objects.count()) == (422, 0)
    assert words in response.content.decode()


def test_a_question_is_reported_once(world, score, sign_in):
    mira = sign_in(world.mira)
    assert [send(mira, score, words=words).status_code for words in ("First.", "Second.")] == [302, 302]
    assert ItemReport.objects.get().words == "First."


def test_only_ones_own_closed_quiz_is_reported(world, score, sign_in):
    open_still = make.attempt(person=world.mira, subject=world.quiz)
    mira, pavel = sign_in(world.mira), sign_in(world.pavel)
    run = make.score(person=world.mira, subject=world.scenario)
    found = [send(pavel, score), send(mira, score, 4), send(mira, score, 0), send(mira, run)]
    found.append(mira.post(f"/attempts/{open_still.pk}/1/report/", {"words": "Too early."}))
    assert ({each.status_code for each in found}, ItemReport.objects.count()) == ({404}, 0)


def test_the_list_is_ones_own_items_and_those_of_nobody(world, score, sign_in):
    send(sign_in(world.mira), score)
    ana = sign_in(world.ana)
    assert "Two are right." not in ana.get("/reports/").content.decode()
    assert "Two are right." in ana.get("/reports/?who=all").content.decode()
    world.root.is_superuser = False
    world.root.save()
    assert "Two are right." in ana.get("/reports/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_are_one_report(world, score):
    got = together(lambda n: report(score.attempt, 1, by=world.mira, words=f"Words {n}."))
    assert kinds(got) == {"ItemReport": 1, "ReportedAlready": MANY - 1}
