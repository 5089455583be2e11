"""Figures and tables in the margin, and captions there: in HTML, in a PDF, and elsewhere."""

from __future__ import annotations

import re
from itertools import accumulate
from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import EXTENSIONS, build
from tests.sidenotes.reading import errors_in, soup

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

FIGURE = ":::{figure} x.png\n:figclass: margin\n:name: heron\n\nA heron.\n:::\n"
TABLE = ":::{table} Reeds\n:class: margin\n:name: reeds\n\n| a | b |\n|---|---|\n| c | d |\n:::\n"
CAPTION = (
    ":::{figure} x.png\n:figclass: margin-caption\n:name: heron\n\nA heron.\n\nA legend.\n:::\n"
)
TITLE = TABLE.replace("margin", "margin-caption")
NOTE = "{sidenote}`The note.`"


def book(text: str, folder: Path, builder: str = "html", **config: Any) -> Built:
    """Build a book with one chapter that holds *text*."""
    files = {
        "index.md": "# Book\n\n```{toctree}\nchapter\n```\n",
        "chapter.md": f"# Chapter\n\n{text}\n",
        "x.png": "",
    }
    built = build(files, folder, builder, **{"numfig": True, **config})
    assert built.warnings == ""
    return built


def tex(text: str, folder: Path, **config: Any) -> str:
    """Return the LaTeX of the chapter."""
    return book(text, folder, "latex", **config).read("*.tex").partition("\\chapter{Chapter}")[2]


# HTML

IN_MARGIN = ".marginalia-note-page section > .marginalia-note-figure > "


def test_a_figure_with_the_class_is_in_the_margin_with_number_and_caption(tmp_path: Path) -> None:
    page = soup(book(f"{FIGURE}\nSee {{numref}}`heron`.", tmp_path), "chapter")
    figure = page.select_one(f"{IN_MARGIN}figure#heron")
    assert figure is not None
    assert " ".join(figure.get_text(" ").split()) == "Fig. 1 A heron. ¶"
    assert page.select_one("a[href='#heron'] .std-numref").text == "Fig. 1"
    assert errors_in(page) == []


def test_a_table_with_the_class_is_in_the_margin_with_number_and_caption(tmp_path: Path) -> None:
    page = soup(book(TABLE, tmp_path), "chapter")
    table = page.select_one(f"{IN_MARGIN}table#reeds")
    assert table is not None
    assert table.caption.text.startswith("Table 1 Reeds")


@pytest.mark.parametrize("option", ["class", "figclass"])
@pytest.mark.parametrize("link", ["", ":target: https://example.org\n"])
def test_the_class_can_be_that_of_the_picture(option: str, link: str, tmp_path: Path) -> None:
    text = f":::{{figure}} x.png\n:{option}: margin\n{link}:::\n"
    assert soup(book(text, tmp_path), "chapter").select_one(f"{IN_MARGIN}figure img")


def test_a_caption_with_the_class_is_in_the_margin(tmp_path: Path) -> None:
    page = soup(book(CAPTION, tmp_path), "chapter")
    assert page.select_one("section > figure#heron.marginalia-note-captioned > figcaption")
    assert page.select_one(".marginalia-note-page")


def test_the_caption_of_a_table_with_the_class_is_in_the_margin(tmp_path: Path) -> None:
    page = soup(book(f"{TITLE}\nSee {{numref}}`reeds`.", tmp_path), "chapter")
    figure = page.select_one("section > figure.marginalia-note-captioned")
    assert figure is not None
    assert figure.select_one("table#reeds") is not None
    assert figure.caption is None
    assert " ".join(figure.figcaption.get_text(" ").split()) == "Table 1 Reeds"
    assert page.select_one("a[href='#reeds'] .std-numref").text == "Table 1"
    assert errors_in(page) == []


def test_a_table_without_a_caption_is_as_it_was(tmp_path: Path) -> None:
    page = soup(book(TITLE.replace("{table} Reeds", "{table}"), tmp_path), "chapter")
    assert page.select_one("table#reeds")
    assert not page.select(".marginalia-note-captioned")


