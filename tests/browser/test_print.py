"""Paper from a browser holds every note, and what is folded on a screen."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from typing import TYPE_CHECKING

import pytest

from tests.browser import sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Reader

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def letters(text: str) -> str:
    """Return *text* without what line breaks, hyphenation and ligatures change."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def missing(texts: list[str], paper: str) -> list[str]:
    """Return those *texts* that are not on *paper*; a page may end within one."""
    on_paper = letters(paper)
    return [text for text in texts if not _is_in(text.split(), on_paper)]


def _is_in(words: list[str], paper: str) -> bool:
    whole = letters("".join(words))
    if whole in paper:
        return True
    cuts = (letters("".join(words[:n])) for n in range(1, len(words)))
    return any(start in paper and whole.removeprefix(start) in paper for start in cuts)


@pytest.fixture(scope="session")
def paper(program: Callable[[str, str], str], base: Path) -> Callable[..., str]:
    """Print a page as A4, and read what is on it."""
    pdftotext = program("pdftotext", "poppler-utils")

    def printed(reader: Reader, file: Path, *, javascript: bool) -> str:
        page = reader.open(file, java_script_enabled=javascript)
        pdf = base / f"{file.parent.parent.name}-{file.stem}-{javascript}.pdf"
        page.pdf(
            path=pdf, format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm")
        )
        return subprocess.run(
            [pdftotext, str(pdf), "-"], capture_output=True, text=True, check=True
        ).stdout

    return printed


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_the_printed_essay_holds_every_note_and_every_discussion(
    book: Path, reader: Reader, paper: Callable[..., str], javascript: bool
) -> None:
    file = book / "field-assessment.html"
    text = paper(reader, file, javascript=javascript)
    notes = sites.notes_in(file)
    assert len(notes) >= 10
    lost = missing([*notes, *sites.folded_in(file)], text)
    assert not lost, "\n".join(lost)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("theme", sites.THEMES)
def test_every_theme_prints_the_notes_of_all_containers(
    base: Path, reader: Reader, paper: Callable[..., str], theme: str, javascript: bool
) -> None:
    file = sites.torture(base, theme) / "index.html"
    text = paper(reader, file, javascript=javascript)
    lost = missing([*sites.sentences_of_notes(file), *sites.folded_in(file)], text)
    assert not lost, "\n".join(lost)
