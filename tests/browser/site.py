"""A played demo behind a real server, with what every page needs to be worth a look.

Nothing here opens the demo's database through Django: the tests' own process has another one.
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from functools import cache

from django.conf import settings

from config.demo.browser import Browser
from config.demo.organisation import PASSWORD
from config.demo.playing import CHECKLIST, COURSE, DOCUMENT, QUIZ, SCENARIO, STANDARD
from config.supervising import Server, free_port

NEWCOMER = "G001"  # Mira's colleague at the guide desk who has not begun


TWO_VERSIONS = """
from django.utils import timezone

from courses.models import Course
from scoring.releasing import release
from staff.models import User
from staff.publishing import publish
from standards.importing import import_document
from standards.models import Standard
from standards.reviewing import accept, seen

ana = User.objects.get(employee_number="ANA")
first = "# 寄存处规范 | Cloakroom rules\\n- 先问好，再接衣物。\\n- 三分钟内交还衣物。\\n- 不翻动客人口袋。\\n"
for text in (first, first.replace("三分钟", "两分钟").replace("- 不翻动客人口袋。", "- 雨天先递毛巾。")):
    draft = import_document("cloakroom.md", text.encode(), by=ana, slug="cloakroom")[0]
    accept(draft, {row["key"]: seen(row) for row in draft.body["clauses"]})
    version = release(Standard.objects.draft_of("cloakroom"), ana, effective_on=timezone.localdate()).version
    if version.number == 1:  # a lesson that the second version makes doubtful
        cites = [version.body["clauses"][1]["key"]]
        words = {"zh": "三分钟之内，衣物要回到客人手里。", "en": "The coat is back within three minutes."}
        lesson = {"key": "back", "title": {"zh": "交还", "en": "Giving back"}, "minutes": 2, "text": words}
        body = {"standard": "cloakroom", "role": "guide", "lessons": [lesson | {"cites": cites, "checks": []}]}
        title = {"title_zh": "寄存处", "title_en": "Cloakroom"}
        publish(Course.objects.create(slug="cloakroom", body=body, owner=ana, **title), ana)
"""

ITEM = {
    "type": "single",
    "stem_zh": "病人走到离导医台三步远，你正低头整理登记表。这时怎么做？",
    "stem_en": "A patient is three steps from the desk and you are sorting forms. What do you do?",
    "option-1-zh": "先抬头问好，再放下表格",
    "option-1-en": "Look up and greet first, then put the forms down",
    "option-1-right": "on",
    "option-2-zh": "整理完这一页再抬头",
    "option-2-en": "Finish the page, then look up",
    "option-3-zh": "等对方先开口",
    "option-3-en": "Wait for them to speak",
    "feedback_zh": "三步之内先开口，手里的事可以等。",
    "feedback_en": "Within three steps you speak first; the forms can wait.",
}


def manage(*arguments, **environment):
    """The output of a management command run by itself."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=os.environ | environment, capture_output=True, text=True, timeout=180
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


