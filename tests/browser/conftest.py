import os

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.shots import CHROMIUM, PHONE, context_for
from tests.browser.site import running

# Playwright's synchronous interface runs an event loop in this thread, and Django would take it for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("demo")) as site:
        yield site


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium, site):
    """A new window of a person's; closed when the test ends."""
    opened = []

    def open_window(person, *, viewport=PHONE, **options):
        context = context_for(chromium, site, person, viewport=viewport, **options)
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()
