"""`manage.py serve` and `demo` as processes, on PostgreSQL with Redis and on SQLite: they start, say so, stop all they
started however they end, and lose nothing."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.demo.playing import COURSE, QUIZ
from config.supervising import Server, free_port, refuse_taken_port
from tests.browser.site import environment, manage
from tests.config.test_supervising import living
from tests.services.test_redis import moved, signed_in, some_answer

pytestmark = pytest.mark.services


def test_these_tests_run_on_postgresql_and_redis(settings):
    assert connection.vendor == "postgresql"
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache"


def test_the_demo_on_postgresql_gives_the_whole_thread(cluster):
    _told, report = cluster
    assert report["quiz"]["passed"]
    thread = next(line["thread"] for line in report["appraisal"]["lines"] if line["indicator"] == "quiz")
    kinds = ["appraisal", "indicator", "score", "mark", "item", "answer", "clause", "standard"]
    assert [node["kind"] for node in thread] == kinds


def test_verify_finds_every_record_as_it_was_written(told):
    manage("verify", **told)


def on_sqlite(folder):
    """What a command is told to run on a SQLite file in a folder, without Redis."""
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'decorum.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "files"),
        "REDIS_URL": "",
    }


@pytest.fixture
def blank(tmp_path):
    return on_sqlite(tmp_path)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("migrated")
    manage("migrate", "--verbosity", "0", **on_sqlite(folder))
    return folder / "decorum.sqlite3"


@pytest.fixture
def alone(migrated, tmp_path):
    """One machine: SQLite with its tables, and nobody in it."""
    told = on_sqlite(tmp_path)
    shutil.copy(migrated, told["DATABASE_URL"][10:])
    return told


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The demo played on SQLite: what its commands are told, and the report."""
    told = on_sqlite(tmp_path_factory.mktemp("played"))
    return told, json.loads(manage("demo", "--no-serve", "--json", **told))


def started(told, *arguments):
    """A command in its own session, so that a signal reaches it alone."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@contextmanager
def serving(told, port):
    """A running `manage.py serve`."""
    process = started(told, "serve", "--port", str(port))
    try:
        wait_until(lambda: healthy(port) or process.poll() is not None)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=20)


def wait_until(condition, patience=20):
    until = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < until, "It took too long."
        time.sleep(0.1)


def healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def children(pid):
    """{pid: command} of a process's children."""
    rows = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return {int(row.split(None, 1)[0]): row.split(None, 1)[1] for row in rows.stdout.splitlines()}


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_sigterm_stops_the_web_server_and_the_worker(told):
    port = free_port()
    with serving(told, port) as process:
        found = children(process.pid)
        for each in ("granian", "db_worker", "Decorum's guard"):
            assert sum(each in command for command in found.values()) == 1
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    assert f"serves http://127.0.0.1:{port}" in said
    assert [pid for pid in found if alive(pid)] == []
    assert not healthy(port)


def test_a_second_copy_on_the_same_port_is_refused_in_a_sentence(told):
    port = free_port()
    with serving(told, port):
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        second = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=os.environ | told,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert healthy(port)
    assert second.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use." in second.stderr
    assert "Traceback" not in second.stderr


def child(process, part):
    """The id of the child whose command holds a word, or None."""
    return next((pid for pid, command in children(process.pid).items() if part in command), None)


def test_a_killed_worker_is_started_again_while_the_web_server_goes_on(alone):
    port = free_port()
    with serving(alone, port) as process:
        first = child(process, "db_worker")
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: child(process, "db_worker") not in (None, first))
        assert healthy(port)
        process.terminate()
        said = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    assert "The worker ended (exit code -9); it is started again in 1 s." in said


def test_a_killed_web_server_ends_all_so_that_somebody_notices(alone):
    with serving(alone, free_port()) as process:
        found = children(process.pid)
        os.kill(child(process, "granian"), signal.SIGKILL)
        said = process.communicate(timeout=20)[1]
    assert process.returncode == 1
    assert "The web server ended by itself (exit code -9)" in said
    assert [pid for pid in found if alive(pid)] == []


def test_a_database_locked_for_long_takes_neither_the_pages_nor_the_server_away(alone):
    """SQLite's patience is 20 seconds: after it the tick and the worker give up, and both come again."""
    port = free_port()
    with serving(alone, port) as process:
        first = child(process, "db_worker")
        with closing(sqlite3.connect(alone["DATABASE_URL"][10:], isolation_level=None)) as other_program:
            other_program.execute("BEGIN IMMEDIATE")
            wait_until(lambda: child(process, "db_worker") != first, patience=40)
            assert healthy(port)
        wait_until(lambda: child(process, "db_worker") not in (None, first))
        process.terminate()
        said = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    assert "is started again in 1 s." in said


