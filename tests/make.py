"""Builders: plain keyword-only functions with small bodies, published and played through our own deeds.

The marker strings (RIGHT…, WHY…, DEBRIEF…, LATER…) are what must never leave the server too early.
"""

import re
from datetime import timedelta
from types import SimpleNamespace

from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from courses.models import Assignment, Course, Path
from evidence.models import Checklist
from evidence.observing import observe
from quizzes import play, script, taking, uploads, writing
from quizzes.models import Item, Quiz, Scenario
from scoring import judged
from scoring.finish import finish
from scoring.models import Plan
from scoring.releasing import release
from scoring.sheets import sheet
from scoring.signing import sign
from staff.frozen import kept
from staff.models import JobRole, Posting, Unit, User
from staff.publishing import publish
from standards.importing import keep_file
from standards.models import Standard

PASSWORD = "tea-at-a-quarter-past-three"
CLAUSES = ("FD-LANG-001", "FD-MANN-001", "FD-PROC-001", "FD-PROH-001")
WEIGHTS = {"FD-PROH-001": "red_line", "FD-LANG-001": "important"}


def forget():
    """Empties what processes keep by id: a rolled-back id is given again."""
    cache.clear()
    kept.cache_clear()
    taking._begun.cache_clear()
    taking._entries.cache_clear()
    judged._said.cache_clear()


def words(english, chinese=""):
    return {"zh": chinese or f"中文 {english}", "en": english}


def _publish(model, slug, body, by, title=None, **columns):
    title = title or words(slug)
    draft = model.objects.create(slug=slug, title_zh=title["zh"], title_en=title["en"], body=body, owner=by, **columns)
    return publish(draft, by)


# --- people -------------------------------------------------------------------


def unit(*, code="desk", parent=None):
    return Unit.objects.create(code=code, parent=parent, name_zh=f"单位 {code}", name_en=f"Unit {code}")


def job_role(*, slug="guide"):
    return JobRole.objects.get_or_create(slug=slug, defaults={"name_zh": f"岗位 {slug}", "name_en": f"Role {slug}"})[0]


def user(*, number, name="", groups=(), **fields):
    person = User.objects.create_user(number, PASSWORD, name=name or number.title(), **fields)
    person.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    return person


def posting(*, user, unit, duty=Posting.WORKS, role=None, start=None, end=None):
    return Posting.objects.create(
        user=user,
        unit=unit,
        duty=duty,
        job_role=role,
        primary=duty == Posting.WORKS,
        start=start or timezone.localdate() - timedelta(days=100),
        end=end,
    )


def people():
    """mira learns at the desk; pavel learns on the ward; ana trains; otto heads the out-patient
    department, mira's; hui appraises the hospital; root administers."""
    hospital = unit(code="hospital")
    outpatient, inpatient = unit(code="outpatient", parent=hospital), unit(code="inpatient", parent=hospital)
    desk, ward = unit(code="desk", parent=outpatient), unit(code="ward", parent=inpatient)
    guide, other = job_role(slug="guide"), job_role(slug="staff")
    mira, pavel = user(number="MIRA"), user(number="PAVEL")
    ana = user(number="ANA", groups=["trainer"])
    otto = user(number="OTTO", groups=["manager"])
    hui = user(number="HUI", groups=["appraiser"])
    root = User.objects.create_superuser("ROOT", PASSWORD, name="Root")
    posting(user=mira, unit=desk, role=guide)
    posting(user=pavel, unit=ward, role=guide)
    posting(user=ana, unit=hospital, role=other)
    posting(user=otto, unit=outpatient, role=other)
    posting(user=hui, unit=hospital, role=other)
    posting(user=otto, unit=outpatient, duty=Posting.HEADS)
    posting(user=hui, unit=hospital, duty=Posting.APPRAISES)
    return SimpleNamespace(
        mira=mira, pavel=pavel, ana=ana, otto=otto, hui=hui, root=root,
        hospital=hospital, outpatient=outpatient, inpatient=inpatient, desk=desk, ward=ward, guide=guide,
    )  # fmt: skip


# --- content ------------------------------------------------------------------


