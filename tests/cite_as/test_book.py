"""What is read from a ``CITATION.cff``, and what is said where it is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import check_jsonschema
import jsonschema
import pytest
import yaml

from sphinx_marginalia.cite_as.book import KEYS, Book, read
from sphinx_marginalia.cite_as.reference import Name
from sphinx_marginalia.core.located import MOST_VALUES

ROOT = Path(__file__).parents[2]
START = """\
cff-version: 1.2.0
message: Please cite it.
title: A title
authors:
  - family-names: Lovelace
    given-names: Ada
"""
FULL = """\
cff-version: 1.2.0
message: Please cite the book.
title: the-repository
type: software
abstract: >-
  Two lines
  that are one.
authors:
  - name: The maintainers
version: 1.10
date-released: 2026-11-23
doi: 10.5281/zenodo.1
license: [MIT, CC-BY-4.0]
repository-code: https://example.org/code
url: https://book.example.org/
keywords: [sidenotes, Sphinx]
preferred-citation:
  type: book
  title: "The book: a title"
  authors:
    - family-names: Berg
      given-names: Jan Pieter
      name-particle: van der
      name-suffix: Jr.
      orcid: https://orcid.org/0000-0002-1825-0097
      affiliation: University of Somewhere
    - name: The Team
  publisher:
    name: The Press
    city: Somewhere
  identifiers:
    - type: url
      value: https://example.org/
    - type: doi
      value: 10.5281/zenodo.2
  languages: [en]
