"""Other projects and the search of the site find the claims and sections of a book."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.testing import build
from tests.ledger.claims import BOOK, book
from tests.pages import main

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

HOME = "https://stars.example/en/1.0/"
CLAIM = f"{HOME}near.html#claim-near-stars"
SECTION = f"{HOME}sky.html#the-sky"


def other(folder: Path, name: str, text: str, *extensions: str) -> Built:
    """Build a project that knows the inventory of the book, without the network."""
    sky = {"sky.md": "---\norphan: true\n---\n\n(the-sky)=\n# The sky\n"}
    inventory = book(folder / "book", pages=sky).out / "objects.inv"
    return build(
        {name: text},
        folder / "other",
        extensions=["myst_parser", "sphinx.ext.intersphinx", *extensions],
        intersphinx_mapping={"stars": (HOME, str(inventory))},
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "href", "shown"),
    [
        ("{claim}`stars:near-stars`", CLAIM, "near stars (supported)"),
        ("{claim}`the near ones <stars:near-stars>`", CLAIM, "the near ones"),
        ("{external+stars:claim:claim}`near-stars`", CLAIM, "near stars (supported)"),
        ("{ref}`stars:the-sky`", SECTION, "The sky"),
        ("{external+stars:ref}`the-sky`", SECTION, "The sky"),
    ],
)
@pytest.mark.parametrize("syntax", ["md", "rst"])
def test_a_project_with_claims_of_its_own(
    syntax: str, written: str, href: str, shown: str, tmp_path: Path
) -> None:
    text = written if syntax == "md" else ":" + written[1:].replace("}", ":", 1)
    built = other(tmp_path, f"index.{syntax}", f"{text}\n", "sphinx_marginalia.ledger")
    assert built.warnings == ""
    (link,) = main(built).select("a.external")
    assert (link["href"], link.get_text()) == (href, shown)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "href", "shown"),
    [
        ("{external+stars:ref}`claim-near-stars`", CLAIM, "near stars (supported)"),
        ("{ref}`stars:claim-near-stars`", CLAIM, "near stars (supported)"),
        ("<inv:stars#claim-near-stars>", CLAIM, "near stars (supported)"),
        ("[these](inv:stars:claim:claim#near-stars)", CLAIM, "these"),
        ("<inv:stars#the-sky>", SECTION, "The sky"),
    ],
)
def test_a_project_that_knows_nothing_of_claims(
    written: str, href: str, shown: str, tmp_path: Path
) -> None:
    built = other(tmp_path, "index.md", f"{written}\n")
    assert built.warnings == ""
    (link,) = main(built).select("a.external")
    assert (link["href"], link.get_text()) == (href, shown)


def test_a_claim_that_the_other_book_has_not_is_reported(tmp_path: Path) -> None:
    built = other(tmp_path, "index.md", "{claim}`stars:no-stars`\n", "sphinx_marginalia.ledger")
    assert "index.md:1: WARNING: there is no claim 'stars:no-stars'" in built.warnings


def test_the_search_of_the_site_leads_to_claims(tmp_path: Path) -> None:
    """The address is made as ``searchtools.js`` makes it, of a title and a short anchor."""
    index = json.loads(
        book(tmp_path).read("searchindex.js").removeprefix("Search.setIndex(").removesuffix(")")
    )
    types = {number: name.rpartition(":")[2] for number, name in index["objtypes"].items()}
    addresses = {}
    for prefix, objects in index["objects"].items():
        for file, kind, _priority, anchor, name in objects:
            title = f"{prefix}.{name}" if prefix else name
            if types[str(kind)] == "claim":
                fragment = {"": title, "-": f"claim-{title}"}.get(anchor, anchor)
                addresses[title] = f"{index['docnames'][file]}#{fragment}"
    assert addresses == {
        "near stars (supported)": "near#claim-near-stars",
        "far stars (contested)": "sub/far#claim-far-stars",
        "odd stars (not established)": "sub/far#claim-odd-stars",
    }


def test_a_claim_with_a_title_has_it_in_the_search_and_in_references(tmp_path: Path) -> None:
    near = BOOK["near.md"].replace("{claim} near-stars", "{claim} near-stars\n:title: Near by")
    built = book(tmp_path, pages={"near.md": f"{near}\n{{ref}}`claim-near-stars`\n"})
    assert '"Near by (supported)"' in built.read("searchindex.js")
    assert "Near by (supported)" in [
        link.get_text() for link in main(built, "near").select("p > a")
    ]


def test_the_inventory_has_each_claim_by_its_id_and_by_its_title(tmp_path: Path) -> None:
    inventory = (book(tmp_path).out / "objects.inv").read_bytes()
    lines = zlib.decompress(inventory.split(b"zlib.\n", 1)[1]).decode().splitlines()
    assert [line for line in lines if " claim:claim " in line and "near" in line] == [
        "near stars (supported) claim:claim 1 near.html#claim-near-stars -",
        "near-stars claim:claim -1 near.html#claim-$ near stars (supported)",
    ]
