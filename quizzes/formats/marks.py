"""What GIFT and Moodle XML have no place for travels in tags: `difficulty:easy`, `clause:FD-LANG-001`. Pure."""

from quizzes.formats.vocabulary import DIFFICULTIES, IGNORE, RULES

TAG = 40


def tags_of(body):
    """The tags an export writes, in the order of the item's own."""
    found = [f"difficulty:{body['difficulty']}", *(f"clause:{key}" for key in body["cites"])]
    found += [f"points:{body['points']}", *(f"role:{role}" for role in body.get("roles", ()))]
    if rule := body.get("credit", {}).get("rule"):
        found.append(f"credit:{rule}")
    if body.get("criterion"):
        found.append("criterion:yes")
    if body["type"] == "fill":
        found.append(f"ignore:{'+'.join(body.get('ignore', ()))}")
    if body["type"] in ("single", "multiple"):
        found.append(f"type:{body['type']}")
    return found + [f"tag:{tag}" for tag in body.get("tags", ())]


def take(said, tags):
    """Puts what tags tell into `said`; every other tag is a tag."""
    plain = []
    for tag in tags:
        name, mark, value = tag.strip().partition(":")
        taken = bool(mark) and _taken(said, name, value)
        if not taken:
            plain.append(value if mark and name == "tag" else tag.strip())
    if plain := list(dict.fromkeys(tag[:TAG] for tag in plain if tag.strip())):
        said["tags"] = plain


def _taken(said, name, value):
    if name == "clause":
        said.setdefault("clause", []).append(value)
    elif name == "role":
        said.setdefault("roles", []).append(value)
    elif name == "difficulty" and value in DIFFICULTIES:
        said["difficulty"] = value
    elif name == "points" and value.isdigit():
        said["points"] = int(value)
    elif name == "credit" and value in RULES:
        said["credit"] = value
    elif name == "criterion":
        said["criterion"] = True
    elif name == "ignore" and set(filter(None, value.split("+"))) <= set(IGNORE):
        said["ignore"] = list(filter(None, value.split("+")))
    elif name == "type" and value in ("single", "multiple"):
        said["type"] = value
    else:
        return False
    return True
