"""The file of the lock, and how it comes up to date."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_marginalia.core.diagnostics import Diagnostic
from sphinx_marginalia.permalinks import changes, lock
from sphinx_marginalia.permalinks.changes import Move, update
from sphinx_marginalia.permalinks.lock import Record
from sphinx_marginalia.permalinks.names import Heading
from sphinx_marginalia.permalinks.problems import PermalinkProblem

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
{
"sae": {"at": "methods/sae#sae", "first": "0.1.0", "title": "Sparse autoencoders"},
"superposition": {"at": "methods/sae#superposition", "first": "0.1.0", \
"title": "Superposition — 重ね合わせ", "was": ["index#superposition", "theory#superposition"]},
"tuned-lens": {"at": "methods/lens#tuned-lens", "first": "0.1.0", "title": "The tuned lens", \
"reason": "Its results could not be repeated.", "last": "v0.1.0"},
"zoom-in": {"at": "index#zoom-in", "first": "0.1.0", "title": "Zoom in", \
"successor": "superposition"},
"$note": "One record a line, which git can merge. Update with: \
python -m sphinx_marginalia.permalinks lock"
}
"""
RECORDS = {
    "zoom-in": Record("index#zoom-in", "0.1.0", "Zoom in", successor="superposition"),
    "sae": Record("methods/sae#sae", "0.1.0", "Sparse autoencoders"),
    "superposition": Record(
        "methods/sae#superposition",
        "0.1.0",
        "Superposition — 重ね合わせ",
        ("index#superposition", "theory#superposition"),
    ),
    "tuned-lens": Record(
        "methods/lens#tuned-lens",
        "0.1.0",
        "The tuned lens",
        reason="Its results could not be repeated.",
        last="v0.1.0",
    ),
}


def heading(
    name: str,
    docname: str = "page",
    title: str = "Title",
    *also: str,
    level: int = 2,
    line: int = 1,
) -> Heading:
    names = (name, *also) if name else also
    return Heading(name, names, docname, title, level, f"docs/{docname}.md", line)


# The file


def test_the_file_is_sorted_readable_and_without_empty_fields() -> None:
    assert lock.write(RECORDS) == TEXT


def test_what_was_written_is_read() -> None:
    assert lock.read(TEXT) == (RECORDS, [])


def test_a_lock_of_earlier_versions_with_a_line_a_value_is_read() -> None:
    values = {
        name: {key: value for key, value in record._asdict().items() if value}
        for name, record in RECORDS.items()
    }
    assert lock.read(json.dumps(values, indent=2, ensure_ascii=False)) == (RECORDS, [])


def test_a_lock_without_names_is_read_and_written() -> None:
    assert lock.read(lock.write({})) == ({}, [])


def test_windows_may_have_put_a_mark_and_other_ends_of_lines() -> None:
    assert lock.read("\ufeff" + TEXT.replace("\n", "\r\n")) == (RECORDS, [])


WORDS = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
PLACES = st.builds("{}#{}".format, st.sampled_from(["a", "b/c", "a b/数"]), NAMES)
WAS = st.lists(PLACES, max_size=3).map(tuple)


@pytest.mark.slow
@settings(max_examples=200)
@given(
    st.dictionaries(
        NAMES,
        st.builds(Record, PLACES, WORDS, WORDS, WAS, NAMES, st.just(""))
        | st.builds(Record, PLACES, WORDS, WORDS, WAS, st.just(""), WORDS),
    )
)
def test_any_records_are_read_as_they_were_written(records: dict[str, Record]) -> None:
    text = lock.write(records)
    assert lock.read(text) == (records, [])
    assert lock.write(dict(reversed(records.items()))) == text


LOCKS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.builds(
        Record,
        PLACES,
        st.just("1"),
        WORDS,
        WAS,
        st.sampled_from(["", "a", "d"]),
        st.just(""),
        st.just(""),
    ),
)


@pytest.mark.slow
@settings(max_examples=200)
@given(LOCKS, LOCKS)
def test_a_merge_of_two_locks_loses_no_location(
    ours: dict[str, Record], theirs: dict[str, Record]
) -> None:
    text = f"<<<<<<< ours\n{lock.write(ours)}||||||| base\nno\n=======\n{lock.write(theirs)}>>>>>>> b\n"
    sides = lock.scan(text)
    assert sides == [sorted(ours.items()), sorted(theirs.items())]
    merged, notes = changes.join(sides)
    for side in (ours, theirs):
        for name, record in side.items():
            assert {*record.locations} <= {*merged[name].locations}
            assert merged[name].retired or not record.retired
    assert {note.partition(":")[0] for note in notes} == {
        name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)
    }
    assert lock.read(lock.write(merged)) == (merged, [])


