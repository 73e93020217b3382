import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.formats.decoding import ENCODINGS, MAX_BYTES, SENTENCES, Refused, decode
from standards.formats.text import REASONS, parse, read

SAMPLE = """\
# 导医台服务标准 | Front desk standard

> 二〇二六年版

## 见面用语 | Greeting · 导医 guide
- [FD-LANG-002]【重要】三步之内先开口问好。 | Greet first, within three steps.
- [FD-PROH-004] (red line) 不得让老人去后面排队。 | Never send an old person to the back.
* **主动**微笑

## 时限

| 事项 | 时限 |
|---|---|
| 接电话 | 三声铃响内 |
| 2 | 回电话 | 5 分钟内 |

```
内部流程
```

---
"""


def texts(source):
    return [clause["text"] for clause in parse(source).clauses]


def numbers(source):
    return [clause["number"] for clause in parse(source).clauses]


def headings(source):
    return [(heading["level"], heading["text"]) for heading in parse(source).headings]


def accounted(parsed):
    """Every line number the three lists hold, sorted, doubles kept."""
    clauses = [at for clause in parsed.clauses for at in range(clause["lines"][0], clause["lines"][1] + 1)]
    return sorted(clauses + [each["line"] for each in [*parsed.headings, *parsed.skipped]])


def filled(source):
    return [at for at, line in enumerate(source.splitlines(), 1) if line.strip()]


def refusal(data):
    with pytest.raises(Refused) as caught:
        read(data)
    return caught.value


# It works


def test_a_document_is_read_into_clauses():
    parsed = parse(SAMPLE)
    assert parsed.title == {"zh": "导医台服务标准", "en": "Front desk standard"}
    assert parsed.lines == 15
    assert parsed.clauses[0] == {
        "line": 6,
        "lines": [6, 6],
        "number": "",
        "key": "FD-LANG-002",
        "heading": ["见面用语 | Greeting · 导医 guide"],
        "weight": "important",
        "text": {"zh": "三步之内先开口问好。", "en": "Greet first, within three steps."},
    }


def test_keys_weights_and_texts_of_the_sample():
    assert [(c["key"], c["weight"], c["number"], c["text"]) for c in parse(SAMPLE).clauses[1:]] == [
        (
            "FD-PROH-004",
            "red_line",
            "",
            {"zh": "不得让老人去后面排队。", "en": "Never send an old person to the back."},
        ),
        ("", "", "", {"zh": "主动微笑"}),
        ("", "", "", {"zh": "接电话；三声铃响内"}),
        ("", "", "2", {"zh": "回电话；5 分钟内"}),
    ]


def test_skipped_lines_keep_their_reasons():
    assert [(each["line"], each["reason"]) for each in parse(SAMPLE).skipped] == [
        (3, "quote"),
        (12, "table header"),
        (13, "table rule"),
        (17, "fence"),
        (18, "fenced code"),
        (19, "fence"),
        (21, "horizontal rule"),
    ]


def test_the_title_is_a_heading_but_not_in_the_paths():
    assert headings("# 甲\n## 乙\n丙") == [(1, "甲"), (2, "乙")]
    assert parse("# 甲\n## 乙\n丙").clauses[0]["heading"] == ["乙"]


def test_a_second_top_heading_is_no_title():
    parsed = parse("# 甲\n一句话\n# 乙\n又一句")
    assert parsed.title == {"zh": "甲"}
    assert [clause["heading"] for clause in parsed.clauses] == [[], ["乙"]]


# Every line is accounted for


@given(st.text())
def test_every_line_of_any_text_is_in_one_list(source):
    assert accounted(parse(source)) == filled(source)


MARKS = [
    "# ",
    "## ",
    "> ",
    "- ",
    "* ",
    "```",
    "~~~",
    "|",
    "---",
    "a",
    "：",
    "。",
    "一、",
    "（一）",
    "1. ",
    "1.2 ",
    "（3）",
    "①",
]
MARKS += [
    "  ",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\u2028",
    "\f",
    "第三章 ",
    "第五条",
    "[FD-LANG-002]",
    "【重要】",
    " | ",
    "**",
    "_",
    "微笑",
    "\\|",
    "\t",
]


@given(st.lists(st.sampled_from(MARKS), max_size=60).map("".join))
def test_every_line_of_any_markup_is_in_one_list(source):
    parsed = parse(source)
    assert accounted(parsed) == filled(source)
    assert parsed.lines == len(filled(source))
    assert {each["reason"] for each in parsed.skipped} <= set(REASONS)


