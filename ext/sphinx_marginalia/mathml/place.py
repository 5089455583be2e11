"""Where a formula stands in its source, to the line.

A formula within a paragraph has no line of its own in the document, only its paragraph has. So the
source is looked at, from there on, but only when there is something to report.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from docutils.utils import get_source_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docutils import nodes

#: A formula further below the start of its block is not looked for.
FARTHEST = 200


def location(node: nodes.Element, tex: str, at: int) -> str | nodes.Element:
    """Return the file and line of the character *at* in the formula *tex* of *node*."""
    source, line = get_source_line(node)
    if not source or not line or not Path(source).is_file():
        return node
    lines = Path(source).read_text(encoding="utf-8-sig").splitlines()
    found = find(lines, line, tex)
    return f"{source}:{found + tex.count(chr(10), 0, at) if found else line}"


def find(lines: Sequence[str], start: int, tex: str) -> int | None:
    """Return the number of the line, from *start* on, in which the first line of *tex* stands.

    It stands there alone, or behind the sign that opens a formula.

    >>> find(["Text with", "$a$ formula."], 1, "a")
    2
    """
    first, _, more = tex.strip().partition("\n")
    first = re.escape(first.strip())
    stands = re.compile(
        rf"^[\s>]*{first}\s*$|::\s*{first}\s*$"
        + (rf"|[$`]\s*{first}\s*$" if more else rf"|\$\s*{first}\s*\$|`{first}`")
    )
    block = enumerate(lines[start - 1 : start - 1 + FARTHEST], start)
    return next((number for number, line in block if stands.search(line)), None)
