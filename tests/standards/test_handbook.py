"""The standard on paper: what everyone keeps, then what a trade keeps, and a code that leads to the page."""

import re

import pytest

from staff.publishing import publish
from standards.handbook import parts, qr
from standards.models import Standard
from tests import make


@pytest.fixture
def version(people):
    draft = make.draft_standard(by=people.ana)
    rows = draft.body["clauses"]
    rows[0]["roles"], rows[1]["roles"] = ["guide"], ["staff"]
    Standard.objects.filter(pk=draft.pk).update(body=draft.body | {"clauses": rows})
    return publish(Standard.objects.get(pk=draft.pk), people.ana)


def keys(version, role):
    found = parts(version, role)
    return [(general, [row.clause.key for _, rows in headings for row in rows]) for general, headings in found]


def test_a_role_has_the_general_part_and_its_own(version):
    assert keys(version, "guide") == [(True, ["FD-PROC-001", "FD-PROH-001"]), (False, ["FD-LANG-001"])]
    assert keys(version, "") == [(True, list(make.CLAUSES))]


def test_the_page_prints_the_clauses_of_the_role_with_their_keys(version, people, sign_in):
    page = sign_in(people.mira).get("/standards/front-desk/handbook/?role=guide").content.decode()
    assert [key for key in make.CLAUSES if f'id="{key}"' in page] == ["FD-LANG-001", "FD-PROC-001", "FD-PROH-001"]
    assert "<svg" in page and "/standards/front-desk/?version=1" in page


def test_an_unknown_role_has_no_handbook(version, people, sign_in):
    assert sign_in(people.mira).get("/standards/front-desk/handbook/?role=nobody").status_code == 404


def test_the_code_is_a_square_with_its_three_corners():
    edge, path = qr("https://decorum.example.org/standards/front-desk/?version=1")
    dark = {tuple(map(int, place)) for place in re.findall(r"M(\d+) (\d+)h", path)}
    corners = [(x, y) for x in (0, edge - 7) for y in (0, edge - 7) if (x, y) != (edge - 7, edge - 7)]
    assert all((x + step, y) in dark and (x, y + step) in dark for x, y in corners for step in range(7))
    assert all(0 <= x < edge and 0 <= y < edge for x, y in dark)
