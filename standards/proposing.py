"""Proposes a clause's kind, weight, job roles and threshold from its words. The editor decides."""

import re

# Kind -> the segment that stands for it in a key.
KINDS = {
    "appearance": "APPE",
    "manner": "MANN",
    "language": "LANG",
    "attitude": "ATTI",
    "procedure": "PROC",
    "time_limit": "TIME",
    "duty": "DUTY",
    "prohibition": "PROH",
    "metric": "METR",
    "rule": "RULE",
}
SEGMENTS = {segment: kind for kind, segment in KINDS.items()} | {"BANN": "prohibition"}


def propose(clause, roles):
    """{"kind", "weight", "roles", "threshold"} for a clause as standards.formats.text gives it.

    kind       a key of KINDS, as a column of the document gives it, else from the printed key, else the headings
               (innermost first), else the wording
    weight     general, important or red_line; a printed weight wins
    roles      slugs of `roles` ([{"slug", "zh", "en"}]) named by the innermost heading that names any; [] is everyone
    threshold  {"op", "number", "unit", "per"} as strings, or None (see threshold_in)
    """
    words = "\n".join(_halved(text) for text in clause["text"].values() if text)
    threshold = threshold_in(words)
    return {
        "kind": clause.get("kind") or _kind(clause, words, threshold),
        "weight": clause.get("weight") or _weight(words),
        "roles": _roles([*clause.get("heading", []), *clause.get("roles", [])], roles),
        "threshold": threshold,
    }


def guessed(clause, proposal):
    """The fields of a proposal that the wording or a heading suggests, where the document itself prints none."""
    printed = {
        "kind": bool(clause.get("kind") or _kind_of_key(clause.get("key", ""))),
        "weight": bool(clause.get("weight")),
        "roles": bool(clause.get("roles")) or not proposal["roles"],
        "threshold": proposal["threshold"] is None,
    }
    return [name for name, is_printed in printed.items() if not is_printed]


def _halved(text):
    """Full-width ASCII made narrow. Not NFKC, which would glue ① to the figure after it."""
    return text.translate(HALVED)


HALVED = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFF05: "%"}


# Weight. "不得超过 3 天" limits, it does not forbid.

LIMIT = r"(?:超过|多于|高于|大于|晚于|迟于|低于|少于|小于|早于)"
FORBIDS = re.compile(
    rf"不得(?!不|已|{LIMIT})|严禁|禁止|禁用|不准|不许|不允许|切勿|决不|绝不|禁语|忌语"
    r"|\b(?:must|may|shall) not\b(?! (?:exceed|be (?:more|less|later|longer|fewer)))"
    r"|\bnever\b(?! (?:exceed|mind))|\b(?:prohibited|forbidden)\b",
    re.IGNORECASE,
)
DEMANDS = re.compile(
    rf"必须|应当|务必|一律|(?<![无不毋])须|不得不|不得{LIMIT}"
    r"|\b(?:must|shall|never exceed|(?:is|are) required to)\b",
    re.IGNORECASE,
)


def _weight(words):
    if FORBIDS.search(words):
        return "red_line"
    return "important" if DEMANDS.search(words) else "general"


# Kind

