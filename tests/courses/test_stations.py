"""The stations of a path, and the ways from them to what they rest on."""

import re
from datetime import timedelta

from django.utils import timezone

from tests import make


def read(browser, address):
    return browser.get(address, headers={"accept-language": "en"}).content.decode()


def seen(world):
    world.assignment = make.assignment(person=world.mira, path=world.path, unit=world.desk)
    return make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)


def late(world, days=60):
    begun = timezone.localdate() - timedelta(days=days)
    return make.assignment(person=world.mira, path=world.path, unit=world.desk, on=begun)


def test_the_observed_station_leads_to_its_observation(world, sign_in):
    observation = seen(world)
    link = f'<a href="/observations/{observation.pk}/">Step seen</a>'
    assert link in read(sign_in(world.mira), "/")
    for person in (world.mira, world.otto):
        assert link in read(sign_in(person), f"/paths/{world.assignment.pk}/")


def test_what_was_seen_of_oneself_stands_under_ones_marks(world, sign_in):
    observation = seen(world)
    assert f"/observations/{observation.pk}/" in read(sign_in(world.mira), "/marks/")
    assert "/observations/" not in read(sign_in(world.pavel), "/marks/")


def test_a_path_with_late_stations_says_so(world, sign_in):
    shown = read(sign_in(world.otto), f"/paths/{late(world).pk}/")
    assert "4 stations overdue" in shown
    assert ">Open<" not in shown


def test_a_path_in_time_is_open(world, sign_in):
    shown = read(sign_in(world.otto), f"/paths/{late(world, days=0).pk}/")
    assert "overdue" not in shown
    assert "Open</span>" in shown


def test_a_manager_goes_back_to_completion_and_the_person_to_today(world, sign_in):
    page = f"/paths/{late(world).pk}/"
    ways = [
        re.search(r'button-primary[^"]*" href="([^"]+)"', read(sign_in(person), page))[1]
        for person in (world.otto, world.mira, world.hui)
    ]
    assert ways == ["/team/", "/", "/"]


def test_the_day_a_path_is_due_is_called_its_deadline(world, sign_in):
    late(world)
    shown = read(sign_in(world.otto), "/team/")
    assert '<th scope="col">Deadline</th>' in shown
    assert '<th scope="col">Due</th>' not in shown
