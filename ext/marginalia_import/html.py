"""HTML in an article: its structure, and what is inline in it as Markdown. Pure text, no files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from marginalia_import.markup import code_span, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ATTRIBUTES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
ATTRIBUTE = re.compile(r"""([\w:-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")

#: The elements that begin a block, so that Markdown reads a line with one as HTML (CommonMark 4.6).
BLOCKS = (
    "address article aside blockquote body caption center col colgroup dd details dialog dir div "
    "dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr "
    "html iframe legend li link main menu menuitem nav noframes ol optgroup option p param search "
    "section summary table tbody td tfoot th thead title tr track ul"
).split()
BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(BLOCKS)})\b{ATTRIBUTES}>", re.IGNORECASE)
#: The elements whose text is no text.
OPAQUE = re.compile(r"<(script|style|pre|svg|textarea|math)\b", re.IGNORECASE)

EMPHASIS = {"em": "*", "i": "*", "cite": "*", "dfn": "*", "var": "*", "strong": "**", "b": "**"}
ROLES = {"sub": "sub", "sup": "sup", "kbd": "kbd"}
CODE = {"code", "tt", "samp"}


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag, ``<img src="x" hidden>``, with entities resolved."""
    inner = re.sub(r"^</?[\w-]+", "", tag).rstrip("/>")
    return {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(inner)
    }


@dataclass
class Fragment:
    """HTML read as inline text."""

    #: Markdown on one line.
    markdown: str = ""
    #: The attributes of each image in it.
    images: list[dict[str, str]] = field(default_factory=list)
    #: The elements in it that are neither inline nor an image.
    other: set[str] = field(default_factory=set)


def inline(
    html: str, link: Callable[[str, str], str], image: Callable[[dict[str, str]], str]
) -> Fragment:
    """Return the Markdown that shows what *html* shows, where that is inline.

    :param link: makes MyST of a link's text and address
    :param image: makes MyST of an image's attributes
    """
    reader = _Inline(link, image)
    reader.feed(html)
    reader.close()
    return reader.result()


class _Inline(HTMLParser):
    """Write each element as Markdown; unknown ones leave their text."""

    def __init__(
        self, link: Callable[[str, str], str], image: Callable[[dict[str, str]], str]
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.link = link
        self.image = image
        self.fragment = Fragment()
        #: Open elements, each with its attributes and the text so far.
        self.open: list[tuple[str, dict[str, str], list[str]]] = [("", {}, [])]
        #: How many elements of each name are open.
        self.names: Counter[str] = Counter()

    def result(self) -> Fragment:
        while len(self.open) > 1:
            self.handle_endtag(self.open[-1][0])
        self.fragment.markdown = " ".join("".join(self.open[0][2]).split())
        return self.fragment

    def write(self, text: str) -> None:
        self.open[-1][2].append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.fragment.images.append(values)
            self.write(self.image(values))
        elif tag in {"br", "wbr"}:
            self.write(" ")
        else:
            if tag not in INLINE:
                self.fragment.other.add(tag)
            if tag == "a":
                # No link is within another: HTML ends the one that is open (section 13.2.6.4.7).
                self.handle_endtag(tag)
            self.open.append((tag, values, []))
            self.names[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1][0] == tag:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.names[tag]:
            return
        while True:
            name, values, parts = self.open.pop()
            self.names[name] -= 1
            self.write(self.element(name, values, "".join(parts)))
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self.write(data if self.within_code() else escape(data))

    def within_code(self) -> bool:
        return any(self.names[name] for name in CODE)

    def element(self, name: str, values: dict[str, str], text: str) -> str:
        """Return the Markdown of a whole element; blanks at its ends stay outside of its marks."""
        core = text.strip()
        if not core:
            return text
        before = text[: len(text) - len(text.lstrip())]
        after = text[len(text.rstrip()) :]
        if name in EMPHASIS:
            core = f"{EMPHASIS[name]}{core}{EMPHASIS[name]}"
        elif name in CODE and not self.within_code():
            core = code_span(core)
        elif name in ROLES:
            core = f"{{{ROLES[name]}}}`{core}`"
        elif name == "a" and "href" in values:
            core = self.link(core, values["href"])
        elif name not in INLINE:
            before, after = before or " ", after or " "
        return f"{before}{core}{after}"


INLINE = {
    *EMPHASIS,
    *ROLES,
    *CODE,
    *"a abbr bdi bdo big data del font ins label mark q s small span strike time u".split(),
    *"picture source".split(),
}


@dataclass(frozen=True)
class Element:
    """An element found in an article, by its offsets."""

    name: str
    attributes: dict[str, str]
    start: int
    end: int
    #: What is between its tags.
    inner_start: int
    inner_end: int


def elements(text: str, name: str) -> list[Element]:
    """Return the outermost elements *name*, in order; one that is not closed is none."""
    pattern = re.compile(rf"<(/?){name}\b{ATTRIBUTES}>", re.IGNORECASE)
    found: list[Element] = []
    stack: list[re.Match[str]] = []
    for match in pattern.finditer(text):
        if not match[1]:
            stack.append(match)
        elif stack:
            opening = stack.pop()
            while found and found[-1].start > opening.start():
                found.pop()  # it is within this one
            bounds = (opening.start(), match.end(), opening.end(), match.start())
            found.append(Element(name, attributes(opening[0]), *bounds))
    return found


def segments(html: str) -> Iterator[tuple[str, bool]]:
    """Yield *html* cut at the tags of blocks: each piece, and whether it is text between them."""
    position = 0
    for tag in BLOCK_TAG.finditer(html):
        if html[position : tag.start()].strip():
            yield html[position : tag.start()], True
        yield tag[0], False
        position = tag.end()
    if html[position:].strip():
        yield html[position:], True
