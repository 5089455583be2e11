r"""Environments: matrices, cases, aligned lines, arrays with their rules."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.mathml.atoms import Atom, element, elements
from sphinx_marginalia.mathml.boxes import length
from sphinx_marginalia.mathml.fences import fence
from sphinx_marginalia.mathml.symbols import Kind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from sphinx_marginalia.mathml.parser import Handler, Parser
    from sphinx_marginalia.mathml.tokens import Token


class Environment(NamedTuple):
    """How an environment looks."""

    #: The last word of the class for the style sheet, which aligns the columns.
    look: str = "matrix"
    left: str = ""
    right: str = ""
    #: Whether its cells are set like formulas on a line of their own.
    displayed: bool = False
    #: Whether a number in braces follows its name.
    numbered: bool = False


ALIGN = Environment("align", displayed=True)
ALIGN_AT = Environment("alignat", displayed=True, numbered=True)
GATHER = Environment("gather", displayed=True)
ENVIRONMENTS = {
    "matrix": Environment(),
    "smallmatrix": Environment("small"),
    "pmatrix": Environment(left="(", right=")"),
    "bmatrix": Environment(left="[", right="]"),
    "Bmatrix": Environment(left="{", right="}"),
    "vmatrix": Environment(left="|", right="|"),
    "Vmatrix": Environment(left="‖", right="‖"),
    "cases": Environment("cases", left="{"),
    "dcases": Environment("cases", left="{", displayed=True),
    "rcases": Environment("cases", right="}"),
    "drcases": Environment("cases", right="}", displayed=True),
    "array": Environment("array"),
    "subarray": Environment("stack"),
    "eqnarray": Environment("eqnarray", displayed=True),
    **dict.fromkeys(("align", "aligned", "split", "flalign"), ALIGN),
    **dict.fromkeys(("alignat", "alignedat"), ALIGN_AT),
    **dict.fromkeys(("gather", "gathered", "multline", "equation", "displaymath"), GATHER),
}
#: How the columns of an array are aligned.
COLUMNS = {"l": "left", "c": "center", "r": "right"}
HLINES = ("\\hline", "\\hdashline")


class Cells:
    """The cells of a table while it is read, with the rules above its rows."""

    def __init__(self, environment: Environment, columns: str = "") -> None:
        self.environment = environment
        self.aligned = [char for char in columns if char in COLUMNS]
        self.rules = _rules(columns)
        self.rows: list[list[Element]] = []
        #: The numbers of the rows with a line above them; the last is below the table.
        self.lines: set[int] = set()

    def read(self, parser: Parser, *ends: str) -> None:
        """Read rows up to one of *ends*, which is left, or to the end of the formula."""
        while True:
            while parser.reader.peek() in HLINES:
                parser.reader.take()
                self.lines.add(len(self.rows))
            cells = self._row(parser, *ends)
            if cells and (len(cells) > 1 or len(cells[0])):
                self.rows.append(cells)
            if not (parser.reader.take_if("\\\\") or parser.reader.take_if("\\cr")):
                return
            self._gap(parser)

    def table(self) -> Element:
        """Return the table."""
        rows = [element("mtr", *cells) for cells in self.rows]
        made = element("mtable", *rows, class_=f"marginalia-{self.environment.look}")
        if self.environment.displayed:
            made.set("displaystyle", "true")
        for number, cells in enumerate(self.rows):
            for column, cell in enumerate(cells):
                self._look(cell, number, column)
        small = self.environment.look in ("small", "stack")
        return element("mstyle", made, scriptlevel="1") if small else made

    def _row(self, parser: Parser, *ends: str) -> list[Element]:
        stops = ("&", "\\\\", "\\cr", *ends)
        cells = [_cell(parser, parser.row(*stops))]
        while parser.reader.take_if("&"):
            goes_on = self.environment.look in ("align", "alignat") and len(cells) % 2 == 1
            cells.append(_cell(parser, parser.row(*stops), goes_on=goes_on))
        return cells

    def _gap(self, parser: Parser) -> None:
        r"""Read the length in ``\\[4pt]``, and put it under the row."""
        parser.reader.take_if("*")
        if parser.reader.peek_raw() != "[":
            return
        given = parser.reader.option() or []
        if (found := length("".join(token.text for token in given))) is None:
            parser.reader.put_back([*given])
        elif self.rows and found > 0:
            self.rows[-1][-1].append(element("mspace", width="0", depth=f"{found + 0.35:.4g}em"))

    def _look(self, cell: Element, number: int, column: int) -> None:
        """Say by classes on which side a cell is aligned, and where it has a rule."""
        names = []
        if column < len(self.aligned) and self.aligned[column] != "c":
            names.append(f"marginalia-{COLUMNS[self.aligned[column]]}")
        if column in self.rules:
            names.append("marginalia-line-end")
        if column == 0 and -1 in self.rules:
            names.append("marginalia-line-start")
        if number in self.lines:
            names.append("marginalia-line-above")
        if number == len(self.rows) - 1 and len(self.rows) in self.lines:
            names.append("marginalia-line-below")
        if names:
            cell.set("class", " ".join(names))


def _rules(columns: str) -> set[int]:
    """Return behind which columns a rule stands; -1 is before the first."""
    found, column = set(), -1
    for char in columns:
        if char == "|":
            found.add(column)
        column += char in COLUMNS
    return found


def _cell(parser: Parser, atoms: list[Atom], *, goes_on: bool = False) -> Element:
    """Return a cell; if it *goes_on*, a sign at its start has the cell on its left before it."""
    if goes_on and atoms and atoms[0].kind is Kind.BINARY:
        atoms = [Atom(element("mrow")), *atoms]
    return element("mtd", *elements(atoms, script=parser.script))


def _begin(parser: Parser, token: Token) -> Atom:
    written = parser.reader.word()
    name = written.removesuffix("*")
    if name not in ENVIRONMENTS:
        near = get_close_matches(written, ENVIRONMENTS, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        parser.fail(f"unknown environment {written}{hint}", token.at)
    environment = ENVIRONMENTS[name]
    columns = parser.reader.word() if name in ("array", "subarray") else ""
    if columns.strip("lcr| "):
        parser.fail(f"columns of an array are l, c, r and |, not {columns}", token.at)
    if environment.numbered:
        parser.reader.word()
    elif name in ("aligned", "gathered") and parser.reader.peek_raw() == "[":
        parser.reader.option()
    cells = Cells(environment, columns)
    with parser.state(script=environment.look in ("small", "stack")):
        cells.read(parser, "\\end")
    if not parser.reader.take_if("\\end") or parser.reader.word() != written:
        parser.fail(f"\\begin{{{written}}} is not closed", token.at)
    return _fenced(environment, cells.table())


def _fenced(environment: Environment, table: Element) -> Atom:
    parts = [fence(environment.left, "prefix")] if environment.left else []
    parts.append(table)
    if environment.right:
        parts.append(fence(environment.right, "postfix"))
    return Atom(element("mrow", *parts) if len(parts) > 1 else table, Kind.INNER)


TABLE_COMMANDS: dict[str, Handler] = {"\\begin": _begin}
