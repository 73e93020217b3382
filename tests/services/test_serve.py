"""`manage.py serve` on PostgreSQL and Redis: it starts, says so, stops both children, and loses nothing."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from config.demo.playing import QUIZ
from config.supervising import free_port
from tests.browser.site import manage
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


@contextmanager
def serving(told, port):
    """A running `manage.py serve` in its own session, so that what it leaves behind can be found."""
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=os.environ | told, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
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
        assert sorted("granian" in command or "db_worker" in command for command in found.values()) == [True, True]
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


def test_a_killed_worker_ends_the_whole_server_so_that_somebody_notices(told):
    with serving(told, free_port()) as process:
        worker = next(pid for pid, command in children(process.pid).items() if "db_worker" in command)
        os.kill(worker, signal.SIGKILL)
        said = process.communicate(timeout=20)[1]
    assert process.returncode == 1
    assert "ended by itself (exit code -9)" in said


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


def test_a_lost_database_is_told_by_the_health_page(told):
    gone = told | {"DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/nothing"}
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    lost = subprocess.run(
        command, cwd=settings.BASE_DIR, env=os.environ | gone, capture_output=True, text=True, timeout=90, check=False
    )
    assert lost.returncode == 1
    assert "did not come up" in lost.stderr
