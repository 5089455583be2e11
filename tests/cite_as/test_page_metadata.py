"""What the front matter of a page says about citing it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sphinx_marginalia.cite_as.page_metadata import PageMetadata, read_page_metadata
from sphinx_marginalia.cite_as.people import people, person
from sphinx_marginalia.cite_as.reference import Name, spoken

ADA = Name("Lovelace", "Ada")
CHARLES = Name("Babbage", "Charles")
MARTIN = Name("King", "Martin Luther", suffix="Jr.")


def read(**values: Any) -> PageMetadata:
    return read_page_metadata(values, {"updated": 3})


def authors(value: object) -> tuple[Name, ...]:
    """Return the authors in front matter, with which nothing is wrong."""
    metadata = read(authors=value)
    assert metadata.diagnostics == ()
    return metadata.authors


def problems(**values: Any) -> list[str]:
    """Return what is wrong in front matter."""
    return [f"{one.key}: {one.message}" for one in read(**values).diagnostics]


# Names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Lovelace", ADA),
        ("Lovelace, Ada", ADA),
        ("  Lovelace ,\n Ada ", ADA),
        ("Ludwig van Beethoven", Name("Beethoven", "Ludwig", "van")),
        ("van der Berg, Jan Pieter", Name("Berg", "Jan Pieter", "van der")),
        ("Charles Louis Xavier Joseph de la Vallée Poussin",
         Name("Vallée Poussin", "Charles Louis Xavier Joseph", "de la")),
        ("van Rossum", Name("Rossum", "", "van")),
        ("Van Gogh, Vincent", Name("Van Gogh", "Vincent")),
        ("bell hooks", Name("hooks", "bell")),
        ("Jean d'Alembert", Name("d'Alembert", "Jean")),
        ("José Ortega y Gasset", Name("Ortega y Gasset", "José")),
        ("García Márquez, Gabriel", Name("García Márquez", "Gabriel")),
        ("Martin Luther King Jr.", MARTIN),
        ("King, Jr., Martin Luther", MARTIN),
        ("King, Martin Luther, Jr.", MARTIN),
        ("Martin Luther King, Jr.", MARTIN),
        ("Plato", Name(literal="Plato")),
        ("毛泽东", Name(literal="毛泽东")),
        ("山田 太郎", Name("山田", "太郎")),
        ("김 철수", Name("김", "철수")),
        ("محمد الخوارزمي", Name("الخوارزمي", "محمد")),
        ("J. R. R. Tolkien", Name("Tolkien", "J. R. R.")),
    ],
)  # fmt: skip
def test_a_name_is_taken_apart(text: str, name: Name) -> None:
    assert person(text) == (name, "")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (MARTIN, "Martin Luther King Jr."),
        (Name("Beethoven", "Ludwig", "van"), "Ludwig van Beethoven"),
        (Name("山田", "太郎"), "山田太郎"),
        (Name(literal="The Team"), "The Team"),
    ],
)
def test_a_name_is_put_together_as_it_is_spoken(name: Name, text: str) -> None:
    assert spoken(name) == text


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace and Charles Babbage",
        "Ada Lovelace & Charles Babbage",
        "Ada Lovelace; Charles Babbage",
        "Lovelace, Ada and Babbage, Charles",
        "Lovelace, Ada, and Babbage, Charles",
        "Lovelace, Ada; Babbage, Charles",
    ],
)
def test_a_text_can_name_several_people(text: str) -> None:
    assert people(text) == ((ADA, CHARLES), [])


def test_andy_and_orlando_are_not_cut_in_two() -> None:
    assert authors("Andy Sandy") == (Name("Sandy", "Andy"),)


def test_two_names_with_a_comma_between_are_asked_about() -> None:
    assert problems(authors="Ada Lovelace, Charles Eric Babbage") == [
        "authors: authors: 'Ada Lovelace, Charles Eric Babbage' can be one name or two; "
        "write a list, one name a line"
    ]


def test_in_a_list_a_comma_is_within_a_name() -> None:
    assert authors(["García Márquez, Gabriel José"]) == (Name("García Márquez", "Gabriel José"),)


def test_names_with_commas_between_all_are_asked_about_and_kept() -> None:
    text = "Ada Lovelace, Charles Babbage, Grace Hopper"
    metadata = read(authors=text)
    assert metadata.authors == (Name(literal=text),)
    assert [one.message for one in metadata.diagnostics] == [
        f"authors: {text!r} has too many commas; write a list, one name a line"
    ]


# Authors


def test_authors_are_a_list_of_texts_in_either_order() -> None:
    assert authors(["Ada Lovelace", "Babbage, Charles"]) == (ADA, CHARLES)


def test_an_author_can_be_an_entry_in_the_words_of_cff() -> None:
    entry = {
        "family-names": "Berg",
        "given-names": "Jan",
        "name-particle": "van der",
        "name-suffix": "III",
        "orcid": "https://orcid.org/0000-0002-1825-0097",
        "affiliation": "University of\n Somewhere",
        "email": "jan@example.org",
    }
    orcid = "https://orcid.org/0000-0002-1825-0097"
    assert authors([entry]) == (
        Name("Berg", "Jan", "van der", "III", "", orcid, "University of Somewhere"),
    )


def test_one_author_needs_no_list() -> None:
    assert authors({"name": "The Team"}) == (Name(literal="The Team"),)


def test_the_key_may_be_author() -> None:
    assert read(author="Ada Lovelace") == PageMetadata((ADA,))


def test_an_organisation_is_never_taken_apart() -> None:
    name = "Institute of Mathematics and Statistics, University of Somewhere"
    assert authors([{"name": name}]) == (Name(literal=name),)


def test_an_orcid_may_lack_its_address() -> None:
    (name,) = authors([{"name": "X", "orcid": "0000-0002-1825-0097"}])
    assert name.orcid == "https://orcid.org/0000-0002-1825-0097"


def test_a_list_may_be_json_as_myst_writes_it() -> None:
    written = ["Ada Lovelace", "Babbage, Charles", {"name": "Institute of X, Y"}]
    assert authors(json.dumps(written)) == (ADA, CHARLES, Name(literal="Institute of X, Y"))
    assert authors(json.dumps({"name": "The Team"})) == (Name(literal="The Team"),)
    assert authors("[Ada]") == (Name(literal="[Ada]"),)


def test_who_has_one_name_is_known_by_it() -> None:
    assert authors([{"given-names": "Plato"}, {"alias": "Banksy"}]) == (
        Name(literal="Plato"),
        Name(literal="Banksy"),
    )


def test_a_page_without_authors_has_those_of_the_book() -> None:
    assert authors(None) == authors([]) == ()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([{"family-name": "X", "given-names": "Y"}],
         "authors: unknown key 'family-name'; did you mean 'family-names'?"),
        ([{"nickname": "Y", "name": "X"}],
         "authors: unknown key 'nickname'; did you mean 'name'?"),
        ([{"orcid": "12", "name": "X"}],
         "authors: orcid must be as https://orcid.org/0000-0002-1825-0097, not '12'"),
        ([{"name": 5}], "authors: name must be a text, not 5"),
        ([{"affiliation": "Y"}],
         "authors: an entry has no name; write family-names and given-names, or name for an organisation"),
        (7, "authors must be a name, a list of names, or entries with family-names and given-names, not 7"),
        ([""], "authors must be a name, a list of names, or entries with family-names and given-names, not ''"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_author_is_reported(value: object, message: str) -> None:
    assert f"authors: {message}" in problems(authors=value)


# Dates and DOI


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11", "2026-11"),
        (2026, "2026"),
        (None, ""),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(value: object, date: str) -> None:
    assert read(date=value) == PageMetadata(date=date)


@pytest.mark.parametrize(
    "value", ["23.11.2026", "2026-02-30", "2026-13", "soon", True, "٢٠٢٦", "0000"]
)
def test_what_is_no_date_is_left_out(value: object) -> None:
    metadata = read(date=value)
    assert metadata.date == ""
    assert [one.message for one in metadata.diagnostics] == [
        f"date must be a date, as 2026-11-23, not {value!r}"
    ]


def test_a_page_is_not_updated_before_its_date() -> None:
    assert problems(date="2026-11-23", updated="2026-11-22") == [
        "updated: updated 2026-11-22 is before date 2026-11-23"
    ]
    assert problems(date="2026-11-23", updated="2026") == []


def test_what_is_wrong_is_at_the_line_of_its_key() -> None:
    assert [one.line for one in read(updated="soon").diagnostics] == [3]


@pytest.mark.parametrize(
    "value", ["10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1", "doi: 10.5281/zenodo.1"]
)
def test_a_doi_loses_the_address_of_its_resolver(value: str) -> None:
    assert read(doi=value) == PageMetadata(doi="10.5281/zenodo.1")


def test_what_is_no_doi_is_left_out() -> None:
    metadata = read(doi="zenodo.1")
    assert metadata.doi == ""
    assert problems(doi="zenodo.1") == [
        "doi: doi must be as 10.5281/zenodo.1003150, not 'zenodo.1'"
    ]


def test_what_other_extensions_keep_in_front_matter_is_theirs() -> None:
    assert read(title="T", tags=[1], order=3) == PageMetadata()
