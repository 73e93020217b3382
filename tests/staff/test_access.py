"""What one may do comes from the groups, where from the postings of today."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staff.models import Posting, User
from staff.text import text
from tests import make


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_a_scope_is_the_units_one_heads_and_all_below(people):
    assert people.otto.access.scope(Posting.HEADS) == {people.outpatient.pk, people.desk.pk}
    assert people.hui.access.scope(Posting.APPRAISES) == {
        people.hospital.pk, people.outpatient.pk, people.inpatient.pk, people.desk.pk, people.ward.pk,
    }  # fmt: skip
    assert people.mira.access.scope(Posting.HEADS) == set()


def test_a_posting_that_ended_gives_nothing_any_more(people):
    yesterday = timezone.localdate() - timedelta(days=1)
    people.otto.postings.filter(duty=Posting.HEADS).update(end=yesterday)
    assert fresh(people.otto).access.scope(Posting.HEADS) == set()
    people.otto.postings.filter(duty=Posting.HEADS).update(end=timezone.localdate())
    assert fresh(people.otto).access.scope(Posting.HEADS) == {people.outpatient.pk, people.desk.pk}


def test_a_posting_to_come_gives_nothing_yet(people):
    tomorrow = timezone.localdate() + timedelta(days=1)
    make.posting(user=people.ana, unit=people.ward, duty=Posting.HEADS, start=tomorrow)
    assert fresh(people.ana).access.scope(Posting.HEADS) == set()


def test_groups_and_postings_are_one_query(people):
    otto = fresh(people.otto)
    with CaptureQueriesContext(connection) as queries:
        assert (otto.access.has("manager"), otto.access.has("trainer")) == (True, False)
    assert len(queries) == 1


def test_a_duty_and_a_group_of_one_name_are_not_confused(people):
    make.posting(user=people.pavel, unit=people.ward, duty=Posting.HEADS)
    assert fresh(people.pavel).access.groups == set()


def test_root_may_do_everything_everywhere(people):
    assert people.root.access.has("trainer")
    assert people.root.access.scope(Posting.HEADS) == people.hui.access.scope(Posting.APPRAISES)


def test_a_person_has_one_primary_posting(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.posting(user=people.mira, unit=people.ward)


def test_a_posting_does_not_end_before_it_starts(people):
    today = timezone.localdate()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.posting(user=people.mira, unit=people.ward, duty=Posting.HEADS, start=today, end=today - timedelta(days=1))


def test_a_text_falls_back_and_says_so():
    assert text({"zh": "好"}, "en") == ("好", True)
    assert text({"zh": "好", "en": "Good"}, "zh-hans") == ("好", False)
    assert text(None, "en") == ("", False)
