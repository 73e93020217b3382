"""What each kind of pack file must say, within which bounds, what it names elsewhere, and sentences for
what does not fit (docs/formats.md). Pure. A place is written as in `lessons[2].checks[1].right`."""

from quizzes import item_rules
from quizzes.item_rules import CITES, DIFFICULTIES, MADE, OPTIONS, RIGHT, right_problems
from quizzes.marking import EVERY_TYPE
from scoring.appraising import check_plan
from staff import shapes
from staff.shapes import CLAUSE, CONTENT, KEY, TEXT, TITLE, Day, Many, OneOf, Optional, Slug, Whole, Words

MOST_ON_A_PAPER = 200
MOST_SCENES = 200


# The columns that keep them: a band 20, a job role 60.
BAND, ROLE = Slug(20), Slug(60)
PERCENT = Whole(0, 100)

CHECK = {"key": KEY, "stem": TEXT, "options": OPTIONS, "right": RIGHT, "why": TEXT, "cites": CITES}
LESSON = {
    "key": KEY,
    "title": TITLE,
    "minutes": Whole(1, 240),
    "cites": CITES,
    "text": TEXT,
    "checks": Many(CHECK, 20),
}
ROW = {
    "clauses": Optional(Many(CLAUSE, 50)),
    "items": Optional(Many(CONTENT, 200)),
    "count": Whole(1, 100),
    "types": Optional(Many(OneOf(EVERY_TYPE), len(EVERY_TYPE))),
    "difficulties": Optional(Many(OneOf(DIFFICULTIES), 3)),
}
STEP = {
    "key": KEY,
    "kind": OneOf(("course", "quiz", "scenario", "checklist", "sign_off")),
    "slug": CONTENT,
    "due_day": Whole(0, 1825),
    "title": TITLE,
}
INDICATOR = {
    "key": KEY,
    "source": OneOf(("quiz", "scenario", "observation", "completion")),
    "slug": CONTENT,
    "weight": Whole(1, 100),
    "title": TITLE,
}
SHAPES = {
    "course": {"standard": CONTENT, "role": ROLE, "lessons": Many(LESSON, 100)},
    "quiz": {
        "standard": CONTENT,
        "blueprint": Many(ROW, 50),
        "minutes": Whole(1, 480),
        "attempts": Whole(1, 100),
        "pass_mark": {"percent": PERCENT, "by": Words(30), "how": TEXT, "on": Day()},
    },
    "path": {"role": ROLE, "steps": Many(STEP, 50)},
    "checklist": {
        "standard": CONTENT,
        "role": ROLE,
        "points": Many({"key": KEY, "cite": CLAUSE, "text": TEXT}, 100),
    },
    "plan": {
        "role": ROLE,
        "use": OneOf(("feedback", "pay")),
        "indicators": Many(INDICATOR, 20),
        "bands": Many({"key": BAND, "from": PERCENT, "title": TITLE}, 10),
        "missing": {"rule": OneOf(("reweight", "zero", "block")), "limit": PERCENT},
    },
}


def meant(kind, body):
    """A body as a pack's words mean it: `true` and `false` where the kind asks for one."""
    shape = item_rules.shape_of(body.get("type")) if kind == "item" else SHAPES.get(kind, {})
    return shapes.with_flags(shape, body)


def misfits(kind, slug, title, body):
    """[(place, sentence)] of all that keeps a piece from being published by itself; [] when nothing does.
    A scenario's body is taken as quizzes.script parsed it."""
    found = list(shapes.misfits({"slug": CONTENT, "title": TITLE}, _given(slug=slug, title=title)))
    if isinstance(slug, str) and slug.startswith(MADE):
        found.append(("slug", f"slug begins with {MADE}: that is what publishing a standard makes. Take another."))
    if kind == "item":
        return found + item_rules.item_problems(body)
    found += _of_scenario(body) if kind == "scenario" else shapes.misfits(SHAPES[kind], body)
    return found or list(_rules(kind, body))


def _given(**fields):
    return {name: value for name, value in fields.items() if value is not None}


def _of_scenario(body):
    scenes = body["scenes"]
    if len(scenes) > MOST_SCENES:
        yield "", f"A scenario has at most {MOST_SCENES} scenes, not {len(scenes)}."
    for name, shape in (("standard", CONTENT), ("role", ROLE)):
        yield from shapes.misfits(shape, body[name], name)
    for scene in scenes:
        yield from shapes.misfits(KEY, scene["key"], "scene key")


def _rules(kind, body):
    """What a single field cannot tell."""
    if kind == "plan":
        yield from (("", sentence) for sentence in check_plan(body))
    if kind == "quiz":
        yield from _of_blueprint(body["blueprint"])
    if kind == "course":
        for place, check in _checks(body):
            yield from ((f"{place}.right", f"{place}: {problem}") for problem in right_problems(check))


def _of_blueprint(rows):
    for number, row in enumerate(rows, start=1):
        if ("clauses" in row) == ("items" in row):
            place = f"blueprint[{number}]"
            yield place, f"{place} asks either for clauses or for items."
    if (drawn := sum(row["count"] for row in rows)) > MOST_ON_A_PAPER:
        yield "blueprint", f"blueprint draws {drawn} items; a paper holds at most {MOST_ON_A_PAPER}."


def _checks(course):
    for first, lesson in enumerate(course["lessons"], start=1):
        for second, check in enumerate(lesson["checks"], start=1):
            yield f"lessons[{first}].checks[{second}]", check


def cited(kind, body):
    """[(place, clause key)] of the clauses a sound body cites."""
    if kind == "item":
        return item_rules.cited(body)
    if kind == "checklist":
        return [(f"points[{number}].cite", point["cite"]) for number, point in enumerate(body["points"], start=1)]
    if kind == "course":
        lessons = [(f"lessons[{number}]", lesson) for number, lesson in enumerate(body["lessons"], start=1)]
        return [cite for place, part in [*lessons, *_checks(body)] for cite in _cites(f"{place}.", part)]
    if kind == "scenario":
        choices = [choice for scene in body["scenes"] for choice in scene["choices"]]
        return [(key, key) for key in dict.fromkeys(key for choice in choices for key in choice["cites"])]
    return []


def _cites(where, part):
    return [(f"{where}cites[{number}]", key) for number, key in enumerate(part["cites"], start=1)]


def prefixes(body):
    """[(place, prefix of clause keys)] of a quiz's blueprint."""
    return [
        (f"blueprint[{first}].clauses[{second}]", prefix)
        for first, row in enumerate(body.get("blueprint", []), start=1)
        for second, prefix in enumerate(row.get("clauses", []), start=1)
    ]


def named(kind, body):
    """[(place, sort, slug)] of what a sound body names elsewhere; sort is standard, role or a kind of content."""
    found = [(name, name, body[name]) for name in ("standard", "role") if name in body]
    for first, row in enumerate(body.get("blueprint", []), start=1):
        slugs = enumerate(row.get("items", []), start=1)
        found += [(f"blueprint[{first}].items[{second}]", "item", slug) for second, slug in slugs]
    if kind == "path":
        steps = enumerate(body["steps"], start=1)
        found += [(f"steps[{n}].slug", step["kind"], step["slug"]) for n, step in steps if step["kind"] != "sign_off"]
    if kind == "plan":
        means = {"observation": "checklist", "completion": "path"}
        rows = enumerate(body["indicators"], start=1)
        found += [(f"indicators[{n}].slug", means.get(row["source"], row["source"]), row["slug"]) for n, row in rows]
    return found
