"""Turn kramdown into CommonMark: attribute lists, and HTML that contains blank lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import.blocks import HEADING_ID
from marginalia_import.context import languages
from marginalia_import.html import ATTRIBUTES, BLOCK_ELEMENTS
from marginalia_import.lines import Buffer
from marginalia_import.myst import callout
from marginalia_import.myst.names import CALLOUTS
from marginalia_import.placeholders import BlockEnd, BlockStart, Verbatim
from marginalia_import.report import Kind
from marginalia_import.rules import parse_shell
from marginalia_import.syntax import Syntax

if TYPE_CHECKING:
    from marginalia_import.page import ArticlePage

ATTRIBUTE_LINE = re.compile(r"^[ \t>]*\{:(?!:)[ \t]*(?P<list>[^{}]*)\}[ \t]*$")
OWN_ATTRIBUTES = re.compile(r"[ \t]*\{:(?!:)[^{}]*\}[ \t]*$")
#: The class of a block that has a callout of that name, in Jekyll's themes and The Carpentries.
LESSON_CALLOUTS = {*CALLOUTS, "callout", "discussion", "solution"}
#: The class that names the language of the code above.
LANGUAGE = re.compile(r"\.(?:language-)?(?P<name>[\w+#-]+)")
FENCE = re.compile(r"[ \t>]*(?:~{3,}|`{3,})(?=[ \t]*\n)")
CONTENTS = re.compile(r"^(?:toc\b|.*\btoc\b)")
LIST_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+")
#: A heading without a space after its signs.
TIGHT_HEADING = re.compile(r"^(?P<signs>#{1,6})(?=[^#\s])")
HEADING = re.compile(r"^#{1,6}[ \t]+\S")
#: ``{::options … /}``, and the ends of a block in which kramdown reads nothing.
EXTENSION = re.compile(r"^[ \t]*\{(?:::(?:options|nomarkdown)\b[^{}]*|:/(?:nomarkdown)?)\}[ \t]*$")
#: A class, without what the theme Chirpy writes before the kind of a callout.
CLASS = re.compile(r"(?:^|\s)\.(?:prompt-)?([\w-]+)")
IDENTIFIER = re.compile(r"(?:^|\s)#([\w:.-]+)")
NAMES = f"(?:{'|'.join(BLOCK_ELEMENTS)}|video|audio|svg|object)"
OPENING = re.compile(
    rf"^ {{0,3}}(?P<tag><(?P<name>{NAMES})\b(?P<rest>{ATTRIBUTES})>)", re.IGNORECASE
)
TAG = re.compile(rf"<(?P<end>/?)(?P<name>{NAMES})\b{ATTRIBUTES}>", re.IGNORECASE)
MARKDOWN = re.compile(r"""\s+markdown\s*=\s*["']?(?:1|block|span|0)?["']?""", re.IGNORECASE)


class KramdownSyntax(Syntax):
    """The Markdown of Jekyll."""

    parse_arguments = staticmethod(parse_shell)
    kramdown = True
    attribute_list = re.compile(r"\{:(?!:)[^{}\n]*\}")
    typographer = True
    definition_lists = True

    def to_commonmark(self, page: ArticlePage, buffer: Buffer) -> Buffer:
        return to_commonmark(page, buffer)


def to_commonmark(page: ArticlePage, buffer: Buffer) -> Buffer:
    """Return the lines in CommonMark; what it cannot express is removed and reported."""
    buffer = _convert_callouts(page, buffer)
    lines = list(buffer.lines)
    for number, line in enumerate(lines):
        page.line = buffer.source_lines[number]
        lines[number] = TIGHT_HEADING.sub(r"\g<signs> ", line)
        if EXTENSION.match(line):
            lines[number] = ""
            page.report(Kind.ATTRIBUTES, f"{line.strip()} left out")
        elif match := ATTRIBUTE_LINE.match(line):
            lines[number] = line[: match.start("list")].rstrip(" \t{:")  # the signs of a quote stay
            _remove_attributes(page, lines, number, match["list"].strip())
    return _convert_html(lines, buffer.source_lines)


def _convert_callouts(page: ArticlePage, buffer: Buffer) -> Buffer:
    """Return the lines with an admonition for each block that has the class of a callout.

    The list of attributes stands above or below the block: ``{: .note }``, ``{: .prompt-tip }``.
    A block within a quotation has its list there, ``> {: .solution}``, so the outer one is first.
    """
    lines, sources = list(buffer.lines), list(buffer.source_lines)
    number = len(lines)
    while number:
        number -= 1
        match = ATTRIBUTE_LINE.match(lines[number])
        names = CLASS.findall(match["list"]) if match and lines[number][0] == "{" else []
        kind = next((name for name in names if name in LESSON_CALLOUTS), "")
        start, end = _block_beside(lines, number) if kind else (0, 0)
        if start == end or HEADING.match(lines[start]):
            continue
        add, unquote = page.placeholders.add, page.placeholders.unquote
        block = [unquote(line) for line in lines[start:end]]
        title = HEADING.match(block[0]) if lines[start][0] == ">" else None
        words = page.inline(HEADING_ID.sub("", block[0][title.end() - 1 :])) if title else ""
        block[:1] = [] if title else block[:1]
        block = ["", add(BlockStart(callout(kind, words))), "", *block, "", add(BlockEnd()), ""]
        first, after = min(start, number), max(end, number + 1)
        lines[first:after] = block
        inner = sources[start + bool(title) : end]
        sources[first:after] = [*[sources[start]] * 3, *inner, *[sources[end - 1]] * 3]
        number = first + len(block)
    return Buffer(lines=lines, source_lines=sources)


def _block_beside(lines: list[str], number: int) -> tuple[int, int]:
    """Return the bounds of the block above a line, or else of that below."""
    start = end = number
    while start and lines[start - 1].strip() and not OWN_ATTRIBUTES.match(lines[start - 1]):
        start -= 1
    if start < number:
        return start, number
    while end + 1 < len(lines) and lines[end + 1].strip():
        end += 1
    return number + 1, end + 1


def _remove_attributes(page: ArticlePage, lines: list[str], number: int, source: str) -> None:
    """Report an attribute list. A heading keeps its id; a table of contents is removed."""
    before = lines[number - 1] if number else ""
    if CONTENTS.match(source) and (LIST_ITEM.match(before) or not before.strip()):
        start = number
        while start and LIST_ITEM.match(lines[start - 1]):
            start -= 1
        lines[start:number] = [""] * (number - start)
        page.report(Kind.CONTENTS, "a table of contents left out: the theme shows one")
        return
    if (language := LANGUAGE.fullmatch(source)) and _name_language(page, before, language["name"]):
        return
    identifier = IDENTIFIER.search(source)
    if identifier and HEADING.match(before):
        lines[number - 1] = f"{before} {{#{identifier[1]}}}"
        source = IDENTIFIER.sub("", source).strip()
    if source:
        page.report(Kind.ATTRIBUTES, f"{{:{source}}} left out")


def _name_language(page: ArticlePage, line: str, name: str) -> bool:
    """Write a language before the code of a line; return whether there is such code."""
    placeholder = page.placeholders.pattern.search(line)
    fragment = page.placeholders.fragment(placeholder[0]) if placeholder else None
    fence = FENCE.match(fragment.text) if isinstance(fragment, Verbatim) else None
    if not (placeholder and fence and name.lower() in languages(plugins=False)):
        return False
    text = f"{fence[0]}{name}{fence.string[fence.end() :]}"
    page.placeholders.fragments[int(placeholder[1])] = Verbatim(text, is_code=True)
    return True


def _convert_html(lines: list[str], source_lines: list[int]) -> Buffer:
    """Return the lines without blank ones in an HTML element, where CommonMark would end it.

    With ``markdown="1"`` the content is Markdown, which blank lines set apart instead.
    """
    new_lines: list[str] = []
    new_sources: list[int] = []
    ends = _find_ends(lines)
    number = 0
    while number < len(lines):
        end = ends.get(number, number)
        element, sources = lines[number : end + 1], source_lines[number : end + 1]
        opening = OPENING.match(lines[number]) if number in ends else None
        if opening and "markdown" in opening["rest"]:
            element = _set_apart(element, opening)
            sources = [source_lines[number]] * len(element)
        elif opening:
            indent = element[0][: opening.start("tag")]
            sources = [sources[index] for index, line in enumerate(element) if line.strip()]
            element = [indent + line.strip() for line in element if line.strip()]
        if opening and "".join(lines[end + 1 : end + 2]).strip():
            element, sources = [*element, ""], [*sources, source_lines[end]]
        new_lines += element
        new_sources += sources
        number = end + 1
    return Buffer(lines=new_lines, source_lines=new_sources)


def _find_ends(lines: list[str]) -> dict[int, int]:
    """Return the last line of each element that begins a line, by its first line."""
    stacks: dict[str, list[tuple[int, bool]]] = {}
    ends: dict[int, int] = {}
    for number, line in enumerate(lines):
        first = OPENING.match(line)
        for tag in TAG.finditer(line):
            stack = stacks.setdefault(tag["name"].lower(), [])
            if not tag["end"]:
                stack.append((number, first is not None and tag.start() == first.start("tag")))
            elif stack:
                start, begins_line = stack.pop()
                if begins_line:
                    ends[start] = number
    return ends


def _set_apart(lines: list[str], opening: re.Match[str]) -> list[str]:
    """Return an element with blank lines around its content."""
    text = "\n".join(lines)
    rest = text[opening.end() :]
    end = rest.lower().rfind(f"</{opening['name'].lower()}")
    if end < 0:
        return lines
    tag = MARKDOWN.sub("", opening[0])
    return f"{tag}\n\n{rest[:end].strip(chr(10))}\n\n{rest[end:]}".split("\n")
