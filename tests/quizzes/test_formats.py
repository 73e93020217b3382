"""Files of questions as trainers have them, taken apart: every row says what it says, or what is wrong with it."""

import base64
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import template_items
from quizzes.building import Known, build
from quizzes.formats import cells, gift, gift_writing, moodlexml_writing, rowing, workbook
from quizzes.formats.reading import Refused, Unreadable, read
from quizzes.formats.table import read_rows
from quizzes.formats.vocabulary import TYPES, field_of
from quizzes.item_rules import item_problems
from quizzes.marking import EVERY_TYPE
from quizzes.writing import title_of
from tests.standards.office import excel, paragraph, word

HEADERS = [
    "题型 题干 选项A 选项B 选项C 选项D 选项E 选项F 正确答案 解析 难度 默认分值 知识点 可见范围",
    "题干 解析 题目类型 难度 答案 选项A 选项B 选项C 选项D 分类",
    "题目内容 题型(单选/多选/判断) 选项A 选项B 选项C 选项D 正确答案 答案解析",
    "题目 选项A 选项B 选项C 选项D 答案 答案解析 难度等级",
    "题目编号 题目内容 选项A 选项B 选项C 选项D 答案 答案解析 题目难度 年级课程 创建人",
    "题号 题型 题干 选项A 选项B 选项C 选项D 正确答案",
    "Type Question OptionA OptionB OptionC OptionD Answer Explanation Difficulty Tags",
    "Ｔｙｐｅ 题　干 Ａ Ｂ Ｃ Ｄ 答案：",
]
HEADERS = [each.replace("　", "").split() for each in HEADERS]


def said(text, name="paste.txt", **options):
    """[(row, said, [problem])] of a text."""
    return [
        (raw.row, raw.said, [str(each) for each in raw.problems]) for raw in read(name, text.encode(), **options).raws
    ]


def rows_of(headers, *rows):
    return read_rows([("", [headers, *rows])], format="csv").raws


@pytest.mark.parametrize("headers", HEADERS)
def test_a_header_row_is_read_in_any_order_and_spelling(headers):
    told = {
        "optionA": "问好",
        "optionB": "低头",
        "optionC": "转身",
        "optionD": "走开",
        "answer": "Ａ、Ｃ",
        "stem": "怎么做？",
    }
    found = rows_of(headers, [told.get(field_of(header)[0], "") for header in headers])[0]
    assert not found.problems
    assert (found.said["stem"], found.said["right"], len(found.said["options"])) == ("怎么做？", [0, 2], 4)
    assert found.said["type"] == "multiple"


@pytest.mark.parametrize("answer", ["AB", "A,B", "A|B", "Ａ、Ｂ", "a b", "A；B", "A和B"])
def test_letters_of_an_answer_are_read_however_they_are_parted(answer):
    assert cells.letters(answer) == [0, 1]


@pytest.mark.parametrize(
    ("answer", "right"),
    [(each, 0) for each in ("对", "正确", "√", "true", "1", "T", "是", "TRUE", "A")]
    + [(each, 1) for each in ("错", "错误", "×", "false", "0", "F", "否", "B")],
)
def test_true_and_false_are_read_however_they_are_said(answer, right):
    assert rows_of(["题型", "题干", "答案"], ["判断", "微笑服务。", answer])[0].said["right"] == [right]


def test_an_option_that_does_not_exist_is_told_with_row_and_column():
    row = rows_of(["题型", "题干", "选项A", "选项B", "答案"], ["单选", "怎么做？", "问好", "低头", "E"])[0]
    assert (row.row, row.problems[0].field, str(row.problems[0])) == (2, "答案", "Option E does not exist.")


def test_a_header_that_explains_its_numbers_is_believed():
    headers = ["问题", "题型（0单选，1判断，2多选）", "考试人员类型", "选项A", "选项B", "答案（多选用英文逗号分隔）"]
    rows = rows_of(
        headers, ["甲？", "2", "", "一", "二", "A,B"], ["乙？", "1", "", "", "", "×"], ["丙？", "7", "", "", "", "A"]
    )
    assert [row.said.get("type") for row in rows] == ["multiple", "truefalse", None]
    assert "“7” is not known" in str(rows[2].problems[0])


