"""On paper a claim is a sentence and a line; its grounds are in an appendix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ledger.claims import BOOK, book
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

LIST = "# List\n\n:::{claim-table}\n:appendix:\n:::\n"
FEW = "# List\n\n:::{claim-table}\n:appendix:\n:verdict: contested\n:::\n"
CHANGE = "a star without a parallax"


def with_list(folder: Path, builder: str, page: str = LIST, **kwargs: object) -> Built:
    """Build the book with an appendix."""
    facts = {"version": "1", "copyright": "Author"}
    pages = {"list.md": page, **kwargs.pop("pages", {})}  # type: ignore[dict-item]
    built = book(folder, builder, pages=pages, **facts, **kwargs)  # type: ignore[arg-type]
    assert built.warnings == ""
    return built


def grounds(built: Built) -> list[str]:
    """Return the grounds of the first claim, as a reader reads them."""
    block = main(built, "near").select_one("#claim-near-stars .marginalia-claim-grounds")
    assert block is not None
    return [words(each) for each in block.select("dt, dd")]


def test_an_epub_has_a_link_to_the_grounds(tmp_path: Path) -> None:
    built = with_list(tmp_path, "epub")
    assert grounds(built) == ["Evidence", "with all claims"]
    link = main(built, "near").select_one(".marginalia-claim-grounds a")
    assert link is not None
    page, _, anchor = str(link["href"]).partition("#")
    row = main(built, page.removesuffix(".xhtml")).find(id=anchor)
    assert row is not None
    term = row.find_parent("dt")
    assert term is not None
    facts = "✓ supported · deployed systems · capability · 2026-11-20"
    assert words(term) == f"Near stars · {facts}"
    assert str(term.find("a")["href"]).endswith("#claim-near-stars")  # type: ignore[index]
    assert words(term.find_next_sibling("dd")).split(". ", 1)[1] == (
        f"Evidence: Bessel 1838; Gaia 2016 Would change: {CHANGE}"
    )


def test_a_pdf_says_on_which_page_the_grounds_are(tmp_path: Path) -> None:
    tex = with_list(tmp_path, "latex").read("*.tex")
    before, _, after = tex.partition(r"\chapter{List}")
    assert r"\autopageref*{\detokenize{list:claim-near-stars.grounds}}" in before
    assert r"\label{\detokenize{list:claim-near-stars.grounds}}" in after
    assert "parallax" not in before.partition("Near stars")[2].partition("with all claims")[0]
    assert r"a star \sphinxstyleemphasis{without} a parallax" in after


@pytest.mark.parametrize("builder", ["epub", "latex"])
def test_a_claim_that_the_appendix_leaves_out_keeps_its_grounds(
    builder: str, tmp_path: Path
) -> None:
    built = with_list(tmp_path, builder, FEW)
    text = main(built, "near").get_text() if builder == "epub" else built.read("*.tex")
    assert (
        " ".join(text.replace(r"\sphinxstyleemphasis{without}", "without").split()).count(CHANGE)
        == 1
    )


def test_a_pdf_without_the_appendix_keeps_the_grounds(tmp_path: Path) -> None:
    documents = [("near", "near.tex", "Near", "Author", "manual")]
    tex = with_list(tmp_path, "latex", latex_documents=documents).read("near.tex")
    assert "with all claims" not in tex
    assert r"a star \sphinxstyleemphasis{without} a parallax" in tex


def test_a_web_page_folds_them_and_says_in_its_table_what_would_change_a_verdict(
    tmp_path: Path,
) -> None:
    built = with_list(tmp_path, "html")
    assert CHANGE in " ".join(grounds(built))
    assert f"Would change: {CHANGE}" in words(main(built, "list").select_one("table"))


def test_an_epub_follows_when_the_appendix_comes_and_goes(tmp_path: Path) -> None:
    expected = [["Evidence", "with all claims"], 4, ["Evidence", "with all claims"]]
    for page, found in zip([LIST, LIST.replace(":appendix:\n", ""), LIST], expected, strict=True):
        built = with_list(tmp_path, "epub", page, fresh=False)
        assert grounds(built) == found or len(grounds(built)) == found


def test_a_web_page_is_not_written_again_for_an_appendix(tmp_path: Path) -> None:
    page = with_list(tmp_path, "html").out / "near.html"
    written = page.stat().st_mtime_ns
    with_list(tmp_path, "html", FEW, fresh=False)
    assert page.stat().st_mtime_ns == written


def test_grounds_with_a_note_stay_with_it(tmp_path: Path) -> None:
    near = BOOK["near.md"].replace("parallax\n", "parallax{sidenote}`Of any size.`\n")
    assert near != BOOK["near.md"]
    for builder in ("epub", "latex"):
        built = with_list(tmp_path, builder, LIST, pages={"near.md": near})
        text = main(built, "near").get_text() if builder == "epub" else built.read("*.tex")
        assert text.count("Of any size.") == 1


@pytest.mark.parametrize("builder", ["epub", "latex"])
@pytest.mark.parametrize("tag", ["html", "latex", "epub"])
def test_an_appendix_for_some_outputs_only_is_none(tag: str, builder: str, tmp_path: Path) -> None:
    page = "# List\n\n::::{only} " + tag + "\n:::{claim-table}\n:appendix:\n:::\n::::\n"
    built = with_list(tmp_path, builder, page)
    text = main(built, "near").get_text() if builder == "epub" else built.read("*.tex")
    assert "with all claims" not in text


def test_two_tables_with_one_claim_have_one_anchor(tmp_path: Path) -> None:
    twice = LIST + LIST.partition("\n\n")[2]
    assert len(main(with_list(tmp_path, "epub", twice), "list").select("[id$=grounds]")) == 3
    tex = with_list(tmp_path, "latex", twice).read("*.tex")
    assert tex.count(r"\label{\detokenize{list:claim-near-stars.grounds}}") == 1


def test_an_appendix_of_latex_is_one(tmp_path: Path) -> None:
    tex = with_list(tmp_path, "latex", latex_appendices=["list"]).read("*.tex")
    assert r"\autopageref*{\detokenize{list:claim-near-stars.grounds}}" in tex
