"""YAML, JSON and front matter as values that know their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sphinx_marginalia.core.diagnostics import CoreProblem
from sphinx_marginalia.core.front_matter import read_front_matter
from sphinx_marginalia.core.located import (
    Located,
    read_json,
    read_yaml,
    short_repr,
)

if TYPE_CHECKING:
    from pathlib import Path

ANY = CoreProblem.OPTION_VALUE


def yaml(text: str, first_line: int = 1) -> Located:
    return read_yaml(text, ANY, first_line)


def messages(located: Located) -> list[tuple[int, str]]:
    return [(one.line, one.message) for one in located.diagnostics]


def test_values_know_their_lines_and_how_they_are_written() -> None:
    located = yaml("title: Stars\nversion: 1.10\nlist:\n  - a: 0x1F\n  - 2024-02-30\n", 10)
    assert located.value == {
        "title": "Stars", "version": 1.1, "list": [{"a": 31}, "2024-02-30"],
    }  # fmt: skip
    assert located.text("version") == "1.10"
    assert located.text("list", 0, "a") == "0x1F"
    assert [located.line(), located.line("version"), located.line("list", 1)] == [10, 11, 14]
    assert located.line("list", 7, "x") == 12
    assert located.get("list", 0, "a") == 31
    assert located.get("list", 9) is located.get("title", "x") is None
    assert located.text("list") == located.text("nothing") == ""
    assert located.diagnostics == []


def test_an_empty_text_has_no_value_and_no_mistake() -> None:
    assert (yaml("").value, yaml("# only a comment\n").diagnostics) == (None, [])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b: c\n", 1, "put a text that contains a colon in quotes"),
        ("a: 1\nb: 'open\n", 2, "close the quotation mark"),
        ("a: 1\n\tb: 2\n", 2, "indent with spaces"),
        ("a: *x\n", 1, "put a text that starts with * in quotes"),
        ("a: 1\na: 2\n", 2, "the key 'a' is there twice, first in line 1"),
        ("? [x]\n: 1\n", 1, "a key must be a text"),
        ("a: \x07\n", 1, "U+0007"),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> moss\n", 2, "keep one side"),
        ("- a\n=======\n- b\n", 2, "keep one side"),
        ("a: &a [*a]\n", 1, "contains it"),
        ("a: " + "[" * 3000, 1, "nested"),
        ("a: " + "[" * 61 + "]" * 61, 1, "nested more than 60 deep"),
    ],
)
def test_a_mistake_has_its_line_and_what_to_do(text: str, line: int, words: str) -> None:
    diagnostics = yaml(text).diagnostics
    assert diagnostics[0].line == line
    assert words in diagnostics[0].message


@pytest.mark.parametrize(
    "text", ["²", "9" * 401, "2024-02-30", "1e999999999999", "0o9", "1__0", "-.inf", "!!int x"]
)
def test_odd_numbers_and_dates_are_values_or_texts(text: str) -> None:
    located = yaml(f"a: {text}\n")
    assert located.diagnostics == []
    assert located.text("a").replace("!!int ", "") in text


def test_aliases_that_multiply_are_cut_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "there are more than 20000 values" in yaml("\n".join(lines)).diagnostics[0].message


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=200)
    | st.text("[]{}:,-&*!|>'\"#% \n\tab1", max_size=60)
)
@example("!!binary x")
@example("!!timestamp 2024-99-99")
@example("--- a\n--- b")
@settings(deadline=None)
def test_no_text_ends_in_an_error(text: str) -> None:
    for located in (read_yaml(text, ANY), read_json(text, ANY)):
        assert located.value is None or located.line() >= 1


def test_json_keeps_the_first_of_two_equal_keys_and_says_where_the_other_is() -> None:
    located = read_json('{\n "a": {"b": 1,\n  "b": 2},\n "a": 3\n}', ANY)
    assert located.value == {"a": {"b": 1}}
    assert messages(located) == [
        (3, "the key 'b' is there twice, first in line 2; delete one of the two"),
        (4, "the key 'a' is there twice, first in line 2; delete one of the two"),
    ]


def test_equal_keys_of_two_objects_in_a_json_list_are_no_duplicates() -> None:
    located = read_json('[{"a": 1}, {"a": 2, "c": 3, "c": 4}]', ANY)
    assert located.value == [{"a": 1}, {"a": 2, "c": 3}]
    assert messages(located) == [
        (1, "the key 'c' is there twice, first in line 1; delete one of the two")
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[1,", '{"a": }', "9" * 5000, "[" * 100_000, '"\\ud800"']
)
def test_what_is_no_json_is_a_mistake_or_a_value(text: str) -> None:
    located = read_json(text, ANY)
    assert located.diagnostics or located.value is not None


def fields(**values: str) -> nodes.field_list:
    return nodes.field_list(
        "", *(nodes.field("", nodes.field_name("", k), nodes.field_body("", nodes.paragraph("", v)))
              for k, v in values.items())
    )  # fmt: skip


def test_front_matter_of_markdown_is_read_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: A\nauthors:\n  - 'Dwayne \"Rock\" Johnson'\n---\n# A\n")
    located = read_front_matter(fields(title="A", authors="[…]"), file, ANY)
    assert located.value == {"title": "A", "authors": ['Dwayne "Rock" Johnson']}
    assert located.line("authors") == 3


def test_front_matter_of_restructuredtext_is_read_from_its_fields(tmp_path: Path) -> None:
    file = tmp_path / "a.rst"
    # Hyphens above a heading are no front matter.
    file.write_text("---\nT\n---\n\n:order: 2\n")
    located = read_front_matter(fields(order="2"), file, ANY)
    assert (located.value, located.text("order")) == ({"order": "2"}, "2")


def test_a_long_value_is_cut_in_a_message() -> None:
    assert short_repr("x" * 100) == "'" + "x" * 58 + "…"
    assert short_repr(5) == "5"


@pytest.mark.parametrize("escape", [r"\ud800", r"\0", r"\a", r"\uffff", r"\x1b"])
def test_an_escape_that_is_no_character_is_replaced_and_reported(escape: str) -> None:
    located = read_yaml(f'a: 1\nb: "so{escape}far"', CoreProblem.OPTION_VALUE)
    assert located.value["b"] == "so\N{REPLACEMENT CHARACTER}far"
    assert [(one.line, "delete its escape" in one.message) for one in located.diagnostics] == [
        (2, True)
    ]