@contextmanager
def environment(values):
    """What the server's processes are told, for as long as they run."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def running(folder):
    """The Site of a demo played in an empty folder."""
    database = folder / "demo.sqlite3"
    told = {
        "DATABASE_URL": f"sqlite:///{database}",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "files"),
        "REDIS_URL": "",
    }
    with environment(told):
        report = json.loads(manage("demo", "--no-serve", "--json"))
        give_password = f"from staff.models import User; u = User.objects.get(employee_number={NEWCOMER!r})"
        manage("shell", "--no-imports", "-c", f"{give_password}; u.set_password({PASSWORD!r}); u.save()")
        manage("shell", "--no-imports", "-c", TWO_VERSIONS)
        with Server(free_port(), quiet=True) as server:
            site = Site(server.url, report, database)
            site.prepare()
            yield site


class Site:
    def __init__(self, url, report, database):
        self.url, self.report, self.database = url, report, database
        self.paths = {}
        self.cookies = cache(self._cookies)

    def _cookies(self, person):
        """A person's signed-in session, as Playwright wants cookies."""
        browser = self.browser(person)
        return [{"name": cookie.name, "value": cookie.value, "url": self.url} for cookie in browser.jar]

    def browser(self, person):
        browser = Browser(self.url)
        browser.sign_in(person, PASSWORD)
        return browser

    def one(self, query, *values):
        """One value of the demo's database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            row = connection.execute(query, values).fetchone()
        if row is None:
            raise LookupError(f"Nothing found: {query} {values}")
        return row[0]

    def person(self, number):
        return self.one("SELECT id FROM staff_user WHERE employee_number = ?", number)

    def attempt(self, number, slug):
        """The id of a person's newest attempt."""
        found = "SELECT id FROM quizzes_attempt WHERE person_id = ? AND slug = ? ORDER BY id DESC"
        return self.one(found, self.person(number), slug)

    def right(self, attempt, place):
        """(type, right keys) of the item at a 1-based place of an attempt's paper."""
        paper = json.loads(self.one("SELECT paper FROM quizzes_attempt WHERE id = ?", attempt))
        body = json.loads(self.one("SELECT body FROM quizzes_item WHERE id = ?", paper[place - 1]["item"]))
        return body["type"], body["right"]

    @property
    def appraisal(self):
        return self.one("SELECT max(id) FROM scoring_appraisal")

    @property
    def period(self):
        return self.report["appraisal"]["period"]

    def prepare(self):
        """Pavel is in the middle of a quiz and of a scenario; Ana has the standard's next version to review."""
        pavel = self.browser("PAVEL")
        page = pavel.submit(pavel.get(f"/quizzes/{QUIZ}/"), "start")
        option = re.search(r'name="option" value="([^"]+)"', page.text)
        pavel.submit(page, "answer", {"option": option[1]} if option else {})
        self.paths["question"] = page.path
        page = pavel.submit(pavel.get(f"/scenarios/{SCENARIO}/"), "start")
        self.paths["play"] = pavel.submit(page, "turn", {"choice": "1"}).path
        ana = self.browser("ANA")
        document = (
            DOCUMENT.read_text(encoding="utf-8")
            + "\n- 下班前清点轮椅并登记。 | Count the wheelchairs before leaving.\n"
        )
        page = ana.get("/standards/import/")
        page = ana.submit(page, "import", {"slug": STANDARD}, file=("document", DOCUMENT.name, document.encode()))
        self.paths["job"] = page.path
        self._wait_for(ana, page.path)
        page = ana.submit(ana.get("/items/new/?clause=FD-LANG-002"), "items/new", ITEM)
        self.paths["draft-item"] = page.path

    def _wait_for(self, browser, path):
        for _ in range(200):
            page = browser.get(path)
            if 'data-state="done"' in page.text:
                return
            if 'data-state="failed"' in page.text:
                break
            time.sleep(0.1)
        raise RuntimeError(f"The import did not end well: {path}\n{page.text[-1500:]}")

    def ordering(self):
        """The path of Pavel's question that is put in order."""
        attempt = self.attempt("PAVEL", QUIZ)
        count = self.one("SELECT json_array_length(paper) FROM quizzes_attempt WHERE id = ?", attempt)
        places = [place for place in range(1, count + 1) if self.right(attempt, place)[0] == "ordering"]
        return f"/attempts/{attempt}/{places[0]}/"

    def lesson(self, place=0):
        body = json.loads(
            self.one("SELECT body FROM courses_course WHERE slug = ? AND published_at IS NOT NULL", COURSE)
        )
        return f"/courses/{COURSE}/{body['lessons'][place]['key']}/"

    def clause(self):
        """A clause that Mira lost points on."""
        nodes = [node for line in self.report["appraisal"]["lines"] for node in line["thread"]]
        return next(node["url"] for node in nodes if node["kind"] == "clause")

    def result(self, slug):
        return f"/attempts/{self.attempt('MIRA', slug)}/result/"

    def checklist(self):
        return f"/observe/{CHECKLIST}/{self.person('MIRA')}/"

    def observation(self):
        return f"/observations/{self.one('SELECT max(id) FROM evidence_observation')}/"

    def assignment(self):
        return f"/paths/{self.one('SELECT id FROM courses_assignment WHERE person_id = ?', self.person('MIRA'))}/"

    def review_row(self):
        return f"/reviews/{self.one('SELECT id FROM standards_contentreview WHERE closed_at IS NULL')}/"

    def sheet(self):
        return f"/appraisals/{self.person('G002')}/{self.period}/"
