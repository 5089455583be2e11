r"""Convert the markup that plugins of markdown-it and GitHub add to Markdown.

Inline notes ``^[…]``, containers ``::: warning``, alerts ``> [!NOTE]``; and, if the site has the
plugin, ``==mark==``, ``H~2~O`` and ``x^2^``, which mean themselves elsewhere.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from marginalia_import import myst
from marginalia_import.lines import Buffer, continuation_prefix, prefix_of
from marginalia_import.markdown import bracket_pairs
from marginalia_import.myst import Directive
from marginalia_import.myst.names import CALLOUTS
from marginalia_import.parser import parse_blocks
from marginalia_import.placeholders import BlockEnd, BlockStart, Inline, Note
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from marginalia_import.page import ArticlePage

INLINE_NOTE = re.compile(r"(?<![\\!\]])\^\[")
OPENING = re.compile(
    r"^(?P<prefix>[ \t>]*)(?P<colons>:{3,})[ \t]*(?P<name>[a-zA-Z][\w-]*)"
    r"(?P<title>(?:[ \t][^\n]*|(?:\[[^\n]*\])?(?:\{[^{}\n]*\})?)?)$"
)
#: The title and the attributes of a container, as directives of remark have them.
BRACKETED = re.compile(r"(?:\[(?P<title>.*)\])?(?P<attributes>\{.*\})?")
CLOSING = re.compile(r"^[ \t>]*(?P<colons>:{3,})[ \t]*$")
QUOTE_MARKUP = re.compile(r">[ \t]*(?:\[!|\*\*)")
#: The first line of a quotation: ``> [!NOTE]- Title``, or ``> **Term:** definition``, also with the
#: colon after the asterisks.
QUOTATION = re.compile(
    r"^(?P<prefix>[ \t]*(?:[-*+][ \t]+)?)>[ \t]*"
    r"(?:\[!(?P<name>[\w-]+)(?:\|[^\]\n]*)?\](?P<fold>[-+]?)(?P<title>[^\n]*)"
    r"|\*\*(?P<term>[^*\n]+?)(?::\*\*|\*\*:)[ \t]*(?P<rest>[^\n]*))$"
)
#: ``*[HTML]: Hypertext``
ABBREVIATION = re.compile(r"^\*\[([^\]`]+)\]:[ \t]+(\S[^\n]*)$", re.MULTILINE)
#: The address of a link, a tag, or a definition, in which no abbreviation is read.
NO_WORDS = r"\]\([^()\n]*\)|<[^<>\n]*>|^[ \t>]*\[[^\]\n]+\]:[^\n]*|(?:https?:|www\.)\S+"
FOLDED = frozenset({"details", "spoiler", "collapse"})
#: The markup of a plugin, by a part of the plugin's name.
PLUGIN_MARKS = {
    "mark": re.compile(r"==(?=[^\s=])([^=\n]+?)(?<!\s)=="),
    "sub": re.compile(r"(?<!~)~(?=[^\s~])([^~\s]+?)~(?!~)"),
    "sup": re.compile(r"(?<!\[)\^(?=[^\s^\[])([^^\s]+?)\^"),
}


def read_abbreviations(page: ArticlePage, body: str, line: int) -> dict[str, str]:
    """Return the abbreviations that an article uses, if its dialect has them.

    :param line: the source line with which *body* begins
    """
    if not page.syntax.kramdown and "abbr" not in page.site.contents.plugins:
        return {}
    text = ABBREVIATION.sub("", body)
    meanings: dict[str, str] = {}
    for match in ABBREVIATION.finditer(body):
        is_used = re.search(rf"(?<!\w){re.escape(match[1])}(?!\w)", text)
        if is_used and not {"`", "("} & {*match[2]}:
            meanings[match[1]] = " ".join(match[2].split())
        else:
            at = line + body.count("\n", 0, match.start())
            page.report(Kind.ATTRIBUTES, f"{match[0]} left out", at)
    return meanings


def convert_extensions(page: ArticlePage, buffer: Buffer, *, key_ideas: bool = False) -> Buffer:
    """Return the lines with directives and placeholders for the markup of plugins.

    :param key_ideas: turn each quotation that begins with a term in bold into a ``key-idea``
    """
    lines = _inline_marks(page, buffer)
    markup = (":::", "[!", "**") if key_ideas else (":::", "[!")
    if not any(sign in line for line in lines for sign in markup):
        buffer.lines = lines
        return buffer
    containers, quotes = _container_ends(lines), _quote_ends(page, lines)
    closing = {*containers.values()}
    #: The line after each quotation that is open as a directive, and the prefix of its lines.
    open_quotes: list[tuple[int, str]] = []
    out = Buffer(buffer.source_lines[0])
    for number, line in enumerate(lines):
        if number:
            out.new_line()
        out.source_lines[-1] = page.line = buffer.source_lines[number]
        for _, prefix in open_quotes:
            line = _unquoted(page, line, prefix)
        quote = QUOTATION.match(line) if number in quotes else None
        if number in containers and (opening := OPENING.match(line)):
            directive = _directive(page, opening["name"], opening["title"].strip())
            _write_start(page, out, directive, opening["prefix"])
        elif quote and (quote["name"] or key_ideas):
            _write_start(page, out, _quotation(page, quote), quote["prefix"])
            out.write(quote["rest"] or "")
            open_quotes.append((quotes[number], continuation_prefix(quote["prefix"])))
        elif number in closing:
            _write_end(page, out, continuation_prefix(prefix_of(line)))
        else:
            out.write(line)
        while open_quotes and open_quotes[-1][0] == number + 1:
            open_quotes.pop()
            out.write_block(page.placeholders.add(BlockEnd()), "")
    return out


def _write_start(page: ArticlePage, out: Buffer, directive: Directive, prefix: str) -> None:
    """Write the start of a directive; after another block, the prefix is not on the line yet."""
    out.write(prefix)
    prefix_below = None if out.pending_prefix is None else continuation_prefix(prefix)
    out.write_block(page.placeholders.add(BlockStart(directive)), prefix_below)


def _write_end(page: ArticlePage, out: Buffer, prefix: str) -> None:
    out.write(prefix)
    out.write_block(page.placeholders.add(BlockEnd()), prefix)


def _unquoted(page: ArticlePage, line: str, prefix: str) -> str:
    """Return a line of a quotation without its sign; one that only continues a text has none."""
    text = page.placeholders.unquote(line)
    return prefix + (text if text != line else line.lstrip(" \t"))


def _quotation(page: ArticlePage, quote: re.Match[str]) -> Directive:
    """Return the directive for a quotation: an alert, which may be folded, or a key idea."""
    if quote["term"]:
        return Directive("key-idea", page.inline(quote["term"]))
    kind, title = quote["name"].lower(), page.inline(quote["title"].strip())
    if quote["fold"]:
        options = {"open": ""} if quote["fold"] == "+" else {}
        return Directive("dropdown", title or kind.capitalize(), options)
    if kind in {"quote", "cite"} and not title:
        return Directive("epigraph")
    return myst.callout(kind, title)


def _directive(page: ArticlePage, name: str, title: str) -> Directive:
    """Return the directive for a container or an alert; a name of the site's own is shown."""
    if bracketed := BRACKETED.fullmatch(title):
        title = bracketed["title"] or ""
        if attributes := bracketed["attributes"]:
            page.report(Kind.ATTRIBUTES, f"{attributes} left out")
    words = page.inline(title) if title else ""
    if name in {"tab-set", "tab-item"}:
        return Directive(name, words)
    if name.lower() in FOLDED:
        return Directive("dropdown", words or "Details")
    if name.lower() not in CALLOUTS:
        words = page.inline(f"{name} {title}".strip())
    return myst.callout(name.lower(), words)


