"""Which pages are written again when a claim changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ledger.claims import BOOK, book
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path


def test_a_claim_that_is_removed_is_gone_everywhere(tmp_path: Path) -> None:
    book(tmp_path)
    without = {"near.md": "# Near\n", "sub/far.md": BOOK["sub/far.md"].partition("\nUnlike")[0]}
    built = book(tmp_path, fresh=False, pages=without)
    assert "near-stars" not in built.page("list")
    assert "near-stars" not in built.read("claims.json")
    assert "near-stars" not in built.read("claims.csv")
    inventory = (built.out / "objects.inv").read_bytes()
    import zlib

    assert b"near-stars" not in zlib.decompress(inventory.split(b"zlib.\n", 1)[1])


def test_a_reference_to_a_claim_that_is_removed_is_reported(tmp_path: Path) -> None:
    book(tmp_path)
    built = book(tmp_path, fresh=False, pages={"near.md": "# Near\n"})
    assert "sub/far.md:21: WARNING: there is no claim 'near-stars'" in built.warnings


def test_a_verdict_that_changes_changes_wherever_it_is_shown(tmp_path: Path) -> None:
    book(tmp_path)
    changed = {"sub/far.md": BOOK["sub/far.md"].replace("contested", "refuted")}
    built = book(tmp_path, fresh=False, pages=changed)
    assert "far stars (refuted)" in words(main(built, "near"))
    assert "✕ refuted" in words(main(built, "list"))


def test_when_the_last_claim_is_gone_so_are_the_files(tmp_path: Path) -> None:
    assert (book(tmp_path).out / "claims.json").is_file()
    none = {"near.md": "# Near\n", "sub/far.md": "# Far\n", "list.md": "# List\n"}
    built = book(tmp_path, fresh=False, pages=none)
    assert not (built.out / "claims.json").exists()
    assert not (built.out / "claims.csv").exists()
