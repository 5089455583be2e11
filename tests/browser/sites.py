"""The sites that the tests of browsers and formats look at, each built once a session."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from sphinx_marginalia.testing import build

ROOT = Path(__file__).parents[2]
TORTURE = Path(__file__).parent / "torture"
THEMES = ("alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme")
EXTENSIONS = ("myst_parser", "sphinx_design", "sphinx_marginalia")
#: Where npm put axe-core and the Nu checker; elsewhere if the variable says so.
NODE_MODULES = Path(os.environ.get("NODE_MODULES", Path(__file__).parent / "node_modules"))
NOTES = ".marginalia-sidenote, .marginalia-marginnote"


@cache
def book(base: Path, builder: str = "html") -> Path:
    """Build the book with its own conf.py, and return the folder of the output."""
    out, doctrees = base / "book" / builder, base / "book" / "doctrees" / builder
    command = [sys.executable, "-m", "sphinx", "-q", "-c", ".", "-b", builder, "-d", str(doctrees)]
    done = subprocess.run(
        [*command, "docs", str(out)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return out


@cache
def torture(base: Path, theme: str = "alabaster", builder: str = "html") -> Path:
    """Build the pages with notes in every container, and return the folder of the output."""
    folder = base / "torture" / theme
    shutil.copytree(TORTURE, folder / "source", dirs_exist_ok=True)
    built = build(
        {"crowd.md": crowd()},
        folder,
        builder,
        extensions=EXTENSIONS,
        html_theme=theme,
        # LaTeX's usual engine has no Hebrew.
        exclude_patterns=["rtl.md"] if builder == "latex" else [],
        latex_elements={"papersize": "a4paper"},
    )
    assert built.warnings == ""
    return built.out


def crowd() -> str:
    """Return a page with 200 notes."""
    sentences = [
        f"Sentence {n} has a note.{{sidenote}}`Note {n} of two hundred.` It goes on for a few words."
        for n in range(1, 201)
    ]
    paragraphs = [" ".join(sentences[n : n + 4]) for n in range(0, 200, 4)]
    return "# Two hundred notes\n\n" + "\n\n".join(paragraphs) + "\n"


def notes_in(page: Path) -> list[str]:
    """Return the text of each note in the HTML file *page*, without numbers and mathematics."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return [_text_of(note) for note in soup.select(NOTES)]


def _text_of(note: Tag) -> str:
    for part in note.select(".marginalia-note-backlink, .math, .copybtn, .headerlink"):
        part.decompose()
    return " ".join(note.get_text(" ").split())


def folded_in(page: Path) -> list[str]:
    """Return the paragraphs that are in pauses and discussions of the HTML file *page*."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    for part in soup.select(
        f"{NOTES}, .marginalia-note-mark, .math, .marginalia-note-page .math-wrapper"
    ):
        part.decompose()
    paragraphs = soup.select(".marginalia-pause p, .marginalia-discussion p")
    return [" ".join(paragraph.get_text(" ").split()) for paragraph in paragraphs]


def sentences_of_notes(page: Path) -> list[str]:
    """Return the text of each block of each note in the HTML file *page*."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    found = []
    for note in soup.select(NOTES):
        blocks = [part for part in note.select("p, pre, td, th") if not part.select("p, pre")]
        found += [_text_of(block) for block in blocks or [note]]
    return found
