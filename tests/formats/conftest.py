"""The book and the pages of every container in each format."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.browser import sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEX = "latexmk texlive-latex-recommended texlive-latex-extra texlive-fonts-recommended tex-gyre"


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sites are built; the browser tests use the same ones."""
    return tmp_path_factory.getbasetemp()


@pytest.fixture(scope="session")
def html(base: Path) -> Path:
    return sites.book(base)


@pytest.fixture(scope="session")
def epub(base: Path) -> Path:
    return sites.book(base, "epub")


@pytest.fixture(scope="session")
def typeset(program: Callable[[str, str], str]) -> Callable[..., Path]:
    """Run LaTeX on a document in the output of a LaTeX build, and return the PDF."""
    latexmk = program("latexmk", TEX)

    def run(folder: Path, name: str = "") -> Path:
        documents = (
            file for file in folder.glob("*.tex") if "\\begin{document}" in file.read_text()
        )
        source = folder / name if name else next(documents)
        command = [latexmk, "-pdf", "-dvi-", "-ps-", "-halt-on-error", "-interaction=nonstopmode"]
        # coreutils' timeout ends what latexmk has started, too: LaTeX can loop for ever.
        done = subprocess.run(
            ["timeout", "90", *command, source.name], cwd=folder, capture_output=True, check=False
        )
        log = source.with_suffix(".log").read_text(errors="replace")
        complaint = log[log.find("\n!") :][:600] if "\n!" in log else "it ran for 90 seconds"
        assert done.returncode == 0, f"LaTeX stopped: {complaint}"
        return source.with_suffix(".pdf")

    return run


@pytest.fixture(scope="session")
def book_pdf(base: Path, typeset: Callable[..., Path]) -> Path:
    return typeset(sites.book(base, "latex"), "book.tex")


@pytest.fixture(scope="session")
def torture_pdf(base: Path, typeset: Callable[..., Path]) -> Path:
    return typeset(sites.torture(base, builder="latex"))


@pytest.fixture(params=["book", "torture"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pdf(request: pytest.FixtureRequest, name: str) -> Path:
    """The PDF of the book, then that of the pages of every container."""
    found: Path = request.getfixturevalue(f"{name}_pdf")
    return found