HEADINGS = {
    "prohibition": r"禁止|禁忌|忌语|禁语|红线|严禁|不得|\b(?:prohibit|forbid|banned|red lines?\b|never\b)",
    "time_limit": r"时限|期限|限时|时效|\btime limits?\b|\bdeadline",
    "metric": r"指标|目标值|达标|\bmetrics?\b|\bindicators?\b|\btargets?\b",
    "appearance": r"仪容|仪表|着装|形象|服饰|外表|妆容|\bappearance|\bdress|\bgrooming|\buniform",
    "language": r"用语|语言|话术|言谈|称呼|措辞|\blanguage|\bphrases?\b|\bwording|\bspeech\b|\bwords\b",
    "manner": r"举止|仪态|礼仪|礼节|姿势|姿态|\bmanners?\b|\bbearing\b|\bposture|\betiquette|\bconduct\b",
    "attitude": r"态度|心态|\battitude",
    "procedure": r"流程|程序|步骤|\bprocedure|\bprocess\b|\bprocesses\b|\bsteps?\b|\bworkflow",
    "rule": r"考核|奖惩|奖励|处罚|制度|规则|\brules?\b|\bappraisal|\bassessment|\breward",
    "duty": r"职责|责任|岗位|\bdut(?:y|ies)\b|\bresponsibilit",
}
WORDINGS = {
    "language": (
        r"用语|称呼|[说问道][:,]?\s*[“\"「]|[“\"「](?:您好|你好|请)|\bsay\b"
        r"|\bsaying\b|\bgreet|\baddress (?:the|every|each)"
    ),
    "appearance": (
        r"着装|工装|工牌|胸牌|挂牌|发型|长发|化妆|浓妆|饰物|首饰|指甲|衣冠|\bwear"
        r"|\bbadge\b|\buniform|\bjewell?ery|\bmake-?up\b"
    ),
    "manner": (
        r"微笑|站姿|坐姿|点头|鞠躬|手势|起立|目光|举止|\bsmil|\bstand up"
        r"|\bnod\b|\bbow\b|\bposture|\bgesture|\beye contact"
    ),
    "attitude": (
        r"态度|耐心|热情|诚恳|真诚|尊重|\bpatien(?:t|ce)\s*(?:[,.;]|and)"
        r"|\bpatiently|\bsincere|\bwarmly|\brespect"
    ),
    "procedure": r"首先|然后|随后|依次|流程|步骤|→|先.{1,12}[再后]|\bfirst\b.{1,60}\bthen\b|\bsteps?:",
    "rule": r"考核|奖金|处罚|扣\d|评优|\bappraisal|\bbonus|\bdeduct",
    "duty": r"负责|职责|应当|必须|须|做好|保证|确保|及时|协助|\bmust\b|\bshall\b|\bresponsible",
}
HEADINGS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in HEADINGS.items()}
WORDINGS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in WORDINGS.items()}
DURATIONS = {"second", "minute", "hour", "day", "workday", "week", "month", "year", "ring"}


def _kind(clause, words, threshold):
    if kind := _kind_of_key(clause.get("key", "")):
        return kind
    for heading in reversed(clause.get("heading", [])):
        if kind := _first_that_fits(HEADINGS, heading):
            return kind
    return _kind_of_wording(words, threshold)


def _kind_of_key(key):
    return next((SEGMENTS[segment] for segment in reversed(key.split("-")) if segment in SEGMENTS), "")


def _kind_of_wording(words, threshold):
    if FORBIDS.search(words):
        return "prohibition"
    if threshold:
        return "time_limit" if threshold["unit"] in DURATIONS else "metric"
    return _first_that_fits(WORDINGS, words) or "rule"


def _first_that_fits(patterns, text):
    return next((kind for kind, pattern in patterns.items() if pattern.search(text)), "")


# Roles


def _roles(headings, roles):
    for heading in reversed(headings):
        if named := _named(heading.casefold(), roles):
            return named
    return []


def _named(heading, roles):
    """Slugs in the order of `roles`. A longer name is struck out first, so 护士长 does not also name 护士."""
    names = [
        (role[language].casefold(), role["slug"]) for role in roles for language in ("zh", "en") if role.get(language)
    ]
    found = set()
    for name, slug in sorted(names, key=lambda pair: -len(pair[0])):
        heading, count = re.subn(_whole(name), "\0", heading)
        found |= {slug} if count else set()
    return [role["slug"] for role in roles if role["slug"] in found]


def _whole(name):
    return rf"(?<![a-z]){re.escape(name)}s?(?![a-z])" if name.isascii() else re.escape(name)


