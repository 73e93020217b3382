"""Every URL as every kind of person: stranger 404, wrong role 403, anonymous to sign-in (API 401)."""

import re
from types import SimpleNamespace

import pytest

from tests.urls import EVERYBODY, PEOPLE, ROWS, every_name, full_world, respond, walk, without_tokens


@pytest.fixture
def full(db):
    return full_world()


def test_every_url_stands_in_the_table():
    assert sorted(set(every_name())) == sorted({row.name for row in ROWS})


@pytest.mark.parametrize("person", EVERYBODY)
def test_each_url_answers_as_the_table_says(db, person):
    place = PEOPLE.index(person)
    wanted = {(row.name, row.method, row.arguments): row.statuses[place] for row in ROWS}
    assert {where: page.status for where, page in walk(person).items()} == wanted


def test_anonymous_is_led_to_sign_in_and_back(full):
    private = [row for row in ROWS if row.statuses[0] == 302 and not row.name.startswith(("account_", "set_"))]
    for row in private:
        response = respond(row, full, "anonymous")
        assert response["Location"] == f"/accounts/login/?next={response.wsgi_request.path}", row.name


def test_a_stranger_cannot_tell_anothers_row_from_none(full):
    """404 for what is another's has the same body as for what does not exist."""
    row = next(row for row in ROWS if row.name == "scoring:result")
    full.values["none"] = 10**9
    own = str(full.score.attempt_id)
    rows = [SimpleNamespace(**vars(row) | {"arguments": (name,)}) for name in ("none", "closed")]
    pages = [respond(each, full, "pavel") for each in rows]
    assert [page.status_code for page in pages] == [404, 404]
    assert without_tokens(pages[0]).replace("1000000000", own) == without_tokens(pages[1])


def test_a_manager_who_is_moved_loses_access_at_once(full):
    row = next(row for row in ROWS if row.name == "scoring:appraisal")
    assert respond(row, full, "otto").status_code == 200
    full.otto.postings.filter(duty="heads").update(unit=full.inpatient)
    assert respond(row, full, "otto").status_code == 404


def test_a_nul_in_an_address_is_left_out_or_leads_nowhere(world, sign_in):
    ana = sign_in(world.ana)
    for address in ("/items/?clause=FD-LANG-001%00", "/items/?standard=front-desk%%0000", "/reviews/?standard=%00"):
        with_one, without = (ana.get(each) for each in (address, address.replace("%%0000", "").replace("%00", "")))
        assert with_one.status_code == 200
        assert re.findall(r'href="/items/[^"]+"', with_one.content.decode()) == re.findall(
            r'href="/items/[^"]+"', without.content.decode()
        )
    addresses = (
        "/clauses/%00/",
        "/clauses/FD-LANG-001%00/",
        "/items/new/?clause=nobody%00",
        "/standards/x/review/%00/",
    )
    assert [ana.get(each).status_code for each in addresses[:3]] == [404] * 3
    assert ana.post(addresses[3]).status_code == 404
