"""What is wrong among names, headings and old places, and what pages must keep."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_marginalia.permalinks.changes import update
from sphinx_marginalia.permalinks.faults import Fault, Kind, errors
from sphinx_marginalia.permalinks.forward import Forward, Kept, forwards
from sphinx_marginalia.permalinks.lock import Heading, Record
from sphinx_marginalia.permalinks.places import End, chains, resolve
from sphinx_marginalia.permalinks.rules import against, judge
from tests.cost import calls


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


def only(faults: list[Fault]) -> Fault:
    (fault,) = faults
    return fault


# The rules


def test_a_book_whose_lock_is_up_to_date_has_no_fault() -> None:
    headings = [heading("page", level=1), heading("new", "page", "kept"), heading("x", "other")]
    assert judge(update({}, headings, "1").records, headings) == []


def test_a_name_that_is_missing_is_told_with_what_to_do() -> None:
    headings = [heading("page", line=3, level=1)]
    records = {"page": record("page#page"), "sae": record("page#sae")}
    fault = only(judge(records, headings))
    assert fault == Fault(
        Kind.MISSING,
        "the permanent name 'sae' (“Title”) is missing from page: write (sae)= above its heading "
        "again, or run python -m sphinx_marginalia.permalinks lock --renamed sae=NEW, or --retire sae "
        '--reason "WHY"',
        "sae",
        "page",
        "docs/page.md",
        3,
    )


def test_a_name_that_was_changed_is_found_on_its_page() -> None:
    headings = [heading("superpositions", "page"), heading("superposition-2", "other")]
    faults = judge({"superposition": record("page#superposition")}, headings)
    assert only(errors(faults)).message.endswith("; did you mean 'superpositions'?")


def test_a_name_whose_page_is_gone_is_told_at_the_lock() -> None:
    fault = only(judge({"sae": record("page#sae")}, []))
    assert (fault.kind, fault.source, fault.line) == (Kind.MISSING, "", 0)
    assert "is lost with its page page" in fault.message


def test_a_label_is_offered_as_the_file_spells_it() -> None:
    title = heading("page", level=1)._replace(source="docs/page.rst")
    records = {"page": record("page#page"), "sae": record("page#sae")}
    assert "write .. _sae: above" in only(judge(records, [title])).message


@pytest.mark.parametrize(
    "retired",
    [
        record("page#old", successor="sae"),
        record("page#old", reason="It was wrong."),
        record("page#old", successor="ended"),
    ],
)
def test_a_retired_name_with_a_living_successor_or_a_reason_is_well(retired: Record) -> None:
    records = {
        "old": retired,
        "sae": record("page#sae"),
        "ended": record("page#ended", reason="It was wrong."),
    }
    assert judge(records, [heading("sae")]) == []


def test_a_successor_that_does_not_exist_is_told() -> None:
    records = {"old": record("page#old", successor="saes"), "sae": record("page#sae")}
    fault = only(judge(records, [heading("sae")]))
    assert (fault.kind, fault.id) == (Kind.SUCCESSOR, "old")
    assert "for 'saes', which does not exist; did you mean 'sae'?" in fault.message


def test_a_successor_that_is_lost_itself_is_told_once() -> None:
    records = {"old": record("page#old", successor="sae"), "sae": record("page#sae")}
    assert [(fault.kind, fault.id) for fault in judge(records, [])] == [(Kind.MISSING, "sae")]


def test_a_circle_of_successors_is_told_once() -> None:
    records = {
        name: record(f"page#{name}", successor=successor)
        for name, successor in ["ab", "bc", "ca", "da", "ee"]
    }
    faults = judge(records, [])
    assert {fault.kind for fault in faults} == {Kind.SUCCESSOR}
    assert [fault.message.partition(";")[0] for fault in faults] == [
        "retired names lead in a circle: a → b → c → a",
        "retired names lead in a circle: e → e",
    ]


def test_an_old_place_of_two_names_is_told() -> None:
    records = {"a": record("page#a", "old#x"), "b": record("page#b", "old#x")}
    fault = only(judge(records, [heading("a"), heading("b")]))
    assert (fault.kind, fault.id) == (Kind.OLD_PLACE, "b")
    assert "'old#x' belongs to 'a' and to 'b'" in fault.message


def test_the_place_of_a_retired_name_is_an_old_place_too() -> None:
    records = {"a": record("page#x", successor="b"), "b": record("page#b", "page#x")}
    assert only(judge(records, [heading("b")])).kind == Kind.OLD_PLACE


def test_an_old_place_at_which_another_section_stands_is_told_there() -> None:
    records = {"a": record("page#a", "old#x"), "x": record("old#x")}
    fault = only(judge(records, [heading("a"), heading("x", "old", line=7)]))
    assert (fault.kind, fault.id, fault.source, fault.line) == (
        Kind.OLD_PLACE, "a", "docs/old.md", 7,
    )  # fmt: skip


def test_an_old_place_that_an_author_keeps_at_the_same_heading_is_well() -> None:
    records = {"a": record("page#a", "page#auto-slug")}
    assert judge(records, [heading("a", "page", "auto-slug")]) == []


def test_a_section_that_came_back_to_an_old_place_is_well() -> None:
    assert judge({"a": record("page#a", "page#a", "other#a")}, [heading("a")]) == []


def test_a_heading_without_a_name_is_a_warning_with_a_suggestion() -> None:
    headings = [heading("", title="Sparse autoencoders", line=9), heading("", level=4)]
    fault = only(judge({}, headings))
    assert fault.kind.warning
    assert fault[1:] == (
        "the heading “Sparse autoencoders” has no permanent name: write (sparse-autoencoders)= "
        "above it, or run make anchors",
        "sparse-autoencoders",
        "page",
        "docs/page.md",
        9,
    )


def test_no_suggestion_is_the_name_of_what_was_retired() -> None:
    records = {"sae": record("old#sae", reason="Gone.")}
    assert only(judge(records, [heading("", title="SAE")])).id == "page-sae"


def test_a_new_name_is_a_warning() -> None:
    fault = only(judge({}, [heading("sae", line=4)]))
    assert (fault.kind, fault.kind.warning, fault.line) == (Kind.NEW, True, 4)
    assert "make anchors" in fault.message


def test_a_move_of_which_the_lock_does_not_know_is_an_error() -> None:
    fault = only(judge({"sae": record("old#sae")}, [heading("sae", line=4)]))
    assert (fault.kind, fault.kind.warning, fault.line) == (Kind.MOVED, False, 4)
    assert fault.message == "'sae' has moved here from 'old#sae': run make anchors"


def test_a_retired_name_at_a_heading_is_a_warning() -> None:
    assert only(judge({"sae": record("page#sae", reason="Gone.")}, [heading("sae")])).kind == (
        Kind.REVIVED
    )


@pytest.mark.parametrize(
    ("name", "better"),
    [("Sec_Mixed.Case", "sec-mixed-case"), ("2024-results", "page-2024-results")],
)
def test_a_name_against_the_pattern_is_told_with_a_better_one(name: str, better: str) -> None:
    fault = only(judge({}, [heading(name)]))
    assert fault.kind == Kind.PATTERN
    assert fault.message.endswith(f"such as {better!r}")


def test_below_the_third_level_a_label_may_look_as_it_likes() -> None:
    assert judge({}, [heading("Fig_1", level=4)]) == []


def test_a_name_that_is_used_twice_is_told_with_the_other_place() -> None:
    headings = [heading("sae", "a", line=3), heading("sae", "b", line=5)]
    fault = only(judge({"sae": record("a#sae")}, headings))
    assert (fault.kind, fault.source, fault.line) == (Kind.USED_TWICE, "docs/b.md", 5)
    assert "here and in docs/a.md:3" in fault.message


def test_a_file_that_two_pages_show_is_told_by_the_pages() -> None:
    first = heading("sae", "a")
    fault = only(judge({"sae": record("a#sae")}, [first, first._replace(docname="b")]))
    assert "the same file, shown in a too" in fault.message


# Against the last release


def test_what_only_grew_is_well() -> None:
    old = {"a": record("p#a"), "b": record("p#b", "o#b")}
    new = {"a": record("q#a", "p#a"), "b": record("p#b", "o#b", successor="a"), "c": record("p#c")}
    assert against(old, new) == []


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ({}, "the record of 'a' was removed since v1"),
        ({"a": record("p#a")}, "the old place 'o#a' of 'a' was removed since v1"),
        ({"a": record("q#a", "o#a")}, "the old place 'p#a' of 'a' was removed since v1"),
    ],
)
def test_what_was_published_stays_in_the_lock(new: dict[str, Record], words: str) -> None:
    fault = only(against({"a": record("p#a", "o#a")}, new, "v1"))
    assert (fault.kind, fault.id) == (Kind.REMOVED, "a")
    assert fault.message.startswith(words)


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
        "a": End("c"), "b": End("c"), "c": End("c"), "x": End("", "Gone."), "y": End("", "Gone."),
        "lost": End(), "round": End(),
    }  # fmt: skip
    assert chains(records).ends == expected
    assert {name: resolve(records, name) for name in records} == expected
    assert resolve(records, "unknown") == End()


IDS = st.sampled_from("abcdef")


@settings(derandomize=True, deadline=None, max_examples=300)
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
def test_both_ways_to_follow_names_agree(records: dict[str, Record]) -> None:
    found = chains(records)
    assert {name: resolve(records, name) for name in records} == found.ends
    lost = any(end == End() for end in found.ends.values())
    assert lost == bool(found.gaps or found.circles)


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
    assert forwards(BOOK, {"page", "other"}) == {
        "gone": Kept(
            entries=(
                Forward("ended", "ended", "Title", "", "", "It was wrong."),
                Forward("moved", *to_moved),
            ),
            stub=True,
        ),
        "other": Kept(
            entries=(
                Forward("merged", "merged", *to_living),
                Forward("moved", *to_moved),
                Forward("renamed", "renamed", *to_living),
            )
        ),
        "page": Kept(
            aliases=(Forward("renamed", "renamed", *to_living),),
            entries=(Forward("ended", "ended", "Title", "", "", "It was wrong."),),
        ),
    }


def test_no_id_comes_twice_on_a_page_even_where_the_lock_is_wrong() -> None:
    records = {
        "a": record("page#a", "old#x", "page#b"),
        "b": record("page#b", "old#x"),
        "c": record("page#c", successor="c"),
    }
    kept = forwards(records, {"page", "old"})
    assert [(forward.old, forward.id) for forward in kept["old"].entries] == [("x", "a")]
    assert kept["page"].aliases == ()
    assert kept["page"].entries == (Forward("c", "c", "Title", "", "", ""),)


def test_a_book_in_which_nothing_moved_keeps_nothing() -> None:
    assert forwards({"a": record("page#a")}, {"page"}) == {}


# Cost


def test_long_chains_and_large_books_cost_what_they_are_long() -> None:
    def work(size: int) -> None:
        records = {
            f"n{n}": record(f"p{n}#n{n}", f"o{n}#n{n}", successor=f"n{n + 1}") for n in range(size)
        }
        records[f"n{size}"] = record("p#end")
        headings = [heading(f"h{n}", f"q{n // 8}") for n in range(size)]
        assert errors(judge(records, headings))
        assert len(forwards(records, {"p"})) == 2 * size

    assert calls(lambda: work(2_000)) < 10 * calls(lambda: work(250))
