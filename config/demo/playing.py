"""The main job, played by five people through the real forms of a running server."""

import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from config.demo.browser import Browser, Unexpected
from config.demo.organisation import PASSWORD
from courses.models import Course
from evidence.models import Checklist
from quizzes import play
from quizzes.models import Attempt, Item, Scenario
from staff.models import User

DOCUMENT = settings.BASE_DIR / "packs" / "etiquette" / "standards" / "hospital-front-desk.md"
STANDARD, COURSE, QUIZ, SCENARIO, CHECKLIST = (
    "hospital-front-desk",
    "guide-onboarding",
    "guide-first-month",
    "queue-jumper",
    "front-desk-round",
)
WRONG_POSITIONS = (3,)


def expect(page, status=200, path=""):
    if page.status != status or not page.path.startswith(path):
        raise Unexpected(f"Expected {status} {path}, got {page.status} {page.url}.")
    return page


def signed_in(base, number):
    browser = Browser(base)
    browser.sign_in(number, PASSWORD)
    return browser


def publish_standard(base, document: Path = DOCUMENT):
    """Ana imports the document, waits for the job, reviews every heading and publishes."""
    ana = signed_in(base, "ANA")
    page = expect(ana.get("/standards/import/"))
    page = ana.submit(page, "import", {"slug": STANDARD}, file=("document", document.name, document.read_bytes()))
    page = _wait_for_job(ana, expect(page, path="/jobs/"))
    page = expect(ana.get(f"/standards/{STANDARD}/review/"))
    while "review/section/" in page.text:
        expect(ana.submit(page, "review/section/"))
        page = expect(ana.get(f"/standards/{STANDARD}/review/"))
    page = expect(ana.get(f"/standards/{STANDARD}/publish/"))
    expect(ana.submit(page, "publish"), path=f"/standards/{STANDARD}/")


def _wait_for_job(browser, page, patience=60):
    until = time.monotonic() + patience
    while time.monotonic() < until:
        page = expect(browser.get(page.path))
        if 'data-state="done"' in page.text:
            return page
        if 'data-state="failed"' in page.text:
            raise Unexpected(f"The import failed: {page.url}")
        time.sleep(0.2)
    raise Unexpected(f"The import is not done after {patience} seconds: {page.url}. Does the worker run?")


def learn(base):
    """Mira signs in, reads the lessons, takes the quiz (leaving in the middle), plays the scenario."""
    mira = signed_in(base, "MIRA")
    _read_lessons(mira)
    page = expect(mira.get(f"/quizzes/{QUIZ}/"))
    page = expect(mira.submit(page, "start"), path="/attempts/")
    page = _answer(mira, page, until=5)
    mira = signed_in(base, "MIRA")  # the phone was put away; she comes back on another
    page = expect(mira.get(f"/quizzes/{QUIZ}/"))
    attempt = Attempt.objects.open().get(slug=QUIZ, person__employee_number="MIRA")
    page = expect(mira.get(f"/attempts/{attempt.pk}/"), path=f"/attempts/{attempt.pk}/6/")
    page = _answer(mira, page, until=len(attempt.paper))
    expect(mira.submit(page, "finish"), path=f"/attempts/{attempt.pk}/result/")
    _play_scenario(mira)
    expect(mira.get("/marks/"))


def _read_lessons(mira):
    course = Course.objects.newest().get(slug=COURSE)
    expect(mira.get(f"/courses/{COURSE}/"))
    for lesson in course.lessons:
        page = expect(mira.get(course.lesson_url(lesson["key"])))
        answers = [(f"check-{check['key']}", key) for check in lesson["checks"] for key in check["right"]]
        expect(mira.submit(page, f"/{lesson['key']}/", answers))


def _answer(mira, page, *, until):
    """Answers page by page; one answer is wrong on purpose."""
    while True:
        _, _, pk, place, *_ = page.path.split("/")
        attempt = Attempt.objects.get(pk=pk)
        position = int(place)
        item = Item.objects.get(pk=attempt.paper[position - 1]["item"])
        page = expect(mira.submit(page, "answer", _fields(item, response(item, wrong=position in WRONG_POSITIONS))))
        if position == until:
            return page


def response(item, *, wrong):
    """Option keys of an answer to an item: the right ones, or the wrong way round."""
    right = item.body["right"]
    if not wrong:
        return right
    if item.type == "ordering":
        return list(reversed(right))
    return [next(option["key"] for option in item.body["options"] if option["key"] not in right)]


def _fields(item, keys):
    """The same as the fields of the page's form."""
    if item.type == "ordering":
        return [(f"rank-{key}", str(place)) for place, key in enumerate(keys, start=1)]
    return [("option", key) for key in keys]


def _play_scenario(mira):
    """The best way on at every turn but the second, where she takes the next best."""
    scenario = Scenario.objects.newest().get(slug=SCENARIO)
    page = expect(mira.get(f"/scenarios/{SCENARIO}/"))
    page = expect(mira.submit(page, "start"), path="/play/")
    path = []
    while any("/turn/" in form["action"] for form in page.forms):
        path.append(choice(scenario.body, path, rank=1 if len(path) == 1 else 0))
        page = expect(mira.submit(page, "turn", {"choice": str(path[-1])}), path="/play/")
    expect(mira.submit(page, "finish"), path="/attempts/")


def choice(body, path, *, rank):
    """The number of the choice that loses least (rank 0) or next to least (rank 1), red lines left aside."""
    _, scene = play.walk(body, path)
    chart = play.chart(body)
    allowed = [
        (play.loss(play.Turn(scene, number, choice), chart), number)
        for number, choice in enumerate(scene["choices"], start=1)
        if not choice["red"]
    ]
    return sorted(allowed)[rank][1]


def observe(base):
    """Otto fills the checklist at the counter: one point not met, with a note; then looks at his units."""
    otto = signed_in(base, "OTTO")
    mira = User.objects.get(employee_number="MIRA")
    page = expect(otto.get(f"/observe/{CHECKLIST}/{mira.pk}/"))
    points = [point["key"] for point in Checklist.objects.newest().get(slug=CHECKLIST).points]
    values = [(f"outcome-{key}", "not_met" if place == 1 else "met") for place, key in enumerate(points)]
    values += [(f"note-{points[1]}", "14:05，一位老人在取号机前站了两分钟，她没有起身。")]
    expect(otto.submit(page, f"{mira.pk}", values), path="/observations/")
    expect(otto.get("/team/"))


def appraise(base):
    """Hui reads the open sheet and signs it; Mira sees it; the API returns it."""
    hui = signed_in(base, "HUI")
    mira = User.objects.get(employee_number="MIRA")
    period = f"{timezone.localdate():%Y-%m}"
    expect(hui.get(f"/appraisals/{mira.pk}/{period}/"))
    page = expect(hui.get(f"/appraisals/{mira.pk}/{period}/?confirm"))
    page = expect(hui.submit(page, f"/{period}/"), path="/appraisals/")
    reader = signed_in(base, "MIRA")
    expect(reader.get(page.path))
    return expect(reader.get("/api/v1/appraisals/")).json()["results"][0]
