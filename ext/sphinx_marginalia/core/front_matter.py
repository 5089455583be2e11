"""Front matter: the YAML at the top of a Markdown file, or the first field list of a document.

MyST keeps nothing of YAML with a mistake. Here only the invalid lines are left out, and reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml
from docutils import nodes

from sphinx_marginalia.core.located import Located, read_yaml, short_repr

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.core.diagnostics import Diagnostic, Problem

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
#: Lines of front matter that are skipped; each costs a new reading of the whole.
MOST_INVALID_LINES = 10


def front_matter(document: nodes.document) -> nodes.field_list | None:
    """Return the field list at the start of *document*, which Sphinx takes as metadata too."""
    index = document.first_child_not_matching_class(nodes.PreBibliographic)  # type: ignore[arg-type]
    first = document[index] if index is not None else None
    return first if isinstance(first, nodes.field_list) else None


def read_front_matter(
    fields: nodes.field_list | tuple[()], source: Path, problem: Problem
) -> Located:
    """Return the front matter of a document with the lines of its keys.

    YAML at the start of a Markdown file is read from the file: in *fields* MyST has written lists
    as JSON. In reStructuredText a value is a text.

    :param fields: empty where MyST could not read the YAML
    :param source: the file of the document
    """
    match = FRONT_MATTER.match(source.read_text(encoding="utf-8-sig", errors="replace"))
    if match is not None:
        located = _read_valid_lines(match[1], problem)
        if not fields:
            _report_unread(located)
        # Otherwise the hyphens are the line above a heading in reStructuredText.
        if isinstance(located.value, dict):
            return located
    located = Located(problem)
    located.value = {}
    for field in fields:
        if isinstance(field, nodes.field):
            key, text = field[0].astext(), field[1].astext()
            located.lines[key,] = field.line or 1
            located.value[key] = located.texts[key,] = text
    return located


def _read_valid_lines(text: str, problem: Problem) -> Located:
    """Return what front matter says without its lines that are not YAML, and report the first."""
    lines = text.split("\n")
    diagnostics: list[Diagnostic] = []
    for _ in range(MOST_INVALID_LINES):
        located = read_yaml("\n".join(lines), problem, first_line=2)
        diagnostics = diagnostics or located.diagnostics
        if located.value is not None or not located.diagnostics:
            break
        # YAML counts signs as the ends of lines that are none here.
        lines[min(located.diagnostics[0].line - 2, len(lines) - 1)] = ""
    located.diagnostics = diagnostics
    return located


def _report_unread(located: Located) -> None:
    """Report why MyST could not read front matter that is YAML."""
    if not isinstance(located.value, dict):
        if not located.diagnostics:
            message = "the text between the two lines --- is front matter; write key: value in it"
            located.report(message)
        located.value = {}
    for path, text in [] if located.diagnostics else located.texts.items():
        try:
            yaml.safe_load(text)
        except yaml.YAMLError:
            continue
        except ValueError as error:
            remedy = "correct it, or put it in quotes"
            message = f"{short_repr(text)} cannot be read ({error}); {remedy}"
            located.report(message, *path)