@given(st.lists(st.sampled_from(MARKS), max_size=60).map("".join))
def test_every_clause_has_words(source):
    for clause in parse(source).clauses:
        assert set(clause["text"]) <= {"zh", "en"}
        assert any(map(str.isalpha, "".join(clause["text"].values())))


# Headings


def test_chapters_and_chinese_numbers_make_a_tree():
    first = "服务规范\n第一章 仪容\n一、着装\n（一）上衣\n1. 干净。\n2. 平整。\n"
    source = first + "二、头发\n男不留长发。\n第二章 用语\n请字当先。"
    assert headings(source) == [
        (1, "服务规范"),
        (2, "第一章 仪容"),
        (3, "一、着装"),
        (4, "（一）上衣"),
        (3, "二、头发"),
        (2, "第二章 用语"),
    ]
    assert [clause["heading"] for clause in parse(source).clauses] == [
        ["第一章 仪容", "一、着装", "（一）上衣"],
        ["第一章 仪容", "一、着装", "（一）上衣"],
        ["第一章 仪容", "二、头发"],
        ["第二章 用语"],
    ]


def test_a_plain_list_of_chinese_numbers_holds_clauses():
    assert headings("一、微笑\n二、问好\n三、送别\n以上请遵照执行") == []
    assert numbers("一、微笑\n二、问好\n三、送别") == ["一", "二", "三"]


def test_a_numbered_line_that_introduces_bullets_is_a_heading():
    parsed = parse("（1）礼仪：微笑。\n（2）举止：\n- 坐正\n（3）语言：说请。")
    assert [heading["text"] for heading in parsed.headings] == ["（2）举止"]
    assert [clause["heading"] for clause in parsed.clauses] == [[], ["（2）举止"], []]


def test_an_introduction_holds_only_its_list():
    parsed = parse("见面时：\n- 问好\n- 微笑\n工作时间不串岗。")
    assert [clause["heading"] for clause in parsed.clauses] == [["见面时"], ["见面时"], []]


def test_an_article_is_a_clause_with_its_number():
    parsed = parse("第三章 总则\n第五条 员工应当微笑。")
    assert parsed.clauses[0]["number"] == "第五条"
    assert parsed.clauses[0]["text"] == {"zh": "员工应当微笑。"}


def test_a_sentence_that_begins_like_a_chapter_stays_whole():
    sentence = "第一节课程结束以后，请学员把杯子带走。"
    assert texts(sentence) == texts("- " + sentence) == [{"zh": sentence}]


def test_closing_hashes_go_and_others_stay():
    assert headings("## 用语 ##\n# Use C\u266f") == [(2, "用语"), (1, "Use C\u266f")]


# Lists


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("1. 微笑", "1"),
        ("1、微笑", "1"),
        ("1) 微笑", "1)"),
        ("1）微笑", "1）"),
        ("（1）微笑", "（1）"),
        ("(12)微笑", "(12)"),
        ("① 微笑", "①"),
        ("一、微笑", "一"),
        ("（十二）微笑", "（十二）"),
        ("1.2.3 微笑", "1.2.3"),
        ("3.2微笑", "3.2"),
        ("- 4、微笑", "4"),
        ("第一，微笑", "第一"),
        ("- 微笑", ""),
        ("* 微笑", ""),
        ("• 微笑", ""),
        ("·微笑", ""),
        ("●微笑", ""),
        ("- [x] 微笑", ""),
        ("**1. 微笑**", "1"),
    ],
)
def test_a_marker_is_taken_off(line, number):
    clause = parse(line).clauses[0]
    assert (clause["number"], clause["text"]) == (number, {"zh": "微笑"})


@pytest.mark.parametrize(
    "line", ["2.5小时内回复", "3.5% 以内为合格", "2026年开始执行", "-5 度以下停工", "3*5*2 人一组"]
)
def test_a_figure_is_no_marker(line):
    assert texts(line) == [{"zh": line}]


def test_indented_lines_below_an_item_belong_to_it():
    clause = parse("- 先问好，\n  再问号。\n\n  另一句。").clauses[0]
    assert (clause["lines"], clause["text"]) == ([1, 2], {"zh": "先问好，再问号。"})


