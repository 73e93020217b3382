"""Starting, answering and handing in: nothing is lost, nothing counts twice, nothing is told too early."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizzes import taking
from quizzes.models import Answer, Attempt
from quizzes.taking import AnsweredElsewhere, Refused
from scoring.finish import finish, sweep
from scoring.models import Mark, Score
from staff.models import Event
from tests import make

real = pytest.mark.django_db(transaction=True)


@pytest.fixture
def attempt(world):
    return make.attempt(person=world.mira, subject=world.quiz)


@pytest.fixture
def run(world):
    return make.attempt(person=world.mira, subject=world.scenario)


def form(attempt, position=1, *, seq=1, option=None, signed=None):
    """What the browser posts for a position."""
    chosen = option if option is not None else make.right_answer(attempt=attempt, position=position)
    data = {"seq": seq, "ticket": signed or taking.ticket(attempt, position, timezone.now())}
    if taking.item_at(attempt, position).type == "ordering":
        return data | {f"rank-{key}": rank for rank, key in enumerate(chosen, start=1)}
    return data | {"option": chosen}


def position_of(attempt, slug):
    return 1 + [entry["slug"] for entry in attempt.paper].index(slug)


def post(browser, attempt, position, data):
    return browser.post(f"/attempts/{attempt.pk}/{position}/answer/", data)


def expire(attempt):
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(seconds=1))


# --- starting -------------------------------------------------------------------


def test_an_attempt_freezes_its_paper_its_unit_and_its_deadline(world, attempt):
    assert sorted(entry["slug"] for entry in attempt.paper) == ["greet", "manner", "order"]
    assert (attempt.unit, attempt.ordinal, attempt.allowed) == (world.desk, 1, 2)
    assert attempt.deadline - attempt.started_at == timedelta(minutes=20)


def test_a_second_start_returns_the_open_attempt(world, attempt):
    assert make.attempt(person=world.mira, subject=world.quiz) == attempt
    assert Attempt.objects.count() == 1


def test_a_start_after_the_last_attempt_is_refused(world):
    for _ in range(2):
        make.score(person=world.mira, subject=world.quiz)
    with pytest.raises(Refused) as refusal:
        make.attempt(person=world.mira, subject=world.quiz)
    assert (refusal.value.code, Attempt.objects.count()) == ("no_attempt_left", 2)


def test_the_refused_start_is_a_page_with_a_sentence(world, sign_in):
    for _ in range(2):
        make.score(person=world.mira, subject=world.quiz)
    response = sign_in(world.mira).post("/quizzes/first-month/start/")
    assert (response.status_code, Attempt.objects.count()) == (409, 2)


def test_a_bank_that_cannot_fill_the_paper_refuses_the_start_and_uses_no_attempt(world, sign_in):
    make.quiz(by=world.root, count=9)
    response = sign_in(world.mira).post("/quizzes/first-month/start/")
    assert (response.status_code, Attempt.objects.count()) == (409, 0)


def test_the_limit_is_the_databases(world, attempt):
    beyond = {"person": world.mira, "quiz": world.quiz, "slug": "another", "purpose": "assessed"}
    with pytest.raises(IntegrityError, match="no_more_attempts_than_allowed"), transaction.atomic():
        Attempt.objects.create(**beyond, ordinal=3, allowed=2)
    for ordinal in (1, 2):  # one is open; the ordinal is taken
        with pytest.raises(IntegrityError), transaction.atomic():
            Attempt.objects.create(**beyond | {"slug": "first-month"}, ordinal=ordinal, allowed=2)


def test_whoever_began_on_a_version_stays_on_it(world, attempt):
    make.item(by=world.root, slug="greet", right=("c",))
    make.quiz(by=world.root, minutes=5, percent=100)
    place = position_of(attempt, "greet")
    assert taking.item_at(attempt, place).number == 1
    assert taking.subject_of(attempt).body["minutes"] == 20
    make.answer(attempt=attempt, position=place, response=["b"])
    finish(attempt, by=world.mira)
    assert Mark.objects.get(position=place).points == 1


def test_two_papers_are_not_shuffled_alike_by_the_person(world):
    """Drawn from a secret: neither ids nor the order of starting decide it."""
    orders = set()
    for number in range(12):
        person = make.user(number=f"P{number}")
        orders.add(str(make.attempt(person=person, subject=world.quiz).paper))
    assert len(orders) > 3


# --- answering ------------------------------------------------------------------


def test_answering_leads_to_the_next_question_and_at_the_end_to_the_check(world, attempt, sign_in):
    browser = sign_in(world.mira)
    ways = [post(browser, attempt, place, form(attempt, place))["Location"] for place in (1, 2, 3)]
    base = f"/attempts/{attempt.pk}/"
    assert ways == [f"{base}2/", f"{base}3/", f"{base}check/"]
    assert [answer.response for answer in Answer.objects.order_by("position")] == [
        make.right_answer(attempt=attempt, position=place) for place in (1, 2, 3)
    ]


def test_coming_back_leads_to_the_first_open_question(world, attempt, sign_in):
    make.answer(attempt=attempt, position=1, response=make.right_answer(attempt=attempt, position=1))
    response = sign_in(world.mira).get(f"/attempts/{attempt.pk}/")
    assert response["Location"] == f"/attempts/{attempt.pk}/2/"


def test_the_script_that_saves_gets_a_receipt_and_no_page(world, attempt, sign_in):
    response = post(sign_in(world.mira), attempt, 1, form(attempt, 1) | {"save": "1"})
    assert (response.status_code, response.json()["seq"], Answer.objects.count()) == (200, 1, 1)


def test_an_answer_changed_is_another_row_and_the_last_counts(world, attempt):
    place = position_of(attempt, "greet")
    make.answer(attempt=attempt, position=place, response=["a"], seq=1)
    make.answer(attempt=attempt, position=place, response=["b"], seq=2)
    finish(attempt, by=world.mira)
    assert Answer.objects.count() == 2
    assert (Mark.objects.get(position=place).answer.seq, Mark.objects.get(position=place).points) == (2, 1)


@real
def test_the_same_form_sent_twice_is_the_same_success(world, attempt, sign_in):
    browser, data = sign_in(world.mira), form(attempt, 1)
    first, second = post(browser, attempt, 1, data), post(browser, attempt, 1, data)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Answer.objects.count() == 1


@real
def test_the_same_place_from_another_device_is_a_conflict_that_changes_nothing(world, attempt, sign_in):
    place = position_of(attempt, "greet")
    here, there = sign_in(world.mira), sign_in(world.mira)
    post(here, attempt, place, form(attempt, place, option=["b"]))
    late = form(attempt, place, option=["a"], signed=taking.ticket(attempt, place, timezone.now()))
    response = post(there, attempt, place, late)
    assert response.status_code == 409
    assert f"/attempts/{attempt.pk}/{place}/" in response.content.decode()
    assert list(Answer.objects.values_list("response", flat=True)) == [["b"]]


@real
def test_the_same_form_with_another_answer_is_a_conflict(world, attempt):
    signed = taking.ticket(attempt, 1, timezone.now())
    taking.answer(attempt, 1, ["a"], seq=1, signed=signed)
    with pytest.raises(AnsweredElsewhere):
        taking.answer(attempt, 1, ["b"], seq=1, signed=signed)
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("forgery", ["", "nonsense", "1:1:1700000000.0:AAAA", "::::"])
def test_a_forged_ticket_is_refused(world, attempt, sign_in, forgery):
    response = post(sign_in(world.mira), attempt, 1, form(attempt, 1) | {"ticket": forgery})
    assert (response.status_code in (409, 422), Answer.objects.count()) == (True, 0)


def test_a_ticket_of_another_position_or_attempt_is_refused(world, attempt):
    others = make.attempt(person=world.pavel, subject=world.quiz)
    now = timezone.now()
    for signed in (taking.ticket(attempt, 2, now), taking.ticket(others, 1, now), signing.Signer().sign("1:1:1")):
        with pytest.raises(Refused) as refusal:
            taking.answer(attempt, 1, ["a"], seq=1, signed=signed)
        assert refusal.value.code == "bad_ticket"


@pytest.mark.parametrize("option", [["z"], ["a", "b"], ["a", "z"]])
def test_an_option_that_is_not_offered_or_one_too_many_is_refused(world, attempt, sign_in, option):
    place = position_of(attempt, "greet")
    response = post(sign_in(world.mira), attempt, place, form(attempt, place, option=option))
    assert (response.status_code, Answer.objects.count()) == (422, 0)


def test_two_steps_in_one_place_are_refused(world, attempt, sign_in):
    place = position_of(attempt, "order")
    data = form(attempt, place) | {"rank-a": 1, "rank-b": 1, "rank-c": 2}
    assert (post(sign_in(world.mira), attempt, place, data).status_code, Answer.objects.count()) == (422, 0)


def test_figures_a_browser_makes_up_change_nothing(world, attempt, sign_in):
    browser = sign_in(world.mira)
    made_up = {
        "percent": 100, "points": 99, "passed": "true", "score": 100, "ordinal": 1, "allowed": 9, "person": 1,
        "deadline": "2099-01-01", "closed_at": "", "presented_at": "2000-01-01", "key": "mine", "response": '["b"]',
        "attempt": 1, "position": 3, "recorded_at": "2000-01-01", "at": "2000-01-01",
    }  # fmt: skip
    place = position_of(attempt, "greet")
    before = timezone.now()
    post(browser, attempt, place, form(attempt, place, option=["a"]) | made_up)
    browser.post(f"/attempts/{attempt.pk}/finish/", made_up)
    answer, score, later = Answer.objects.get(), Score.objects.get(), Attempt.objects.get()
    assert (answer.position, answer.response, answer.at >= before, answer.key != "mine") == (place, ["a"], True, True)
    assert (score.percent, score.passed) == (Decimal("0.0"), False)
    assert (later.allowed, later.deadline, later.person) == (2, attempt.deadline, world.mira)


# --- the clock ------------------------------------------------------------------


def test_a_late_answer_is_refused_by_the_servers_clock(world, attempt, sign_in):
    data = form(attempt, 1)
    expire(attempt)
    response = post(sign_in(world.mira), attempt, 1, data)
    assert (response.status_code, Answer.objects.count()) == (409, 0)


@real
def test_an_answer_that_read_the_attempt_before_it_closed_is_refused_by_the_database(world, attempt):
    seen_while_open = Attempt.objects.get(pk=attempt.pk)
    finish(attempt, by=world.mira)
    with pytest.raises(Refused) as refusal:
        make.answer(attempt=seen_while_open, position=1, response=["a"])
    assert (refusal.value.code, Answer.objects.count()) == ("closed", 0)


def test_what_was_saved_before_the_end_counts(world, attempt):
    place = position_of(attempt, "greet")
    make.answer(attempt=attempt, position=place, response=["b"])
    expire(attempt)
    sweep()
    attempt.refresh_from_db()
    assert (attempt.closed_by, attempt.scores.get().percent) == ("clock", Decimal("33.3"))
    assert {mark.position: mark.status for mark in Mark.objects.all()} == {
        number: "scored" if number == place else "omitted" for number in (1, 2, 3)
    }


def test_an_attempt_with_time_left_is_not_swept(attempt):
    sweep()
    attempt.refresh_from_db()
    assert attempt.closed is False


def test_an_attempt_that_cannot_be_closed_stops_no_other(world, attempt):
    other = make.attempt(person=world.pavel, subject=world.quiz)
    place = position_of(attempt, "greet")
    Answer.objects.create(
        attempt=attempt, position=place, seq=1, key="k", response=["no option"], presented_at=timezone.now()
    )
    Attempt.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    sweep()
    other.refresh_from_db()
    assert other.closed is True


def test_closing_the_page_hands_in_nothing(world, attempt, sign_in):
    make.answer(attempt=attempt, position=1, response=make.right_answer(attempt=attempt, position=1))
    sign_in(world.mira).get(f"/attempts/{attempt.pk}/check/")
    assert (Attempt.objects.open().count(), Score.objects.count()) == (1, 0)


# --- handing in -----------------------------------------------------------------


def test_handing_in_marks_every_position_with_its_clause(world, attempt):
    score = make.score(person=world.mira, subject=world.quiz, wrong=(2,))
    assert (score.percent, score.passed, score.revision) == (Decimal("66.7"), False, 1)
    cited = {1 + place: entry["slug"] for place, entry in enumerate(score.attempt.paper)}
    clauses = {"greet": "FD-LANG-001", "manner": "FD-MANN-001", "order": "FD-PROC-001"}
    assert [(mark.position, mark.wording.clause.key, mark.status, mark.points) for mark in score.marks.all()] == [
        (place, clauses[cited[place]], *(("omitted", 0) if place == 2 else ("scored", 1))) for place in (1, 2, 3)
    ]


def test_handing_in_twice_is_one_score(world, attempt, sign_in):
    browser = sign_in(world.mira)
    pages = [browser.post(f"/attempts/{attempt.pk}/finish/")["Location"] for _ in range(2)]
    assert pages == [f"/attempts/{attempt.pk}/result/"] * 2
    assert (Score.objects.count(), Event.objects.filter(verb="score").count()) == (1, 1)


def test_a_closed_attempt_opens_its_result_wherever_one_comes_from(world, attempt, sign_in):
    finish(attempt, by=world.mira)
    browser = sign_in(world.mira)
    for page in ("", "1/", "check/"):
        assert browser.get(f"/attempts/{attempt.pk}/{page}")["Location"] == f"/attempts/{attempt.pk}/result/"


def test_an_item_changed_later_leaves_the_result_as_it_was(world, sign_in):
    score = make.score(person=world.mira, subject=world.quiz)
    page = f"/attempts/{score.attempt_id}/result/"
    before = sign_in(world.mira).get(page).content.decode().count("FEEDBACK-greet")
    make.item(by=world.root, slug="greet", right=("c",))
    assert sign_in(world.mira).get(page).content.decode().count("FEEDBACK-greet") == before > 0
    score.refresh_from_db()
    assert score.percent == Decimal("100.0")


# --- scenarios ------------------------------------------------------------------


def turn(browser, run, choice, number, signed=None):
    ticket = signed or taking.ticket(run, number, timezone.now())
    return browser.post(f"/play/{run.pk}/turn/", {"choice": choice, "turn": number, "ticket": ticket})


def test_a_run_is_played_turn_by_turn_to_its_end(world, run, sign_in):
    browser = sign_in(world.mira)
    turn(browser, run, 1, 1)
    turn(browser, run, 1, 2)
    assert taking.path_of(run) == [1, 1]
    browser.post(f"/attempts/{run.pk}/finish/")
    score = Score.objects.get()
    assert (score.percent, score.passed, score.flags) == (Decimal("100.0"), True, {})


def test_a_turn_is_not_played_twice(world, run, sign_in):
    browser = sign_in(world.mira)
    turn(browser, run, 1, 1)
    assert turn(browser, run, 2, 1).status_code == 409
    assert taking.path_of(run) == [1]


@pytest.mark.parametrize(("choice", "number"), [(3, 1), (0, 1), (1, 2), ("x", 1), ("", ""), (1, 999)])
def test_a_turn_that_is_not_offered_changes_nothing(world, run, sign_in, choice, number):
    response = turn(sign_in(world.mira), run, choice, number, signed=taking.ticket(run, 1, timezone.now()))
    assert (response.status_code in (302, 409), Answer.objects.count()) == (True, 0)


def test_nothing_is_played_after_an_ending(world, run):
    make.turn(attempt=run, choice=2)
    with pytest.raises(ValueError, match="ended"):
        make.turn(attempt=run, choice=1)


def test_a_run_that_has_not_ended_is_not_handed_in(world, run, sign_in):
    make.turn(attempt=run, choice=1)
    response = sign_in(world.mira).post(f"/attempts/{run.pk}/finish/")
    assert (response["Location"], Score.objects.count()) == (f"/play/{run.pk}/", 0)


def test_a_red_line_is_not_passed_and_names_its_clause(world):
    score = make.score(person=world.mira, subject=world.scenario, choices=(2,))
    assert (score.percent, score.passed, score.flags) == (Decimal("0.0"), False, {"red": ["FD-PROH-001"]})


def test_every_lost_point_is_charged_to_its_turn(world):
    score = make.score(person=world.mira, subject=world.scenario, choices=(1, 2))
    lost = [mark.lost for mark in score.marks.all()]
    assert lost[0] == 0
    assert abs(100 - sum(lost) - score.percent) <= Decimal("0.05")


# --- what is told when ------------------------------------------------------------


def pages_of_an_open_attempt(browser, attempt):
    found = [browser.get(f"/attempts/{attempt.pk}/{place}/") for place in (1, 2, 3)]
    found += [post(browser, attempt, 1, form(attempt, 1, option=["z"]) | {"seq": "x"})]
    found += [browser.get("/"), browser.get("/quizzes/first-month/"), browser.get(f"/attempts/{attempt.pk}/check/")]
    return [(page.status_code, page.content.decode()) for page in found]


def test_feedback_of_an_open_attempt_is_on_no_page(world, attempt, sign_in):
    make.answer(attempt=attempt, position=1, response=make.right_answer(attempt=attempt, position=1))
    for status, html in pages_of_an_open_attempt(sign_in(world.mira), attempt):
        assert (status, "FEEDBACK-" in html) == (status, False)


def test_the_page_is_the_same_whichever_option_is_right(world, sign_in, monkeypatch):
    """The key leaves no trace: two banks that differ in nothing but the key give the same page."""
    monkeypatch.setattr(taking.secrets, "token_bytes", lambda n: b"s" * n)
    now = timezone.now()
    monkeypatch.setattr(taking, "ticket", lambda *args: "TICKET")
    html = []
    for right in ("a", "b", "c"):
        make.item(by=world.root, slug="greet", right=(right,))
        attempt = make.attempt(person=make.user(number=f"Q{right}"), subject=world.quiz)
        Attempt.objects.filter(pk=attempt.pk).update(deadline=now + timedelta(minutes=5))
        page = sign_in(attempt.person).get(f"/attempts/{attempt.pk}/{position_of(attempt, 'greet')}/").content.decode()
        html.append(question_form(page, attempt))
    assert html[0] == html[1] == html[2]


def question_form(page, attempt):
    start = page.index("data-answer")
    form = page[start : page.index("</form>", start)]
    for its_own in (f'data-attempt="{attempt.pk}"', f'data-person="{attempt.person_id}"', f"/attempts/{attempt.pk}/"):
        form = form.replace(its_own, "")
    return form[: form.index("csrfmiddlewaretoken")] + form[form.index('name="seq"') :]


def test_what_comes_later_in_a_scenario_is_on_no_page(world, run, sign_in):
    browser = sign_in(world.mira)
    for page in (f"/play/{run.pk}/", "/scenarios/queue-jumper/", "/"):
        html = browser.get(page).content.decode()
        assert [secret for secret in make.SCENARIO_SECRETS if secret in html] == []


def test_the_scene_one_has_reached_is_shown_and_no_more(world, run, sign_in):
    make.turn(attempt=run, choice=1)
    html = sign_in(world.mira).get(f"/play/{run.pk}/").content.decode()
    shown = ("LATER-SCENE-ZH", "LATER-BEST-ZH", "LATER-POOR-ZH")
    assert [words in html for words in shown] == [True, True, True]
    for words in ("WHY-", "LATER-SOUR", "LATER-THANKS", "DEBRIEF-"):
        assert (words, words in html) == (words, False)


def test_the_debrief_tells_why_when_it_is_over(world, sign_in):
    score = make.score(person=world.mira, subject=world.scenario, choices=(1, 2))
    html = sign_in(world.mira).get(f"/attempts/{score.attempt_id}/result/").content.decode()
    assert [words in html for words in ("WHY-GOOD-ZH", "WHY-POOR-ZH", "LATER-BEST-ZH")] == [True, True, True]


def test_the_feedback_is_told_with_the_marks(world, sign_in):
    score = make.score(person=world.mira, subject=world.quiz, wrong=(1,))
    html = sign_in(world.mira).get(f"/attempts/{score.attempt_id}/result/").content.decode()
    assert html.count("FEEDBACK-") == 3


# --- what it costs ------------------------------------------------------------------


def statements(deed):
    with CaptureQueriesContext(connection) as queries:
        deed()
    return [query["sql"] for query in queries]


def test_an_answer_costs_two_statements(world, attempt, sign_in):
    browser = sign_in(world.mira)
    post(browser, attempt, 1, form(attempt, 1))
    data = form(attempt, 2)
    assert len(statements(lambda: post(browser, attempt, 2, data))) == 2


@pytest.mark.parametrize("deed", ["post", "get"])
def test_an_attempt_no_database_can_number_is_not_found(world, attempt, sign_in, deed):
    page = {"post": "finish", "get": "result"}[deed]
    assert getattr(sign_in(world.mira), deed)(f"/attempts/{10**30}/{page}/").status_code == 404


def test_a_question_costs_two_statements_however_many_there_are(world, attempt, sign_in):
    browser = sign_in(world.mira)
    for place in (1, 2, 3):
        browser.get(f"/attempts/{attempt.pk}/{place}/")
    assert len(statements(lambda: browser.get(f"/attempts/{attempt.pk}/3/"))) == 2
    for place in (1, 2, 3):
        make.answer(attempt=attempt, position=place, response=make.right_answer(attempt=attempt, position=place))
    assert len(statements(lambda: browser.get(f"/attempts/{attempt.pk}/3/"))) == 2


def test_a_turn_costs_four_statements(world, run, sign_in):
    browser = sign_in(world.mira)
    turn(browser, run, 1, 1)
    signed = taking.ticket(run, 2, timezone.now())
    assert len(statements(lambda: turn(browser, run, 1, 2, signed=signed))) <= 4


def test_a_result_costs_no_more_for_more_marks(world, sign_in):
    score = make.score(person=world.mira, subject=world.quiz)
    browser, page = sign_in(world.mira), f"/attempts/{score.attempt_id}/result/"
    browser.get(page)
    assert len(statements(lambda: browser.get(page))) == 5
