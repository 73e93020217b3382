"""Reads scenario script text, as a trainer writes it (docs/formats.md), into a body, and back.

The body is {"standard", "role", "pass": 0–100, "customer": text, "about": text,
"weights": {"functional", "emotional", "value"}, "start": key, "mood": −3…3, "wait": minutes,
"scenes": [scene]}; a text is {"zh", "en"}; a scene is {"key", "end": bool,
"lines": [{"who", "text"}], "choices": [choice], "debrief": text or None}; a choice is {"text",
"points": {"functional", "emotional", "value"}, "mood", "wait", "red": bool,
"cites": [clause keys], "why": text, "next": scene key}.
"""

import re

DIMENSIONS = {"f": "functional", "e": "emotional", "v": "value"}
SPEAKERS = ("customer", "colleague", "narrator", "me")
TEXTS = ("title", "customer", "about")
HEADERS = ("title", "slug", "standard", "role", "pass", "customer", "about", "weights")
FEWEST_CHOICES, MOST_CHOICES = 2, 5

KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
LABELLED = re.compile(r"(\w+)\s*[:：](.*)")
EFFECT = re.compile(r"(f|e|v|mood|wait)([+-][0-9]{1,3})")
CLAUSE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
CHINESE = re.compile(r"[\u3400-\u9fff]")


class ScriptProblems(ValueError):
    """All that is wrong with a script: `problems` is [(line from 1, sentence)], by line."""

    def __init__(self, problems: list[tuple[int, str]]):
        self.problems = sorted(problems, key=lambda problem: problem[0])
        super().__init__("\n".join(f"Line {line}: {said}" for line, said in self.problems))


def parse(text: str) -> tuple[str, dict, dict]:
    """(slug, title, body) of a script. Raises ScriptProblems naming every mistake at once."""
    script = Script(text)
    problems = script.problems + graph_problems(script)
    if problems:
        raise ScriptProblems(problems)
    return script.headers["slug"], script.headers["title"], body_of(script)


def cited_lines(text: str) -> dict[str, int]:
    """{clause key: the first line (from 1) of a choice that cites it}; never raises."""
    return Script(text).cited


def write(slug: str, title: dict, body: dict) -> str:
    """The canonical script: parse(write(slug, title, body)) == (slug, title, body).

    Raises ScriptProblems when the body is no valid scenario, and ValueError when it holds
    something a script cannot say, such as a “|” or a line break inside a text.
    """
    scenes = (written_scene(scene, body) for scene in body["scenes"])
    script = "\n\n".join([written_headers(slug, title, body), *scenes]) + "\n"
    if parse(script) != (slug, title, body):
        raise ValueError("This scenario holds something that script text cannot say.")
    return script


