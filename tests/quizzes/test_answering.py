"""Answering items of every type: what the browser sees, what it sends, what is kept, and what is said of it after."""

import io
import re

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from config.verifying import verify
from quizzes import asking, drawing, marking, taking
from quizzes.forms import AnswerForm, filled
from quizzes.models import Answer
from scoring.finish import finish
from scoring.models import Mark
from staff.models import Event, File
from tests import make

KINDS = sorted(make.PIECES)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
SOUND = b"OggS" + bytes(60)
SECRET = re.compile("FEEDBACK|SAMPLE|SECRET|HALF-RIGHT|RIGHT-WORDS|你好|percent|tolerance|rubric|factor")
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def attempt(world):
    """Mira's, on a paper with one item of every type."""
    for kind in KINDS:
        make.item_of(kind, by=world.root)
    slugs = [f"of-{kind}" for kind in KINDS]
    blueprint = [{"items": slugs, "count": len(slugs)}]
    body = world.quiz.body | {"blueprint": blueprint, "attempts": 3}
    quiz = make._publish(type(world.quiz), "every-type", body, world.root)
    return make.attempt(person=world.mira, subject=quiz)


def place_of(attempt, kind):
    return 1 + [entry["slug"] for entry in attempt.paper].index(f"of-{kind}")


def send(browser, attempt, kind, *, seq=1, **fields):
    place = place_of(attempt, kind)
    data = {"seq": seq, "ticket": taking.ticket(attempt, place, timezone.now())} | fields
    return browser.post(f"/attempts/{attempt.pk}/{place}/answer/", data, headers=ENGLISH)


def picture(data=PNG, name="bow.png"):
    file = io.BytesIO(data)
    file.name = name
    return file


GIVEN = {
    "rank": ({"rank-b": 1, "rank-a": 2, "rank-c": 3}, ["b", "a", "c"]),
    "bestworst": ({"best": "b", "worst": "d"}, {"best": "b", "worst": "d"}),
    "matching": ({"pair-a": "y", "pair-b": ""}, {"a": "y"}),
    "numeric": ({"number": " ５.4 "}, {"number": "５.4"}),
    "fill": ({"blank-one": "你 好", "blank-two": " "}, {"one": "你 好"}),
    "short": ({"text": "I greet\r\nfirst."}, {"text": "I greet\nfirst."}),
}


@pytest.mark.parametrize("kind", sorted(GIVEN))
def test_each_type_is_answered_kept_and_shown_again(world, attempt, sign_in, kind):
    browser, (fields, response) = sign_in(world.mira), GIVEN[kind]
    assert send(browser, attempt, kind, **fields).status_code == 302
    assert Answer.objects.get().response == response
    page = browser.get(f"/attempts/{attempt.pk}/{place_of(attempt, kind)}/").content.decode()
    shown = filled(taking.question(attempt, place_of(attempt, kind)), response)
    for words in shown.fields.values():
        assert re.search(f'value="{words}"[^>]* (selected|checked)|value="{words}"|>\n{words}</textarea>', page)


@pytest.mark.parametrize("kind", sorted({*GIVEN, "upload"}))
def test_nothing_typed_is_not_answered(world, attempt, sign_in, kind):
    assert send(sign_in(world.mira), attempt, kind).status_code == 302
    assert not Answer.objects.get().response


def test_no_page_tells_the_answer(world, attempt, sign_in):
    browser = sign_in(world.mira)
    for place in range(1, len(KINDS) + 1):
        seen = str(taking.question(attempt, place)) + browser.get(f"/attempts/{attempt.pk}/{place}/").content.decode()
        assert SECRET.findall(seen) == []
    criteria = taking.question(attempt, place_of(attempt, "short"))["criteria"]
    assert criteria == [make.words("Greets first")]  # never their points
    assert taking.question(attempt, place_of(attempt, "upload"))["criteria"] == []