@pytest.mark.parametrize(
    "text",
    [
        '{"a": {"at": "p#a", "at": "q#a"}}',
        '{"a": {"at": "p#a"',
        '{"a": {"at": "p#a"}} words',
        '{"a": {"at": "p#a", "wass": []}}',
        "[" * 100_000,
    ],
)
def test_what_is_more_than_a_merge_is_left_to_a_person(text: str) -> None:
    assert lock.scan(text) is None


def one(record: str) -> str:
    return (
        f'{{\n  "sae": {{"at": "a#sae", "first": "1", "title": "SAE"}},\n  "zoom": {record}\n}}\n'
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "Expecting value (column 1)"),
        ('{\n  "sae": {\n    "at": "a#sae"\n    "first": "1"\n  }\n}', 4, "correct it, or restore it with git checkout HEAD"),
        ("<<<<<<< HEAD\n{}", 1, "correct it, or restore it"),
        ('{\n  "sae": {}\n', 3, "this is not JSON"),
        ('{"sae": {"at": "a#sae", "at": "b#sae"}}}', 1, "this is not JSON: Extra data"),
        ("[]", 1, "must be one object"),
        ("null", 1, "must be one object"),
        ("[" * 100_000, 1, "nested too deeply"),
        ("9" * 10_000, 1, "not JSON"),
        (one("[]"), 3, "'zoom' must have a record, { … }, not []"),
        (one('"a#zoom"'), 3, "not 'a#zoom'"),
        (one("{}"), 3, "must have a location such as \"page#id\" in 'at', not nothing"),
        (one('{"at": 3}'), 3, "in 'at', not 3"),
        (one('{"at": "zoom"}'), 3, "must have a location"),
        (one('{"at": "../up#zoom"}'), 3, "must have a location"),
        (one('{"at": "/root#zoom"}'), 3, "must have a location"),
        (one('{"at": "a\\\\b#zoom"}'), 3, "must have a location"),
        (one('{"at": "a#zo om"}'), 3, "must have a location"),
        (one('{"at": "a#"}'), 3, "must have a location"),
        (one('{\n    "at": "a#zoom",\n    "was": "b#zoom"}'), 5, "must have a list of locations"),
        (one('{"at": "a#zoom", "was": {}}'), 3, "must have a list of locations in 'was', not {}"),
        (one('{"at": "a#zoom", "was": ["b"]}'), 3, "in 'was', not 'b'"),
        (one('{"at": "a#zoom",\n "title": null}'), 4, "must have a text in 'title', not None"),
        (one('{"at": "a#zoom",\n "title": "\\ud800"}'), 4, "must have a text in 'title'"),
        (one('{"at": "a#zoom", "successor": "A B"}'), 3, "successor 'A B', which is not an anchor"),
        (one('{"at": "a#zoom",\n "sucessor": "sae"}'), 4, "did you mean 'successor'?"),
        (one('{"at": "a#zoom",\n "x": 1}'), 4, "use one of at, first, title, was, successor, reason, last"),
        (one('{"at": "a#zoom",\n "at": "b#zoom"}'), 4, "the key 'at' is there twice, first in line 3"),
        (one('{"at": "a#zoom", "reason": "r", "successor": "sae"}'), 3, "keep one of them"),
        (one('{"at": "a#zoom"},\n  "sae": {"at": "b#sae"}'), 4, "the key 'sae' is there twice"),
        (one('{"at": "a#zoom"},\n  "Sec 1": {"at": "b#x"}'), 4, "'Sec 1' is not an anchor"),
    ],
)  # fmt: skip
def test_what_is_invalid_is_reported_with_its_line(text: str, line: int, words: str) -> None:
    _, diagnostics = lock.read(text)
    problem = PermalinkProblem.ANCHOR_LOCK_FILE
    assert [(one.problem, one.line) for one in diagnostics] == [(problem, line)]
    assert words in diagnostics[0].message


