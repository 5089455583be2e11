"""Evidence that is a section of the book itself, such as the report of an experiment."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.test_rebuilds import differences
from tests.ledger.claims import BOOK, NEAR, book
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

LAKE = "---\norphan: true\n---\n\n(lake-measured)=\n# The lake, *measured*\n"
BOTH = NEAR.replace("bessel1838, gaia2016", "bessel1838, ref:lake-measured")


def stars(folder: Path, builder: str = "html", near: str = BOTH, **options: Any) -> Built:
    pages = {"near.md": f"# Near\n\n{near}", "lake.md": LAKE, **options.pop("pages", {})}
    return book(folder, builder, pages=pages, **options)


def grounds(built: Built, page: str = "near") -> list[tuple[str, str]]:
    """Return the words and the address of each link below the claim or in its table."""
    links = main(built, page).select(".marginalia-claim-fact-evidence a, td:last-child a")
    return [(words(link), str(link["href"])) for link in links]


def test_a_section_is_shown_by_its_title_with_a_link_behind_the_works(tmp_path: Path) -> None:
    built = stars(tmp_path)
    assert built.warnings == ""
    assert ("The lake, measured", "lake.html#lake-measured") in grounds(built)
    evidence = main(built, "near").select_one(".marginalia-claim-fact-evidence dd")
    assert evidence is not None
    assert words(evidence) == "Bessel 1838; The lake, measured"


def test_a_table_of_claims_leads_there_too(tmp_path: Path) -> None:
    assert ("The lake, measured", "lake.html#lake-measured") in grounds(stars(tmp_path), "list")


def test_a_section_alone_is_evidence_without_a_bibliography(tmp_path: Path) -> None:
    near = NEAR.replace("bessel1838, gaia2016", "ref:lake-measured").replace("{cite:p}", "")
    pages = {"sub/far.md": "# Far\n", "works.md": "# Works\n", "list.md": "# List\n"}
    extensions = ("myst_parser", "sphinx_marginalia")
    built = stars(tmp_path, near=near, pages=pages, extensions=extensions)
    # The values for sphinxcontrib-bibtex are unknown without it.
    assert [line for line in built.warnings.splitlines() if "config value" not in line] == []
    assert ("The lake, measured", "lake.html#lake-measured") in grounds(built)


@pytest.mark.parametrize("builder", ["latex", "text", "epub", "man", "singlehtml"])
def test_every_output_shows_the_title(builder: str, tmp_path: Path) -> None:
    quiet = {"version": "1", "copyright": "A", "man_pages": [("index", "t", "T", ["A"], 1)]}
    built = stars(tmp_path, builder, **quiet)
    files = (file for file in built.out.rglob("*") if file.suffix in {".tex", ".txt", ".xhtml"})
    files = (*files, *built.out.glob("*.1"), *built.out.glob("index.html"))
    assert built.warnings == ""
    assert any("The lake, measured" in file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("option", ["evidence", "against"])
def test_a_section_that_is_missing_is_reported_at_the_claim_alone(
    option: str, tmp_path: Path
) -> None:
    near = NEAR.replace(":reviewed:", f":{option}: ref:lake-mesured\n:reviewed:")
    near = near.replace(":evidence: bessel1838, gaia2016\n", "") if option == "evidence" else near
    built = stars(tmp_path, near=near)
    (warning,) = built.warnings.splitlines()
    message = "there is no section with the label 'lake-mesured'; did you mean 'lake-measured'?"
    assert re.search(rf"near\.md:\d+: WARNING: {re.escape(message)}", warning)
    assert warning.endswith("[marginalia.claim_unknown_section]")
    assert "lake-mesured" in words(main(built, "near"))


def test_a_title_that_changes_changes_where_it_is_evidence(tmp_path: Path) -> None:
    changed = {"lake.md": LAKE.replace("measured*", "fathomed*")}
    stars(tmp_path / "edited")
    again = stars(tmp_path / "edited", pages=changed, fresh=False)
    clean = stars(tmp_path / "clean", pages=changed)
    assert "The lake, fathomed" in [text for text, _address in grounds(again)]
    assert "The lake, fathomed" in [text for text, _address in grounds(again, "list")]
    # Sphinx keeps the words of the old title in its search index.
    assert set(differences(again, clean)) <= {"searchindex.js"}


def test_a_section_that_is_removed_is_reported_when_nothing_else_changes(tmp_path: Path) -> None:
    stars(tmp_path)
    gone = {"lake.md": LAKE.replace("(lake-measured)=", "(lake-seen)=")}
    assert "no section with the label" in stars(tmp_path, pages=gone, fresh=False).warnings


def test_programs_get_its_name_and_its_address(tmp_path: Path) -> None:
    built = stars(tmp_path)
    claims = {one["id"]: one for one in json.loads(built.read("claims.json"))["claims"]}
    assert claims["near-stars"]["evidence"][1] == {
        "key": "ref:lake-measured",
        "url": "lake.html#lake-measured",
    }
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(built.read("claims.csv")))}
    assert rows["near-stars"]["evidence"] == "bessel1838 ref:lake-measured"


def test_a_table_can_select_the_claims_that_rest_on_a_section(tmp_path: Path) -> None:
    table = BOOK["list.md"].replace(":name: all", ":cites: ref:lake-measured")
    built = stars(tmp_path, pages={"list.md": table})
    assert built.warnings == ""
    assert [words(cell) for cell in main(built, "list").select("td strong")] == ["Near stars"]
