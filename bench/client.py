"""One person's browser for the bench: a kept-alive connection, cookies, gzip, and every request timed."""

import gzip
import http.client
import re
import time
from collections import defaultdict
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.utils.crypto import get_random_string

FORM = re.compile(r'name="seq" value="([^"]*)"[^>]*>\s*<input[^>]*name="ticket" value="([^"]*)"')
KEPT = 5  # seconds for which a connection is used again
FIELD = re.compile(r'name="(seq|ticket|key)" value="([^"]*)"')


class Unexpected(Exception):
    """An answer of the server that the bench cannot go on with."""


def session_of(person):
    """A signed-in session, without the cost of the password."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


class Reply:
    def __init__(self, status, location, body, length):
        self.status, self.location, self.body, self.length = status, location, body, length

    @property
    def text(self):
        return (gzip.decompress(self.body) if self.body[:2] == b"\x1f\x8b" else self.body).decode()


class OverHttp:
    """Requests to a server on this machine; times[step] collects milliseconds."""

    def __init__(self, port, session, times=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.last = time.perf_counter()
        self.token = get_random_string(32)
        self.times = defaultdict(list) if times is None else times
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={self.token}",
            "Accept-Encoding": "gzip",
            "Accept-Language": "zh-CN",
        }

    def get(self, step, path):
        return self._ask(step, "GET", path)

    def post(self, step, path, values=()):
        body = urlencode([*values, ("csrfmiddlewaretoken", self.token)])
        return self._ask(step, "POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, step, method, path, body=None, extra=None):
        began = time.perf_counter()
        if began - self.last > KEPT:
            self.connection.close()  # as a browser does: the server drops a silent one after ten seconds
        self.connection.request(method, path, body, self.headers | (extra or {}))
        answer = self.connection.getresponse()
        content = answer.read()
        self.last = time.perf_counter()
        self.times[step].append((self.last - began) * 1000)
        return Reply(answer.status, answer.headers.get("Location", ""), content, len(content))

    def close(self):
        self.connection.close()


class InProcess:
    """The same requests inside this process; counts[step] collects numbers of statements."""

    def __init__(self, browser, captured):
        self.browser, self.captured, self.counts = browser, captured, defaultdict(list)

    def get(self, step, path):
        return self._ask(step, self.browser.get, path)

    def post(self, step, path, values=()):
        data = urlencode(list(values))
        return self._ask(step, self.browser.post, path, data, content_type="application/x-www-form-urlencoded")

    def _ask(self, step, send, *arguments, **options):
        with self.captured() as statements:
            answer = send(*arguments, **options)
        self.counts[step].append(len(statements))
        return Reply(answer.status_code, answer.headers.get("Location", ""), answer.content, len(answer.content))


def expect(reply, status, path=""):
    if reply.status != status or path not in reply.location:
        raise Unexpected(f"Expected {status} {path}, got {reply.status} {reply.location}: {reply.body[:200]!r}")
    return reply


def values_for(kind, keys):
    """A right answer as form fields."""
    if kind == "ordering":
        return [(f"rank-{key}", str(place)) for place, key in enumerate(keys, start=1)]
    return [("option", key) for key in keys]


def whole_attempt(client, slug, right):
    """Opens the quiz, starts, answers every question page by page, finishes, sees the result.
    right(attempt id) gives [(type, right keys)] of its paper."""
    expect(client.get("open", f"/quizzes/{slug}/"), 200)
    reply = expect(client.post("start", f"/quizzes/{slug}/start/"), 302, "/1/")
    attempt = int(urlsplit(reply.location).path.split("/")[2])
    paper = right(attempt)
    for place, (kind, keys) in enumerate(paper, start=1):
        page = expect(client.get("question", f"/attempts/{attempt}/{place}/"), 200)
        values = FIELD.findall(page.text) + values_for(kind, keys)
        reply = client.post("answer", f"/attempts/{attempt}/{place}/answer/", values)
        expect(reply, 302, f"/{place + 1}/" if place < len(paper) else "/check/")
    expect(client.get("check", f"/attempts/{attempt}/check/"), 200)
    expect(client.post("finish", f"/attempts/{attempt}/finish/"), 302, "/result/")
    expect(client.get("result", f"/attempts/{attempt}/result/"), 200)
    return attempt


def one_page_attempt(client, slug, right):
    """The same with all questions on one page: each answer is saved where it stands."""
    expect(client.get("open", f"/quizzes/{slug}/"), 200)
    reply = expect(client.post("start", f"/quizzes/{slug}/start/"), 302, "/paper/")
    attempt = int(urlsplit(reply.location).path.split("/")[2])
    page = expect(client.get("paper", f"/attempts/{attempt}/paper/"), 200)
    fields = FORM.findall(page.text)
    for place, (kind, keys) in enumerate(right(attempt), start=1):
        values = [*zip(("seq", "ticket"), fields[place - 1], strict=True), *values_for(kind, keys), ("save", "1")]
        expect(client.post("answer", f"/attempts/{attempt}/{place}/answer/", values), 200)
    expect(client.get("check", f"/attempts/{attempt}/check/"), 200)
    expect(client.post("finish", f"/attempts/{attempt}/finish/"), 302, "/result/")
    expect(client.get("result", f"/attempts/{attempt}/result/"), 200)
    return attempt