def clause_row(*, key, text=None, reviewed=True):
    return {
        "key": key,
        "number": "",
        "heading": ["见面 | Greeting"],
        "kind": "prohibition" if "PROH" in key else "manner",
        "weight": WEIGHTS.get(key, "general"),
        "roles": [],
        "threshold": None,
        "text": text or words(f"The words of {key}.", f"{key} 的条文。"),
        "lines": [1, 1],
        "by": "new",
        "candidates": [],
        "reviewed": reviewed,
    }


def draft_standard(*, by, slug="front-desk", clauses=CLAUSES, reviewed=True, source=""):
    """With a source, its lines that begin with > are left out of the draft."""
    quotes = [(at, line) for at, line in enumerate(source.splitlines(), start=1) if line.startswith(">")]
    file = keep_file(f"{slug}.md", source.encode()) if source else None
    body = {
        "encoding": "utf-8",
        "lines": len(clauses),
        "headings": [],
        "clauses": [clause_row(key=key, reviewed=reviewed) for key in clauses],
        "skipped": [{"line": at, "text": line, "reason": "quote"} for at, line in quotes],
    }
    title = words("Front desk", "服务台")
    return Standard.objects.create(
        slug=slug, title_zh=title["zh"], title_en=title["en"], body=body, owner=by, source=file
    )


def next_standard(*, by, changes, slug="front-desk", clauses=CLAUSES, gone=(), new=()):
    """The draft of the next version. changes: {key: text}; gone: keys taken out; new: keys put at the end."""
    keys = [key for key in clauses if key not in gone]
    draft = draft_standard(by=by, slug=slug, clauses=(*keys, *new))
    rows = [row | {"text": changes.get(row["key"], row["text"])} for row in draft.body["clauses"]]
    Standard.objects.filter(pk=draft.pk).update(body=draft.body | {"clauses": rows})
    return Standard.objects.get(pk=draft.pk)


def released(*, by, changes, on=None, **options):
    """The Release of the next version."""
    terms = {name: options.pop(name) for name in ("editorial", "reason") if name in options}
    draft = next_standard(by=by, changes=changes, **options)
    return release(draft, by, effective_on=on or timezone.localdate(), **terms)


def review(*, by, world):
    """A row of the review list: version 2 rewords the clause that a lesson, an item, a scene and a point cite."""
    return released(by=by, changes={"FD-LANG-001": words("Speak before the visitor does.")}).reviews[0]


def document(name, text):
    return SimpleUploadedFile(name, text.encode(), "text/markdown")


def standard(*, by, slug="front-desk", clauses=CLAUSES):
    return publish(draft_standard(by=by, slug=slug, clauses=clauses), by)


def item(*, by, slug="greet", cites=("FD-LANG-001",), type="single", right=("b",), keys=("a", "b", "c"), points=1):
    body = {
        "standard": "front-desk",
        "type": type,
        "difficulty": "easy",
        "points": points,
        "cites": list(cites),
        "stem": words(f"Question {slug}?"),
        "options": [{"key": key, "text": words(f"Option {key} of {slug}")} for key in keys],
        "right": list(right),
        "feedback": words(f"FEEDBACK-{slug} it was right because."),
    }
    return _publish(Item, slug, body, by)


def open_item(*, by, slug="words", cites=("FD-LANG-001",), points=4, rubric=(("greets", 1), ("offers", 3))):
    """A short answer that a person marks by criteria: {key: points}."""
    body = {
        "standard": "front-desk",
        "type": "short",
        "difficulty": "medium",
        "points": points,
        "cites": list(cites),
        "stem": words(f"Question {slug}?"),
        "rubric": [{"key": key, "text": words(f"Criterion {key}"), "points": worth} for key, worth in rubric],
        "sample": words(f"SAMPLE-{slug}"),
        "feedback": words(f"FEEDBACK-{slug} say it first."),
    }
    return _publish(Item, slug, body, by)