def _container_ends(lines: list[str]) -> dict[int, int]:
    """Return the last line of each container by its first."""
    stack: list[tuple[int, int]] = []
    ends: dict[int, int] = {}
    for number, line in enumerate(lines):
        if opening := OPENING.match(line):
            stack.append((number, len(opening["colons"])))
        elif closing := CLOSING.match(line):
            while stack and stack[-1][1] > len(closing["colons"]):
                stack.pop()
            if stack:
                ends[stack.pop()[0]] = number
    return ends


def _quote_ends(page: ArticlePage, lines: list[str]) -> dict[int, int]:
    """Return the line after each quotation by its first line."""
    if not any(map(QUOTE_MARKUP.search, lines)):
        return {}
    tokens = parse_blocks("\n".join(lines), definition_lists=page.syntax.definition_lists)
    quotes = (token.map for token in tokens if token.type == "blockquote_open" and token.map)
    return {start: end for start, end in quotes}  # noqa: C416  (a map is a list)


def _inline_marks(page: ArticlePage, buffer: Buffer) -> list[str]:
    """Return the lines with placeholders for the marks within them."""
    plugins = [name for name in PLUGIN_MARKS if name in page.site.contents.plugins]
    lines = list(buffer.lines)
    terms = "|".join(re.escape(term) for term in sorted(page.abbreviations, key=len, reverse=True))
    words = re.compile(rf"{NO_WORDS}|(?<!\w)(?P<term>{terms})(?!\w)") if terms else None
    for number, line in enumerate(lines):
        page.line = buffer.source_lines[number]
        if "^[" in line:
            line = _inline_notes(page, line)
        if line.startswith("*[") and ABBREVIATION.match(line) and page.syntax.kramdown:
            line = ""
        elif words:
            line = "" if ABBREVIATION.match(line) else words.sub(partial(_abbreviation, page), line)
        for name in plugins:
            line = PLUGIN_MARKS[name].sub(partial(_mark, page, name), line)
        lines[number] = line
    return lines


def _abbreviation(page: ArticlePage, match: re.Match[str]) -> str:
    if not (term := match["term"]):
        return match[0]
    return page.placeholders.add(Inline(myst.role("abbr", f"{term} ({page.abbreviations[term]})")))


def _mark(page: ArticlePage, name: str, match: re.Match[str]) -> str:
    if name == "mark":
        written = f"[{page.inline(match[1])}]{{.mark}}"
    elif page.placeholders.fragments_in(match[1]):
        return match[0]
    else:
        written = myst.role(name, match[1])
    return page.placeholders.add(Inline(written))


def _inline_notes(page: ArticlePage, line: str) -> str:
    """Return a line with a sidenote for each ``^[…]`` that ends on it."""
    closing = dict(bracket_pairs(line, page.placeholders.pattern.pattern))
    parts: list[str] = []
    position = 0
    for match in INLINE_NOTE.finditer(line):
        end = closing.get(match.end() - 1, -1)
        text = line[match.end() : end]
        if match.start() < position or end < 0 or not text.strip():
            continue
        note = page.note("sidenote", text)
        if isinstance(note, Note):
            page.count("sidenotes")
        before = line[position : match.start()]
        parts += [before.rstrip(" \t") if before.strip() else before, page.placeholders.add(note)]
        position = end + 1
    return "".join([*parts, line[position:]])
