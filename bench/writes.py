"""What a whole attempt writes: rows, and bytes of the write-ahead log."""

import time
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test import Client

from bench.block import say
from bench.client import InProcess, whole_attempt
from config.demo.playing import QUIZ

WARM, MEASURED = 20, 60


def writes(run):
    """{rows, wal_bytes} of one attempt, the middle of many in this process; sign-in and start of the path apart."""
    say("Counting what is written …")
    clients = [_client(person) for person in run.people(WARM + MEASURED)]
    for client in clients[:WARM]:
        whole_attempt(client, QUIZ, run.right)
    count = _sqlite if connection.vendor == "sqlite" else _postgres
    with count() as told:
        for client in clients[WARM:]:
            whole_attempt(client, QUIZ, run.right)
    return {name: round(value / MEASURED, 1) for name, value in told.items()} | {"attempts": MEASURED}


def _client(person):
    browser = Client(headers={"accept-language": "zh-CN"})
    browser.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return InProcess(browser, _nothing)


@contextmanager
def _nothing():
    yield []


@contextmanager
def _sqlite():
    """The log grows by a whole page for each page that a transaction touched. It is emptied before and left to grow:
    nobody else writes meanwhile."""
    told = {}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint = 0")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    rows, size = connection.connection.total_changes, log.stat().st_size
    yield told
    told["rows"] = connection.connection.total_changes - rows
    told["wal_bytes"] = log.stat().st_size - size
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint = 1000")


ROWS = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables"
AT = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"


@contextmanager
def _postgres():
    told = {}
    rows, at = _settled(ROWS), _settled(AT)
    yield told
    told["rows"] = float(_settled(ROWS) - rows)
    told["wal_bytes"] = float(_settled(AT) - at)


def _settled(statement):
    """Once the statistics of this session have arrived."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        time.sleep(1.5)
        cursor.execute(statement)
        return cursor.fetchone()[0]
