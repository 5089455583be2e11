"""The tables for those who come from another tool: each line is tried."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from marginalia_import.importer import Options, import_site
from sphinx_marginalia.testing import EXTENSIONS, build

PAGE = (Path(__file__).parents[2] / "docs" / "authoring" / "coming-from.md").read_text("utf-8")
BIB = "@book{olbers1826, author={Olbers, Wilhelm}, title={Sky}, publisher={P}, year={1826}}\n"
FOOTNOTES = {"sidenotes_from_footnotes": True}
WORKS: dict[str, Any] = {
    "extensions": (EXTENSIONS[0], "sphinxcontrib.bibtex", *EXTENSIONS[1:]),
    "bibtex_bibfiles": ["references.bib"],
}
DESIGN = {"extensions": ("sphinx_design", *EXTENSIONS)}


def rows(anchor: str) -> dict[str, str]:
    """Return the lines of the table of a section: the second cell by the first."""
    section = PAGE.partition(f"({anchor})=")[2].partition("\n(")[0]
    lines = re.findall(r"(?m)^\| (.+?) \| (.+) \|$", section)
    return dict(lines[2:] if set(lines[1][0]) == {"-"} else lines[1:])


# From sphinx-book-theme


#: What a line is about, as a page, and a part of what becomes of it. ``None``: no markup.
BOOK_THEME: dict[str, tuple[str, dict[str, Any], str] | None] = {
    "`_config.yml`, `_toc.yml`": None,
    '`html_theme = "sphinx_book_theme"`': (
        "A word.{sidenote}`A note.`",
        {"html_theme": "sphinx_book_theme"},
        "marginalia-sidenote",
    ),
    '`"use_sidenotes": True`': (
        "A word.[^a]\n\n[^a]: A note.\n\n    Its second paragraph.",
        FOOTNOTES,
        "marginalia-sidenote",
    ),
    "`[^a]` and `[^a]: A note.`": (
        "A word.[^a]\n\n[^a]: A note.",
        FOOTNOTES,
        "marginalia-sidenote",
    ),
    "`[^a]: {-} A note.`": ("A word.[^a]\n\n[^a]: {-} A note.", FOOTNOTES, "marginalia-marginnote"),
    "`:::{margin}`": ("A word.\n\n:::{margin}\nA note.\n:::", {}, "marginalia-marginnote"),
    "`:::{aside}` of Jupyter Book 2": (
        "A word.\n\n:::{marginnote}\nA note.\n:::",
        {},
        "marginalia-marginnote",
    ),
    "`:class: margin` of a figure": (
        ":::{figure} a.svg\n:class: margin\n\nIt.\n:::",
        {},
        "marginalia-note-figure",
    ),
    "`:class: full-width`": (":::{figure} a.svg\n:class: fullwidth\n\nIt.\n:::", {}, "fullwidth"),
    "`:::{sidebar}`, `:::{admonition}`, `:::{note}`": (
        ":::{sidebar} A\nB\n:::\n\n:::{admonition} C\nD\n:::\n\n:::{note}\nE\n:::",
        {},
        "sidebar-title",
    ),
    "`:::{dropdown}` for an exercise with its answer": (
        ":::{dropdown} How?\nSo.{sidenote}`A note.`\n:::",
        DESIGN,
        "sd-dropdown",
    ),
    "`` {cite}`key` ``": (
        "{cite}`olbers1826`\n\n```{bibliography}\n```",
        WORKS,
        "marginalia-works",
    ),
    "`:::{prf:theorem}`, `:::{exercise}`": None,
    "notebooks, `{code-cell}`": None,
    "`jupyter-book build .`": None,
}


def test_every_line_about_the_book_theme_is_tried() -> None:
    assert list(rows("coming-from-book-theme")) == list(BOOK_THEME)


@pytest.mark.parametrize("line", [line for line, case in BOOK_THEME.items() if case])
def test_what_is_known_from_the_book_theme_is_the_same_here(line: str, tmp_path: Path) -> None:
    case = BOOK_THEME[line]
    assert case is not None
    source, config, result = case
    written = {"index.md": f"# T\n\n{source}\n", "references.bib": BIB, "a.svg": "<svg/>"}
    built = build(written, tmp_path, **config)
    assert built.warnings == ""
    assert result in built.page()


# From Quarto

#: What a line is about, and what the importer makes of it.
QUARTO: dict[str, tuple[str, str] | None] = {
    "`_quarto.yml`": None,
    "`^[A note.]`": ("A word.^[A note.]", "{sidenote}`A note.`"),
    "`[^a]` and `[^a]: A note.`": ("A word.[^a]\n\n[^a]: A note.", "[^a]: A note."),
    "`[A note.]{.aside}`, `::: {.column-margin}`": (
        "[A note.]{.aside}\n\n::: {.column-margin}\nB\n:::",
        ":::{marginnote}",
    ),
    "`::: {.callout-note}`": (
        "::: {.callout-note}\n## Title\nB\n:::",
        ":::{admonition} Title\n:class: note",
    ),
    '`::: {.callout-tip collapse="true"}`': (
        '::: {.callout-tip collapse="true"}\nB\n:::',
        ":::{dropdown} Tip",
    ),
    "`[@olbers1826]`": ("[@olbers1826]", "{cite:p}`olbers1826`"),
    "`@olbers1826`": ("@olbers1826", "{cite:t}`olbers1826`"),
    "`[@olbers1826, p. 4]`": ("[@olbers1826, p. 4]", "{cite:p}`olbers1826{p. 4}`"),
    "`csl: apa.csl`": None,
    "`![Caption](a.png){#fig-a}`": (
        "![Caption](a.png){#fig-a}",
        ":::{figure} a.png\n:alt: Caption\n:name: fig-a",
    ),
    "`@fig-a`": ("![Caption](a.png){#fig-a}\n\n@fig-a", "{numref}`fig-a`"),
    "`## Section {#sec-x}`": ("## Section {#sec-x}", "(sec-x)=\n## Section"),
    "`@sec-x`": ("## Section {#sec-x}\n\n@sec-x", "{ref}`sec-x`"),
    "`$$ … $$ {#eq-one}`, `@eq-one`": (
        "$$\na = b\n$$ {#eq-one}\n\n@eq-one",
        ":::{math}\n:label: eq-one\n\na = b\n:::\n\n{eq}`eq-one`",
    ),
    "`::: {.panel-tabset}`": ("::: {.panel-tabset}\n## A\nB\n:::", "::::{tab-set}"),
    "`{python}` cells": ("```{python}\n#| echo: false\nprint(1)\n```", ":::{dropdown} Code"),
    "`{{< include _x.qmd >}}`": None,
    "`::: {.column-page}`": None,
    "`quarto render`, `quarto preview`": None,
}


#: Where the second cell begins with other words.
SAID_IN_WORDS = {"`[^a]` and `[^a]: A note.`", "`{python}` cells"}


def test_every_line_about_quarto_is_tried() -> None:
    assert list(rows("coming-from-quarto")) == list(QUARTO)


@pytest.mark.parametrize("line", [line for line, case in QUARTO.items() if case])
def test_the_importer_writes_what_the_table_says(line: str, tmp_path: Path) -> None:
    case = QUARTO[line]
    assert case is not None
    source, result = case
    site = tmp_path / "site"
    site.mkdir()
    (site / "_quarto.yml").write_text("project:\n  type: website\nbibliography: references.bib\n")
    (site / "references.bib").write_text(BIB)
    (site / "a.png").write_bytes(b"")
    (site / "index.qmd").write_text(f"---\ntitle: T\n---\n\n{source}\n")
    import_site(Options(source=site, target=tmp_path / "new", project=True))
    assert result in (tmp_path / "new" / "index.md").read_text("utf-8")
    # The table says so, too: what it writes first in its second cell.
    (quoted, code), *_ = re.findall(r"`` (.+?) ``|`([^`]+)`", rows("coming-from-quarto")[line])
    if line not in SAID_IN_WORDS:
        assert result.startswith((quoted or code).replace(" Title", ""))


# From footnotes

CASES: dict[str, tuple[str, str, str] | None] = {
    "`[^a]` and `[^a]: A note.` in Markdown": (
        "md",
        "A word.[^a]\n\n[^a]: A note.",
        "marginalia-sidenote",
    ),
    "`[#a]_` and `.. [#a] A note.` in reStructuredText": (
        "rst",
        "A word. [#a]_\n\n.. [#a] A note.",
        "marginalia-sidenote",
    ),
    "two references to one footnote": (
        "md",
        "A word.[^a] Another.[^a]\n\n[^a]: A note.",
        'href="#a"',
    ),
    "a footnote with a list, code or two paragraphs": (
        "md",
        "A word.[^a]\n\n[^a]: A note.\n\n    - one\n    - two\n\n    ```python\n    1\n    ```",
        "marginalia-sidenote",
    ),
    "a footnote that nothing refers to": None,
    "`[*]_` in reStructuredText": (
        "rst",
        "A word. [*]_\n\n.. [*] A note.",
        'class="footnote',
    ),
    "a new note": ("md", "A word.{sidenote}`A note.`", "marginalia-sidenote"),
}


def test_every_line_about_footnotes_is_tried() -> None:
    assert list(rows("coming-from-footnotes")) == list(CASES)


@pytest.mark.parametrize("line", [line for line, case in CASES.items() if case])
def test_footnotes_become_what_the_table_says(line: str, tmp_path: Path) -> None:
    case = CASES[line]
    assert case is not None
    suffix, source, result = case
    heading = "# T" if suffix == "md" else "T\n="
    built = build({f"index.{suffix}": f"{heading}\n\n{source}\n"}, tmp_path, **FOOTNOTES)
    assert built.warnings == ""
    assert result in built.page()


def test_a_footnote_that_nothing_refers_to_is_a_margin_note_with_a_warning(
    tmp_path: Path,
) -> None:
    built = build({"index.md": "# T\n\nA word.\n\n[^a]: A note.\n"}, tmp_path, **FOOTNOTES)
    assert "marginalia-marginnote" in built.page()
    assert built.warnings.count("WARNING") == 1
