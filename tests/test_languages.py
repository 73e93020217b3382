"""Both languages complete: no stray Latin word on a Chinese page, no stray Hanzi on an English one."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from config.demo import organisation
from config.demo.playing import CHECKLIST, COURSE, DOCUMENT, QUIZ, SCENARIO, STANDARD, response
from config.packs import load
from courses import progress
from courses.models import Course
from evidence.models import Checklist
from evidence.observing import observe
from quizzes import taking
from quizzes.models import Item, Quiz, Scenario
from scoring.deciding import decide
from scoring.finish import finish
from scoring.releasing import release
from scoring.sheets import plan_for, sheet
from scoring.signing import sign
from staff.models import User
from staff.publishing import publish
from standards.importing import import_document
from standards.models import ContentReview, Standard

CATALOGUE = settings.BASE_DIR / "config" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# Codes, keys, names and units that are the same in both languages.
SAME = re.compile(
    r"[A-Z]{2,6}(-[A-Z]{2,8})+-\d{3}|(?<![A-Za-z])([0-9a-f]{8,64}|[vr]\d+|[a-z0-9]+(-[a-z0-9]+)+|"
    r"UTF-8|GB18030|utf-8|gb18030|JPEG|PNG|WebP|WebM|"
    r"Markdown|Word|Excel|HTML|PDF|Ctrl|Esc|English|Decorum|MIRA|PAVEL|ANA|OTTO|HUI|ROOT|G\d{3}|A4|MB|CSV)(?![A-Za-z])"
)
LATIN = re.compile(r"[A-Za-z]{2,}")
HAN = re.compile(r"[\u4e00-\u9fff]+")


class Words(HTMLParser):
    """The words a reader sees or hears, without passages marked as another language."""

    def __init__(self, own):
        super().__init__()
        self.own, self.stack, self.words = own, [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        foreign = (attributes.get("lang") or self.own).lower()[:2] != self.own
        if tag not in ("input", "meta", "link", "br", "hr", "img", "path", "circle", "rect", "line", "col", "use"):
            self.stack.append(tag in ("script", "style") or foreign or bool(self.stack and self.stack[-1]))
        if not foreign and not (self.stack and self.stack[-1]):
            names = ("aria-label", "title", "alt", "placeholder", "data-saved", "data-offline")
            self.words += [attributes[name] for name in names if attributes.get(name)]

    def handle_endtag(self, tag):
        if self.stack and tag not in ("path", "circle", "rect", "line"):
            self.stack.pop()

    def handle_data(self, data):
        if not (self.stack and self.stack[-1]):
            self.words.append(data)


def strays(html, own, names, pattern):
    parser = Words(own)
    parser.feed(html)
    found = []
    for words in parser.words:
        for name in names:
            words = words.replace(name, "")
        found += [match.group() for match in pattern.finditer(SAME.sub("", words))]
    return sorted(set(found))


@pytest.fixture
def hospital(db):
    """The demo's organisation with one of everything, made by the deeds themselves."""
    root = organisation.build()
    draft, _ = import_document(DOCUMENT.name, DOCUMENT.read_bytes(), by=root, slug=STANDARD)
    publish(draft, root)
    load(settings.BASE_DIR / "packs" / "etiquette", by=root)
    organisation.assign(root)
    mira, otto, hui = (User.objects.get(employee_number=number) for number in ("MIRA", "OTTO", "HUI"))
    course = Course.objects.newest().get(slug=COURSE)
    for lesson in course.lessons:
        progress.read(mira, course, lesson)
    attempt = taking.start(mira, Quiz.objects.newest().get(slug=QUIZ))
    for place, entry in enumerate(attempt.paper, start=1):
        item = Item.objects.get(pk=entry["item"])
        signed = taking.ticket(attempt, place, timezone.now())
        if place != 4:  # one is left open, one is wrong
            taking.answer(attempt, place, response(item, wrong=place == 2), seq=1, signed=signed)
    finish(attempt, by=mira)
    scenario = Scenario.objects.newest().get(slug=SCENARIO)
    run = taking.start(mira, scenario)
    for turn, choice in enumerate([4, 3, 3], start=1):
        taking.turn(run, choice, position=turn, signed=taking.ticket(run, turn, timezone.now()))
    finish(run, by=mira)
    checklist = Checklist.objects.newest().get(slug=CHECKLIST)
    findings = {point["key"]: ("met", "") for point in checklist.points}
    seen = observe(checklist, mira, by=otto, unit=mira.unit_on(timezone.localdate()), findings=findings, key="k")
    period = f"{timezone.localdate():%Y-%m}"
    found = sheet(mira, plan_for(mira, timezone.localdate()), period)
    appraisal = sign(found, by=hui, unit=mira.unit_on(timezone.localdate()))
    pavel = User.objects.get(employee_number="PAVEL")
    open_attempt = taking.start(pavel, Quiz.objects.newest().get(slug=QUIZ))
    open_run = taking.start(pavel, scenario)
    delta = _next_version(root)
    return {
        "MIRA": [
            "/",
            f"/courses/{delta}/",
            *(f"/courses/{delta}/c{place}/" for place in (1, 2)),
            f"/quizzes/{delta}/",
            *(f"/paths/{assignment.pk}/" for assignment in mira.assignments.all()),
            f"/standards/{STANDARD}/",
            "/clauses/FD-TIME-001/",
            f"/courses/{COURSE}/",
            f"/courses/{COURSE}/greet-first/",
            f"/quizzes/{QUIZ}/",
            f"/scenarios/{SCENARIO}/",
            f"/attempts/{attempt.pk}/result/",
            f"/attempts/{run.pk}/result/",
            "/marks/",
            "/appraisals/",
            f"/appraisals/{appraisal.pk}/",
            *(f"/appraisals/{appraisal.pk}/thread/{line['indicator']}/" for line in appraisal.body["lines"]),
            f"/observations/{seen.pk}/",
            "/nothing-here/",
            "/team/",
        ],
        "PAVEL": [
            "/",
            *(f"/attempts/{open_attempt.pk}/{place}/" for place in range(1, len(open_attempt.paper) + 1)),
            f"/attempts/{open_attempt.pk}/check/",
            f"/play/{open_run.pk}/",
        ],
        "ANA": [
            "/",
            "/standards/",
            f"/standards/{STANDARD}/",
            "/standards/import/",
            f"/standards/{STANDARD}/review/",
            f"/standards/{STANDARD}/review/?section=5",
            f"/standards/{STANDARD}/publish/",
            f"/standards/{STANDARD}/coverage/",
            "/clauses/FD-TIME-001/",
            "/items/",
            "/items/?state=draft&type=ordering",
            "/items/new/?clause=FD-TIME-001",
            "/items/fd-three-steps/",
            "/items/fd-three-steps/edit/",
            "/reviews/",
            "/reviews/?who=all",
            "/reviews/?who=all&state=decided",
            *(f"/reviews/{row.pk}/" for row in ContentReview.objects.all()),
        ],
        "OTTO": ["/", "/team/", "/team/?state=overdue", "/observe/", f"/observe/{CHECKLIST}/{mira.pk}/"],
        "HUI": ["/", "/appraisals/", f"/appraisals/{pavel.pk}/{period}/", f"/appraisals/{mira.pk}/{period}/"],
        "": ["/accounts/login/"],
    }