def open_quiz(*, by, slug="in-words", items=("greet", "words"), percent=70, rules=None):
    """A quiz of named items, with what `rules` says of its markers."""
    body = {
        "standard": "front-desk",
        "blueprint": [{"items": [each], "count": 1} for each in items],
        "minutes": 20,
        "attempts": 2,
        "pass_mark": {"percent": percent, "by": "root", "how": words("Set to begin with."), "on": "2026-10-01"},
    }
    return _publish(Quiz, slug, body | ({"rules": rules} if rules else {}), by)


def handed_in(*, person, subject, responses):
    """A finished attempt's score: {slug of an item: response}; what is not named is left open."""
    begun = attempt(person=person, subject=subject)
    for position, entry in enumerate(begun.paper, start=1):
        if entry["slug"] in responses:
            answer(attempt=begun, position=position, response=responses[entry["slug"]])
    return finish(begun, by=person)


PIECES = {
    "rank": {"options": "abc", "right": ["b", "a", "c"]},
    "bestworst": {"options": "abcd", "best": "b", "worst": "d"},
    "matching": {"options": "ab", "choices": "xyz", "pairs": {"a": "y", "b": "x"}},
    "numeric": {
        "answers": [
            {"value": 5, "tolerance": "0.5", "percent": 100},
            {"value": 5, "tolerance": 1, "percent": 50},
        ],
        "unit": {"text": words("minutes", "分钟"), "others": [{"text": "SECRET-UNIT", "factor": "0.5"}]},
    },
    "fill": {
        "blanks": [
            {"key": "one", "accepted": [{"text": "你好", "percent": 100}, {"text": "HALF-RIGHT", "percent": 50}]},
            {"key": "two", "accepted": [{"text": "RIGHT-WORDS", "percent": 100}]},
        ],
        "ignore": ["width", "space", "case"],
    },
    "short": {
        "rubric": [{"key": "greets", "text": words("Greets first"), "points": 3}],
        "sample": words("SAMPLE-ANSWER"),
        "longest": 400,
        "criteria_shown": True,
    },
    "upload": {
        "rubric": [{"key": "bow", "text": words("Bows fifteen degrees"), "points": 2}],
        "sample": words("SAMPLE-ANSWER"),
        "accepts": ["image", "audio"],
    },
}


def body_of(kind, *, slug="", points=2):
    """A sound body of one of the types with fields of their own."""
    slug = slug or f"of-{kind}"
    found = {"standard": "front-desk", "type": kind, "difficulty": "easy", "points": points, "cites": ["FD-LANG-001"]}
    found |= {"stem": words(f"Question {slug}?"), "feedback": words(f"FEEDBACK-{slug} because.")} | PIECES[kind]
    for name in ("options", "choices"):
        if name in found:
            found[name] = [{"key": key, "text": words(f"{name.title()} {key} of {slug}")} for key in found[name]]
    return found


def item_of(kind, *, by, slug="", points=2, **fields):
    return _publish(Item, slug or f"of-{kind}", body_of(kind, slug=slug, points=points) | fields, by)


def picture(name="bow.png", *, of=b""):
    return uploads.keep(uploads.Upload(name, "image/png", b"\x89PNG\r\n\x1a\n" + of))


def handing(*, world):
    """mira's open attempt with a picture handed in, and the sums of that picture, which stands in a draft as well, and
    of one in a published item."""
    kept, shown = picture(), picture(of=b"shown")
    images = [[{"key": "p", "sha256": each.sha256, "alt": words("A bow")}] for each in (kept, shown)]
    item_of("upload", by=world.root, images=images[1])
    writing.begin(words("Pictured"), body_of("upload", slug="pictured") | {"images": images[0]}, by=world.ana)
    body = world.quiz.body | {"blueprint": [{"items": ["of-upload"], "count": 1}]}
    open = attempt(person=world.mira, subject=_publish(Quiz, "handing-in", body, world.root))
    answer(attempt=open, position=1, response={"file": kept.sha256, "name": "bow.png", "type": "image/png"})
    return open, (kept.sha256, shown.sha256)


