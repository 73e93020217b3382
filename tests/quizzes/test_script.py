import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.script import ScriptProblems, cited_lines, parse, write

quick = settings(max_examples=50, deadline=None)

SCRIPT = """\
# 插队的老人 | The old man who jumped the queue
slug: queue-jumper
standard: hospital-front-desk
role: guide
pass: 70
customer: 周大爷 | Mr Zhou
about: 七十六岁，独自来院 | Seventy-six, on his own
weights: functional 40 emotional 40 value 20

== start   mood -1  wait 12
narrator: 候诊区坐满了人。 | The waiting area is full.
customer: 先给我办！ | Do me first!
-> 您别急，我看一下您的号。 | Let me look at your number.  [f+2 e+2 v+1 mood+1 wait+1 FD-LANG-002] => thanks
   why: 先接住情绪，再问号。 | He was heard first, then asked.
-> 后面排队去！ | Back of the queue!  [e-2 mood-2 RED FD-PROH-004 FD-LANG-002] => shout
   why: 伤人的话。 | Words that hurt.

== shout  END
debrief: 他走了。 | He left.

== thanks  END
customer: 谢谢你，姑娘。 | Thank you, dear.
debrief: 他要的是有人管他。 | He needed somebody to care.
"""

BODY = {
    "standard": "hospital-front-desk",
    "role": "guide",
    "pass": 70,
    "customer": {"zh": "周大爷", "en": "Mr Zhou"},
    "about": {"zh": "七十六岁，独自来院", "en": "Seventy-six, on his own"},
    "weights": {"functional": 40, "emotional": 40, "value": 20},
    "start": "start",
    "mood": -1,
    "wait": 12,
    "scenes": [
        {
            "key": "start",
            "end": False,
            "lines": [
                {
                    "who": "narrator",
                    "text": {"zh": "候诊区坐满了人。", "en": "The waiting area is full."},
                },
                {"who": "customer", "text": {"zh": "先给我办！", "en": "Do me first!"}},
            ],
            "choices": [
                {
                    "text": {"zh": "您别急，我看一下您的号。", "en": "Let me look at your number."},
                    "points": {"functional": 2, "emotional": 2, "value": 1},
                    "mood": 1,
                    "wait": 1,
                    "red": False,
                    "cites": ["FD-LANG-002"],
                    "why": {"zh": "先接住情绪，再问号。", "en": "He was heard first, then asked."},
                    "next": "thanks",
                },
                {
                    "text": {"zh": "后面排队去！", "en": "Back of the queue!"},
                    "points": {"functional": 0, "emotional": -2, "value": 0},
                    "mood": -2,
                    "wait": 0,
                    "red": True,
                    "cites": ["FD-PROH-004", "FD-LANG-002"],
                    "why": {"zh": "伤人的话。", "en": "Words that hurt."},
                    "next": "shout",
                },
            ],
            "debrief": None,
        },
        {
            "key": "shout",
            "end": True,
            "lines": [],
            "choices": [],
            "debrief": {"zh": "他走了。", "en": "He left."},
        },
        {
            "key": "thanks",
            "end": True,
            "lines": [{"who": "customer", "text": {"zh": "谢谢你，姑娘。", "en": "Thank you, dear."}}],
            "choices": [],
            "debrief": {"zh": "他要的是有人管他。", "en": "He needed somebody to care."},
        },
    ],
}
TITLE = {"zh": "插队的老人", "en": "The old man who jumped the queue"}
FIRST, SECOND = 13, 15  # lines of the two choices


def problems(text):
    with pytest.raises(ScriptProblems) as refused:
        parse(text)
    return refused.value.problems


def changed(old, new):
    assert SCRIPT.count(old) == 1
    return SCRIPT.replace(old, new)


def test_parse_works():
    assert parse(SCRIPT) == ("queue-jumper", TITLE, BODY)


def test_write_gives_the_canonical_script():
    assert write("queue-jumper", TITLE, BODY) == SCRIPT


def test_parse_bears_comments_windows_lines_and_full_width_signs():
    loose = "\ufeff// draft\n" + SCRIPT.replace("customer: 先给我办！ |", "  customer：先给我办！｜")
    assert parse(loose.replace("e-2", "e−2").replace("\n", "\r\n")) == parse(SCRIPT)


def test_parse_takes_brackets_and_arrows_inside_words():
    text = changed("Back of the queue!", "Back [there] => now!")
    choice = parse(text)[2]["scenes"][0]["choices"][1]
    assert (choice["text"]["en"], choice["next"]) == ("Back [there] => now!", "shout")


def test_parse_starts_calm_without_waiting_when_nothing_is_said():
    body = parse(changed("   mood -1  wait 12", ""))[2]
    assert (body["mood"], body["wait"]) == (0, 0)