# Threshold

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
ENGLISH = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"]
NUMBER_WORDS = (
    {word: place for place, word in enumerate(ENGLISH, 1)}
    | {
        "fifteen": 15,
        "twenty": 20,
        "thirty": 30,
        "half an": 0.5,
        "half a": 0.5,
        "an": 1,
        "a": 1,
    }
    | {word: place for place, word in enumerate(ORDINALS, 1)}
)
ZH_UNITS = {
    "个工作日": "workday",
    "工作日": "workday",
    "分钟": "minute",
    "秒钟": "second",
    "秒": "second",
    "个小时": "hour",
    "小时": "hour",
    "个钟头": "hour",
    "天": "day",
    "日": "day",
    "周": "week",
    "星期": "week",
    "个月": "month",
    "年": "year",
    "%": "percent",
    "‰": "permille",
    "声铃响": "ring",
    "声铃": "ring",
    "声": "ring",
    "次铃响": "ring",
    "次响铃": "ring",
    "厘米": "centimetre",
    "公分": "centimetre",
    "米": "metre",
    "步": "step",
    "次": "time",
    "分": "point",
    "人": "person",
    "名": "person",
    "元": "yuan",
    "件": "item",
    "起": "case",
}
EN_UNITS = {
    r"working days?|business days?": "workday",
    r"seconds?|secs?": "second",
    r"minutes?|mins?": "minute",
    r"hours?|hrs?": "hour",
    r"days?": "day",
    r"weeks?": "week",
    r"months?": "month",
    r"years?": "year",
    r"%|per ?cent": "percent",
    r"rings?": "ring",
    r"centimet(?:re|er)s?|cm": "centimetre",
    r"met(?:re|er)s?|m": "metre",
    r"steps?|paces?": "step",
    r"times?": "time",
    r"points?": "point",
    r"people|persons?": "person",
}
ZH_FIGURE = r"(?:\d{1,7}(?:\.\d{1,4})?|[零〇一二两三四五六七八九十百]{1,5}|半)"
ZH_RANGE = rf"(?:{ZH_FIGURE}\s?[-–~～至到]\s?)?(?P<number>{ZH_FIGURE})\s?"
ZH_UNIT = rf"(?P<unit>{'|'.join(sorted(ZH_UNITS, key=len, reverse=True))})"
EN_FIGURE = rf"(?:\d{{1,7}}(?:\.\d{{1,4}})?|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})"
EN_UNIT = rf"(?P<unit>{'|'.join(EN_UNITS)})(?![A-Za-z])"
EN_AMOUNT = rf"(?:{EN_FIGURE}\s?(?:-|–|to)\s?)?(?P<number>{EN_FIGURE})[\s-]?{EN_UNIT}"
EN_PER = r"(?:\s(?:per|an?|each|every)\s(?P<per>hour|shift|day|week|month|quarter|year)\b)?"
ZH_PERIODS = {
    "小时": "hour",
    "班": "shift",
    "天": "day",
    "日": "day",
    "周": "week",
    "月": "month",
    "季度": "quarter",
    "季": "quarter",
    "年": "year",
}
NOT_MORE = r"不(?:得|能|应|可|宜)?(?:超过|多于|高于|大于|晚于|迟于)|最多|至多|控制在|≤|<="
NOT_LESS = r"不(?:得|能|应|可|宜)?(?:低于|少于|小于)|至少|最少|达到|达|提前|≥|>="
# At the same place in the words the earlier pattern wins.
ZH_THRESHOLDS = [
    (
        ">=",
        rf"每(?P<every>{ZH_FIGURE})?个?(?P<per>小时|班|天|日|周|月|季度?|年)"
        rf"[^，。；,;\n]{{0,16}}?(?P<number>{ZH_FIGURE})\s?(?P<unit>次)",
    ),
    ("<=", rf"(?:{NOT_MORE})\s?{ZH_RANGE}{ZH_UNIT}"),
    (">=", rf"(?:{NOT_LESS})\s?{ZH_RANGE}{ZH_UNIT}"),
    ("<=", rf"{ZH_RANGE}{ZH_UNIT}\s?(?:之内|以内|内(?![科容部外心])|以下|及以下)"),
    ("<=", rf"(?:{ZH_RANGE})(?P<unit>秒|分钟|个?小时|天|日|个?工作日)\s?(?:响应|回复|答复|解决|处理|到场|办结)"),
    (">=", rf"{ZH_RANGE}{ZH_UNIT}\s?(?:以上|及以上|或以上)"),
    ("<", rf"(?:低于|少于|小于|<)\s?{ZH_RANGE}{ZH_UNIT}"),
    (">", rf"(?:高于|大于|多于|>)\s?{ZH_RANGE}{ZH_UNIT}"),
    ("=", rf"率(?:为|是|应为)\s?{ZH_RANGE}(?P<unit>%)"),
    ("=", r"(?<![\d.])(?P<number>100)\s?(?P<unit>%)"),
]
EN_THRESHOLDS = [
    (
        "<=",
        r"\b(?:within|no (?:more|later|longer) than|not (?:more|later|longer) than|(?:not|never) exceed|at most|up to"
        rf"|(?:by|before) the)\s{EN_AMOUNT}{EN_PER}",
    ),
    (">=", rf"\b(?:at least|no (?:less|fewer) than|not less than|a minimum of)\s{EN_AMOUNT}{EN_PER}"),
    ("<=", rf"\b{EN_AMOUNT} or (?:less|fewer|under){EN_PER}"),
    (">=", rf"\b{EN_AMOUNT} or (?:more|above|over){EN_PER}"),
    ("<=", rf"(?:≤|<=)\s?{EN_AMOUNT}{EN_PER}"),
    (">=", rf"(?:≥|>=)\s?{EN_AMOUNT}{EN_PER}"),
    ("<", rf"(?:\b(?:less than|fewer than|under|below)|<)\s?{EN_AMOUNT}{EN_PER}"),
    (">", rf"(?:\b(?:more than|over|above)|>)\s?{EN_AMOUNT}{EN_PER}"),
    ("=", r"\b(?P<number>100)\s?(?P<unit>%|per ?cent)"),
]
ZH_THRESHOLDS = [(op, re.compile(pattern)) for op, pattern in ZH_THRESHOLDS]
EN_THRESHOLDS = [(op, re.compile(pattern, re.IGNORECASE)) for op, pattern in EN_THRESHOLDS]
LONGEST = 5_000


