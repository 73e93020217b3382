"""A query written once gives what the ORM gives, for other values too."""

from datetime import date

import pytest
from django.db.models import Value
from django.utils import timezone

from quizzes import taking
from quizzes.models import Answer, Attempt
from staff.models import Posting, User
from staff.prepared import Prepared

ANSWERS = Prepared(lambda pk: Answer.objects.filter(attempt=pk).order_by("pk").values_list("pk", "response", "at"), int)
ATTEMPTS = Prepared(lambda person: Attempt.objects.filter(person=person).order_by("pk"), int)


def orm(pk):
    return list(Answer.objects.filter(attempt=pk).order_by("pk").values_list("pk", "response", "at"))


def test_it_gives_the_rows_of_the_values_asked_for(world):
    first, second = (taking.start(person, world.quiz) for person in (world.mira, world.pavel))
    for attempt in (first, second):
        for seq in (1, 2):
            signed = taking.ticket(attempt, 1, timezone.now())
            taking.answer(attempt, 1, attempt.paper[0]["options"][:seq], seq=seq, signed=signed)
    assert (ANSWERS(first.pk), ANSWERS(second.pk)) == (orm(first.pk), orm(second.pk))
    assert len(ANSWERS(first.pk)) == 2 and isinstance(ANSWERS(first.pk)[0][1], list)


def test_whole_rows_are_objects_as_the_orm_reads_them(world):
    begun = taking.start(world.mira, world.quiz)
    (found,) = ATTEMPTS(world.mira.pk)
    read = Attempt.objects.get(pk=begun.pk)
    names = [field.attname for field in Attempt._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(read, name) for name in names]
    assert not found._state.adding and ATTEMPTS(world.otto.pk) == []


def test_a_date_and_a_word_are_values(world):
    works = Prepared(
        lambda day, duty: Posting.objects.on(day).filter(duty=duty).order_by("pk").values_list("pk"), date, str
    )
    today = timezone.localdate()
    for day in (today, date(1999, 1, 1)):
        for duty in (Posting.WORKS, Posting.HEADS, "%s ' --"):
            assert works(day, duty) == list(Posting.objects.on(day).filter(duty=duty).order_by("pk").values_list("pk"))
    assert works(today, Posting.WORKS)


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**30])
def test_a_number_no_row_can_have_finds_nothing(world, number):
    assert ATTEMPTS(number) == []
    assert ATTEMPTS.first(number) is None


def test_a_value_that_is_changed_on_the_way_is_refused_at_once(db):
    changed = Prepared(lambda words: User.objects.filter(name__icontains=words).values_list("pk"), str)
    with pytest.raises(TypeError, match="as it is given"):
        changed("mira")


@pytest.mark.parametrize(
    "rows", [User.objects.annotate(one=Value(1)), User.objects.defer("name"), Posting.objects.select_related("user")]
)
def test_rows_with_more_or_less_than_their_columns_are_refused(db, rows):
    with pytest.raises(TypeError, match="plain rows"):
        Prepared(lambda: rows)()