"""


def book(text: str) -> Book:
    """Return the book in *text*, with which nothing is wrong."""
    found, diagnostics = read(text)
    assert diagnostics == []
    assert found is not None
    return found


def messages(text: str) -> list[str]:
    """Return what is wrong in *text*, with lines."""
    return [f"{one.line}: {one.message}" for one in read(text)[1]]


# What is read


def test_all_facts_of_a_book_are_read() -> None:
    orcid = "https://orcid.org/0000-0002-1825-0097"
    berg = Name("Berg", "Jan Pieter", "van der", "Jr.", "", orcid, "University of Somewhere")
    assert book(FULL) == Book(
        title="The book: a title",
        authors=(berg, Name(literal="The Team")),
        version="1.10",
        date="2026-11-23",
        publisher="The Press",
        licence="MIT CC-BY-4.0",
        doi="10.5281/zenodo.2",
        url="https://book.example.org/",
        language="en",
    )


def test_the_citation_file_of_this_repository_is_valid() -> None:
    found = book((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert found.title.startswith("What mechanistic interpretability can and cannot do")
    assert found.authors == (Name(literal="The sphinx-marginalia authors"),)
    assert found.licence == "MIT CC-BY-SA-4.0"


def test_what_is_preferred_counts_only_if_it_is_a_book() -> None:
    found = book(FULL.replace("type: book", "type: article"))
    assert found.title == "the-repository"
    assert found.authors == (Name(literal="The maintainers"),)
    assert found.doi == "10.5281/zenodo.1"
    assert found.publisher == ""


def test_a_book_without_a_preferred_citation_is_what_the_file_says() -> None:
    assert book(START) == Book("A title", (Name("Lovelace", "Ada"),))


@pytest.mark.parametrize("version", ["1.10", "2", "0.1.0", '"1.10"', "1:30", "2026-11-23"])
def test_a_version_stays_as_it_is_written(version: str) -> None:
    assert book(f"{START}version: {version}\n").version == version.strip('"')


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        ("date-released: 2026-11-23", "2026-11-23"),
        ('date-released: "2026-11-23"', "2026-11-23"),
        ("preferred-citation: {type: book, title: T, authors: [{name: X}], year: 2026, month: 3}", "2026-03"),
        ("preferred-citation: {type: book, title: T, authors: [{name: X}], year: 2026}", "2026"),
        ("preferred-citation: {type: book, title: T, authors: [{name: X}], date-published: 2026-01-02, year: 2025}",
         "2026-01-02"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_date_is_as_exact_as_the_file_says(lines: str, date: str) -> None:
    assert book(f"{START}{lines}\n").date == date


def test_authors_can_be_written_once_and_referred_to() -> None:
    text = START.replace("authors:", "authors: &all") + (
        "preferred-citation:\n  type: book\n  title: T\n  authors: *all\n"
    )
    assert book(text).authors == (Name("Lovelace", "Ada"),)


def test_who_has_one_name_or_only_an_alias_is_known_by_it() -> None:
    text = START + "  - given-names: Plato\n  - alias: Banksy\n"
    assert book(text).authors[1:] == (Name(literal="Plato"), Name(literal="Banksy"))


def test_invalid_values_are_left_out_and_the_rest_is_kept() -> None:
    text = (
        START + "url: example.org\ndoi: 12\ndate-released: soon\nkeywords: {a: b}\nversion: [1]\n"
    )
    found, diagnostics = read(text)
    assert found == Book("A title", (Name("Lovelace", "Ada"),))
    assert len(diagnostics) == 5


def test_without_a_title_there_is_no_book() -> None:
    found, diagnostics = read("cff-version: 1.2.0\nmessage: M\nauthors: [{name: X}]\n")
    assert found is None
    assert [one.message for one in diagnostics] == ["title is missing; write one"]


# What is wrong with the YAML


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: CITATION.cff must consist of keys with values, as title: …"),
        ("# only this\n", "1: CITATION.cff must consist of keys with values, as title: …"),
        ("- title: T\n", "1: CITATION.cff must consist of keys with values, as title: …"),
        ("title: A: B\n", "1: this is not YAML: mapping values are not allowed here; put a text that contains a colon in quotes"),
        ("authors:\n\t- name: X\n",
         "2: this is not YAML: found character '\\t' that cannot start any token; "
         "indent with spaces, and put a text in quotes if it starts so"),
        ("title: T\nabstract: \x07\n", "2: the character U+0007 is not allowed in YAML; delete it"),
        (
            "[" * 5000,
            "1: values are nested too deeply to be read; put a text that begins with [ in quotes",
        ),
    ],
)  # fmt: skip
def test_what_is_not_yaml_is_reported_with_its_line(text: str, message: str) -> None:
    assert read(text)[0] is None
    assert messages(text) == [message]


def test_a_key_that_is_there_twice_is_reported() -> None:
    assert messages(f"{START}title: Another\n") == [
        "7: the key 'title' is there twice, first in line 3; delete one of the two"
    ]
    assert read(f"{START}title: Another\n")[0] == Book("A title", (Name("Lovelace", "Ada"),))


def test_a_list_that_contains_itself_is_reported() -> None:
    assert "7: this alias (*) refers to a value that contains it" in messages(
        f"{START}keywords: &x [*x]\n"
    )


def test_aliases_of_aliases_do_not_stop_the_build() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert any(f"more than {MOST_VALUES} values" in one for one in messages("\n".join(lines)))


# What is wrong with the values


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("authros: []", "7: unknown key authros; did you mean 'authors'?"),
        ("licence: MIT", "7: unknown key licence; did you mean 'license'?"),
        ("colour: blue", "7: unknown key colour; delete it, or write it under preferred-citation"),
        ("publisher: {name: X}",
         "7: unknown key publisher; delete it, or write it under preferred-citation"),
        ("  - email: x@example.org",
         "7: authors, entry 2 has no name; authors must be a list of entries with family-names and "
         "given-names, or name for an organisation"),
        ("  - X",
         "7: authors, entry 2 has no name; authors must be a list of entries with family-names and "
         "given-names, or name for an organisation"),
        ("  - family-name: Berg\n    name: B",
         "7: authors, entry 2: unknown key 'family-name'; did you mean 'family-names'?"),
        ("  - name: Berg\n    orcid: 0000-0002",
         "8: authors, entry 2: orcid must be as https://orcid.org/0000-0002-1825-0097, not '0000-0002'"),
        ("  - name: Berg\n    affiliation: [Lab]",
         "8: authors, entry 2, affiliation must be a text, not ['Lab']"),
        ("license: {id: MIT}", "7: license must be a text, not {'id': 'MIT'}"),
        ("license: CC-BY",
         "7: license must be an identifier of spdx.org/licenses, as CC-BY-4.0; if it has none, "
         "write license-url, not 'CC-BY'"),
        ("license: [MIT, [X]]", "7: license, entry 2 must be a text, not ['X']"),
        ("date-released: 23.11.2026",
         "7: date-released: '23.11.2026' is not a date; write 2024, 2024-03 or 2024-03-18"),
        ("date-released: 2026-02-30",
         "7: date-released: there is no 2026-02-30 (day is out of range for month)"),
        ("doi: zenodo.1", "7: doi must be a DOI, as 10.5281/zenodo.1003150, not 'zenodo.1'"),
        ("identifiers:\n  - type: doi\n    value: x",
         "9: identifiers, entry 1, value must be a DOI, as 10.5281/zenodo.1003150, not 'x'"),
        ("url: example.org", "7: url must be an address that begins with https://, not 'example.org'"),
        ("license-url: x", "7: license-url must be an address that begins with https://, not 'x'"),
        ("abstract: [a]", "7: abstract must be a text, not ['a']"),
        ("abstract: yes", "7: abstract must be a text, not True"),
        ("version: {a: 1}", "7: version must be a text, not {'a': 1}"),
        ("keywords: moss, fern", "7: keywords must be a list, as [moss, fern]"),
        ("keywords: {a: b}", "7: keywords must be a text, not {'a': 'b'}"),
        ("preferred-citation:\n  type: book\n  title: T\n  authors: Ada",
         "10: preferred-citation, authors must be a list of entries with family-names and "
         "given-names, or name for an organisation"),
        ("preferred-citation: {type: book, year: 2026, month: 13}",
         "7: preferred-citation, year: there is no such month"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported_with_its_line_and_what_to_do(lines: str, message: str) -> None:
    assert messages(f"{START}{lines}\n") == [message]


def test_authors_that_are_missing_are_reported() -> None:
    assert messages("title: T\n") == [
        "1: authors must be a list of entries with family-names and given-names, or name for an "
        "organisation"
    ]


def test_what_is_wrong_comes_in_the_order_of_its_lines() -> None:
    lines = [one.line for one in read(f"{START}url: x\nversion: []\ncolour: x\nurl: y\n")[1]]
    assert lines == sorted(lines) == [7, 8, 9, 10]


# The schema


def schema() -> dict[str, dict[str, object]]:
    folder = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    text = (folder / "citation-file-format.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, object]] = json.loads(text)
    return loaded


def test_the_keys_are_those_of_the_schema() -> None:
    assert set(KEYS) == set(schema()["properties"])


def test_the_citation_file_of_this_repository_is_valid_by_the_schema() -> None:
    data = yaml.load((ROOT / "CITATION.cff").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert list(jsonschema.Draft7Validator(schema()).iter_errors(data)) == []
