import json
import os
import secrets
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis

from config.supervising import Server, free_port
from tests.browser.site import environment, manage


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """The demo played on a PostgreSQL database of its own and Redis: what a node is told, and the report."""
    url, redis_url = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]  # deploy/services.sh writes both
    redis_url = urlunsplit(urlsplit(redis_url)._replace(path="/6"))  # the other tests empty theirs as they go
    redis.from_url(redis_url).flushdb()
    name = f"decorum_{secrets.token_hex(4)}"
    folder = tmp_path_factory.mktemp("nodes")
    told = {
        "DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}")),
        "REDIS_URL": redis_url,
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "files"),
    }
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            report = json.loads(manage("demo", "--no-serve", "--json", **told))
            yield told, report
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def told(cluster):
    return cluster[0]


@pytest.fixture
def one(told):
    """One value of the cluster's database."""

    def ask(query, *values):
        with psycopg.connect(told["DATABASE_URL"]) as connection:
            return connection.execute(query, values).fetchone()[0]

    return ask


@pytest.fixture
def two_nodes(told):
    """The addresses of two web nodes on the same database and Redis."""
    with environment(told), Server(free_port(), quiet=True) as first, Server(free_port(), quiet=True) as second:
        yield first.url, second.url
