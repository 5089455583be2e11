"""Notebooks among the articles of Quarto: their Markdown is converted, their code and output stay.

The Markdown cells become one text with a mark between two of them, which is converted like that of
any article and then divided again. myst-nb shows the notebook. What Quarto reads in one:
https://quarto.org/docs/tools/jupyter-lab.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from marginalia_import import frontmatter
from marginalia_import.pandoc.cells import Cell, read_cell
from marginalia_import.report import InputError

SUFFIX = ".ipynb"
#: A paragraph that no dialect reads as markup; the number is that of the cell that follows.
MARK = re.compile(r"\s*\bmarginaliacell(\d+)x\b\s*")
#: What myst-nb does for the options of Quarto.
TAGS = {"echo": "remove-input", "include": "remove-cell", "output": "remove-output"}


def read_cells(text: str) -> list[dict[str, Any]]:
    """Return the cells of a notebook, each with its source as one text.

    :raises ValueError: it is no notebook
    """
    notebook = json.loads(text)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError("it has no cells")
    return [{**cell, "source": "".join(cell.get("source", ""))} for cell in cells]


def is_notebook(text: str) -> bool:
    """Whether a text can be read as a notebook."""
    try:
        return bool(read_cells(text))
    except (ValueError, TypeError):
        return False


def markdown_of(text: str) -> tuple[str, list[int]]:
    """Return the Markdown of a notebook with marks, and the line of its cell for each line."""
    starts = [n for n, line in enumerate(text.split("\n"), 1) if '"cell_type":' in line]
    lines: list[tuple[str, int]] = []
    for number, cell in enumerate(read_cells(text)):
        at = starts[number] if number < len(starts) else 1
        is_front = not number and cell["source"].lstrip().startswith("---")
        if number:
            lines += [("", at), (f"marginaliacell{number}x", at), ("", at)]
        if cell.get("cell_type") == "markdown" or is_front:
            lines += [(line, at) for line in cell["source"].split("\n")]
    return "\n".join(line for line, _ in lines), [at for _, at in lines]


def options_of(text: str) -> list[tuple[int, str]]:
    """Return for each cell whose options are left out its number in the text and their names."""
    starts = [n for n, line in enumerate(text.split("\n"), 1) if '"cell_type":' in line] or [1]
    left_out: list[tuple[int, str]] = []
    for number, cell in enumerate(read_cells(text)):
        options = _code(cell).options if cell.get("cell_type") == "code" else {}
        if others := [f"{key}: {value}" for key, value in options.items() if key not in TAGS]:
            left_out.append((starts[min(number, len(starts) - 1)], "; ".join(others)))
    return left_out


def _code(cell: dict[str, Any]) -> Cell:
    return read_cell("python", cell["source"].split("\n"))


def with_markdown(text: str, converted: str) -> str:
    """Return a notebook with its Markdown replaced by the converted one.

    Its front matter becomes metadata of the notebook, where myst-nb looks for it.

    :raises InputError: the marks between its cells are gone
    """
    notebook = json.loads(text)
    front, body, _ = frontmatter.read(converted)
    parts = MARK.split(body)
    converted_cells = {0: parts[0], **dict(zip(map(int, parts[1::2]), parts[2::2], strict=True))}
    cells = read_cells(text)
    if len(converted_cells) != len(cells):
        raise InputError("the cells of a notebook cannot be told from each other")
    new_cells: list[dict[str, Any]] = []
    for number, cell in enumerate(cells):
        markdown = converted_cells[number].strip("\n")
        if markdown:
            new_cells.append({"cell_type": "markdown", "metadata": {}, "source": markdown})
        if cell.get("cell_type") == "code":
            code = _code(cell)
            tags = [tag for option, tag in TAGS.items() if code.is_off(option)]
            metadata = {**cell.get("metadata", {}), **({"tags": tags} if tags else {})}
            new_cells.append({**cell, "source": code.code, "metadata": metadata})
    notebook["cells"] = new_cells
    notebook["metadata"] = {**notebook.get("metadata", {}), **front.values}
    return json.dumps(notebook, indent=1, ensure_ascii=False, default=str) + "\n"
