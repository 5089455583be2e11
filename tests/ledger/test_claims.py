"""What a reader sees of a claim, and what is reported to its author."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.core.nodes import CITABLE
from sphinx_marginalia.ledger.nodes import claim
from sphinx_marginalia.testing import build
from tests.ledger.claims import BOOK, CONFIG, NEAR, WORKS, book
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path


def test_a_claim_has_its_verdict_first_then_its_sentence_and_its_grounds(tmp_path: Path) -> None:
    built = book(tmp_path)
    block = main(built, "near").select_one("#claim-near-stars")
    assert built.warnings == ""
    assert block is not None
    shown = [words(child) for child in block.find_all(True, recursive=False)]
    assert shown[0].endswith(
        "✓ supported Scale deployed systems Kind capability Reviewed 2026-11-20"
    )
    assert shown[1].startswith("The distance of a near star (Bessel 1838) can be measured.")
    assert words(block.details.summary) == "Evidence · Would change"
    assert not block.details.has_attr("open")
    facts = {words(group.dt): words(group.dd) for group in block.select("dl > div")}
    assert facts == {
        "Verdict": "✓ supported",
        "Scale": "deployed systems",
        "Kind": "capability",
        "Reviewed": "2026-11-20",
        "Evidence": "Bessel 1838; Gaia 2016",
        "Would change": "a star without a parallax",
    }
    assert block.select_one("dd em") is not None


def test_a_refuted_claim_is_marked_and_its_verdict_is_before_it(tmp_path: Path) -> None:
    text = """# T

