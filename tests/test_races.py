import pytest

from tests import make
from tests.races import RACES


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_twenty_threads_at_once(race):
    race(make.world())