@settings(max_examples=300)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["a", "at", "was", "title", "B!"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_no_json_makes_it_fall(value: object) -> None:
    records, diagnostics = lock.read(json.dumps(value, indent=1))
    assert diagnostics or lock.read(lock.write(records)) == (records, [])


def test_what_is_wrong_with_a_record_is_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / lock.FILENAME
    file.write_text(TEXT, encoding="utf-8")
    names = ["sae", "superposition", "tuned-lens", "zoom-in", "not-there"]
    located = lock.locate([Diagnostic(lock.PROBLEM, "no", name) for name in names], file)
    assert [one.line for one in located] == [2, 3, 4, 5, 0]
    assert {one.source for one in located} == {str(file)}


def test_a_file_that_is_not_there_is_an_empty_lock(tmp_path: Path) -> None:
    assert lock.read_file(tmp_path / "anchors.lock.json") == ({}, [])


def test_a_file_that_is_not_text_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "anchors.lock.json"
    path.write_bytes(b'{\n  "\xff": {}}')
    _, (diagnostic,) = lock.read_file(path)
    assert (diagnostic.line, "not UTF-8" in diagnostic.message) == (2, True)


def test_a_folder_in_the_place_of_the_file_is_reported(tmp_path: Path) -> None:
    _, (diagnostic,) = lock.read_file(tmp_path)
    assert "cannot be read" in diagnostic.message


# What is new


def test_a_new_name_is_noted_with_place_title_and_version() -> None:
    updated = update({}, [heading("sae", "methods/sae", "Sparse\nautoencoders", level=1)], "0.2.0")
    assert updated.records == {"sae": Record("methods/sae#sae", "0.2.0", "Sparse autoencoders")}
    assert updated.added == ("sae",)


def test_a_heading_below_the_third_level_promises_nothing() -> None:
    assert update({}, [heading("deep", level=4)], "1").records == {}


def test_a_name_that_goes_down_to_the_fourth_level_is_kept() -> None:
    records = update({}, [heading("sae")], "1").records
    assert update(records, [heading("sae", "other", level=4)], "2").records["sae"].at == "other#sae"


def test_a_move_keeps_the_old_place() -> None:
    records = update({}, [heading("sae", "a")], "1").records
    updated = update(records, [heading("sae", "b")], "2")
    assert updated.records["sae"] == Record("b#sae", "1", "Title", ("a#sae",))
    assert updated.moved == (Move("sae", "a#sae", "b#sae"),)


def test_each_old_place_is_kept_once_the_oldest_first() -> None:
    records: dict[str, Record] = {}
    for page in "abcab":
        records = update(records, [heading("sae", page)], "1").records
    assert records["sae"].at == "b#sae"
    assert records["sae"].was == ("a#sae", "b#sae", "c#sae")
    assert records["sae"].old_locations == ("a#sae", "c#sae")


def test_a_heading_with_other_words_keeps_all_but_its_title() -> None:
    records = update({}, [heading("sae", title="Old")], "1").records
    updated = update(records, [heading("sae", title="New")], "2")
    assert updated.records["sae"] == Record("page#sae", "1", "New")
    assert updated.retitled == ("sae",)


def test_nothing_is_ever_removed() -> None:
    updated = update(RECORDS, [], "9")
    assert updated.records == RECORDS
    assert lock.write(updated.records) == TEXT


def test_a_name_kept_beside_a_new_one_lives() -> None:
    records = update({}, [heading("old", "a")], "1").records
    updated = update(records, [heading("new", "b", "Title", "old")], "2")
    assert updated.records["old"] == Record("b#old", "1", "Title", ("a#old",))
    assert updated.added == ("new",)


def test_a_retired_name_that_a_heading_has_again_lives_again() -> None:
    headings = [heading("tuned-lens", "methods/lens"), heading("zoom-in", "zoom")]
    updated = update(RECORDS, headings, "2")
    assert updated.revived == ("tuned-lens", "zoom-in")
    assert updated.records["tuned-lens"] == Record("methods/lens#tuned-lens", "0.1.0", "Title")
    assert updated.records["zoom-in"].was == ("index#zoom-in",)
    assert not updated.records["zoom-in"].retired


def test_a_retired_name_kept_at_the_heading_that_took_over_stays_retired() -> None:
    updated = update(RECORDS, [heading("superposition", "methods/sae", "S", "zoom-in")], "2")
    assert updated.records["zoom-in"] == RECORDS["zoom-in"]
    assert updated.revived == ()


def test_of_a_name_that_is_there_twice_nothing_is_noted() -> None:
    records = update({}, [heading("sae", "a")], "1").records
    headings = [heading(name, page) for name in ("sae", "new") for page in "bc"]
    assert update(records, headings, "2").records == records


def test_a_name_against_the_pattern_is_not_noted() -> None:
    assert update({}, [heading("Sec_1"), heading("")], "1").records == {}


def test_what_took_over_or_ended_is_said_by_a_person() -> None:
    renamed = changes.rename(RECORDS, "tuned-lens", "sae")
    assert renamed["tuned-lens"] == RECORDS["tuned-lens"]._replace(successor="sae", reason="")
    retired = changes.retire(RECORDS, "zoom-in", "It was\n wrong. ")
    assert retired["zoom-in"] == RECORDS["zoom-in"]._replace(successor="", reason="It was wrong.")


PAGES = st.sampled_from(["a", "b", "c"])
BOOKS = st.lists(
    st.builds(heading, st.sampled_from(["", "x", "y", "z", "Z"]), PAGES, st.sampled_from("TU")),
    max_size=5,
)


@settings(max_examples=300)
@given(st.lists(BOOKS, min_size=1, max_size=5))
def test_no_story_of_a_book_takes_a_place_out_of_the_lock(story: list[list[Heading]]) -> None:
    records: dict[str, Record] = {}
    published: set[tuple[str, str]] = set()
    for version, headings in enumerate(story):
        records = update(records, headings, str(version)).records
        published.update((name, record.at) for name, record in records.items())
        assert update(records, headings, "again").records == records
    for name, place in published:
        assert place in (records[name].at, *records[name].was)
        assert lock.is_location(place)
