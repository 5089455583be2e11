"""HTML in an article: find elements, and write inline HTML as Markdown. Pure text, no files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from marginalia_import.myst import code_span, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

ATTRIBUTES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
ATTRIBUTE = re.compile(r"""([\w:-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")

#: The elements that start an HTML block of Markdown (CommonMark 0.31, section 4.6).
BLOCK_ELEMENTS = (
    "address article aside blockquote body caption center col colgroup dd details dialog dir div "
    "dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr "
    "html iframe legend li link main menu menuitem nav noframes ol optgroup option p param search "
    "section summary table tbody td tfoot th thead title tr track ul"
).split()
#: In a group, so that a split keeps the tags.
BLOCK_TAG = re.compile(rf"(</?(?:{'|'.join(BLOCK_ELEMENTS)})\b{ATTRIBUTES}>)", re.IGNORECASE)
#: The elements whose content is no text to read.
OPAQUE = re.compile(r"<(script|style|pre|svg|textarea|math)\b", re.IGNORECASE)

EMPHASIS = {"em": "*", "i": "*", "cite": "*", "dfn": "*", "var": "*", "strong": "**", "b": "**"}
ROLES = {"sub": "sub", "sup": "sup", "kbd": "kbd"}
CODE = {"code", "tt", "samp"}
INLINE_ELEMENTS = {
    *EMPHASIS,
    *ROLES,
    *CODE,
    *"a abbr bdi bdo big data del font ins label mark q s small span strike time u".split(),
    *"picture source".split(),
}


def selectors(name: str, classes: str) -> list[str]:
    """Return the names under which an element may have a rule, the most particular first.

    >>> selectors("P", "a b")
    ['<p.a>', '<p.b>', '.a', '.b', '<p>']
    """
    names = classes.split()
    element = name.lower()
    return [
        *(f"<{element}.{each}>" for each in names),
        *(f".{each}" for each in names),
        f"<{element}>",
    ]


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag, ``<img src="x" hidden>``, with entities decoded."""
    inner = re.sub(r"^</?[\w-]+", "", tag).rstrip("/>")
    return {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(inner)
    }


class InlineReader(HTMLParser):
    """Inline HTML as Markdown. Elements without a counterpart leave their text.

    :param link: returns MyST for the text and the address of a link
    :param image: returns MyST for the attributes of an image
    """

    def __init__(
        self, html: str, link: Callable[[str, str], str], image: Callable[[dict[str, str]], str]
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.link = link
        self.image = image
        #: The attributes of each image.
        self.images: list[dict[str, str]] = []
        #: The names of the elements that are neither inline nor an image.
        self.block_elements: set[str] = set()
        #: The open elements: name, attributes, and the Markdown within so far.
        self.open: list[tuple[str, dict[str, str], list[str]]] = [("", {}, [])]
        #: The number of open elements by name.
        self.open_names: Counter[str] = Counter()
        self.feed(html)
        self.close()
        while len(self.open) > 1:
            self.handle_endtag(self.open[-1][0])
        #: The Markdown, on one line.
        self.markdown = " ".join("".join(self.open[0][2]).split())

    def write(self, text: str) -> None:
        self.open[-1][2].append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.images.append(values)
            self.write(self.image(values))
        elif tag in {"br", "wbr"}:
            self.write(" ")
        else:
            if tag not in INLINE_ELEMENTS:
                self.block_elements.add(tag)
            if tag == "a":
                # Links do not nest: a second one closes the first (HTML, section 13.2.6.4.7).
                self.handle_endtag(tag)
            self.open.append((tag, values, []))
            self.open_names[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1][0] == tag:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open_names[tag]:
            return
        while True:
            name, values, parts = self.open.pop()
            self.open_names[name] -= 1
            self.write(self.element(name, values, "".join(parts)))
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self.write(data if self.within_code() else escape(data))

    def within_code(self) -> bool:
        return any(self.open_names[name] for name in CODE)

    def element(self, name: str, values: dict[str, str], text: str) -> str:
        """Return the Markdown of an element; spaces at its ends stay outside its markup."""
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
        elif name not in INLINE_ELEMENTS:
            before, after = before or " ", after or " "
        return f"{before}{core}{after}"


def element_tags(names: Collection[str]) -> re.Pattern[str] | None:
    """Return what finds the tags of elements with a rule; a rule for a class may mean any."""
    if not names:
        return None
    elements = {r"jsx-[\w-]+"} if any(name.startswith("<jsx-") for name in names) else set()
    elements |= {re.escape(name.strip("<>").partition(".")[0]) for name in names if name[0] == "<"}
    pattern = (
        "|".join(sorted(elements)) if all(name[0] == "<" for name in names) else r"[a-z][\w-]*"
    )
    return re.compile(
        rf"<(?P<end>/?)(?P<name>{pattern})(?=[\s/>])(?P<rest>{ATTRIBUTES})>", re.IGNORECASE
    )


@dataclass(frozen=True)
class Element:
    """An element of an article, by its offsets."""

    name: str
    attributes: dict[str, str]
    start: int
    end: int
    #: The bounds of its content.
    inner_start: int
    inner_end: int


def find_elements(text: str, name: str, start: int = 0, end: int | None = None) -> list[Element]:
    """Return the outermost elements *name* in order, without those that are not closed.

    :param start: the bounds of the text to search
    """
    pattern = re.compile(rf"<(/?){name}\b{ATTRIBUTES}>", re.IGNORECASE)
    elements: list[Element] = []
    stack: list[re.Match[str]] = []
    for match in pattern.finditer(text, start, len(text) if end is None else end):
        if not match[1]:
            stack.append(match)
        elif stack:
            opening = stack.pop()
            while elements and elements[-1].start > opening.start():
                elements.pop()  # it is within this one
            bounds = (opening.start(), match.end(), opening.end(), match.start())
            elements.append(Element(name, attributes(opening[0]), *bounds))
    return elements


MATH = re.compile(r"\\\((.+?)\\\)|(\$\$.+?\$\$)|\\\[(.+?)\\\]", re.DOTALL)


def text_to_markdown(text: str) -> str:
    """Return text with its signs escaped, and its formulas between dollars."""
    parts: list[str] = []
    position = 0
    for match in MATH.finditer(text):
        inline, display, block = match.groups()
        tex = " ".join((inline or block or display.strip("$")).split())
        parts += [escape(text[position : match.start()]), f"${tex}$" if inline else f"$${tex}$$"]
        position = match.end()
    return "".join([*parts, escape(text[position:])])