REFUSED = {
    "an unknown best": ("bestworst", {"best": "z"}),
    "one option twice": ("bestworst", {"best": "a", "worst": "a"}),
    "an unknown partner": ("matching", {"pair-a": "zz"}),
    "a place twice": ("rank", {"rank-a": 1, "rank-b": 1, "rank-c": 3}),
    "60 KB in a blank": ("fill", {"blank-one": "礼" * 20_000}),
    "60 KB for a number": ("numeric", {"number": "7" * 60_000}),
    "longer than the item says": ("short", {"text": "a" * 401}),
    "a NUL": ("short", {"text": "a\0b"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_refused_with_a_sentence_and_stays_on_the_page(world, attempt, sign_in, name):
    kind, fields = REFUSED[name]
    response = send(sign_in(world.mira), attempt, kind, **fields)
    page = response.content.decode()
    assert (response.status_code, Answer.objects.count()) == (422, 0)
    assert re.search(r'role="alert" id="wrong">.*?<span>[A-Z][^<]{20,}', page, re.DOTALL)
    typed = {words for words in fields.values() if isinstance(words, str) and kind in ("fill", "numeric", "short")}
    assert all(words.replace("\0", "") in page.replace("\0", "") for words in typed)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_sent_is_refused_or_can_be_marked(data):
    kind = data.draw(st.sampled_from([each for each in KINDS if each != "upload"]))
    body = make.body_of(kind)
    place = drawing.on_paper(taking.item_entry(1, "x", 1, body), data.draw(st.randoms(use_true_random=False)))
    names = ["option", "best", "worst", "pair-a", "pair-b", "number", "blank-one", "text", "rank-a", "rank-b", "rank-c"]
    values = st.sampled_from(["", "a", "b", "x", "1", "2", "3", "５ 分钟", "1e9", "\0", " ", "z"])
    sent = QueryDictLike(data.draw(st.dictionaries(st.sampled_from(names), values)) | {"seq": "1", "ticket": "t"})
    form = AnswerForm(sent, question=asking.question(body, place))
    if form.is_valid():
        marked = marking.mark(body, form.response)
        assert marked.points is None or 0 <= marked.points <= marked.max_points


class QueryDictLike(dict):
    def getlist(self, name):
        return [self[name]] if name in self else []


# --- files ------------------------------------------------------------------------


def test_a_picture_is_kept_by_its_sum_and_served_to_who_may_see_it(world, attempt, sign_in):
    assert send(sign_in(world.mira), attempt, "upload", upload=picture(name="鞠躬 bow.png")).status_code == 302
    response = Answer.objects.get().response
    assert (response["name"], response["type"]) == ("鞠躬 bow.png", "image/png")
    assert bytes(File.objects.get(sha256=response["file"]).data) == PNG
    url = f"/attempts/{attempt.pk}/{place_of(attempt, 'upload')}/files/{response['file']}/"
    for person, status in (("mira", 200), ("pavel", 404), ("ana", 200), ("otto", 200), ("hui", 200)):
        assert sign_in(getattr(world, person)).get(url).status_code == status, person
    served = sign_in(world.mira).get(url)
    assert (served["Content-Type"], served["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert served["Content-Disposition"] == 'inline; filename="___bow.png"' and served.content == PNG


def test_saving_again_keeps_the_file_and_taking_it_back_leaves_nothing(world, attempt, sign_in):
    browser = sign_in(world.mira)
    send(browser, attempt, "upload", upload=picture(SOUND, "hello.ogg"))
    kept = Answer.objects.get().response
    send(browser, attempt, "upload", seq=2, file=kept["file"])
    send(browser, attempt, "upload", seq=3, file=kept["file"], take_back="1")
    assert [answer.response for answer in Answer.objects.order_by("seq")] == [kept, kept, {}]


def test_the_sum_of_anothers_file_is_refused(world, attempt, sign_in):
    send(sign_in(world.mira), attempt, "upload", upload=picture())
    theirs = make.attempt(person=world.pavel, subject=taking.subject_of(attempt))
    response = send(sign_in(world.pavel), theirs, "upload", file=Answer.objects.get().response["file"])
    assert (response.status_code, Answer.objects.count()) == (422, 1)


WRONG = {
    "a script called a picture": (b"<svg onload=alert(1)>", "x.png"),
    "a document": (b"%PDF-1.7", "x.pdf"),
    "nothing": (b"", "x.png"),
    "too much": (PNG + bytes(10_000_000), "x.png"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_picture_or_recording_is_refused(world, attempt, sign_in, name):
    response = send(sign_in(world.mira), attempt, "upload", upload=picture(*WRONG[name]))
    assert (response.status_code, File.objects.count(), Answer.objects.count()) == (422, 0, 0)


# --- after ------------------------------------------------------------------------


def answer_all(world, attempt, sign_in):
    browser = sign_in(world.mira)
    for kind, (fields, _response) in GIVEN.items():
        send(browser, attempt, kind, **fields)
    send(browser, attempt, "upload", upload=picture())
    return browser


def test_an_open_answer_waits_and_so_does_the_result(world, attempt, sign_in):
    browser = answer_all(world, attempt, sign_in)
    score = finish(attempt, by=world.mira)
    assert Event.objects.get(verb="score").after["steps"] == []
    assert (score.percent, score.passed, score.reason) == (None, None, "awaiting_marks")
    marks = {mark.item.type: (mark.status, mark.points) for mark in Mark.objects.select_related("item")}
    assert marks["short"] == marks["upload"] == ("awaiting", None)
    assert [marks[kind][1] for kind in ("rank", "bestworst", "matching", "numeric", "fill")] == [2, 2, 1, 2, 1]
    page = browser.get(f"/attempts/{attempt.pk}/result/", headers=ENGLISH).content.decode()
    assert page.count("Waits for marking") == 3 and "wait for somebody to mark them" in page
    for words in ("The experts’ order", "your best", "The right partner", "你 好", "RIGHT-WORDS", "I greet", "bow.png"):
        assert words in page, words
    assert page.count("SAMPLE-ANSWER") == 2
    assert verify()["differences"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_trainer_sees_each_type_as_it_is_shown_and_its_key(world, sign_in, kind):
    make.item_of(kind, by=world.ana)
    page = sign_in(world.ana).get(f"/items/of-{kind}/", headers=ENGLISH).content.decode()
    assert page.count(f"Question of-{kind}?") >= 1 and page.count(f"FEEDBACK-of-{kind}") == 2
    assert "not answered" not in page.lower()


def test_a_scripted_question_shows_as_words(world, sign_in):
    hostile = "<script>alert(1)</script> ![x](javascript:alert(2))\n\n<img src=x onerror=alert(3)>"
    fields = {"stem": {"zh": hostile, "en": hostile}, "options": make.body_of("rank")["options"]}
    fields["options"] = [each | {"text": {"zh": hostile, "en": hostile}} for each in fields["options"]]
    make.item_of("rank", by=world.root, **fields)
    body = world.quiz.body | {"blueprint": [{"items": ["of-rank"], "count": 1}]}
    begun = make.attempt(person=world.mira, subject=make._publish(type(world.quiz), "hostile", body, world.root))
    page = sign_in(world.mira).get(f"/attempts/{begun.pk}/1/").content.decode()
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4
    assert not re.search(r"<script>|<img|javascript:(?![^<]*\))|<[^>]*onerror", page)