def test_merged_headers_comments_and_titles_are_no_questions():
    sheet = [
        ["服务礼仪题库", "", "", "", ""],
        ["题干", "选项", "", "", "答案"],
        ["", "A", "B", "C", ""],
        ["# 说明：每行一题", "", "", "", ""],
        ["怎么做？", "问好", "低头", "走开", "B"],
        ["", "", "", "", ""],
    ]
    found = read_rows([("", sheet)], format="xlsx")
    assert [(raw.row, raw.said["options"], raw.said["right"]) for raw in found.raws] == [
        (5, ["问好", "低头", "走开"], [1])
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_table_is_read_in_the_encodings_of_offices(encoding):
    text = "题型,题干,选项A,选项B,答案,解析\r\n单选,客人来到服务台前怎么做？,起身问好,继续低头,A,三步之内先问好\r\n"
    found = read("bank.csv", text.encode(encoding))
    assert (found.format, found.raws[0].said["options"]) == ("csv", ["起身问好", "继续低头"])


PAPER = """一、单项选择题（每题2分，共20分）
1. 见到客人先做什么？
A. 低头 B. 问好
C、转身
（D）离开
答案：B
【解析】三步之内
先开口。
2、接电话几声之内（A）。
A. 三声
B. 五声

二、判断题
（一）微笑服务。（√）
三、多项选择题
（1）以下哪些得体？
Ａ．起身
Ｂ．问好
Ｃ．转身
【答案】Ａ、Ｂ
【难度】难
四、填空题
4. 应在____分钟内、____步之内
答案：五；三
五、简答题
5. 怎么安抚？
参考答案：先接住情绪
再说明
"""


def test_a_paper_as_trainers_type_it_is_read():
    found = said(PAPER)
    assert [problems for _row, _said, problems in found] == [[]] * 6
    assert [(row, told["type"], told.get("right")) for row, told, _problems in found] == [
        (2, "single", [1]), (9, "single", [0]), (14, "truefalse", [0]), (16, "multiple", [0, 1]), (23, "fill", None),
        (26, "short", None),
    ]  # fmt: skip
    assert found[0][1] == {
        "stem": "见到客人先做什么？", "options": ["低头", "问好", "转身", "离开"], "type": "single", "right": [1],
        "points": 2, "feedback": "三步之内\n先开口。",
    }  # fmt: skip
    assert [row[0]["text"] for row in found[4][1]["blanks"]] == ["五", "三"]
    assert found[3][1]["difficulty"] == "hard"
    assert found[5][1]["sample"] == "先接住情绪\n再说明"


def test_the_same_paper_is_read_out_of_word():
    data = word(*(paragraph(line) for line in PAPER.splitlines()))
    assert [raw.said["type"] for raw in read("paper.docx", data).raws] == [
        told["type"] for _row, told, _ in said(PAPER)
    ]


def test_aiken_is_read():
    found = said("What comes first?\nA. Greet\nB) Wait\nANSWER: A\n\nLast?\nA. Part\nB. Stay\nANSWER: C\n")
    assert found[0] == (
        1,
        {"type": "single", "stem": "What comes first?", "options": ["Greet", "Wait"], "right": [0]},
        [],
    )
    assert found[1][2] == ["Option C does not exist."]


GIFT = """// [id:desk-1] [tag:difficulty:hard] [tag:rain]
::Desk::Who speaks first?{ =We#Well said. ~%50%Both ~They #No. }

Which are polite?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d}

Wait {#15:0.5} minutes.

Match.{=in -> hello =out -> goodbye = -> sorry}

Two plus two is {=four =%50%fore}.

A description.
"""


def test_gift_is_read_with_weights_ids_and_tags():
    rows = said(GIFT)
    assert rows[0][1] == {
        "stem": "Who speaks first?", "slug": "desk-1", "title": "Desk", "type": "single",
        "options": ["We", "Both", "They"],
        "right": [0], "credit": "weights", "weights": [100, 50, 0], "difficulty": "hard", "tags": ["rain"],
        "feedback": "We: Well said.\nThey: No.",
    }  # fmt: skip
    assert (rows[1][1]["right"], rows[1][1]["weights"]) == ([0, 1, 2], [34, 33, 33, -100])
    assert rows[2][1]["answers"] == [{"value": "15", "tolerance": "0.5", "percent": 100}]
    assert (rows[3][1]["options"], rows[3][1]["choices"], rows[3][1]["pairs"]) == (
        ["in", "out"], ["hello", "goodbye", "sorry"], [0, 1],
    )  # fmt: skip
    assert rows[4][1]["blanks"] == [[{"text": "four", "percent": 100}, {"text": "fore", "percent": 50}]]
    assert rows[5][2] == ["Questions of the type description cannot be brought in."]


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30
MOODLE = """<?xml version="1.0" encoding="UTF-8"?><quiz>
<question type="category"><category><text>$course$/top/Greeting</text></category></question>
<question type="multichoice"><name><text>First</text></name>
<questiontext format="html"><text>
<![CDATA[<p>Who <b>speaks</b>? <img src="@@PLUGINFILE@@/desk.png" alt="A desk"></p>]]></text>
<file name="desk.png" encoding="base64">{picture}</file></questiontext>
<generalfeedback format="html"><text>We do.</text></generalfeedback><defaultgrade>2.0000000</defaultgrade>
<penalty>0.3333333</penalty><idnumber>desk-1</idnumber><single>false</single>
<answer fraction="50" format="html"><text>We</text><feedback format="html"><text>Yes</text></feedback></answer>
<answer fraction="50" format="html"><text>Both</text></answer>
<answer fraction="-50" format="html"><text>They</text></answer>
<tags><tag><text>rain</text></tag></tags></question>
<question type="cloze"><name><text>Gap</text></name><questiontext format="html"><text>a</text></questiontext></question>
</quiz>"""


def test_moodle_xml_is_read_with_its_pictures_and_what_is_not_carried_is_refused():
    first, second = read("quiz.xml", MOODLE.format(picture=base64.b64encode(PNG).decode()).encode()).raws
    assert first.said["stem"] == "Who **speaks**? ![A desk](image:desk)"
    assert [(each.key, each.data, each.alt) for each in first.said["images"]] == [("desk", PNG, "A desk")]
    assert (first.said["right"], first.said["credit"], first.said["points"]) == ([0, 1], "hits_minus_false", 2)
    assert (first.said["slug"], first.said["category"], first.said["tags"]) == ("desk-1", "Greeting", ["rain"])
    assert first.said["feedback"] == "We do.\nWe: Yes"
    assert [str(each) for each in second.problems] == ["Questions of the type cloze cannot be brought in."]


HOSTILE = [
    (b"", "empty"),
    (b"\n \n", "empty"),
    (b"x" * 10_000_001, "limit"),
    (b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', "entities"),
    (b'<?xml version="1.0"?><!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz/>', "entities"),
    (b"<?xml version='1.0'?><quiz><question>", "no sound XML"),
    (b"<?xml version='1.0'?><html/>", "not a quiz"),
    (b"\xff\xd8\xff\xe0 a picture", "not a text file"),
    (b"PK\x03\x04 broken", "cannot be opened"),
    ("题干,答案,题干\n甲,A,乙\n".encode(), "stands twice"),
    (b'Question,Answer\n"' + b"a" * 200_000, "not closed"),
]


@pytest.mark.parametrize(("data", "words"), HOSTILE)
def test_a_file_that_cannot_be_read_says_why(data, words):
    with pytest.raises((Unreadable, Refused)) as refused:
        read("bank.csv" if b"Question" in data else "bank", data)
    assert words in str(refused.value)


def test_a_zip_bomb_is_not_opened():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 3_000_000)
    with pytest.raises(Refused, match="more than 50 MB"):
        read("bank.xlsx", stream.getvalue())


def test_a_table_of_headers_alone_holds_no_question():
    assert read("bank.csv", "\ufeff题型,题干,选项A,选项B,答案,分值,解析\n".encode()).raws == []


def test_headers_nobody_knows_can_be_mapped_by_hand():
    data = excel(Sheet1=[["Frage", "Lösung", "Eins", "Zwei"], ["Wer?", "A", "Wir", "Sie"]])
    assert read("bank.xlsx", data).raws == []
    mapping = {"Frage": "stem", "Lösung": "answer", "Eins": "optionA", "Zwei": "optionB"}
    assert read("bank.xlsx", data, mapping=mapping).raws[0].said["right"] == [0]


# --- round trips -------------------------------------------------------------------


def built(told, *, before=None):
    return build(
        told, cites=["FD-1"], standard="desk", words={"zh": "条", "en": "Clause"}, title_of=title_of, before=before
    )


def test_the_template_holds_one_sound_item_of_each_type_and_reads_as_them():
    examples = template_items.examples(["FD-1"])
    assert sorted(body["type"] for _slug, _title, body in examples) == sorted(EVERY_TYPE)
    for language in ("zh-hans", "en"):
        data = workbook.template_workbook(examples, [("FD-1", "问好")], template_items.notes(language[:2]), language)
        raws = read("template.xlsx", data).raws
        assert [raw.problems for raw in raws] == [()] * len(examples)
        for raw, (slug, _title, body) in zip(raws, examples, strict=True):
            told = {name: value for name, value in raw.said.items() if name not in ("slug", "clause")}
            made = built(told).body
            assert (raw.said["slug"], made) == (slug, body | {"standard": "desk"})
            assert item_problems(made) == []


def test_every_header_we_write_is_one_we_read():
    for field, names in rowing.HEADERS.items():
        for name in names:
            found, language = field_of(name)
            assert (f"{found}.{language}" if language else found) == field
    assert set(TYPES) == set(EVERY_TYPE) == set(rowing.TYPES)


SIGNS = st.sampled_from(list("甲乙a b,;=~#{}:|\\/%*[]()'\"<>&+-@123，、（）√\n"))
WORDS = st.text(SIGNS, min_size=1, max_size=14).map(str.strip).filter(lambda words: words.strip(" \n"))
TEXT = st.fixed_dictionaries({"zh": WORDS.map(lambda words: f"问{words}"), "en": WORDS.map(lambda words: f"q{words}")})


def different(number):
    return st.lists(TEXT, min_size=number, max_size=number, unique_by=lambda text: "".join(text["zh"].split()))


@st.composite
def bodies(draw, kind):
    """A sound body of a type, as far as its words and its key matter."""
    body = {"type": kind, "standard": "desk", "difficulty": draw(st.sampled_from(["easy", "medium", "hard"]))}
    body |= {"points": draw(st.integers(1, 9)), "cites": ["FD-1"], "stem": draw(TEXT), "feedback": draw(TEXT)}
    options = [{"key": key, "text": text} for key, text in zip("abc", draw(different(3)), strict=True)]
    if kind in ("single", "multiple", "ordering", "rank"):
        many = {"single": 1, "multiple": 2}.get(kind, 3)
        right = draw(st.permutations("abc"))[:many]
        body |= {"options": options, "right": sorted(right) if kind == "multiple" else right}
        if kind == "multiple" and draw(st.booleans()):
            body["credit"] = {"rule": draw(st.sampled_from(["all_or_nothing", "hits_minus_false"]))}
        if kind == "single" and draw(st.booleans()):
            body["credit"] = {
                "rule": "weights",
                "weights": {right[0]: 100, next(k for k in "abc" if k not in right): 50},
            }
    if kind == "truefalse":
        texts = [{"zh": "对", "en": "True"}, {"zh": "错", "en": "False"}]
        body |= {"options": [{"key": key, "text": text} for key, text in zip(("true", "false"), texts, strict=True)]}
        body["right"] = [draw(st.sampled_from(["true", "false"]))]
    if kind == "bestworst":
        best, worst = draw(st.permutations("abc"))[:2]
        body |= {"options": options, "best": best, "worst": worst}
    if kind == "matching":
        choices = [{"key": key, "text": text} for key, text in zip("pqr", draw(different(3)), strict=True)]
        body |= {
            "options": options,
            "choices": choices,
            "pairs": dict(zip("abc", draw(st.permutations("pqr")), strict=True)),
        }
    if kind == "numeric":
        near = draw(st.sampled_from([{}, {"tolerance": "0.5"}]))
        body["answers"] = [{"value": str(draw(st.integers(-99, 99)))} | near | {"percent": 100}]
    if kind == "fill":
        accepted = [{"text": " ".join(draw(WORDS).split()), "percent": percent} for percent in (100, 50)]
        body |= {"blanks": [{"key": "b1", "accepted": accepted}], "ignore": draw(st.sampled_from([[], ["case"]]))}
    if kind in ("short", "upload"):
        body["rubric"] = [{"key": "c1", "text": draw(TEXT), "points": 2}]
        body |= {"accepts": ["audio"]} if kind == "upload" else {"sample": draw(TEXT)}
    return body


def plain(value):
    """Without what no format promises: how white space is spread."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return " ".join(value.split()) if isinstance(value, str) else value


@pytest.mark.parametrize("kind", EVERY_TYPE)
def test_an_item_comes_back_from_excel_as_it_was(kind):
    @settings(max_examples=12, deadline=None)
    @given(bodies(kind))
    def holds(body):
        row = rowing.row_of("one", title_of(body["stem"]), body, "zh-hans")
        words = [names[0] for names in rowing.HEADERS.values()]
        raw = rows_of(words, [str(row.get(field, "")).strip() for field in rowing.HEADERS])[0]
        told = {name: value for name, value in raw.said.items() if name not in ("slug", "clause", "title")}
        assert not raw.problems
        assert plain(built(told).body) == plain(body)

    holds()


@pytest.mark.parametrize("format", ["gift", "moodlexml"])
@pytest.mark.parametrize(
    "kind", ["single", "multiple", "truefalse", "matching", "numeric", "fill", "short", "ordering"]
)
def test_an_item_that_is_known_comes_back_unchanged_from_the_formats_of_moodle(kind, format):
    @settings(max_examples=12, deadline=None)
    @given(bodies(kind), st.sampled_from(["zh", "en"]))
    def holds(body, language):
        title = {"zh": "", "en": ""} | title_of(body["stem"])
        if format == "gift":
            if not gift_writing.carries(body):
                return
            raw = gift.read_gift(gift_writing.gift_of([("one", title, body)], language)).raws[0]
        else:
            raw = read("x.xml", moodlexml_writing.moodlexml_of([("one", title, body)], {}, language)).raws[0]
        told = {name: value for name, value in raw.said.items() if name not in ("slug", "clause", "category")}
        made = built(told, before=Known(body, title))
        assert not raw.problems
        assert raw.said["slug"] == "one"
        assert (made.body, made.title) == (body, title)

    holds()


# --- the samples beside the checkout ------------------------------------------------


@pytest.mark.corpus
def test_every_gift_sample_parses_as_its_pair_says(request):
    folder = corpus() / "gift"
    pairs = sorted(folder.glob("*.gift"))
    assert pairs
    for path in pairs:
        wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        found = gift.questions(path.read_text(encoding="utf-8"))
        assert len(found) == len(wanted), path.name
        for question, want in zip(found, wanted, strict=True):
            same = {name: value for name, value in want.items() if question["type"] != "Numerical" or name != "choices"}
            assert {name: question.get(name) for name in same} == same, path.name


@pytest.mark.corpus
def test_the_samples_are_counted_by_type_and_nothing_is_dropped():
    found = gift.read_gift((corpus() / "gift" / "examples.gift.txt").read_text(encoding="utf-8")).raws
    kinds = [raw.said["type"] for raw in found]
    assert (len(found), kinds.count("fill"), kinds.count("numeric")) == (43, 9, 8)
    assert (kinds.count("single") + kinds.count("multiple"), kinds.count("truefalse"), kinds.count("matching")) == (
        18,
        5,
        3,
    )
    for path in (corpus() / "moodlexml").glob("*.xml"):
        text = path.read_text(encoding="utf-8")
        raws = read(path.name, path.read_bytes()).raws
        assert len(raws) == text.count("<question type=") - text.count('<question type="category"'), path.name
        refused = [raw for raw in raws if raw.problems]
        assert all("cannot be brought in" in str(raw.problems[0]) for raw in refused)
        assert len(refused) == text.count('<question type="cloze"')


def corpus():
    return Path(os.environ["DECORUM_SHARED"]) / "exchange"
