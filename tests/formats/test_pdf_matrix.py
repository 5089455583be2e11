"""Every note of the matrix in a PDF, by each engine: LaTeX ends, and loses and repeats nothing."""

from __future__ import annotations

import re
import struct
import subprocess
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import EXTENSIONS, build
from tests.formats import latex_matrix as matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.latex, pytest.mark.slow]

CONFIG: dict[str, Any] = {
    "extensions": ("sphinxcontrib.bibtex", *EXTENSIONS, "sphinx_design"),
    "bibtex_bibfiles": ["works.bib"],
    "sidenotes_from_footnotes": True,
    "suppress_warnings": ["marginalia.nested_note"],
}
CELLS = {
    "contents": [*matrix.containers_with_contents()],
    "nested": [*matrix.containers_in_containers()],
}
#: Seconds for one run on a book of one note, and for each further note.
FIRST, EACH = 20, 0.15


def picture() -> bytes:
    """Return a PNG of eight by eight pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 72)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in chunks)


def typeset(cells: Sequence[matrix.Cell], engine: str, folder: Path) -> str | None:
    """Return the text of the PDF of a book of *cells*; ``None`` if LaTeX fails or does not end."""
    (folder / "source").mkdir(parents=True)
    (folder / "source" / "x.png").write_bytes(picture())
    built = build(matrix.book(cells), folder, "latex", **CONFIG)
    assert built.warnings == ""
    source = built.out / "test.tex"
    # Sphinx has written it for pdflatex, and declares the no-break space there.
    source.write_text(source.read_text("utf-8").replace("\N{NO-BREAK SPACE}", "~"), "utf-8")
    options = [engine, "-interaction=nonstopmode", "-halt-on-error"]
    for more in (["-draftmode"], []):
        limit = str(FIRST + EACH * len(cells))
        command = ["timeout", limit, *options, *more, "test.tex"]
        if subprocess.run(command, cwd=built.out, capture_output=True, check=False).returncode:
            return None
    command = ["pdftotext", "-raw", "test.pdf", "-"]
    done = subprocess.run(command, cwd=built.out, capture_output=True, text=True, check=True)
    return done.stdout


def culprit(cells: Sequence[matrix.Cell], engine: str, folder: Path) -> str:
    """Return the first of *cells* that stops LaTeX, which all of them together do."""
    while len(cells) > 1:
        first = cells[: len(cells) // 2]
        fails = typeset(first, engine, folder / f"{first[0].name}-{len(first)}") is None
        cells = first if fails else cells[len(first) :]
    return cells[0].title


def losses(cell: matrix.Cell, text: str) -> list[str]:
    """Return what of *cell* is not in *text* as often as it should be."""
    name = cell.name
    wrong = [
        f"{cell.title}: {word} occurs {text.count(word)} times"
        for word in (f"W{name}Z", f"E{name}Z")
        if word in cell.source and text.count(word) != 1
    ]
    # Behind the number of a note on another page stands that page.
    mark = re.search(rf"M{name}Z\s*(?:Page\s+\d+,\s*)?(\d+)", text)
    note = re.search(rf"(\d+)\s*W{name}Z", text)
    if mark is None or note is None or mark[1] != note[1]:
        wrong.append(
            f"{cell.title}: the number is {mark and mark[1]}, the note's {note and note[1]}"
        )
    return wrong


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
@pytest.mark.parametrize("cells", CELLS.values(), ids=CELLS)
def test_every_note_in_every_container_is_printed_once(
    engine: str,
    cells: Sequence[matrix.Cell],
    tmp_path: Path,
    program: Callable[[str, str], str],
) -> None:
    program(engine, "texlive-latex-extra texlive-luatex")
    program("pdftotext", "poppler-utils")
    text = typeset(cells, engine, tmp_path / "all")
    if text is None:
        pytest.fail(f"{engine} fails or does not end: {culprit(cells, engine, tmp_path)}")
    assert [loss for cell in cells for loss in losses(cell, text)] == []
