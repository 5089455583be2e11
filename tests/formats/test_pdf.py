"""The PDF by LaTeX: every note, links, bookmarks, fonts that scale."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.testing import build
from tests.browser import sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.latex, pytest.mark.slow]

COMPLAINTS = re.compile(
    r"^(?:!.*|.*(?:Float too large|undefined references|Reference `.*undefined"
    r"|multiply.defined|Marginpar on page \d+ moved|Missing character).*)$",
    re.MULTILINE,
)


def letters(text: str) -> str:
    """Return *text* without what line breaks, hyphenation, ligatures and quotes change."""
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return re.sub(r"[\W_]+", "", plain)


@pytest.fixture(scope="session")
def poppler(program: Callable[[str, str], str]) -> Callable[..., str]:
    """Run one of poppler's programs, and return what it prints."""

    def run(command: str, *arguments: str | Path) -> str:
        found = program(command, "poppler-utils")
        return subprocess.run(
            [found, *map(str, arguments)], capture_output=True, text=True, check=True
        ).stdout

    return run


@pytest.fixture(scope="session")
def notes(base: Path) -> dict[str, list[str]]:
    """The text of every note, as HTML has it."""
    torture = sites.torture(base)
    return {
        "book": sites.notes_in(sites.book(base) / "field-assessment.html"),
        "torture": [
            note
            for page in ("index", "restructured", "crowd")
            for note in sites.sentences_of_notes(torture / f"{page}.html")
        ],
    }


def test_every_note_is_on_paper(
    pdf: Path,
    notes: dict[str, list[str]],
    poppler: Callable[..., str],
    name: str,
) -> None:
    text = letters(poppler("pdftotext", "-raw", pdf, "-"))
    sentences = [part for note in notes[name] for part in re.split(r"(?<=[.:;,])\s", note)]
    assert [part for part in sentences if letters(part) not in text] == []


def test_bookmarks_hold_no_note(pdf: Path) -> None:
    outline = pdf.with_suffix(".out").read_text(encoding="latin-1")
    contents = pdf.with_suffix(".toc").read_text(encoding="utf-8")
    # A title is in UTF-16, which begins with these two bytes; what follows it is a destination.
    titles = re.findall(r"\{\\376\\377((?:\\\d{3}|[^{}\\])+)\}", outline)
    decoded = "".join(
        re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), title) for title in titles
    ).replace("\0", "")
    assert titles
    for word in ("osprey", "kittiwake", "knot", "marginalianote"):
        assert word not in decoded
        assert word not in contents
    assert "sphinxfootnote" not in decoded


def test_no_font_is_a_bitmap(pdf: Path, poppler: Callable[..., str]) -> None:
    fonts = poppler("pdffonts", pdf)
    assert len(fonts.splitlines()) > 4
    assert "Type 3" not in fonts


def test_latex_complains_of_nothing(pdf: Path) -> None:
    log = pdf.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert COMPLAINTS.findall(log) == []


@pytest.mark.parametrize("name", ["manual", "contributing"])
def test_the_manuals_are_pdfs_too(base: Path, typeset: Callable[..., Path], name: str) -> None:
    manual = typeset(sites.book(base, "latex"), f"{name}.tex")
    assert COMPLAINTS.findall(manual.with_suffix(".log").read_text(errors="replace")) == []


def test_links_lead_to_sources_and_to_places_in_the_book(
    book_pdf: Path, poppler: Callable[..., str]
) -> None:
    assert poppler("pdfinfo", "-url", book_pdf).count("https://") > 40
    places = poppler("pdfinfo", "-dests", book_pdf)
    assert "marginalia.field-assessment:sidenote-1" in places
    assert "marginalia.ref.field-assessment:sidenote-1" in places
    assert "ref-wang2023ioi" in places


def test_nothing_leaves_the_page(book_pdf: Path, poppler: Callable[..., str]) -> None:
    page = r'<page width="([\d.]+)" height="([\d.]+)"(.*?)</page>'
    word = r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<'
    outside = [
        match[5]
        for sheet in re.finditer(page, poppler("pdftotext", "-bbox", book_pdf, "-"), re.DOTALL)
        for match in re.finditer(word, sheet[3])
        if float(match[3]) > float(sheet[1]) - 10 or float(match[4]) > float(sheet[2]) - 10
    ]
    assert outside == []


def test_a_quoted_number_keeps_its_sign_on_paper(
    typeset: Callable[[Path], Path], poppler: Callable[..., str], tmp_path: Path
) -> None:
    files = {
        "index.md": "# Drift\n\nThe drift was {result}`tides:drift:.1%`.\n",
        "results/tides.json": '{"drift": -0.2}',
    }
    extensions = ("myst_parser", "sphinx_marginalia.results")
    pdf = typeset(build(files, tmp_path, "latex", extensions=extensions).out)
    assert "The drift was −20.0%." in poppler("pdftotext", pdf, "-")
