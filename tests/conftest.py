"""The suite runs on a SQLite *file* with production's options (WAL, BEGIN IMMEDIATE), since threads
take part. `DATABASE_URL=postgres://… pytest -m services` runs every test that touches the database
on PostgreSQL as well."""

import gc
import logging
import os
import pickle
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import Client, TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

from staff.frozen import thaw
from tests import make
from tests.database import copy_migrated, use

flush = TransactionTestCase._fixture_teardown


def pytest_configure():
    hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no mistake of ours
    hypothesis.settings.load_profile("untimed")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    if settings.REDIS_URL and worker != "0":  # each process empties a cache of its own
        address = urlsplit(settings.REDIS_URL)._replace(path=f"/{7 + int(worker)}")
        settings.CACHES["default"]["LOCATION"] = urlunsplit(address)
    logging.getLogger("django.request").setLevel(logging.ERROR)  # a refusal that was asked for is no news
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # Empty: the file server lists its folder anew for every test client.
    settings.STATIC_ROOT = settings.VAR_DIR / "test-static"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def pytest_collection_finish():
    """The loaded program is no rubbish: the collector need not walk through it a thousand times."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    vendor = connections["default"].vendor
    elsewhere = [item for item in items if (mark := item.get_closest_marker("only")) and mark.args != (vendor,)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]
    for item in items if vendor == "postgresql" else ():
        touches = "db" in item.fixturenames or item.get_closest_marker("django_db")
        if touches and not item.get_closest_marker("browser"):
            item.add_marker("services")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, tmp_path_factory):
    """A database of its own for every process, so that two runs at once do not meet."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            copy_migrated(file := tmp_path_factory.mktemp("database") / "test.sqlite3")
            use(file)
            made = []
        else:
            connection.settings_dict["TEST"]["NAME"] = f"test_{connection.settings_dict['NAME']}_{os.getpid()}"
            made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


def _flush_thawed(test):
    """A test with real transactions ends by emptying the tables, and records refuse to be emptied."""
    with thaw():
        flush(test)


TransactionTestCase._fixture_teardown = _flush_thawed


@pytest.fixture(autouse=True)
def _empty_cache():
    """Ids begin again when a test is rolled back; a version cached under one would be another's."""
    yield
    make.forget()


@pytest.fixture
def people(db):
    return make.people()


@pytest.fixture
def world(db):
    """make.world(). On SQLite it is built once a run; later tests get the same rows by plain INSERTs, at a
    tenth of the time."""
    if connection.vendor != "sqlite":
        return make.world()
    if not BUILT:
        BUILT.append(make.world())
        BUILT[:] = [pickle.dumps(BUILT[0]), {table: _rows(table) for table in TABLES()}]
        return pickle.loads(BUILT[0])
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in BUILT[1].items():
            if rows:
                holes = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({holes})', rows)
    return pickle.loads(BUILT[0])


BUILT = []


def TABLES():
    return [
        table
        for table in connection.introspection.table_names()
        if table.startswith(("staff_", "standards_", "courses_", "quizzes_", "evidence_", "scoring_"))
        or table == "auth_group"
    ]


def _rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return cursor.fetchall()


@pytest.fixture
def sign_in():
    """A browser in which this person is signed in, its session warm in the cache."""

    def signed_in(person):
        browser = Client()
        if person is not None:
            browser.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return signed_in
