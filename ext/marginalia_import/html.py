"""HTML in an article: find elements, and write inline HTML as Markdown. Pure text, no files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from marginalia_import.myst import escape

if TYPE_CHECKING:
    from collections.abc import Collection

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
CODE = {"code", "tt", "samp"}
INLINE_ELEMENTS = {
    *EMPHASIS,
    *CODE,
    *"a abbr bdi bdo big br data del font img ins kbd label mark picture q s small".split(),
    *"source span strike sub sup time u wbr".split(),
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
