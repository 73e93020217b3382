"""What our own middleware does to every response."""

import pytest
from django.http import HttpResponse

from config.middleware import Compressed


@pytest.mark.parametrize(("size", "packed"), [(9_999, False), (10_000, True)])
def test_a_page_is_packed_once_it_is_more_than_the_first_packets_carry(rf, size, packed):
    request = rf.get("/", headers={"accept-encoding": "gzip"})
    response = Compressed(lambda _: HttpResponse(b"x" * size))(request)
    assert response.has_header("Content-Encoding") is packed
