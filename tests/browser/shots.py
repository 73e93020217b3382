"""`make shots`: a picture of every page as the person it is for, into var/shots/ with an index.html.

`make shots ARGS="home lesson"` takes only the pages whose names hold one of the words.
"""

import os
import shutil
import sys
import tempfile
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if __name__ == "__main__":
    django.setup()

from django.conf import settings
from playwright.sync_api import sync_playwright

from config.demo.playing import COURSE, QUIZ, SCENARIO, STANDARD
from tests.browser.site import running

CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
DARK = ("home", "play", "team", "review")


class Page(NamedTuple):
    """path: a string, or a function of the Site. person: an employee number, "" for a stranger."""

    name: str
    person: str
    path: object
    status: int = 200

    def url(self, site):
        return site.url + (self.path(site) if callable(self.path) else self.path)


PAGES = [
    Page("sign-in", "", "/accounts/login/"),
    Page("home", "G001", "/"),
    Page("home-done", "MIRA", "/"),
    Page("home-trainer", "ANA", "/"),
    Page("home-manager", "OTTO", "/"),
    Page("home-appraiser", "HUI", "/"),
    Page("home-root", "ROOT", "/"),
    Page("path", "MIRA", lambda site: site.assignment()),
    Page("course", "G001", f"/courses/{COURSE}/"),
    Page("lesson", "G001", lambda site: site.lesson()),
    Page("lesson-read", "MIRA", lambda site: site.lesson()),
    Page("quiz", "G001", f"/quizzes/{QUIZ}/"),
    Page("quiz-done", "MIRA", f"/quizzes/{QUIZ}/"),
    Page("quizzes", "ANA", "/quizzes/"),
    Page("quiz-trainer", "ANA", f"/quizzes/{QUIZ}/trainer/"),
    Page("quiz-form", "ANA", f"/quizzes/{QUIZ}/edit/"),
    Page("quiz-arranged", "ANA", f"/quizzes/{QUIZ}/arrangements/"),
    Page("mornings", "OTTO", "/mornings/"),
    Page("question", "PAVEL", lambda site: site.paths["question"]),
    Page("question-ordering", "PAVEL", lambda site: site.ordering()),
    Page("check", "PAVEL", lambda site: f"/attempts/{site.attempt('PAVEL', QUIZ)}/check/"),
    Page("result", "MIRA", lambda site: site.result(QUIZ)),
    Page("result-as-manager", "OTTO", lambda site: site.result(QUIZ)),
    Page("scenario", "G001", f"/scenarios/{SCENARIO}/"),
    Page("play", "PAVEL", lambda site: site.paths["play"]),
    Page("debrief", "MIRA", lambda site: site.result(SCENARIO)),
    Page("marks", "MIRA", "/marks/"),
    Page("marks-empty", "G001", "/marks/"),
    Page("clause", "MIRA", lambda site: site.clause()),
    Page("clause-as-trainer", "ANA", lambda site: site.clause()),
    Page("standards", "MIRA", "/standards/"),
    Page("standards-trainer", "ANA", "/standards/"),
    Page("standard", "MIRA", f"/standards/{STANDARD}/"),
    Page("search", "ANA", "/search/?" + urlencode({"q": "病人"})),
    Page("search-empty", "MIRA", "/search/"),
    Page("search-english", "MIRA", "/search/?q=complaint"),
    Page("search-chosen", "ANA", "/search/?" + urlencode({"q": "您", "kind": "item"})),
    Page("search-nothing", "MIRA", "/search/?" + urlencode({"q": "投诉 月亮", "kind": "clause"})),
    Page("compare", "MIRA", "/standards/cloakroom/compare/"),
    Page("handbook", "MIRA", f"/standards/{STANDARD}/handbook/?role=guide"),
    Page("coverage", "ANA", f"/standards/{STANDARD}/coverage/"),
    Page("items", "ANA", "/items/"),
    Page("items-none", "ANA", "/items/?clause=NO-SUCH-001"),
    Page("items-narrowed", "ANA", "/items/?type=single&difficulty=easy&sort=title"),
    Page("item", "ANA", "/items/fd-three-steps/"),
    Page("item-use", "ANA", "/items/fd-three-steps/use/"),
    Page("item-retire", "ANA", "/items/fd-three-steps/retire/"),
    Page("item-draft", "ANA", lambda site: f"{site.paths['draft-item']}?version=draft"),
    Page("item-new", "ANA", "/items/new/?clause=FD-LANG-002"),
    Page("item-edit", "ANA", "/items/fd-three-steps/edit/"),
    Page("standard-discard", "ANA", f"/standards/{STANDARD}/review/discard/"),
    Page("item-discard", "ANA", lambda site: f"{site.paths['draft-item']}discard/"),
    Page("import", "ANA", "/standards/import/"),
    Page("job", "ANA", lambda site: site.paths["job"]),
    Page("review", "ANA", f"/standards/{STANDARD}/review/"),
    Page("review-clause", "ANA", f"/standards/{STANDARD}/review/?clause=FD-TIME-001#FD-TIME-001"),
    Page("publish", "ANA", f"/standards/{STANDARD}/publish/"),
    Page("review-list", "ANA", "/reviews/"),
    Page("review-list-empty", "ANA", "/reviews/?state=decided"),
    Page("review-row", "ANA", lambda site: site.review_row()),
    Page("team", "OTTO", "/team/"),
    Page("team-overdue", "OTTO", "/team/?state=overdue"),
    Page("observe", "OTTO", "/observe/"),
    Page("checklist", "OTTO", lambda site: site.checklist()),
    Page("observation", "MIRA", lambda site: site.observation()),
    Page("appraisals", "HUI", "/appraisals/"),
    Page("appraisals-own", "MIRA", "/appraisals/"),
    Page("sheet", "HUI", lambda site: site.sheet()),
    Page("appraisal", "MIRA", lambda site: f"/appraisals/{site.appraisal}/"),
    Page("revise", "HUI", lambda site: f"/appraisals/{site.appraisal}/revise/"),
    Page("thread", "MIRA", lambda site: f"/appraisals/{site.appraisal}/thread/quiz/"),
    Page("password", "MIRA", "/accounts/password/change/"),
    Page("sign-out", "MIRA", "/accounts/logout/"),
    Page("not-allowed", "MIRA", "/team/", 403),
    Page("not-found", "MIRA", "/attempts/999999/", 404),
]