def _next_version(root):
    """Version 2, in force tomorrow, with a clause reworded and one taken out, and the draft of version 3."""
    source = DOCUMENT.read_text(encoding="utf-8")
    source = source.replace("到院，5 分钟内", "到院，3 分钟内").replace(
        "treatment begins within 5", "treatment begins within 3"
    )
    source = "".join(line for line in source.splitlines(True) if "[FD-MANN-001]" not in line)
    draft, _ = import_document(DOCUMENT.name, source.encode(), by=root, slug=STANDARD)
    found = release(draft, root, effective_on=timezone.localdate() + timedelta(days=1))
    assert {row["change"] for row in found.changes} == {"changed", "removed"} and found.units
    decide(found.reviews[0], root, state="right")
    import_document(DOCUMENT.name, DOCUMENT.read_bytes(), by=root, slug=STANDARD)
    Standard.objects.drafts().update(body=_reviewed(Standard.objects.draft_of(STANDARD).body))
    return found.delta["slug"]


def _reviewed(body):
    return body | {"clauses": [row | {"reviewed": True} for row in body["clauses"]]}


def every_page(hospital, language):
    """(path, html) of every page, as the person it is for."""
    for number, paths in hospital.items():
        client = Client(headers={"accept-language": language})
        if number:
            client.force_login(User.objects.get(employee_number=number))
        for path in paths:
            response = client.get(path)
            assert response.status_code in (200, 403, 404), (number, path, response.status_code)
            yield f"{number} {path}", response.content.decode()


def test_every_message_has_a_translation():
    missing = [entry.msgid for entry in polib.pofile(str(CATALOGUE)) if not entry.translated() and not entry.obsolete]
    assert missing == []


def test_every_page_in_chinese_has_no_stray_latin_word(hospital):
    names = list(User.objects.values_list("name", flat=True))
    found = {
        path: words for path, html in every_page(hospital, "zh-hans") if (words := strays(html, "zh", names, LATIN))
    }
    assert found == {}


def test_every_page_in_english_has_no_stray_hanzi(hospital):
    names = list(User.objects.values_list("name", flat=True))
    found = {path: words for path, html in every_page(hospital, "en") if (words := strays(html, "en", names, HAN))}
    assert found == {}


def test_a_stray_word_is_found():
    assert strays("<p>完成 Done <b lang='en'>Fine</b></p>", "zh", [], LATIN) == ["Done"]