def quiz(*, by, slug="first-month", count=3, minutes=20, attempts=2, percent=70):
    body = {
        "standard": "front-desk",
        "blueprint": [{"clauses": ["FD-"], "count": count}],
        "minutes": minutes,
        "attempts": attempts,
        "pass_mark": {"percent": percent, "by": "root", "how": words("Set to begin with."), "on": "2026-10-01"},
    }
    return _publish(Quiz, slug, body, by)


SCRIPT = """\
# 插队的老人 | The queue jumper
slug: queue-jumper
standard: front-desk
role: guide
pass: 70
customer: 周大爷 | Mr Zhou
about: 七十六岁 | Seventy-six
weights: functional 40 emotional 40 value 20

== start   mood -1  wait 12
customer: 先给我办！ | Do me first!
-> 我看一下您的号。 | Let me look at your number. [f+2 e+2 v+1 mood+1 FD-LANG-001] => later
   why: WHY-GOOD-ZH | WHY-GOOD-EN
-> 后面排队去！ | Back of the queue! [e-2 mood-2 RED FD-PROH-001] => sour
   why: WHY-RED-ZH | WHY-RED-EN

== later
customer: LATER-SCENE-ZH | LATER-SCENE-EN
-> LATER-BEST-ZH | LATER-BEST-EN [f+1 e+1 v+1 mood+1 FD-MANN-001] => thanks
   why: WHY-BEST-ZH | WHY-BEST-EN
-> LATER-POOR-ZH | LATER-POOR-EN [e-1 FD-PROC-001] => sour
   why: WHY-POOR-ZH | WHY-POOR-EN

== sour  END
customer: LATER-SOUR-ZH | LATER-SOUR-EN
debrief: DEBRIEF-SOUR-ZH | DEBRIEF-SOUR-EN

== thanks  END
customer: LATER-THANKS-ZH | LATER-THANKS-EN
debrief: DEBRIEF-THANKS-ZH | DEBRIEF-THANKS-EN
"""
SCENARIO_SECRETS = ("WHY-", "LATER-", "DEBRIEF-", "functional", "emotional")


def scenario(*, by, source=SCRIPT):
    slug, title, body = script.parse(source)
    return _publish(Scenario, slug, body, by, title, analysis=play.analyse(body))


def lesson(*, key, cites=("FD-LANG-001",), text="Speak first."):
    return {
        "key": key,
        "title": words(f"Lesson {key}"),
        "minutes": 4,
        "cites": list(cites),
        "text": words(text),
        "checks": [
            {
                "key": "c1",
                "stem": words(f"Check of {key}?"),
                "options": [{"key": "a", "text": words("Wait")}, {"key": "b", "text": words("Greet")}],
                "right": ["b"],
                "why": words(f"CHECK-WHY-{key}"),
                "cites": list(cites),
            }
        ],
    }


def course(*, by, slug="onboarding", lessons=None):
    lessons = lessons or [lesson(key="greet"), lesson(key="listen", cites=("FD-MANN-001",))]
    return _publish(Course, slug, {"standard": "front-desk", "role": "guide", "lessons": lessons}, by)


STEPS = (
    ("course", "course", "onboarding", 3),
    ("quiz", "quiz", "first-month", 7),
    ("scenario", "scenario", "queue-jumper", 10),
    ("seen", "checklist", "desk-round", 21),
)


def path(*, by, slug="guide-path", steps=STEPS, role=None):
    rows = [
        {"key": key, "kind": kind, "slug": target, "due_day": day, "title": words(f"Step {key}")}
        for key, kind, target, day in steps
    ]
    return _publish(Path, slug, {"role": "guide", "steps": rows}, by, job_role=role)


def checklist(*, by, slug="desk-round", cites=("FD-LANG-001", "FD-MANN-001", "FD-PROC-001")):
    points = [{"key": f"p{place}", "cite": key, "text": words(f"Point {place}")} for place, key in enumerate(cites, 1)]
    return _publish(Checklist, slug, {"standard": "front-desk", "role": "guide", "points": points}, by)


