"""Which clauses are taught, tested, played and observed; the gaps of the heaviest first."""

import csv
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from staff.models import Event
from staff.tables import plain
from standards.coverage import coverage, summed
from tests import make


def command(*arguments):
    out = io.StringIO()
    call_command("coverage", *arguments, stdout=out)
    return out.getvalue()


def test_each_way_is_counted_and_the_red_gaps_stand_first(world):
    rows = {row["key"]: {way: row[way] for way in ("taught", "tested", "scenario", "observed")} for row in coverage()}
    assert rows["FD-LANG-001"]["observed"] == 1 and rows["FD-LANG-001"]["taught"] >= 1
    assert rows["FD-PROH-001"] == {"taught": 0, "tested": rows["FD-PROH-001"]["tested"], "scenario": 1, "observed": 0}
    assert next(row["key"] for row in coverage() if row["missing"]) == "FD-PROH-001"


def test_the_command_prints_counts_and_gaps(world):
    found = json.loads(command("--standard", "front-desk", "--json"))
    assert (found["clauses"], found["by_weight"]["red_line"]["n"]) == (4, 1)
    assert found == summed(coverage("front-desk"))
    assert {"clause", "missing"} == set(found["gaps"][0])


@pytest.mark.parametrize("arguments", [("--standard", "nowhere"), ("--role", "nobody")])
def test_an_unknown_standard_or_role_is_named(world, arguments):
    with pytest.raises(CommandError, match=arguments[1]):
        command(*arguments)


def test_a_role_sees_its_own_clauses_and_everyones(people):
    draft = make.draft_standard(by=people.ana)
    rows = draft.body["clauses"]
    rows[0]["roles"], rows[1]["roles"] = ["guide"], ["staff"]
    type(draft).objects.filter(pk=draft.pk).update(body=draft.body | {"clauses": rows})
    make.publish(type(draft).objects.get(pk=draft.pk), people.ana)
    assert {row["key"] for row in coverage(role="guide")} == {"FD-LANG-001", "FD-PROC-001", "FD-PROH-001"}


def test_the_next_version_keeps_what_covers_a_clause(world):
    before = summed(coverage("front-desk"))
    make.standard(by=world.root)
    assert summed(coverage("front-desk")) == before


def test_the_table_opens_in_a_spreadsheet_and_is_told(world, sign_in):
    response = sign_in(world.ana).get("/standards/front-desk/coverage.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert (len(rows), rows[1][0]) == (5, coverage("front-desk")[0]["key"])
    assert Event.objects.filter(verb="export", actor=world.ana).count() == 1


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\tx", "＝1"])
def test_no_cell_is_a_formula(words):
    assert plain(words) == f"'{words}"


@pytest.mark.slow
def test_the_page_costs_the_same_for_any_number_of_clauses(people, sign_in, django_assert_max_num_queries):
    keys = [f"FD-RULE-{number:03}" for number in range(1, 1001)]
    make.standard(by=people.root, slug="long", clauses=keys)
    browser = sign_in(people.ana)
    browser.get("/standards/long/coverage/")
    with django_assert_max_num_queries(12):
        page = browser.get("/standards/long/coverage/")
    assert page.status_code == 200 and len(page.content) < 60_000


@pytest.mark.parametrize("chosen", ["role=nobody", "weight=heavy"])
def test_an_unknown_role_or_weight_in_the_address_is_no_page(world, sign_in, chosen):
    assert sign_in(world.ana).get(f"/standards/front-desk/coverage/?{chosen}").status_code == 404


def test_weight_and_role_choose_the_picture_the_list_and_the_table_alike(world, sign_in):
    browser = sign_in(world.ana)
    page = browser.get("/standards/front-desk/coverage/?weight=red_line&role=guide").content.decode()
    assert set(re.findall(r'href="/clauses/([\w-]+)/"', page)) == {"FD-PROH-001"}
    assert "coverage.csv?role=guide&amp;weight=red_line" in page
    table = browser.get("/standards/front-desk/coverage.csv?weight=red_line&role=guide").content.decode("utf-8-sig")
    assert [line.split(",")[0] for line in table.splitlines()[1:]] == ["FD-PROH-001"]
    assert Event.objects.last().after == {"what": "coverage", "weight": "red_line", "role": "guide"}


def test_every_column_leads_to_its_clause_in_words(world, sign_in):
    page = sign_in(world.otto).get("/standards/front-desk/coverage/", headers={"accept-language": "en"})
    row = next(row for row in coverage("front-desk") if row["key"] == "FD-PROH-001")
    told = f"FD-PROH-001: Taught {row['taught']}, Tested {row['tested']}, Played {row['scenario']}, Observed 0"
    columns = re.findall(r'<a href="/clauses/FD-PROH-001/"><title>([^<]+)<', page.content.decode())
    assert columns == [told]  # on a desk; a phone's columns are too narrow for a thumb


def test_a_gap_in_the_items_is_one_step_from_the_form_for_a_trainer_only(people, sign_in):
    make.standard(by=people.root)
    ana, otto = (
        sign_in(each).get("/standards/front-desk/coverage/").content.decode() for each in (people.ana, people.otto)
    )
    assert [ana.count(f"/items/new/?clause={key}") for key in make.CLAUSES] == [1] * 4
    assert ana.count("button-primary") == 1 and "/items/new/" not in otto
    make.item(by=people.root, cites=("FD-PROH-001",))
    assert (
        "/items/new/?clause=FD-PROH-001"
        not in sign_in(people.ana).get("/standards/front-desk/coverage/").content.decode()
    )
