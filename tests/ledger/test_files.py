"""The files for programs."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.ledger.export import COLUMNS, as_csv
from tests.ledger.claims import BOOK, book

if TYPE_CHECKING:
    from pathlib import Path


def test_json_has_all_facts_about_a_claim(tmp_path: Path) -> None:
    found = json.loads(book(tmp_path).read("claims.json"))
    assert found["schema"] == 1
    assert [claim["id"] for claim in found["claims"]] == ["near-stars", "far-stars", "odd-stars"]
    assert found["claims"][0] == {
        "id": "near-stars",
        "url": "near.html#claim-near-stars",
        "docname": "near",
        "anchor": "claim-near-stars",
        "kind": "capability",
        "verdict": "supported",
        "scale": "deployed",
        "text": "The distance of a near star can be measured.",
        "evidence": [
            {"key": "bessel1838", "doi": "10.1093/mnras/4.17.152"},
            {"key": "gaia2016", "arxiv": "1609.04153"},
        ],
        "against": [],
        "reviewed": "2026-11-20",
        "would_change": "a star without a parallax",
        "search": [],
    }


def test_csv_says_the_same(tmp_path: Path) -> None:
    built = book(tmp_path)
    with (built.out / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["near-stars", "far-stars", "odd-stars"]
    assert rows[0]["evidence"] == "bessel1838 gaia2016"
    assert rows[1]["against"] == "gaia2016"
    assert rows[0]["url"] == "near.html#claim-near-stars"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_claim_is_no_formula_in_a_spreadsheet(start: str, tmp_path: Path) -> None:
    text = BOOK["near.md"].replace("The distance of", f"\\{start}HYPERLINK of")
    text = text.replace("a star *without* a", f"\\{start}1 a")
    built = book(tmp_path, pages={"near.md": text})
    with (built.out / "claims.csv").open(encoding="utf-8", newline="") as file:
        (row, *_others) = csv.DictReader(file)
    assert row["text"].startswith(f"'{start}HYPERLINK of")
    assert row["would_change"].startswith(f"'{start}1 a")
    first = json.loads(built.read("claims.json"))["claims"][0]
    assert first["text"].startswith(f"{start}HYPERLINK of")


def test_a_tab_or_a_line_break_before_a_formula_does_not_hide_it() -> None:
    claim = dict.fromkeys(COLUMNS, "")
    lines = as_csv([{**claim, "text": "\t=1"}, {**claim, "text": "\r=1"}])
    assert [row["text"] for row in csv.DictReader(io.StringIO(lines, newline=""))] == [
        "'\t=1", "'\r=1",
    ]  # fmt: skip


def test_every_anchor_is_in_its_page(tmp_path: Path) -> None:
    built = book(tmp_path, "dirhtml")
    for claim in json.loads(built.read("claims.json"))["claims"]:
        page, _, anchor = claim["url"].partition("#")
        assert f'id="{anchor}"' in (built.out / page / "index.html").read_text(encoding="utf-8")
