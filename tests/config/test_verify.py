"""`verify` finds whatever was changed with the triggers off, and names it."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, JSONField, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.verifying import CHECKS, verify
from config.verifying.reading import Ids
from courses.models import Assignment, LessonRead, StepDone
from courses.progress import read
from evidence.models import Finding, Observation
from quizzes import writing
from quizzes.models import Answer, Attempt, Item, Scenario
from scoring.finish import finish
from scoring.models import Appraisal, Basis, Mark, Score
from scoring.signing import appraisal_digest
from staff import frozen
from staff.frozen import thaw
from staff.models import Event, File
from staff.publishing import publish
from standards.discarding import discard, shown
from standards.importing import import_document, keep_file
from standards.models import Citation, Clause, Passage, Standard, Wording
from tests import make

pytestmark = pytest.mark.slow


@pytest.fixture
def full(world):
    world.file = keep_file("rules.md", b"- Speak first.")
    world.signed = make.appraisal(world=world)
    return world


def tampered(model, pk, **changes):
    with tampering():
        assert model.objects.filter(pk=pk).update(**changes) == 1
    return [str(row) for row in verify()["differences"]]


@contextmanager
def tampering():
    """With the triggers off, as somebody with the database's password has them."""
    with thaw():
        yield
        connection.check_constraints()  # PostgreSQL makes no trigger while a key is still to be checked


def raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def gone(rows):
    assert rows._raw_delete("default")


