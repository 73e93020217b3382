import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.formats.text import parse
from standards.proposing import KINDS, propose, threshold_in

ROLES = [
    {"slug": "nurse", "zh": "护士", "en": "nurse"},
    {"slug": "head_nurse", "zh": "护士长", "en": "head nurse"},
    {"slug": "guide", "zh": "导医", "en": "guide"},
]


def proposed(zh="", *, en="", heading=(), key="", weight=""):
    texts = {language: text for language, text in (("zh", zh), ("en", en)) if text}
    return propose({"text": texts, "heading": list(heading), "key": key, "weight": weight}, ROLES)


def limit(op, number, unit, per=""):
    return {"op": op, "number": number, "unit": unit, "per": per}


def test_a_parsed_clause_is_proposed_for():
    heading = "## 见面用语 | Greeting · 导医 guide"
    line = "- [FD-LANG-002]【重要】三步之内先开口问好。 | Greet first, within three steps."
    assert propose(parse(f"{heading}\n{line}").clauses[0], ROLES) == {
        "kind": "language",
        "weight": "important",
        "roles": ["guide"],
        "threshold": limit("<=", "3", "step"),
    }


@pytest.mark.parametrize(
    ("segment", "kind"),
    [*((segment, kind) for kind, segment in KINDS.items()), ("BANN", "prohibition")],
)
def test_a_printed_key_decides_the_kind(segment, kind):
    assert proposed("微笑", heading=["用语"], key=f"FD-{segment}-001")["kind"] == kind


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("仪容仪表", "appearance"),
        ("Dress and grooming", "appearance"),
        ("行为举止", "manner"),
        ("服务用语", "language"),
        ("服务忌语", "prohibition"),
        ("服务态度", "attitude"),
        ("接诊流程", "procedure"),
        ("响应时限", "time_limit"),
        ("岗位职责", "duty"),
        ("服务指标", "metric"),
        ("考核办法", "rule"),
    ],
)
def test_a_heading_decides_the_kind(heading, kind):
    assert proposed("请按要求做", heading=["总则", heading])["kind"] == kind


def test_the_innermost_heading_that_says_a_kind_decides():
    assert proposed("微笑", heading=["服务用语", "服务流程", "门诊"])["kind"] == "procedure"


@pytest.mark.parametrize(
    ("zh", "kind"),
    [
        ("不得与客户争辩", "prohibition"),
        ("5分钟内到场", "time_limit"),
        ("满意率不低于95%", "metric"),
        ("见面问“您好”", "language"),
        ("一律穿工装、挂牌上岗", "appearance"),
        ("微笑相迎，点头致意", "manner"),
        ("耐心解释", "attitude"),
        ("首先登记，然后引导", "procedure"),
        ("负责候诊区秩序", "duty"),
        ("病人至上", "rule"),
    ],
)
def test_the_wording_decides_the_kind_without_a_heading(zh, kind):
    assert proposed(zh)["kind"] == kind


@pytest.mark.parametrize(
    ("zh", "weight"),
    [
        ("微笑服务", "general"),
        ("应主动问好", "general"),
        ("无须登记", "general"),
        ("必须佩戴工牌", "important"),
        ("应当微笑", "important"),
        ("须登记", "important"),
        ("不得不离开时说明原因", "important"),
        ("不得超过 3 分钟", "important"),
        ("不得争辩", "red_line"),
        ("严禁饮酒", "red_line"),
        ("禁止吸烟", "red_line"),
        ("必须登记，严禁代签", "red_line"),
    ],
)
def test_chinese_wording_proposes_a_weight(zh, weight):
    assert proposed(zh)["weight"] == weight


@pytest.mark.parametrize(
    ("en", "weight"),
    [
        ("Smile.", "general"),
        ("You must wear a badge.", "important"),
        ("Calls must not exceed 3 minutes.", "important"),
        ("You must not argue.", "red_line"),
        ("Never argue.", "red_line"),
    ],
)
def test_english_wording_proposes_a_weight(en, weight):
    assert proposed(en=en)["weight"] == weight


def test_a_printed_weight_wins():
    assert proposed("严禁饮酒", weight="general")["weight"] == "general"


@pytest.mark.parametrize(
    ("heading", "roles"),
    [
        ([], []),
        (["用语"], []),
        (["导医流程"], ["guide"]),
        (["For GUIDES"], ["guide"]),
        (["Guidelines"], []),
        (["护士长职责"], ["head_nurse"]),
        (["Head nurses"], ["head_nurse"]),
        (["护士和护士长"], ["nurse", "head_nurse"]),
        (["护士", "导医用语", "见面"], ["guide"]),
    ],
)
def test_a_heading_that_names_a_role_proposes_it(heading, roles):
    assert proposed("微笑", heading=heading)["roles"] == roles


@pytest.mark.parametrize(
    ("words", "threshold"),
    [
        ("5 分钟内", limit("<=", "5", "minute")),
        ("不超过3天", limit("<=", "3", "day")),
        ("不低于95%", limit(">=", "95", "percent")),
        ("95%以上", limit(">=", "95", "percent")),
        ("复诊率高于70%以上", limit(">=", "70", "percent")),
        ("三声铃响内", limit("<=", "3", "ring")),
        ("铃响三声之内", limit("<=", "3", "ring")),
        ("半小时内", limit("<=", "0.5", "hour")),
        ("四十五分钟以内", limit("<=", "45", "minute")),
        ("十二小时以内", limit("<=", "12", "hour")),
        ("一百二十秒内", limit("<=", "120", "second")),
        ("2-3分钟内", limit("<=", "3", "minute")),
        ("两个工作日内", limit("<=", "2", "workday")),
        ("24小时响应、48小时解决", limit("<=", "24", "hour")),
        ("提前10分钟到岗", limit(">=", "10", "minute")),
        ("低于1.50%", limit("<", "1.5", "percent")),
        ("每日查房 1 次", limit(">=", "1", "time", "day")),
        ("每两个月开展一次", limit(">=", "1", "time", "2 month")),
        ("每天最多2次", limit("<=", "2", "time", "day")),
        ("意见100%反馈", limit("=", "100", "percent")),
        ("within 5 minutes", limit("<=", "5", "minute")),
        ("at least 95 %", limit(">=", "95", "percent")),
        ("Answer within three rings", limit("<=", "3", "ring")),
        ("by the third ring", limit("<=", "3", "ring")),
        ("no more than two working days", limit("<=", "2", "workday")),
        ("within half an hour", limit("<=", "0.5", "hour")),
        ("at least 3 times a day", limit(">=", "3", "time", "day")),
        ("5 minutes or less", limit("<=", "5", "minute")),
        ("微笑服务", None),
        ("选取48名内科学生", None),
        ("2026年10月1日起执行", None),
        ("stand within reach", None),
    ],
)
def test_a_threshold_is_found_in_the_words(words, threshold):
    assert threshold_in(words) == threshold


def test_a_circled_number_and_wide_figures_do_not_mislead():
    assert proposed("①１５分钟以内")["threshold"] == limit("<=", "15", "minute")


def test_the_first_limit_counts():
    assert threshold_in("24小时内响应，不超过3天解决") == limit("<=", "24", "hour")


@given(st.text(alphabet="一二三十百半零0123456789.%分钟小时天每次不超过以上内 -withn"))
def test_any_words_give_a_whole_threshold_or_none(words):
    threshold = threshold_in(words)
    assert threshold is None or (float(threshold["number"]) >= 0 and all(threshold[part] for part in ("op", "unit")))
