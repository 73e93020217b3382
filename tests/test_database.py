"""The copied database is the one that migrating makes."""

import sqlite3

import pytest
from django.core.management import call_command
from django.db import connection

from tests import database

STANDING = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"


def told(file):
    with sqlite3.connect(file) as opened:
        return opened.execute(STANDING).fetchall(), opened.execute("SELECT app, name FROM django_migrations").fetchall()


@pytest.fixture
def elsewhere(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "test-databases"


def test_a_changed_migration_or_model_makes_another_name(monkeypatch, tmp_path):
    before = database.state()
    (tmp_path / "0001_new.py").write_text("")
    files = [*database._deciding(), tmp_path / "0001_new.py"]
    monkeypatch.setattr(database, "_deciding", lambda: files)
    after = database.state()
    files[-1].write_text("changed")
    assert len({before, after, database.state()}) == 3


def test_what_is_there_is_copied_and_nothing_is_migrated(monkeypatch, elsewhere, tmp_path):
    elsewhere.mkdir()
    (elsewhere / f"{database.state()}.sqlite3").write_text("whole")
    monkeypatch.setattr(database, "_migrate", None)
    database.copy_migrated(tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "whole"


@pytest.mark.slow
@pytest.mark.only("sqlite")
def test_the_copy_is_what_a_migration_makes_and_what_it_half_made_is_no_copy(transactional_db, elsewhere, tmp_path):
    mine = connection.settings_dict["NAME"]
    elsewhere.mkdir()
    (elsewhere / f"{database.state()}.77").write_text("half")
    try:
        database.copy_migrated(tmp_path / "copy")
        assert connection.settings_dict["NAME"] == mine
        database.use(tmp_path / "fresh")
        call_command("migrate", verbosity=0, run_syncdb=True)
    finally:
        database.use(mine)
    assert told(tmp_path / "copy") == told(tmp_path / "fresh")
    assert len(told(mine)[0]) == len(told(tmp_path / "copy")[0])
