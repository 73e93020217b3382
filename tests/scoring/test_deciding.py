"""The review list: still right, revise, retire; each once, with its reason, and nothing in use is taken away."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Course
from evidence.models import Checklist
from quizzes import taking
from quizzes.models import Item, Scenario
from scoring.deciding import Overtaken, decide, hand_over
from scoring.retiring import StillNeeded
from staff.models import Event, User
from standards.models import Citation, ContentReview
from tests import make

pytestmark = pytest.mark.slow

LANG = "FD-LANG-001"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def rows(world):
    """{kind: row} of the list after version 2 reworded FD-LANG-001."""
    found = make.released(by=world.ana, changes={LANG: make.words("Speak first, at once.", "立刻先开口。")})
    return {row.kind: row for row in found.reviews}


def again(row):
    return ContentReview.objects.get(pk=row.pk)


def test_still_right_closes_the_row_for_good(world, rows):
    assert decide(rows["item"], world.ana, state="right") == "right"
    row = again(rows["item"])
    assert (row.state, row.decided_by, row.closed_at == row.decided_at) == ("right", world.ana, True)
    with pytest.raises(Overtaken):
        decide(rows["item"], world.root, state="revise", reason="No.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentReview.objects.filter(pk=row.pk).update(state="open", closed_at=None, decided_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


def test_what_is_revised_waits_for_its_next_version(world, rows):
    decide(rows["course"], world.ana, state="revise", reason="Old words in it.")
    assert (again(rows["course"]).closed_at, ContentReview.objects.waiting().count()) == (None, 4)
    make.course(by=world.root, slug="another")
    assert again(rows["course"]).closed_at is None
    make.course(by=world.root, lessons=[make.lesson(key="greet", text="At once.")])
    row = again(rows["course"])
    assert (row.state, row.reason, row.closed_at is None) == ("revise", "Old words in it.", False)
    assert again(rows["item"]).closed_at is None


def test_an_open_row_stays_when_its_content_is_published_anew(world, rows):
    make.course(by=world.root, lessons=[make.lesson(key="greet", text="At once.")])
    assert (again(rows["course"]).state, again(rows["course"]).closed_at) == ("open", None)


def test_who_revises_may_think_again(world, rows):
    decide(rows["course"], world.ana, state="revise", reason="Old words.")
    assert decide(again(rows["course"]), world.root, state="right", reason="They are the new ones.") == "right"


def test_a_lesson_is_taken_out_by_its_next_version(world, rows):
    assert decide(rows["course"], world.ana, state="retire", reason="Not needed.") == "revise"
    assert Course.objects.newest().filter(slug="onboarding").exists()
    assert again(rows["course"]).closed_at is None


# --- retiring ---------------------------------------------------------------------------------


def test_a_retired_item_is_drawn_no_more_and_no_older_version_comes_back(world, rows):
    make.item(by=world.root, slug="greet", right=("a",))  # a second version
    make.item(by=world.root, slug="spare")
    sitting = make.attempt(person=world.mira, subject=world.quiz)
    row = ContentReview.objects.get(kind="item")
    decide(row, world.ana, state="retire", reason="Nobody gets it right.")
    assert not Item.objects.newest().filter(slug="greet").exists()
    assert "greet" not in {entry["slug"] for entry in taking.pool("front-desk")}
    assert Item.objects.filter(slug="greet", retired_at__isnull=False).count() == 2
    assert not Citation.objects.filter(kind="item", slug="greet").exists()
    assert {entry["slug"] for entry in sitting.paper} & {"greet", "spare"}  # a paper begun stays as it is
    assert {entry["slug"] for entry in make.attempt(person=world.pavel, subject=world.quiz).paper} == {
        "spare", "manner", "order",
    }  # fmt: skip


def test_an_item_that_a_quiz_cannot_do_without_is_not_retired(world, rows):
    with pytest.raises(StillNeeded, match="first-month"):
        decide(rows["item"], world.ana, state="retire", reason="Old.")
    assert (again(rows["item"]).state, Item.objects.newest().filter(slug="greet").count()) == ("open", 1)
    assert Citation.objects.filter(kind="item", slug="greet").count() == 1


@pytest.mark.parametrize("kind", ["scenario", "checklist"])
def test_what_a_path_asks_for_is_not_retired(world, rows, kind):
    with pytest.raises(StillNeeded, match="guide-path"):
        decide(rows[kind], world.ana, state="retire", reason="Old.")


@pytest.mark.parametrize(("kind", "model"), [("scenario", Scenario), ("checklist", Checklist)])
def test_what_a_path_begun_asks_for_is_not_retired_either(world, rows, kind, model):
    begun = make.assignment(person=world.mira, path=world.path, unit=world.desk)
    make.path(by=world.root, steps=(("course", "course", "onboarding", 3),), role=world.guide)
    body = make.plan_body(weights=(40, 20, 25, 15))
    body["indicators"] = [dict(body["indicators"][0], weight=100)]
    make.plan(by=world.root, role=world.guide, body=body)
    with pytest.raises(StillNeeded, match="guide-path"):
        decide(rows[kind], world.ana, state="retire", reason="Old.")
    type(begun).objects.filter(pk=begun.pk).update(state="exempt")
    assert decide(rows[kind], world.ana, state="retire", reason="Old.") == "retire"
    assert not model.objects.newest().filter(slug=rows[kind].slug).exists()


def test_what_a_plan_counts_is_not_retired(world, rows):
    make.path(by=world.root, steps=(("course", "course", "onboarding", 3),), role=world.guide)
    with pytest.raises(StillNeeded, match="desk-month"):
        decide(rows["checklist"], world.ana, state="retire", reason="Old.")


def test_retiring_closes_every_row_of_the_content(world):
    make.item(by=world.root, slug="both", cites=(LANG, "FD-MANN-001"))
    changes = {LANG: make.words("One."), "FD-MANN-001": make.words("Two.")}
    made = [row for row in make.released(by=world.ana, changes=changes).reviews if row.slug == "both"]
    decide(made[0], world.ana, state="retire", reason="Old.")
    assert [(again(row).state, again(row).reason) for row in made] == [("retire", "Old.")] * 2
    assert Event.objects.get(verb="retire").after["reviews"] == sorted(row.pk for row in made)


# --- whose it is ----------------------------------------------------------------------------------


def test_a_row_is_taken_and_given(world, rows):
    hand_over(rows["item"], world.ana, owner=world.ana)
    assert {row.kind for row in ContentReview.objects.for_user(world.ana)} == {"item"}
    User.objects.filter(pk=world.root.pk).update(is_active=False)
    assert ContentReview.objects.for_user(world.ana).count() == 4  # nobody's by now
    decide(rows["item"], world.ana, state="right")
    with pytest.raises(Overtaken):
        hand_over(rows["item"], world.ana, owner=world.root)


def test_a_row_of_somebody_who_is_no_trainer_any_more_is_nobodys(world, sign_in):
    tom = make.user(number="TOM", groups=["trainer"])
    make.item(by=tom, slug="toms")
    (row,) = [
        row for row in make.released(by=world.ana, changes={LANG: make.words("One.")}).reviews if row.slug == "toms"
    ]
    mine = ContentReview.objects.for_user(world.ana)
    assert (row.owner, mine.count()) == (tom, 0)
    tom.groups.clear()
    assert list(mine) == [row]
    told = sign_in(world.ana).get("/reviews/", headers={"accept-language": "en"}).content.decode()
    assert "toms" in told and "nobody&#39;s yet" in told
    make.released(by=world.ana, changes={LANG: make.words("Two.")})
    assert ContentReview.objects.waiting().get(slug="toms").owner is None


def test_only_a_trainer_is_given_a_row(world, rows, sign_in):
    address = f"/reviews/{rows['item'].pk}/owner/"
    for owner in (world.mira.pk, 10**9, "x", ""):
        assert sign_in(world.ana).post(address, {"owner": owner}).status_code == 409
    assert again(rows["item"]).owner == world.root
    assert sign_in(world.ana).post(address, {"owner": world.ana.pk}).status_code == 302
    assert again(rows["item"]).owner == world.ana


# --- the pages ------------------------------------------------------------------------------------


def test_the_list_shows_both_sentences_and_finds_what_one_looks_for(world, rows, sign_in):
    browser = sign_in(world.ana)
    own = browser.get("/reviews/?standard=front-desk", headers=ENGLISH).content.decode()
    assert "Nothing of yours is left to review" in own and "4 places are somebody else's." in own  # all are root's
    assert 'href="?who=all&amp;standard=front-desk"' in own and own.count("button-primary") == 1
    assert "somebody else" not in browser.get("/reviews/?state=decided", headers=ENGLISH).content.decode()
    page = browser.get("/reviews/?who=all&standard=front-desk", headers=ENGLISH).content.decode()
    assert page.count("<del>") >= 4 and page.count("<ins>") >= 4 and "4 places are left to do." in page
    assert "Lesson greet" in page and page.count("/reviews/") >= 4
    decide(rows["item"], world.ana, state="right")
    assert "3 places are left to do." in browser.get("/reviews/?who=all", headers=ENGLISH).content.decode()
    decided = browser.get("/reviews/?who=all&state=decided", headers=ENGLISH).content.decode()
    assert "1 place is decided." in decided and "Still right" in decided
    assert "Nothing is left" in browser.get("/reviews/?who=all&standard=none", headers=ENGLISH).content.decode()
    assert browser.get("/reviews/?who=%00&page=%F0&standard=" + "x" * 3000).status_code == 200


def test_the_counts_stand_on_home_and_on_the_standard(world, rows, sign_in):
    browser = sign_in(world.ana)
    assert "4 places to review after a change, none of them yours" in browser.get("/", headers=ENGLISH).content.decode()
    hand_over(rows["item"], world.root, owner=world.ana)
    assert "1 place to review after a change" in browser.get("/", headers=ENGLISH).content.decode()
    assert (
        "4 places to review after a change" in browser.get("/standards/front-desk/", headers=ENGLISH).content.decode()
    )
    assert "to review after" not in sign_in(world.mira).get("/standards/front-desk/", headers=ENGLISH).content.decode()


@pytest.mark.parametrize("kind", ["course", "item", "scenario", "checklist"])
def test_a_row_shows_what_cites_the_clause(world, rows, kind, sign_in):
    page = sign_in(world.ana).get(f"/reviews/{rows[kind].pk}/", headers=ENGLISH).content.decode()
    shown = {
        "course": "Speak first.",
        "item": "Question greet?",
        "scenario": "Let me look at your number.",
        "checklist": "Point 1",
    }
    assert shown[kind] in page and "<ins>" in page


@pytest.mark.parametrize(
    ("data", "status", "state"),
    [
        ({"state": "right", "shown": "open"}, 302, "right"),
        ({"state": "revise", "shown": "open"}, 422, "open"),  # no reason
        ({"state": "revise", "shown": "open", "reason": "x" * 501}, 422, "open"),
        ({"state": "revise", "shown": "open", "reason": "\x00"}, 422, "open"),
        ({"state": "revise", "shown": "open", "reason": "<script>旧词</script>"}, 302, "revise"),
        ({"state": "retire", "shown": "open", "reason": "Old."}, 422, "open"),  # not sure
        ({"state": "retire", "shown": "open", "reason": "Old.", "sure": "on"}, 422, "open"),  # a quiz needs it
        ({"state": "overtaken", "shown": "open"}, 422, "open"),
        ({"shown": "open"}, 422, "open"),
        ({"state": "right", "shown": "revise"}, 409, "open"),
        ({}, 409, "open"),
    ],
)
def test_the_form_is_taken_or_says_what_is_wrong(world, rows, data, status, state, sign_in):
    response = sign_in(world.ana).post(f"/reviews/{rows['item'].pk}/", data)
    assert (response.status_code, again(rows["item"]).state) == (status, state)
    page = sign_in(world.ana).get(f"/reviews/{rows['item'].pk}/").content.decode()
    assert "<script>旧词" not in page


def test_the_list_costs_the_same_for_one_row_and_for_many(world, sign_in):
    make.released(by=world.ana, changes={LANG: make.words("One.")})
    for n in range(12):
        make.item(by=world.root, slug=f"more-{n}", cites=("FD-MANN-001",))
    browser, counts = sign_in(world.ana), []
    browser.get("/reviews/?who=all")
    for round_ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get("/reviews/?who=all")
        counts.append(len(queries))
        if not round_:
            make.released(by=world.ana, changes={LANG: make.words("One."), "FD-MANN-001": make.words("Two.")})
    assert counts[0] == counts[1] <= 11


def test_a_retired_piece_of_content_is_no_page_any_more(world, rows, sign_in):
    checklist = make.checklist(by=world.root, slug="loose", cites=(LANG,))
    row = make.released(by=world.ana, changes={LANG: make.words("Two.")}).reviews
    loose = next(each for each in row if each.slug == "loose")
    address = f"/observe/loose/{world.mira.pk}/"
    assert sign_in(world.otto).get(address).status_code == 200
    decide(loose, world.ana, state="retire", reason="Old.")
    assert sign_in(world.otto).get(address).status_code == 404
    assert Checklist.objects.get(pk=checklist.pk).retired_at <= timezone.now()


def test_no_older_version_steps_in_for_a_retired_newest_one(world, sign_in):
    newest = make.checklist(by=world.root, slug="desk-round", cites=(LANG, "FD-MANN-001", "FD-PROC-001"))
    assert newest.number == 2
    Checklist.objects.filter(pk=newest.pk).update(retired_at=timezone.now())
    assert not Checklist.objects.newest().filter(slug="desk-round").exists()
    assert sign_in(world.otto).get(f"/observe/desk-round/{world.mira.pk}/").status_code == 404