```{claim} flat-lake
:kind: position
:verdict: refuted
:against: bessel1838

The lake is flat.
```
"""
    for builder in ("html", "text"):
        built = build({"index.md": text, "works.bib": WORKS}, tmp_path / builder, builder, **CONFIG)
        page = built.read("index.html" if builder == "html" else "index.txt")
        assert page.index("refuted") < page.index("The lake is flat.") < page.index("Against")
    assert main(build({"index.md": text, "works.bib": WORKS}, tmp_path / "again", **CONFIG)).select(
        ".marginalia-claim.marginalia-claim-refuted > p"
    )


@pytest.mark.parametrize("builder", ["epub", "latex"])
def test_an_e_book_and_a_pdf_show_the_grounds(builder: str, tmp_path: Path) -> None:
    built = book(tmp_path, builder=builder)
    page = built.read("near.xhtml" if builder == "epub" else "*.tex")
    assert "<summary>Evidence" not in page
    assert "Would change" in page
    assert "Bessel 1838" in page


def test_evidence_is_cited_like_any_work(tmp_path: Path) -> None:
    built = book(tmp_path)
    page = main(built, "near")
    assert [link["href"] for link in page.select(".marginalia-claim-fact-evidence a")] == [
        "works.html#ref-bessel1838",
        "works.html#ref-gaia2016",
    ]
    assert "Works cited on this page (2)" in words(page.select_one(".marginalia-works summary"))
    cited_by = main(built, "works").select(".marginalia-cited-by")
    # The list of claims does not cite.
    assert [words(line) for line in cited_by] == ["Cited in: Near; Far", "Cited in: Near; Far"]


def test_a_reference_shows_the_verdict(tmp_path: Path) -> None:
    built = book(tmp_path)
    (link,) = main(built, "near").select("a:has(.claim)")
    assert link["href"] == "sub/far.html#claim-far-stars"
    assert words(link) == "far stars (contested)"
    assert link["title"] == "The distance of a far one cannot: see other."
    (link,) = main(built, "sub/far").select("a:has(.claim)")
    assert words(link) == "the near ones (supported)"


def test_the_verdict_may_be_all_that_a_reference_shows(tmp_path: Path) -> None:
    text = f"# T\n\n{NEAR}\n\nIt is {{claim}}`now {{verdict}} <near-stars>`.\n"
    page = main(build({"index.md": text, "works.bib": WORKS}, tmp_path, **CONFIG))
    assert words(page.select_one("a:has(.claim)")) == "now ✓ supported"


def test_a_claim_has_the_title_by_which_it_is_cited(tmp_path: Path) -> None:
    (block,) = book(tmp_path).doctree("near").findall(claim)
    assert block["ids"][0] == "claim-near-stars"
    assert block[CITABLE] == "The distance of a near star can be measured"


@pytest.mark.parametrize("builder", ["text", "man", "latex", "epub"])
def test_a_verdict_is_a_word_in_every_builder(builder: str, tmp_path: Path) -> None:
    pattern = {"man": "*.1", "latex": "*.tex", "text": "near.txt", "epub": "near.xhtml"}
    quiet = {"version": "1", "copyright": "2026", "epub_show_urls": "no"}
    text = book(tmp_path, builder, **quiet).read(pattern[builder])
    assert "supported" in text
    assert "would change" in text.lower()


def test_a_wrong_option_is_reported_and_the_claim_is_shown_all_the_same(tmp_path: Path) -> None:
    page = NEAR.replace(":verdict: supported", ":verdikt: supported")
    built = build({"index.md": f"# T\n\n{page}", "works.bib": WORKS}, tmp_path, **CONFIG)
    assert (
        "index.md:5: WARNING: unknown option 'verdikt'; did you mean 'verdict'?" in built.warnings
    )
    assert "The distance of a near star" in built.page()


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        (":kind: capability", ":kind: ability", "4: WARNING: unknown kind 'ability'; did you mean 'capability'?"),
        (":kind: capability", ":kind:", "3: WARNING: the claim is not complete: write :kind:"),
        (":verdict: supported", ":verdict:", "3: WARNING: the claim is not complete: write :verdict:"),
        (":scale: deployed", ":scale: huge", "6: WARNING: unknown scale 'huge'; use one of toy, small,"),
        ("2026-11-20", "20 November", "8: WARNING: reviewed must be a date such as 2026-11-23, not '20 November'"),
        ("bessel1838, gaia2016", "besel1838 gaia2016", "7: WARNING: no work has the key 'besel1838'; did you mean 'bessel1838'?"),
        ("near-stars", "Near stars", "3: WARNING: the id 'Near stars' is 'near-stars' in addresses:"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported_at_its_line(
    old: str, new: str, warning: str, tmp_path: Path
) -> None:
    files = {**BOOK, "near.md": BOOK["near.md"].replace(old, new, 1)}
    assert f"near.md:{warning}" in build(files, tmp_path, **CONFIG).warnings


def test_a_date_is_compared_with_the_release_and_never_with_the_clock(tmp_path: Path) -> None:
    future = {**BOOK, "near.md": BOOK["near.md"].replace("2026-11-20", "2999-01-01")}
    assert build(future, tmp_path / "a", **CONFIG).warnings == ""
    warnings = build(future, tmp_path / "b", ledger_today="2026-11-23", **CONFIG).warnings
    assert (
        "near.md:8: WARNING: the claim was reviewed on 2999-01-01, which is after 2026-11-23"
        in warnings
    )
    warnings = build(future, tmp_path / "c", ledger_today="23.11.2026", **CONFIG).warnings
    assert "ledger_today = '23.11.2026' in conf.py must be a date such as 2026-11-23" in warnings


def test_without_bibtex_keys_are_shown_and_one_warning_says_why(tmp_path: Path) -> None:
    files = {name: text.replace(" {cite:p}`bessel1838`", "") for name, text in BOOK.items()}
    del files["works.md"]
    files["index.md"] = files["index.md"].replace("works\n", "")
    built = build(files, tmp_path)
    assert built.warnings.count("WARNING") == 1
    assert (
        'add "sphinxcontrib.bibtex" and "sphinx_marginalia.works" to extensions' in built.warnings
    )
    assert "bessel1838, gaia2016" in words(main(built, "near"))


def test_a_work_that_turns_up_is_cited_at_the_next_build(tmp_path: Path) -> None:
    before = {"works.bib": WORKS.replace("{gaia2016", "{gaia2018")}
    assert "no work has the key 'gaia2016'" in book(tmp_path, pages=before).warnings
    again = book(tmp_path, fresh=False)
    assert "Gaia 2016" in words(main(again, "near").select_one(".marginalia-claim-fact-evidence"))


def test_a_claim_in_another_language(tmp_path: Path) -> None:
    facts = main(book(tmp_path, language="de"), "near").select_one(".marginalia-claim-facts")
    assert facts is not None


def test_html_is_a_list_with_groups(tmp_path: Path) -> None:
    soup = BeautifulSoup(book(tmp_path).page("near"), "html.parser")
    assert {child.name for child in soup.select(".marginalia-claim-facts > dl > *")} == {"div"}
