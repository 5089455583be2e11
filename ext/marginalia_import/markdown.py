r"""Rewrite the inline text of the old site. No files.

Links and images are read by CommonMark 0.31 (sections 6.3 and 6.4), and whatever MyST would take
for markup of its own is escaped. Code, formulas and tags are out of the text already; placeholders
stand for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from marginalia_import.myst import unescape
from marginalia_import.placeholders import Verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marginalia_import.placeholders import Placeholders
    from marginalia_import.syntax import Syntax


# Inline text

#: The deepest nesting in which images and links are read.
MAX_DEPTH = 8
#: What MyST, but not Markdown, reads as the start of a block.
MYST_BLOCK_START = re.compile(
    r"^(?P<space> {0,3})(?=%|\+\+\+|:::|\([^()\n]+\)=[ \t]*$)", re.MULTILINE
)
DEFINITION = re.compile(r"^(?P<space> {0,3})(?=:[ \t])", re.MULTILINE)
HTML_TAG = re.compile(r"""</?[A-Za-z][A-Za-z0-9-]*(?:[^<>"']|"[^"]*"|'[^']*')*>""")
#: An address without angle brackets, which some dialects turn into a link (GFM, section 6.9).
BARE_ADDRESS = re.compile(
    r"(?<![^\s(*_~])https?://(?>[^\s<>\0]*[^\s<>\0?!.,:;*_~'\")])(?=[\s?!.,:;*_~'\")]|\Z)"
)
AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+)>")
DESTINATION = re.compile(
    r"\(\s*(?:<((?:\\.|[^<>\n\\])*)>|((?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\]|\([^\s()]*\))*\))*))"
    r"""(?:\s+(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|\(((?:\\.|[^()\\])*)\)))?\s*\)"""
)
STRIKETHROUGH = re.compile(r"~~(?=\S)([^~\n]+?)(?<=\S)~~")
ROLE_NAME = re.compile(r"\{[\w:+-]+\}")
#: Before a footnote's number until all notes are converted: a noncharacter, which no text contains.
NUMBER = "\ufdd2"
ANCHOR = re.compile(r"""<a\s(?:[^>"']|"[^"]*"|'[^']*')*?\bhref\s*=\s*(["'])(.*?)\1""", re.DOTALL)
VOID = re.compile(r"<(br|hr|wbr)\s*/?>", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A link or an image as it was written."""

    #: The rewritten text of a link; the description of an image, as written.
    text: str
    destination: str
    title: str
    image: bool
    #: Lines from the start of the paragraph.
    line: int = 0


class InlineWriter(Protocol):
    """What converts the elements of inline text."""

    placeholders: Placeholders
    syntax: Syntax
    #: The footnotes that the article defines.
    defined_footnotes: set[str]
    #: The link reference definitions that lead into the site: address and title by name.
    link_definitions: dict[str, tuple[str, str]]

    def link(self, link: Link) -> str:
        """Return MyST for a link or an image."""

    def html_image(self, tag: str) -> str:
        """Return MyST for an HTML image."""

    def attribute_list(self, source: str) -> str:
        """Return what to write for a list of attributes."""


def footnote_name(name: str) -> str:
    """Return the name of a footnote while an article is converted."""
    return f"{NUMBER}{name}" if name.isdecimal() else name


def normalize_label(text: str) -> str:
    """Return the label of a link reference in the form to compare (CommonMark 4.7)."""
    return " ".join(text.split()).casefold()


def rewrite_inline(text: str, writer: InlineWriter) -> str:
    """Return the MyST for inline text, on as many lines."""
    text = MYST_BLOCK_START.sub(r"\g<space>\\", text)
    if not writer.syntax.definition_lists:
        text = DEFINITION.sub(r"\g<space>\\", text)
    text = STRIKETHROUGH.sub(r"<del>\1</del>", text)
    return _InlineRewriter(text, writer).rewrite(0, len(text))


def single_image(text: str, writer: InlineWriter) -> Link | None:
    """Return the image that inline Markdown consists of, if it is one and nothing else."""
    text = text.strip()
    closing = dict(bracket_pairs(text, writer.placeholders.pattern.pattern)).get(1)
    if closing is None or not text.startswith("!["):
        return None
    destination = DESTINATION.match(text, closing + 1)
    if destination is None:
        return None
    rest = text[destination.end() :]
    if writer.syntax.attribute_list.sub("", rest).strip():
        return None
    address, title = read_destination(destination)
    return Link(text[2:closing], unescape(address), unescape(title), image=True)


@cache
def _bracket_signs(placeholder: str) -> re.Pattern[str]:
    return re.compile(rf"\\.|{placeholder}|\[|\]|<", re.DOTALL)


@cache
def _special_signs(placeholder: str) -> re.Pattern[str]:
    return re.compile(rf"\\.|{placeholder}|!\[|\[|\]|<|\$|\{{", re.DOTALL)


def bracket_pairs(text: str, placeholder: str) -> Iterator[tuple[int, int]]:
    """Yield the position of each opening bracket with that of its closing one."""
    stack: list[int] = []
    position = 0
    pattern = _bracket_signs(placeholder)
    while match := pattern.search(text, position):
        position = match.end()
        if match[0] == "[":
            stack.append(match.start())
        elif match[0] == "]" and stack:
            yield stack.pop(), match.start()
        elif match[0] == "<":
            skipped = HTML_TAG.match(text, match.start()) or AUTOLINK.match(text, match.start())
            position = skipped.end() if skipped else position


def read_destination(match: re.Match[str]) -> tuple[str, str]:
    """Return the address and the title after the text of a link."""
    bracketed, plain, *titles = match.groups()
    title = next((title for title in titles if title is not None), "")
    return (plain or "" if bracketed is None else bracketed), title


class _InlineRewriter:
    """One pass over inline text. Methods return what to write, and the position after."""

    def __init__(self, text: str, writer: InlineWriter) -> None:
        self.text = text
        self.writer = writer
        self.placeholder = writer.placeholders.pattern
        self.special = _special_signs(self.placeholder.pattern)
        #: The nesting of links: Markdown allows an image in a link, no link in a link.
        self.depth = 0
        self.brackets = dict(bracket_pairs(text, self.placeholder.pattern))

    def rewrite(self, start: int, end: int) -> str:
        out: list[str] = []
        position = start
        self.depth += 1
        while position < end:
            match = self.special.search(self.text, position, end)
            if match is None:
                out.append(self._plain(position, end))
                break
            out.append(self._plain(position, match.start()))
            written, position = self._special(match, end)
            out.append(written)
        self.depth -= 1
        return "".join(out)

    def _plain(self, start: int, end: int) -> str:
        """Return text without signs; an address in it may be a link."""
        text = self.text[start:end]
        if self.depth > 1 or not self.writer.syntax.links_addresses or "://" not in text:
            return text
        # One that goes on after a sign stays as it is.
        after = "\0" * (end < len(self.text))
        return BARE_ADDRESS.sub(r"<\g<0>>", text + after).removesuffix("\0")

    def _special(self, match: re.Match[str], end: int) -> tuple[str, int]:
        sign, start = match[0], match.start()
        if sign.endswith("["):
            return self._bracket(sign, match.end() - 1, end)
        if sign == "]":
            return self._escape_brace(sign, match.end())
        if sign == "<":
            return self._html(start)
        if sign == "$":
            return r"\$", match.end()
        if sign == "{":
            return self._brace(start)
        if self.placeholder.fullmatch(sign) and self._is_code(sign):
            return self._escape_brace(sign, match.end())
        return sign, match.end()

    def _is_code(self, placeholder: str) -> bool:
        fragment = self.writer.placeholders.fragment(placeholder)
        return isinstance(fragment, Verbatim) and fragment.is_code

    def _bracket(self, sign: str, opening: int, end: int) -> tuple[str, int]:
        """Return a link or an image, or the bracket alone."""
        closing = self.brackets.get(opening, end)
        if closing >= end or self.depth > MAX_DEPTH:
            return sign, opening + 1
        text, image = self.text[opening + 1 : closing], sign == "!["
        if destination := DESTINATION.match(self.text, closing + 1, end):
            target, after = read_destination(destination), destination.end()
        elif text.startswith("^") and not image:
            if text[1:] in self.writer.defined_footnotes:
                return f"[^{footnote_name(text[1:])}]", closing + 1
            return f"\\[{text}]", closing + 1
        else:
            name, after = self._reference(text, closing + 1, end)
            definition = self.writer.link_definitions.get(normalize_label(name))
            if definition is None:
                return sign, opening + 1
            target = definition
        line = self.text.count("\n", 0, opening)
        text = text if image else self.rewrite(opening + 1, closing)
        link = Link(text, unescape(target[0]), unescape(target[1]), image=image, line=line)
        return self._escape_brace(self.writer.link(link), after)

    def _reference(self, text: str, after: int, end: int) -> tuple[str, int]:
        """Return the name of a link reference, ``[text][name]`` or ``[text]``, and its end."""
        if self.text.startswith("[", after) and (last := self.brackets.get(after, end)) < end:
            return self.text[after + 1 : last] or text, last + 1
        return text, after

    def _escape_brace(self, written: str, position: int) -> tuple[str, int]:
        """Escape a brace at *position*: MyST would read attributes of code, links and brackets."""
        if not self.text.startswith("{", position):
            return written, position
        if self.writer.syntax.attribute_list.match(self.text, position):
            return written, position
        return written + "\\{", position + 1

    def _brace(self, start: int) -> tuple[str, int]:
        if match := self.writer.syntax.attribute_list.match(self.text, start):
            return self.writer.attribute_list(match[0]), match.end()
        name = ROLE_NAME.match(self.text, start)
        code = self.placeholder.match(self.text, name.end()) if name else None
        before_code = code and self._is_code(code[0])
        if before_code or (name and self.text.startswith("`", name.end())):
            return "\\{", start + 1  # MyST would read a role
        return "{", start + 1

    def _html(self, start: int) -> tuple[str, int]:
        if tag := HTML_TAG.match(self.text, start):
            if tag[0][:4].lower() == "<img":
                return self.writer.html_image(tag[0]), tag.end()
            if (anchor := ANCHOR.match(tag[0])) and (link := self._html_link(anchor, tag)):
                return link
            return VOID.sub(r"<\1 />", tag[0]), tag.end()
        if autolink := AUTOLINK.match(self.text, start):
            return autolink[0], autolink.end()
        return "<", start + 1

    def _html_link(self, anchor: re.Match[str], tag: re.Match[str]) -> tuple[str, int] | None:
        """Return a link for ``<a href="…">…</a>``."""
        closing = self.text.find("</a>", tag.end())
        if closing < 0 or "<a " in self.text[tag.end() : closing]:
            return None
        text = self.rewrite(tag.end(), closing)
        line = self.text.count("\n", 0, tag.start())
        link = Link(text, anchor[2], "", image=False, line=line)
        return self._escape_brace(self.writer.link(link), closing + len("</a>"))
