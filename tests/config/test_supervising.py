"""What starts and ends the web server and the worker, with small processes in their place, and what refuses to."""

import io
import logging
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError

from config import supervising
from config.supervising import CannotServe, Server, database_problem, free_port, refuse_taken_port

STAYS_BEHIND = (
    "(trap '' TERM; exec sleep 60) & exec sleep 60"  # as granian's child does when its parent is stopped early
)


class Small(Server):
    """A server whose children are shell commands; it is ready at once."""

    def __init__(self, *, web="exec sleep 60", worker="exec sleep 60"):
        super().__init__(free_port())
        self.commands = [["sh", "-c", web], ["sh", "-c", worker]]

    def _web(self):
        return self.commands[0]

    def _worker(self):
        return self.commands[1]

    def _until_ready(self, patience=0):
        pass


def living(group):
    """Process ids of a group that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            state, _parent, number = stat.read_text().rpartition(")")[2].split()[:3]
            if int(number) == group and state != "Z":
                found.append(int(stat.parent.name))
    return sorted(found)


def left(group):
    """Process ids of a group that still run when what was killed has had its moment to end."""
    until = time.monotonic() + 2
    while (found := living(group)) and time.monotonic() < until:
        time.sleep(0.01)
    return found


@pytest.fixture
def no_tick(monkeypatch):
    monkeypatch.setattr(supervising, "tick", lambda: None)


@contextmanager
def refused(sentence):
    with pytest.raises(CannotServe) as reason:
        yield
    assert str(reason.value) == sentence


def test_both_children_run_in_one_group_and_nothing_outlives_the_end():
    with Small(web=STAYS_BEHIND) as server:
        group = server._guard.pid
        assert [os.getpgid(child.pid) for child in server.children] == [group, group]
        assert {group, *(child.pid for child in server.children)} <= set(living(group))
        lock = settings.VAR_DIR / f"serve-{server.port}.lock"
        assert lock.exists()
    assert (left(group), lock.exists()) == ([], False)


def test_a_failed_start_leaves_nothing_behind(monkeypatch):
    monkeypatch.setattr(Small, "_until_ready", Server._until_ready)
    server = Small(web="exit 3")
    with refused("The web server ended by itself (exit code 3) before it answered: read what it says."):
        server.__enter__()
    assert not (settings.VAR_DIR / f"serve-{server.port}.lock").exists()
    assert server.children == []


@pytest.mark.slow
def test_a_worker_that_ended_is_started_again_with_a_growing_pause(no_tick, monkeypatch, caplog):
    monkeypatch.setattr(supervising, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(supervising, "LONGEST_PAUSE_S", 0.04)
    monkeypatch.setattr(supervising, "LOOK_S", 0.05)
    with Small(web="sleep 0.7; exit 7", worker="exit 3") as server:
        assert server.wait() == 7
    said = [record.getMessage() for record in caplog.records]
    expected = [f"The worker ended (exit code 3); it is started again in {pause} s." for pause in (0.02, 0.04, 0.04)]
    assert said[:3] == expected


def test_a_tick_that_breaks_ends_nothing(monkeypatch, caplog):
    def broken():
        raise RuntimeError("a broken tick")

    monkeypatch.setattr(supervising, "tick", broken)
    with Small(web="sleep 0.2") as server:
        assert server.wait() == 0
    assert [record.getMessage() for record in caplog.records] == ["the tick broke"]


@pytest.mark.parametrize("port", [-1, 0, 65536, 99999])
def test_a_port_that_does_not_exist_is_refused(port):
    with refused(f"There is no port {port}: choose one from 1 to 65535."):
        refuse_taken_port("127.0.0.1", port)


def test_a_port_in_use_is_refused_with_the_next_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = (
            f"Port {port} on 127.0.0.1 is in use. Stop what runs there, or choose another: manage.py serve --port "
        )
        with refused(f"{sentence}{port + 1}"):
            refuse_taken_port("127.0.0.1", port)


def test_a_host_that_is_none_is_not_called_a_port_in_use():
    remedy = "try --host 127.0.0.1 or --host 0.0.0.0."
    with refused(f"--host '256.1.1.1' is no address: {remedy}"):
        refuse_taken_port("256.1.1.1", free_port())
    with refused(f"192.0.2.1 is not an address of this machine: {remedy}"):
        refuse_taken_port("192.0.2.1", free_port())


def test_a_name_is_listened_on_by_its_number():
    assert refuse_taken_port("localhost", free_port()) in ("127.0.0.1", "::1")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("file is not a database", "is not a database, or a broken one: move it away"),
        ("database is locked", "is locked by another program: stop that one and run again."),
        ("attempt to write a readonly database", "cannot be written to: use a file and a folder of yours."),
        ("connection refused\nIs the server running?", "does not answer (connection refused): look at DATABASE_URL."),
    ],
)
def test_a_database_that_refuses_is_told_in_a_sentence(said, told):
    assert told in database_problem(DatabaseError(said))


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            '[ "$1" = --version ] && echo Python 3.9.18; exit 1',
            "This is Python 3.9.18; Decorum needs Python 3.11 or newer",
        ),
        (
            'case "$*" in *ensurepip*) exit 1; esac',
            "Python's venv module is missing: on Debian and Ubuntu, apt install",
        ),
        ("exit 0", "This folder cannot be written to: copy the project to a folder of yours and run again."),
    ],
)
def test_make_says_in_one_sentence_why_there_is_no_environment(tmp_path, script, sentence):
    python = tmp_path / "python3"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    done = _shell("venv.sh", str(python), "/proc/decorum/.venv")  # a folder that not even root can make
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1


def test_make_says_that_python_or_its_environment_is_gone(tmp_path):
    assert _shell("venv.sh", "python-that-is-not", str(tmp_path)).stderr.startswith("Python is missing: install")
    done = _shell("install.sh", str(tmp_path), "requirements.txt")
    assert done.returncode == 1
    assert done.stderr.startswith(f"The virtual environment in {tmp_path} does not run")


def _shell(script, *arguments):
    command = ["sh", f"deploy/{script}", *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=20, check=False)


@pytest.fixture
def console():
    """What the server writes to its console."""
    handler = next(each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    request = logging.getLogger("django.request")
    before = handler.setStream(io.StringIO()), request.level
    request.setLevel(logging.WARNING)
    yield handler.stream
    handler.setStream(before[0])
    request.setLevel(before[1])


def test_a_refused_page_is_one_line_on_the_console(world, sign_in, console):
    assert sign_in(world.mira).get("/team/").status_code == 403
    lines = console.getvalue().splitlines()
    assert [line.partition(" WARNING ")[2] for line in lines] == [
        "django.request Forbidden (Permission denied): /team/"
    ]


def test_an_error_keeps_its_traceback_on_the_console(console):
    try:
        raise RuntimeError("ours")
    except RuntimeError:
        logging.getLogger("django.request").error("broke", exc_info=sys.exc_info(), extra={"status_code": 500})
    assert "RuntimeError: ours" in console.getvalue()
