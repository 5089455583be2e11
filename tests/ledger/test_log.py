"""The log of reviews: it is checked, and tables of claims show it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.ledger.vocabulary import split_queries
from tests.ledger.claims import BOOK, book
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

LOG = """\
- claim: near-stars
  date: 2026-11-20
  queries:
    - parallax of near stars
    - near stars without a parallax
  finding: Two new lists agree.
  works: [gaia2016]
  verdict: kept
- claim: far-stars
  date: 2024-02-29
  finding: Nobody had measured one.
  verdict: not-established
- claim: far-stars
  date: 2025-01-31
  queries: far stars; dim stars
  finding: One list says that it can be done.
  works: gaia2016
  verdict: contested
"""


def logged(folder: Path, log: str = LOG, builder: str = "html", **kwargs: Any) -> Built:
    """Build the book with a log of reviews."""
    pages = {"reviews.yaml": log, **kwargs.pop("pages", {})}
    return book(folder, builder, pages=pages, **kwargs)


def problems(built: Built) -> list[str]:
    """Return the warnings without the folder of the sources."""
    prefix = f"{built.app.srcdir}/"
    return built.warnings.replace(prefix, "").splitlines()


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("", ()),
        ("near stars", ("near stars",)),
        ("near stars;  far stars ;", ("near stars", "far stars")),
        ("near\nfar, dim; odd", ("near", "far, dim", "odd")),
    ],
)
def test_queries_are_separated_by_semicolons_or_lines(text: str, queries: tuple[str]) -> None:
    assert split_queries(text) == queries


def test_without_a_log_nothing_is_asked(tmp_path: Path) -> None:
    assert book(tmp_path).warnings == ""


def test_an_empty_name_turns_the_log_off(tmp_path: Path) -> None:
    built = logged(tmp_path, "far: from", ledger_reviews="")
    assert built.warnings == ""


def test_a_log_with_an_entry_for_each_review_is_right(tmp_path: Path) -> None:
    assert problems(logged(tmp_path)) == []


def test_a_claim_that_got_a_new_date_needs_an_entry_of_that_day(tmp_path: Path) -> None:
    dated = {"sub/far.md": BOOK["sub/far.md"].replace("2025-01-31", "2026-02-01")}
    assert problems(logged(tmp_path, pages=dated)) == [
        "sub/far.md:3: WARNING: the claim far-stars was reviewed on 2026-02-01, and reviews.yaml "
        "has no entry of that day; write one, or restore the date [marginalia.claim_unlogged]"
    ]


def test_an_empty_log_has_no_entry_for_any_review(tmp_path: Path) -> None:
    lines = problems(logged(tmp_path, ""))
    assert [line.partition(": ")[0] for line in lines] == ["near.md:3", "sub/far.md:3"]


ENTRY = "- claim: near-stars\n  date: 2026-11-20\n  finding: Two lists.\n  verdict: kept\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("near-stars", "near-star", "1: there is no claim 'near-star'; did you mean 'near-stars'?"),
        ("2026-11-20", "20 November", "2: date must be a day such as 2026-11-23, not '20 November'"),
        ("  finding: Two lists.\n", "", "1: the entry is not complete: write finding:"),
        ("finding: Two lists.", "finding:", "1: the entry is not complete: write finding:"),
        ("verdict: kept", "verdict: ''", "1: the entry is not complete: write verdict:"),
        ("kept", "keptt", "4: unknown verdict 'keptt'; did you mean 'kept'?"),
        ("verdict: kept", "verdict: refuted",
         "1: the last verdict in the log is refuted, but the claim is supported; make them agree"),
        ("finding: Two lists.", "finding: [a, b]", "3: finding must be a text, not ['a', 'b']"),
        ("finding:", "fnding:", "3: unknown key 'fnding'; did you mean 'finding'?"),
        ("finding:", "works: gaia2061\n  finding:",
         "1: no work has the key 'gaia2061'; did you mean 'gaia2016'?"),
        ("finding:", "works: turing1950\n  finding:",
         "1: no work has the key 'turing1950'; use one of bessel1838, gaia2016"),
        ("finding:", "queries: {a: b}\n  finding:",
         "3: queries must be a text or a list of texts, not {'a': 'b'}"),
        ("- claim: near-stars", "- near-stars\n- claim: near-stars",
         "1: an entry must have the keys claim, date, queries, finding, works, verdict, "
         "not 'near-stars'"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_log_is_reported_where_it_is(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    built = logged(tmp_path, ENTRY.replace(old, new, 1), pages={"sub/far.md": "# Far\n"})
    line, _, message = expected.partition(": ")
    wanted = f"reviews.yaml:{line}: WARNING: {message}"
    assert [each for each in problems(built) if each.startswith(wanted)], built.warnings


@pytest.mark.parametrize("text", ["a: b", "- [", "'", "- claim: *x", "\t- a", "[" * 500])
def test_a_file_that_is_no_log_is_one_warning(text: str, tmp_path: Path) -> None:
    lines = [line for line in problems(logged(tmp_path, text)) if "reviews.yaml:" in line]
    assert len(lines) == 1
    assert "[marginalia.review_log]" in lines[0]


def test_a_log_that_is_not_utf_8_is_reported_where_it_is_not(tmp_path: Path) -> None:
    file = tmp_path / "source" / "reviews.yaml"
    file.parent.mkdir()
    file.write_bytes("# Sterne\n# Prüfung\n".encode("latin-1"))
    wanted = "reviews.yaml:2: WARNING: the file is not UTF-8; save it as UTF-8"
    assert [line for line in problems(book(tmp_path)) if line.startswith(wanted)]


def test_a_table_shows_the_history_of_each_verdict(tmp_path: Path) -> None:
    cells = main(logged(tmp_path), "list").select("tbody td:first-child")
    assert [words(item) for item in cells[1].select("li")] == [
        "2025-01-31: ± contested. One list says that it can be done. Gaia 2016. "
        "Searched for: “far stars”, “dim stars”",
        "2024-02-29: ? not established. Nobody had measured one.",
    ]
    assert words(cells[1].select_one("details.marginalia-claim-history > summary")) == "History (2)"
    assert words(cells[0].select("li")[0]).startswith("2026-11-20: kept. Two new lists agree.")
    assert cells[2].select("li") == []


@pytest.mark.parametrize(
    ("builder", "file"), [("text", "list.txt"), ("latex", "*.tex"), ("epub", "list.xhtml")]
)
def test_every_builder_shows_it(builder: str, file: str, tmp_path: Path) -> None:
    text = " ".join(logged(tmp_path, builder=builder).read(file).split())
    assert "Nobody had measured one." in text.replace("\\sphinxhyphen{}", "-")


def test_the_page_with_the_table_is_written_again_and_no_other(tmp_path: Path) -> None:
    logged(tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "html").glob("**/*.html")}
    built = logged(tmp_path, LOG.replace("Two new lists", "Three lists"), fresh=False)
    after = {path: path.read_bytes() for path in (tmp_path / "html").glob("**/*.html")}
    changed = [path.name for path in before if after[path] != before[path]]
    assert changed == ["list.html"]
    assert "Three lists agree." in built.page("list")


def test_a_change_of_the_log_alone_is_checked(tmp_path: Path) -> None:
    assert problems(logged(tmp_path)) == []
    built = logged(tmp_path, LOG.replace("2025-01-31", "2025-02-01"), fresh=False)
    assert "the claim far-stars was reviewed on 2025-01-31" in built.warnings


def test_a_log_that_is_deleted_leaves_no_history(tmp_path: Path) -> None:
    built = logged(tmp_path)
    (tmp_path / "source" / "reviews.yaml").unlink()
    built = book(tmp_path, fresh=False)
    assert built.warnings == ""
    assert "Nobody had measured" not in built.page("list")


@pytest.mark.slow
def test_two_processes_write_what_one_writes(tmp_path: Path) -> None:
    one, two = logged(tmp_path / "a"), logged(tmp_path / "b", jobs=2)
    assert one.page("list") == two.page("list")
    assert one.read("claims.json") == two.read("claims.json")


def test_programs_get_the_queries_of_a_claim(tmp_path: Path) -> None:
    near = BOOK["near.md"].replace(":kind:", ":search: near stars; parallax\n:kind:", 1)
    claims = json.loads(logged(tmp_path, pages={"near.md": near}).read("claims.json"))["claims"]
    assert [claim["search"] for claim in claims] == [["near stars", "parallax"], [], []]