def run(*arguments):
    """(exit code, what the command printed)."""
    out = StringIO()
    try:
        call_command("verify", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_what_our_own_deeds_wrote_does_not_differ(full):
    found = verify()
    assert found["differences"] == []
    assert found["checked"] == {
        "versions": 10, "wordings": 4, "files": 1, "attempts": 2, "scores": 2, "observations": 1,
        "appraisals": 1, "lessons": 0, "events": Event.objects.count(), "citations": Citation.objects.count(),
        "passages": Passage.objects.count(),
        "assignments": 1, "references": found["checked"]["references"], "triggers": found["checked"]["triggers"],
    }  # fmt: skip
    assert list(found["checked"]) == list(CHECKS)


def test_a_changed_version_is_found(full):
    item = full.items[0]
    assert tampered(Item, item.pk, body=item.body | {"right": ["a"]})[0] == (
        f"quizzes.item {item.pk}: greet v1 does not match its digest."
    )


def test_a_version_whose_columns_say_something_else_is_found(full):
    assert tampered(Item, full.items[0].pk, difficulty="hard") == [
        f"quizzes.item {full.items[0].pk}: greet v1: difficulty is 'hard', its body says 'easy'."
    ]


def test_a_changed_analysis_is_found(full):
    analysis = full.scenario.analysis | {"best": "9/1"}
    assert tampered(Scenario, full.scenario.pk, analysis=analysis) == [
        f"quizzes.scenario {full.scenario.pk}: queue-jumper v1: its analysis is not that of its body."
    ]


def test_a_changed_wording_is_found(full):
    wording = Wording.objects.first()
    assert tampered(Wording, wording.pk, text_en="Anything goes.", weight="general") == [
        f"standards.wording {wording.pk}: FD-LANG-001 of front-desk v1: weight, text_en not as published."
    ]


def test_a_passage_that_says_something_else_is_found(full):
    passage = Passage.objects.get(place="FD-LANG-001")
    assert tampered(Passage, passage.pk, plain="anything") == [
        f"standards.standard {full.standard.pk}: front-desk v1 FD-LANG-001 is found by something else: plain."
    ]


def test_a_passage_that_is_gone_is_found(full):
    gone(Passage.objects.filter(kind="item", slug="greet"))
    found = [str(row) for row in verify()["differences"]]
    assert found == [f"quizzes.item {full.items[0].pk}: greet v1 is not found by a search."]


def test_a_passage_of_nothing_is_found(full):
    extra = Passage.objects.create(kind="lesson", slug="onboarding", number=1, place="gone")
    found = [str(row) for row in verify()["differences"]]
    assert found == [
        f"standards.passage {extra.pk}: lesson:onboarding gone is found, and is not in the newest content."
    ]


@pytest.mark.only("sqlite")
def test_an_index_that_was_left_behind_is_found(full):
    raw("DROP TRIGGER passage_grams_update")
    Passage.objects.filter(place="FD-LANG-001").update(grams="nothing")
    raw("CREATE TRIGGER passage_grams_update AFTER UPDATE ON standards_passage BEGIN SELECT 1; END")
    found = [str(row) for row in verify()["differences"]]
    assert (
        "search -: The index of the search is not that of its passages: manage.py rebuild_search makes it anew."
        in found
    )


def test_a_search_rebuilt_differs_in_nothing(full):
    Passage.objects.filter(kind="clause").update(plain="", grams="")
    assert verify()["differences"] != []
    call_command("rebuild_search", stdout=StringIO())
    assert verify()["differences"] == []


def test_a_changed_file_is_found(full):
    assert tampered(File, full.file.pk, data=b"- Say nothing.") == [
        f"staff.file {full.file.pk}: rules.md does not match its sum."
    ]


def test_a_changed_score_is_found(full):
    assert tampered(Score, full.score.pk, percent=Decimal("99.0")) == [
        f"scoring.score {full.score.pk}: The score does not match its digest.",
        f"scoring.score {full.score.pk}: The score says 99.0; its marks make 66.7.",
    ]


def test_a_changed_mark_is_found(full):
    mark = full.score.marks.get(status="omitted")
    assert tampered(Mark, mark.pk, points=1, status="scored") == [
        f"scoring.score {full.score.pk}: The score does not match its digest.",
        f"scoring.score {full.score.pk}: Position {mark.position} is marked 1.0000; its answer earns 0.0000.",
        f"scoring.score {full.score.pk}: The score says 66.7; its marks make 100.0.",
    ]


def test_a_changed_answer_is_found_by_marking_it_again(full):
    item = next(item for item in full.items if item.type == "single")
    answer = full.score.attempt.answers.filter(marks__item=item).first()
    if answer is None:  # the omitted one is drawn by chance: change another
        item = next(item for item in full.items if item.type == "multiple")
        answer = full.score.attempt.answers.get(marks__item=item)
    found = tampered(Answer, answer.pk, response=["b"] if item.type == "multiple" else ["a"])
    assert found == [
        f"scoring.score {full.score.pk}: The score does not match its digest.",
        f"scoring.score {full.score.pk}: Position {answer.position} is marked 1.0000; its answer earns 0.0000.",
    ]


def test_an_answer_put_in_afterwards_is_found(full):
    with thaw():
        Answer.objects.create(
            attempt=full.score.attempt, position=2, seq=9, key="late", response=["a"], presented_at=timezone.now()
        )
    assert [str(row) for row in verify()["differences"]] == [
        f"scoring.score {full.score.pk}: Position 2 is not marked on its last answer."
    ]


def test_a_changed_turn_is_found(full):
    answer = full.run.attempt.answers.order_by("position").last()
    assert tampered(Answer, answer.pk, response=[2]) == [
        f"scoring.score {full.run.pk}: The score does not match its digest.",
        f"scoring.score {full.run.pk}: The score says 100.0; its path is worth {make_percent(full)}.",
    ]


def make_percent(world):
    from quizzes.play import score

    return score(world.scenario.body, [1, 2]).percent


def test_an_attempt_opened_again_is_found(full):
    assert tampered(Attempt, full.score.attempt_id, closed_at=None) == [
        f"quizzes.attempt {full.score.attempt_id}: Scored, yet open.",
        f"scoring.score {full.score.pk}: The score does not match its digest.",
        f"scoring.score {full.score.pk}: Its time is not that of its event.",
    ]


def test_a_score_taken_away_is_found(full):
    with thaw():
        score = make.score(person=full.pavel, subject=full.scenario)
        score.marks.all()._raw_delete("default")
        Score.objects.filter(pk=score.pk)._raw_delete("default")
    event = Event.objects.last()
    assert [str(row) for row in verify()["differences"]] == [
        f"quizzes.attempt {score.attempt_id}: Closed without a score.",
        f"staff.event {event.pk}: score attempt:{score.attempt_id}: what it tells of is not there any more.",
    ]


def test_a_changed_sheet_is_found(full):
    row = f"scoring.appraisal {full.signed.pk}"
    assert tampered(Appraisal, full.signed.pk, body=full.signed.body | {"percent": "99.0"}) == [
        f"{row}: The sheet does not match its digest."
    ]


def test_a_changed_figure_beside_the_sheet_is_found(full):
    assert tampered(Appraisal, full.signed.pk, percent=Decimal("99.0"), band="excellent") == [
        f"scoring.appraisal {full.signed.pk}: The row says 99.0 excellent, the sheet another figure."
    ]


def test_a_basis_taken_away_is_found(full):
    with thaw():
        Basis.objects.filter(indicator="observation")._raw_delete("default")
    assert [str(row) for row in verify()["differences"]] == [
        f"scoring.appraisal {full.signed.pk}: Its bases are not the records the sheet was signed on."
    ]


def test_a_citation_that_is_missing_or_too_much_is_found(full):
    gone = Citation.objects.get(kind="item", slug="greet")
    other = Wording.objects.get(clause__key="FD-PROH-001")
    gone.delete()
    extra = Citation.objects.create(wording=other, kind="item", slug="greet", number=1)
    assert [str(row) for row in verify()["differences"]] == [
        "standards.citation -: item:greet:1 → FD-LANG-001 in front-desk v1 is missing.",
        f"standards.citation {extra.pk}: item:greet:1 → FD-PROH-001 in front-desk v1 is not in the newest content.",
    ]


def test_a_citation_follows_the_newest_version(full):
    make.item(by=full.root, slug="greet", cites=("FD-MANN-001",))
    assert verify()["differences"] == []
    assert list(Citation.objects.filter(slug="greet").values_list("wording__clause__key", "number")) == [
        ("FD-MANN-001", 2)
    ]


def test_a_register_that_lies_is_found(full):
    row = Assignment.objects.filter(pk=full.assignment.pk)
    row.update(done_steps=4, state="done", done_at=timezone.now())
    assert [difference.sentence for difference in verify()["differences"]] == [
        "done_steps is 4, 2 are recorded.",
        "The state is done with 2 of 4 steps recorded.",
        "done_at is not the time of its last step.",
    ]


def test_a_step_that_the_path_does_not_have_is_found(full):
    StepDone.objects.create(assignment=full.assignment, step="dance", source="hand")
    Assignment.objects.update(done_steps=3)
    assert [difference.sentence for difference in verify()["differences"]] == [
        "Steps done that the path does not have: dance."
    ]


# --- rows beside the events of their deeds --------------------------------------------

DAY = timedelta(days=1)
DIGEST = "The digest is not the one its event tells of."
TIME = "Its time is not that of its event."
SCORE = "The score does not match its digest."
BASES = "Its bases are not the records the sheet was signed on."
SEEN = "The observation and its findings do not match the digest its event tells of."
NOT_THEIRS = "which is no such record of this person."


@pytest.fixture
def whole(full):
    """Everything of `full`, a course read to its end, and a standard that came from a document."""
    for lesson in full.course.lessons:
        read(full.mira, full.course, lesson)
    text = "# 岗亭 | Kiosk\n\n- 先打招呼。\n- 再听人说。\n"
    draft, _ = import_document("kiosk.md", text.encode(), by=full.ana, slug="kiosk")
    full.kiosk = publish(draft, full.ana)
    full.written = write_items(full)
    return full


def write_items(world):
    """Items written on pages: one published, one a draft saved twice, one discarded, one a pack was loaded over."""
    body = world.items[0].body | {"stem": make.words("Written?"), "standard": "kiosk"}  # on no paper of the world's
    published, saved, dropped = (writing.begin(make.words(slug), body | {"points": n}, by=world.ana)
                                 for n, slug in enumerate(("one", "two", "three"), start=1))  # fmt: skip
    writing.publish(published.slug, by=world.ana, shown=writing.seen(published))
    saved = writing.rewrite(saved.slug, {"zh": "二"}, body | {"points": 9}, by=world.otto, shown=writing.seen(saved))
    writing.discard(dropped.slug, by=world.otto, shown=writing.seen(dropped))
    over = writing.begin(make.words("four"), body | {"points": 4}, by=world.ana)
    Item.objects.drafts().filter(pk=over.pk).delete()
    Event.write("load-pack", actor=world.root, subject="pack:etiquette", after={"new": [f"item:{over.slug}"]})
    return SimpleNamespace(published=published, saved=saved, body=body)


def a_finding_is_turned(world):
    Finding.objects.filter(outcome="not_met").update(outcome="met")


def a_finding_is_taken_away(world):
    gone(Finding.objects.filter(outcome="not_met"))


def an_observation_is_given_to_another(world):
    Observation.objects.update(person=world.pavel)


def an_observation_is_moved_in_time(world):
    Observation.objects.update(at=F("at") - DAY)


def an_observation_is_taken_away(world):
    gone(Basis.objects.filter(observation__isnull=False))
    gone(Finding.objects.all())
    gone(Observation.objects.all())


def an_attempt_is_given_to_another(world):
    Attempt.objects.filter(pk=world.run.attempt_id).update(person=world.pavel)


def an_attempt_is_closed_earlier(world):
    Attempt.objects.filter(pk=world.score.attempt_id).update(closed_at=F("closed_at") - DAY)


def an_attempt_gets_another_paper(world):
    paper = world.score.attempt.paper
    Attempt.objects.filter(pk=world.score.attempt_id).update(paper=[paper[1], paper[0], paper[2]])


def an_attempt_becomes_practice(world):
    Attempt.objects.filter(pk=world.score.attempt_id).update(purpose="practice")


def a_wrong_answer_becomes_another(world):
    attempt = make.attempt(person=world.pavel, subject=world.quiz)
    position = next(place for place, entry in enumerate(attempt.paper, 1) if entry["item"] == world.items[0].pk)
    answer = make.answer(attempt=attempt, position=position, response=["a"])
    finish(attempt, by=world.pavel)
    Answer.objects.filter(pk=answer.pk).update(response=["c"])  # earns as little: only the digest knows


def a_draft_is_rewritten(world):
    Item.objects.filter(pk=world.written.saved.pk).update(body=world.written.body)


def a_draft_is_written_without_its_event(world):
    Item.objects.create(slug="slipped-in", body=world.written.body, owner=world.ana)


def a_draft_is_taken_away(world):
    gone(Item.objects.filter(pk=world.written.saved.pk))


def a_discarded_draft_comes_back(world):
    before = Event.objects.get(verb="discard-item").before
    Item.objects.create(pk=before["draft"], slug="back", body=world.written.body | {"points": 3}, owner=world.ana)


def a_discarded_standard_comes_back(world):
    draft = make.draft_standard(by=world.ana, slug="dropped", clauses=["DR-LANG-001"])
    pk, body = draft.pk, draft.body
    discard(draft, by=world.ana, seen=shown(draft))
    Standard.objects.create(pk=pk, slug="dropped", body=body, owner=world.ana)


def a_draft_is_counted_back(world):
    Item.objects.filter(pk=world.written.saved.pk).update(revision=1)


def a_sheet_is_signed_by_another(world):
    Appraisal.objects.update(by=world.otto)


def a_sheet_is_moved_to_another_unit(world):
    Appraisal.objects.update(unit=world.ward)


def a_sheet_is_moved_in_time(world):
    Appraisal.objects.update(at=F("at") + timedelta(seconds=1))


def a_sheet_is_forged_with_its_digest(world):
    signed = world.signed
    body = signed.body | {"percent": "99.0"}
    digest = appraisal_digest(signed.person_id, signed.period, signed.revision, body)
    Appraisal.objects.update(body=body, percent=Decimal("99.0"), digest=digest)


def a_sheet_is_taken_away_with_its_bases(world):
    gone(Basis.objects.all())
    gone(Appraisal.objects.all())


def an_item_is_forged_with_its_digest(world):
    item = world.items[2]  # the order of options
    item.body["feedback"] = make.words("Forged.")
    Item.objects.filter(pk=item.pk).update(body=item.body, digest=frozen.digest(item.content()))


def a_version_is_published_by_another(world):
    Item.objects.filter(pk=world.items[2].pk).update(published_by=world.mira)


def a_version_is_published_at_another_time(world):
    Item.objects.filter(pk=world.items[2].pk).update(published_at=F("published_at") + DAY)


def lessons_read_are_taken_away(world):
    gone(LessonRead.objects.filter(lesson="listen"))


def a_lesson_read_is_of_other_words(world):
    LessonRead.objects.filter(lesson="listen").update(lesson_digest="0" * 64)


def a_step_is_taken_away_and_the_counts_adjusted(world):
    gone(StepDone.objects.filter(step="scenario"))
    Assignment.objects.update(done_steps=F("done_steps") - 1)


def a_step_rests_on_a_record_of_another(world):
    theirs = make.score(person=world.pavel, subject=world.scenario)
    StepDone.objects.filter(step="scenario").update(source=f"score:{theirs.pk}", at=theirs.attempt.closed_at)


def a_step_is_written_by_hand(world):
    StepDone.objects.create(assignment=world.assignment, step="quiz", source="score:0")
    Assignment.objects.update(done_steps=4, state="done", done_at=StepDone.objects.get(step="quiz").at)


def a_finished_course_has_no_event(world):
    gone(Event.objects.filter(verb="course-done"))
    chain_again()


def a_clause_goes_to_another_standard(world):
    Clause.objects.filter(key="FD-LANG-001").update(standard_slug="kiosk")


def a_citation_goes_to_older_words(world):
    make.standard(by=world.root)
    make.item(by=world.root, slug="greet")  # published anew, on the new words
    # A minute later: of what is published in the same minute either words may be meant.
    later = timedelta(seconds=61)
    Item.objects.filter(slug="greet", number=2).update(published_at=F("published_at") + later)
    Event.objects.filter(verb="publish", subject="item:greet:2").update(at=F("at") + later)
    chain_again()
    old = Wording.objects.get(standard=world.standard, clause__key="FD-LANG-001")
    Citation.objects.filter(slug="greet").update(wording=old)


def a_document_is_taken_away(world):
    Standard.objects.filter(slug="kiosk").update(source=None)
    gone(File.objects.filter(name="kiosk.md"))


def a_score_is_written_without_its_event(world):
    gone(Event.objects.filter(verb="score", subject=f"attempt:{world.score.attempt_id}"))
    chain_again()


def chain_again():
    """As somebody would who knows how the chain is made."""
    before = "0" * 64
    for event in Event.objects.order_by("pk"):
        event.prev_hash = before
        before = event.computed_hash()
        Event.objects.filter(pk=event.pk).update(prev_hash=event.prev_hash, hash=before)


TAMPERING = {
    a_finding_is_turned: [BASES, SEEN],
    a_finding_is_taken_away: [BASES, "Its findings are not those of its checklist's points.", SEEN],
    an_observation_is_given_to_another: [
        BASES,
        "Somebody else saw it, or was seen, than its event tells of.",
        "Step seen rests on observation:{seen}, " + NOT_THEIRS,
        SEEN,
    ],
    an_observation_is_moved_in_time: [BASES, "Step seen rests on observation:{seen}, " + NOT_THEIRS, SEEN],
    an_observation_is_taken_away: [
        BASES,
        "Step seen rests on observation:{seen}, " + NOT_THEIRS,
        "observe observation:{seen}: what it tells of is not there any more.",
    ],
    an_attempt_is_given_to_another: [
        "Somebody else finished it than its event tells of.",
        "Step scenario rests on score:{run}, " + NOT_THEIRS,
        SCORE,
    ],
    an_attempt_is_closed_earlier: [TIME, SCORE],
    an_attempt_gets_another_paper: ["Its marks are not those of the attempt's paper.", SCORE],
    an_attempt_becomes_practice: [SCORE],
    a_wrong_answer_becomes_another: [SCORE],
    a_draft_is_rewritten: ["{two} (draft): its words are not those its event tells of."],
    a_draft_is_written_without_its_event: ["No draft-item event tells of it."],
    a_draft_is_taken_away: ["draft-item item:{two}:draft: what it tells of is not there any more."],
    a_discarded_draft_comes_back: [
        "back (draft): its words are not those its event tells of.",
        "discard-item item:fd-lang-001-three:draft: it still stands.",
    ],
    a_discarded_standard_comes_back: ["discard-standard standard:dropped: it still stands."],
    a_draft_is_counted_back: ["{two} (draft): it was saved another number of times than its event tells of."],
    a_sheet_is_signed_by_another: ["Somebody else signed it than its event tells of."],
    a_sheet_is_moved_to_another_unit: ["It was signed in another unit."],
    a_sheet_is_moved_in_time: [TIME],
    a_sheet_is_forged_with_its_digest: [DIGEST],
    a_sheet_is_taken_away_with_its_bases: ["sign-appraisal appraisal:{sheet}: what it tells of is not there any more."],
    an_item_is_forged_with_its_digest: [
        "order v1: the digest is not the one its event tells of.",
        "order v1 is found by something else: text_zh, text_en, plain, grams.",
    ],
    a_version_is_published_by_another: ["order v1: somebody else published it than its event tells of."],
    a_version_is_published_at_another_time: ["order v1: its time is not that of its event."],
    lessons_read_are_taken_away: [
        "course-done course:onboarding:1: lessons that were read are not there any more: listen."
    ],
    a_lesson_read_is_of_other_words: [
        "Lesson listen does not stand in its course as it was read.",
        "course-done course:onboarding:1: lessons that were read are not there any more: listen.",
    ],
    a_step_is_taken_away_and_the_counts_adjusted: [
        "score attempt:{attempt}: step {step} that it did is not there any more."
    ],
    a_step_rests_on_a_record_of_another: ["Step scenario rests on score:{theirs}, " + NOT_THEIRS],
    a_step_is_written_by_hand: ["Step quiz rests on score:0, " + NOT_THEIRS],
    a_finished_course_has_no_event: ["Step course rests on course:onboarding:1, " + NOT_THEIRS],
    a_clause_goes_to_another_standard: ["FD-LANG-001 of front-desk v1 is called a clause of kiosk."],
    a_citation_goes_to_older_words: [
        "item:greet:2 → FD-LANG-001 in front-desk v1 is not in the newest content.",
        "item:greet:2 → FD-LANG-001 in front-desk v2 is missing.",
    ],
    a_document_is_taken_away: ["import standard:kiosk: the document it came from is another."],
    a_score_is_written_without_its_event: ["No score event tells of it."],
}


@pytest.mark.parametrize("deed", TAMPERING, ids=lambda deed: deed.__name__)
def test_tampering_is_found(whole, deed):
    ids = {
        "seen": whole.observation.pk,
        "run": whole.run.pk,
        "attempt": whole.run.attempt_id,
        "sheet": whole.signed.pk,
        "step": StepDone.objects.get(step="scenario").pk,
        "two": whole.written.saved.slug,
    }
    with tampering():
        deed(whole)
    ids["theirs"] = Score.objects.last().pk
    wanted = [sentence.format(**ids) for sentence in TAMPERING[deed]]
    assert sorted(row.sentence for row in verify()["differences"]) == sorted(wanted)


def test_what_the_whole_world_wrote_does_not_differ(whole):
    found = verify()
    assert found["differences"] == []
    assert (found["checked"]["lessons"], found["checked"]["files"], StepDone.objects.count()) == (2, 2, 3)


def test_a_step_that_a_finished_course_did_is_missed(whole):
    step = StepDone.objects.get(step="course")
    Event.write("course-done", actor=whole.mira, subject=whole.course.subject, after={"steps": [step.pk]})
    assert verify()["differences"] == []
    with tampering():
        gone(StepDone.objects.filter(pk=step.pk))
        Assignment.objects.update(done_steps=F("done_steps") - 1)
    assert {row.sentence for row in verify()["differences"]} == {
        f"course-done course:onboarding:1: step {step.pk} that it did is not there any more."
    }


def test_a_basis_bears_the_digest_of_the_observation(full):
    (line,) = [line for line in full.signed.body["lines"] if line["source"] == "observation"]
    event = Event.objects.get(verb="observe")
    assert [basis["digest"] for basis in line["bases"]] == [event.after["digest"]]


# --- what cannot be read ----------------------------------------------------------------


def an_answer_that_is_no_option(world):
    Answer.objects.filter(pk=_answered(world).answer_id).update(response=["zzz"])
    return [SCORE, f"Position {_answered(world).position} cannot be marked: “zzz” is not an option of this item."]


def an_answer_that_is_no_list(world):
    Answer.objects.filter(pk=_answered(world).answer_id).update(response={"x": "y"})
    return [SCORE, f"Position {_answered(world).position} cannot be marked: An answer is a list of option keys."]


def _answered(world):
    return world.score.marks.filter(answer__isnull=False).first()


def a_turn_without_a_choice(world):
    world.run.attempt.answers.filter(position=1).update(response=[])
    return [SCORE, "cannot be read: IndexError: list index out of range"]


def a_turn_that_is_null(world):
    world.run.attempt.answers.filter(position=1).update(response=Value(None, JSONField()))
    return [SCORE, "cannot be read: TypeError: 'NoneType' object is not subscriptable"]


def a_standard_without_clauses(world):
    Standard.objects.filter(slug="kiosk").update(body={})
    return ["kiosk v1 does not match its digest."] + ["cannot be read: KeyError: 'clauses'"] * 3


def a_standard_that_is_a_word(world):
    Standard.objects.filter(slug="kiosk").update(body="{")
    indices = "cannot be read: TypeError: string indices must be integers, not 'str'"
    return ["kiosk v1 does not match its digest."] + [indices] * 3


def a_sheet_without_its_figure(world):
    Appraisal.objects.update(percent=None)
    return ["cannot be read: TypeError: unsupported format string passed to NoneType.__format__"]


def an_event_with_a_float(world):
    Event.objects.filter(verb="observe").update(after={"person": 1.5})
    return [
        "cannot be read: TypeError: float has no canonical form; give a string",
        "cannot be read: KeyError: 'digest'",
    ]


UNREADABLE = [
    an_answer_that_is_no_option,
    an_answer_that_is_no_list,
    a_turn_without_a_choice,
    a_turn_that_is_null,
    a_standard_without_clauses,
    a_standard_that_is_a_word,
    a_sheet_without_its_figure,
    an_event_with_a_float,
]


@pytest.mark.parametrize("deed", UNREADABLE, ids=lambda deed: deed.__name__)
def test_what_cannot_be_read_is_one_difference_and_the_run_goes_on(whole, deed):
    with tampering():
        said = deed(whole)
    Assignment.objects.update(done_steps=0)  # found by a later check
    assert sorted(row.sentence for row in verify()["differences"]) == sorted(
        [*said, "done_steps is 0, 3 are recorded."]
    )


# Only SQLite keeps what is no date, number or JSON at all.
GARBAGE = [
    ("scoring_appraisal", "percent", "much", "scoring.appraisal"),
    ("scoring_mark", "points", "many", "scoring.score"),
    ("staff_event", "at", "yesterday", "staff.event"),
    ("standards_standard", "body", "{", "standards.standard"),
    ("evidence_finding", "at", "2026-13-45 00:00:00", "evidence.observation"),
    ("courses_lessonread", "at", "2026-13-45 00:00:00", "courses.lessonread"),
    ("courses_stepdone", "at", "2026-13-45 00:00:00", "courses.assignment"),
    ("quizzes_item", "title_zh", b"\xff", "quizzes.item"),
]


@pytest.mark.only("sqlite")  # PostgreSQL does not keep it
@pytest.mark.parametrize(("table", "column", "value", "model"), GARBAGE, ids=lambda each: str(each))
def test_garbage_is_one_difference_and_the_run_goes_on(whole, table, column, value, model):
    Assignment.objects.update(path_slug="another")
    with connection.cursor() as cursor, transaction.atomic():
        frozen.drop_triggers()
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        written = "CAST(%s AS TEXT)" if isinstance(value, bytes) else "%s"
        cursor.execute(f"UPDATE {table} SET {column} = {written} WHERE id = (SELECT max(id) FROM {table})", [value])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
        frozen.create_triggers()
        found = verify()["differences"]
        transaction.set_rollback(True)
    assert model in {row.model for row in found if row.sentence.startswith("cannot be read: ")}
    assert model == "courses.assignment" or "courses.assignment" in {row.model for row in found}


@pytest.mark.only("sqlite")  # a test on PostgreSQL cannot switch its keys off
def test_a_row_that_points_at_nothing_is_found(whole):
    with transaction.atomic():
        frozen.drop_triggers()
        gone(Clause.objects.filter(key=whole.kiosk.clause_keys()[1]))
        frozen.create_triggers()
        found = [str(row) for row in verify()["differences"]]
        transaction.set_rollback(True)
    left = Wording.objects.get(standard=whole.kiosk, position=2)
    assert f"standards.wording {left.pk}: clause is a clause that is not there." in found


# --- triggers ---------------------------------------------------------------------------


NOTHING = {
    "sqlite": [
        "DROP TRIGGER scoring_score_no_update",
        "CREATE TRIGGER scoring_score_no_update BEFORE UPDATE ON scoring_score WHEN 1=0 BEGIN SELECT 1; END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION scoring_score_no_update() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$"
    ],
}


def test_a_trigger_of_our_name_that_does_nothing_is_found(full):
    for statement in NOTHING[connection.vendor]:
        raw(statement)
    assert [str(row) for row in verify()["differences"]] == [
        "trigger scoring_score_no_update: Is not as we wrote it: this table can be changed."
    ]


@pytest.mark.only("postgresql")  # SQLite has no such switch
def test_a_trigger_that_is_switched_off_is_found(full):
    connection.check_constraints()  # nothing may wait for its check
    raw("ALTER TABLE scoring_score DISABLE TRIGGER scoring_score_no_update")
    assert [str(row) for row in verify()["differences"]] == [
        "trigger scoring_score_no_update: Is not as we wrote it: this table can be changed."
    ]


def test_a_strange_trigger_on_a_frozen_table_is_found(full):
    name = "scoring_score_no_update"
    if connection.vendor == "sqlite":
        raw("CREATE TRIGGER quiet BEFORE UPDATE ON scoring_score BEGIN SELECT 1; END")
    else:
        raw(f"CREATE TRIGGER quiet BEFORE UPDATE ON scoring_score FOR EACH ROW EXECUTE FUNCTION {name}()")
    assert [str(row) for row in verify()["differences"]] == ["trigger quiet: Is not one of ours."]


# --- what it costs ------------------------------------------------------------------------


def test_more_rows_cost_no_more_statements(whole):
    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert verify()["differences"] == []
        return len(queries)

    one = statements()
    for number in range(3):
        person = make.user(number=f"P{number}")
        assignment = make.assignment(person=person, path=whole.path, unit=whole.desk)
        make.score(person=person, subject=whole.quiz)
        make.score(person=person, subject=whole.scenario)
        make.observation(checklist=whole.checklist, person=person, by=whole.otto, unit=whole.desk, key=f"key {number}")
        for lesson in whole.course.lessons:
            read(person, whole.course, lesson)
        assignment.refresh_from_db()
        assert assignment.state == "done"
    assert statements() == one


def test_a_set_of_ids_knows_what_another_lacks():
    few, many = Ids([1, 1023, 5_000_000_000]), Ids([1, 2, 1023, 1024, 5_000_000_000, 2**62])
    assert list(many.without(few)) == [2, 1024, 2**62]
    assert (list(few.without(many)), 1024 in many, 1025 in many) == ([], True, False)


# --- the command ------------------------------------------------------------------


def test_the_command_says_that_nothing_differs_and_prints_the_head(full):
    code, out = run()
    head = Event.objects.order_by("pk").last().hash
    assert (code, out.splitlines()[1:]) == (0, ["Nothing differs.", f"head {head}"])
    assert out.startswith("versions 10, wordings 4, files 1, attempts 2, scores 2, observations 1, appraisals 1, ")


def test_the_command_fails_and_names_what_differs(full):
    tampered(Score, full.score.pk, note="99")
    code, out = run()
    assert (code, out.splitlines()[1:3]) == (
        1,
        [f"scoring.score {full.score.pk}: The score does not match its digest.", "1 difference."],
    )
    Assignment.objects.update(done_steps=1)
    assert run()[1].splitlines()[3] == "2 differences."


def test_the_command_speaks_json(full):
    code, out = run("--json")
    found = json.loads(out)
    assert (code, found["differences"], found["checked"]["scores"], len(found["head"])) == (0, [], 2, 64)
    tampered(Score, full.score.pk, note="99")
    code, out = run("--json")
    assert (code, json.loads(out)["differences"]) == (
        1,
        [{"model": "scoring.score", "id": str(full.score.pk), "sentence": "The score does not match its digest."}],
    )


def test_the_command_knows_a_removed_end_by_an_older_head(full):
    head = Event.write("look", actor=None, subject="page:0").hash
    Event.write("look", actor=None, subject="page:1")
    assert run("--head", head)[0] == 0
    with thaw():
        Event.objects.filter(verb="look")._raw_delete("default")
    assert (run()[0], run("--head", head)[0]) == (0, 1)


def test_an_empty_database_is_in_order(db):
    assert verify()["differences"] == []


@pytest.mark.slow
def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    path = tmp_path / "letter.sqlite3"
    path.write_text("This is a letter, not a database. " * 50)
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{path}"}
    command = [sys.executable, settings.BASE_DIR / "manage.py", "verify"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "The database cannot be read: file is not a database. Is DATABASE_URL right? Nothing was verified.\n",
    )


@pytest.mark.only("sqlite")  # only SQLite would make one
def test_a_database_that_is_not_there_is_not_made(db, tmp_path, monkeypatch, capsys):
    path = tmp_path / "none.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    sentence = f"There is no database {path}. Is DATABASE_URL right? Nothing was verified."
    assert run() == (1, "")
    assert capsys.readouterr().err == sentence + "\n"
    assert run("--json") == (1, json.dumps({"error": sentence}) + "\n")
    assert not path.exists()


def test_a_database_without_our_tables_is_one_sentence(db, capsys):
    raw("DELETE FROM django_migrations WHERE app = 'scoring'")
    assert run() == (1, "")
    assert capsys.readouterr().err == (
        "The tables are not those of this version: run manage.py migrate first. Nothing was verified.\n"
    )
