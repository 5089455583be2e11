"""Tables made of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    #: What stands in a cell: blocks.
    Cell = Sequence[nodes.Node]


def grid(
    widths: Sequence[int],
    head: Iterable[Cell],
    rows: Iterable[nodes.row],
    classes: Sequence[str],
    *,
    stub: bool = False,
) -> nodes.table:
    """Return a table.

    :param widths: the shares of the columns in the width
    :param stub: whether the first column names the rows
    """
    group = nodes.tgroup(cols=len(widths))
    for number, width in enumerate(widths):
        column = nodes.colspec(colwidth=width)
        if stub and not number:
            column["stub"] = 1
        group += column
    group += nodes.thead("", row(head))
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=[*classes, "colwidths-given"])


def row(cells: Iterable[Cell], classes: Sequence[str] = ()) -> nodes.row:
    """Return a row of *cells*."""
    return nodes.row("", *(nodes.entry("", *cell) for cell in cells), classes=list(classes))