def test_cited_lines_gives_the_first_line_of_each_clause():
    assert cited_lines(SCRIPT) == {"FD-LANG-002": FIRST, "FD-PROH-004": SECOND}


def test_cited_lines_reads_a_script_with_mistakes():
    assert cited_lines("-> x\n== a\n-> x | y [zz FD-LANG-001]") == {"FD-LANG-001": 3}


LOOP = "=> back\n   why: 伤人的话。 | Words that hurt.\n\n== back\n"
LOOP += "-> 甲 | A  [FD-LANG-001] => start\n   why: 一 | One\n-> 乙 | B  [FD-LANG-001] => shout\n   why: 二 | Two"


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("role: guide", "rôle: guide", 4, "“rôle” is not a header of a scenario."),
        ("role: guide\n", "role: guide\nrole: guide\n", 5, "The header role is given twice."),
        ("role: guide\n", "", 1, "The header role is missing."),
        (
            "# 插队的老人 | The old man who jumped the queue\n",
            "",
            1,
            "The header title (# Chinese | English) is missing.",
        ),
        (
            "queue-jumper",
            "Queue Jumper",
            2,
            "slug is written in lower-case letters, digits and hyphens.",
        ),
        ("pass: 70", "pass: 170", 5, "The pass mark is a whole number from 0 to 100, not “170”."),
        ("周大爷 | Mr Zhou", "周大爷", 6, "The English is missing; write Chinese | English."),
        ("周大爷 | Mr Zhou", "Mr Zhou", 6, "The Chinese is missing; write Chinese | English."),
        ("周大爷 | Mr Zhou", "周大爷 | ", 6, "The English is missing; write Chinese | English."),
        (
            "Mr Zhou",
            "Mr | Zhou",
            6,
            "Only one “|” may stand in a line, between Chinese and English.",
        ),
        ("value 20", "value 30", 8, "The weights sum to 110, not to 100."),
        ("value 20", "value", 8, "Write the weights as: functional 40 emotional 40 value 20."),
        ("value 20", "worth 20", 8, "Write the weights as: functional 40 emotional 40 value 20."),
        ("mood -1", "mood -4", 10, "The starting mood is a whole number from -3 to 3, not “-4”."),
        ("wait 12", "weight 12", 10, "“weight” is unknown here: mood, wait and END may stand."),
        (
            "thanks  END",
            "thanks  END mood 1",
            21,
            "Only the first scene sets mood; use mood±N in a choice.",
        ),
        ("wait 12", "wait 12 END", 10, "The first scene cannot be an ending."),
        (
            "== thanks",
            "== Thanks",
            21,
            "A scene's key is written in lower-case letters, digits and hyphens.",
        ),
        (
            "narrator:",
            "doctor:",
            11,
            "“doctor” opens no line of a scene; use customer:, colleague:, narrator:, me:, ->, why: or debrief:.",
        ),
        ("=> thanks", "=> thank", FIRST, "There is no scene “thank”."),
        ("=> thanks", "=> thank", 21, "No choice leads from the start to the scene “thanks”."),
        (" => thanks", "", FIRST, "A choice leads on: end it with => and the key of a scene."),
        (
            "=> shout\n   why: 伤人的话。 | Words that hurt.",
            LOOP,
            19,
            "This choice makes a loop: “start” comes before it.",
        ),
        ("=> shout", "=> start", SECOND, "This choice makes a loop: “start” comes before it."),
        (
            " v+1 mood+1 wait+1 FD-LANG-002",
            "",
            FIRST,
            "A choice names at least one clause, such as [FD-LANG-002].",
        ),
        (
            "   why: 伤人的话。 | Words that hurt.\n",
            "",
            SECOND,
            "This choice has no why: line below it.",
        ),
        (
            "f+2 ",
            "g+2 ",
            FIRST,
            "“g+2” is no effect: use f±N, e±N, v±N, mood±N, wait±N, RED or a clause.",
        ),
        (
            "f+2 ",
            "f2 ",
            FIRST,
            "“f2” is no effect: use f±N, e±N, v±N, mood±N, wait±N, RED or a clause.",
        ),
        ("f+2 ", "f+2 f+3 ", FIRST, "The effect f is given twice in one choice."),
        ("debrief: 他走了。 | He left.\n", "", 18, "The ending “shout” has no debrief: line."),
        ("== thanks", "== shout", 21, "There is already a scene “shout”."),
        ("== shout  END\n", "== shout\n", 18, "A scene has 2 to 5 choices; “shout” has 0."),
        (
            "== shout  END\n",
            "== shout\n",
            19,
            "Only an ending (a scene marked END) has a debrief: line.",
        ),
        (
            "debrief: 他走了。",
            "-> 甲 | A  [FD-A-1] => thanks\ndebrief: 他走了。",
            18,
            "“shout” is an ending, so it has no choices.",
        ),
        (
            "   why: 伤人的话。",
            "me: 唉 | Oh\n   why: 伤人的话。",
            16,
            "What is said in a scene stands above its choices.",
        ),
        (
            "debrief: 他走了。",
            "why: 一 | One\ndebrief: 他走了。",
            19,
            "A why: line stands below a choice.",
        ),
    ],
)
def test_parse_names_the_line_and_the_mistake(old, new, line, sentence):
    assert (line, sentence) in problems(changed(old, new))


