"""Every response of every URL to every person carries the same strict policy, and its HTML keeps it."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import path

from config.urls import urlpatterns as ours
from tests.urls import EVERYBODY, walk

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
BREACHES = {
    "style attribute": r"\sstyle\s*=",
    "style element": r"^<style",
    "handler": r"\son[a-z]+\s*=",
    "htmx handler": r"\shx-on",
    "inline script": r"^<script(?!.*\ssrc=)",
    "address elsewhere": r"""\s(?:src|href|action|formaction|poster|srcset|hx-[a-z]+)\s*=\s*["']?\s*(?:[a-z]+:)?//""",
    "javascript address": r"javascript\s*:",
    "data address": r"""\s(?:src|href)\s*=\s*["']?\s*data:""",
    "frame": r"<(?:iframe|object|embed|base)\b",
}


def breaches(html):
    tags = {" ".join(tag.split()) for tag in re.findall(r"<[a-z][^>]*>", html, re.I)}
    found = {name for name, pattern in BREACHES.items() if any(re.search(pattern, tag, re.I) for tag in tags)}
    return found | ({"script with words"} if re.search(r"<script[^>]*>\s*[^<\s]", html, re.I) else set())


def boom(request):
    raise RuntimeError("on purpose")


def forbidden(request):
    raise PermissionDenied


urlpatterns = [*ours, path("boom/", boom), path("forbidden/", forbidden)]


@pytest.mark.parametrize("person", EVERYBODY)
def test_every_page_keeps_the_policy(db, person):
    for where, page in walk(person).items():
        assert (where, page.headers["Content-Security-Policy"]) == (where, POLICY)
        assert (where, page.headers["X-Content-Type-Options"]) == (where, "nosniff")
        if page.headers.get("Content-Type", "").startswith("text/html"):
            assert (where, breaches(page.text)) == (where, set())


@pytest.mark.parametrize("address", ["/nowhere/", "/forbidden/", "/boom/", "/accounts/login/", "/static/none.css"])
def test_errors_keep_the_policy(people, sign_in, settings, address):
    settings.ROOT_URLCONF = __name__
    browser = sign_in(people.mira)
    browser.raise_request_exception = False
    response = browser.get(address)
    assert response["Content-Security-Policy"] == POLICY
    assert breaches(response.content.decode()) == set()


def test_a_refused_form_keeps_the_policy(people):
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/accounts/login/", {"login": "MIRA", "password": "x"})
    assert (response.status_code, response["Content-Security-Policy"]) == (403, POLICY)
    assert breaches(response.content.decode()) == set()


def test_the_policy_in_force_is_the_strict_one():
    assert settings.CONTENT_SECURITY_POLICY == POLICY


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p style="color:red">', {"style attribute"}),
        ("<style>p{}</style>", {"style element"}),
        ('<a onclick="x()">', {"handler"}),
        ('<a hx-on:click="x()">', {"htmx handler"}),
        ("<script>x()</script>", {"inline script", "script with words"}),
        ('<script src="/static/a.js"></script>', set()),
        ('<script src="https://cdn.example/a.js"></script>', {"address elsewhere"}),
        ('<img src="//cdn.example/a.png">', {"address elsewhere"}),
        ('<a href="javascript:x()">', {"javascript address"}),
        ('<a href="/appraisals/">一次 one</a>', set()),
    ],
)
def test_a_breach_would_be_seen(html, found):
    assert breaches(html) == found


def test_what_a_signed_in_person_sees_is_kept_nowhere(people, sign_in):
    """On a shared desk, going back after sign-out shows nothing."""
    browser = sign_in(people.mira)
    for address in ("/", "/marks/", "/nowhere/", "/api/v1/appraisals/"):
        assert browser.get(address)["Cache-Control"] == "private, no-store"


def test_a_page_may_be_asked_for_its_head_only(people, sign_in):
    assert sign_in(people.mira).head("/").status_code == 200
    assert Client().head("/healthz/").status_code == 200
