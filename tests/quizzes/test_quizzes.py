"""Writing a quiz: from an empty form to a version in force, what the bank gives it, what is arranged for one."""

import re

import pytest
from django.http import QueryDict

from config.verifying import verify
from quizzes.models import Accommodation, Attempt, Quiz
from quizzes.quiz_forms import QuizForm
from quizzes.quiz_rules import quiz_problems
from staff import drafting
from staff.models import Event
from tests import make

ENGLISH = {"accept-language": "en"}


def typed(**fields):
    """What a browser sends for a sound quiz of one row."""
    return {
        "title_zh": "首周", "title_en": "First week", "standard": "front-desk", "kind": "exam", "minutes": "20",
        "attempts": "2", "percent": "70", "by": "ana", "how_en": "By the trainers.", "on": "2026-11-21", "rows": "2",
        "sections": "0", "row-1-clauses": "FD-LANG FD-MANN", "row-1-count": "2", "counts": "first", "pages": "one",
        "shuffle": "on", "back": "on", "when": "finished", "show": ["answers", "right", "feedback", "clause"],
    } | {name.replace("__", "-"): value for name, value in fields.items()}  # fmt: skip


@pytest.fixture
def ana(world, sign_in):
    return sign_in(world.ana)


def write(browser, **fields):
    response = browser.post("/quizzes/new/", typed(**fields), headers=ENGLISH)
    assert response.status_code == 302, re.findall(r"<span>([^<]+)</span></div>", text(response))
    return Quiz.objects.draft_of(response["Location"].split("/")[2])


def text(response):
    return response.content.decode()


def test_a_trainer_writes_looks_publishes_and_tries_it_out(world, ana):
    draft = write(ana)
    assert (draft.slug, draft.kind, quiz_problems(draft.body)) == ("first-week", "exam", [])
    assert draft.body["blueprint"] == [{"clauses": ["FD-LANG", "FD-MANN"], "count": 2}]
    assert (draft.body["pass_mark"]["by"], "rules" in draft.body, "kind" in draft.body) == ("ana", False, False)
    page = text(ana.get("/quizzes/first-week/trainer/?version=draft", headers=ENGLISH))
    assert "Publish as version 1" in page and "2, the same for everybody" in page
    assert "Fewer than 6 items fit" in page
    ana.post("/quizzes/first-week/publish/", {"seen": drafting.seen(draft)})
    assert Quiz.objects.newest().get(slug="first-week").number == 1
    told = Event.objects.filter(subject__startswith="quiz:first-week").values_list("verb", "actor")
    assert list(told) == [("draft-quiz", world.ana.pk), ("publish", world.ana.pk)]
    for _ in range(3):  # without limit, and it counts nowhere
        attempt = Attempt.objects.get(pk=ana.post("/quizzes/first-week/try/")["Location"].split("/")[2])
        assert attempt.purpose == "preview"
        ana.post(f"/attempts/{attempt.pk}/finish/")
    assert Attempt.objects.filter(slug="first-week").count() == 3
    assert verify()["differences"] == []


RULES = {
    "opens_at": "2026-11-21T09:00", "closes_at": "2026-11-28T18:00", "late_minutes": 5, "wait_hours": 24,
    "counts": "best", "code": "tea", "shuffle": False, "back": False, "marking": {"second": True, "limit": "2"},
    "review": {"when": "closed", "show": ["answers", "clause"]},
}  # fmt: skip
SECTIONS = [
    {"key": "words", "title": {"zh": "用语", "en": "Words"}, "points": 40,
     "rows": [{"clauses": ["FD-LANG"], "count": 1}]},
    {"key": "deeds", "title": {"en": "Deeds"}, "rows": [
        {"clauses": ["FD-MANN", "FD-PROC"], "count": 1, "types": ["multiple", "ordering"], "difficulties": ["easy"]},
        {"items": ["order"], "count": 1}]},
]  # fmt: skip


