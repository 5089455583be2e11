"""The toctrees with captions of a book are the parts of its PDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import Built, build
from tests.browser import sites

if TYPE_CHECKING:
    from pathlib import Path

INDEX = """# Lakes

A preface.

## How to read it

From the shore.

```{toctree}
:caption: Nets & rods
:hidden:

nets
rods
```

```{toctree}
:caption: Tools
:hidden:

manual
```
"""
PAGES = {
    "index.md": INDEX,
    "nets.md": "# Nets\n\n(mesh)=\n## Mesh\n\nSee {ref}`knots`.\n\n```{toctree}\nmore\n```\n",
    "more.md": "# More nets\n",
    "rods.md": "# Rods\n",
    "manual.md": "# Manual\n\n(knots)=\n## Knots\n\nSee {ref}`mesh`.\n",
}
BOOK = ("index", "lakes.tex", "Lakes", "Ada", "manual")
TWO = [BOOK, ("manual", "manual.tex", "The Manual", "Ada", "howto")]


def build_pdf(tmp_path: Path, files: dict[str, str] | None = None, **config: Any) -> Built:
    """Build the source of a PDF."""
    extensions = ("myst_parser", "sphinx_marginalia.large_sites")
    options = {"latex_documents": [BOOK], "extensions": extensions}
    built = build(PAGES | (files or {}), tmp_path, "latex", **options | config)
    assert built.warnings == ""
    return built


def headings(tmp_path: Path, files: dict[str, str] | None = None, **config: Any) -> list[str]:
    """Return the headings of a PDF, each with its command."""
    tex = (build_pdf(tmp_path, files, **config).out / "lakes.tex").read_text(encoding="utf-8")
    commands = re.findall(
        r"\\((?:part|chapter|section|subsection)\{.*?\}|setcounter\{secnum.*?)\n", tex
    )
    return [command.replace(r"\&", "&") for command in commands]


def test_a_toctree_with_a_caption_is_a_part_and_its_documents_are_chapters(tmp_path: Path) -> None:
    assert headings(tmp_path) == [
        "setcounter{secnumdepth}{-1}",
        "chapter{Lakes}",
        "section{How to read it}",
        r"setcounter{secnumdepth}{\marginaliadepth}",
        "part{Nets & rods}",
        "chapter{Nets}",
        "section{Mesh}",
        "subsection{More nets}",
        "chapter{Rods}",
        "part{Tools}",
        "chapter{Manual}",
        "section{Knots}",
    ]


def test_chapters_before_the_first_part_have_numbers(tmp_path: Path) -> None:
    commands = headings(tmp_path, {"index.md": INDEX.replace(":caption: Nets & rods\n", "")})
    assert commands.index(r"setcounter{secnumdepth}{\marginaliadepth}") < commands.index(
        "chapter{Nets}"
    )


def test_a_part_that_is_another_pdf_makes_no_book_of_parts(tmp_path: Path) -> None:
    index = INDEX.replace(":caption: Nets & rods\n", "")
    commands = headings(tmp_path, {"index.md": index}, latex_documents=TWO)
    assert commands[:2] == ["chapter{How to read it}", "section{Nets}"]


def test_a_document_with_a_pdf_of_its_own_is_not_in_the_other(tmp_path: Path) -> None:
    out = build_pdf(tmp_path, latex_documents=TWO).out
    lakes, manual = ((out / f"{name}.tex").read_text("utf-8") for name in ("lakes", "manual"))
    assert "Nets" in lakes
    assert "part{Tools}" not in lakes
    assert "{Knots}" not in lakes.replace(r"\sphinxstyleemphasis{Knots}", "")
    assert r"\sphinxstyleemphasis{Knots} (in \sphinxstyleemphasis{The Manual})" in lakes
    assert r"\sphinxstyleemphasis{Mesh} (in \sphinxstyleemphasis{Lakes})" in manual


def test_a_document_in_two_pdfs_is_in_both(tmp_path: Path) -> None:
    manual = "# Manual\n\n```{toctree}\nmore\n```\n"
    out = build_pdf(
        tmp_path,
        {"manual.md": manual, "nets.md": PAGES["nets.md"].replace("See {ref}`knots`.\n", "")},
        latex_documents=TWO,
    ).out
    assert all(
        "{More nets}" in (out / name).read_text("utf-8") for name in ("lakes.tex", "manual.tex")
    )


@pytest.mark.parametrize("is_on", [True, False])
def test_a_book_without_captions_is_as_sphinx_makes_it(tmp_path: Path, is_on: bool) -> None:
    plain = INDEX.replace(":caption: Nets & rods\n", "").replace(":caption: Tools\n", "")
    commands = headings(tmp_path, {"index.md": plain}, large_sites_parts=is_on)
    assert commands[:2] == ["chapter{How to read it}", "section{Nets}"]


def test_a_book_whose_chapters_are_parts_gets_no_others(tmp_path: Path) -> None:
    commands = headings(tmp_path, latex_toplevel_sectioning="part")
    assert commands[:2] == ["part{How to read it}", "chapter{Nets}"]


def test_a_caption_is_translated(tmp_path: Path) -> None:
    catalog = 'msgid "Nets & rods"\nmsgstr "Netze"\n'
    commands = headings(
        tmp_path, {"locale/de/LC_MESSAGES/index.po": catalog}, language="de", locale_dirs=["locale"]
    )
    assert any(command.endswith("part{Netze}") for command in commands)


@pytest.mark.slow
def test_this_book_has_parts_and_its_manual_is_another_pdf(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    out = sites.book(tmp_path_factory.getbasetemp(), "latex")
    book, manual = ((out / f"{name}.tex").read_text("utf-8") for name in ("book", "manual"))
    assert re.findall(r"\\part\{(.*?)\}", book) == [
        "The essay",
        "Methods",
        "Frontiers",
        "Reference",
    ]
    assert re.findall(r"\\part\{(.*?)\}", manual) == ["Write", "Cite", "Publish", "Look up"]
    for title in ("Sidenotes and margin notes", "Architecture"):
        assert f"chapter{{{title}" not in book
    assert "chapter{Sidenotes and margin notes}" in manual
    # Also not in links that are made later, such as those to the sections that cite a work.
    assert "detokenize{authoring/" not in book