def test_parse_allows_two_to_five_choices():
    choice = "".join(SCRIPT.splitlines(keepends=True)[SECOND - 1 : SECOND + 1])
    assert len(parse(changed(choice, choice * 4))[2]["scenes"][0]["choices"]) == 5
    assert problems(changed(choice, "")) == [
        (10, "A scene has 2 to 5 choices; “start” has 1."),
        (16, "No choice leads from the start to the scene “shout”."),
    ]
    assert problems(changed(choice, choice * 5)) == [(10, "A scene has 2 to 5 choices; “start” has 6.")]


def test_parse_gives_every_problem_in_the_order_of_lines():
    text = changed("value 20", "value 19").replace("pass: 70", "pass: no").replace("[f+2", "[x")
    assert [line for line, _ in problems(text)] == [5, 8, FIRST]


def test_problems_read_as_lines():
    with pytest.raises(ScriptProblems, match=r"^Line 8: The weights sum to 99, not to 100\.$"):
        parse(changed("value 20", "value 19"))


def test_parse_of_nothing_asks_for_headers_and_a_scene():
    assert len(problems("")) == 9


def test_parse_of_a_long_chain_needs_no_deep_stack():
    link = "== s{0}\n-> 甲 | A [FD-A-1] => s{1}\nwhy: 一 | One\n-> 乙 | B [FD-A-1] => s{1}\nwhy: 一 | One\n"
    chain = "".join(link.format(n, n + 1) for n in range(1200))
    head = SCRIPT.partition("== start")[0]
    assert len(parse(f"{head}{chain}== s1200 END\ndebrief: 完 | Done")[2]["scenes"]) == 1201


def test_write_refuses_words_that_a_script_cannot_hold():
    for zh in ("左|右", "上\n下"):
        with pytest.raises(ValueError, match=r"."):
            write("queue-jumper", {"zh": zh, "en": "x"}, BODY)


words = st.text(st.sampled_from("好老人ab =>[]/:#-+\u3000\u2028"), min_size=1, max_size=8)
texts = st.fixed_dictionaries({"zh": words.map(str.strip).filter(bool), "en": words.map(str.strip).filter(bool)})
small = st.integers(-3, 3)


@st.composite
def choices(draw, following):
    return {
        "text": draw(texts),
        "points": {name: draw(small) for name in ("functional", "emotional", "value")},
        "mood": draw(small),
        "wait": draw(small),
        "red": draw(st.booleans()),
        "cites": draw(st.lists(st.sampled_from(["FD-A-1", "FD-B-22", "CAR-0-X"]), min_size=1, unique=True)),
        "why": draw(texts),
        "next": following,
    }


@st.composite
def bodies(draw):
    lines = st.lists(
        st.fixed_dictionaries({"who": st.sampled_from(["me", "customer"]), "text": texts}),
        max_size=2,
    )
    scenes = []
    for key, following in (("a", ["b", "c"]), ("b", ["c", "c", "c"]), ("c", [])):
        scene = {"key": key, "end": not following, "lines": draw(lines)}
        scene["choices"] = [draw(choices(each)) for each in following]
        scenes.append(scene | {"debrief": None if following else draw(texts)})
    functional = draw(st.integers(0, 100))
    body = {
        "standard": "s",
        "role": "guide",
        "pass": draw(st.integers(0, 100)),
        "customer": draw(texts),
    }
    body |= {
        "about": draw(texts),
        "weights": {"functional": functional, "emotional": 100 - functional, "value": 0},
    }
    return body | {
        "start": "a",
        "mood": draw(small),
        "wait": draw(st.integers(0, 99)),
        "scenes": scenes,
    }


@quick
@given(texts, bodies())
def test_parse_reads_back_what_write_wrote(title, body):
    script = write("x-1", title, body)
    assert parse(script) == ("x-1", title, body)
    assert write(*parse(script)) == script
    assert json.loads(json.dumps(body)) == body


@quick
@given(st.text(st.sampled_from("=->:|[] \n#aEND好+1FD-"), max_size=80))
def test_parse_of_anything_gives_problems_and_no_crash(text):
    assert all(line >= 1 and said.endswith(".") for line, said in problems(text))
    cited_lines(SCRIPT + text)
    try:
        parse(SCRIPT + text)
    except ScriptProblems as refused:
        assert refused.problems == sorted(refused.problems, key=lambda problem: problem[0])