def test_the_form_of_a_quiz_gives_the_same_quiz(world):
    """Whatever a pack wrote can be edited without a loss: a save without a change begins nothing."""
    full = make.quiz(by=world.root, slug="full", rules=RULES)
    body = {name: value for name, value in full.body.items() if name != "blueprint"} | {"sections": SECTIONS}
    sectioned = make._publish(Quiz, "sectioned", body, world.root)
    for quiz in (world.quiz, full, sectioned):
        form = QuizForm.of(quiz, drafting.seen(quiz))
        sent = {"rows": str(len(form.rows)), "sections": str(len(form.sections))}
        for each in (form, *form.rows, *form.sections):
            for name in each.fields:
                value = each.get_initial_for_field(each.fields[name], name)
                if value not in (None, False):
                    sent[each.add_prefix(name)] = "on" if value is True else value
        again = QuizForm(querydict(sent), slug=quiz.slug)
        assert again.is_valid(), (again.errors, [row.errors for row in again.rows])
        assert again.body == quiz.body
        assert again.title() == quiz.title


def querydict(sent):
    found = QueryDict(mutable=True)
    for name, value in sent.items():
        found.setlist(name, value if isinstance(value, list) else [str(value)])
    return found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_day_is_written_as_browsers_read_it(ana, language):
    page = text(ana.get("/quizzes/first-month/edit/", headers={"accept-language": language}))
    assert 'name="on" value="2026-10-01"' in page


