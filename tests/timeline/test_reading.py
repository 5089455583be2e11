"""Dates, and YAML that people write: what can be read is, and the rest is told of with its line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_marginalia.timeline.dates import parse
from sphinx_marginalia.timeline.reading import Milestone, read
from sphinx_marginalia.timeline.words import in_words

# Dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-2-3", date(2024, 2, 3), date(2024, 2, 3)),
        ("2024-03..2024-06", date(2024, 3, 1), date(2024, 6, 30)),
        ("2024 .. 2025-01", date(2024, 1, 1), date(2025, 1, 31)),
        ("79-08-24", date(79, 8, 24), date(79, 8, 24)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text: str, first: date, last: date) -> None:
    when = parse(text)
    assert (when.start.first, when.end.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024-13", "there is no 2024-13"),
        ("2023-02-29", "there is no 2023-02-29"),
        ("0", "there is no 0"),
        ("soon", "'soon' is no date; write a year, month or day"),
        ("", "'' is no date"),
        ("2024..", "'' is no date"),
        ("12024", "'12024' is no date"),
        ("2024-03-18-01", "is no date"),
    ],
)
def test_what_is_no_date_is_told(text: str, message: str) -> None:
    with pytest.raises(ValueError) as raised:
        parse(text)
    assert message in str(raised.value)


def test_a_date_is_placed_in_its_middle_and_a_range_at_its_beginning() -> None:
    assert parse("2023").point == 2023.5
    assert parse("2023-01-01").point == pytest.approx(2023 + 0.5 / 365)
    assert parse("2020..2023").point == 2020
    assert parse("2020..2023").span == (2020, 2024)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("2024", "en", "2024"),
        ("2024-03", "en", "Mar 2024"),
        ("2024-03", "de", "März 2024"),
        ("2024-03-18", "en", "Mar 18, 2024"),
        ("2024-03-18", "de", "18. März 2024"),
        ("2024-03..2024-06", "en", "Mar – Jun 2024"),
        ("2024-03..2025", "en", "Mar 2024 – 2025"),
        ("2024-03", "no such language", "Mar 2024"),
        ("2024-03", "zh_CN", "2024年3月"),
    ],
)
def test_a_date_in_words(text: str, language: str, words: str) -> None:
    assert in_words(parse(text), language) == words


# YAML


def told(text: str) -> list[str]:
    """Return what is wrong, each with its line from 0."""
    return [f"{fault.line} {fault.kind}: {fault.message}" for fault in read(text)[1]]


def titles(text: str) -> list[str]:
    return [milestone.title for milestone in read(text)[0]]


def test_every_key_of_a_milestone() -> None:
    text = """
- date: {from: 2024-03, to: 2024-06}
  title: A title,
    on two lines
  text: |
    a *text*
  cite: [a2020, b2021]
  link: https://example.org/
  group: g
- {date: 2024-02-30, title: 1984, cite: "a2020, b2021"}
"""
    milestones, _ = read(text)
    assert milestones[0] == Milestone(
        line=1,
        when=parse("2024-03..2024-06"),
        date="2024-03..2024-06",
        title="A title, on two lines",
        text="a *text*",
        cite=("a2020", "b2021"),
        link="https://example.org/",
        group="g",
        cite_line=6,
    )
    assert milestones[1].title == "1984"
    assert milestones[1].cite == ("a2020", "b2021")
    assert (milestones[1].when, milestones[1].date) == (None, "2024-02-30")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- date: 2024-13\n  title: A", "0 date: there is no 2024-13 (month must be in 1..12)"),
        ("- title: A", "0 date: the milestone has no date; write a year"),
        ("- date: 2024\n", "0 title: the milestone has no title"),
        ("- date: 2024\n  text: A", "0 title: the milestone has no title; its text is shown alone"),
        (
            "- date: 2024\n  tilte: A\n  title: B",
            "1 key: unknown key 'tilte'; did you mean 'title'?",
        ),
        (
            "- date: 2024\n  title: A\n  x: B",
            "2 key: unknown key 'x'; use one of date, title, text",
        ),
        ("- date: 2024\n  title: A\n  title: B", "2 key: the key 'title' is there twice"),
        ("- date: 2025..2024\n  title: A", "0 date: '2025..2024' ends before it begins"),
        ("- date: {from: 2024}\n  title: A", "0 date: date cannot be read; write a year"),
        ("- date: [2024]\n  title: A", "0 date: date cannot be read"),
        ("- date: 2024\n  title: [A]", "1 data: title cannot be read; write a text"),
        ("- date: 2024\n  title: A\n  cite: {a: b}", "2 data: cite cannot be read; write keys"),
        ("- A", "0 data: a milestone has keys"),
        ("date: 2024", "0 data: a timeline is a list"),
        ("just words", "0 data: a timeline is a list"),
        ("- date: 2024\n  title: A: B", "1 data: this is no YAML (mapping values are not allowed"),
        ("- date: 2024\n  title: {cite:p}`a`", "1 data: this is no YAML"),
        ("- date: 2024\n  title: \x01", "data: this is no YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, expected: str) -> None:
    found = told(text)
    assert any(expected in fault for fault in found), found


def test_one_milestone_that_is_no_yaml_costs_no_other() -> None:
    text = "# years\n- date: 2020\n  title: A\n- date: 2021\n  title: B: b\n  text: - x\n- date: 2022\n  title: C\n"
    assert titles(text) == ["A", "C"]
    assert [fault.split(":")[0] for fault in told(text)] == ["4 data"]


def test_lines_are_right_behind_one_that_is_no_yaml() -> None:
    text = "- date: 2020\n  title: 'A\n\n- date: 2021\n  tilte: B\n  title: C\n"
    assert titles(text) == ["C"]
    assert [int(fault.split()[0]) for fault in told(text)] == [1, 4]


def test_nothing_is_an_empty_list() -> None:
    assert read("") == ([], [])
    assert read("# only a comment\n") == ([], [])
    assert read("[]") == ([], [])


PIECES = st.sampled_from(
    """- |date: |title: |2024|..|-03|
|  |{|[|]|}|'|"|#|&a|*a|>|? |cite|: |,|!!|%|---|	|é|text: x""".split("|")
)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_is_written_is_read_or_told_of(text: str) -> None:
    milestones, faults = read(text)
    lines = text.count("\n") + 1
    assert all(0 <= milestone.line < lines for milestone in milestones)
    assert all(0 <= fault.line <= lines for fault in faults)
    if any(line.lstrip().startswith("- ") for line in text.split("\n")) and not milestones:
        assert faults or "#" in text or "|" in text or ">" in text or '"' in text or "'" in text