@pytest.mark.parametrize("delay", [0, 0.2, 0.5])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_it_starts_leaves_nothing_behind(alone, number, delay):
    """granian loses a signal in its first second, and its own child then holds the port for ever."""
    port = free_port()
    process = started(alone, "serve", "--port", str(port))
    wait_until(lambda: child(process, "granian"))
    time.sleep(delay)
    group = os.getpgid(child(process, "granian"))
    process.send_signal(number)
    said = process.communicate(timeout=20)[1]
    assert (process.returncode, said.splitlines()[-1]) == (0, "Stopped.")
    assert living(group) == []
    assert refuse_taken_port("127.0.0.1", port)


@pytest.mark.parametrize("delay", [0, 0.5, 3])
def test_kill_9_leaves_nothing_behind(alone, delay):
    port = free_port()
    process = started(alone, "serve", "--port", str(port))
    wait_until(lambda: child(process, "granian"))
    time.sleep(delay)
    group = os.getpgid(child(process, "granian"))
    process.kill()
    process.communicate(timeout=20)
    wait_until(lambda: living(group) == [], patience=8)
    assert refuse_taken_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("database", "sentence"),
    [
        ("empty.sqlite3", "migrations: run manage.py migrate."),
        ("text.sqlite3", "is not a database, or a broken one: move it away"),
        ("folder.sqlite3", "does not answer (unable to open database file): look at DATABASE_URL."),
        ("nothing.sqlite3", "yet: run manage.py migrate, or make demo."),
    ],
)
def test_a_database_that_cannot_serve_is_refused_in_a_sentence(alone, tmp_path, database, sentence):
    (tmp_path / "empty.sqlite3").touch()
    (tmp_path / "text.sqlite3").write_text("The minutes of a meeting, and no database at all.")
    (tmp_path / "folder.sqlite3").mkdir()
    refusal = refused(alone | {"DATABASE_URL": f"sqlite:///{tmp_path / database}"}, "serve")
    assert str(tmp_path / database) in refusal
    assert refusal.endswith(sentence) or "move it away" in refusal
    assert not (tmp_path / "nothing.sqlite3").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "99999"], "There is no port 99999: choose one from 1 to 65535."),
        (["--port", "-1"], "There is no port -1: choose one from 1 to 65535."),
        (["--host", "192.0.2.1"], "192.0.2.1 is not an address of this machine: try --host 127.0.0.1 or"),
        (["--threads", "0"], "0 threads cannot serve: choose 1 or more."),
    ],
)
def test_an_argument_that_cannot_be_is_refused_in_a_sentence(alone, arguments, sentence):
    assert refused(alone, "serve", *arguments).startswith(f"CommandError: {sentence}")


def refused(told, *arguments):
    """The one sentence of a command that ends with 1."""
    process = started(told, *arguments)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert said.count("\n") == 1, said
    return said.strip()


# --- the demo -------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interrupted_demo_says_one_sentence_and_leaves_nothing_behind(blank, number, code):
    process = started(blank, "demo", "--no-serve")
    group = _played_until(process, "Mira")
    process.send_signal(number)
    said = process.communicate(timeout=20)[1]
    assert process.returncode == code
    database = blank["DATABASE_URL"][10:]
    remedy = f"delete {database} with its -wal and -shm and run again."
    assert said == f"CommandError: Stopped. The play broke off half way: {remedy}\n"
    assert living(group) == []


def test_a_killed_demo_leaves_nothing_behind_and_is_refused_until_its_database_is_gone(blank):
    process = started(blank, "demo", "--no-serve")
    group = _played_until(process, "Mira")
    process.kill()
    process.communicate(timeout=20)
    wait_until(lambda: living(group) == [], patience=8)
    refusal = refused(blank, "demo", "--no-serve")
    assert refusal.startswith("CommandError: A demo was begun here and did not come to its end.")


def _played_until(process, word):
    """Reads what the demo says up to a word; the group of its children."""
    for line in process.stderr:
        if word in line:
            break
    return os.getpgid(child(process, "granian"))


