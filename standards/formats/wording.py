"""What a line or a table row of a document says: its key, its weight, its words in one or two languages."""

import re

from standards.formats.decoding import HANZI

KEY = r"\[([A-Z]{2,6}(?:-[A-Z]{2,8}){1,3}-\d{3,4})\]"
WEIGHTS = {"重要": "important", "红线": "red_line", "一般": "general"}
ENGLISH_WEIGHTS = {"important": "important", "red line": "red_line", "general": "general"}
WEIGHT = re.compile("【(重要|红线|一般)】")
ENGLISH_WEIGHT = re.compile(r"\s*[(（](important|red line|general)[)）]\s*", re.IGNORECASE)
PRINTED_KEY = re.compile(KEY + r"\s*")
LANGUAGE_BAR = re.compile(r"(?:^|\s)[|｜](?:\s|$)")
CELL_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,4}[.、．]?$")
ENGLISH_WORDS = re.compile(r"[A-Za-z]{2,}[,;]?\s+[A-Za-z]")


def take_key(text):
    """(the key printed at the start, the rest)."""
    found = PRINTED_KEY.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def take_weight(text, *, keyed):
    """(weight or "", the text without its mark). The English mark counts only right after a key."""
    if keyed and (found := ENGLISH_WEIGHT.match(text)):
        return ENGLISH_WEIGHTS[found[1].lower()], text[found.end() :]
    if found := WEIGHT.search(text):
        return WEIGHTS[found[1]], f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}".strip()
    return "", text


def bilingual(text):
    """The words of a line that may carry `Chinese | English`."""
    bar = LANGUAGE_BAR.search(text)
    if not bar:
        return one_language(text)
    zh, en = text[: bar.start()].strip(), text[bar.end() :].strip()
    return {language: words for language, words in (("zh", zh), ("en", en)) if words}


def one_language(text):
    return {"zh" if HANZI.search(text) else "en": text.strip()}


def joined_lines(texts):
    joined = [texts[0]]
    for text in texts[1:]:
        tight = HANZI.match(text[:1]) or not joined[-1][-1:].isascii()
        joined += ["" if tight else " ", text]
    return "".join(joined)


def _joined_cells(cells):
    return ("；" if any(map(HANZI.search, cells)) else "; ").join(cells)


def row_number(cells):
    if len(cells) > 1 and CELL_NUMBER.match(cells[0]):
        return cells[0], cells[1:]
    return "", cells


def row_weight(cells, *, keyed):
    marks = [take_weight(cell, keyed=keyed and place == 0) for place, cell in enumerate(cells)]
    weight = next((weight for weight, _ in marks if weight), "")
    return weight, [text for _, text in marks if text]


def row_words(cells, *, keyed):
    """A row that prints a key may hold an English cell beside the Chinese ones."""
    english = [cell for cell in cells if ENGLISH_WORDS.search(cell) and not HANZI.search(cell)]
    chinese = [cell for cell in cells if cell not in english]
    if not keyed or not english or not any(map(HANZI.search, chinese)):
        return one_language(_joined_cells(cells))
    return {"zh": "；".join(chinese), "en": "; ".join(english)}