def test_indented_english_lines_are_joined_by_a_space():
    assert texts("- Greet first,\n  then ask.") == [{"en": "Greet first, then ask."}]


def test_a_plain_paragraph_is_a_clause_a_line():
    assert texts("先问好。\n再问号。") == [{"zh": "先问好。"}, {"zh": "再问号。"}]


# Tables, fences, rules


def test_a_table_without_header_is_all_clauses():
    assert texts("| Answer | three rings |\n| Call back | 5 minutes |") == [
        {"en": "Answer; three rings"},
        {"en": "Call back; 5 minutes"},
    ]


def test_a_table_needs_no_outer_bars():
    parsed = parse("Deed | Limit\n--- | ---\nAnswer | three rings\n\nSmile | always")
    assert [clause["text"] for clause in parsed.clauses] == [{"en": "Answer; three rings"}, {"en": "Smile | always"}]


def test_a_row_may_print_key_weight_and_both_languages():
    clause = parse("| [FD-TIME-001]【红线】 | 三声铃响内接听 | Answer within three rings |").clauses[0]
    assert (clause["key"], clause["weight"]) == ("FD-TIME-001", "red_line")
    assert clause["text"] == {"zh": "三声铃响内接听", "en": "Answer within three rings"}


def test_an_escaped_bar_is_a_bar():
    assert texts("| 按 A\\|B 键 | 等待 |") == [{"zh": "按 A|B 键；等待"}]


def test_an_open_fence_runs_to_the_end():
    assert [each["reason"] for each in parse("~~~\n微笑\n```\n").skipped] == ["fence", "fenced code", "fenced code"]


def test_a_hash_in_a_fence_is_no_title():
    parsed = parse("```\n# not it\n```\n# 真的\n微笑")
    assert parsed.title == {"zh": "真的"}


@pytest.mark.parametrize("line", ["。。。", "——", "#", "1.", "[FD-LANG-002]", "- ", "2026-06-02", "\u200b"])
def test_a_line_without_words_is_skipped(line):
    assert [each["reason"] for each in parse(line).skipped] == ["no words"]


# Words


def test_full_width_punctuation_is_kept():
    assert texts("- 请稍候，“您好”！（１０秒）") == [{"zh": "请稍候，“您好”！（１０秒）"}]


def test_a_key_inside_a_sentence_is_a_reference():
    clause = parse("见 [FD-LANG-002] 的说明").clauses[0]
    assert (clause["key"], clause["text"]) == ("", {"zh": "见 [FD-LANG-002] 的说明"})


def test_a_bar_without_a_key_is_text():
    assert texts("- 微笑 | smile") == [{"zh": "微笑 | smile"}]


def test_an_english_weight_counts_only_after_a_key():
    assert parse("- [FD-LANG-001] (Important) Greet.").clauses[0]["weight"] == "important"
    assert parse("- Greet (important).").clauses[0]["weight"] == ""


def test_a_keyed_line_in_english_only_is_english():
    assert texts("- [FD-LANG-001] | Greet.") == [{"en": "Greet."}]
    assert texts("- [FD-LANG-001] Greet.") == [{"en": "Greet."}]


@pytest.mark.parametrize("line", ["**微笑**服务", "__微笑__服务", "*微笑*服务", "~~微笑~~服务", "`微笑`服务"])
def test_emphasis_is_taken_off(line):
    assert texts(line) == [{"zh": "微笑服务"}]


def test_blanks_to_fill_in_are_kept():
    assert texts("姓名____电话____") == [{"zh": "姓名____电话____"}]


# Bytes


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_both_encodings_read_alike(encoding):
    parsed, found = read(SAMPLE.encode(encoding))
    assert (found, parsed) == (encoding, parse(SAMPLE))


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\u2028", "\f"])
def test_every_line_end_ends_a_line(newline):
    assert parse(SAMPLE.replace("\n", newline)) == parse(SAMPLE)


def test_a_byte_order_mark_is_no_text():
    assert decode(b"\xef\xbb\xbf# \xe7\x94\xb2") == ("# 甲", "utf-8")
    assert decode("\ufeff# 甲，乙".encode("gb18030")) == ("# 甲，乙", "gb18030")


def test_traditional_chinese_in_gb18030_is_read():
    source = "請微笑服務，為顧客開門，並說「歡迎光臨」。電話鈴響三聲內接聽。"
    assert decode(source.encode("gb18030")) == (source, "gb18030")


