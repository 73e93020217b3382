"""Markdown of lessons as safe HTML."""

import nh3
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline

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


def _inline(block):
    if block.type in ("fence", "code_block"):
        return block.content.strip()
    parts = (" " if part.type in ("softbreak", "hardbreak") else part.content for part in block.children or ())
    return "".join(parts)
