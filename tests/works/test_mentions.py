"""The words for sections that cite a work, without a project around them."""

from __future__ import annotations

import pytest

from sphinx_marginalia.works.mentions import (
    Mention,
    additions,
    cited_by_data,
    entry_lines,
)

# Titles

TITLES = {
    "one section": ([("a", "Setup", "A")], [""]),
    "different titles": ([("a", "Setup", "A"), ("b", "Results", "B")], ["", ""]),
    "one title on two pages": ([("a", "Setup", "A"), ("b", "Setup", "B")], ["A", "B"]),
    "one title twice on a page": ([("a", "Setup", "A"), ("a", "Setup", "A")], ["", ""]),
    "twice on a page, once on another": (
        [("a", "Setup", "A"), ("a", "Setup", "A"), ("b", "Setup", "B")],
        ["A", "A", "B"],
    ),
    "a page and a section named like it": ([("a", "Setup", ""), ("b", "Setup", "B")], ["", "B"]),
    "two pages of one title": ([("x/a", "Intro", ""), ("y/a", "Intro", "")], ["x/a", "y/a"]),
    "one title on two pages of one title": (
        [("x", "Setup", "Intro"), ("y", "Setup", "Intro"), ("z", "Setup", "End")],
        ["x", "y", "End"],
    ),
    "only the equal ones": (
        [("a", "Setup", "A"), ("b", "Setup", "B"), ("b", "Results", "B")],
        ["A", "B", ""],
    ),
    "nothing": ([], []),
}


@pytest.mark.parametrize("case", TITLES)
def test_equal_titles_are_distinguished_by_page_and_then_by_document(case: str) -> None:
    sections, added = TITLES[case]
    assert additions([Mention(page, "", title, of) for page, title, of in sections]) == added


# For programs


def test_the_file_has_works_by_key_and_sections_in_the_order_given() -> None:
    first = Mention("b", "setup", "Setup", "B", "2.1", "b.html#setup")
    second = Mention("a", "", "A", "", "", "a.html")
    assert cited_by_data({"z": [first], "k": [first, second]}) == {
        "schema": 1,
        "works": {
            "k": [
                {"page": "b", "id": "setup", "title": "Setup", "number": "2.1", "url": "b.html#setup"},
                {"page": "a", "id": "", "title": "A", "url": "a.html"},
            ],
            "z": [
                {"page": "b", "id": "setup", "title": "Setup", "number": "2.1", "url": "b.html#setup"}
            ],
        },
    }  # fmt: skip
    assert list(cited_by_data({"z": [], "k": []})["works"]) == ["k", "z"]  # type: ignore[call-overload]


# Lines of a .bib file

LINES = {
    "one after the other": ("@article{a,\n  x = {1}}\n\n@misc{b,\n}", {"a": 1, "b": 4}),
    "in round brackets": ("\n@article(a,\n  x = {1})", {"a": 2}),
    "with spaces": ("\n  @ article { a:b/c ,\n}", {"a:b/c": 2}),
    "the key on a line of its own": ("\n@article{\n  a,\n}", {"a": 2}),
    "a key alone": ("\n@misc{a}\n@misc( b )", {"a": 2, "b": 3}),
    "brackets in the key": ("\n@misc{a(1),\n}", {"a(1)": 2}),
    "behind another": ("@misc{a,\n}@misc{b,\n} @misc{c}", {"a": 1, "b": 2, "c": 3}),
    "the first of two": ("@misc{a,}\n@misc{a,}\n", {"a": 1}),
    "other letters": ("% ü\n@misc{müller2020,\n}", {"müller2020": 2}),
    "what is no entry": ("@string{x = {y}}\n@comment{a}\na @misc{b, }\n@preamble{{c}}", {}),
    "nothing": ("", {}),
}


@pytest.mark.parametrize("case", LINES)
def test_the_line_of_an_entry_is_that_of_its_type(case: str) -> None:
    text, lines = LINES[case]
    assert entry_lines(text) == lines