class Script:
    """The lines of a script sorted into headers and scenes; mistakes are noted, never raised."""

    def __init__(self, text: str):
        self.problems: list[tuple[int, str]] = []
        self.headers: dict = {}
        self.scenes: list[dict] = []
        self.scene_lines: list[int] = []
        self.scene_keys: set[str] = set()
        self.choices: list[tuple[int, dict, dict]] = []
        self.opening = {"mood": 0, "wait": 0}
        self.cited: dict[str, int] = {}
        # Not splitlines(): it also cuts at characters that editors do not count as lines.
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, line in enumerate(lines, 1):
            self.read(number, line.strip())
        self.check_headers()

    def note(self, number: int, sentence: str) -> None:
        self.problems.append((number, sentence))

    def read(self, number: int, line: str) -> None:
        if not line or line.startswith("//"):
            return
        if line.startswith("=="):
            self.read_scene(number, line[2:].split())
        elif not self.scenes:
            self.read_header(number, line)
        elif line.startswith("->"):
            self.read_choice(number, line)
        else:
            self.read_labelled(number, line)

    def read_header(self, number: int, line: str) -> None:
        labelled = LABELLED.fullmatch(line)
        name, value = labelled.groups() if labelled else (line.split()[0], "")
        if line.startswith("#"):
            name, value = "title", line[1:]
        elif name not in HEADERS or name == "title":
            return self.note(number, f"“{name}” is not a header of a scenario.")
        if name in self.headers:
            return self.note(number, f"The header {name} is given twice.")
        self.headers[name] = self.header(number, name, value.strip())

    def header(self, number: int, name: str, value: str) -> object:
        if name in TEXTS:
            return self.text(number, value)
        if name == "weights":
            return self.weights(number, value.split())
        if name == "pass":
            return self.whole(number, value, least=0, most=100, what="The pass mark")
        if not KEY.fullmatch(value):
            self.note(number, f"{name} is written in lower-case letters, digits and hyphens.")
        return value

    def weights(self, number: int, words: list[str]) -> dict[str, int]:
        names, figures = words[::2], words[1::2]
        whole = all(NUMBER.fullmatch(figure) and int(figure) >= 0 for figure in figures)
        if sorted(names) != sorted(DIMENSIONS.values()) or len(figures) != 3 or not whole:
            self.note(number, "Write the weights as: functional 40 emotional 40 value 20.")
            return {}
        given = dict(zip(names, map(int, figures), strict=True))
        if sum(given.values()) != 100:
            self.note(number, f"The weights sum to {sum(given.values())}, not to 100.")
        return {name: given[name] for name in DIMENSIONS.values()}

    def whole(self, number: int, word: str, *, least: int, most: int, what: str) -> int:
        if NUMBER.fullmatch(word) and least <= int(word) <= most:
            return int(word)
        self.note(number, f"{what} is a whole number from {least} to {most}, not “{word}”.")
        return least

    def text(self, number: int, words: str) -> dict[str, str]:
        parts = [part.strip() for part in re.split(r"[|｜]", words)]
        if len(parts) > 2:
            self.note(number, "Only one “|” may stand in a line, between Chinese and English.")
        if len(parts) == 1:
            parts = [*parts, ""] if CHINESE.search(words) or not parts[0] else ["", *parts]
        for part, language in zip(parts, ("Chinese", "English"), strict=False):
            if not part:
                self.note(number, f"The {language} is missing; write Chinese | English.")
        return {"zh": parts[0], "en": parts[1]}

    def read_scene(self, number: int, words: list[str]) -> None:
        key, rest = (words[0], words[1:]) if words else ("", [])
        if not KEY.fullmatch(key):
            self.note(number, "A scene's key is written in lower-case letters, digits and hyphens.")
        if key in self.scene_keys:
            self.note(number, f"There is already a scene “{key}”.")
        first = not self.scenes
        end = "END" in rest
        if first and end:
            self.note(number, "The first scene cannot be an ending.")
        self.read_opening(number, [word for word in rest if word != "END"], first=first)
        scene = {"key": key, "end": end, "lines": [], "choices": [], "debrief": None}
        self.scenes.append(scene)
        self.scene_lines.append(number)
        self.scene_keys.add(key)

    def read_opening(self, number: int, words: list[str], *, first: bool) -> None:
        """`mood N` and `wait N` behind the first scene's key."""
        limits = {"mood": (-3, 3), "wait": (0, 999)}
        while words:
            name, figure, words = words[0], "".join(words[1:2]), words[2:]
            if name not in limits:
                return self.note(number, f"“{name}” is unknown here: mood, wait and END may stand.")
            if not first:
                return self.note(number, f"Only the first scene sets {name}; use {name}±N in a choice.")
            least, most = limits[name]
            what = f"The starting {name}"
            self.opening[name] = self.whole(number, figure, least=least, most=most, what=what)

    def read_choice(self, number: int, line: str) -> None:
        found = split_choice(line)
        choice = {"text": self.text(number, found["words"]), **blank_effects()}
        choice |= {"why": None, "next": found["next"]}
        self.read_effects(number, (found["effects"] or "").split(), choice=choice)
        if not found["next"]:
            self.note(number, "A choice leads on: end it with => and the key of a scene.")
        if not choice["cites"]:
            self.note(number, "A choice names at least one clause, such as [FD-LANG-002].")
        self.scenes[-1]["choices"].append(choice)
        self.choices.append((number, self.scenes[-1], choice))

    def read_effects(self, number: int, words: list[str], *, choice: dict) -> None:
        seen: set[str] = set()
        for word in words:
            # U+2212 is what a word processor makes of a typed minus.
            name = self.read_effect(number, word.replace("−", "-"), choice=choice)
            if name in seen:
                self.note(number, f"The effect {name} is given twice in one choice.")
            seen.add(name)

    def read_effect(self, number: int, word: str, *, choice: dict) -> str:
        """Adds one effect to the choice; its name, so that a second one is noticed."""
        if word == "RED":
            choice["red"] = True
        elif effect := EFFECT.fullmatch(word):
            name, value = effect[1], int(effect[2])
            target, slot = (choice["points"], DIMENSIONS[name]) if name in DIMENSIONS else (choice, name)
            target[slot] = value
            return name
        elif CLAUSE.fullmatch(word):
            self.cited.setdefault(word, number)
            choice["cites"].append(word)
        else:
            self.note(
                number,
                f"“{word}” is no effect: use f±N, e±N, v±N, mood±N, wait±N, RED or a clause.",
            )
        return word

    def read_labelled(self, number: int, line: str) -> None:
        labelled = LABELLED.fullmatch(line)
        name, words = labelled.groups() if labelled else (line.split()[0], "")
        if name == "why" and labelled:
            self.read_why(number, words)
        elif name == "debrief" and labelled:
            self.read_debrief(number, words)
        elif name in SPEAKERS and labelled:
            self.read_line(number, name, words=words)
        else:
            known = ", ".join(f"{speaker}:" for speaker in SPEAKERS)
            self.note(number, f"“{name}” opens no line of a scene; use {known}, ->, why: or debrief:.")

    def read_line(self, number: int, who: str, *, words: str) -> None:
        if self.scenes[-1]["choices"]:
            self.note(number, "What is said in a scene stands above its choices.")
        self.scenes[-1]["lines"].append({"who": who, "text": self.text(number, words)})

    def read_why(self, number: int, words: str) -> None:
        why = self.text(number, words)
        if not self.scenes[-1]["choices"]:
            return self.note(number, "A why: line stands below a choice.")
        if self.scenes[-1]["choices"][-1]["why"]:
            return self.note(number, "This choice already has a why: line.")
        self.scenes[-1]["choices"][-1]["why"] = why

    def read_debrief(self, number: int, words: str) -> None:
        debrief = self.text(number, words)
        if not self.scenes[-1]["end"]:
            return self.note(number, "Only an ending (a scene marked END) has a debrief: line.")
        if self.scenes[-1]["debrief"]:
            return self.note(number, "This ending already has a debrief: line.")
        self.scenes[-1]["debrief"] = debrief

    def check_headers(self) -> None:
        for name in HEADERS:
            if name not in self.headers:
                shown = "title (# Chinese | English)" if name == "title" else name
                self.note(1, f"The header {shown} is missing.")
        if not self.scenes:
            self.note(1, "There is no scene; a scene begins with == and its key.")


