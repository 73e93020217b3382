"""From a figure back to the sentence it rests on, and from a sentence forward to who missed it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import Mark
from scoring.sheets import sheet
from scoring.signing import sign
from scoring.thread import line_thread
from staff.frozen import thaw
from tests import make


def knots(appraisal, indicator):
    return [(node.kind, node.id) for node in line_thread(appraisal, indicator, "en")]


def test_a_scored_line_leads_down_to_clause_and_standard(world):
    appraisal = make.appraisal(world=world)
    mark = world.score.marks.get(position=1)
    item = mark.item
    assert knots(appraisal, "quiz") == [
        ("appraisal", str(appraisal.pk)),
        ("indicator", "quiz"),
        ("score", str(world.score.pk)),
        ("mark", str(mark.pk)),
        ("item", f"{item.slug}:1"),
        ("answer", ""),  # it was left out
        ("clause", item.body["cites"][0]),
        ("standard", "front-desk:1"),
    ]


def test_a_scenario_line_leads_to_the_choice_that_lost_most(world):
    world.run = make.score(person=world.mira, subject=world.scenario, choices=(1, 2))
    found = sheet(world.mira, world.plan, make.period())
    plan = make.plan(by=world.root, slug="runs", body=make.plan_body(limit=100))
    appraisal = sign(sheet(world.mira, plan, make.period()), by=world.hui, unit=world.desk)
    assert found.result.blocked == "too_much_missing"
    assert [node for node in knots(appraisal, "scenario") if node[0] in ("scenario", "clause")] == [
        ("scenario", "queue-jumper:1"),
        ("clause", "FD-PROC-001"),
    ]
    choice = next(node for node in line_thread(appraisal, "scenario", "en") if node.kind == "answer")
    assert choice.label == "LATER-POOR-EN"


def test_an_observed_line_leads_to_what_was_not_met(world):
    appraisal = make.appraisal(world=world)
    finding = world.observation.findings.get(outcome="not_met")
    assert knots(appraisal, "observation")[2:] == [
        ("observation", str(world.observation.pk)),
        ("finding", str(finding.pk)),
        ("clause", "FD-MANN-001"),
        ("standard", "front-desk:1"),
    ]


def test_a_completion_line_leads_through_its_path_to_what_its_course_teaches_first(world):
    appraisal = make.appraisal(world=world)
    assert knots(appraisal, "completion")[2:] == [
        ("assignment", str(world.assignment.pk)),
        ("path", "guide-path:1"),
        ("course", "onboarding:1"),
        ("clause", "FD-LANG-001"),
        ("standard", "front-desk:1"),
    ]


def labels(appraisal, indicator, language):
    return {node.kind: node.label for node in line_thread(appraisal, indicator, language)}


def test_the_knots_speak_both_languages(world):
    appraisal = make.appraisal(world=world)
    english, chinese = (labels(appraisal, "observation", language) for language in ("en", "zh-hans"))
    assert (english["observation"], chinese["observation"]) == ("3 points observed, 1 not met", "观察了3项，1项未做到")
    figure = f"{make.period()} · 78.4 · "
    assert (english["appraisal"], chinese["appraisal"]) == (f"{figure}revision 1", f"{figure}第1版")
    assert (english["standard"], chinese["standard"]) == ("Front desk · version 1", "服务台 · 第1版")


def test_a_void_mark_is_neither_right_nor_wrong(world, sign_in):
    appraisal = make.appraisal(world=world)
    mark = world.score.marks.get(position=2)
    with thaw():
        Mark.objects.filter(pk=mark.pk).update(points=None, max_points=None, status="void")
    page = sign_in(world.mira).get(f"/appraisals/{appraisal.pk}/thread/quiz/", headers={"accept-language": "en"})
    shown = page.content.decode().partition("Every clause behind this line")[2]
    assert re.findall(r"</svg>(\w+)</span>", shown) == ["Wrong", "Void", "Right"]
    assert "Missed" not in shown


def test_how_often_a_clause_is_missed_is_counted_by_the_database(world, sign_in):
    make.appraisal(world=world)
    make.score(person=world.mira, subject=world.quiz)
    browser = sign_in(world.hui)

    def cost():
        browser.get("/clauses/FD-MANN-001/")
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/clauses/FD-MANN-001/", headers={"accept-language": "en"}).content.decode()
        assert sum(len(query["sql"]) > 0 and '"points"' in query["sql"].split("FROM")[0] for query in queries) <= 1
        return re.search(r"Missed (\d+) of (\d+) times", page).groups(), len(queries)

    missed, few = cost()
    for number in range(3):
        person = make.user(number=f"P{number}")
        make.score(person=person, subject=world.quiz, wrong=(1, 2, 3))
    (now, all_of), many = cost()
    assert (int(now) - int(missed[0]), int(all_of) - int(missed[1]), many) == (3, 3, few)


def test_the_clause_page_names_lessons_and_shows_no_keys(world, sign_in):
    page = sign_in(world.mira).get("/clauses/FD-LANG-001/", headers={"accept-language": "en"}).content.decode()
    assert "Lesson greet" in page
    assert "1 scene" in page
    for key in ("greet", "start", "p1", "later"):
        assert f'faint">{key}<' not in page
        assert f'num">{key}<' not in page


def test_the_thread_holds_to_the_words_of_its_day(world, sign_in):
    """The standard's next version does not change what was marked, nor what the last knot opens."""
    appraisal = make.appraisal(world=world)
    make.standard(by=world.root, clauses=("FD-LANG-001", "FD-MANN-001", "FD-PROC-001"))
    last = line_thread(appraisal, "quiz", "en")[-1]
    assert (last.kind, last.id) == ("standard", "front-desk:1")
    page = sign_in(world.mira).get(last.url, headers={"accept-language": "en"}).content.decode()
    assert "This is an older version." in page and "<span>Version 1</span>" in page


@pytest.mark.parametrize("indicator", ["quiz", "scenario", "observation", "completion"])
def test_every_knot_of_the_thread_can_be_opened_by_the_person_appraised(world, sign_in, indicator):
    appraisal = make.appraisal(world=world)
    browser = sign_in(world.mira)
    for node in line_thread(appraisal, indicator, "en"):
        assert (node.kind, browser.get(node.url).status_code) == (node.kind, 200)


def test_the_clause_leads_forward_to_who_missed_it(world, sign_in):
    make.appraisal(world=world)
    page = sign_in(world.hui).get("/clauses/FD-MANN-001/", headers={"accept-language": "en"}).content.decode()
    page = page.partition("Who missed it")[2].partition("In short")[0]
    assert [number for number in ("MIRA", "PAVEL") if number in page] == ["MIRA"]
    assert "MIRA" not in sign_in(world.pavel).get("/clauses/FD-MANN-001/").content.decode()
