"""The examples and the notes of the template. Pure."""

NOTES = {
    "slug": (
        "# 可留空；与题库中的短名相同即为修改该题",
        "# May stay empty; the slug of an item of the bank changes that item",
    ),
    "type": ("可留空，由答案判断", "May stay empty: the answer tells"),
    "stem": ("必填", "Needed"),
    "optionA": ("选项 A 至 H；判断题可留空", "Options A to H; may stay empty for true or false"),
    "answer": (
        "单选 B；多选 AC；判断 √ 或 ×；排序 BADC；配对 A2, B1；数值 15±0.5；填空每空一行，同义用 | 分开",
        "B; AC; √ or ×; order BADC; pairs A2, B1; number 15±0.5; fill in: a line a blank, variants parted by |",
    ),
    "feedback": ("留空则引用条文", "Left empty, the clause is quoted"),
    "clause": ("必填：现行条款的编码", "Needed: the key of a clause in force"),
    "rubric": ("每行一条：要点 =分值", "A line a criterion: words =points"),
    "choices": ("每行一个", "A line each"),
}


def notes(language):
    return {field: words[0 if language == "zh" else 1] for field, words in NOTES.items()}


def examples(keys):
    """[(slug, title, body)]: one item of each type, on the first clauses in force; none where none is."""
    return (
        [(slug, {"zh": "", "en": ""}, _body(keys[at % len(keys)], body)) for at, (slug, body) in enumerate(ITEMS)]
        if keys
        else []
    )


def _body(key, body):
    return {
        "cites": [key],
        "standard": "",
        "difficulty": "medium",
        "points": 1,
        "feedback": _text("按条款办。", "As the clause says."),
    } | body


def _text(zh, en):
    return {"zh": zh, "en": en}


def _options(*texts):
    return [{"key": key, "text": _text(*text)} for key, text in zip("abcdefgh", texts, strict=False)]


GREET = (("先问好", "Greet first"), ("等对方开口", "Wait to be asked"), ("继续看屏幕", "Go on reading the screen"))
STEPS = (("起身", "Stand up"), ("问好", "Greet"), ("问需要什么", "Ask what is needed"))
ITEMS = [
    (
        "example-single",
        {
            "type": "single",
            "stem": _text(
                "【示例】有人走到台前，先做什么？", "(Example) Somebody comes to the desk. What comes first?"
            ),
            "options": _options(*GREET),
            "right": ["a"],
            "points": 2,
        },
    ),
    (
        "example-multiple",
        {
            "type": "multiple",
            "stem": _text("【示例】哪些做法得体？", "(Example) Which of these are courteous?"),
            "options": _options(("起身", "Stand up"), ("微笑", "Smile"), ("背对来客", "Turn away")),
            "right": ["a", "b"],
            "credit": {"rule": "hits_minus_false"},
        },
    ),
    (
        "example-truefalse",
        {
            "type": "truefalse",
            "stem": _text("【示例】来客先开口，我们再开口。", "(Example) The visitor speaks first, then we do."),
            "options": [{"key": "true", "text": _text("对", "True")}, {"key": "false", "text": _text("错", "False")}],
            "right": ["false"],
        },
    ),
    (
        "example-ordering",
        {
            "type": "ordering",
            "stem": _text("【示例】接待的次序是？", "(Example) In what order is a visitor received?"),
            "options": _options(STEPS[1], STEPS[0], STEPS[2]),
            "right": ["b", "a", "c"],
        },
    ),
    (
        "example-matching",
        {
            "type": "matching",
            "stem": _text("【示例】场合与用语配对。", "(Example) Match the occasion and the words."),
            "options": _options(("迎接", "Greeting"), ("道别", "Parting")),
            "choices": [
                {"key": "p", "text": _text("您慢走", "Take care")},
                {"key": "q", "text": _text("您好", "Good morning")},
            ],
            "pairs": {"a": "q", "b": "p"},
        },
    ),
    (
        "example-numeric",
        {
            "type": "numeric",
            "stem": _text("【示例】等候多少分钟须致歉？", "(Example) After how many minutes do we apologise?"),
            "answers": [{"value": "15", "tolerance": "0.5", "percent": 100}],
            "unit": {"text": _text("分钟", "minutes")},
        },
    ),
    (
        "example-fill",
        {
            "type": "fill",
            "stem": _text("【示例】来有____，去有____。", "(Example) A word of ____ and a word of ____."),
            "blanks": [
                {"key": "b1", "accepted": [{"text": "迎声", "percent": 100}, {"text": "welcome", "percent": 100}]},
                {"key": "b2", "accepted": [{"text": "送声", "percent": 100}, {"text": "parting", "percent": 100}]},
            ],
            "ignore": ["width", "punctuation", "space", "case"],
        },
    ),
    (
        "example-short",
        {
            "type": "short",
            "stem": _text(
                "【示例】投诉人情绪激动，你怎么说？", "(Example) Somebody complains, and is angry. What do you say?"
            ),
            "rubric": [
                {"key": "c1", "text": _text("先接住情绪", "The feeling is heard first"), "points": 2},
                {"key": "c2", "text": _text("说明下一步", "The next step is named"), "points": 1},
            ],
            "sample": _text("我明白您着急。", "I see that this is urgent for you."),
            "points": 3,
        },
    ),
    (
        "example-rank",
        {
            "type": "rank",
            "stem": _text("【示例】从最好到最差排列这些做法。", "(Example) Rank these from the best to the worst."),
            "options": _options(*GREET),
            "right": ["a", "b", "c"],
        },
    ),
    (
        "example-bestworst",
        {
            "type": "bestworst",
            "stem": _text("【示例】选出最好与最差的做法。", "(Example) Choose the best and the worst."),
            "options": _options(*GREET),
            "best": "a",
            "worst": "c",
        },
    ),
    (
        "example-upload",
        {
            "type": "upload",
            "stem": _text("【示例】录下你的问候语。", "(Example) Record your greeting."),
            "rubric": [{"key": "c1", "text": _text("声音清楚", "The voice is clear"), "points": 1}],
            "accepts": ["audio"],
        },
    ),
]