def split_choice(line: str) -> dict[str, str | None]:
    """ "words", "effects" and "next" of a choice; the last [ ] and the last => count."""
    words, arrow, following = line.removeprefix("->").rpartition("=>")
    if not arrow or len(following.split()) != 1:
        words, following = line.removeprefix("->"), ""
    bracketed = re.fullmatch(r"(.*)\[([^\[\]]*)\]\s*", words)
    words, effects = bracketed.groups() if bracketed else (words, None)
    return {"words": words, "effects": effects, "next": following.strip() or None}


def blank_effects() -> dict:
    points = dict.fromkeys(DIMENSIONS.values(), 0)
    return {"points": points, "mood": 0, "wait": 0, "red": False, "cites": []}


def body_of(script: Script) -> dict:
    headers = ("standard", "role", "pass", "customer", "about", "weights")
    body = {name: script.headers[name] for name in headers}
    return body | {"start": script.scenes[0]["key"], **script.opening, "scenes": script.scenes}


def graph_problems(script: Script) -> list[tuple[int, str]]:
    problems = []
    for line, scene in zip(script.scene_lines, script.scenes, strict=True):
        problems += [(line, sentence) for sentence in scene_problems(scene)]
    for line, _, choice in script.choices:
        if not choice["why"]:
            problems.append((line, "This choice has no why: line below it."))
        if choice["next"] and choice["next"] not in script.scene_keys:
            problems.append((line, f"There is no scene “{choice['next']}”."))
    return problems + unreachable(script) + loops(script)