def test_english_with_curly_quotes_in_gb18030_is_read():
    source = "Don’t say “no” at the VIP室 desk, say “let me see”."
    assert decode(source.encode("gb18030")) == (source, "gb18030")


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", "\ufeff\u3000\n".encode()])
def test_an_empty_file_is_refused(data):
    assert refusal(data).code == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 docx",
        b"%PDF-1.7 text",
        b"{\\rtf1 text}",
        b"\x89PNG\r\n",
        "微笑\0服务".encode(),
        b"abc\x01\x02\x03",
        random.Random(1).randbytes(5000),
    ],
)
def test_a_binary_file_is_refused(data):
    assert refusal(data).code == "binary"


FRENCH = "Accueillez le client dès son arrivée. Il est préféré de répondre à la troisième sonnerie."
GERMAN = "Grüßen Sie zuerst. Für Rückfragen höflich zurückrufen."
JAPANESE = "お客様には笑顔で挨拶をしてください。電話は三回以内に出ること。"


@pytest.mark.parametrize(
    "data",
    [
        FRENCH.encode("latin-1"),
        GERMAN.encode("latin-1"),
        "Don’t make the guest wait, that’s rude.".encode("cp1252"),
        JAPANESE.encode("shift-jis"),
        JAPANESE.encode("euc-jp"),
        JAPANESE.encode("iso2022_jp"),
        bytes(random.Random(2).choices(range(0x81, 0xFF), k=400)),
        "微笑服务".encode()[:-1],
    ],
)
def test_another_encoding_is_refused(data):
    assert refusal(data).code == "encoding"


@pytest.mark.parametrize(
    ("codec", "name"),
    [("big5", "big5"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16"), ("utf-16-be", "utf-16"), ("utf-8-sig", "utf-8")],
)
def test_the_other_encodings_of_chinese_offices_are_read(codec, name):
    text = "# 服務規範\r\n1. 請微笑服務，為顧客開門，並說歡迎光臨。\r\n2. Greet first.\r\n"
    assert decode(text.encode(codec)) == (text, name)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    try:
        text, encoding = decode(data)
    except Refused as refused:
        assert refused.code in SENTENCES
    else:
        assert encoding in ENCODINGS and text.strip()


@given(st.text(alphabet="微笑服务，请您稍候。的是不了在人有我他这，\n", min_size=1).filter(str.strip))
def test_plain_chinese_is_never_refused(text):
    assert decode(text.encode("gb18030"))[0] == text or decode(text.encode("gb18030"))[1] == "utf-8"
    assert decode(text.encode()) == (text, "utf-8")


def test_a_large_file_is_refused_with_both_sizes():
    refused = refusal(b"a" * (MAX_BYTES + 1))
    assert (refused.code, refused.params) == ("too_large", {"size": 10_000_001, "limit": 10_000_000})


def test_a_file_without_clauses_is_refused_in_a_sentence():
    refused = refusal("# 只有标题\n> 引文\n".encode())
    assert refused.code == "no_clauses"
    assert str(refused) == (
        "No clause was found, all 2 lines are headings or were skipped: put each rule on a line of its own."
    )


# Speed


INLINE = [
    "微笑",
    "*a",
    "**a ",
    "_a",
    "__a",
    "`a",
    "~~a",
    "[",
    "|",
    " |",
    "1.",
    "（",
    "- ",
    " ",
    "【重要",
    "#",
    "A-",
    "\t。",
]
BLOCKS = ["a\n", "- a\n  b\n", "一、a\n", "```\n", "#a\n", "a：\n- b\n", "|a\n"]


@pytest.mark.slow
@pytest.mark.parametrize("unit", INLINE)
def test_a_line_of_a_megabyte_is_read_at_once(unit):
    source = "- [FD-LANG-001] " + unit * (1_000_000 // len(unit))
    started = time.process_time()
    parsed = parse(source)
    assert time.process_time() - started < 5
    assert accounted(parsed) == [1]


@pytest.mark.slow
@pytest.mark.parametrize("unit", BLOCKS)
def test_a_hundred_thousand_characters_of_short_lines_are_read_at_once(unit):
    source = unit * (100_000 // len(unit))
    started = time.process_time()
    parsed = parse(source)
    assert time.process_time() - started < 5
    assert accounted(parsed) == filled(source)