def test_the_class_names_of_themes_are_not_written(tmp_path: Path) -> None:
    # sphinx-book-theme has a margin of its own for these names.
    page = soup(book(f"{FIGURE}\n{CAPTION.replace('heron', 'owl')}", tmp_path), "chapter")
    assert not page.select("figure.margin, figure.margin-caption, img.margin")


@pytest.mark.parametrize("box", ["note", "card", "list-table"])
def test_a_figure_in_a_box_stays_there(box: str, tmp_path: Path) -> None:
    text = f"::::{{{box}}}\n{FIGURE}::::\n"
    if box == "list-table":
        text = f"::::{{list-table}}\n* - {indent(FIGURE, '    ').strip()}\n::::\n"
    page = soup(book(text, tmp_path, extensions=[*EXTENSIONS, "sphinx_design"]), "chapter")
    assert page.select_one("figure#heron")
    assert not page.select(".marginalia-note-figure, .marginalia-note-page")


@pytest.mark.parametrize(
    ("block", "holder"),
    [
        (FIGURE, ".marginalia-note-figure"),
        (TABLE.replace("c |", f"c{NOTE} |"), ".marginalia-note-figure"),
        (CAPTION, ".marginalia-note-captioned figcaption"),
    ],
)
def test_the_note_of_a_caption_in_the_margin_is_below_it(
    block: str, holder: str, tmp_path: Path
) -> None:
    page = soup(book(block.replace("A heron.", f"A heron.{NOTE}"), tmp_path), "chapter")
    assert len(page.select(".marginalia-sidenote")) == 1
    assert page.select_one(f"{holder} > .marginalia-sidenote.marginalia-note-below-block")
    assert errors_in(page) == []


def test_a_figure_that_was_at_a_side_or_narrower_is_as_wide_as_the_margin(tmp_path: Path) -> None:
    text = ":::{figure} x.png\n:class: margin\n:align: right\n:figwidth: 40%\n\nA heron.\n:::\n"
    figure = soup(book(text, tmp_path), "chapter").select_one(f"{IN_MARGIN}figure")
    assert figure["class"] == ["align-default"]
    assert "style" not in figure.attrs


def test_only_pages_with_wide_or_margin_figures_load_their_style_sheet(tmp_path: Path) -> None:
    sheet = "marginalia-figures.css"
    for n, (text, is_loaded) in enumerate(
        [
            (FIGURE, True),
            (CAPTION, True),
            (TABLE.replace("margin", "fullwidth"), True),
            (NOTE, False),
        ]
    ):
        page = book(f"Words.{NOTE}\n\n{text}", tmp_path / str(n)).page("chapter")
        assert (sheet in page) is is_loaded


# PDF


def in_margin(source: str, words: str) -> bool:
    """Return whether *words*, which *source* contains once, are in a block in the margin.

    ``\\marginaliapicture`` puts its second argument there.
    """
    assert source.count(words) == 1
    picture = re.compile(r"\\marginaliapicture\{\\sphinxincludegraphics\{\{x\}\.png\}\}")
    source = picture.sub(r"\\marginaliablock", source)
    _, block, rest = source.partition(words)[0].rpartition("\\marginaliablock{")
    depths = accumulate(1 if brace == "{" else -1 for brace in re.findall(r"(?<!\\)[{}]", rest))
    return bool(block) and min(depths, default=0) >= 0


def test_a_figure_with_the_class_is_in_the_margin_of_a_pdf(tmp_path: Path) -> None:
    source = tex(f"{FIGURE}\nSee {{numref}}`heron`.", tmp_path)
    assert in_margin(source, "\\captionof{figure}{A heron.}\\label{\\detokenize{chapter:heron}}")
    assert "\\begin{figure}" not in source


def test_a_table_with_the_class_is_in_the_margin_of_a_pdf(tmp_path: Path) -> None:
    assert in_margin(tex(TABLE, tmp_path), "\\sphinxcaption{Reeds}")


def test_a_caption_with_the_class_is_in_the_margin_of_a_pdf(tmp_path: Path) -> None:
    source = tex(CAPTION, tmp_path)
    assert in_margin(source, "\\captionof{figure}{A heron.}\\label{\\detokenize{chapter:heron}}")
    assert in_margin(source, "A legend.")
    assert "\\marginaliapicture{\\sphinxincludegraphics{{x}.png}}{" in source
    assert "\\begin{figure}" not in source


