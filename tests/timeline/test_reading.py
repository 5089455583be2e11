"""Dates, and YAML that people write: what can be read is, and the rest is reported with its line."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_marginalia.timeline.dates import in_words, parse_when
from sphinx_marginalia.timeline.reading import Milestone, read
from tests.cost import calls

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
    when = parse_when(text)
    assert (when.start.first, when.end.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024-13", "there is no 2024-13"),
        ("2023-02-29", "there is no 2023-02-29"),
        ("0", "there is no 0"),
        ("soon", "'soon' is not a date; write 2024, 2024-03 or 2024-03-18"),
        ("", "'' is not a date"),
        ("2024..", "'2024..' is half a range; write 2024"),
        (" .. 2024", "' .. 2024' is half a range; write 2024"),
        ("12024", "'12024' is not a date"),
        ("2024-03-18-01", "is not a date"),
        ("2024–2025", "write 2024..2025"),
        ("2024-03 - 2025-01", "write 2024-03..2025-01"),
        ("2024-2025", "write 2024..2025"),
        ("2024 to 2025-01", "write 2024..2025-01"),
    ],
)
def test_what_is_not_a_date_is_reported(text: str, message: str) -> None:
    with pytest.raises(ValueError) as raised:
        parse_when(text)
    assert message in str(raised.value)


def test_a_date_is_placed_in_its_middle_and_a_range_at_its_beginning() -> None:
    assert parse_when("2023").point == 2023.5
    assert parse_when("2023-01-01").point == pytest.approx(2023 + 0.5 / 365)
    assert parse_when("2020..2023").point == 2020
    assert parse_when("2020..2023").span == (2020, 2024)


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
    assert in_words(parse_when(text), language) == words


# YAML


def reported(text: str) -> list[str]:
    """Return what is wrong, each with its line."""
    return [
        f"{each.line} {each.problem.subtype.removeprefix('timeline_')}: {each.message}"
        for each in read(text)[1]
    ]


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
        line=2,
        when=parse_when("2024-03..2024-06"),
        date="2024-03..2024-06",
        title="A title, on two lines",
        text="a *text*",
        cite=("a2020", "b2021"),
        link="https://example.org/",
        group="g",
        cite_line=7,
    )
    assert milestones[1].title == "1984"
    assert milestones[1].cite == ("a2020", "b2021")
    assert (milestones[1].when, milestones[1].date) == (None, "2024-02-30")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- date: 2024-13\n  title: A", "1 date: there is no 2024-13 (month must be in 1..12)"),
        ("- title: A", "1 date: the milestone has no date; write 2024, 2024-03"),
        ("- date: 2024\n", "1 title: the milestone has no title"),
        ("- date: 2024\n  text: A", "1 title: the milestone has no title; its text is shown alone"),
        (
            "- date: 2024\n  tilte: A\n  title: B",
            "2 key: unknown key 'tilte'; did you mean 'title'?",
        ),
        (
            "- date: 2024\n  title: A\n  x: B",
            "3 key: unknown key 'x'; use one of date, title, text",
        ),
        ("- date: 2024\n  title: A\n  title: B", "3 data: the key 'title' is there twice"),
        ("- date: 2025..2024\n  title: A", "1 date: '2025..2024' ends before it begins"),
        (
            "- date: {from: 2024}\n  title: A",
            "1 date: date must be a text, or have the keys from and to; write 2024",
        ),
        ("- date: [2024]\n  title: A", "1 date: date must be a text, or have"),
        ("- date: [[a]]\n  title: A", "1 date: date must be a text, or have"),
        ("- date: {from: 2024, to: [a]}\n  title: A", "1 date: date must be a text"),
        (
            "- date: 2024\n  title: *a* b",
            "2 data: this is not YAML: expected alphabetic or numeric character, but found '*'; put a text that starts with * or & in quotes",
        ),
        ("- date: 2024\n  title: [A]", "2 data: title must be a text; write a text"),
        ("- date: 2024\n  title: A\n  cite: {a: b}", "3 data: cite must be a text; write keys"),
        ("- A", "1 data: a milestone has keys"),
        ("date: 2024", "1 data: a timeline is a list"),
        ("just words", "1 data: a timeline is a list"),
        ("- date: 2024\n  title: A: B", "2 data: this is not YAML: mapping values are not allowed"),
        ("- date: 2024\n  title: {cite:p}`a`", "2 data: this is not YAML"),
        ("- date: 2024\n  title: \x01", "2 data: the character U+0001 is not allowed in YAML"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line(text: str, expected: str) -> None:
    messages = reported(text)
    assert any(expected in message for message in messages), messages


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- Ebb: and flow", ("", "")),
        ("- Ebb", ("Ebb", "")),
        ("- [Ebb, and flow]", ("Ebb, and flow", "")),
        ("- title: [Ebb, Flow]\n  text: {a: Tides, b: [Waves]}", ("Ebb, Flow", "Tides, Waves")),
        ("date: 2024\ntitle: Ebb\ntext: |\n  and\n  flow\n", ("Ebb", "and flow")),
        ("Ebb\nand flow", ("Ebb and flow", "")),
    ],
)
def test_what_is_written_in_another_form_is_shown(text: str, shown: tuple[str, str]) -> None:
    ((milestone,), diagnostics) = read(text, 7)
    assert (milestone.title, milestone.text) == shown
    assert diagnostics
    assert diagnostics[0].line == 7


def test_one_milestone_that_is_not_yaml_costs_no_other() -> None:
    text = "# years\n- date: 2020\n  title: A\n- date: 2021\n  title: B: b\n  text: - x\n- date: 2022\n  title: C\n"
    assert titles(text) == ["A", "C"]
    assert [message.split(":")[0] for message in reported(text)] == ["5 data"]


def test_lines_are_right_after_one_that_is_not_yaml() -> None:
    text = "- date: 2020\n  title: 'A\n\n- date: 2021\n  tilte: B\n  title: C\n"
    assert titles(text) == ["C"]
    assert [int(message.split()[0]) for message in reported(text)] == [2, 5]


def test_nothing_is_an_empty_list() -> None:
    assert read("") == ([], [])
    assert read("# only a comment\n") == ([], [])
    assert read("[]") == ([], [])


PIECES = st.sampled_from(
    """- |date: |title: |2024|..|-03|
