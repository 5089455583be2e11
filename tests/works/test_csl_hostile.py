"""Works, citations and files that a style of CSL, or pandoc, might stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.testing import Built, build
from sphinx_marginalia.works import csl, rendering
from sphinx_marginalia.works.csl_styles import find_style

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EXTENSIONS = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"]
NOTES = "chicago-notes-bibliography"
HERON = "@book{heron, author={Heron, Jan}, title={Autumn}, publisher={Reed}, year=1999}\n"


@pytest.fixture
def cite(tmp_path: Path) -> Callable[..., Built]:
    """Build a page with citations of works in a style."""

    def cited(page: str, works: str, style: str, builder: str = "text", **more: Any) -> Built:
        pages = {
            "index.md": f"# Book\n\n{page}\n\n```{{toctree}}\nworks\n```\n",
            "works.md": "# Works\n\n```{bibliography}\n```\n",
            "works.bib": works,
        }
        return build(
            pages,
            tmp_path,
            builder,
            bibtex_bibfiles=["works.bib"],
            bibtex_default_style="marginalia",
            bibtex_reference_style="marginalia",
            works_style=style,
            **{"extensions": EXTENSIONS} | more,
        )

    return cited


def words(built: Built, page: str = "index") -> str:
    return " ".join(BeautifulSoup(built.page(page), "html.parser").get_text().split())


# Works that a style says nothing of


def test_a_key_that_pandoc_reads_as_all_works_is_a_key(cite: Callable[..., Built]) -> None:
    works = HERON + "@book{*, author={Star, Sue}, title={Night}, year=2001}\n"
    built = cite("So {cite:p}`*` and {cite:t}`heron`.", works, "apa")
    assert "So (Star, 2001) and Heron (1999)." in words(built)
    assert "Star, S. (2001)" in words(built, "works")


def test_a_work_that_the_style_leaves_out_of_the_bibliography_stays_in_it(
    cite: Callable[..., Built],
) -> None:
    built = cite(
        "So {cite:p}`reed`.", "@misc{reed, title={Reeds in fog}, year=2001}", NOTES, "html"
    )
    assert "Reeds in fog" in words(built, "works")


@pytest.mark.parametrize("style", ["", "apa"])
def test_a_long_title_in_the_place_of_an_author_leaves_room_for_its_entry(
    cite: Callable[..., Built], style: str
) -> None:
    title = "On what lakes do in winter " * 4
    built = cite("So {cite:p}`reed`.", f"@misc{{reed, title={{{title}}}, year=2001}}", style)
    assert words(built, "works").count("On what lakes do in winter") > 3


@pytest.mark.parametrize("style", ["", "apa"])
def test_what_is_behind_a_percent_sign_is_part_of_the_title(
    cite: Callable[..., Built], style: str
) -> None:
    works = HERON.replace("Autumn", r"At 50% of \emph{lakes}, or 5\%")
    assert "lakes" in words(cite("So {cite:p}`heron`.", works, style), "works")


# Styles


def test_a_style_with_authors_and_titles_in_citations_names_an_author_once(
    cite: Callable[..., Built],
) -> None:
    built = cite(
        "So {cite:t}`heron`, {cite:author}`heron` {cite:year}`heron`.",
        HERON,
        "modern-language-association",
    )
    assert "So Heron, Heron 1999." in words(built)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<style>\xff</style>", "own.csl cannot be read"),
        (b"<html/>", "No citation element"),
        (
            b'<style xmlns="http://purl.org/net/xbiblio/csl"><info><link rel="independent-parent"'
            b' href="https://example.org/own.csl"/></info></style>',
            "there is no citation style 'own'",
        ),
    ],
)
def test_a_file_that_is_no_style_is_reported(
    cite: Callable[..., Built], tmp_path: Path, content: bytes, message: str
) -> None:
    style = tmp_path / "source" / "own.csl"
    style.parent.mkdir()
    style.write_bytes(content)
    built = cite("So {cite:p}`heron`.", HERON, "own.csl")
    assert built.warnings.count("marginalia.style_unusable") == 1
    assert message in built.warnings
    assert "(Heron 1999)" in words(built)


# Notes beside those of the author


@pytest.mark.parametrize("every", [False, True])
def test_notes_of_the_author_and_of_the_style_have_their_numbers_in_order(
    cite: Callable[..., Built], *, every: bool
) -> None:
    page = (
        "One[^a] two {cite:p}`heron` three[^name] four {cite:t}`heron` five[^c].\n\n"
        "[^a]: A.\n[^name]: B {cite:p}`heron`.\n[^c]: C."
    )
    built = cite(page, HERON, NOTES, sidenotes_from_footnotes=every)
    assert "One[1] two[2] three[3] four Heron[4] five[5]." in words(built)


def test_a_title_has_the_same_words_wherever_it_is_shown(cite: Callable[..., Built]) -> None:
    page = "## What {cite:t}`heron` says\n\nSo {cite:p}`heron`."
    built = cite(page, HERON, NOTES)
    assert "What Heron says" in words(built)
    assert "Cited in: What Heron says" in words(built, "works")


def test_a_sentence_in_a_note_goes_on_behind_a_whole_reference(cite: Callable[..., Built]) -> None:
    page = (
        "So.{sidenote}``See {cite:p}`heron`, or {cite:t}`heron{p. 3}` for more {cite:p}`heron`.``"
    )
    built = cite(page, HERON, NOTES)
    note = "See Jan Heron, *Autumn* (Reed, 1999), or Heron, *Autumn*, 3 for more Heron, *Autumn*."
    assert note in words(built)


def test_the_number_of_a_note_is_no_link_in_a_link(cite: Callable[..., Built]) -> None:
    page = "So [reeds {cite:p}`heron`](https://example.org) grow."
    built = cite(page, HERON, NOTES, "html")
    assert not BeautifulSoup(built.page(), "html.parser").select("a a")
    assert "Autumn (Reed, 1999)" in words(built)


@pytest.mark.slow
def test_a_footnote_without_a_number_ends_no_build(cite: Callable[..., Built]) -> None:
    page = "```{eval-rst}\nText [#r]_ :cite:p:`heron`.\n\n.. [#r] Foot.\n```"
    assert "Foot." in words(cite(page, HERON, NOTES))


# The cache, and pandoc


def _files(built: Built) -> list[Path]:
    return sorted((built.out.parent / "doctrees").rglob("marginalia-citations/*.json"))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"blocks": [1]}', "\x00"])
def test_a_damaged_file_of_the_cache_is_made_again(cite: Callable[..., Built], text: str) -> None:
    built = cite("So {cite:p}`heron`.", HERON, "apa")
    for file in _files(built):
        file.write_text(text)
    built = cite("So {cite:p}`heron`.", HERON, "apa")
    assert built.warnings == ""
    assert "(Heron, 1999)" in words(built)


def test_the_cache_does_not_grow_without_end(
    cite: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "KEPT", -1)
    for year in range(2000, 2006):
        built = cite(f"So {{cite:p}}`heron{{p. {year}}}`.", HERON, "apa", fresh=False)
        assert 0 < len(_files(built)) <= 3


def test_citations_become_notes_when_the_file_of_the_style_becomes_one_for_notes(
    cite: Callable[..., Built], tmp_path: Path
) -> None:
    house = tmp_path / "source" / "house.csl"
    house.parent.mkdir()
    for style, text in (("apa", "So (Heron, 1999)."), (NOTES, "So.[1]")):
        house.write_bytes(find_style(style, tmp_path).file.read_bytes())
        built = cite("So {cite:p}`heron`.", HERON, "house.csl", fresh=False)
        assert text in words(built)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("exit 83", "status 83"),
        ("echo 'Unknown option --citeproc' >&2; exit 6", "Unknown option --citeproc"),
        ("echo no JSON", "pandoc"),
        ("exit 0", "pandoc"),
        ("exec sleep 60", "pandoc"),
    ],
)
@pytest.mark.parametrize("style", ["apa", NOTES])
def test_a_pandoc_that_fails_is_reported_and_the_build_goes_on(
    cite: Callable[..., Built],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    program: str,
    message: str,
    style: str,
) -> None:
    pandoc = tmp_path / "pandoc"
    pandoc.write_text(f"#!/bin/sh\n{program}\n")
    pandoc.chmod(0o755)
    for module in (csl, rendering):
        monkeypatch.setattr(module, "find_pandoc", lambda: str(pandoc))
    monkeypatch.setattr(csl, "TIMEOUT", 0.5)
    built = cite("So {cite:p}`heron`.", HERON, style)
    assert built.warnings.count("marginalia.style_unusable") == 1
    assert message in built.warnings
    assert "Heron" in words(built)
    assert "Autumn" in words(built, "works")
