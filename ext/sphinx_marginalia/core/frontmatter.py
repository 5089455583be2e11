"""The front matter of a page: where it is in the tree, and on which lines of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from pathlib import Path

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
KEY = re.compile(r"[\"']?([\w.-]+)[\"']?\s*:\s*(.*)")


def front_matter(document: nodes.document) -> nodes.field_list | None:
    """Return the field list at the very start, which Sphinx takes for metadata too."""
    place = document.first_child_not_matching_class(nodes.PreBibliographic)  # type: ignore[arg-type]
    first = document[place] if place is not None else None
    return first if isinstance(first, nodes.field_list) else None


def lines_of(source: Path) -> dict[str, tuple[int, str]] | None:
    """Return for each key of a Markdown file its line, from 1, and what stands behind it there.

    Of a file without front matter between lines of hyphens, nothing.
    """
    found = FRONT_MATTER.match(source.read_text(encoding="utf-8-sig", errors="replace"))
    if found is None:
        return None
    lines: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(found[1].split("\n"), 2):
        if match := KEY.match(line):
            lines.setdefault(match[1], (number, match[2]))
    return lines
