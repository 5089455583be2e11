"""The works of a site as BibTeX: authors, types, capitals, keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pybtex.database import parse_string

from marginalia_import.bibtex import author_names, bibtex_entry
from marginalia_import.sites.bibliography import from_bibtex, from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from pybtex.database import Entry


def parsed(record: Mapping[str, Any]) -> Entry:
    """Return a record as a reader of BibTeX finds it."""
    return parse_string(bibtex_entry("key", {"title": "T", **record}), "bibtex").entries["key"]


# Authors


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("", []),
        (None, []),
        ("Galilei", ["Galilei"]),
        ("Henrietta Leavitt", ["Henrietta Leavitt"]),
        ("Leavitt, Henrietta S.", ["Leavitt, Henrietta S."]),
        ("Leavitt, H. S., Pickering, E. C.", ["Leavitt, H. S.", "Pickering, E. C."]),
        ("Leavitt, H.S.; Pickering, E.C.", ["Leavitt, H.S.", "Pickering, E.C."]),
        ("H. S. Leavitt and E. C. Pickering", ["H. S. Leavitt", "E. C. Pickering"]),
        ("Leavitt, H. S. & Pickering, E. C.", ["Leavitt, H. S.", "Pickering, E. C."]),
        ("Bell, J., Fox, K., and Ray, L.", ["Bell, J.", "Fox, K.", "Ray, L."]),
        ("Jocelyn Bell, Kit Fox, and Lou Ray", ["Jocelyn Bell", "Kit Fox", "Lou Ray"]),
        ("Bell, Jocelyn, Fox, Kit, Ray, Lou", ["Bell, Jocelyn", "Fox, Kit", "Ray, Lou"]),
        ("van der Meer, J., de la Cruz, M.", ["van der Meer, J.", "de la Cruz, M."]),
        ("Serre, J.-P., O'Neil, C.", ["Serre, J.-P.", "O'Neil, C."]),
        ("Öpik, E., Ångström, Å.", ["Öpik, E.", "Ångström, Å."]),
        ("Ångström, Å., Öpik, E.", ["Ångström, Å.", "Öpik, E."]),
        ("The Event Horizon Collaboration", ["{The Event Horizon Collaboration}"]),
        ("Kit Fox, Moon Project, Lou Ray", ["Kit Fox", "{Moon Project}", "Lou Ray"]),
        ("NASA Research, Moon Project", ["{NASA Research}", "{Moon Project}"]),
        ("OpenAI, Google DeepMind", ["{OpenAI}", "{Google DeepMind}"]),
        ("Smith & Sons R_D Lab", ["Smith", r"{Sons R\_D Lab}"]),
    ],
)
def test_a_string_of_authors_is_split(written: str, names: list[str]) -> None:
    assert author_names(written) == names


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("Leavitt et al.", ["Leavitt"]),
        ("Leavitt, H. et al.", ["Leavitt, H."]),
        ("Leavitt, H., et al", ["Leavitt, H."]),
        ("Leavitt, H., Pickering, E., et al.", ["Leavitt, H.", "Pickering, E."]),
        ("Leavitt, H., and others", ["Leavitt, H."]),
        ("Leavitt, H., …", ["Leavitt, H."]),
        ("Henrietta Leavitt and others", ["Henrietta Leavitt"]),
        (["Henrietta Leavitt", "et al."], ["Henrietta Leavitt"]),
    ],
)
def test_et_al_is_kept_as_and_others(written: object, first: list[str]) -> None:
    assert author_names(written) == [*first, "others"]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["Henrietta Leavitt", "Pickering, Edward"], ["Henrietta Leavitt", "Pickering, Edward"]),
        ([{"family": "Leavitt", "given": "H."}, {"name": "Moon Project"}], ["Leavitt, H.", "{Moon Project}"]),
    ],
)  # fmt: skip
def test_a_list_of_authors_is_not_split(written: object, names: list[str]) -> None:
    assert author_names(written) == names


def test_pybtex_reads_the_same_authors() -> None:
    record = parsed({"authors": "Leavitt, H. S., van der Meer, J., Moon & Sun Project, et al."})
    assert [str(person) for person in record.persons["author"]] == [
        "Leavitt, H. S.", "van der Meer, J.", "Moon", "{Sun Project}", "others"
    ]  # fmt: skip


# What a work is


@pytest.mark.parametrize(
    ("venue", "kind", "place"),
    [
        ("Nature", "article", "journal"),
        ("Journal of the History of Astronomy", "article", "journal"),
        ("Physical Review Letters", "article", "journal"),
        ("Transactions of the ACL", "article", "journal"),
        ("Transactions on Sundials", "article", "journal"),
        ("PNAS", "article", "journal"),
        ("Proceedings of the National Academy of Sciences", "article", "journal"),
        ("Proceedings of the Royal Society A", "article", "journal"),
        ("Communications of the ACM", "article", "journal"),
        ("Astronomy and Astrophysics", "article", "journal"),
        ("Monthly Notices of the Royal Astronomical Society", "article", "journal"),
        ("Distill", "article", "journal"),
        ("Proceedings of a Meeting on Clocks", "inproceedings", "booktitle"),
        ("NeurIPS 2023", "inproceedings", "booktitle"),
        ("ICLR 2024 Workshop", "inproceedings", "booktitle"),
        ("International Conference on Clocks", "inproceedings", "booktitle"),
        ("PhD thesis, University of York", "phdthesis", "school"),
        ("Master's thesis", "mastersthesis", "school"),
        ("Cambridge University Press", "book", "publisher"),
        ("Technical Report", "techreport", "institution"),
        ("arXiv preprint arXiv:2301.00001", "misc", "howpublished"),
        ("A garden blog", "misc", "howpublished"),
    ],
)
def test_the_venue_decides_the_entry_type(venue: str, kind: str, place: str) -> None:
    record = parsed({"venue": venue})
    assert (record.type, record.fields[place]) == (kind, venue)


def test_a_work_without_a_venue_is_a_misc() -> None:
    record = parsed({"year": 1912})
    assert (record.type, dict(record.fields)) == ("misc", {"title": "T", "year": "1912"})


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Clocks", "Clocks"),
        ("On the moons of Jupiter", "On the moons of {Jupiter}"),
        ("GPT-2 and iPhone", "{GPT-2} and {iPhone}"),
        ("Maps: A History", "Maps: {A} {History}"),
        ("The “Sidereal” (Starry) Messenger", "The “{Sidereal}” ({Starry}) {Messenger}"),
        ("5% of R&D: #1 for $3_a", r"5\% of {R\&D}: \#1 for \$3\_a"),
        ("{Braces} and \\", r"Braces and \textbackslash"),
    ],
)
def test_capitals_are_protected_and_special_characters_escaped(title: str, written: str) -> None:
    assert parsed({"title": title}).fields["title"].rstrip() == written


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("https://example.org/a_b%20c#d", {}),
        ("https://arxiv.org/abs/2301.00001", {"eprint": "2301.00001", "archiveprefix": "arXiv"}),
        ("https://arxiv.org/pdf/astro-ph/9901001v2", {"eprint": "astro-ph/9901001", "archiveprefix": "arXiv"}),
        ("https://doi.org/10.1000/a_b(c)", {"doi": "10.1000/a_b(c)"}),
    ],
)  # fmt: skip
def test_a_url_is_not_escaped(url: str, fields: dict[str, str]) -> None:
    assert dict(parsed({"url": url}).fields) == {"title": "T", "url": url, **fields}


def test_braces_are_removed_from_a_url() -> None:
    assert parsed({"url": "https://example.org/{a}\\b\n"}).fields["url"] == "https://example.org/ab"


def test_other_fields_of_a_record_are_copied() -> None:
    record = parsed(
        {"publisher": "Moon & Co", "pages": "1--5", "doi": "10.1000/a_b", "tags": ["x"]}
    )
    assert dict(record.fields) == {
        "title": "T", "publisher": r"Moon \& Co", "pages": "1--5", "doi": "10.1000/a_b"
    }  # fmt: skip


# Keys


def test_keys_that_bibtex_rejects_are_renamed() -> None:
    records = {key: {"title": key} for key in ("a b", "a-b", "A-B", "c,d", "e:f_g.1+2/3", "é")}
    works = from_json(records)
    assert works.keys == {
        "a b": "a-b", "a-b": "a-b-2", "A-B": "A-B-3", "c,d": "c-d", "e:f_g.1+2/3": "e:f_g.1+2/3", "é": "é"
    }  # fmt: skip
    assert list(parse_string(works.text, "bibtex").entries) == list(works.keys.values())


def test_a_record_without_a_title_is_reported() -> None:
    works = from_json(
        {"a": {"year": 1912}, "b": "no record", "c": {"title": " "}, "d": {"title": "D"}}
    )
    assert works.problems == [(key, "it has no title") for key in "abc"]
    assert list(works.keys) == ["d"]


# BibTeX


def test_bibtex_is_copied_unchanged() -> None:
    text = (
        "% mine\n@String{moon = {Moon}}\n@article{a,\n title = moon # { {B}},\n}\n@comment{x, y}\n"
    )
    works = from_bibtex(text)
    assert (works.text, works.keys, works.problems) == (text, {"a": "a"}, [])


def test_a_second_entry_with_the_same_key_is_removed() -> None:
    first = "@misc{a, title = {One}} % mine\n"
    second = "@misc{A,\n title = {Two, @misc{x} and \\}},\n}"
    rest = " % yours\n@string{moon = {Moon}}\n@misc{c, title = moon}\n"
    works = from_bibtex(first + second + rest)
    assert works.problems == [("A", "defined twice; the first entry is kept")]
    assert works.text == first + rest
    assert list(parse_string(works.text, "bibtex").entries) == list(works.keys) == ["a", "c"]


def test_entries_of_any_type_are_copied() -> None:
    text = "@Gizmo{a, title = {A}}\n@ARTICLE(b, title = {B})\n@thesis{c, title = {C}}\n"
    works = from_bibtex(text)
    assert (works.text, list(works.keys), works.problems) == (text, ["a", "b", "c"], [])


# Of the site


def test_the_bibliography_option_takes_precedence_over_the_site(
    article: Callable, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text(json.dumps({"kepler1609": {"title": "New Astronomy"}}), encoding="utf-8")
    text, result = article(
        '---\ntitle: Stars\n---\n{% cite "kepler1609" %}{% cite "leavitt1912" %}\n',
        bibliography=mine,
    )
    assert text.endswith("\n{cite:p}`kepler1609` {cite:p}`leavitt1912`\n")
    assert list(parse_string(result.read("references.bib"), "bibtex").entries) == [
        "kepler1609", "leavitt1912", "galilei1610"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "could not be read"),
        ("[]", "is not an object of works by key"),
        (b"\xff{}", "could not be read"),
    ],
)
def test_a_bibliography_that_cannot_be_read_is_reported(
    content: str | bytes, reason: str, imported: Callable
) -> None:
    result = imported(
        {"references.json": content, "a/index.md": '{% cite "a" %}\n'}, dialect="eleventy"
    )
    line = next(str(entry) for entry in result.report.lines() if entry.kind == "bibliography")
    assert line.startswith(f"references.json:1 bibliography {reason}")
    assert "references.bib" not in result.files


def test_changes_to_bibtex_are_reported(article: Callable, tmp_path: Path) -> None:
    mine = tmp_path / "mine.bib"
    mine.write_text("@online{a, title={A}}\n@misc{a, title={C}}\n")
    _, result = article("", "tufte-jekyll", bibliography=mine)
    assert parse_string(result.read("references.bib"), "bibtex").entries["a"].type == "online"
    assert [str(line) for line in result.report.lines() if line.kind == "bibliography"] == [
        "mine.bib:1 bibliography a: defined twice; the first entry is kept",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        "title = {A",
        "title = moon",
        "title = {A}, title = {B}",
        "title = {A} year = 5",
        "title = {A}, author = {Bell, Fox, Ray, Lou, Kit and {The Team}}",
    ],
)
def test_a_broken_entry_is_copied_for_the_build_to_report(
    broken: str, article: Callable, tmp_path: Path
) -> None:
    works = f"@misc{{good, title = {{G}}}}\n@misc{{bad, {broken}}}\n@misc{{last, year=1}}\n"
    mine = tmp_path / "mine.bib"
    mine.write_text(works)
    text, result = article(
        "Of {% cite leavitt1912 bad last %}.\n", "tufte-jekyll", bibliography=mine
    )
    assert works in result.read("references.bib")
    assert "{cite:p}`leavitt1912,bad,last`" in text
