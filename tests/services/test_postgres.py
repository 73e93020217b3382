"""What only PostgreSQL has. With DATABASE_URL pointing at it, every other test that touches the
database runs there too, the races among them (conftest)."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests import make

pytestmark = pytest.mark.services
TABLES = ("scoring_mark", "staff_event", "quizzes_attempt", "standards_wording")


def test_the_database_is_postgresql(db):
    assert connection.vendor == "postgresql", "Set DATABASE_URL to a PostgreSQL database (make test-services)."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TABLES)
def test_no_frozen_table_is_emptied(table):
    make.appraisal(world=make.world())
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'TRUNCATE "{table}" CASCADE')
