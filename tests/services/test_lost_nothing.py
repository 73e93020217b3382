"""The server is killed in the middle of fifty attempts: every answer it said was saved is there afterwards."""

import json
import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest

from bench.client import OverHttp
from config.demo.playing import QUIZ
from config.supervising import free_port
from tests.browser.site import manage
from tests.services.test_serve import children, on_sqlite, serving

pytestmark = pytest.mark.services
PEOPLE, QUESTIONS = 50, 10

SESSIONS = f"""
import json
from bench.client import session_of
from staff.models import User

people = [User.objects.create_user(f"K{{n:02}}", None, name=f"K {{n}}") for n in range({PEOPLE})]  # no password
print(json.dumps([session_of(person) for person in people]))
"""
SAVED = """
import json
from quizzes.models import Answer

rows = Answer.objects.filter(attempt__person__employee_number__startswith="K").values_list("attempt", "position", "seq")
print(json.dumps(sorted(rows)))
"""


def asked(told, script):
    return json.loads(manage("shell", "--no-imports", "-c", script, **told).splitlines()[-1])


@pytest.fixture(scope="module")
def demo_on_sqlite(tmp_path_factory):
    told = on_sqlite(tmp_path_factory.mktemp("killed"))
    manage("demo", "--no-serve", "--json", **told)
    return told


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    return request.getfixturevalue("demo_on_sqlite" if request.param == "sqlite" else "told")


class Sitting:
    """One person who answers page by page until the server is gone; `acknowledged`: what it said was saved."""

    def __init__(self, port, session, enough):
        self.client, self.enough, self.acknowledged = OverHttp(port, session), enough, []

    def sit(self):
        try:
            begun = self.client.post("start", f"/quizzes/{QUIZ}/start/")
            attempt = int(re.search(r"/attempts/(\d+)/", begun.location)[1])
            for seq in range(1, 40):
                for place in range(1, QUESTIONS + 1):
                    self.answer(attempt, place, seq)
        except (OSError, HTTPException):
            pass  # the server is gone

    def answer(self, attempt, place, seq):
        page = self.client.get("question", f"/attempts/{attempt}/{place}/").text
        fields = re.findall(r'name="(seq|ticket)" value="([^"]*)"', page)
        options = re.findall(r'name="option" value="([^"]+)"', page)[:1]
        ranks = [(name, str(at)) for at, name in enumerate(re.findall(r'name="(rank-[^"]+)"', page), start=1)]
        values = [*fields, *(("option", each) for each in options), *ranks, ("save", "1")]
        reply = self.client.post("answer", f"/attempts/{attempt}/{place}/answer/", values)
        if reply.status == 200:
            self.acknowledged.append([attempt, place, json.loads(reply.body)["seq"]])
            self.enough.count()


class Enough:
    """Set once so many answers were acknowledged."""

    def __init__(self, wanted):
        self.wanted, self.lock, self.event = wanted, threading.Lock(), threading.Event()

    def count(self):
        with self.lock:
            self.wanted -= 1
            if self.wanted <= 0:
                self.event.set()


def test_every_answer_acknowledged_as_saved_outlives_kill_9(database):
    sessions, port, enough = asked(database, SESSIONS), free_port(), Enough(3 * PEOPLE)
    with serving(database, port) as process, ThreadPoolExecutor(PEOPLE) as pool:
        sittings = [Sitting(port, session, enough) for session in sessions]
        running = [pool.submit(sitting.sit) for sitting in sittings]
        assert enough.event.wait(120), "The answers took too long."
        web = next(pid for pid, command in children(process.pid).items() if "granian" in command)
        for pid in [*children(web), web]:
            os.kill(pid, signal.SIGKILL)
        for each in running:
            each.result(timeout=60)
        process.communicate(timeout=20)
    acknowledged = {tuple(row) for sitting in sittings for row in sitting.acknowledged}
    assert len(acknowledged) >= 3 * PEOPLE
    with serving(database, free_port()):  # it starts again on what is there
        found = {tuple(row) for row in asked(database, SAVED)}
    assert acknowledged - found == set()
    manage("verify", **database)
