"""What an EPUB says of who can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.core.accessibility import accessibility
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path

QUIET = {"version": "1", "copyright": "2026", "epub_show_urls": "no"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


def said(*pages: str) -> dict[str, list[str]]:
    """Return the values of each property of schema.org for *pages*."""
    found: dict[str, list[str]] = {}
    for name, value in accessibility(pages):
        found.setdefault(name, []).append(value)
    return found


def test_words_alone_can_be_read_aloud() -> None:
    assert said("<p>Wells</p>") == {
        "accessMode": ["textual"],
        "accessModeSufficient": ["textual"],
        "accessibilityFeature": ["tableOfContents", "structuralNavigation", "readingOrder"],
        "accessibilityHazard": ["none"],
        "accessibilitySummary": ["Text, contents and links can be read aloud."],
    }


@pytest.mark.parametrize(
    ("page", "is_sufficient"),
    [
        ('<img alt="A well" src="_images/well.png" />', True),
        ('<img src="_images/well.png" alt="" />', True),  # an ornament
        ('<img src="_images/well.png" />', False),
        # What docutils writes where an author has not.
        ('<img alt="../pictures/well.png" src="_images/well.png" />', False),
    ],
)
def test_words_are_enough_if_each_picture_has_some(page: str, is_sufficient: bool) -> None:
    found = said("<p>Wells</p>", page)
    assert found["accessMode"] == ["textual", "visual"]
    assert ("textual" in found["accessModeSufficient"]) == is_sufficient
    assert ("alternativeText" in found["accessibilityFeature"]) == is_sufficient
    assert ("no description" in found["accessibilitySummary"][0]) != is_sufficient


def test_formulas_are_a_feature() -> None:
    found = said("<math><mi>x</mi></math>", "<math display='block'>")
    assert "MathML" in found["accessibilityFeature"]
    assert found["accessibilitySummary"][0].endswith("Formulas are MathML.")


@pytest.mark.parametrize(
    "page", ['<img alt="A" src="a.gif"/>', "<video>", "<svg><animate /></svg>"]
)
def test_no_promise_is_made_of_what_moves(page: str) -> None:
    assert said(page)["accessibilityHazard"] == ["unknown"]


def test_an_epub_of_any_project_says_it(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "well.png").write_bytes(PNG)
    files = {"index.md": "# Wells\n\n![A well](well.png)\n"}
    built = build(files, tmp_path, "epub", language="de", **QUIET)
    assert built.warnings == ""
    metadata = ET.fromstring(built.read("content.opf")).iterfind(".//{*}meta[@property]")
    found = {(meta.get("property"), meta.text) for meta in metadata}
    assert ("schema:accessMode", "visual") in found
    assert ("schema:accessibilityFeature", "alternativeText") in found
    summary = "Text, Inhaltsverzeichnis und Verweise können vorgelesen werden."
    assert ("schema:accessibilitySummary", f"{summary} Bilder haben Beschreibungen.") in found


ROLES = {
    "index.md": "# Wells\n\n```{toctree}\n:caption: Deeper\n\nropes\n```\n",
    "ropes.md": '# Ropes\n\nSee {cite}`knot`.\n\n```{bibliography}\n```\n\n`role="doc-biblioentry"`\n',
    "works.bib": "@book{knot, author = {A. Knot}, title = {Ropes}, publisher = {P}, year = 1900}",
}


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "epub"])
def test_roles_are_those_that_aria_requires(builder: str, tmp_path: Path) -> None:
    extensions = ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia")
    config = {"bibtex_bibfiles": ["works.bib"], "extensions": extensions, **QUIET}
    built = build(ROLES, tmp_path, builder, **config)
    assert built.warnings == ""
    pages = list(built.out.rglob("*.*html"))
    soups = [BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser") for page in pages]
    headings = [tag for soup in soups for tag in soup.select("[role=heading]")]
    assert headings
    assert {tag["aria-level"] for tag in headings} == {"2"}
    entries = [tag for soup in soups for tag in soup.select("div.citation")]
    assert [tag["role"] for tag in entries] == ["listitem"]
    assert entries[0].parent["role"] == "list"
    assert any('role="doc-biblioentry"' in soup.get_text() for soup in soups)


def test_each_page_of_an_epub_says_its_language_and_its_contents_what_they_are(
    tmp_path: Path,
) -> None:
    built = build({"index.md": "# Brunnen\n"}, tmp_path, "epub", language="de", **QUIET)
    for page in built.out.rglob("*.xhtml"):
        root = ET.fromstring(page.read_text(encoding="utf-8").replace("&nbsp;", " "))
        assert root.get("lang") == "de", page.name
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "de", page.name
    assert 'epub:type="toc" role="doc-toc"' in built.read("nav.xhtml")
    assert "marginalia-epub.css" in built.read("index.xhtml")