WRONG = {
    "no title": ({"title_zh": "", "title_en": ""}, "Give a title in one language at least."),
    "no row": ({"row-1-clauses": ""}, "Give at least one row: clauses or items, and how many to draw."),
    "no count": ({"row-1-count": ""}, "Say how many to draw."),
    "both": ({"row-1-items": "greet"}, "blueprint[1] asks either for clauses or for items."),
    "a strange clause": ({"row-1-clauses": "NOPE"}, "No clause in force begins with NOPE."),
    "a strange item": ({"row-1-clauses": "", "row-1-items": "nobody"}, "No published item is called nobody."),
    "nobody": ({"by": "NOBODY"}, "Nobody has this employee number."),
    "closes first": (
        {"opens_at": "2026-11-21T09:00", "closes_at": "2026-11-20T09:00"}, "A quiz closes after it opens."),
    "no time": ({"opens_at": "tomorrow"}, "Give date and time such as 2026-11-21T09:00."),
    "a post alone": ({"kind": "post"}, "A test after names the test before it belongs to."),
    "no pair": ({"kind": "post", "pair": "nobody"}, "No published quiz has this short name."),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_lost(ana, name):
    fields, sentence = WRONG[name]
    response = ana.post("/quizzes/new/", typed(**fields), headers=ENGLISH)
    assert (response.status_code, Quiz.objects.drafts().count()) == (422, 0)
    page = text(response)
    assert sentence in page and [value for value in fields.values() if value not in page] == []


@pytest.mark.parametrize(("do", "rows", "sections"), [("row", 3, 0), ("section", 2, 1), ("drop-1", 1, 0)])
def test_rows_and_sections_come_and_go_without_a_save(ana, do, rows, sections):
    page = text(ana.post("/quizzes/new/", typed(do=do, row__2__clauses="FD-PROC"), headers=ENGLISH))
    assert (page.count('class="quiz-row"'), page.count('class="quiz-part"')) == (rows, sections)
    assert "FD-PROC" in page and ("FD-LANG FD-MANN" in page) == (do != "drop-1")
    assert Quiz.objects.drafts().count() == 0


def test_who_saves_second_sees_it_and_may_save_over(world, ana, sign_in):
    draft = write(ana)
    seen = drafting.seen(draft)
    ana.post("/quizzes/first-week/edit/", typed(seen=seen, minutes="30"))
    response = sign_in(world.root).post("/quizzes/first-week/edit/", typed(seen=seen, minutes="40"), headers=ENGLISH)
    assert response.status_code == 409 and "Somebody else changed this meanwhile." in text(response)
    again = re.search(r'name="seen" value="([^"]+)"', text(response))[1]
    sign_in(world.root).post("/quizzes/first-week/edit/", typed(seen=again, minutes="40"))
    assert Quiz.objects.draft_of("first-week").body["minutes"] == 40
    assert ana.post("/quizzes/first-week/publish/", {"seen": seen}).status_code == 409


def test_what_the_bank_cannot_fill_is_shown_and_not_published(ana):
    draft = write(ana, row__1__count="5")
    page = text(ana.get("/quizzes/first-week/trainer/", headers=ENGLISH))
    assert "The bank cannot fill this quiz: 3 items are missing." in page
    response = ana.post("/quizzes/first-week/publish/", {"seen": drafting.seen(draft)})
    assert (response.status_code, Quiz.objects.published_numbers("first-week")) == (409, [])


def test_the_page_says_where_a_quiz_stands(world, ana):
    make.score(person=world.mira, subject=world.quiz)
    page = text(ana.get("/quizzes/first-month/trainer/", headers=ENGLISH))
    assert "guide-path" in page and "desk-month" in page and "1 closed attempt that counts" in page


def test_the_list_is_one_row_a_quiz_and_filters(world, ana, django_assert_num_queries):
    write(ana)
    make.quiz(by=world.root, slug="drill", kind="practice")

    def listed(**chosen):
        page = text(ana.get("/quizzes/", chosen, headers=ENGLISH))
        return re.findall(r'<tr><td><a class="reach" href="/quizzes/([\w-]+)/trainer/">', page)

    assert listed() == ["first-week", "drill", "first-month"]
    assert (listed(q="week"), listed(q="首周"), listed(q="nothing")) == (["first-week"], ["first-week"], [])
    assert (listed(kind="practice"), listed(state="draft")) == (["drill"], ["first-week"])
    with django_assert_num_queries(4):
        ana.get("/quizzes/")


def test_an_arrangement_is_made_told_and_withdrawn(world, ana, sign_in):
    url = "/quizzes/first-month/arrangements/"
    ana.post(url, {"person": "mira", "minutes": "45", "reason": "Broken arm"})
    made = Accommodation.objects.get()
    assert (made.person, made.minutes, made.by, Event.objects.last().verb) == (world.mira, 45, world.ana, "accommodate")
    assert "45 (extended from 20) minutes" in text(ana.get(url, headers=ENGLISH))
    assert "45 (extended from 20)" in text(sign_in(world.mira).get("/quizzes/first-month/", headers=ENGLISH))
    ana.post(f"{url}{made.pk}/withdraw/", {"reason": ""})
    assert Accommodation.objects.holding("first-month", world.mira) == made
    ana.post(f"{url}{made.pk}/withdraw/", {"reason": "Healed"})
    assert Accommodation.objects.holding("first-month", world.mira) is None
    assert Event.objects.last().verb == "withdraw-accommodation"
    assert ana.post(f"{url}{made.pk}/withdraw/", {"reason": "Again"}).status_code == 409
    assert ana.post(f"/quizzes/first-week/arrangements/{made.pk}/withdraw/", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"minutes": "45"}, "This field is required."),
        ({"reason": "So"}, "Say what is to differ"),
        ({"reason": "So", "minutes": "481"}, "less than or equal to 480"),
        ({"reason": "So", "minutes": "45", "person": "NOBODY"}, "Nobody who works here has this employee number."),
    ],
)
def test_an_arrangement_says_for_whom_what_and_why(world, ana, fields, sentence):
    response = ana.post("/quizzes/first-month/arrangements/", {"person": "MIRA"} | fields, headers=ENGLISH)
    assert (response.status_code, Accommodation.objects.count()) == (422, 0)
    assert sentence in text(response)
