"""Writing an item of any type on a page: its own fields, nothing lost, and back again without a loss."""

from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.verifying import verify
from quizzes import writing
from quizzes.models import Item
from staff.models import File
from tests import make
from tests.quizzes.test_items import ENGLISH, text, typed

BOTH = {"zh": "中", "en": "Both"}


class Fields(HTMLParser):
    """What a browser sends of the form of an item when nothing is touched."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.area, self.select = {}, None, None
        self.feed(page[page.index("data-keep") :])

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        name = found.get("name")
        if tag == "textarea":
            self.area, self.sent[name] = name, ""
        if tag == "select":
            self.select = name
        if tag == "option" and "selected" in found:
            self.sent[self.select] = found["value"]
        if tag == "input" and name and (found["type"] not in ("checkbox", "radio", "file") or "checked" in found):
            ticked = "on" if found["type"] in ("checkbox", "radio") else ""
            self.sent.setdefault(name, []).append(found.get("value", ticked))

    def handle_data(self, data):
        if self.area:
            self.sent[self.area] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        self.area = None if tag == "textarea" else self.area


@pytest.fixture
def ana(world, sign_in):
    return sign_in(world.ana)


def picture():
    return {"key": "p1", "sha256": make.picture().sha256, "alt": BOTH}


MORE = {
    "multiple": {"credit": {"rule": "weights", "weights": {"a": -50, "b": 100}}},
    "single": {"credit": {"rule": "weights", "weights": {"a": 50, "b": 100}}},
    "rank": {"panel": {"experts": 9, "on": "2026-09", "note": BOTH}},
    "bestworst": {"panel": {"experts": 9}, "criterion": True},
    "numeric": {"tags": ["雨天", "rush hour"], "roles": ["guide", "gone-by-now"]},
    "upload": {"accepts": ["image"]},
}


@pytest.mark.parametrize("kind", [*make.PIECES, "single", "multiple", "ordering", "truefalse"])
def test_the_form_of_an_item_gives_the_same_item(world, ana, kind):
    """Whatever a pack wrote can be edited without a loss: a save without a change begins no draft."""
    make.job_role(slug="guide")
    if kind in make.PIECES:
        body = make.body_of(kind)
    else:
        keys = ("true", "false") if kind == "truefalse" else ("a", "b", "c")
        right = keys if kind == "ordering" else keys[1:2]
        body = make.item(by=world.root, slug="pattern", type=kind, keys=keys, right=right).body
    body = body | MORE.get(kind, {}) | {"images": [picture()]}
    item = make._publish(Item, "like-it", body, world.root)
    page = text(ana.get("/items/like-it/edit/", headers=ENGLISH))
    response = ana.post("/items/like-it/edit/", Fields(page).sent, headers=ENGLISH)
    draft = Item.objects.draft_of("like-it")
    assert response.status_code == 302 and (draft is None or draft.body == item.body)
    assert draft is None


WRITTEN = {
    "matching": (
        {
            "pair-1-zh": "响铃", "pair-1-en": "A call", "pair-1-partner_zh": "三声", "pair-1-partner_en": "Three",
            "pair-2-zh": "投诉", "pair-2-en": "A complaint", "pair-2-partner_zh": "五分", "pair-2-partner_en": "Five",
            "pair-3-zh": "问路", "pair-3-en": "The way", "pair-3-partner_zh": "三声", "pair-3-partner_en": "Three",
            "pair-4-partner_zh": "不必", "pair-4-partner_en": "No need",
        },
        {"pairs": {"a": "p1", "b": "p2", "c": "p1"}},
    ),
    "numeric": (
        {"value-1-value": "５", "value-1-tolerance": "0.5", "value-2-value": "5", "value-2-tolerance": "1",
         "value-2-percent": "50", "unit_zh": "分钟", "unit_en": "minutes", "others": "小时 = 60\nseconds＝0.5"},
        {"answers": [{"value": 5, "tolerance": "0.5", "percent": 100}, {"value": 5, "tolerance": 1, "percent": 50}],
         "unit": {"text": {"zh": "分钟", "en": "minutes"},
                  "others": [{"text": "小时", "factor": 60}, {"text": "seconds", "factor": "0.5"}]}},
    ),
    "fill": (
        {"blank-1-accepted": "您好\n你好 = 50%\r\n\r\n", "blank-2-accepted": "请", "ignore": ["case", "width"]},
        {"blanks": [{"key": "a", "accepted": [{"text": "您好", "percent": 100}, {"text": "你好", "percent": 50}]},
                    {"key": "b", "accepted": [{"text": "请", "percent": 100}]}], "ignore": ["width", "case"]},
    ),
    "bestworst": ({"option-1-judged": "worst", "option-2-judged": "best"}, {"best": "b", "worst": "a"}),
    "rank": ({"experts": "9"}, {"right": ["a", "b"], "panel": {"experts": 9}}),
    "short": (
        {"criterion-1-zh": "先问好", "criterion-1-en": "Greets", "criterion-1-points": "3", "criterion-2-zh": "听完",
         "criterion-2-en": "Listens", "longest": "400", "criteria_shown": "on"},
        {"rubric": [{"key": "c1", "text": {"zh": "先问好", "en": "Greets"}, "points": 3},
                    {"key": "c2", "text": {"zh": "听完", "en": "Listens"}, "points": 1}],
         "longest": 400, "criteria_shown": True},
    ),
    "upload": (
        {"criterion-1-zh": "鞠躬", "criterion-1-en": "Bows", "accepts": ["audio", "image"]},
        {"accepts": ["image", "audio"]},
    ),
}  # fmt: skip


def of(kind, **more):
    """What is sent for an item of one type; rows of other types are not on its page."""
    rows = (
        {}
        if kind in ("rank", "bestworst", "single", "multiple")
        else {f"option-{n}-{x}": "" for n in (1, 2) for x in ("zh", "en")}
    )
    sent = typed(type=kind, fields_of=kind, option__2__right="") | rows
    return sent | WRITTEN.get(kind, ({}, {}))[0] | more


@pytest.mark.parametrize("kind", WRITTEN)
def test_each_type_is_written_looked_at_and_published(world, ana, kind):
    response = ana.post("/items/new/", of(kind), headers=ENGLISH)
    assert response.status_code == 302, text(response)[text(response).index('role="alert"') :][:900]
    draft = Item.objects.draft_of(response["Location"].split("/")[2])
    wanted = WRITTEN[kind][1]
    assert {name: draft.body[name] for name in wanted} == wanted
    ana.post(f"/items/{draft.slug}/publish/", {"seen": writing.seen(draft)})
    assert Item.objects.published_numbers(draft.slug) == [1] and verify()["differences"] == []


WRONG = {
    "a partner in one language": ("matching", {"pair-2-partner_en": ""}, "English is missing in partner “2”."),
    "no partner": ("matching", {"pair-2-partner_en": "", "pair-2-partner_zh": ""}, "Option “2” has no partner."),
    "a number in words": ("numeric", {"value-1-value": "five"}, "This is no number. Write it as 15 or 2.5"),
    "a unit that is nothing": ("numeric", {"others": "hours"}, "Write a unit, = and a number on each line"),
    "no whole points": ("fill", {"blank-2-accepted": "请 = 50%"}, "has no answer that earns all its points"),
    "two best": ("bestworst", {"option-1-judged": "best"}, "Say of one option that it is the best"),
    "half a criterion": ("short", {"criterion-2-en": ""}, "English is missing in criterion “2”."),
    "nothing to hand in": ("upload", {"accepts": []}, "This field is required."),
    "21 tags": ("rank", {"tags": ",".join(map(str, range(21)))}, "At most 20 tags"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_stays_on_the_page(ana, name):
    kind, fields, sentence = WRONG[name]
    response = ana.post("/items/new/", of(kind, **fields), headers=ENGLISH)
    assert (response.status_code, Item.objects.drafts().count()) == (422, 0)
    assert sentence in text(response)
    kept = Fields(text(response)).sent
    sent = of(kind, **fields)
    assert [each for each in sent if each in kept and set(kept[each]) not in (set(sent[each]), {str(sent[each])})] == []


def test_another_type_shows_its_fields_before_anything_is_saved(ana):
    """Also where the button beside it was forgotten."""
    for sent in (of("single", do="type") | {"type": "fill"}, of("single") | {"type": "fill"}):
        response = ana.post("/items/new/", sent, headers=ENGLISH)
        page = text(response)
        assert (response.status_code, Item.objects.drafts().count()) == (200, 0)
        assert 'name="blank-1-accepted"' in page and "A guest swears at you" in page and 'class="error"' not in page
    assert 'name="pair-1-zh"' in text(ana.get("/items/new/?type=matching"))


def test_a_picture_is_added_shown_and_taken_out(world, ana):
    file = SimpleUploadedFile("bow.png", b"\x89PNG\r\n\x1a\n" + bytes(9))
    sent = of("rank", picture=file, picture_zh="鞠躬", picture_en="A bow") | {"stem_en": "See ![](image:p1) and judge"}
    refused = ana.post("/items/new/", sent | {"points": "0", "stem_en": ""}, headers=ENGLISH)
    assert refused.status_code == 422
    file.seek(0)
    slug = ana.post("/items/new/", sent, headers=ENGLISH)["Location"].split("/")[2]
    draft = Item.objects.draft_of(slug)
    sha256 = File.objects.get().sha256
    assert draft.body["images"] == [{"key": "p1", "sha256": sha256, "alt": {"zh": "鞠躬", "en": "A bow"}}]
    page = text(ana.get(f"/items/{slug}/?version=draft", headers=ENGLISH))
    assert f'<img src="/items/images/{sha256}/" alt="A bow">' in page
    fields = Fields(text(ana.get(f"/items/{slug}/edit/", headers=ENGLISH))).sent
    ana.post(f"/items/{slug}/edit/", fields | {"image-1-gone": "on"})
    assert "images" not in Item.objects.draft_of(slug).body


def test_a_picture_that_is_none_of_ours_is_refused(ana):
    sent = of("rank") | {"image-1-key": "p1", "image-1-sha256": "0" * 64, "image-1-zh": "", "image-1-en": ""}
    response = ana.post("/items/new/", sent, headers=ENGLISH)
    assert response.status_code == 422 and "This picture is not kept here." in text(response)
