"""What is written, and what it means: the document tree, as an outline.

The tree is the same for every builder; see :func:`tests.sidenotes.reading.outline` for the notation.
"""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.sidenotes.reading import outline

if TYPE_CHECKING:
    from pathlib import Path

CONVERT = {"sidenotes_from_footnotes": True}

#: title, extension, source, outline, configuration
CASES: list[tuple[str, str, str, str, dict[str, Any]]] = [
    (
        "a role",
        "md",
        "Nobody has seen one{sidenote}`Not in the wild.`.",
        """
        Nobody has seen one[1].
        1) Not in the wild.
        """,
        {},
    ),
    (
        "a role in reStructuredText",
        "rst",
        "Nobody has seen one\\ :sidenote:`Not in the wild.`.",
        """
        Nobody has seen one[1].
        1) Not in the wild.
        """,
        {},
    ),
    (
        "a margin note has no number",
        "md",
        "Before {marginnote}`Beside.` and after.",
        """
        Before [*] and after.
        *) Beside.
        """,
        {},
    ),
    (
        "a margin note in reStructuredText",
        "rst",
        "Before :marginnote:`Beside.` and after.",
        """
        Before [*] and after.
        *) Beside.
        """,
        {},
    ),
    (
        "two notes side by side keep their order",
        "md",
        "One{sidenote}`First.`{sidenote}`Second.`{marginnote}`Third.`",
        """
        One[1][2][*]
        1) First.
        2) Second.
        *) Third.
        """,
        {},
    ),
    (
        "a directive belongs to the end of the paragraph before it",
        "md",
        """
        A sentence.

        :::{sidenote}
        A paragraph.

        - an item
        - another

        ```python
        code = 1
        ```
        :::

        After.
        """,
        """
        A sentence.[1]
        1) A paragraph.
           bullet_list
          list_item
            an item
          list_item
            another
           literal_block: code = 1
        After.
        """,
        {},
    ),
    (
        "a directive in reStructuredText",
        "rst",
        """
        A sentence.

        .. sidenote::

           A paragraph.

           Another.

        After.
        """,
        """
        A sentence.[1]
        1) A paragraph.
           Another.
        After.
        """,
        {},
    ),
    (
        "text after the name of a directive is the beginning of the note",
        "rst",
        """
        A sentence.

        .. sidenote:: The beginning
           of it.

           The rest.
        """,
        """
        A sentence.[1]
        1) The beginning
        of it.
           The rest.
        """,
        {},
    ),
    (
        "a note of a whole block has no number either",
        "md",
        """
        A sentence.

        :::{marginnote}
        One.

        Two.
        :::
        """,
        """
        A sentence.[*]
        *) One.
           Two.
        """,
        {},
    ),
    (
        "footnotes stay footnotes",
        "rst",
        """
        Word [#a]_.

        .. [#a] A footnote.
        """,
        """
        Word [1].
        footnote
          label: 1
          A footnote.
        """,
        {},
    ),
    (
        "a Markdown footnote becomes a sidenote",
        "md",
        """
        Word[^a] and[^1] more.

        [^1]: By number.

        [^a]: By name.

            Second paragraph.
        """,
        """
        Word[2] and[1] more.
        2) By name.
           Second paragraph.
        1) By number.
        """,
        CONVERT,
    ),
    (
        "a reStructuredText footnote becomes a sidenote",
        "rst",
        """
        Word [#a]_ and [1]_ and [#]_ more.

        .. [1] By number.

        .. [#a] By name.

        .. [#] Anonymous.
        """,
        """
        Word [2] and [1] and [3] more.
        2) By name.
        1) By number.
        3) Anonymous.
        """,
        CONVERT,
    ),
    (
        "a note referred to twice is one note with two marks",
        "md",
        """
        Word[^a] and again[^a].

        Later[^a].

        [^a]: Once.
        """,
        """
        Word[1] and again[1].
        1) Once.
        Later[1].
        """,
        CONVERT,
    ),
    (
        "a named directive is put wherever its name is referred to",
        "rst",
        """
        First [#name]_.

        .. sidenote::
           :name: name

           The note.

        Again [#name]_, and one :sidenote:`more`.
        """,
        """
        First [1].
        1) The note.
        Again [1], and one [2].
        2) more
        """,
        {},
    ),
    (
        "roles, directives and footnotes are numbered in one series",
        "md",
        """
        One{sidenote}`First.` two[^b].

        Three.

        :::{sidenote}
        Third.
        :::

        [^b]: Second.
        """,
        """
        One[1] two[2].
        1) First.
        2) Second.
        Three.[3]
        3) Third.
        """,
        CONVERT,
    ),
    (
        "a footnote that its author numbered keeps its number, and no note gets it",
        "rst",
        """
        One\\ :sidenote:`First.` two [2]_ three\\ :sidenote:`Third.` auto [#x]_.

        .. [2] Second.

        .. [#x] Fourth.
        """,
        """
        One[1] two [2] three[3] auto [4].
        1) First.
        3) Third.
        footnote
          label: 2
          Second.
        footnote
          label: 4
          Fourth.
        """,
        {},
    ),
    (
        "numbers follow the reading order, not the order of definitions",
        "md",
        """
        One[^z] two[^y] three[^x].

        [^x]: X.
        [^y]: Y.
        [^z]: Z.
        """,
        """
        One[1] two[2] three[3].
        1) Z.
        2) Y.
        3) X.
        """,
        CONVERT,
    ),
    (
        "a substitution may hold a note",
        "rst",
        """
        Word |note| more.

        .. |note| replace:: with :sidenote:`A note.` text
        """,
        """
        Word with [1] text more.
        1) A note.
        substitution_definition: with  text
        """,
        {},
    ),
]


