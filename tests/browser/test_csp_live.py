import pytest

from tests.browser.shots import PAGES

pytestmark = pytest.mark.browser


def complaints(context):
    """A list that fills with what the console says against a page: policy reports and script errors."""
    said = []
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.on("console", lambda message: said.append(message.text) if is_complaint(message) else None)
    return said


def is_complaint(message):
    """All errors, but not that a page of status 4xx has that status: the test asks for it."""
    return "Content Security Policy" in message.text or (
        message.type == "error" and "the server responded with a status of 4" not in message.text
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_breaks_no_policy_and_no_script(window, site, page):
    context = window(page.person)
    said = complaints(context)
    tab = context.new_page()
    answer = tab.goto(page.url(site))
    tab.wait_for_timeout(100)
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'"
    )
    assert said == []


@pytest.mark.parametrize(
    "breach",
    [
        "document.body.setAttribute('style', 'color: red')",
        "document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.broken = 1'}))",
        "document.body.append(Object.assign(new Image(), {src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw='}))",
    ],
)
def test_a_breach_would_be_seen(window, site, breach):
    context = window("")
    said = complaints(context)
    tab = context.new_page()
    tab.goto(f"{site.url}/accounts/login/")
    tab.evaluate(breach)
    tab.wait_for_timeout(200)
    assert len(said) == 1
    assert "Content Security Policy" in said[0]
