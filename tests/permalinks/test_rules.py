"""What is wrong among names, headings and old places, and what pages must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_marginalia.core.diagnostics import Diagnostic
from sphinx_marginalia.permalinks.changes import update
from sphinx_marginalia.permalinks.lock import Record, write
from sphinx_marginalia.permalinks.names import Heading
from sphinx_marginalia.permalinks.problems import PermalinkProblem as Problem
from sphinx_marginalia.permalinks.problems import errors, is_error
from sphinx_marginalia.permalinks.redirects import (
    PageRedirects,
    Redirect,
    Target,
    redirects,
    resolve,
)
from sphinx_marginalia.permalinks.rules import check, check_release
from sphinx_marginalia.testing import build
from tests.cost import calls

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def heading(
    name: str,
    docname: str = "page",
    *also: str,
    title: str = "Title",
    level: int = 2,
    line: int = 1,
) -> Heading:
    names = (name, *also) if name else also
    return Heading(name, names, docname, title, level, f"docs/{docname}.md", line)


def record(at: str, *was: str, successor: str = "", reason: str = "") -> Record:
    return Record(at, "1", "Title", was, successor, reason)


def only(diagnostics: Iterable[Diagnostic]) -> Diagnostic:
    (diagnostic,) = diagnostics
    return diagnostic


# The rules


def test_a_book_whose_lock_is_up_to_date_has_no_problem() -> None:
    headings = [heading("page", level=1), heading("new", "page", "kept"), heading("x", "other")]
    assert check(update({}, headings, "1").records, headings) == []


def test_a_name_that_is_missing_is_reported_with_what_to_do() -> None:
    headings = [heading("page", line=3, level=1)]
    records = {"page": record("page#page"), "sae": record("page#sae")}
    diagnostic = only(check(records, headings))
    assert diagnostic == Diagnostic(
        Problem.ANCHOR_MISSING,
        "the anchor 'sae' (“Title”) is missing from page; write (sae)= above its heading again, or "
        "run python -m sphinx_marginalia.permalinks lock --renamed sae=NEW, or --retire sae "
        '--reason "WHY"',
        "sae",
        3,
        "docs/page.md",
    )


def test_a_name_that_was_changed_is_found_on_its_page() -> None:
    headings = [heading("superpositions", "page"), heading("superposition-2", "other")]
    diagnostics = check({"superposition": record("page#superposition")}, headings)
    assert only(errors(diagnostics)).message.endswith("; did you mean 'superpositions'?")


def test_a_name_whose_page_is_gone_is_reported_at_the_lock() -> None:
    diagnostic = only(check({"sae": record("page#sae")}, []))
    assert (diagnostic.problem, diagnostic.source, diagnostic.line) == (
        Problem.ANCHOR_MISSING,
        "",
        0,
    )
    assert "is gone with its page page" in diagnostic.message


def test_a_label_is_offered_as_the_file_spells_it() -> None:
    title = heading("page", level=1)._replace(source="docs/page.rst")
    records = {"page": record("page#page"), "sae": record("page#sae")}
    assert "write .. _sae: above" in only(check(records, [title])).message


@pytest.mark.parametrize(
    "retired",
    [
        record("page#old", successor="sae"),
        record("page#old", reason="It was wrong."),
        record("page#old", successor="ended"),
    ],
)
def test_a_retired_name_with_a_living_successor_or_a_reason_is_fine(retired: Record) -> None:
    records = {
        "old": retired,
        "sae": record("page#sae"),
        "ended": record("page#ended", reason="It was wrong."),
    }
    assert check(records, [heading("sae")]) == []


def test_a_successor_that_does_not_exist_is_reported() -> None:
    records = {"old": record("page#old", successor="saes"), "sae": record("page#sae")}
    diagnostic = only(check(records, [heading("sae")]))
    assert (diagnostic.problem, diagnostic.key) == (Problem.ANCHOR_SUCCESSOR, "old")
    assert "to 'saes', which does not exist; did you mean 'sae'?" in diagnostic.message


def test_a_successor_that_is_lost_itself_is_reported_once() -> None:
    records = {"old": record("page#old", successor="sae"), "sae": record("page#sae")}
    assert [(diagnostic.problem, diagnostic.key) for diagnostic in check(records, [])] == [
        (Problem.ANCHOR_MISSING, "sae")
    ]


def test_a_circle_of_successors_is_reported_once() -> None:
    records = {
        name: record(f"page#{name}", successor=successor)
        for name, successor in ["ab", "bc", "ca", "da", "ee"]
    }
    diagnostics = check(records, [])
    assert {diagnostic.problem for diagnostic in diagnostics} == {Problem.ANCHOR_SUCCESSOR}
    assert [diagnostic.message.partition(";")[0] for diagnostic in diagnostics] == [
        "successors lead in a circle: a → b → c → a",
        "successors lead in a circle: e → e",
    ]


def test_an_old_place_of_two_names_is_reported() -> None:
    records = {"a": record("page#a", "old#x"), "b": record("page#b", "old#x")}
    diagnostic = only(check(records, [heading("a"), heading("b")]))
    assert (diagnostic.problem, diagnostic.key) == (Problem.ANCHOR_OLD_PLACE, "b")
    assert "'old#x' belongs to 'a' and to 'b'" in diagnostic.message


def test_the_place_of_a_retired_name_is_an_old_place_too() -> None:
    records = {"a": record("page#x", successor="b"), "b": record("page#b", "page#x")}
    assert only(check(records, [heading("b")])).problem == Problem.ANCHOR_OLD_PLACE


def test_an_old_place_where_another_section_is_now_is_reported_there() -> None:
    records = {"a": record("page#a", "old#x"), "x": record("old#x")}
    diagnostic = only(check(records, [heading("a"), heading("x", "old", line=7)]))
    assert (diagnostic.problem, diagnostic.key, diagnostic.source, diagnostic.line) == (
        Problem.ANCHOR_OLD_PLACE, "a", "docs/old.md", 7,
    )  # fmt: skip


def test_an_old_place_that_an_author_keeps_at_the_same_heading_is_fine() -> None:
    records = {"a": record("page#a", "page#auto-slug")}
    assert check(records, [heading("a", "page", "auto-slug")]) == []


def test_a_section_that_came_back_to_an_old_place_is_fine() -> None:
    assert check({"a": record("page#a", "page#a", "other#a")}, [heading("a")]) == []


def test_a_heading_without_a_name_is_a_warning_with_a_suggestion() -> None:
    headings = [heading("", title="Sparse autoencoders", line=9), heading("", level=4)]
    diagnostic = only(check({}, headings))
    assert not is_error(diagnostic)
    assert diagnostic[1:] == (
        "the heading “Sparse autoencoders” has no anchor; write (sparse-autoencoders)= above it, or "
        "run python -m sphinx_marginalia.permalinks lock --write-names",
        "sparse-autoencoders",
        9,
        "docs/page.md",
    )


@pytest.mark.parametrize(
    ("title", "written"), [("Линзы", "(linzy)="), ("数学", "(TOPIC)="), ("שלום", "(TOPIC)=")]
)
def test_a_person_names_a_heading_that_is_not_in_latin_letters(title: str, written: str) -> None:
    diagnostic = only(check({}, [heading("", "index", title=title, line=9)]))
    assert (diagnostic.problem, diagnostic.source, diagnostic.line) == (
        Problem.ANCHOR_LETTERS, "docs/index.md", 9,
    )  # fmt: skip
    assert not is_error(diagnostic)
    assert diagnostic.message == (
        f"the heading “{title}” has no anchor; choose a name in Latin letters and write it above, "
        f"as {written}"
    )


def test_a_number_that_stands_for_a_label_is_never_new_in_the_lock() -> None:
    numbered = heading("id2", title="Линзы")._replace(written="линзы")
    diagnostic = only(check({}, [numbered]))
    assert diagnostic.problem == Problem.ANCHOR_PATTERN
    assert "'линзы' has only a number in addresses, 'id2'; write (linzy)=" in diagnostic.message
    assert update({}, [numbered], "1").records == {}
    collision = heading("id2", title="Lenses")._replace(written="lenses")
    assert "write (page-lenses)=" in only(check({}, [collision])).message
    # What was locked before stays.
    records = {"id2": record("page#id2")}
    assert errors(check(records, [numbered])) == []


def test_no_suggestion_is_the_name_of_what_was_retired() -> None:
    records = {"sae": record("old#sae", reason="Gone.")}
    assert only(check(records, [heading("", title="SAE")])).key == "page-sae"


def test_a_new_name_is_a_warning() -> None:
    diagnostic = only(check({}, [heading("sae", line=4)]))
    assert (diagnostic.problem, is_error(diagnostic), diagnostic.line) == (
        Problem.ANCHOR_NEW,
        False,
        4,
    )
    assert "run python -m sphinx_marginalia.permalinks lock" in diagnostic.message


def test_a_move_of_which_the_lock_does_not_know_is_an_error() -> None:
    diagnostic = only(check({"sae": record("old#sae")}, [heading("sae", line=4)]))
    assert (diagnostic.problem, is_error(diagnostic), diagnostic.line) == (
        Problem.ANCHOR_MOVED,
        True,
        4,
    )
    assert diagnostic.message == (
        "'sae' has moved here from 'old#sae'; run python -m sphinx_marginalia.permalinks lock"
    )


def test_a_retired_name_at_a_heading_is_a_warning() -> None:
    assert only(check({"sae": record("page#sae", reason="Gone.")}, [heading("sae")])).problem == (
        Problem.ANCHOR_REVIVED
    )


@pytest.mark.parametrize(
    ("name", "better"),
    [("Sec_Mixed.Case", "sec-mixed-case"), ("2024-results", "page-2024-results")],
)
def test_a_name_against_the_pattern_is_reported_with_a_better_one(name: str, better: str) -> None:
    diagnostic = only(check({}, [heading(name)]))
    assert diagnostic.problem == Problem.ANCHOR_PATTERN
    assert diagnostic.message.endswith(f"such as {better!r}")


def test_below_the_third_level_a_label_may_look_as_it_likes() -> None:
    assert check({}, [heading("Fig_1", level=4)]) == []


def test_a_name_that_is_used_twice_is_reported_with_the_other_place() -> None:
    headings = [heading("sae", "a", line=3), heading("sae", "b", line=5)]
    diagnostic = only(check({"sae": record("a#sae")}, headings))
    assert (diagnostic.problem, diagnostic.source, diagnostic.line) == (
        Problem.ANCHOR_USED_TWICE,
        "docs/b.md",
        5,
    )
    assert "here and in docs/a.md:3" in diagnostic.message


TWICE = {
    "md": "(page)=\n# Page\n\n(a-fern)=\n## Moss\n\nIt is.\n\n(a-fern)=\n## Fern\n\nIt is.\n",
    "rst": ".. _page:\n\nPage\n====\n\n.. _a-fern:\n\nMoss\n----\n\nText.\n\n.. _a-fern:\n\n"
    "Fern\n----\n\nText.\n",
}


@pytest.mark.parametrize(("suffix", "lines"), [("md", (5, 10)), ("rst", (9, 16))])
def test_a_label_that_is_twice_on_a_page_is_reported_with_both_places(
    suffix: str, lines: tuple[int, int], tmp_path: Path
) -> None:
    lock = {"page": record("index#page"), "a-fern": record("index#a-fern")}
    file = f"index.{suffix}"
    built = build({file: TWICE[suffix], "anchors.lock.json": write(lock)}, tmp_path)
    warnings = built.warnings.replace(f"{built.app.srcdir}/", "").splitlines()
    assert [line for line in warnings if "[marginalia." in line] == [
        f"{file}:{lines[1]}: ERROR: the anchor 'a-fern' is used twice: here and in "
        f"{file}:{lines[0]}; rename one of them [marginalia.anchor_used_twice]"
    ]


def test_a_file_that_two_pages_show_is_reported_by_the_pages() -> None:
    first = heading("sae", "a")
    diagnostic = only(check({"sae": record("a#sae")}, [first, first._replace(docname="b")]))
    assert "the same file, which is also part of a" in diagnostic.message


# Against the last release


def test_what_only_grew_is_fine() -> None:
    old = {"a": record("p#a"), "b": record("p#b", "o#b")}
    new = {"a": record("q#a", "p#a"), "b": record("p#b", "o#b", successor="a"), "c": record("p#c")}
    assert check_release(old, new, "v1") == []


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ({}, "the record of 'a' was deleted since v1"),
        ({"a": record("p#a")}, "the location 'o#a' of 'a' was deleted since v1"),
        ({"a": record("q#a", "o#a")}, "the location 'p#a' of 'a' was deleted since v1"),
    ],
)
def test_what_was_published_stays_in_the_lock(new: dict[str, Record], words: str) -> None:
    diagnostic = only(check_release({"a": record("p#a", "o#a")}, new, "v1"))
    assert (diagnostic.problem, diagnostic.key) == (Problem.ANCHOR_REMOVED, "a")
    assert diagnostic.message.startswith(words)


# Where a name leads


def test_a_chain_of_successors_is_followed_to_its_end() -> None:
    records = {
        "a": record("p#a", successor="b"),
        "b": record("p#b", successor="c"),
        "c": record("p#c"),
        "x": record("p#x", successor="y"),
        "y": record("p#y", reason="Gone."),
        "lost": record("p#lost", successor="nowhere"),
        "round": record("p#round", successor="round"),
    }
    expected = {
        "a": Target("c"), "b": Target("c"), "c": Target("c"), "x": Target("", "Gone."), "y": Target("", "Gone."),
        "lost": Target(), "round": Target(),
    }  # fmt: skip
    assert resolve(records).by_id == expected


IDS = st.sampled_from("abcdef")


def step_by_step(records: dict[str, Record], name: str) -> Target:
    """Return where *name* leads, from one successor to the next."""
    passed = set()
    while name in records and name not in passed:
        passed.add(name)
        if not records[name].successor:
            reason = records[name].reason
            return Target("", reason) if reason else Target(name)
        name = records[name].successor
    return Target()


@settings(max_examples=300)
@given(
    st.dictionaries(
        IDS,
        st.builds(
            lambda n, s, r: record(f"p#{n}", successor=s, reason=r if not s else ""),
            IDS,
            IDS | st.just(""),
            st.sampled_from(["", "r"]),
        ),
    )
)
def test_all_anchors_at_once_lead_where_each_does_step_by_step(records: dict[str, Record]) -> None:
    targets = resolve(records)
    assert {name: step_by_step(records, name) for name in records} == targets.by_id
    lost = any(target == Target() for target in targets.by_id.values())
    assert lost == bool(targets.gaps or targets.circles)


# What pages keep


BOOK = {
    "living": record("page#living"),
    "moved": record("page#moved", "gone#moved", "other#moved", "page#moved"),
    "renamed": record("page#renamed", "other#renamed", successor="living"),
    "merged": record("other#merged", successor="renamed"),
    "ended": record("page#ended", "gone#ended", reason="It was wrong."),
}


def test_a_page_keeps_ids_entries_or_a_stub() -> None:
    to_moved = ("moved", "Title", "moved", "page#moved", "")
    to_living = ("Title", "living", "page#living", "")
    assert redirects(BOOK, {"page", "other"}) == {
        "gone": PageRedirects(
            entries=(
                Redirect("ended", "ended", "Title", "", "", "It was wrong."),
                Redirect("moved", *to_moved),
            ),
            is_gone=True,
        ),
        "other": PageRedirects(
            entries=(
                Redirect("merged", "merged", *to_living),
                Redirect("moved", *to_moved),
                Redirect("renamed", "renamed", *to_living),
            )
        ),
        "page": PageRedirects(
            aliases=(Redirect("renamed", "renamed", *to_living),),
            entries=(Redirect("ended", "ended", "Title", "", "", "It was wrong."),),
        ),
    }


def test_no_id_comes_twice_on_a_page_even_where_the_lock_is_wrong() -> None:
    records = {
        "a": record("page#a", "old#x", "page#b"),
        "b": record("page#b", "old#x"),
        "c": record("page#c", successor="c"),
    }
    kept = redirects(records, {"page", "old"})
    assert [(redirect.old, redirect.id) for redirect in kept["old"].entries] == [("x", "a")]
    assert kept["page"].aliases == ()
    assert kept["page"].entries == (Redirect("c", "c", "Title", "", "", ""),)


def test_a_book_in_which_nothing_moved_keeps_nothing() -> None:
    assert redirects({"a": record("page#a")}, {"page"}) == {}


# Cost


def test_long_chains_and_large_books_cost_what_they_are_long() -> None:
    def work(size: int) -> None:
        records = {
            f"n{n}": record(f"p{n}#n{n}", f"o{n}#n{n}", successor=f"n{n + 1}") for n in range(size)
        }
        records[f"n{size}"] = record("p#end")
        headings = [heading(f"h{n}", f"q{n // 8}") for n in range(size)]
        assert errors(check(records, headings))
        assert len(redirects(records, {"p"})) == 2 * size

    assert calls(lambda: work(2_000)) < 10 * calls(lambda: work(250))
