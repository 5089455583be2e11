"""Footnotes that were there before: whoever turns the option on loses nothing."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from docutils import nodes

from sphinx_marginalia.sidenotes.nodes import sidenote
from sphinx_marginalia.testing import EXTENSIONS, build
from tests.sidenotes.reading import (
    errors_in,
    marks,
    notes,
    outline,
    soup,
    words,
    words_without_styles,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built


def converted(text: str, extension: str, folder: Path, builder: str = "html", **kw: Any) -> Built:
    source = dedent(text).strip() + "\n"
    return build(
        {f"index.{extension}": source}, folder, builder, sidenotes_from_footnotes=True, **kw
    )


def plain(text: str, extension: str, folder: Path) -> Built:
    source = dedent(text).strip() + "\n"
    return build({f"index.{extension}": source}, folder / "plain", extensions=["myst_parser"])


def ids(built: Built) -> set[str]:
    main = soup(built).select_one('[role="main"]')
    assert main is not None
    return {str(tag["id"]) for tag in main.select("[id]")}


def numbers(built: Built) -> list[str]:
    return [mark.get_text().strip("[]") for mark in marks(soup(built))]


# Ids, links and numbers

LINKED = {
    "names": """
        T
        =

        A [#ember]_ and B [#coal]_. See ember_ and coal_.

        .. [#coal] Black.
        .. [#ember] Red.
        """,
    "numbers": """
        T
        =

        A [7]_ and B [3]_. See 7_ and 3_.

        .. [7] Seven.
        .. [3] Three.
        """,
    "automatic numbers": """
        T
        =

        A [#]_ and B [#]_. See 2_.

        .. [#] First.
        .. [#] Second.
        """,
    "names and numbers": """
        T
        =

        A [#ember]_ and B [1]_ and C [#ember]_. See 1_ and ember_.

        .. [#ember] Red.
        .. [1] One.
        """,
}


@pytest.mark.parametrize("text", LINKED.values(), ids=LINKED)
def test_ids_numbers_and_links_stay(text: str, tmp_path: Path) -> None:
    before, after = plain(text, "rst", tmp_path), converted(text, "rst", tmp_path)
    assert after.warnings == before.warnings == ""
    assert ids(before) <= ids(after)
    assert numbers(after) == numbers(before)
    assert errors_in(soup(after)) == []
    links = soup(after).select("a.reference.internal")
    for link in links:
        note = soup(after).find(id=str(link["href"])[1:])
        assert note is not None
        assert note["role"] == "doc-footnote"
        if link.get_text().isdigit():
            assert words(note).startswith(link.get_text())


def test_a_number_that_a_link_shows_stays_beside_other_notes(tmp_path: Path) -> None:
    text = "T\n=\n\nA :sidenote:`new` B [#]_ C [#]_. See 1_.\n\n.. [#] First.\n.. [#] Second.\n"
    page = soup(converted(text, "rst", tmp_path))
    assert [words(note) for note in notes(page)] == ["2 new", "1 First.", "3 Second."]


@pytest.mark.parametrize("builder", ["html", "singlehtml", "latex", "text", "xml"])
def test_links_to_footnotes_lead_there_in_every_builder(builder: str, tmp_path: Path) -> None:
    built = converted(LINKED["names"], "rst", tmp_path, builder)
    assert built.warnings == ""


def test_two_documents_with_one_name_keep_their_notes_apart(tmp_path: Path) -> None:
    files = {
        "index.md": "# A\n\n```{toctree}\nb\n```\n\nX[^ember]\n\n[^ember]: One.\n",
        "b.md": "# B\n\nX[^ember] Y[^coal]\n\n[^ember]: Two.\n\n[^coal]: Three.\n",
    }
    page = soup(build(files, tmp_path, "singlehtml", sidenotes_from_footnotes=True))
    assert errors_in(page) == []
    assert page.find(id="coal") is not None


# What held or introduced footnotes

PLACES: dict[str, tuple[str, str, str]] = {
    "a line before them": (
        "md",
        """
        # T

        Text[^a].

        ---

        [^a]: Note.
        """,
        "title: T|Text[1].|1) Note.",
    ),
    "a line between text and text": (
        "md",
        """
        # T

        Text[^a].

        ---

        [^a]: Note.

        More.
        """,
        "title: T|Text[1].|1) Note.|transition|More.",
    ),
    "a line before them and a section": (
        "md",
        """
        # T

        Text[^a].

        ---

        [^a]: Note.

        ## U

        More.
        """,
        "title: T|Text[1].|1) Note.|title: U|More.",
    ),
    "them before a line": (
        "md",
        """
        # T

        [^a]: Note.

        ---

        Text[^a].
        """,
        "title: T|Text[1].|1) Note.",
    ),
    "a line and a rubric": (
        "rst",
        """
        T
        =

        Text [#]_.

        ----

        .. rubric:: Anmerkungen

        .. [#] Note.
        """,
        "title: T|Text [1].|1) Note.",
    ),
    "a rubric with other text": (
        "rst",
        """
        T
        =

        Text [#]_.

        .. rubric:: References

        .. [#] Note.

        A book.
        """,
        "title: T|Text [1].|1) Note.|rubric: References|A book.",
    ),
    "a rubric of their own among others": (
        "rst",
        """
        T
        =

        Text [#]_.

        .. rubric:: Footnotes

        .. [#] Note.

        .. rubric:: Sources

        A book.
        """,
        "title: T|Text [1].|1) Note.|rubric: Sources|A book.",
    ),
    "a word in strong type": (
        "md",
        """
        # T

        Text[^a].

        **Notes:**

        [^a]: Note.
        """,
        "title: T|Text[1].|1) Note.",
    ),
    "a section": (
        "rst",
        """
        T
        =

        U
        -

        Text [#]_ and [#]_.

        Footnotes
        ---------

        .. [#] Note.

        .. A comment.

        .. [#] Another.
        """,
        "title: T|title: U|Text [1] and [2].|1) Note.|2) Another.",
    ),
    "a section with other text": (
        "rst",
        """
        T
        =

        Text [#]_.

        References
        ----------

        .. [#] Note.

        .. [Book] A book.

        See [Book]_.
        """,
        "title: T|Text [1].|1) Note.|title: References|citation|  label: Book|  A book.|See [Book].",
    ),
    "a section that a label leads to": (
        "rst",
        """
        T
        =

        Text [#]_, see :ref:`below`.

        .. _below:

        Footnotes
        ---------

        .. [#] Note.
        """,
        "title: T|Text [1], see below.|1) Note.|title: Footnotes",
    ),
    "a list item": (
        "rst",
        """
        T
        =

        - Text [#]_.
        - .. [#] Note.
        """,
        "title: T|bullet_list|  list_item|    Text [1].|    1) Note.",
    ),
    "a whole list": (
        "md",
        """
        # T

        Text[^a].

        - [^a]: Note.
        """,
        "title: T|Text[1].|1) Note.",
    ),
    "a quotation": (
        "rst",
        """
        T
        =

        Text [#]_.

           .. [#] Note.

        More.
        """,
        "title: T|Text [1].|1) Note.|More.",
    ),
    "a section of symbols, which stay": (
        "rst",
        """
        T
        =

        Text [*]_ and [#]_.

        ----

        .. [*] Star.
        .. [#] Note.
        """,
        "title: T|Text [*] and [1].|1) Note.|transition|footnote|  label: *|  Star.",
    ),
}


@pytest.mark.parametrize(("extension", "text", "expected"), PLACES.values(), ids=PLACES)
def test_what_held_footnotes_goes_with_them(
    extension: str, text: str, expected: str, tmp_path: Path
) -> None:
    before = plain(text, extension, tmp_path)
    built = converted(text, extension, tmp_path, "text")
    assert "|".join(outline(built.doctree()).splitlines()) == expected
    new = {line.partition(":")[2] for line in built.warnings.splitlines()}
    assert new <= {line.partition(":")[2] for line in before.warnings.splitlines()}
    assert ids(before) <= ids(converted(text, extension, tmp_path / "html"))


# Margin notes as sphinx-book-theme writes them


def test_a_sign_makes_a_margin_note_of_a_footnote(tmp_path: Path) -> None:
    text = "# T\n\nA[^a] b[^b] c[^c].\n\n[^a]: One.\n[^b]: {-} *Two*.\n[^c]: Three.\n"
    built = converted(text, "md", tmp_path)
    assert built.warnings == ""
    assert [words(note) for note in notes(soup(built))] == ["1 One.", "Two.", "2 Three."]
    assert "{-}" not in built.page()
    assert errors_in(soup(built)) == []


@pytest.mark.parametrize("builder", ["latex", "text", "epub"])
def test_a_margin_note_may_be_referred_to_twice(builder: str, tmp_path: Path) -> None:
    text = "# T\n\nA[^a] b[^a].\n\n[^a]: {-} zugzwang\n"
    built = converted(text, "md", tmp_path, builder, version="1", copyright="A")
    page = built.read("*.tex") if builder == "latex" else built.page()
    assert page.count("zugzwang") == 1
    assert "{-}" not in page


MARGINS = {
    "a title": ("{margin} **Look**", "Look\n\nWords."),
    "a plain title": ("{margin} Look *here*", "Look here\n\nWords."),
    "no title": ("{margin}", "Words."),
}


@pytest.mark.parametrize("theme", ["sphinx_book_theme", "basic"])
@pytest.mark.parametrize(("opening", "expected"), MARGINS.values(), ids=MARGINS)
def test_the_directive_margin_makes_a_margin_note(
    opening: str, expected: str, theme: str, tmp_path: Path
) -> None:
    text = f"# T\n\nText.\n\n```{opening}\nWords.\n```\n\nMore.\n"
    built = build({"index.md": text}, tmp_path, html_theme=theme)
    (note,) = notes(soup(built))
    assert built.warnings == ""
    assert words(note) == " ".join(expected.split())
    assert [words(tag) for tag in note.select("strong")] == expected.split("\n\n")[:-1]


def test_a_directive_margin_of_a_project_stays(tmp_path: Path) -> None:
    extensions = [*EXTENSIONS, "tests.sidenotes.test_footnotes"]
    text = "# T\n\n```{margin}\nWords.\n```\n"
    page = build({"index.md": text}, tmp_path, extensions=extensions).page()
    assert "The project's own" in page


def setup(app: Any) -> None:
    """Register a directive ``margin``, as the extension of a project would."""
    from docutils.parsers.rst import Directive

    class Margin(Directive):
        has_content = True

        def run(self) -> list[nodes.Node]:
            return [nodes.paragraph("", "The project's own")]

    app.add_directive("margin", Margin, override=True)


@pytest.mark.parametrize("convert", [True, False])
def test_the_option_of_the_book_theme_leaves_our_notes_alone(convert: bool, tmp_path: Path) -> None:
    text = "# T\n\nA{sidenote}`Ours.` b[^b].\n\nC.\n\n:::{sidenote}\nFirst.\n\nSecond.\n:::\n\n[^b]: Foot.\n"
    built = build(
        {"index.md": text},
        tmp_path,
        html_theme="sphinx_book_theme",
        html_theme_options={"use_sidenotes": True},
        sidenotes_from_footnotes=convert,
    )
    page = soup(built)
    ours = ["1 Ours.", "2 Foot.", "3 First. Second."]
    assert [words(note) for note in notes(page)] == (ours if convert else [ours[0], ours[2]])
    assert len(page.select("label.margin-toggle")) == (not convert)
    assert errors_in(page) == []


# Notes in notes

NESTED = {
    "in one paragraph": "A[^f] B[^g].\n\n[^f]: F[^h] and[^i].\n\n[^g]: G.\n\n[^h]: H.\n\n[^i]: I.\n",
    "in two": "A[^f].\n\nB[^g].\n\n[^f]: F[^h] and[^i].\n\n[^g]: G.\n\n[^h]: H.\n\n[^i]: I.\n",
    "of two paragraphs": "A[^f] B[^g].\n\n[^f]: F[^h].\n\n    More[^i].\n\n[^g]: G.\n\n[^h]: H.\n\n[^i]: I.\n",
    "three levels": "A[^f] B[^g].\n\n[^f]: F[^h].\n\n[^g]: G.\n\n[^h]: H[^i].\n\n[^i]: I.\n",
    "in a table": "| a |\n|---|\n| A[^f] B[^g] |\n\n[^f]: F[^h] and[^i].\n\n[^g]: G.\n\n[^h]: H.\n\n[^i]: I.\n",
    "in a box": ":::{note}\nA[^f] B[^g].\n:::\n\n[^f]: F[^h] and[^i].\n\n[^g]: G.\n\n[^h]: H.\n\n[^i]: I.\n",
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_notes_in_notes_are_numbered_as_they_are_read(text: str, tmp_path: Path) -> None:
    built = converted(f"# T\n\n{text}", "md", tmp_path)
    page = soup(built)
    assert built.warnings == ""
    letters = ["F", "H", "I", "G"]
    read = [words(note).split(maxsplit=1) for note in notes(page)]
    assert [number for number, _ in read] == ["1", "2", "3", "4"]
    assert [text[0] for _, text in read] == letters
    assert not page.select('[role="doc-footnote"] [role="doc-footnote"]')
    assert not page.select(".marginalia-note-frame .marginalia-note-frame")
    assert errors_in(page) == []


# Label-only footnotes


def test_a_label_without_text_before_a_block_stays_a_footnote(tmp_path: Path) -> None:
    text = "T\n=\n\nA [1]_ and [2]_.\n\n.. [1]\n\nhttps://example.org\n\n.. [2] Two.\n"
    built = converted(text, "rst", tmp_path, "text")
    # docutils before 0.22 says nothing about a footnote without text; neither do we.
    assert built.warnings.count("WARNING") == built.warnings.count("content expected") <= 1
    assert outline(built.doctree()).splitlines() == [
        "title: T",
        "A [1] and [2].",
        "2) Two.",
        "footnote",
        "  label: 1",
        "https://example.org",
    ]


@pytest.mark.parametrize("suppressed", ["ref.footnote", "ref", "marginalia.unused_footnote"])
def test_a_project_that_suppresses_unused_footnotes_sees_none(
    suppressed: str, tmp_path: Path
) -> None:
    text = "# T\n\nText.\n\n[^lonely]: Nobody comes.\n"
    built = converted(text, "md", tmp_path, suppress_warnings=[suppressed])
    assert built.warnings == ""
    assert "Nobody comes." in built.page()


# Without our style sheet


def test_a_note_reads_as_a_note_without_our_style_sheet(tmp_path: Path) -> None:
    text = "# T\n\nA style guide{sidenote}`Barry's *own*.` says{marginnote}`Once.` so.\n"
    line = soup(build({"index.md": text}, tmp_path)).select_one("p")
    assert line is not None
    assert words_without_styles(line) == ("A style guide1 [1: Barry's own.] says⊕ [Once.] so.")


@pytest.mark.parametrize("written", ["word [#]_.", "word\n[#]_."])
def test_no_line_begins_with_a_number(written: str, tmp_path: Path) -> None:
    built = converted(f"T\n=\n\nA {written}\n\n.. [#] Note.\n", "rst", tmp_path)
    assert "A word\N{NO-BREAK SPACE}<sup>" in built.page()


def test_a_converted_footnote_is_found_by_its_id(tmp_path: Path) -> None:
    document = converted(LINKED["names"], "rst", tmp_path).doctree()
    for note in document.findall(sidenote):
        assert document.ids[note["ids"][0]] is note


@pytest.mark.parametrize("convert", [True, False])
@pytest.mark.parametrize("mark", ["[#n]", "[1]"])
def test_a_footnote_of_a_margin_note_in_a_box_keeps_its_number(
    mark: str, convert: bool, tmp_path: Path
) -> None:
    text = (
        f"T\n=\n\nBefore.\n\n   Quotation. :marginnote:`Beside {mark}_.`\n\n.. {mark} Footnote.\n"
    )
    page = build({"index.rst": text}, tmp_path, "text", sidenotes_from_footnotes=convert).page()
    assert "Beside [1]." in page
    assert "[1] Footnote." in page
