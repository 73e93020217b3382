"""Items as Moodle XML, with their pictures. What it has no place for stands in tags; other types are left out. Pure."""

import base64
import re
from xml.etree import ElementTree as Tree

from quizzes.formats.gift_writing import spoken
from quizzes.formats.marks import tags_of
from quizzes.formats.moodlexml import is_picture
from quizzes.formats.weighing import fractions_of

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "truefalse": "truefalse",
    "matching": "matching",
    "numeric": "numerical",
    "fill": "shortanswer",
    "short": "essay",
    "ordering": "ordering",
}
# Characters that XML has no place for.
STRANGE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
IMAGE = re.compile(r"\(image:([A-Za-z0-9_-]+)\)")


def carries(body):
    return body["type"] in TYPES and len(body.get("blanks", ())) < 2


def moodlexml_of(entries, pictures, language):
    """The bytes of [(slug, title, body)]. pictures: {sha256: bytes}."""
    quiz, category = Tree.Element("quiz"), None
    for slug, title, body in entries:
        if carries(body):
            if category != body["cites"][0]:
                category = body["cites"][0]
                _category(quiz, category)
            _Question(quiz, body, pictures, language).write(slug, title)
    Tree.indent(quiz)
    return Tree.tostring(quiz, encoding="utf-8", xml_declaration=True)


def _category(quiz, key):
    node = Tree.SubElement(quiz, "question", type="category")
    Tree.SubElement(Tree.SubElement(node, "category"), "text").text = f"$course$/top/{key}"


class _Question:
    def __init__(self, quiz, body, pictures, language):
        self.node = Tree.SubElement(quiz, "question", type=TYPES[body["type"]])
        self.body, self.pictures = body, pictures
        self.language = language if body["stem"].get(language) else next(iter(body["stem"]))

    def write(self, slug, title):
        body, node = self.body, self.node
        name = spoken({each: words for each, words in title.items() if words}, self.language) or slug
        Tree.SubElement(Tree.SubElement(node, "name"), "text").text = STRANGE.sub("", name)
        self.stem()
        self.text(node, "generalfeedback", spoken(body.get("feedback", {}), self.language))
        self.plain("defaultgrade", f"{body['points']}.0000000")
        self.plain("penalty", "0.0000000")
        self.plain("hidden", "0")
        self.plain("idnumber", slug)
        getattr(self, f"_{TYPES[body['type']]}")()
        tags = Tree.SubElement(node, "tags")
        for tag in tags_of(body):
            Tree.SubElement(Tree.SubElement(tags, "tag"), "text").text = STRANGE.sub("", tag)

    def plain(self, name, words):
        Tree.SubElement(self.node, name).text = words

    def text(self, parent, name, words, **attributes):
        node = Tree.SubElement(parent, name, **attributes, format="markdown")
        Tree.SubElement(node, "text").text = STRANGE.sub("", words)
        return node

    def say(self, text):
        return spoken(text, self.language)

    def stem(self):
        """Pictures are files of the question, named by their keys; those that stand nowhere follow at the end."""
        words, files = self.say(self.body["stem"]), {}
        for image in self.body.get("images", ()):
            data = self.pictures.get(image["sha256"], b"")
            if kind := is_picture(data):
                files[image["key"]] = (f"{image['key']}.{kind}", data)
        for key, (name, _data) in files.items():
            words = words.replace(f"(image:{key})", f"(@@PLUGINFILE@@/{name})")
        node = self.text(self.node, "questiontext", words)
        for name, data in files.values():
            file = Tree.SubElement(node, "file", name=name, path="/", encoding="base64")
            file.text = base64.b64encode(data).decode()

    def answer(self, words, percent, **more):
        node = self.text(self.node, "answer", words, fraction=str(percent))
        for name, value in more.items():
            Tree.SubElement(node, name).text = value
        self.text(node, "feedback", "")

    def _multichoice(self):
        self.plain("single", "true" if self.body["type"] == "single" else "false")
        self.plain("shuffleanswers", "true")
        self.plain("answernumbering", "ABCD")
        for option, share in zip(self.body["options"], fractions_of(self.body), strict=True):
            self.answer(self.say(option["text"]), share)

    def _truefalse(self):
        for word in ("true", "false"):
            self.answer(word, 100 if self.body["right"] == [word] else 0)

    def _shortanswer(self):
        self.plain("usecase", "0" if "case" in self.body.get("ignore", ()) else "1")
        for row in self.body["blanks"][0]["accepted"]:
            self.answer(row["text"], row["percent"])

    def _numerical(self):
        for row in self.body["answers"]:
            self.answer(str(row["value"]), row["percent"], tolerance=str(row.get("tolerance", 0)))

    def _matching(self):
        self.plain("shuffleanswers", "true")
        texts = {choice["key"]: self.say(choice["text"]) for choice in self.body["choices"]}
        rows = [(self.say(option["text"]), self.body["pairs"][option["key"]]) for option in self.body["options"]]
        rows += [("", key) for key in texts if key not in {key for _left, key in rows}]
        for left, key in rows:
            node = self.text(self.node, "subquestion", left)
            Tree.SubElement(Tree.SubElement(node, "answer"), "text").text = STRANGE.sub("", texts[key])

    def _essay(self):
        self.plain("responseformat", "editor")
        self.text(self.node, "graderinfo", self.say(self.body.get("sample", {})))

    def _ordering(self):
        place = {key: at for at, key in enumerate(self.body["right"], start=1)}
        self.plain("layouttype", "VERTICAL")
        for option in self.body["options"]:
            self.answer(self.say(option["text"]), place[option["key"]])