def plan_body(*, weights=(40, 20, 25, 15), use="feedback", rule="reweight", limit=30):
    sources = [
        ("quiz", "first-month"),
        ("scenario", "queue-jumper"),
        ("observation", "desk-round"),
        ("completion", "guide-path"),
    ]
    return {
        "role": "guide",
        "use": use,
        "indicators": [
            {"key": source, "source": source, "slug": slug, "weight": weight, "title": words(f"Line {source}")}
            for (source, slug), weight in zip(sources, weights, strict=True)
        ],
        "bands": [
            {"key": "excellent", "from": 90, "title": words("Excellent", "优")},
            {"key": "good", "from": 80, "title": words("Good", "良")},
            {"key": "pass", "from": 60, "title": words("Pass", "合格")},
            {"key": "fail", "from": 0, "title": words("Not passed", "不合格")},
        ],
        "missing": {"rule": rule, "limit": limit},
    }


def plan(*, by, slug="desk-month", role=None, body=None):
    return _publish(Plan, slug, body or plan_body(), by, job_role=role)


def items(*, by):
    return [
        item(by=by, slug="greet"),
        item(by=by, slug="manner", cites=("FD-MANN-001",), type="multiple", right=("a", "c")),
        item(by=by, slug="order", cites=("FD-PROC-001",), type="ordering", right=("c", "a", "b")),
    ]


def world():
    """The people and one published piece of every kind."""
    made = people()
    made.standard = standard(by=made.root)
    made.items = items(by=made.root)
    made.quiz, made.scenario = quiz(by=made.root), scenario(by=made.root)
    made.course = course(by=made.root)
    made.path = path(by=made.root, role=made.guide)
    made.checklist = checklist(by=made.root)
    made.plan = plan(by=made.root, role=made.guide)
    return made


# --- records ------------------------------------------------------------------


def assignment(*, person, path, unit, on=None):
    return Assignment.begin(person, path, unit=unit, on=on)


def attempt(*, person, subject):
    return taking.start(person, subject)


def answer(*, attempt, position, response, seq=1):
    """Answers as the form does, with a ticket of this page."""
    signed = taking.ticket(attempt, position, timezone.now())
    return taking.answer(attempt, position, response, seq=seq, signed=signed)


def turn(*, attempt, choice):
    position = len(taking.path_of(attempt)) + 1
    return taking.turn(attempt, choice, position=position, signed=taking.ticket(attempt, position, timezone.now()))


def right_answer(*, attempt, position):
    return taking.item_at(attempt, position).body["right"]


def score(*, person, subject, wrong=(), choices=(1, 1)):
    """A finished attempt's score: every answer right but those at the positions in `wrong`."""
    begun = attempt(person=person, subject=subject)
    if begun.quiz_id:
        for position in range(1, len(begun.paper) + 1):
            if position not in wrong:
                answer(attempt=begun, position=position, response=right_answer(attempt=begun, position=position))
    else:
        for choice in choices:
            turn(attempt=begun, choice=choice)
    return finish(begun, by=person)


def observation(*, checklist, person, by, unit, outcomes=("met", "not_met", "met"), key="key-of-the-form"):
    findings = {
        point["key"]: (outcome, "Seen at 14:05." if outcome == "not_met" else "")
        for point, outcome in zip(checklist.points, outcomes, strict=True)
    }
    return observe(checklist, person, by=by, unit=unit, findings=findings, key=key)


def period():
    return f"{timezone.localdate():%Y-%m}"


def full_sheet(*, world):
    """Mira's open sheet of this month with every indicator present: quiz 66.7 (one of three omitted),
    scenario 100, observation 66.7 (one of three not met), completion 3 of the 3 steps due or done."""
    mira = world.mira
    world.assignment = assignment(person=mira, path=world.path, unit=world.desk)
    world.score = score(person=mira, subject=world.quiz, wrong=(1,))
    world.run = score(person=mira, subject=world.scenario)
    world.observation = observation(checklist=world.checklist, person=mira, by=world.otto, unit=world.desk)
    return sheet(mira, world.plan, period())


def shown(browser, address):
    """What the page that asks before a signature would post."""
    return {"shown": re.search(r'name="shown" value="(\w+)"', browser.get(address).content.decode())[1]}


def appraisal(*, world):
    return sign(full_sheet(world=world), by=world.hui, unit=world.desk)