def context_for(chromium, site, person, *, viewport, language="zh", **options):
    """A browser window of this person's, signed in."""
    phone = {"is_mobile": True, "has_touch": True} if viewport == PHONE else {}
    context = chromium.new_context(viewport=viewport, locale=LANGUAGES[language], **phone, **options)
    if person:
        context.add_cookies(site.cookies(person))
    return context


def take(tab, site, page, target):
    """Writes one picture; the sentence that says what is wrong with the page, or ""."""
    answer = tab.goto(page.url(site))
    tab.screenshot(path=target, full_page=True)
    return "" if answer.status == page.status else f"{target.name}: {answer.status}, not {page.status}: {answer.url}"


def take_all(chromium, site, pages, folder):
    """Every picture, one window for each person and kind of picture; the sentences of what is wrong."""
    todo = sorted(
        ((page.person, sorted(how.items(), key=str), name, page) for page in pages for name, how in pictures(page)),
        key=lambda row: (row[0], str(row[1])),
    )
    wrong = []
    for (person, how), rows in groupby(todo, key=lambda row: row[:2]):
        context = context_for(chromium, site, person, **dict(how))
        tab = context.new_page()
        wrong += [take(tab, site, page, folder / name) for _person, _how, name, page in rows]
        context.close()
    return [fault for fault in wrong if fault]


def pictures(page):
    """[(file name, how)] of one page."""
    for width, viewport in ((390, PHONE), (1440, DESK)):
        for language in LANGUAGES:
            yield f"{page.name}-{width}-{language}.png", {"viewport": viewport, "language": language}
    if page.name in DARK:
        viewport = DESK if page.name in ("team", "review") else PHONE
        yield f"{page.name}-dark.png", {"viewport": viewport, "color_scheme": "dark"}


def index(pages):
    rows = []
    for page in pages:
        rows.append(f"<h2 id={page.name}>{escape(page.name)} <small>{page.person or 'nobody'}</small></h2>")
        names = [name for name, _how in pictures(page)]
        rows.append(
            "".join(f"<a href={name}><img src={name} alt={name} height=420 loading=lazy></a>\n" for name in names)
        )
    return "<!doctype html><meta charset=utf-8><title>Decorum, every page</title>\n" + "\n".join(rows)


def main(words):
    pages = [page for page in PAGES if not words or any(word in page.name for word in words)]
    target = settings.VAR_DIR / "shots"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**CHROMIUM)
        wrong = take_all(chromium, site, pages, target)
        chromium.close()
    (target / "index.html").write_text(index(pages), encoding="utf-8")
    count = len(list(target.glob("*.png")))
    sys.stdout.write("\n".join([*wrong, f"{count} pictures of {len(pages)} pages: {target / 'index.html'}\n"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
