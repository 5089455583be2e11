"""Labels written into sources, above headings; nothing else in a file is changed. Pure."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from sphinx_marginalia.permalinks.names import RST, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: The suffixes of files in MyST.
MYST = (".md", ".markdown", ".myst")
#: Markup that most files in reStructuredText have, and none in MyST.
EXPLICIT_MARKUP = re.compile(r"^\.\. (?:_\S.*:|[\w:-]+::|\[)", re.MULTILINE)
MYST_MARKUP = re.compile(r"^ {0,3}(?:#{1,6}[ \t]|```|:::|\(.+\)=[ \t]*$)", re.MULTILINE)
WORD = re.compile(r"\w+")
#: A line for markdown-it, and one for docutils, which calls ``str.splitlines`` after it has
#: replaced form feeds and vertical tabs with spaces.
MYST_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
RST_ENDS = "\r\n\x1c\x1d\x1e\x85\u2028\u2029"
RST_LINE = re.compile(rf"[^{RST_ENDS}]*(?:\r\n|[{RST_ENDS}])|[^{RST_ENDS}]+\Z")
ATX = re.compile(r" {0,3}#{1,6}(?:[ \t].*)?\Z")
SETEXT = re.compile(r" {0,3}(?:=+|-+)[ \t]*\Z")
#: What cannot begin a paragraph, and so not a heading of two lines.
OTHER_BLOCK = re.compile(
    r" {0,3}(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]|```|~~~|:::|\||\(.*\)=\Z|[-=_*]+\Z)| {4}|\t"
)
MYST_LABEL = re.compile(r" {0,3}\((.+)\)=[ \t]*\Z")
RST_LABEL = re.compile(r"\.\. _(.+):[ \t]*\Z")
#: A line of one punctuation character, as above or below a title.
ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*[ \t]*\Z")


def insert(
    text: str,
    suffix: str,
    wanted: Iterable[tuple[int, str]],
    titles: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return *text* with labels above headings.

    Where a line is not a heading, or not the right one, or the label is in the text already,
    nothing is written: read the headings again to find out. Everything else stays the same.

    :param suffix: the suffix of the file, which says what language it is in
    :param wanted: lines, from 1, and the labels to write there; for reStructuredText the line may
        be that of the title, or the one above or below it
    :param titles: the titles of the headings by label, to be sure of the right one
    """
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    is_rst = _is_rst(text, suffix)
    if is_rst is None:
        return text
    lines = (RST_LINE if is_rst else MYST_LINE).findall(text.removeprefix(bom))
    bare = [line.rstrip(RST_ENDS) for line in lines]
    matches = map((RST_LABEL if is_rst else MYST_LABEL).match, bare)
    existing = {match[1].strip("`") for match in matches if match}
    labels = {}
    for line, name in wanted:
        first = _rst_title(bare, line - 1) if is_rst else _myst_heading(bare, line - 1)
        if first is None or name in existing:
            continue
        if _has_title(bare, first, titles.get(name, "")):
            labels[first] = name
    for first in sorted(labels, reverse=True):
        written = label(labels[first], ".rst" if is_rst else ".md")
        lines[first:first] = _label_lines(lines, first, written, is_rst)
    return bom + "".join(lines)


def _is_rst(text: str, suffix: str) -> bool | None:
    """Return whether a file is in reStructuredText; ``None`` where that is unknown.

    A file that another includes may have any suffix, and an underlined title is the same in both
    languages.
    """
    if suffix.lower() in (*RST, *MYST):
        return suffix.lower() in RST
    if EXPLICIT_MARKUP.search(text):
        return True
    return False if MYST_MARKUP.search(text) else None


def _has_title(lines: Sequence[str], first: int, title: str) -> bool:
    """Return whether the heading at *first* has most words of *title*, whatever its markup."""
    words = WORD.findall(title.lower())
    near = {word for line in lines[first : first + 4] for word in WORD.findall(line.lower())}
    return 2 * sum(word in near for word in words) >= len(words)


def _label_lines(lines: Sequence[str], first: int, written: str, is_rst: bool) -> list[str]:
    """Return the lines to insert before line *first*, with an empty line after other text."""
    end = _end(lines[first]) or next(filter(None, map(_end, lines)), "\n")
    above = lines[first - 1].strip() if first else ""
    apart = [end] if above and (is_rst or not MYST_LABEL.match(above)) else []
    return [*apart, written + end, *([end] if is_rst else [])]


def _end(line: str) -> str:
    """Return the line ending of *line*, where it is a usual one."""
    return next((end for end in ("\r\n", "\n", "\r") if line.endswith(end)), "")


def _myst_heading(lines: Sequence[str], at: int) -> int | None:
    """Return the first line of the heading at *at*: ``# Title``, or a text that is underlined."""
    if not 0 <= at < len(lines):
        return None
    if ATX.match(lines[at]):
        return at
    for number in range(at, len(lines)):
        line = lines[number]
        if number > at and SETEXT.match(line):
            return at
        if not line.strip() or (number == at and OTHER_BLOCK.match(line)):
            return None
    return None


def _rst_title(lines: Sequence[str], at: int) -> int | None:
    """Return the first line of the title at *at*, which may be its overline."""
    for title in (at - 1, at, at + 1):
        if 0 <= title < len(lines) - 1:
            text, under = lines[title : title + 2]
            if text.strip() and not ADORNMENT.match(text) and ADORNMENT.match(under):
                has_overline = title > 0 and lines[title - 1] == under
                return title - 1 if has_overline else title
    return None
