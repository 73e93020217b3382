"""What trainers call things: the headers of their tables, their types, their yes and no. Pure."""

import re
from unicodedata import category, normalize

MOST_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ASIDE = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
LANGUAGES = {"英文": "en", "英语": "en", "english": "en", "en": "en", "中文": "zh", "chinese": "zh", "zh": "zh"}
# What a column holds, by the words its header may have; the words are folded.
HEADERS = {
    "slug": "slug 短名 标识 试题标识 题目标识 唯一标识 id itemid questionid 试题id 题目id idnumber",
    "row": "题号 序号 编号 题目编号 试题编号 题目序号 no number 号 num 行号",
    "type": "题型 题目类型 试题类型 类型 题目题型 试题题型 题类 type questiontype qtype kind",
    "stem": (
        "题干 题目 题目内容 试题内容 问题 试题 题目描述 题干内容 题目名称 试题题干 题目题干 问题内容 试题名称 题目正文 "
        "question stem questiontext questionstem prompt 提问 题面 question内容"
    ),
    "options": "选项 备选项 备选答案 选项内容 候选项 options choices 选择项 全部选项",
    "answer": (
        "答案 正确答案 标准答案 参考答案 正确选项 答案选项 试题答案 题目答案 答 key answer answers correctanswer "
        "rightanswer correct right 正确项"
    ),
    "feedback": (
        "解析 答案解析 试题解析 题目解析 答题解析 题解 解答 解释 说明 分析 答案说明 答案分析 反馈 "
        "explanation feedback rationale analysis generalfeedback why"
    ),
    "difficulty": "难度 难度等级 题目难度 试题难度 难易度 难易程度 难度系数 difficulty level difficultylevel",
    "points": "分值 分数 默认分值 题目分值 试题分值 得分 每题分值 points score marks mark defaultgrade grade 分",
    "clause": (
        "知识点 条款 条款编码 条款编号 条文 考点 依据 依据条款 对应条款 所属条款 规范条款 知识要点 "
        "clause clauses clausekey cites knowledgepoint reference 标准条款"
    ),
    "tags": "标签 分类 题目分类 试题分类 类别 章节 目录 题库分类 tags tag category 关键词 keywords",
    "roles": "岗位 适用岗位 适用角色 jobrole jobroles role roles",
    "title": "标题 题目标题 列表标题 title",
    "credit": "计分规则 得分规则 评分规则 credit creditrule partialcredit 部分得分",
    "weights": "选项权重 权重 weights optionweights 选项得分",
    "choices": "配对项 匹配项 右侧选项 配对选项 partners matches",
    "unit": "单位 unit",
    "units": "其他单位 otherunits",
    "ignore": "忽略 ignore",
    "rubric": "评分细则 评分标准 评分要点 得分点 rubric criteria",
    "accepts": "上传类型 accepts",
    "criterion": "必留 红线题 keepalways criterion",
}
BILINGUAL = ("stem", "feedback", "title", "choices", "unit", "rubric", "answer")
OPTION = re.compile(
    r"(?:备选|候选)?(?:选项|选择项|备选项|备选答案|答案选项|option|choice|answeroption)(?P<a>[a-z]|\d\d?)"
    r"|(?P<b>[a-z])(?:选项|项|答案|option)?"
)
TYPES = {
    "single": "单选 单选题 单项选择 单项选择题 单项 single singlechoice singleanswer onesingle radio 最佳选择题 a1型题",
    "multiple": (
        "多选 多选题 多项选择 多项选择题 多项 不定项 不定项选择 不定项选择题 multiple multiplechoicemultiple "
        "multipleanswers multipleanswer multipleresponse multi checkbox 多选型"
    ),
    "truefalse": "判断 判断题 是非 是非题 对错 对错题 正误题 truefalse trueorfalse tf boolean 判断正误",
    "ordering": "排序 排序题 顺序题 ordering order sequence sequencing putinorder",
    "matching": "匹配 匹配题 配对 配对题 连线 连线题 matching match",
    "numeric": "数值 数值题 数字 数字题 numeric numerical number",
    "fill": "填空 填空题 完形填空 fill fillin fillintheblank fillblank blank cloze填空 shortanswer",
    "short": (
        "简答 简答题 问答 问答题 论述 论述题 名词解释 名词解释题 案例分析 案例分析题 案例题 主观题 "
        "short essay open 实务题 综合题"
    ),
    "rank": "情境排序 情境判断排序 情境判断 rank judgerank",
    "bestworst": "最佳最差 情境最佳最差 bestworst",
    "upload": "上传 上传题 拍照 录音 upload file",
}
CHOICE = ("选择", "选择题", "客观题", "choice", "multiplechoice", "mc", "mcq")  # one answer or several, as the key says
DIFFICULTIES = {
    "easy": "easy 易 容易 简单 较易 低 初级 基础 1 2 一级 beginner low ★ ★★",
    "medium": "medium normal 中 中等 一般 普通 适中 中级 3 三级 moderate ★★★",
    "hard": "hard 难 困难 较难 很难 高 高级 4 5 difficult high advanced ★★★★ ★★★★★",
}
TRUE = ["对", "正确", "√", "✓", "✔", "true", "t", "yes", "y", "是", "1", "right", "correct", "真", "v"]
FALSE = [
    "错",
    "错误",
    "×",
    "✗",
    "✘",
    "╳",
    "x",
    "false",
    "f",
    "no",
    "n",
    "否",
    "0",
    "wrong",
    "incorrect",
    "不对",
    "不正确",
    "假",
]
RULES = {
    "hits_minus_false": "hits_minus_false 漏选错选扣分",
    "all_or_nothing": "all_or_nothing 全对得分",
    "weights": "weights 按权重",
}
IGNORE = {
    "width": ("width", "宽度", "全半角"),
    "punctuation": ("punctuation", "标点"),
    "space": ("space", "空格"),
    "case": ("case", "大小写"),
}
CODES = re.compile(r"(\d+)\s*[:：=、.．-]?\s*([^\d\s,，、;；/:：=.．-]+)")