def source(text: str) -> str:
    return dedent(text).strip() + "\n"


@pytest.mark.parametrize(
    ("extension", "text", "expected", "config"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_outline(
    extension: str, text: str, expected: str, config: dict[str, Any], tmp_path: Path
) -> None:
    built = build({f"index.{extension}": source(text)}, tmp_path, "pseudoxml", **config)
    read = "\n".join(line for line in outline(built.doctree()).splitlines() if line.strip())
    assert read == dedent(expected).strip()
    assert built.warnings == ""


INLINE = {
    "emphasis": ("*soft*", "emphasis", "soft"),
    "strong": ("**loud**", "strong", "loud"),
    "code": ("``code``", "literal", "code"),
}


LINES = {
    "at the end": ("Text.\n\n---\n\nNOTE", "Text.[*]|*) Note."),
    "before a rubric": (
        "Text.\n\n---\n\n```{rubric} R\n```\n\nNOTE",
        "Text.[*]|*) Note.|transition|rubric: R",
    ),
    "before text": ("Text.\n\n---\n\nNOTE\n\nMore.", "Text.[*]|*) Note.|transition|More."),
    "between notes": ("Text.\n\nNOTE\n\n---\n\nNOTE", "Text.[*][*]|*) Note.|*) Note."),
}


@pytest.mark.parametrize("kind", ["sidenote", "marginnote"])
@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES)
def test_a_line_before_a_note_alone_goes_with_it(
    text: str, expected: str, kind: str, tmp_path: Path
) -> None:
    note = f":::{{{kind}}}\nNote.\n:::"
    built = build({"index.md": "# T\n\n" + text.replace("NOTE", note)}, tmp_path)
    assert built.warnings == ""
    lines = outline(built.doctree()).splitlines()[1:]
    assert re.sub(r"\d", "*", "|".join(lines)) == expected


@pytest.mark.parametrize(("written", "tag", "text"), INLINE.values(), ids=INLINE)
def test_a_role_holds_markup(written: str, tag: str, text: str, tmp_path: Path) -> None:
    for extension, note in (("md", "{sidenote}```x %s y```"), ("rst", ":sidenote:`x %s y`")):
        inner = written if extension == "md" else written.replace("``", "\\`\\`")
        built = build(
            {f"index.{extension}": f"T\n=\n\nWord {note % inner}.\n"}, tmp_path / extension
        )
        (inline,) = built.doctree().findall(lambda node: getattr(node, "tagname", "") == tag)
        assert inline.astext() == text
        assert built.warnings == ""


def test_a_role_holds_links_math_and_cross_references(tmp_path: Path) -> None:
    note = "a [link](https://example.org), $e^{x}$, {math}`f`, {ref}`here`, and <https://a.example>"
    built = build({"index.md": f"(here)=\n# Title\n\nWord{{sidenote}}```{note}```.\n"}, tmp_path)
    assert built.warnings == ""
    page = built.page()
    assert '<a class="reference external" href="https://example.org">link</a>' in page
    assert (
        '<a class="reference internal" href="#here"><span class="std std-ref">Title</span></a>'
        in page
    )
    assert page.count('class="math notranslate') == 2


def test_a_role_in_restructuredtext_holds_roles_with_escaped_quotes(tmp_path: Path) -> None:
    text = ".. _here:\n\nTitle\n=====\n\nWord :sidenote:`see :ref:\\`here\\` and :math:\\`\\alpha\\``.\n"
    built = build({"index.rst": text}, tmp_path, html_math_renderer="mathjax")
    assert built.warnings == ""
    page = built.page()
    assert '<span class="std std-ref">Title</span></a>' in page
    assert "\\(\\alpha\\)" in page


def test_a_note_may_hold_a_backslash_and_a_backquote(tmp_path: Path) -> None:
    built = build({"index.rst": "T\n=\n\nWord :sidenote:`a \\\\ b \\* c`.\n"}, tmp_path)
    assert "a \\ b * c" in built.page()


def test_a_directive_holds_a_figure_and_a_table(tmp_path: Path) -> None:
    text = """\
# T

Text.

::::{sidenote}
:::{figure} x.png
A caption.
:::

| a |
|---|
| b |
::::
"""
    built = build({"index.md": text, "x.png": ""}, tmp_path)
    page = built.page()
    assert built.warnings == ""
    assert "A caption." in page
    assert "<td><p>b</p></td>" in page


def test_a_directive_takes_classes(tmp_path: Path) -> None:
    text = "# T\n\nText.\n\n:::{sidenote}\n:class: special\n\nA note.\n:::\n"
    assert (
        'class="marginalia-sidenote marginalia-note-in-paragraph special"'
        in build({"index.md": text}, tmp_path).page()
    )


def test_each_page_is_numbered_from_one(tmp_path: Path) -> None:
    files = {
        "index.md": "# A\n\n```{toctree}\nb\n```\n\nX{sidenote}`One.` y{sidenote}`Two.`\n",
        "b.md": "# B\n\nX{sidenote}`One.`\n",
    }
    built = build(files, tmp_path)
    assert "X[1] y[2]" in outline(built.doctree("index"))
    assert "X[1]" in outline(built.doctree("b"))


def test_a_heading_a_paragraph_and_a_box_are_numbered_as_they_are_read(tmp_path: Path) -> None:
    text = "# T{sidenote}`h`\n\n:::{note}\nBox{sidenote}`b`\n:::\n\nLine{sidenote}`l`\n"
    read = outline(build({"index.md": text}, tmp_path).doctree())
    assert [read.index(note) for note in ("1) h", "2) b", "3) l")] == sorted(
        read.index(note) for note in ("1) h", "2) b", "3) l")
    )


def test_a_file_that_is_included_brings_its_notes(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\nOne{sidenote}`First.`\n\n```{include} part.txt\n```\n",
        "part.txt": "Two{sidenote}`Second.` and[^a].\n\n[^a]: Third.\n",
    }
    built = build(files, tmp_path, sidenotes_from_footnotes=True)
    assert built.warnings == ""
    assert "2) Second.\n3) Third." in outline(built.doctree())


def test_a_markdown_substitution_may_hold_a_note(tmp_path: Path) -> None:
    config = {
        "myst_enable_extensions": ["substitution"],
        "myst_substitutions": {"note": "{sidenote}`A note.`"},
    }
    built = build({"index.md": "# T\n\nWord {{ note }} more.\n"}, tmp_path, **config)
    assert built.warnings == ""
    assert "Word [1] more.\n1) A note." in outline(built.doctree())


@pytest.mark.parametrize("syntax", ["md", "rst"])
def test_a_named_note_can_be_referred_to(syntax: str, tmp_path: Path) -> None:
    text = {
        "md": "# T\n\nText.\n\n:::{sidenote}\n:name: why\n\nA note.\n:::\n\nSee {ref}`that <why>`.\n",
        "rst": "T\n=\n\nText.\n\n.. sidenote::\n   :name: why\n\n   A note.\n\nSee :ref:`that <why>`.\n",
    }[syntax]
    built = build({f"index.{syntax}": text}, tmp_path)
    page = built.page()
    assert built.warnings == ""
    assert 'id="why"' in page
    assert (
        '<a class="reference internal" href="#why"><span class="std std-ref">that</span></a>'
        in page
    )


@pytest.mark.parametrize("builder", ["html", "latex", "text", "singlehtml"])
def test_a_named_margin_note_can_be_referred_to(builder: str, tmp_path: Path) -> None:
    text = "# T\n\nText.\n\n:::{marginnote}\n:name: why\n\nA note.\n:::\n\nSee {ref}`that <why>`.\n"
    built = build({"index.md": text}, tmp_path, builder)
    assert built.warnings == ""


def test_a_footnote_that_becomes_a_sidenote_is_no_label_of_the_book(tmp_path: Path) -> None:
    files = {
        "index.md": "# A\n\n```{toctree}\nb\n```\n\nX[^note]\n\n[^note]: One.\n",
        "b.md": "# B\n\nX[^note]\n\n[^note]: Two.\n",
    }
    built = build(files, tmp_path, sidenotes_from_footnotes=True)
    assert built.warnings == ""
    labels = built.app.env.domaindata["std"]["anonlabels"]
    assert "note" not in labels


def test_two_hundred_notes_on_a_page(tmp_path: Path) -> None:
    text = "# T\n\n" + "\n\n".join(f"Line {n}{{sidenote}}`Note {n}.`" for n in range(1, 201))
    read = outline(build({"index.md": text}, tmp_path).doctree()).splitlines()
    assert read[1:] == [
        line for n in range(1, 201) for line in (f"Line {n}[{n}]", f"{n}) Note {n}.")
    ]
