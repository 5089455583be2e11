"""A paper that cites three sections, made into a PDF with what papers are made with."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sphinx_marginalia.cite_as.formats import bibtex
from sphinx_marginalia.cite_as.reference import Name, Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[[Path, str, str], Path]

pytestmark = [pytest.mark.latex, pytest.mark.slow]

PAPERS = Path(__file__).parent / "paper"
COMPLAINTS = re.compile(
    r"^(?:!.*|.*(?:undefined|Missing character|multiply.defined|Invalid UTF-8).*)$", re.MULTILINE
)
FORMATS = {"plain": bibtex.render, "biblatex": bibtex.render_biblatex}

AUTHORS = (
    Name("Doe", "Jane"),
    Name("Berg", "Émile", particle="van der"),
    Name("King", "Martin Luther", suffix="Jr."),
    Name(literal="Research & Development, Inc."),
)
FIRST = Reference(
    key="field2026-first",
    title="Why 100% of $x_i$ & SAEs are in {curly} braces",
    authors=AUTHORS,
    book="What it can do: an assessment of ~50 LLMs",
    book_authors=AUTHORS,
    version="1.2",
    date="2026-03-05",
    section="3.2",
    url="https://docs.example.org/en/v1.2/s/why_so.html?a=b_c&d=~e#why%20so",
    publisher="Acme & Sons",
    language="en",
)
REFERENCES = (
    FIRST,
    FIRST._replace(
        key="field2026-second",
        title=r"Set --flag^2 in C:\temp and a<b|c>d #1",
        authors=(Name("Łoś", "Żaneta"), Name("Müller-Çelik", "Jörg")),
        url="https://docs.example.org/en/v1.2/s/set-flag.html",
        section="A.1",
    ),
    FIRST._replace(
        key="field2026-third",
        title="DeepMind's view of GPT-2 for the rest of us",
        authors=(Name(literal="Plato"),),
        url="https://docs.example.org/en/v1.2/s/rest.html#%C3%BCber",
        section="",
        date="",
    ),
)


class Paper(NamedTuple):
    """A paper that was made."""

    #: What pdftotext finds in it.
    text: str
    #: The addresses of its links.
    links: set[str]
    #: What LaTeX said.
    log: str


@pytest.fixture(scope="module")
def make(program: Callable[[str, str], str]) -> Make:
    """Make a PDF of a paper, with entries of ours beside it."""
    latexmk = program("latexmk", "latexmk texlive-latex-recommended texlive-latex-extra tex-gyre")

    def paper(folder: Path, source: str, entries: str) -> Path:
        (folder / "paper.tex").write_text(source, encoding="utf-8")
        (folder / "sections.bib").write_text(entries, encoding="utf-8")
        options = ("-pdf", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape")
        made = subprocess.run(
            [latexmk, *options, "paper"], cwd=folder, capture_output=True, check=False
        )
        assert made.returncode == 0, made.stdout.decode("utf-8", "replace")[-3000:]
        return folder / "paper.pdf"

    return paper


@pytest.fixture(scope="module", params=sorted(FORMATS))
def paper(
    request: pytest.FixtureRequest,
    make: Make,
    program: Callable[[str, str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Paper:
    """Make the paper, and read what is in it."""
    if request.param == "biblatex":
        program("biber", "biber texlive-bibtex-extra")
    pdftotext = program("pdftotext", "poppler-utils")
    source = (PAPERS / f"{request.param}.tex").read_text(encoding="utf-8")
    entries = "\n".join(map(FORMATS[request.param], REFERENCES))
    pdf = make(tmp_path_factory.mktemp(request.param), source, entries)
    read = subprocess.run([pdftotext, "-raw", str(pdf), "-"], capture_output=True, check=True)
    log = pdf.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    return Paper(read.stdout.decode("utf-8"), set(addresses(pdf.read_bytes())), log)


def addresses(pdf: bytes) -> list[str]:
    """Return the addresses of the link annotations in a PDF that is not compressed."""
    found = re.findall(rb"/S\s*/URI\s*/URI\s*\(((?:\\.|[^\\)])*)\)", pdf)
    return [re.sub(rb"\\(.)", rb"\1", address).decode("ascii") for address in found]


def letters(text: str) -> str:
    """Return *text* without what line breaks, hyphenation, ligatures and quotes change."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return re.sub(r"[\s\u00ad-]+", "", plain)


def test_the_paper_has_titles_as_they_are(paper: Paper) -> None:
    text = letters(paper.text)
    assert [found.title for found in REFERENCES if letters(found.title) not in text] == []
    assert letters(FIRST.book) in text


def test_the_paper_has_the_names_in_their_parts(paper: Paper) -> None:
    text = letters(paper.text)
    for name in ("Jane Doe", "Émile van der Berg", "Research & Development, Inc.", "Plato"):
        assert letters(name) in text
    for name in ("Żaneta Łoś", "Jörg Müller-Çelik"):
        assert letters(name) in text
    assert re.search(r"MartinLutherKing,?Jr\.", text)


def test_the_paper_says_which_version_and_section(paper: Paper) -> None:
    text = letters(paper.text)
    assert text.count(letters("Version 1.2")) == 3
    assert letters("Version 1.2, section 3.2") in text
    assert letters("Version 1.2, section A.1") in text


def test_the_paper_prints_each_address_and_links_to_it(paper: Paper) -> None:
    text = letters(paper.text)
    assert [found.url for found in REFERENCES if letters(found.url) not in text] == []
    assert paper.links == {found.url for found in REFERENCES}


def test_latex_complains_of_nothing_in_the_entries(paper: Paper) -> None:
    assert COMPLAINTS.findall(paper.log) == []


@pytest.mark.parametrize("style", ["abbrv", "alpha", "apalike"])
def test_old_styles_cut_no_letter_in_two(make: Make, style: str, tmp_path: Path) -> None:
    source = (PAPERS / "classic.tex").read_text(encoding="utf-8").replace("STYLE", style)
    pdf = make(tmp_path, source, "\n".join(map(bibtex.render, REFERENCES)))
    log = pdf.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert COMPLAINTS.findall(log) == []
    # LaTeX reads half a character without an error where it is in a comment or a label.
    pdf.with_suffix(".bbl").read_text(encoding="utf-8")
