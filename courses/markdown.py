"""Markdown of lessons and items as safe HTML."""

import re
from functools import lru_cache
from typing import NamedTuple

import nh3
from django.utils.html import escape
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token

TAGS = {
    "p", "br", "strong", "em", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "a", "del",
}  # fmt: skip


class HanFriendly(StateInline):
    """CommonMark wants a space or a full stop outside `**注意：**`; between Hanzi there is none, so a
    neighbouring Hanzi counts as one."""

    def scanDelims(self, start, canSplitWord):
        end = start
        while end < self.posMax and self.src[end] == self.src[start]:
            end += 1
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        opens, closes = _flanks(before, after), _flanks(after, before)
        return Scanned(
            opens and (canSplitWord or not closes or _is_mark(before)),
            closes and (canSplitWord or not opens or _is_mark(after)),
            end - start,
        )


def _flanks(outside, inside):
    if isWhiteSpace(ord(inside)):
        return False
    return not _is_mark(inside) or isWhiteSpace(ord(outside)) or _is_mark(outside) or _is_han(outside)


def _is_mark(character):
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _is_han(character):
    return "\u3040" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or ord(character) > 0x1FFFF


class HanInline(ParserInline):
    def parse(self, src, md, env, tokens):
        state = HanFriendly(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
PARSER.inline.__class__ = HanInline


def render(source):
    """HTML of a Markdown source; anything outside the allow-list is dropped."""
    html = nh3.clean(
        PARSER.render(source),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(html)


def words_of(source):
    """The words of a Markdown source, without its marks: a line for each block."""
    return "\n".join(filter(None, (_inline(block) for block in PARSER.parse(source))))


def words_asked(source):
    """The same of the words of a question."""
    return words_of(_with_gaps(source))


def _inline(block):
    if block.type in ("fence", "code_block"):
        return block.content.strip()
    parts = (" " if part.type in ("softbreak", "hardbreak") else part.content for part in block.children or ())
    return "".join(parts)


LINE_TAGS = {"strong", "em", "code", "del", "br"}
GAPS = re.compile("_{3,}")


class Asked(NamedTuple):
    """The words of a question as safe HTML: the first paragraph, without its tags, and what follows it."""

    head: str
    rest: str


@lru_cache(maxsize=20_000)
def render_line(source):
    """HTML of a Markdown source that stands in a line: an option, a partner, a criterion."""
    return mark_safe(nh3.clean(PARSER.renderInline(_with_gaps(source)), tags=LINE_TAGS, attributes={}))


@lru_cache(maxsize=5_000)
def render_asked(source, images=()):
    """Asked of a Markdown source. images: ((key, address, words instead of it), …), of which `![words](image:key)`
    shows one where it stands; those that stand nowhere follow at the end. No other picture is shown."""
    blocks, known = PARSER.parse(_with_gaps(source)), {key: (address, words) for key, address, words in images}
    used = {key for block in blocks for key in _shown_in(block, known)}
    html = PARSER.renderer.render(blocks, PARSER.options, {})
    html += "".join(
        f'<p><img src="{escape(address)}" alt="{escape(words)}"></p>'
        for key, address, words in images
        if key not in used
    )
    html = nh3.clean(
        html,
        tags=TAGS | {"img"},
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
    head, _end, rest = html.partition("</p>") if html.startswith("<p>") else ("", "", html)
    return Asked(mark_safe(head.removeprefix("<p>")), mark_safe(rest.strip()))


def _shown_in(block, known):
    """Leads the pictures of a block to their addresses; one that is not known leaves its words. The keys shown."""
    for part in [each for each in block.children or () if each.type == "image"]:
        key = str(part.attrs["src"]).removeprefix("image:")
        if key in known and part.attrs["src"].startswith("image:"):
            address, words = known[key]
            part.attrs["src"] = address
            if not part.content:
                part.children = [Token("text", "", 0, content=words)]
            yield key
        else:
            part.type, part.tag, part.attrs, part.children = "text", "", {}, None


def _with_gaps(source):
    """____ is a gap to fill in, never emphasis."""
    return GAPS.sub(lambda found: r"\_" * len(found[0]), source)
