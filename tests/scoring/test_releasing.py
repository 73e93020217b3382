"""Publishing version 2: exactly what cites the change is listed, exactly who was judged by it gets the delta."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.verifying import verify
from courses import progress
from courses.models import Assignment, Course, Path
from evidence.observing import correct, observe
from quizzes import taking
from quizzes.models import Attempt, Item, Quiz
from scoring.deciding import decide
from scoring.finish import finish
from scoring.releasing import foreseen, release
from staff.frozen import Frozen
from staff.models import Event, User
from standards.coverage import coverage
from standards.models import Citation, ContentReview, Standard, Wording
from tests import make

pytestmark = pytest.mark.slow

LANG, MANN, PROC, PROH = make.CLAUSES
NEW = make.words("Speak before the visitor does.", "先开口。")


def listed():
    """{(clause, kind, "slug:place")} of the review list."""
    rows = ContentReview.objects.select_related("clause")
    return {(row.clause.key, row.change, row.kind, f"{row.slug}:{row.place}") for row in rows}


def given_to(version=2, slug="front-desk"):
    return sorted(
        Assignment.objects.filter(cause=f"delta:{slug}:{version}").values_list("person__employee_number", flat=True)
    )


def read(person, course, *keys):
    for key in keys:
        progress.read(person, course, course.lesson(key))


@pytest.fixture
def planted(world):
    """Another standard beside the first, each with a lesson, an item and a checklist of its own."""
    make.standard(by=world.root, slug="ward", clauses=("WD-MANN-001", "WD-MANN-002"))
    world.ward_course = make.course(
        by=world.root, slug="ward-course", lessons=[make.lesson(key="knock", cites=("WD-MANN-001",))]
    )
    make.item(by=world.root, slug="ward-item", cites=("WD-MANN-001",))
    return world


def test_exactly_what_cites_a_changed_or_removed_clause_is_listed(planted):
    found = make.released(by=planted.ana, changes={LANG: NEW}, gone=(PROC,), new=("FD-DUTY-001",))
    assert listed() == {
        (LANG, "changed", "course", "onboarding:greet"),
        (LANG, "changed", "item", "greet:"),
        (LANG, "changed", "scenario", "queue-jumper:start"),
        (LANG, "changed", "checklist", "desk-round:p1"),
        (PROC, "removed", "item", "order:"),
        (PROC, "removed", "scenario", "queue-jumper:later"),
        (PROC, "removed", "checklist", "desk-round:p3"),
    }
    row = ContentReview.objects.get(kind="course")
    assert (row.old.text_en, row.new.text_en, row.number) == ("The words of FD-LANG-001.", NEW["en"], 1)
    assert (row.owner, row.state, found.version.number) == (planted.root, "open", 2)
    assert ContentReview.objects.filter(change="removed", new__isnull=False).count() == 0


def test_a_clause_that_only_moved_touches_nothing(world):
    make.score(person=world.mira, subject=world.quiz)
    found = make.released(by=world.ana, changes={}, clauses=tuple(reversed(make.CLAUSES)))
    assert (listed(), given_to(), found.delta) == (set(), [], None)


def test_an_editorial_change_touches_nothing_and_is_kept_with_its_reason(world):
    make.score(person=world.mira, subject=world.quiz)
    version = make.released(by=world.ana, changes={LANG: NEW}, editorial=[LANG], reason="A word was missing.").version
    assert (listed(), given_to()) == (set(), [])
    told = {row["key"]: row.get("editorial") for row in Standard.objects.get(pk=version.pk).body["clauses"]}
    assert told == {LANG: "A word was missing.", MANN: None, PROC: None, PROH: None}
    assert Event.objects.get(verb="release").after["editorial"] == [LANG]


def test_editorial_and_other_changes_are_told_apart(world):
    make.score(person=world.mira, subject=world.quiz)
    make.released(by=world.ana, changes={LANG: NEW, MANN: make.words("Rise.")}, editorial=[LANG], reason="Typo.")
    assert {row[0] for row in listed()} == {MANN}
    assert [lesson["clause"] for lesson in Course.objects.get(slug="delta-front-desk-2").lessons] == [MANN]


def test_a_first_version_touches_nothing(people):
    draft = make.draft_standard(by=people.ana)
    found = release(draft, people.ana, effective_on=timezone.localdate())
    assert (found.changes, found.reviews, found.people, found.delta) == ([], [], [], None)


def test_a_clause_that_is_back_is_listed_and_learned_again(world):
    make.score(person=world.mira, subject=world.quiz)
    make.released(by=world.ana, changes={}, gone=(LANG,))
    make.released(by=world.ana, changes={}, new=("FD-NEW-001",))
    third = {row for row in listed() if row[1] == "back"}
    assert {row[0] for row in third} == {LANG} and len(third) == 4
    assert given_to(3) == ["MIRA"]
    assert Item.objects.get(slug="delta-front-desk-3-1").body["right"] == ["true"]


def test_who_owns_nothing_here_any_more_leaves_it_to_everybody(world):
    User.objects.filter(pk=world.root.pk).update(left_on=timezone.localdate())
    make.released(by=world.ana, changes={LANG: NEW})
    assert set(ContentReview.objects.values_list("owner", flat=True)) == {None}
    assert ContentReview.objects.for_user(world.ana).count() == 4


# --- whom it touches ----------------------------------------------------------------------


def crowd(world):
    """One person for each way of having been taught or judged by FD-LANG-001, and one for each that does not count."""
    names = (
        "READ",
        "OLDREAD",
        "OTHER",
        "ANSWERED",
        "PRACTISED",
        "SEEN",
        "CORRECTED",
        "UNSEEN",
        "LEFT",
        "GONE",
        "NOWHERE",
    )
    people = {name: make.user(number=name) for name in names}
    for name, person in people.items():
        if name != "NOWHERE":
            make.posting(user=person, unit=world.desk)
    read(people["READ"], world.course, "greet")
    read(people["OTHER"], world.course, "listen")
    read(people["OLDREAD"], world.course, "greet")
    make.score(person=people["ANSWERED"], subject=world.quiz)
    for name in ("LEFT", "GONE", "NOWHERE"):
        make.score(person=people[name], subject=world.quiz)
    practice = taking.start(people["PRACTISED"], world.quiz, purpose=Attempt.PRACTICE)
    finish(practice, by=people["PRACTISED"])
    checklist = make.checklist(by=world.root, slug="one-point", cites=(LANG,))
    for name in ("SEEN", "CORRECTED", "UNSEEN"):
        outcome = "na" if name == "UNSEEN" else "met"
        seen = observe(
            checklist, people[name], by=world.otto, unit=world.desk, findings={"p1": (outcome, "")}, key=name
        )
        if name == "CORRECTED":
            correct(seen, by=world.otto, findings={"p1": ("na", "")}, reason="It was somebody else.", key="again")
    User.objects.filter(employee_number="LEFT").update(left_on=timezone.localdate())
    User.objects.filter(employee_number="GONE").update(is_active=False)
    return people


def test_exactly_the_people_taught_or_judged_by_a_change_get_it(world):
    people = crowd(world)
    # READ and OLDREAD read the lesson when it cited the clause; its next version cites it no more
    make.course(
        by=world.root, lessons=[make.lesson(key="greet", cites=(MANN,), text="Else."), make.lesson(key="listen")]
    )
    read(make.user(number="LATE"), Course.objects.newest().get(slug="onboarding"), "greet")
    found = make.released(by=world.ana, changes={LANG: NEW})
    assert given_to() == ["ANSWERED", "OLDREAD", "READ", "SEEN"]
    assert found.without_unit == [people["NOWHERE"].pk]
    units = set(Assignment.objects.filter(cause="delta:front-desk:2").values_list("unit__code", flat=True))
    assert units == {"desk"}


def test_who_left_in_the_midst_of_a_path_gets_nothing_and_stays_gone(world):
    begun = make.assignment(person=world.mira, path=world.path, unit=world.desk)
    make.score(person=world.mira, subject=world.quiz)
    make.score(person=world.pavel, subject=world.quiz)
    Assignment.objects.filter(pk=begun.pk).update(state=Assignment.LEFT)
    draft = make.next_standard(by=world.ana, changes={LANG: NEW})
    assert foreseen(draft, by=world.ana).people == [world.pavel.pk]
    release(draft, world.ana, effective_on=timezone.localdate())
    assert given_to() == ["PAVEL"]
    assert [row["person"] for row in Assignment.objects.people_who_left()] == [world.mira.pk]


def test_nobody_touched_means_nothing_to_learn_is_made(world):
    found = make.released(by=world.ana, changes={LANG: NEW})
    assert (found.people, found.delta, given_to()) == ([], None, [])
    assert not Path.objects.filter(slug__startswith="delta-").exists()
    assert Event.objects.get(verb="release").after["people"]["n"] == 0


def test_what_is_foreseen_is_what_happens(planted):
    crowd(planted)
    draft = make.next_standard(by=planted.ana, changes={LANG: NEW}, gone=(PROC,))
    before = foreseen(draft, by=planted.ana)
    after = release(draft, planted.ana, effective_on=timezone.localdate())
    assert (before.people, before.units, before.without_unit) == (after.people, after.units, after.without_unit)
    assert (len(before.reviews), before.changes) == (len(after.reviews), after.changes)
    assert before.delta == after.delta


# --- when it is in force -------------------------------------------------------------------


def test_a_date_ahead_gives_time_and_a_past_one_a_week(world):
    make.score(person=world.mira, subject=world.quiz)
    today = timezone.localdate()
    make.released(by=world.ana, changes={LANG: NEW}, on=today + timedelta(days=30))
    make.released(by=world.ana, changes={LANG: make.words("Wait.")}, on=today - timedelta(days=300))
    due = dict(Assignment.objects.filter(person=world.mira).values_list("cause", "due_on"))
    assert due == {"delta:front-desk:2": today + timedelta(days=30), "delta:front-desk:3": today + timedelta(days=7)}


def test_until_then_the_version_before_is_in_force(world, sign_in):
    tomorrow = timezone.localdate() + timedelta(days=1)
    make.released(by=world.ana, changes={LANG: NEW}, on=tomorrow)
    assert Standard.objects.in_force("front-desk", timezone.localdate()).number == 1
    assert Standard.objects.in_force("front-desk", tomorrow).number == 2
    assert Standard.objects.newest().get(slug="front-desk").number == 2
    browser = sign_in(world.mira)
    for address in ("/standards/front-desk/", "/standards/front-desk/handbook/", f"/clauses/{LANG}/"):
        page = browser.get(address, headers={"accept-language": "en"}).content.decode()
        assert f"In force from {tomorrow}." in page and "Until then version 1 is in force." in page, address
    old = browser.get("/standards/front-desk/?version=1", headers={"accept-language": "en"}).content.decode()
    assert "Until then" not in old


# --- read, tested, done ----------------------------------------------------------------------


def test_a_person_reads_and_answers_the_delta_and_it_is_done(world, sign_in):
    make.score(person=world.mira, subject=world.quiz)
    make.released(by=world.ana, changes={LANG: NEW}, gone=(PROC,))
    english, browser = {"accept-language": "en"}, sign_in(world.mira)
    page = browser.get("/", headers=english).content.decode()
    assert "What changed in Front desk, version 2" in page and "/courses/delta-front-desk-2/" in page
    for key in ("c1", "c2"):
        lesson = browser.get(f"/courses/delta-front-desk-2/{key}/", headers=english)
        assert ("The words of" in lesson.content.decode(), lesson.status_code) == (True, 200)
        assert browser.post(f"/courses/delta-front-desk-2/{key}/", {"go": "1"}).status_code == 302
    assert browser.post("/quizzes/delta-front-desk-2/start/").status_code == 302
    attempt = world.mira.attempts.open().get()
    assert sorted(entry["slug"] for entry in attempt.paper) == ["delta-front-desk-2-1", "delta-front-desk-2-2"]
    for place in (1, 2):
        make.answer(attempt=attempt, position=place, response=make.right_answer(attempt=attempt, position=place))
    assert browser.post(f"/attempts/{attempt.pk}/finish/").status_code == 302
    done = Assignment.objects.get(cause="delta:front-desk:2")
    assert (done.state, done.done_steps, done.steps) == ("done", 2, 2)
    marks = (
        attempt.scores.get()
        .marks.order_by("item__slug")
        .values_list("wording__clause__key", "wording__standard__number")
    )
    assert list(marks) == [(LANG, 2), (PROC, 1)]


def test_the_marks_of_a_delta_rest_on_its_own_version_after_the_next_one(world):
    make.score(person=world.mira, subject=world.quiz)
    make.released(by=world.ana, changes={LANG: NEW})
    make.released(by=world.ana, changes={LANG: make.words("Wait.")})
    score = make.score(person=world.mira, subject=Quiz.objects.newest().get(slug="delta-front-desk-2"))
    assert [mark.wording.standard.number for mark in score.marks.all()] == [2]


def words_of_marks(score):
    return {mark.item.slug: (mark.item.number, mark.wording.standard.number) for mark in score.marks.all()}


def test_marks_rest_on_the_words_that_were_asked_whatever_is_published_meanwhile(world):
    attempt = make.attempt(person=world.mira, subject=world.quiz)
    run = make.attempt(person=world.mira, subject=world.scenario)
    row = make.released(by=world.ana, changes={LANG: NEW, MANN: NEW}).reviews[0]
    make.item(by=world.ana, slug="greet")
    make.scenario(by=world.ana)
    make.item(by=world.ana, slug="manner-too", cites=(MANN,))
    retired = ContentReview.objects.get(kind="item", slug="manner")
    assert (decide(retired, world.ana, state="retire", reason="Out of date."), row.standard.number) == ("retire", 2)
    assert words_of_marks(finish(attempt, by=world.mira)) == {"greet": (1, 1), "manner": (1, 1), "order": (1, 1)}
    for choice in (1, 1):
        make.turn(attempt=run, choice=choice)
    assert {mark.wording.standard.number for mark in finish(run, by=world.mira).marks.all()} == {1}


def test_who_fails_the_delta_is_sent_to_what_changed(world, sign_in):
    make.score(person=world.mira, subject=world.quiz)
    make.released(by=world.ana, changes={LANG: NEW})
    score = make.score(person=world.mira, subject=Quiz.objects.newest().get(slug="delta-front-desk-2"), wrong=(1,))
    page = sign_in(world.mira).get(f"/attempts/{score.attempt_id}/result/").content.decode()
    assert "/courses/delta-front-desk-2/c1/" in page and "/courses/onboarding/" not in page


def test_the_delta_stays_out_of_the_bank_and_out_of_coverage(world):
    make.score(person=world.mira, subject=world.quiz)
    cited = set(Citation.objects.values_list("kind", "slug", "place"))
    counted = [(row["key"], row["taught"], row["tested"]) for row in coverage("front-desk")]
    before = {entry["slug"] for entry in taking.pool("front-desk")}
    make.released(by=world.ana, changes={LANG: NEW})
    assert Item.objects.newest().filter(slug="delta-front-desk-2-1").exists()
    assert {entry["slug"] for entry in taking.pool("front-desk")} == before
    assert {entry["slug"] for entry in taking.pool("front-desk", {"delta-front-desk-2-1"})} == before | {
        "delta-front-desk-2-1"
    }
    assert set(Citation.objects.values_list("kind", "slug", "place")) == cited
    assert [(row["key"], row["taught"], row["tested"]) for row in coverage("front-desk")] == counted


# --- one version after another ---------------------------------------------------------------


def test_an_older_delta_stays_unless_the_newer_says_all_of_it(world):
    make.score(person=world.mira, subject=world.quiz)
    make.released(by=world.ana, changes={LANG: NEW, MANN: make.words("Rise.")})
    make.released(by=world.ana, changes={LANG: make.words("Wait."), MANN: make.words("Rise.")})
    states = dict(Assignment.objects.filter(person=world.mira).values_list("cause", "state"))
    assert states == {"delta:front-desk:2": "open", "delta:front-desk:3": "open"}
    make.released(by=world.ana, changes={LANG: NEW, MANN: make.words("Sit.")})
    states = dict(Assignment.objects.filter(person=world.mira).values_list("cause", "state"))
    assert states == {"delta:front-desk:2": "exempt", "delta:front-desk:3": "exempt", "delta:front-desk:4": "open"}


def test_a_place_nobody_decided_is_listed_once_with_the_words_it_was_written_on(world):
    make.released(by=world.ana, changes={LANG: NEW})
    make.released(by=world.ana, changes={LANG: make.words("Wait.")})
    rows = ContentReview.objects.filter(kind="course").order_by("pk")
    assert [(row.state, row.old.standard.number, row.new.standard.number) for row in rows] == [
        ("overtaken", 1, 2), ("open", 1, 3),
    ]  # fmt: skip
    ContentReview.objects.filter(closed_at=None).update(
        state="right", decided_by=world.ana, decided_at=timezone.now(), closed_at=timezone.now()
    )
    make.released(by=world.ana, changes={LANG: make.words("Wave.")})
    assert ContentReview.objects.filter(kind="course").latest("pk").old.standard.number == 3


def test_a_draft_is_published_once(world):
    draft = make.next_standard(by=world.ana, changes={LANG: NEW})
    same = Standard.objects.get(pk=draft.pk)
    release(draft, world.ana, effective_on=timezone.localdate())
    with pytest.raises(Frozen):
        release(same, world.root, effective_on=timezone.localdate())
    assert (ContentReview.objects.count(), Event.objects.filter(verb="release").count()) == (4, 1)


# --- what it costs --------------------------------------------------------------------------------


def test_statements_do_not_grow_with_the_people(world):
    counts = []
    for round_, many in enumerate((1, 30)):
        for n in range(many):
            person = make.user(number=f"P{round_}-{n}")
            make.posting(user=person, unit=world.desk)
            make.observation(
                checklist=world.checklist, person=person, by=world.otto, unit=world.desk, key=f"{round_}-{n}"
            )
        draft = make.next_standard(by=world.ana, changes={LANG: make.words(f"Round {round_}.")})
        with CaptureQueriesContext(connection) as queries:
            release(draft, world.ana, effective_on=timezone.localdate())
        counts.append(len(queries))
    assert len(given_to(3)) == 31
    assert counts[1] - counts[0] <= 6  # the older delta is looked at, and its rows are excused


def test_a_wording_has_its_own_row_in_each_version(world):
    make.released(by=world.ana, changes={LANG: NEW})
    assert Wording.objects.filter(clause__key=LANG).count() == 2


def _shaped(world, rows):
    """The draft of version 2 with these clauses: [(key, text, split_from or "", joined)]."""
    draft = make.next_standard(by=world.root, changes={})
    first = draft.body["clauses"][0]
    clauses = [
        first
        | {"key": key, "text": text, "lines": [place, place]}
        | ({"split_from": cut_from} if cut_from else {})
        | ({"joined": joined} if joined else {})
        for place, (key, text, cut_from, joined) in enumerate(rows, start=1)
    ]
    Standard.objects.filter(pk=draft.pk).update(body=draft.body | {"clauses": clauses})
    return Standard.objects.get(pk=draft.pk)


def _texts(world):
    return {row["key"]: row["text"] for row in world.standard.body["clauses"]}


def test_a_clause_only_cut_in_two_is_looked_at_and_learned_by_nobody(world):
    make.score(person=world.mira, subject=world.quiz)
    texts = _texts(world)
    whole = texts["FD-LANG-001"]
    halves = [{name: words[:5] for name, words in whole.items()}, {name: words[5:] for name, words in whole.items()}]
    others = [(key, text, "", []) for key, text in texts.items() if key != "FD-LANG-001"]
    cut = [("FD-LANG-001", halves[0], "", []), ("FD-LANG-901", halves[1], "FD-LANG-001", [])]
    found = release(_shaped(world, cut + others), world.root, effective_on=timezone.localdate())
    assert {row.clause.key for row in found.reviews} == {"FD-LANG-001"}
    assert (found.people, found.delta) == ([], None) and verify()["differences"] == []


def test_clauses_only_joined_are_looked_at_and_learned_by_nobody(world):
    make.score(person=world.mira, subject=world.quiz)
    texts = _texts(world)
    keys = list(texts)
    one, two = texts[keys[0]], texts[keys[1]]
    joined = {name: f"{one.get(name, '')} {two.get(name, '')}" for name in one}
    rows = [(keys[0], joined, "", [keys[1]]), *((key, texts[key], "", []) for key in keys[2:])]
    found = release(_shaped(world, rows), world.root, effective_on=timezone.localdate())
    assert [(row["key"], row["joined_to"], row["same_words"]) for row in found.changes] == [
        (keys[0], None, True), (keys[1], keys[0], True)
    ]  # fmt: skip
    assert (found.people, found.delta) == ([], None)


def test_a_clause_joined_and_reworded_is_learned_and_nobody_is_told_that_it_is_gone(world):
    make.score(person=world.mira, subject=world.quiz)
    texts = _texts(world)
    keys = list(texts)
    joined = {"en": "Something else altogether, within 3 minutes.", "zh": "全然不同的话，三分钟内。"}
    rows = [(keys[0], joined, "", [keys[1]]), *((key, texts[key], "", []) for key in keys[2:])]
    found = release(_shaped(world, rows), world.root, effective_on=timezone.localdate())
    assert world.mira.pk in found.people
    lesson = next(row for row in found.delta["course"]["lessons"] if row["clause"] == keys[1])
    assert f"part of clause {keys[0]}" in lesson["text"]["en"] and f"并入条款{keys[0]}" in lesson["text"]["zh"]
    assert [item["body"]["cites"] for item in found.delta["items"]] == [[keys[0]]]
