"""What kramdown reads and CommonMark does not: attribute lists, and HTML with blank lines in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import.draft import Draft
from marginalia_import.html import ATTRIBUTES, BLOCKS
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from marginalia_import.page import ArticlePage

ATTRIBUTE_LINE = re.compile(r"^[ \t>]*\{:(?!:)[ \t]*(?P<list>[^{}]*)\}[ \t]*$")
CONTENTS = re.compile(r"^(?:toc\b|.*\btoc\b)")
LIST_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+")
HEADING = re.compile(r"^(?P<signs>#{1,6})(?=[^#\s])")
ANY_HEADING = re.compile(r"^#{1,6}[ \t]+\S")
#: ``{::options … /}``, and the ends of a block in which kramdown reads nothing.
EXTENSION = re.compile(r"^[ \t]*\{(?:::(?:options|nomarkdown)\b[^{}]*|:/(?:nomarkdown)?)\}[ \t]*$")
#: What a word stands for, shown where a reader points at it.
ABBREVIATION = re.compile(r"^\*\[[^\]]+\]:[ \t]")
IDENTIFIER = re.compile(r"(?:^|\s)#([\w:.-]+)")
NAMES = f"(?:{'|'.join(BLOCKS)}|video|audio|svg|object)"
OPENING = re.compile(
    rf"^ {{0,3}}(?P<tag><(?P<name>{NAMES})\b(?P<rest>{ATTRIBUTES})>)", re.IGNORECASE
)
TAG = re.compile(rf"<(?P<end>/?)(?P<name>{NAMES})\b{ATTRIBUTES}>", re.IGNORECASE)
MARKDOWN = re.compile(r"""\s+markdown\s*=\s*["']?(?:1|block|span|0)?["']?""", re.IGNORECASE)


def adapted(page: ArticlePage, draft: Draft) -> Draft:
    """Return the draft in CommonMark, with what has no place there reported."""
    lines, origins = list(draft.lines), list(draft.origins)
    for number, line in enumerate(lines):
        page.line = origins[number]
        lines[number] = HEADING.sub(r"\g<signs> ", line)
        if EXTENSION.match(line) or ABBREVIATION.match(line):
            lines[number] = ""
            page.report(Kind.ATTRIBUTES, f"{line.strip()} left out")
            continue
        if match := ATTRIBUTE_LINE.match(line):
            lines[number] = ""
            _attributes(page, lines, number, match["list"].strip())
    out = Draft()
    out.lines, out.origins = lines, origins
    return _sealed(page, out)


def _attributes(page: ArticlePage, lines: list[str], number: int, source: str) -> None:
    """Take away a list of attributes: a heading keeps its name, a table of contents goes whole."""
    before = lines[number - 1] if number else ""
    if CONTENTS.match(source) and (LIST_ITEM.match(before) or not before.strip()):
        start = number
        while start and LIST_ITEM.match(lines[start - 1]):
            start -= 1
        lines[start:number] = [""] * (number - start)
        page.report(Kind.CONTENTS, "a table of contents left out: the theme shows one")
        return
    name = IDENTIFIER.search(source)
    if name and ANY_HEADING.match(before):
        lines[number - 1] = f"{before} {{#{name[1]}}}"
        source = IDENTIFIER.sub("", source).strip()
    if source:
        page.report(Kind.ATTRIBUTES, f"{{:{source}}} left out")


def _sealed(page: ArticlePage, draft: Draft) -> Draft:
    """Return the draft with no blank line within an element of HTML, which would end it for MyST.

    Where ``markdown="1"`` says that Markdown is within, blank lines set that apart instead.
    """
    out = Draft()
    out.lines, out.origins = [], []
    lines, origins = draft.lines, draft.origins
    number = 0
    ends = _ends(lines)
    while number < len(lines):
        match = OPENING.match(lines[number])
        end = ends.get(number)
        if match is None or end is None:
            out.lines.append(lines[number])
            out.origins.append(origins[number])
            number += 1
            continue
        inner = lines[number : end + 1]
        if "markdown" in match["rest"]:
            inner = _opened(inner, match)
            out.lines += inner
            out.origins += [origins[number]] * len(inner)
        else:
            for offset, line in enumerate(inner):
                if line.strip():
                    indent = inner[0][: len(inner[0]) - len(inner[0].lstrip())]
                    out.lines.append(indent + line.strip())
                    out.origins.append(origins[number + offset])
        number = end + 1
    return out


def _ends(lines: list[str]) -> dict[int, int]:
    """Return the line on which each element ends that begins a line, by that line; in one pass."""
    stacks: dict[str, list[tuple[int, bool]]] = {}
    found: dict[int, int] = {}
    for number, line in enumerate(lines):
        first = OPENING.match(line)
        for tag in TAG.finditer(line):
            name = tag["name"].lower()
            stack = stacks.setdefault(name, [])
            if not tag["end"]:
                stack.append((number, first is not None and tag.start() == first.start("tag")))
            elif stack:
                start, begins = stack.pop()
                if begins:
                    found[start] = number
    return found


def _opened(lines: list[str], match: re.Match[str]) -> list[str]:
    """Return an element with blank lines around its content, which is Markdown."""
    text = "\n".join(lines)
    opening = MARKDOWN.sub("", match[0])
    rest = text[match.end() :]
    at = rest.lower().rfind(f"</{match['name'].lower()}")
    if at < 0:
        return lines
    return [*f"{opening}\n\n{rest[:at].strip(chr(10))}\n\n{rest[at:]}".split("\n")]
