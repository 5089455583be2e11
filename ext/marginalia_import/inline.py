r"""Rewrite the text of a paragraph: links, images, and what MyST would take for markup of its own.

What must stay as it is (code, formulas, what tags became) is out of the text already; a mark stands
in its place. Pure text, no files. Links are read as CommonMark 0.31 says (sections 6.3 and 6.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from marginalia_import.markup import DEFINITION, MYST_LINE_START, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Link:
    """A link or an image as it was written."""

    #: Of a link: its text, rewritten. Of an image: the description, as written.
    text: str
    destination: str
    title: str
    image: bool
    #: Lines from the start of the paragraph.
    line: int = 0


class Writer(Protocol):
    """What decides about the things in a paragraph."""

    def link(self, link: Link) -> str:
        """Return MyST for a link or an image."""

    def is_code(self, mark: str) -> bool:
        """Whether a mark stands for a code span."""

    def html_image(self, tag: str, start: int) -> str:
        """Return MyST for an HTML image."""

    def attributes(self, source: str, start: int) -> str:
        """Return what is left of kramdown's ``{:.class}``."""

    def footnote(self, name: str) -> bool:
        """Whether a footnote of a name is defined."""

    def definition(self, name: str) -> tuple[str, str] | None:
        """Return the address and title that are defined under a name, if they are the site's."""


@dataclass(frozen=True)
class Habits:
    """What the Markdown of the old site does not know, so that it was plain text there."""

    #: A line that begins with a colon is no definition.
    definitions: bool
    #: ``{:.class}`` is a list of attributes.
    attributes: bool


#: How deep an image in a link in a link is looked for.
NESTED = 8
HTML_TAG = re.compile(r"""</?[A-Za-z][A-Za-z0-9-]*(?:[^<>"']|"[^"]*"|'[^']*')*>""")
AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+)>")
DESTINATION = re.compile(
    r"\(\s*(?:<((?:\\.|[^<>\n\\])*)>|((?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\]|\([^\s()]*\))*\))*))"
    r"""(?:\s+(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|\(((?:\\.|[^()\\])*)\)))?\s*\)"""
)
STRUCK = re.compile(r"~~(?=\S)([^~\n]+?)(?<=\S)~~")
KRAMDOWN_ATTRIBUTES = re.compile(r"\{:(?!:)[^{}\n]*\}")
ROLE_NAME = re.compile(r"\{[\w:+-]+\}")
ANCHOR = re.compile(r"""<a\s(?:[^>"']|"[^"]*"|'[^']*')*?\bhref\s*=\s*(["'])(.*?)\1""", re.DOTALL)
VOID = re.compile(r"<(br|hr|wbr)\s*/?>", re.IGNORECASE)


def label(text: str) -> str:
    """Return the name of a definition as names are compared (CommonMark 4.7)."""
    return " ".join(text.split()).casefold()


def rewrite(text: str, writer: Writer, habits: Habits, marks: str) -> str:
    """Return the MyST for a paragraph's *text*, on as many lines.

    :param marks: the two characters around the number of a thing that is kept elsewhere
    """
    text = MYST_LINE_START.sub(r"\g<space>\\", text)
    if not habits.definitions:
        text = DEFINITION.sub(r"\g<space>\\", text)
    text = STRUCK.sub(r"<del>\1</del>", text)
    return _Paragraph(text, writer, habits, marks).rewritten()