def threshold_in(words):
    """The first limit or target in the words, else None.

    {"op": "<=", ">=", "<", ">" or "=", "number": "5", "unit": "minute", "per": "" or "day" or "2 month"};
    `unit` is a value of ZH_UNITS or EN_UNITS. A range gives its far end.
    """
    words = words[:LONGEST]
    if first := _first_match(ZH_THRESHOLDS, words):
        return _zh_threshold(*first, words)
    if first := _first_match(EN_THRESHOLDS, words):
        return _en_threshold(*first)
    return None


def _first_match(thresholds, words):
    """(op, match) of whichever pattern matches first in the words."""
    matches = [(op, found) for op, pattern in thresholds if (found := pattern.search(words))]
    return min(matches, key=lambda pair: pair[1].start(), default=None)


def _zh_threshold(op, found, words):
    parts = found.groupdict()
    if op == ">" and words[found.end() :].startswith("以上"):
        op = ">="
    if parts.get("per") and re.search(NOT_MORE, found[0]):
        op = "<="
    every = _zh_number(parts["every"]) if parts.get("every") else "1"
    period = ZH_PERIODS.get(parts.get("per"), "")
    per = period if every == "1" or not period else f"{every} {period}"
    return {"op": op, "number": _zh_number(parts["number"]), "unit": ZH_UNITS[parts["unit"]], "per": per}


def _en_threshold(op, found):
    parts = found.groupdict()
    unit = next(unit for pattern, unit in EN_UNITS.items() if re.fullmatch(pattern, parts["unit"], re.IGNORECASE))
    number = str(NUMBER_WORDS.get(parts["number"].lower(), parts["number"]))
    return {"op": op, "number": _trimmed(number), "unit": unit, "per": (parts.get("per") or "").lower()}


def _zh_number(text):
    if text == "半":
        return "0.5"
    if text[0].isascii():
        return _trimmed(text)
    hundreds, has_hundreds, rest = text.rpartition("百")
    tens, has_tens, ones = rest.rpartition("十")
    total = 100 * _digit(hundreds, bool(has_hundreds)) + 10 * _digit(tens, bool(has_tens)) + _digit(ones, False)
    return str(total)


def _digit(text, implied):
    """The value of a Chinese figure; a bare 十 or 百 stands for one of it."""
    digits = [str(DIGITS[character]) for character in text if character in DIGITS]
    return int("".join(digits)) if digits else int(implied)


def _trimmed(number):
    return number.rstrip("0").rstrip(".") if "." in number else number.lstrip("0") or "0"