LONG = "| " + "a" * 20 + " | " + "b" * 20 + " |"
UNSAFE = {
    "a figure in a box": f"::::{{note}}\n{FIGURE}::::\n",
    "a caption in a box": f"::::{{note}}\n{CAPTION}::::\n",
    "a figure in a quotation": "\n".join(f"> {line}" for line in FIGURE.split("\n")),
    "a figure with code": FIGURE.replace("A heron.", "A heron.\n\n```python\nx\n```\n").replace(
        ":::", "::::"
    ),
    "a table of long words": TABLE.replace("| c | d |", LONG),
    "a long table": TABLE.replace(":class: margin", ":class: margin longtable"),
    "a table of many rows": TABLE.replace("| c | d |", "| c | d |\n" * 60),
    "a table with a picture": TABLE.replace("| c |", "| ![c](x.png) |"),
}


@pytest.mark.parametrize("text", UNSAFE.values(), ids=UNSAFE)
def test_what_is_not_safe_in_the_margin_of_a_pdf_stays_in_the_text(
    text: str, tmp_path: Path
) -> None:
    source = tex(text, tmp_path)
    assert "marginaliablock" not in source
    assert re.search(r"caption(of\{figure\})?\{(A heron\.|Reeds)", source)


@pytest.mark.parametrize("block", [FIGURE, TABLE, CAPTION])
def test_nothing_is_in_the_margin_of_a_pdf_without_margin(block: str, tmp_path: Path) -> None:
    assert "marginaliablock" not in tex(block, tmp_path, sidenotes_latex="footnote")


def test_a_note_in_a_caption_in_the_margin_is_a_footnote_behind_it(tmp_path: Path) -> None:
    for block in (FIGURE, CAPTION):
        source = tex(block.replace("A heron.", f"A heron.{NOTE}"), tmp_path / block[30:36])
        assert "A heron.\\sphinxfootnotemark[1]" in source
        assert source.count("The note.") == 1
        assert not in_margin(source, "The note.")


def test_figures_that_fill_the_margin_stay_in_the_text(tmp_path: Path) -> None:
    text = "\n".join(FIGURE.replace("heron", f"heron {n}") for n in range(20))
    source = tex(text, tmp_path)
    assert 0 < source.count("\\marginaliablock{") < 20
    assert source.count("A heron ") == 20


# Elsewhere


@pytest.mark.parametrize("builder", ["epub", "text", "man", "texinfo", "xml", "singlehtml"])
def test_every_other_output_has_all_words(builder: str, tmp_path: Path) -> None:
    name = {"text": "chapter.txt", "xml": "chapter.xml", "epub": "chapter.xhtml"}.get(builder)
    pattern = name or {"man": "*.1", "texinfo": "*.texi", "singlehtml": "index.html"}[builder]
    text = f"{FIGURE}\n{TABLE}\n{CAPTION.replace('heron', 'owl')}"
    config = {"copyright": "Nobody", "version": "1"} if builder == "epub" else {}
    written = book(text, tmp_path, builder, **config).read(pattern)
    # docutils writes no captions of tables in manual pages, with or without our class.
    title = () if builder == "man" else ("Reeds",)
    for words in ("A heron.", *title, "A owl.", "A legend."):
        assert words in written


@pytest.mark.parametrize("theme", ["alabaster", "furo"])
def test_the_id_of_a_table_is_on_its_page_once_in_any_theme(tmp_path: Path, theme: str) -> None:
    page = soup(book(TABLE + NOTE, tmp_path, html_theme=theme), "chapter")
    ids = [tag["id"] for tag in page.select("[id]")]
    assert ids.count("reeds") == 1


def test_in_a_pdf_the_caption_of_a_table_is_in_the_margin_with_its_label(tmp_path: Path) -> None:
    text = tex(f"{TITLE}\nSee {{numref}}`reeds`.", tmp_path)
    caption = (
        r"\marginaliablock{%" + "\n" + r"\captionof{table}{Reeds}\label{\detokenize{chapter:reeds}}"
    )
    assert caption in text
    assert text.count(r"\label{\detokenize{chapter:reeds}}") == 1
    assert text.index(caption) < text.index(r"\begin{tabular")
    assert r"\sphinxcaption{Reeds}" not in text
