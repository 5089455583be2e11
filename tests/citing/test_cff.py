"""What is read from a ``CITATION.cff``, and what is said where it is wrong."""

from __future__ import annotations

import builtins
import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import check_jsonschema
import jsonschema
import pytest
import yaml

from sphinx_marginalia.cite_as.book import Book, read
from sphinx_marginalia.cite_as.book.cff import SCHEMA
from sphinx_marginalia.cite_as.book.document import MOST_VALUES
from sphinx_marginalia.cite_as.formats.reference import Name

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """Return the book in *text*, which must be there and have no fault."""
    found, faults = read(text)
    assert faults == []
    assert found is not None
    return found


def said(text: str) -> list[str]:
    """Return what is said of *text*, each with its line."""
    return [f"{fault.line}: {fault.message}" for fault in read(text)[1]]


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
        repository="https://example.org/code",
        abstract="Two lines that are one.",
        keywords=("sidenotes", "Sphinx"),
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


def test_what_is_wrong_is_left_out_and_the_rest_stands() -> None:
    text = (
        START + "url: example.org\ndoi: 12\ndate-released: soon\nkeywords: {a: b}\nversion: [1]\n"
    )
    found, faults = read(text)
    assert found == Book("A title", (Name("Lovelace", "Ada"),))
    assert len(faults) == 5


def test_without_a_title_there_is_no_book() -> None:
    found, faults = read("cff-version: 1.2.0\nmessage: M\nauthors: [{name: X}]\n")
    assert found is None
    assert [fault.message for fault in faults] == ["title is missing: a text"]


# What is wrong with the YAML


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: the file is empty"),
        ("# only this\n", "1: the file is empty"),
        ("title: A: B\n", "1: this is not YAML: mapping values are not allowed here; put a text that holds a colon in quotes"),
        ("authors:\n\t- name: X\n",
         "2: this is not YAML: found character '\\t' that cannot start any token; "
         "indent with spaces, and put a text in quotes if it starts so"),
        ('title: T\nmessage: "M\nversion: 1\n',
         "2: this is not YAML: found unexpected end of stream; close the quotation mark or bracket"),
        ("title: *T\n", "1: this is not YAML: found undefined alias 'T'; put a text that starts with * in quotes"),
        ("title: T\n---\ntitle: U\n",
         "2: this is not YAML: but found another document; take out the line '---' between two documents"),
        ("title: T\nabstract: \x07\n", "2: the character U+0007 is not allowed in YAML; delete it"),
        ("[" * 5000, "1: lists in lists in lists: too deep to read"),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_said_with_its_line(text: str, message: str) -> None:
    found, faults = read(text)
    assert found is None
    assert [f"{fault.line}: {fault.message}" for fault in faults] == [message]


def test_a_key_that_stands_twice_is_a_fault() -> None:
    assert said(f"{START}title: Another\n") == [
        "7: the key 'title' stands twice, first in line 3; delete one of the two"
    ]
    assert read(f"{START}title: Another\n")[0] == Book("A title", (Name("Lovelace", "Ada"),))


def test_a_list_that_holds_itself_is_a_fault() -> None:
    assert "7: this alias (*) refers to what it stands in" in said(f"{START}keywords: &x [*x]\n")


def test_aliases_of_aliases_do_not_stop_the_build() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert any(f"more than {MOST_VALUES} values" in message for message in said("\n".join(lines)))


