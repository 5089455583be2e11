"""Tables of Pandoc whose columns are places in a line: grid, simple and multiline tables.

The pipe tables of MyST have cells of one line, so these become the directive ``list-table``. What
Pandoc reads as which table: https://pandoc.org/MANUAL.html#tables
"""

from __future__ import annotations

import re
from itertools import pairwise
from textwrap import dedent, indent
from typing import TYPE_CHECKING, NamedTuple

from marginalia_import.myst import Directive, code_block, directive_block
from marginalia_import.pandoc.blocks import CAPTION
from marginalia_import.pandoc.inline import table_caption
from marginalia_import.placeholders import Block
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from marginalia_import.page import ArticlePage

GRID = re.compile(r"[ \t]*\+(?:[-=:]+\+)+[ \t]*")
GRID_LINE = re.compile(r"[ \t]*[|+].*[|+][ \t]*")
COLUMNS = re.compile(r"[ \t]*-{2,}(?:[ \t]+-{2,})+[ \t]*")
#: What a line that shows the columns of a table contains.
COLUMN_SIGN = re.compile(r"\+[-=:]|--[ \t]+--")
RULE = re.compile(r"[ \t]*-{3,}[ \t]*")
BELOW = re.compile(rf"\n*{CAPTION.pattern}", re.MULTILINE)
#: A line of a list, whose tables are indented; those of Pandoc may be so elsewhere, too.
WITHIN_LIST = re.compile(r"[ \t]|[-*+][ \t]|\d+[.)][ \t]")
FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


class Table(NamedTuple):
    """A table: where it is among the lines, and its cells as they were written."""

    first: int
    after: int
    #: The rows of the header.
    header: int
    #: No rows if a cell spans several columns or rows.
    rows: list[list[str]]

    def as_list(self, convert: Callable[[str], str]) -> str:
        """Return the content of a ``list-table``."""
        lines: list[str] = []
        for row in self.rows:
            for number, cell in enumerate(row):
                text = indent(convert(cell).strip("\n"), "    ").strip()
                lines.append(f"{' ' if number else '*'} - {text}".rstrip())
        return "\n".join(lines)


def convert_tables(page: ArticlePage, lines: list[str], line: int) -> None:
    """Put a placeholder in place of each table, and of its caption below.

    :param line: the source line of the first
    """
    for table in [*find_tables(lines)]:
        first, after = table.first, table.after
        page.line = line + first
        if table.rows:
            caption = BELOW.match("\n".join(lines[after:]))
            argument, options = table_caption(page, caption["text"] if caption else "")
            after += caption[0].count("\n") + 1 if caption else 0
            if table.header:
                options = {"header-rows": str(table.header), **options}
            directive = Directive("list-table", argument, options)
            block = Block(directive_block(directive, table.as_list(page.blocks)))
        else:
            text = "\n".join(lines[first:after])
            page.report(Kind.LITERAL, f"table stays as it is, with cells that span others: {text}")
            block = Block(code_block(text, "text"))
        before = next((text for text in reversed(lines[:first]) if text.strip()), "")
        within = WITHIN_LIST.match(before)
        margin = " " * (len(lines[first]) - len(lines[first].lstrip())) if within else ""
        lines[first:after] = [margin + page.placeholders.add(block), *[""] * (after - first - 1)]


def find_tables(lines: Sequence[str]) -> Iterator[Table]:
    """Yield the tables among the lines of an article, outside of code."""
    number, fence = 0, ""
    if not COLUMN_SIGN.search("\n".join(lines)):
        return
    while number < len(lines):
        line, table = lines[number], None
        if match := FENCE.match(line):
            fence = match[1] if not fence else "" if match[1].startswith(fence) else fence
        elif not fence and GRID.fullmatch(line):
            table = _grid(lines, number)
        elif not fence and COLUMNS.fullmatch(line):
            table = _by_dashes(lines, number)
        if table:
            yield table
        number = table.after if table else number + 1


def in_reading_order(text: str) -> str:
    """Return a text on as many lines, with the words of each cell together."""
    lines = text.split("\n")
    for table in find_tables(lines):
        words = " ".join(" ".join(cell.split()) for row in table.rows for cell in row)
        if words:
            blank = [""] * (table.after - table.first - 1)
            lines[table.first : table.after] = [words, *blank]
    return "\n".join(lines)


def _grid(lines: Sequence[str], first: int) -> Table | None:
    """Return the table below a line such as ``+---+---+``."""
    after = first
    while after < len(lines) and GRID_LINE.fullmatch(lines[after]):
        after += 1
    borders = [match.start() for match in re.finditer(r"\+", lines[first])]
    rows: list[list[str]] = []
    row: list[str] = []
    header, spans = 0, False
    for line in lines[first + 1 : after]:
        if GRID.fullmatch(line):
            rows.append([_cell(row, left + 1, right) for left, right in pairwise(borders)])
            header = header or len(rows) * ("=" in line)
            row = []
        else:
            spans = spans or any(line[border : border + 1] != "|" for border in borders)
            row.append(line)
    if not rows or row:
        return None
    return Table(first, after, header % len(rows), [] if spans else rows)


def _by_dashes(lines: Sequence[str], at: int) -> Table | None:
    """Return the table around the line that shows the columns as dashes."""
    starts = [match.start() for match in re.finditer(r"-+", lines[at])]
    edges = [*pairwise([0, *starts[1:]]), (starts[-1], None)]
    above = at
    while above and lines[above - 1].strip() and not RULE.fullmatch(lines[above - 1]):
        above -= 1
    is_multiline = above > 0 and bool(RULE.fullmatch(lines[above - 1]))
    if not is_multiline and at - above > 1:
        return None
    header = [*lines[above:at]]
    end = at + 1
    ends = (COLUMNS, RULE) if is_multiline or not header else ()
    while end < len(lines) and not any(pattern.fullmatch(lines[end]) for pattern in ends):
        if not ends and not lines[end].strip():
            break
        end += 1
    body = [*lines[at + 1 : end]]
    if not any(map(str.strip, body)) or (ends and end == len(lines)):
        return None
    groups = [[line] for line in body]
    if is_multiline or "" in map(str.strip, body):
        parts = re.split(r"\n[ \t]*\n", "\n".join(body).strip("\n"))
        groups = [part.split("\n") for part in parts]
    rows = [[_cell(group, *edge) for edge in edges] for group in [header, *groups] if group]
    return Table(above - is_multiline, end + bool(ends), int(bool(header)), rows)


def _cell(lines: Sequence[str], left: int, right: int | None) -> str:
    """Return the text between two columns."""
    return dedent("\n".join(line[left:right].rstrip() for line in lines)).strip("\n")
