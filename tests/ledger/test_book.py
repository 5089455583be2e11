"""Every claim of the book can be checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from pybtex.database import parse_file

from sphinx_marginalia.core.dates import is_day
from sphinx_marginalia.ledger.vocabulary import CHOICES, NEEDS_EVIDENCE, NEEDS_OPPOSITION
from sphinx_marginalia.testing import build
from tests.browser import sites
from tests.pages import main

pytestmark = pytest.mark.slow  # the whole book is built

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sites.book(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def claims(site: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((site / "claims.json").read_text("utf-8"))["claims"]
    return found


def test_there_are_as_many_as_were_promised(claims: list[dict[str, Any]]) -> None:
    assert len(claims) >= 30


def test_every_work_is_in_the_file_of_works(claims: list[dict[str, Any]]) -> None:
    entries = parse_file(ROOT / "references.bib").entries
    known = {entry.key for entry in entries.values()}
    named = {work["key"] for claim in claims for work in (*claim["evidence"], *claim["against"])}
    sections = {name for name in named if name.startswith("ref:")}
    assert sorted(named - known - sections) == []


def test_each_has_a_kind_a_verdict_a_scale_and_evidence(claims: list[dict[str, Any]]) -> None:
    for claim in claims:
        assert [name for name, choices in CHOICES.items() if claim[name] not in choices] == [], (
            claim
        )
        assert claim["evidence"] or claim["verdict"] not in NEEDS_EVIDENCE, claim
        assert claim["against"] or claim["verdict"] not in NEEDS_OPPOSITION, claim


def test_each_was_reviewed_and_says_what_would_change_it(claims: list[dict[str, Any]]) -> None:
    assert [claim["id"] for claim in claims if not is_day(claim["reviewed"])] == []
    assert [claim["id"] for claim in claims if len(claim["would_change"].split()) < 4] == []


def test_each_says_how_to_look_again_and_when_that_was_done(claims: list[dict[str, Any]]) -> None:
    log = yaml.safe_load((ROOT / "docs" / "reviews.yaml").read_text("utf-8"))
    searched = {(entry["claim"], str(entry["date"])) for entry in log if entry.get("queries")}
    assert [claim["id"] for claim in claims if not claim["search"]] == []
    assert {(claim["id"], claim["reviewed"]) for claim in claims} - searched == set()


def test_each_is_where_its_address_says(site: Path, claims: list[dict[str, Any]]) -> None:
    pages: dict[str, BeautifulSoup] = {}
    for claim in claims:
        name, _, anchor = claim["url"].partition("#")
        if name not in pages:
            pages[name] = BeautifulSoup((site / name).read_text("utf-8"), "html.parser")
        assert pages[name].find(id=anchor) is not None


def test_the_ledger_lists_all(site: Path, claims: list[dict[str, Any]]) -> None:
    page = BeautifulSoup((site / "reference" / "claims.html").read_text("utf-8"), "html.parser")
    listed = [
        link["href"].rpartition("#")[2] for link in page.select(".marginalia-claims strong a")
    ]  # type: ignore[union-attr]
    # They are grouped by verdict.
    assert sorted(listed) == sorted(claim["anchor"] for claim in claims)


def test_another_project_refers_to_a_claim_and_to_a_section(site: Path, tmp_path: Path) -> None:
    home = "https://sphinx-marginalia.readthedocs.io/en/latest/"
    built = build(
        {"index.md": "{claim}`book:refusal-single-direction`\n\n{ref}`book:causal-effects`\n"},
        tmp_path,
        extensions=["myst_parser", "sphinx.ext.intersphinx", "sphinx_marginalia.ledger"],
        intersphinx_mapping={"book": (home, str(site / "objects.inv"))},
    )
    assert built.warnings == ""
    links = {link.get_text(): link["href"] for link in main(built).select("a.external")}
    assert links == {
        "One direction for refusal (supported)": f"{home}field-assessment.html#claim-refusal-single-direction",
        "Causal effects": f"{home}field-assessment.html#causal-effects",
    }