|  |{|[|]|}|'|"|#|&a|*a|>|? |cite|: |,|!!|%|---|	|é|text: x""".split("|")
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_is_written_is_read_or_reported(text: str) -> None:
    milestones, diagnostics = read(text)
    lines = text.count("\n") + 1
    assert all(1 <= milestone.line <= lines for milestone in milestones)
    assert all(1 <= each.line <= lines for each in diagnostics)
    if any(line.lstrip().startswith("- ") for line in text.split("\n")) and not milestones:
        assert (
            diagnostics or "#" in text or "|" in text or ">" in text or '"' in text or "'" in text
        )


def broken(number: int) -> str:
    """Return a list of *number* milestones, one of which is not YAML."""
    items = [f"- date: {1000 + n}\n  title: Number {n}\n  text: and more\n" for n in range(number)]
    items[number // 2] = "- date: 2024\n  title: A: B\n"
    return "".join(items)


def test_a_broken_milestone_costs_no_more_in_a_longer_list() -> None:
    some, double = (calls(partial(read, broken(number))) for number in (100, 200))
    assert double < 2.2 * some


@pytest.mark.slow
def test_of_a_list_that_is_too_long_for_yaml_every_milestone_is_read() -> None:
    text = "".join(f"- {{date: 2024, title: N{n}}}\n" for n in range(7000))
    milestones, diagnostics = read(text)
    assert (len(milestones), diagnostics) == (7000, [])


@pytest.mark.slow
@pytest.mark.parametrize("signs", ["[" * 600, "{" * 600, "[" * 100 + "]" * 100, "[" * 3000])
def test_deep_brackets_cost_their_own_milestone(signs: str) -> None:
    text = (
        f"- {{date: 2020, title: A}}\n- date: 2021\n  title: {signs}\n- {{date: 2022, title: C}}\n"
    )
    assert [title for title in titles(text) if title] == ["A", "C"]
    assert all(message.startswith(("2 ", "3 ")) for message in reported(text))
    assert reported(text)


def test_values_are_as_they_are_written() -> None:
    text = "- {date: 2024, title: No, text: 1.10, group: 2024-02-30}\n- {date: 1, title: ~, text: 0x10}\n"
    one, other = read(text)[0]
    assert (one.title, one.text, one.group) == ("No", "1.10", "2024-02-30")
    assert (other.title, other.text) == ("~", "0x10")