def test_the_demo_refuses_a_port_in_use_before_it_plays(blank):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refusal = refused(blank, "demo", "--port", str(port))
    assert refusal.endswith(f'is in use. Stop what runs there, or choose another: make demo ARGS="--port {port + 1}"')
    assert not Path(blank["DATABASE_URL"][10:]).exists()


def test_the_demo_refuses_a_database_that_holds_somebody(alone):
    somebody = "from staff.models import User; User.objects.create_user('W1', 'a-first-password', name='W')"
    manage("shell", "--no-imports", "-c", somebody, **alone)
    assert "holds somebody's data; the demo plays only in an empty database." in refused(alone, "demo", "--no-serve")


def test_without_a_package_index_the_installation_says_so_in_a_sentence(tmp_path):
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path)], check=True, timeout=120)
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_EXTRA_INDEX_URL": "", "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        ["sh", "deploy/install.sh", str(tmp_path), "requirements.txt"],
        cwd=settings.BASE_DIR,
        env={key: value for key, value in os.environ.items() if not key.startswith("PIP_")} | nowhere,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [
        "The packages were not installed: no package index was reached. Run again once there is a network; "
        f"pip's own words are in {tmp_path}/install.log."
    ]


def test_the_demos_people_have_a_history_that_agrees_with_itself(played):
    told, first = played
    with environment(told), Server(free_port(), quiet=True) as server:
        period = first["appraisal"]["period"]
        hui, pavel, newcomer, otto = (signed_in(server.url, name) for name in ("HUI", "PAVEL", "G001", "OTTO"))
        sheets = [
            hui.get(f"/appraisals/{_id(told, number)}/{period}/?confirm")
            for number in ("PAVEL", "G002", "G004", "G008")
        ]
        signed = [hui.submit(page, f"/{period}/").path for page in sheets]
        assert all(path.startswith("/appraisals/") and path.count("/") == 3 for path in signed)
        assert [pavel.get(page).text.count("/result/") > 0 for page in ("/marks/",)] == [True]
        assert f"/courses/{COURSE}/" in newcomer.get("/").text
        assert "G001" not in otto.get("/team/?state=overdue").text
    assert _one(told, "SELECT note FROM evidence_finding WHERE note LIKE '14:05%'").endswith("她没有起身。")
    assert _one(told, "SELECT name FROM staff_user WHERE employee_number = 'ROOT'") == "系统管理员"
    bare = "SELECT count(*) FROM courses_stepdone WHERE source = 'import:history' AND assignment_id IN (SELECT id FROM "
    assert _one(told, f"{bare}courses_assignment WHERE person_id = ?)", _id(told, "PAVEL")) == 0
    completion = first["completion"]
    assert completion["done"] + completion["overdue"] <= completion["due"]


def test_the_second_run_of_a_demo_reports_the_first_and_plays_nothing(played):
    told, first = played
    events = _one(told, "SELECT count(*) FROM staff_event")
    again = json.loads(manage("demo", "--no-serve", "--json", **told))
    assert again == first
    assert _one(told, "SELECT count(*) FROM staff_event") == events
    manage("verify", **told)


def _one(told, query, *values):
    with closing(sqlite3.connect(told["DATABASE_URL"][10:])) as connection:
        return connection.execute(query, values).fetchone()[0]


def _id(told, number):
    return _one(told, "SELECT id FROM staff_user WHERE employee_number = ?", number)


def test_an_answer_outlives_a_killed_web_server(told, one):
    first, second = free_port(), free_port()
    with serving(told, first) as process:
        hui = signed_in(f"http://127.0.0.1:{first}", "HUI")
        page = hui.submit(hui.get(f"/quizzes/{QUIZ}/"), "start")
        attempt = page.path.split("/")[2]
        hui.submit(page, "answer", some_answer(page))
        web = next(pid for pid, command in children(process.pid).items() if "granian" in command)
        for pid in [*children(web), web]:
            os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=20)
    with serving(told, second):
        page = moved(hui, f"http://127.0.0.1:{second}").get(f"/attempts/{attempt}/")
    assert page.path == f"/attempts/{attempt}/2/"
    assert one("SELECT count(*) FROM quizzes_answer WHERE attempt_id = %s", attempt) == 1


def test_a_lost_database_is_told_before_anything_starts(told):
    gone = told | {"DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/nothing"}
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    lost = subprocess.run(
        command, cwd=settings.BASE_DIR, env=os.environ | gone, capture_output=True, text=True, timeout=90, check=False
    )
    assert lost.returncode == 1
    assert "The database nothing on 127.0.0.1 does not answer" in lost.stderr
