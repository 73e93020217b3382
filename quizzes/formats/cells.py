"""What stands in one cell or after one word: letters of options, numbers, blanks, lists; read and written. Pure."""

import re
from decimal import Decimal
from unicodedata import normalize

from quizzes.formats.vocabulary import MOST_LETTERS

BETWEEN = re.compile(r"[\s,，、;；|/\\&+和及与.。]+")
LISTED = ",，、;；|"
LIST = re.compile(rf"(?<!\\)[\n{LISTED}]+")
SHARE = re.compile(r"^(.*?)\s*(?<!\\)=\s*(\d{1,3})\s*[%％]$", re.DOTALL)
NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,6})?")
TOLERANCE = re.compile(r"(.+?)(?:±|\+/-|\+-|:)(.+)")
RANGE = re.compile(r"([+-]?[\d.]+)\s*(?:\.\.|~|～|至|–|—|(?<=\d)\s*-)\s*([+-]?[\d.]+)")
BLANK = re.compile(r"_{2,}|[(（][\s\u3000]*[)）]|【[\s\u3000]*】|\[[\s\u3000]*\]")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def letters(words):
    """Places of the letters in an answer such as `A`, `AB`, `A,B`, `A|B`, `Ａ、Ｂ`; None where it is none."""
    plain = BETWEEN.sub("", normalize("NFKC", words)).upper()
    if not plain or not all(each in MOST_LETTERS for each in plain):
        return None
    return [MOST_LETTERS.index(each) for each in plain]


def numbers(words):
    """Places of numbered options, as `1,3` or `13`; None where it is none."""
    plain = BETWEEN.sub(" ", normalize("NFKC", words)).strip()
    parts = plain.split() if " " in plain else list(plain)
    if not parts or not all(part.isascii() and part.isdigit() and 1 <= int(part) <= 26 for part in parts):
        return None
    return [int(part) - 1 for part in parts]


def written(places):
    return "".join(MOST_LETTERS[place] for place in places)


# --- lists in a cell ---------------------------------------------------------------


def shielded(words, marks):
    """Words in which these marks and line breaks stand for themselves."""
    for mark in ("\\", *marks):
        words = words.replace(mark, f"\\{mark}")
    return words.replace("\r\n", "\n").replace("\n", "\\n")


def bare(words):
    return ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], words)


def parted(words, mark):
    """Words at a mark that no backslash shields."""
    return [part.strip() for part in re.split(rf"(?<!\\){mark}", words)]


def lines(words):
    return [line.strip() for line in words.replace("\r\n", "\n").split("\n") if line.strip()]


def listed(words):
    """Short words in a cell, whatever parts them."""
    return list(dict.fromkeys(bare(part).strip() for part in LIST.split(words) if part.strip()))


def listed_written(values):
    return ", ".join(shielded(value, LISTED) for value in values)


def variants(words):
    """[{text, percent}] of `北京|Beijing|Peking=50%`."""
    found = []
    for part in parted(words, r"\|"):
        share = SHARE.match(part)
        text, percent = (share[1], int(share[2])) if share and 1 <= int(share[2]) <= 100 else (part, 100)
        if bare(text).strip():
            found.append({"text": bare(text).strip(), "percent": percent})
    return found


def variants_written(accepted):
    parts = []
    for row in accepted:
        text = shielded(row["text"], ["|", "="])
        parts.append(text if row["percent"] == 100 else f"{text} ={row['percent']}%")
    return " | ".join(parts)


def blanks(words, wanted):
    """[[{text, percent}]]: a line a blank; else as many parts as the question has blanks."""
    rows = lines(words)
    for mark in ("[;；]", "[,，]", "、", r"\s+"):
        if len(rows) == 1 and wanted > 1 and len(parts := [part for part in parted(words, mark) if part]) == wanted:
            rows = parts
    return [variants(row) for row in rows]


def number(words):
    """A number as a body holds it, or None."""
    plain = normalize("NFKC", words).replace("−", "-").replace(",", "").strip().removeprefix("+")
    plain = f"0{plain}" if plain.startswith(".") else plain
    if not NUMBER.fullmatch(plain):
        return None
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def numeric(words):
    """{value, tolerance?, percent} of `15`, `15±0.5`, `15:0.5`, `14..16`, `15=50%`; None where it is no number."""
    share = SHARE.match(normalize("NFKC", words).strip())
    plain, percent = (share[1], int(share[2])) if share else (normalize("NFKC", words).strip(), 100)
    if between := RANGE.fullmatch(plain):
        return _middle(number(between[1]), number(between[2]), percent)
    near = TOLERANCE.fullmatch(plain)
    value, tolerance = (number(near[1]), number(near[2])) if near else (number(plain), "0")
    if value is None or tolerance is None or tolerance.startswith("-") or not 1 <= percent <= 100:
        return None
    return {"value": value} | ({"tolerance": tolerance} if tolerance != "0" else {}) | {"percent": percent}


def _middle(low, high, percent):
    if low is None or high is None or Decimal(high) < Decimal(low):
        return None
    low, high = Decimal(low), Decimal(high)
    value, tolerance = number(f"{(low + high) / 2:f}"), number(f"{(high - low) / 2:f}")
    return value and tolerance and {"value": value, "tolerance": tolerance, "percent": percent}


def numeric_written(row):
    near = f"±{row['tolerance']}" if str(row.get("tolerance", "0")) not in ("0", "") else ""
    return f"{row['value']}{near}" + ("" if row["percent"] == 100 else f"={row['percent']}%")


def valued(words):
    """(text, number) of a line `text =2`; (text, None) without a number."""
    text, mark, value = words.rpartition("=")
    value = value.strip().removesuffix("分").removesuffix("%").strip()
    mark = mark and not text.endswith("\\")
    return (bare(text).strip(), value) if mark and number(value) is not None else (bare(words).strip(), None)
