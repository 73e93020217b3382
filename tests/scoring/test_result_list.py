"""The list of results: whose names stand there, how it is narrowed, what a page and a file cost."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from jobs.models import Job
from quizzes.models import Attempt
from scoring import exporting, result_list
from scoring.models import Score
from tests import crowd, make

LIST = "/results/"
RIGHT, WRONG = ["b"], ["a"]


@pytest.fixture
def crowded(world):
    """Six people at the desk, which otto heads, and four on the ward, which he does not."""
    world.item = make.item(by=world.root, slug="only")
    for prefix, unit, n in (("D", world.desk, 6), ("W", world.ward, 4)):
        people = crowd.people(n, unit, prefix=prefix)
        crowd.sat(people, world.quiz, [world.item], [[RIGHT if at % 2 else WRONG] for at in range(n)], unit=unit)
    return world


def numbers(html):
    return re.findall(r'class="small faint num nowrap">([DW]\d+)<', html)


def page(browser, query=""):
    return browser.get(f"{LIST}{query}", headers={"accept-language": "en"}).content.decode()


def test_a_trainer_sees_everybody_and_a_manager_the_units_she_heads(crowded, sign_in):
    assert len(numbers(page(sign_in(crowded.ana)))) == 10
    assert {number[0] for number in numbers(page(sign_in(crowded.otto)))} == {"D"}
    assert sign_in(crowded.mira).get(LIST).status_code == 403
    nowhere = make.user(number="NEMO", groups=["manager"])
    assert numbers(page(sign_in(nowhere))) == []


def test_a_manager_cannot_ask_for_anothers_unit_in_any_form(crowded, sign_in):
    otto = sign_in(crowded.otto)
    query = f"?unit={crowded.ward.pk}"
    assert {number[0] for number in numbers(page(otto, query))} == {"D"}  # no choice of hers
    csv = b"".join(otto.get(f"/results/results.csv{query}").streaming_content).decode("utf-8-sig")
    assert len(re.findall("^D0", csv, re.MULTILINE)) == 6 and "W0" not in csv
    otto.post("/results/export/", {"unit": crowded.ward.pk})
    assert exporting.write(Job.objects.get(kind="export-results"))["rows"] == 6


def test_only_finished_assessed_quizzes_stand_in_it(crowded, sign_in):
    make.score(person=crowded.mira, subject=crowded.scenario)
    make.attempt(person=crowded.mira, subject=crowded.quiz)
    people = [attempt.person for attempt in Attempt.objects.all()[:2]]
    for purpose in (Attempt.PREVIEW, Attempt.PRACTICE):
        crowd.sat(people, crowded.quiz, [crowded.item], [[RIGHT]] * 2, unit=crowded.desk, purpose=purpose)
    assert result_list.seen_by(crowded.ana).count() == 10


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?outcome=passed", 5),
        ("?outcome=failed", 5),
        ("?outcome=awaiting", 0),
        ("?q=W00001", 1),
        ("?q=nobody", 0),
        ("?quiz=first-month", 10),
        ("?quiz=other", 0),
        ("?since=2020-01-01", 10),
        ("?until=2020-01-01", 0),
        ("?since=31-12-2020&unit=x%00", 10),
    ],
)
def test_the_list_is_narrowed_by_what_is_chosen(crowded, sign_in, query, found):
    assert len(numbers(page(sign_in(crowded.ana), query))) == found


def test_the_newest_marking_counts_and_what_waits_says_so(crowded, sign_in):
    score = Score.objects.filter(passed=True).first()
    Score.objects.create(attempt=score.attempt, revision=2, percent=None, passed=None, reason="awaiting_marks",
                         rules=2, digest="-", note="x", flags={"red": "FD-PROH-001"})  # fmt: skip
    ana = sign_in(crowded.ana)
    assert numbers(page(ana, "?outcome=awaiting")) == [score.attempt.person.employee_number]
    html = page(ana, "?outcome=awaiting")
    assert "Waits for marking" in html and "Red line" in html
    assert len(numbers(page(ana, "?outcome=passed"))) == 4


def test_it_is_ordered_as_asked(crowded, sign_in):
    ana = sign_in(crowded.ana)
    assert numbers(page(ana, "?sort=person"))[0] == "D00000"
    lowest, highest = page(ana, "?sort=lowest"), page(ana, "?sort=highest")
    assert re.findall(r">(0\.0|100\.0)<", lowest) == ["0.0"] * 5 + ["100.0"] * 5
    assert re.findall(r">(0\.0|100\.0)<", highest) == ["100.0"] * 5 + ["0.0"] * 5


def test_the_pages_hold_everybody_once(crowded, sign_in, monkeypatch):
    monkeypatch.setattr(result_list, "PAGE", 4)
    ana, seen, query = sign_in(crowded.ana), [], ""
    while query is not None:
        html = page(ana, query)
        seen += numbers(html)
        more = re.search(r'rel="next" href="(\?[^"]+)"', html)
        query = more and more[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 10


def test_a_result_opens_only_for_who_may_open_it(crowded, sign_in):
    assert "/result/" not in page(sign_in(crowded.ana))
    address = re.search(r'href="(/attempts/\d+/result/)"', page(sign_in(crowded.otto)))[1]
    assert sign_in(crowded.otto).get(address).status_code == 200


def test_the_files_hold_the_list_and_no_formula(crowded, sign_in):
    crowd.sat(
        [make.user(number="X1", name="=HYPERLINK(1)")], crowded.quiz, [crowded.item], [[RIGHT]], unit=crowded.desk
    )
    ana = sign_in(crowded.ana)
    csv = b"".join(ana.get("/results/results.csv").streaming_content).decode("utf-8-sig").splitlines()
    assert len(csv) == 12 and "'=HYPERLINK(1)" in csv[1]
    ana.post("/results/export/", {"outcome": "passed"})
    job = Job.objects.get(kind="export-results")
    job.claim()
    job.refresh_from_db()
    job.finish(exporting.write(job))
    assert ana.get(f"/results/export/{job.pk}/").status_code == 200
    sheet = ana.get(f"/results/export/{job.pk}/file/").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert len(rows) == 7 and rows[1][1] == "=HYPERLINK(1)" and rows[1][6] == 100
    assert sign_in(crowded.root).get(f"/results/export/{job.pk}/file/").status_code == 404


def test_a_file_with_names_is_gone_after_a_day(crowded):
    job = Job.objects.create(kind="export-results", subject="x", owner=crowded.ana, state=Job.DONE,
                             result={"rows": 1, "data": "UEs="}, finished_at=timezone.now())  # fmt: skip
    exporting.forget()
    job.refresh_from_db()
    assert "data" in job.result
    Job.objects.update(finished_at=timezone.now() - timedelta(days=2))
    exporting.forget()
    job.refresh_from_db()
    assert job.result == {"rows": 1}


def test_a_page_costs_the_same_for_few_and_many(crowded, sign_in, django_assert_num_queries):
    for person, most in ((crowded.ana, 6), (crowded.otto, 7)):
        browser = sign_in(person)
        page(browser)
        with django_assert_num_queries(most):
            page(browser)
    crowd.sat(crowd.people(60, crowded.desk), crowded.quiz, [crowded.item], [[RIGHT]] * 60, unit=crowded.desk)
    browser = sign_in(crowded.ana)
    page(browser)
    with django_assert_num_queries(6):
        page(browser)
