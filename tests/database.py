"""A migrated SQLite file, made once and copied for every process: a migration takes each of them seconds.

Its name is a digest of everything that decides what stands in it, so a file of yesterday's migrations is never used."""

import hashlib
import os
import shutil
import sqlite3
import sys
import time
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

AFTER_A_MIGRATE = ("staff/frozen.py", "standards/gram_index.py", "config/passages.py", "tests/database.py")
WEEK = 7 * 24 * 3600


def copy_migrated(file):
    """Makes `file` a migrated database of its own."""
    shutil.copyfile(_migrated(), file)


def _migrated():
    kept = settings.VAR_DIR / "test-databases" / f"{state()}.sqlite3"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _forget_old(kept.parent)
        _migrate(kept)
    os.utime(kept)
    return kept


def state():
    """A digest of what decides: the migrations and models of every app, what runs after a migrate, and the versions of
    what reads them."""
    found = hashlib.sha256(f"{sys.version}{django.VERSION}{sqlite3.sqlite_version}".encode())
    for file in _deciding():
        found.update(f"{file}\0".encode() + file.read_bytes() + b"\0")
    return found.hexdigest()


def _deciding():
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        for files in ("migrations/*.py", "models.py", "apps.py"):
            yield from sorted(Path(app.path).glob(files))
    yield from (settings.BASE_DIR / file for file in AFTER_A_MIGRATE)


def _migrate(kept):
    """Under a name of this process first: a file that another one finds is whole. Two at once make the same."""
    making = kept.with_suffix(f".{os.getpid()}")
    for left in making.parent.glob(f"{making.name}*"):
        left.unlink()
    name = connection.settings_dict["NAME"]
    use(making)
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    use(name)  # the last to close it puts what stands beside it into the file
    making.rename(kept)


def use(file):
    """The default database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = str(file)


def _forget_old(folder):
    for file in folder.iterdir():
        if file.stat().st_mtime < time.time() - WEEK:
            file.unlink(missing_ok=True)