def folded(words):
    """Words without width, case, spaces and marks, as headers and types are compared."""
    plain = normalize("NFKC", words).casefold()
    return "".join(each for each in plain if category(each)[0] not in "PZC" or each == "_").replace("_", "")


def _of(words):
    return {folded(word): name for name, spelled in words.items() for word in spelled.split()}


HEADER_OF, TYPE_OF, RULE_OF = _of(HEADERS), _of(TYPES), _of(RULES)
DIFFICULTY_OF = {word: name for name, spelled in DIFFICULTIES.items() for word in spelled.split()}
FIELDS = (*HEADERS, *(f"option{letter}" for letter in "ABCDEFGH"))


def field_of(header):
    """(field, language or "") that a header means; ("", "") of an unknown one. Options are optionA, optionB, …; an
    option's number counts as its letter."""
    asides = [folded(words) for words in ASIDE.findall(header)]
    base = folded(ASIDE.sub("", header)) or folded(header)
    language = next((LANGUAGES[words] for words in asides if words in LANGUAGES), "")
    for name, code in LANGUAGES.items():
        if not language and len(name) > 1 and base.endswith(name) and base != name:
            base, language = base.removesuffix(name), code
    field = HEADER_OF.get(base, "")
    if not field and (found := OPTION.fullmatch(base)):
        field = _option(found["a"] or found["b"])
    if language and field and field not in BILINGUAL and not field.startswith("option"):
        return "", ""
    return field, language


def _option(sign):
    if sign.isdigit():
        return f"option{MOST_LETTERS[int(sign) - 1]}" if 1 <= int(sign) <= 26 else ""
    return f"option{sign.upper()}"


def codes_of(header):
    """{"0": "single"}: the numbers that a header of the types explains, as 题型（0单选，1判断，2多选）."""
    found = {}
    for words in ASIDE.findall(header):
        for number, name in CODES.findall(normalize("NFKC", words)):
            if kind := type_of(name):
                found[number] = kind
    return found


def type_of(words, codes=None):
    """A type, "choice" where only the key says whether one or several are right, None of an unknown one."""
    plain = folded(words)
    if codes and plain in codes:
        return codes[plain]
    return "choice" if plain in CHOICE else TYPE_OF.get(plain) or TYPE_OF.get(folded(ASIDE.sub("", words)))


def difficulty_of(words):
    plain = "".join(normalize("NFKC", words).casefold().split()).removesuffix("级").removesuffix("星")
    return DIFFICULTY_OF.get(plain)


def truth_of(words):
    """True, False, or None of words that are neither."""
    plain = normalize("NFKC", words).strip().rstrip("。.").casefold()
    return True if plain in TRUE else False if plain in FALSE else None
