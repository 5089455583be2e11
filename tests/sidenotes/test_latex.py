"""Notes in the source of a PDF: in the margin where that is safe, else at the foot of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import EXTENSIONS, build
from tests.formats import latex_matrix as matrix

if TYPE_CHECKING:
    from pathlib import Path

#: Environments that a footnote can leave.
LISTS = ("document", "itemize", "enumerate", "description", "fulllineitems")
NOTE = "{sidenote}`thenote`"
CODE = "Text.\n\n:::{sidenote}\nthenote\n\n```python\ncode = 1\n```\n:::\n"
FIGURE = "Text.\n\n::::{sidenote}\nthenote\n\n:::{figure} x.png\nCaption\n:::\n::::\n"
TABLE = "Text.\n\n:::{sidenote}\nthenote\n\n| a |\n|---|\n| b |\n:::\n"


def tex(text: str, folder: Path, **config: Any) -> str:
    """Return the LaTeX of a book with one chapter that holds *text*."""
    files = {
        "index.md": "# Book\n\n```{toctree}\nchapter\n```\n",
        "chapter.md": f"# Chapter\n\n{text}\n",
        "x.png": "",
    }
    built = build(files, folder, "latex", **config)
    assert built.warnings == ""
    return built.read("*.tex").partition("\\chapter{Chapter}")[2]


def test_a_project_may_give_its_files_of_latex_as_a_tuple(tmp_path: Path) -> None:
    assert "thenote" in tex(f"Text.{NOTE}", tmp_path, latex_additional_files=())
    assert list(tmp_path.glob("latex/sphinxmarginalia*.sty"))


def position_in(source: str) -> str:
    """Return where *source* shows the note, which it contains once."""
    assert source.count("thenote") == 1
    before = source.partition("thenote")[0]
    starts = {
        "margin": before.rfind("\\marginalianote{"),
        "footnote": max(before.rfind("\\begin{footnote}"), before.rfind("\\begin{footnotetext}")),
    }
    return max(starts, key=lambda position: starts[position])


def blocks_around(source: str, word: str) -> list[str]:
    """Return the environments and braces around the footnote with *word* that are no lists."""
    before = source.partition(word)[0]
    starts = "\\begin{footnotetext}", "\\begin{marginaliatext}"
    before = before[: max(before.rfind(start) for start in starts)]
    around: list[str] = []
    for begin, end, brace in re.findall(r"\\begin{(.*?)}|\\end{(.*?)}|(?<!\\)([{}])", before):
        if end or brace == "}":
            around.pop()
        else:
            around.append(begin or brace)
    return [block for block in around if block not in LISTS]


SAFE = {
    "a paragraph": f"Text{NOTE} more.",
    "emphasis": f"Text **loud{NOTE}** more.",
    "a list": f"- a\n  1. b{NOTE}\n",
    "a definition": f"Term\n: Definition{NOTE}\n",
    "a directive with a list": "Text.\n\n:::{sidenote}\nthenote\n\n- item\n:::\n",
}
UNSAFE = {
    "a heading": f"## Heading{NOTE}\n\nText.\n",
    "a table": f"| a |\n|---|\n| b{NOTE} |\n",
    "a caption": f":::{{figure}} x.png\nCaption{NOTE}\n:::\n",
    "an admonition": f":::{{note}}\nText{NOTE}\n:::\n",
    "a term": f"Term{NOTE}\n: Definition\n",
    "a quotation": f"> Text{NOTE}\n",
    "a topic": f":::{{topic}} Title\nText{NOTE}\n:::\n",
    "a pause": f":::{{pause-and-think}} Why?\nText{NOTE}\n:::\n",
    "a pause's question": f":::{{pause-and-think}} Why{NOTE}?\nText\n:::\n",
    "a key idea": f":::{{key-idea}} Term\nText{NOTE}\n:::\n",
    "a note with code": CODE,
    "a note with a figure": FIGURE,
    "a note with a table": TABLE,
}


@pytest.mark.parametrize("text", SAFE.values(), ids=SAFE)
def test_a_note_is_in_the_margin_where_that_is_safe(text: str, tmp_path: Path) -> None:
    assert position_in(tex(text, tmp_path)) == "margin"


@pytest.mark.parametrize("text", UNSAFE.values(), ids=UNSAFE)
def test_a_note_is_a_footnote_where_the_margin_is_not_safe(text: str, tmp_path: Path) -> None:
    assert position_in(tex(text, tmp_path)) == "footnote"


@pytest.mark.parametrize("text", SAFE.values(), ids=SAFE)
def test_all_notes_are_footnotes_where_the_author_wants_it(text: str, tmp_path: Path) -> None:
    source = tex(text, tmp_path, sidenotes_latex="footnote")
    assert position_in(source) == "footnote"
    assert "\\marginalianote" not in source


#: Where Sphinx would leave the footnote, and LaTeX fails on it or loses it.
TITLES = {
    "a rubric": f":::{{rubric}} Title{NOTE}\n:::\n",
    "a dropdown's title": f":::{{dropdown}} Title{NOTE}\nText\n:::\n",
    "a tab's title": f"::::{{tab-set}}\n:::{{tab-item}} Title{NOTE}\nText\n:::\n::::\n",
    "a card's title": f":::{{card}} Title{NOTE}\nText\n:::\n",
    "an admonition's title": f":::{{admonition}} Title{NOTE}\nText\n:::\n",
    "the name of a field": f":Title{NOTE}: Text\n",
}
DESIGN = {
    "extensions": [*EXTENSIONS, "sphinx_design"],
    "myst_enable_extensions": ["colon_fence", "fieldlist"],
}


@pytest.mark.parametrize("text", TITLES.values(), ids=TITLES)
def test_the_number_stays_in_a_title_and_the_text_goes_behind_the_block(
    text: str, tmp_path: Path
) -> None:
    source = tex(text, tmp_path, **DESIGN)
    assert "Title\\sphinxfootnotemark[1]" in source
    assert "\\begin{footnote}" not in source
    assert blocks_around(source, "thenote") == []


@pytest.mark.parametrize("is_note", [False, True])
def test_footnotes_of_footnotes_follow_one_another(is_note: bool, tmp_path: Path) -> None:
    text = "Text[^a].\n\n[^a]: first[^b]\n[^b]: second[^c]\n[^c]: third\n\nAfter.\n"
    source = tex(text, tmp_path, sidenotes_from_footnotes=is_note)
    assert re.findall(r"first|second|third|After", source) == ["first", "second", "third", "After"]
    assert source.count("\\begin{footnotetext}") == 3


def test_a_note_that_is_too_long_for_the_foot_of_a_page_is_text(tmp_path: Path) -> None:
    code = "code = 1\n" * 70
    text = f"Text.\n\n:::{{sidenote}}\nthenote\n\n```python\n{code}```\n:::\n"
    source = tex(text, tmp_path)
    assert "Text.\\sphinxfootnotemark[1]" in source
    assert "\\begin{marginaliatext}{1}\nthenote" in source


@pytest.mark.slow
def test_no_block_around_the_text_of_a_note_is_unsafe(tmp_path: Path) -> None:
    cells = [
        cell
        for cell in matrix.containers_with_contents()
        if cell.content == "code" or cell.containers == ("rubric",)
    ]
    config = {**DESIGN, "bibtex_bibfiles": ["works.bib"], "sidenotes_from_footnotes": True}
    config["extensions"] = ["sphinxcontrib.bibtex", *DESIGN["extensions"]]
    files = {**matrix.book(cells), "x.png": ""}
    source = build(files, tmp_path, "latex", **config).read("*.tex")
    for cell in cells:
        assert source.count(f"W{cell.name}Z") == 1, cell.title
        assert re.search(rf"M{cell.name}Z ?\\sphinxfootnotemark\[\d+\]", source), cell.title
        assert blocks_around(source, f"W{cell.name}Z") == [], cell.title


def test_all_notes_are_footnotes_where_sphinx_makes_footnotes_of_urls(tmp_path: Path) -> None:
    text = f"[Link](https://example.org) and{NOTE} [another](https://example.com).\n"
    source = tex(text, tmp_path, latex_show_urls="footnote")
    assert position_in(source) == "footnote"
    numbers = re.findall(r"\\begin\{footnote\}\[(\d+)\]", source)
    assert sorted(numbers) == ["1", "2", "3"]


def test_a_margin_note_has_no_number(tmp_path: Path) -> None:
    source = tex("Text{marginnote}`thenote` more.", tmp_path)
    assert "Text\\marginalianote{\\detokenize{chapter:marginnote-1}}{}{%" in source


def test_a_margin_note_is_a_quotation_where_the_margin_is_not_safe(tmp_path: Path) -> None:
    source = tex(":::{note}\nText{marginnote}`thenote`\n:::\n", tmp_path)
    assert source.count("thenote") == 1
    assert source.partition("thenote")[0].rstrip().endswith("\\sphinxAtStartPar")
    assert "\\begin{quote}" in source


def test_a_note_in_the_margin_has_its_number_in_the_text(tmp_path: Path) -> None:
    source = tex(f"One{{sidenote}}`first` two{NOTE}", tmp_path)
    assert re.findall(r"\\marginalianote\{.*?\}\}\{(\d*)\}", source) == ["1", "2"]


def test_a_note_referred_to_twice_is_in_the_margin_once(tmp_path: Path) -> None:
    text = "One[^n] and two[^n].\n\n[^n]: thenote\n"
    source = tex(text, tmp_path, sidenotes_from_footnotes=True)
    assert position_in(source) == "margin"
    assert source.count("\\marginalianote") == 1
    assert r"and two\marginaliamark{\detokenize{chapter:n}}{1}." in source


def test_a_mark_in_a_table_and_one_in_the_text_share_a_note(tmp_path: Path) -> None:
    text = "| a |\n|---|\n| b[^n] |\n\nText[^n].\n\n[^n]: thenote\n"
    assert tex(text, tmp_path, sidenotes_from_footnotes=True).count("thenote") == 1


def test_a_note_in_the_margin_can_be_referred_to(tmp_path: Path) -> None:
    text = "Text.\n\n:::{sidenote}\n:name: why\n\nthenote\n:::\n\nSee {ref}`it <why>`.\n"
    source = tex(text, tmp_path)
    assert "\\label{\\detokenize{chapter:why}}" in source
    assert "\\hyperref[\\detokenize{chapter:why}]" in source


def test_two_documents_have_notes_of_the_same_number(tmp_path: Path) -> None:
    files = {
        "index.md": "# Book\n\n```{toctree}\na\nb\n```\n",
        "a.md": "# A\n\nText{sidenote}`first`\n\n| a |\n|---|\n| b{sidenote}`second` |\n",
        "b.md": "# B\n\nText{sidenote}`third`\n\n| a |\n|---|\n| b{sidenote}`fourth` |\n",
    }
    built = build(files, tmp_path, "latex")
    source = built.read("*.tex")
    assert built.warnings == ""
    assert [source.count(word) for word in ("first", "second", "third", "fourth")] == [1] * 4


def test_an_invalid_value_is_reported_with_a_suggestion(tmp_path: Path) -> None:
    built = build({"index.md": f"# T\n\nA{NOTE}\n"}, tmp_path, "latex", sidenotes_latex="footnotes")
    assert built.warnings == (
        "WARNING: sidenotes_latex = 'footnotes' in conf.py: did you mean 'footnote'?; "
        "'margin' is used [marginalia.option_value]\n"
    )
    assert "\\marginalianote{" in built.read("*.tex")


def test_the_package_is_beside_the_book(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n"}, tmp_path, "latex")
    assert (built.out / "sphinxmarginalia.sty").is_file()
    assert "\\usepackage[margin]{sphinxmarginalia}" in built.read("*.tex")