def scene_problems(scene: dict) -> list[str]:
    count = len(scene["choices"])
    if not scene["end"] and not FEWEST_CHOICES <= count <= MOST_CHOICES:
        return [f"A scene has {FEWEST_CHOICES} to {MOST_CHOICES} choices; “{scene['key']}” has {count}."]
    problems = []
    if scene["end"] and count:
        problems.append(f"“{scene['key']}” is an ending, so it has no choices.")
    if scene["end"] and not scene["debrief"]:
        problems.append(f"The ending “{scene['key']}” has no debrief: line.")
    return problems


def roads(script: Script) -> dict[str, list[tuple[int, str]]]:
    """{scene key: [(line of the choice, key it leads to)]}, known scenes only."""
    found: dict[str, list[tuple[int, str]]] = {scene["key"]: [] for scene in script.scenes}
    for line, scene, choice in script.choices:
        if choice["next"] in found:
            found[scene["key"]].append((line, choice["next"]))
    return found


def unreachable(script: Script) -> list[tuple[int, str]]:
    leading, waiting = roads(script), [scene["key"] for scene in script.scenes[:1]]
    seen = set(waiting)
    while waiting:
        following = {key for _, key in leading[waiting.pop()]} - seen
        waiting += following
        seen |= following
    return [
        (line, f"No choice leads from the start to the scene “{scene['key']}”.")
        for line, scene in zip(script.scene_lines, script.scenes, strict=True)
        if scene["key"] not in seen
    ]


def loops(script: Script) -> list[tuple[int, str]]:
    """One problem for every choice that leads back to a scene still under way."""
    leading, done, problems = roads(script), set(), []
    for start in leading:
        under_way = {} if start in done else {start: iter(leading[start])}
        while under_way:
            key = next(reversed(under_way))
            line, following = next(under_way[key], (0, None))
            if following is None:
                done.add(key)
                del under_way[key]
            elif following in under_way:
                problems.append((line, f"This choice makes a loop: “{following}” comes before it."))
            elif following not in done:
                under_way[following] = iter(leading[following])
    return problems


def written_headers(slug: str, title: dict, body: dict) -> str:
    weights = " ".join(f"{name} {body['weights'][name]}" for name in DIMENSIONS.values())
    lines = [f"# {bilingual(title)}", f"slug: {slug}"]
    lines += [f"{name}: {body[name]}" for name in ("standard", "role", "pass")]
    lines += [f"{name}: {bilingual(body[name])}" for name in ("customer", "about")]
    return "\n".join([*lines, f"weights: {weights}"])


def written_scene(scene: dict, body: dict) -> str:
    head = f"== {scene['key']}"
    if scene["key"] == body["start"]:
        head += f"   mood {body['mood']}  wait {body['wait']}"
    lines = [head + "  END" if scene["end"] else head]
    lines += [f"{line['who']}: {bilingual(line['text'])}" for line in scene["lines"]]
    lines += [written_choice(choice) for choice in scene["choices"]]
    if scene["debrief"]:
        lines.append(f"debrief: {bilingual(scene['debrief'])}")
    return "\n".join(lines)


def written_choice(choice: dict) -> str:
    effects = [(short, choice["points"][name]) for short, name in DIMENSIONS.items()]
    effects += [(name, choice[name]) for name in ("mood", "wait")]
    words = [f"{name}{value:+d}" for name, value in effects if value]
    words += ["RED"] * choice["red"] + choice["cites"]
    head = f"-> {bilingual(choice['text'])}  [{' '.join(words)}] => {choice['next']}"
    return f"{head}\n   why: {bilingual(choice['why'])}" if choice["why"] else head


def bilingual(text: dict) -> str:
    return f"{text['zh']} | {text['en']}"