# What is wrong with the facts


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("authros: []", "7: unknown key authros; did you mean 'authors'?"),
        ("colour: blue", "7: unknown key colour; the format has no such key here: delete it"),
        ("publisher: {name: X}",
         "7: unknown key publisher; it is a key of a work: write it under preferred-citation"),
        ("  - given-name: X", "7: unknown key given-name (in authors, entry 2); did you mean 'given-names'?"),
        ("  - X", "7: authors, entry 2 must be a person (family-names and given-names) or an organisation (name), not 'X'"),
        ("  - name: X\n    family-names: Y",
         "8: unknown key family-names (in authors, entry 2); the format has no such key here: delete it"),
        ("  - name: X\n    orcid: 0000-0002-1825-0097",
         "8: orcid (in authors, entry 2) must be the whole address of an ORCID, "
         "as https://orcid.org/0000-0002-1825-0097, not '0000-0002-1825-0097'"),
        ("  - family-names: Lovelace\n    given-names: Ada", "4: authors has the same entry twice: delete one"),
        ("type: book", "7: type 'book' is not known; use one of dataset, software"),
        ("license: CC-BY", "7: license 'CC-BY' is not known; did you mean 'CC-BY-4.0'?"),
        ("license: mit", "7: license 'mit' is not known; did you mean 'MIT'?"),
        ("license: [MIT, my own words]",
         "7: license, entry 2 'my own words' is not known; use an identifier from https://spdx.org/licenses"),
        ("license: 3", "7: license must be an identifier from https://spdx.org/licenses, or a list of such, not 3"),
        ("date-released: 23.11.2026", "7: date-released must be a date, as 2026-11-23, not '23.11.2026'"),
        ("date-released: 2026-02-30", "7: date-released is not a day of the calendar: '2026-02-30'"),
        ("date-released: 2026", "7: date-released must be a date, as 2026-11-23, not 2026"),
        ("doi: https://doi.org/10.5281/zenodo.1",
         "7: doi must be a DOI without its address, as 10.5281/zenodo.1003150, not 'https://doi.org/10.5281/zenodo.1'"),
        ("url: example.org", "7: url must be an address that starts with https://, not 'example.org'"),
        ("abstract: 3", "7: abstract must be a text, not 3: put it in quotes"),
        ("abstract: yes", "7: abstract must be a text, not True: put it in quotes"),
        ("abstract:", "7: abstract has no value: write one, or delete the key"),
        ('abstract: ""', "7: abstract has no value: write one, or delete the key"),
        ("version: [1]", "7: version must be a text or a number, not [1]"),
        ("keywords: []", "7: keywords has no entry: write one, or delete the key"),
        ("keywords: a, b", "7: keywords must be a list, each entry on its own line after '- ', not 'a, b'"),
        ("keywords:\n  - a\n  - 5", "9: keywords, entry 2 must be a text, not 5: put it in quotes"),
        ("identifiers:\n  - type: doi\n    value: x",
         "9: value (in identifiers, entry 1) must be a DOI without its address, as 10.5281/zenodo.1003150, not 'x'"),
        ("identifiers:\n  - type: isbn",
         "8: identifiers, entry 1 must have a type, doi, url, swh or other, and a value, not {'type': 'isbn'}"),
        ("preferred-citation:\n  type: book\n  title: T\n  authors: [{name: X}]\n  month: 13",
         "11: month (in preferred-citation) must be a whole number from 1 to 12, not 13"),
        ("preferred-citation:\n  type: bok\n  title: T\n  authors: [{name: X}]",
         "8: type (in preferred-citation) 'bok' is not known; did you mean 'book'?"),
        ("preferred-citation:\n  type: book\n  title: T\n  authors: [{name: X}]\n  publisher: The Press",
         "11: publisher (in preferred-citation) must be an entry with keys, not 'The Press'"),
        ("preferred-citation:\n  type: book\n  authors: [{name: X}]",
         "7: title (in preferred-citation) is missing: a text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_what_to_do(lines: str, message: str) -> None:
    assert said(f"{START}{lines}\n") == [message]


def test_what_is_missing_is_said() -> None:
    assert said("title: T\n") == [
        "1: authors is missing: a list with family-names and given-names, or name for an organisation",
        "1: cff-version is missing: 1.2.0",
        "1: message is missing: a sentence that asks readers to cite the work",
    ]


def test_an_older_version_of_the_format_is_named() -> None:
    assert said(START.replace("1.2.0", "1.1.0")) == [
        "1: cff-version must be 1.2.0, the version of the format that is read here, not '1.1.0'"
    ]


def test_a_file_that_is_a_list_is_no_citation() -> None:
    assert said("- title: T\n") == ["1: the file must be an entry with keys, not [{'title': 'T'}]"]


def test_faults_come_in_the_order_of_their_lines() -> None:
    lines = [fault.line for fault in read(f"{START}url: x\nversion: []\nkeywords: []\nurl: y\n")[1]]
    assert lines == sorted(lines) == [7, 8, 9, 10]


# The schema


def verdict(text: str, schema: Mapping[str, Any]) -> bool:
    """Return whether *schema* accepts *text*, read with dates as texts."""
    data = yaml.load(text, Loader=yaml.BaseLoader)
    checker = jsonschema.FormatChecker(formats=["date"])
    return jsonschema.Draft7Validator(schema, format_checker=checker).is_valid(data)


def test_the_schema_is_the_one_that_check_jsonschema_ships_but_for_a_typing_mistake() -> None:
    folder = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    theirs = (folder / "citation-file-format.json").read_text(encoding="utf-8")
    ours = SCHEMA.read_text(encoding="utf-8")
    assert ours.replace("affilitation", "affiliation") == theirs.replace(
        "affilitation", "affiliation"
    )


def test_the_schema_and_its_licence_are_named_beside_it() -> None:
    note = (SCHEMA.parent / "README.md").read_text(encoding="utf-8")
    assert SCHEMA.name in note
    assert "CC BY 4.0" in note


@pytest.mark.parametrize(
    "lines",
    ["", "doi: x", "url: x", "license: MIT", "license: X", "date-released: 2026-02-30", "colour: x", "keywords: [a]"],
)  # fmt: skip
def test_there_is_a_fault_where_and_only_where_the_schema_finds_one(lines: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    text = f"{START}{lines}\n"
    assert (said(text) == []) == verdict(text, schema)


# Without the libraries


def without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it seem that the package *name* is not installed."""
    imported, by_name = builtins.__import__, importlib.import_module

    def refuse(asked: str, *args: Any, **kwargs: Any) -> Any:
        if asked == name:
            raise ModuleNotFoundError(name=name)
        return imported(asked, *args, **kwargs)

    def refuse_by_name(asked: str, package: str | None = None) -> Any:
        if asked == name:
            raise ModuleNotFoundError(name=name)
        return by_name(asked, package)

    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.setattr(importlib, "import_module", refuse_by_name)


def test_without_a_yaml_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    without("yaml", monkeypatch)
    found, faults = read(START)
    assert found is None
    assert 'pip install "sphinx-marginalia[citing]"' in faults[0].message


def test_without_the_validator_the_book_is_read_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    without("jsonschema", monkeypatch)
    found, faults = read(START)
    assert found == Book("A title", (Name("Lovelace", "Ada"),))
    assert [fault.message for fault in faults] == [
        "CITATION.cff cannot be checked: install what that needs, "
        'pip install "sphinx-marginalia[citing]"'
    ]