class _Paragraph:
    """One run over a paragraph."""

    def __init__(self, text: str, writer: Writer, habits: Habits, marks: str) -> None:
        self.text = text
        self.writer = writer
        self.habits = habits
        opening, closing = marks[0], marks[1]
        self.mark = re.compile(f"{opening}\\d+{closing}")
        self.special = re.compile(rf"\\.|{opening}\d+{closing}|!?\[|\]|<|\$|\{{", re.DOTALL)
        #: How many links the text is in; Markdown allows an image in a link, no link in a link.
        self.depth = 0
        self.brackets = dict(self._pairs())

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each opening bracket with the closing one that belongs to it."""
        stack: list[int] = []
        position = 0
        pattern = re.compile(rf"\\.|{self.mark.pattern}|[\[\]<]", re.DOTALL)
        while match := pattern.search(self.text, position):
            position = match.end()
            if match[0] == "[":
                stack.append(match.start())
            elif match[0] == "]" and stack:
                yield stack.pop(), match.start()
            elif match[0] == "<" and (skipped := self._angle(match.start())):
                position = skipped.end()

    def _angle(self, position: int) -> re.Match[str] | None:
        return HTML_TAG.match(self.text, position) or AUTOLINK.match(self.text, position)

    def rewritten(self, start: int = 0, end: int | None = None) -> str:
        end = len(self.text) if end is None else end
        out: list[str] = []
        position = start
        self.depth += 1
        while position < end:
            match = self.special.search(self.text, position, end)
            if match is None:
                out.append(self.text[position:end])
                break
            out.append(self.text[position : match.start()])
            written, position = self._at(match, end)
            out.append(written)
        self.depth -= 1
        return "".join(out)

    def _at(self, match: re.Match[str], end: int) -> tuple[str, int]:
        """Return what to write for the special character here, and where to go on."""
        found, start = match[0], match.start()
        if found.endswith("["):
            return self._bracket(found, match.end() - 1, end)
        if found == "]":
            return self._behind(found, match.end())
        if found == "<":
            return self._html(start)
        if found == "$":
            return r"\$", match.end()
        if found == "{":
            return self._brace(start)
        if self.mark.fullmatch(found) and self.writer.is_code(found):
            return self._behind(found, match.end())
        return found, match.end()

    def _bracket(self, found: str, opening: int, end: int) -> tuple[str, int]:
        """Return a link or an image, or the bracket alone: what is behind it is read next."""
        closing = self.brackets.get(opening, end)
        if closing >= end or self.depth > NESTED:
            return found, opening + 1
        place = DESTINATION.match(self.text, closing + 1, end)
        if place is None:
            return self._reference(found, opening, closing, end)
        title = next((group for group in place.groups()[2:] if group is not None), "")
        address = place[1] if place[1] is not None else place[2] or ""
        return self._link(found, (opening, closing), (address, title), place.end())

    def _link(
        self, found: str, bounds: tuple[int, int], place: tuple[str, str], behind: int
    ) -> tuple[str, int]:
        image = found == "!["
        opening, closing = bounds
        text = self.text[opening + 1 : closing]
        link = Link(
            text if image else self.rewritten(opening + 1, closing),
            unescaped(place[0]),
            unescaped(place[1]),
            image=image,
            line=self.text.count("\n", 0, opening),
        )
        return self._behind(self.writer.link(link), behind)

    def _reference(self, found: str, opening: int, closing: int, end: int) -> tuple[str, int]:
        """Return a link whose address is defined elsewhere, ``[text][name]``, or the bracket."""
        name, behind = self.text[opening + 1 : closing], closing + 1
        if name.startswith("^") and found == "[":
            known = self.writer.footnote(name[1:])
            return ("" if known else "\\") + self.text[opening : closing + 1], closing + 1
        if self.text.startswith("[", behind) and (last := self.brackets.get(behind, end)) < end:
            name, behind = self.text[behind + 1 : last] or name, last + 1
        defined = self.writer.definition(label(name))
        if defined is None:
            return found, opening + 1
        return self._link(found, (opening, closing), defined, behind)

    def _behind(self, written: str, position: int) -> tuple[str, int]:
        """Keep a brace behind code, a link or brackets from being read as their attributes."""
        if not self.text.startswith("{", position):
            return written, position
        if self.habits.attributes and KRAMDOWN_ATTRIBUTES.match(self.text, position):
            return written, position
        return written + "\\{", position + 1

    def _brace(self, start: int) -> tuple[str, int]:
        if self.habits.attributes and (found := KRAMDOWN_ATTRIBUTES.match(self.text, start)):
            return self.writer.attributes(found[0], start), found.end()
        name = ROLE_NAME.match(self.text, start)
        mark = self.mark.match(self.text, name.end()) if name else None
        if mark and self.writer.is_code(mark[0]):
            return "\\{", start + 1  # before code it would be a role
        if name and self.text.startswith("`", name.end()):
            return "\\{", start + 1
        return "{", start + 1

    def _anchor(self, anchor: re.Match[str], tag: re.Match[str]) -> tuple[str, int] | None:
        """Return a link for ``<a href="…">…</a>``."""
        closing = self.text.find("</a>", tag.end())
        if closing < 0 or "<a " in self.text[tag.end() : closing]:
            return None
        link = Link(
            self.rewritten(tag.end(), closing),
            anchor[2],
            "",
            image=False,
            line=self.text.count("\n", 0, tag.start()),
        )
        return self._behind(self.writer.link(link), closing + len("</a>"))

    def _html(self, start: int) -> tuple[str, int]:
        if tag := HTML_TAG.match(self.text, start):
            if tag[0][:4].lower() == "<img":
                return self.writer.html_image(tag[0], start), tag.end()
            if (anchor := ANCHOR.match(tag[0])) and (linked := self._anchor(anchor, tag)):
                return linked
            return VOID.sub(r"<\1 />", tag[0]), tag.end()
        if auto := AUTOLINK.match(self.text, start):
            return auto[0], auto.end()
        return "<", start + 1


def only_image(text: str, habits: Habits, marks: str) -> Link | None:
    """Return the image that *text* is, if it is one and nothing else."""
    taker = _OneImage()
    rest = rewrite(text, taker, habits, marks)
    return None if rest.strip() else taker.found


class _OneImage:
    """Take the first image of a text out of it; everything else stays as it is."""

    def __init__(self) -> None:
        self.found: Link | None = None

    def link(self, link: Link) -> str:
        if link.image and self.found is None:
            self.found = link
            return ""
        return "x"

    def is_code(self, mark: str) -> bool:
        return False

    def html_image(self, tag: str, start: int) -> str:
        return "x"

    def attributes(self, source: str, start: int) -> str:
        return ""

    def definition(self, name: str) -> tuple[str, str] | None:
        return None

    def footnote(self, name: str) -> bool:
        return True
