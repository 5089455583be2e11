"""A note in a heading is in no place where the heading's words are used."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from sphinx.util.inventory import InventoryFile

from sphinx_marginalia.testing import build
from tests.sidenotes.reading import soup, words

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

MYST = {
    "index.md": "# Book{sidenote}`secret`\n\n```{toctree}\n:maxdepth: 3\none\ntwo\n```\n",
    "one.md": "(first)=\n# First *chapter*{sidenote}`secret`\n\n"
    "(part)=\n## A part{marginnote}`secret` of it\n\nText.\n\n### Deeper{sidenote}`secret`\n\nText.\n",
    "two.md": "# Second{sidenote}`secret`\n\nSee {ref}`first` and {ref}`part`, {doc}`one`, [](one.md)."
    "\n\n```{contents}\n```\n\n## Third{sidenote}`secret`\n\nText.\n",
}
RST = {
    "index.rst": "Book\\ :sidenote:`secret`\n========================================\n\n"
    ".. toctree::\n   :maxdepth: 3\n\n   one\n   two\n",
    "one.rst": ".. _first:\n\nFirst *chapter*\\ :sidenote:`secret`\n========================================\n\n"
    ".. _part:\n\nA part\\ :marginnote:`secret` of it\n----------------------------------------\n\nText.\n\n"
    "Deeper\\ :sidenote:`secret`\n~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n\nText.\n",
    "two.rst": "Second\\ :sidenote:`secret`\n========================================\n\n"
    "See :ref:`first` and :ref:`part`, :doc:`one`.\n\n.. contents::\n\n"
    "Third\\ :sidenote:`secret`\n----------------------------------------\n\nText.\n",
}


@pytest.fixture(scope="module", params=["md", "rst"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    files = MYST if request.param == "md" else RST
    return build(files, tmp_path_factory.mktemp("book"), html_theme="alabaster")


def test_nothing_is_wrong_with_a_note_in_a_heading(book: Built) -> None:
    assert book.warnings == ""


def test_the_toctree_is_clean(book: Built) -> None:
    links = soup(book).select(".toctree-wrapper a")
    assert [words(link) for link in links] == [
        "First chapter", "A part of it", "Deeper", "Second", "Third",
    ]  # fmt: skip


def test_the_contents_of_the_page_are_clean(book: Built) -> None:
    assert words(soup(book, "two").select_one("nav.contents, aside.topic, .topic")) in {
        "Contents Second Third", "Contents Third",
    }  # fmt: skip


def test_the_title_of_the_window_is_clean(book: Built) -> None:
    assert soup(book, "one").title.string.startswith("First chapter — ")


def test_prev_and_next_are_clean(book: Built) -> None:
    links = {link["rel"][0]: link["title"] for link in soup(book, "one").select("link[title]")}
    assert (links["prev"], links["next"]) == ("Book", "Second")


def test_section_ids_are_clean(book: Built) -> None:
    ids = [section["id"] for section in soup(book, "one").select("section[id]")]
    ids += [span["id"] for span in soup(book, "one").select("section > span[id]")]
    assert [id_ for id_ in ids if "secret" in id_] == []
    assert {"first", "part", "deeper"} <= set(ids)


def test_references_show_clean_titles(book: Built) -> None:
    shown = [words(link) for link in soup(book, "two").select('p a.reference[href^="one"]')]
    assert set(shown) == {"First chapter", "A part of it"}


def test_labels_are_clean(book: Built) -> None:
    labels = book.app.env.domaindata["std"]["labels"]
    assert labels["first"][2] == "First chapter"
    assert labels["part"][2] == "A part of it"


def test_the_inventory_is_clean(book: Built) -> None:
    data = (book.out / "objects.inv").read_bytes()
    inventory = InventoryFile.loads(data, uri="").data
    names = {item.display_name for objects in inventory.values() for item in objects.values()}
    assert {"First chapter", "A part of it"} <= names
    assert [name for name in names if "secret" in name] == []


def test_the_search_index_has_clean_titles_and_the_words_of_the_note(book: Built) -> None:
    text = book.read("searchindex.js")
    index = json.loads(re.sub(r"^Search\.setIndex\((.*)\)$", r"\1", text))
    assert {"Book", "First chapter", "A part of it", "Deeper", "Third"} <= set(index["alltitles"])
    assert [title for title in index["alltitles"] if re.search(r"secret|\d", title)] == []
    assert "secret" not in index["titleterms"]
    assert "secret" in index["terms"]


@pytest.mark.parametrize("builder", ["latex", "texinfo", "man", "text", "epub"])
def test_a_book_with_notes_in_headings_builds_everywhere(builder: str, tmp_path: Path) -> None:
    assert build(MYST, tmp_path, builder, version="1", copyright="A").warnings == ""


def test_bookmarks_in_a_pdf_are_clean(tmp_path: Path) -> None:
    built = build(MYST, tmp_path, "latex")
    headings = re.findall(
        r"\\(?:chapter|section|subsection)(\[[^]]*\])?\{(.*)\}", built.read("*.tex")
    )
    assert [optional for optional, title in headings if "secret" in optional] == []
    assert [title for _, title in headings if "secret" in title] == []


def test_an_epub_has_clean_navigation(tmp_path: Path) -> None:
    built = build(MYST, tmp_path, "epub", version="1", copyright="A")
    assert "secret" not in (built.out / "nav.xhtml").read_text()
    assert "secret" not in (built.out / "toc.ncx").read_text()


@pytest.mark.parametrize("builder", ["texinfo", "man", "text", "latex"])
@pytest.mark.parametrize("line", [".. centered:: Ann NOTE", ".. acks::\n\n   * Ann NOTE\n   * Bob"])
def test_a_note_in_a_line_of_bare_words_is_printed(line: str, builder: str, tmp_path: Path) -> None:
    text = "T\n=\n\n" + line.replace("NOTE", ":sidenote:`secret`") + "\n"
    built = build({"index.rst": text}, tmp_path, builder)
    assert built.warnings == ""
    pattern = {"texinfo": "*.texi", "man": "*.1", "text": "*.txt", "latex": "test.tex"}[builder]
    assert built.read(pattern).count("secret") == 1
