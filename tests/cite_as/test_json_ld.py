"""What search engines read of a page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.cite_as.json_ld import json_ld, json_ld_text
from sphinx_marginalia.cite_as.metadata import Page
from sphinx_marginalia.cite_as.reference import Name, Reference
from sphinx_marginalia.core.citations import Work

ORCID = "https://orcid.org/0000-0002-1825-0097"
ADA = Name("Lovelace", "Ada", orcid=ORCID, affiliation="University of Somewhere")
KING = Name("King", "Martin Luther", suffix="Jr.")
TEAM = Name(literal="The Team")
BASE = "https://book.example.org/en/v0.1.0"
SECTION = Reference(
    key="book2026-superposition",
    title="Superposition",
    authors=(ADA, KING),
    book="A book",
    book_authors=(TEAM,),
    version="0.1.0",
    date="2026-11-23",
    section="3.2",
    url=f"{BASE}/s/superposition.html",
    newest="https://book.example.org/en/stable/s/superposition.html",
    publisher="The Press",
    language="en",
    licence="CC-BY-SA-4.0 MIT",
)
BOOK = SECTION._replace(title="", section="", authors=(TEAM,), url=f"{BASE}/", newest="")
PAGE = Page(
    works=(
        Work(
            "Elhage et al. 2022",
            "Toy models",
            "2022",
            "https://example.org/toy",
            "10.48550/arXiv.2209.10652",
        ),
        Work("Memo", "A memo", ""),
    ),
    book_url=f"{BASE}/",
    book_doi="10.5281/zenodo.1",
)

#: The properties of schema.org that are used here, by the type that has them, and the types that
#: their values can have: as in the npm package schema-dts 2.1.0 (``dist/schema.d.ts``), which is made
#: from schema.org's vocabulary. A type has the properties of those it is made of.
PROPERTIES: dict[str, dict[str, set[str]]] = {
    "Thing": {
        "name": {"Text"},
        "url": {"URL"},
        "sameAs": {"URL"},
        "identifier": {"PropertyValue", "Text", "URL"},
    },
    "CreativeWork": {
        "author": {"Organization", "Person"},
        "citation": {"CreativeWork", "Text"},
        "datePublished": {"Date", "DateTime"},
        "inLanguage": {"Language", "Text"},
        "isPartOf": {"CreativeWork", "URL"},
        "license": {"CreativeWork", "URL"},
        "position": {"Integer", "Text"},
        "publisher": {"Organization", "Person"},
        "version": {"Number", "Text"},
    },
    "Book": {},
    "Chapter": {},
    "Organization": {},
    "Person": {
        "affiliation": {"Organization"},
        "familyName": {"Text"},
        "givenName": {"Text"},
        "honorificSuffix": {"Text"},
    },
}
MADE_OF = {
    "Book": ("Book", "CreativeWork", "Thing"),
    "Chapter": ("Chapter", "CreativeWork", "Thing"),
    "CreativeWork": ("CreativeWork", "Thing"),
    "Organization": ("Organization", "Thing"),
    "Person": ("Person", "Thing"),
}
#: The part of schema.org's own context that is needed: which values are addresses, and which dates.
CONTEXT = {
    "@vocab": "http://schema.org/",
    **{name: {"@type": "@id"} for name in ("url", "sameAs", "license", "isPartOf")},
    "datePublished": {"@type": "Date"},
}


def wrong(node: dict[str, Any], where: str = "") -> list[str]:
    """Return what schema.org does not know of *node*: properties, and types of their values."""
    known = {
        name: types for part in MADE_OF[node["@type"]] for name, types in PROPERTIES[part].items()
    }
    found = []
    for name, value in node.items():
        place = f"{where}/{name}"
        if name in {"@type", "@id", "@context"}:
            continue
        if name not in known:
            found.append(f"{place}: no property of {node['@type']}")
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                found += wrong(item, place)
                if not known[name] & set(MADE_OF[item["@type"]]):
                    found.append(f"{place}: cannot be {item['@type']}")
            elif not known[name] & {"Text", "URL", "Date"}:
                found.append(f"{place}: cannot be a text")
            elif "URL" in known[name] and "Text" not in known[name] and "://" not in item:
                found.append(f"{place}: no address")
    return found


# What is said


def test_a_section_is_a_chapter_in_its_book() -> None:
    assert json_ld(SECTION, PAGE) == {
        "@context": "https://schema.org",
        "@type": "Chapter",
        "name": "Superposition",
        "author": [
            {
                "@type": "Person",
                "@id": ORCID,
                "name": "Ada Lovelace",
                "givenName": "Ada",
                "familyName": "Lovelace",
                "affiliation": {"@type": "Organization", "name": "University of Somewhere"},
            },
            {
                "@type": "Person",
                "name": "Martin Luther King Jr.",
                "givenName": "Martin Luther",
                "familyName": "King",
                "honorificSuffix": "Jr.",
            },
        ],
        "@id": f"{BASE}/s/superposition.html",
        "url": f"{BASE}/s/superposition.html",
        "version": "0.1.0",
        "datePublished": "2026-11-23",
        "inLanguage": "en",
        "license": [
            "https://spdx.org/licenses/CC-BY-SA-4.0.html",
            "https://spdx.org/licenses/MIT.html",
        ],
        "position": "3.2",
        "isPartOf": {
            "@type": "Book",
            "name": "A book",
            "author": [{"@type": "Organization", "name": "The Team"}],
            "@id": f"{BASE}/",
            "url": f"{BASE}/",
            "identifier": "https://doi.org/10.5281/zenodo.1",
            "version": "0.1.0",
            "datePublished": "2026-11-23",
            "inLanguage": "en",
            "license": [
                "https://spdx.org/licenses/CC-BY-SA-4.0.html",
                "https://spdx.org/licenses/MIT.html",
            ],
            "publisher": {"@type": "Organization", "name": "The Press"},
        },
        "sameAs": "https://book.example.org/en/stable/s/superposition.html",
        "citation": [
            {
                "@type": "CreativeWork",
                "@id": "https://doi.org/10.48550/arXiv.2209.10652",
                "name": "Toy models",
                "url": "https://example.org/toy",
            },
            {"@type": "CreativeWork", "name": "A memo"},
        ],
    }


def test_the_whole_book_is_a_book_and_part_of_nothing() -> None:
    found = json_ld(BOOK._replace(doi="10.5281/zenodo.1"), Page())
    assert found["@type"] == "Book"
    assert found["@id"] == found["url"] == f"{BASE}/"
    assert found["identifier"] == "https://doi.org/10.5281/zenodo.1"
    assert found["name"] == "A book"
    assert found["version"] == "0.1.0"
    assert "isPartOf" not in found
    assert "position" not in found


def test_a_part_of_a_name_keeps_its_place() -> None:
    berg = SECTION._replace(authors=(Name("Berg", "Jan", "van der"), Name("山田", "太郎")))
    first, second = json_ld(berg, Page())["author"]
    assert first["name"] == "Jan van der Berg"
    assert first["familyName"] == "van der Berg"
    assert second["name"] == "山田太郎"


def test_the_doi_of_the_book_is_not_that_of_a_section() -> None:
    found = json_ld(SECTION._replace(doi="10.5281/zenodo.1"), PAGE)
    assert "identifier" not in found
    assert found["isPartOf"]["identifier"] == "https://doi.org/10.5281/zenodo.1"


def test_what_is_not_known_is_not_said() -> None:
    assert json_ld(Reference(key="k", title="T", book="B"), Page()) == {
        "@context": "https://schema.org",
        "@type": "Chapter",
        "name": "T",
        "isPartOf": {"@type": "Book", "name": "B"},
    }


# Schema.org and JSON-LD


@pytest.mark.parametrize("reference", [SECTION, BOOK, Reference(key="k", title="T", book="B")])
def test_schema_org_knows_each_property_of_each_type(reference: Reference) -> None:
    assert wrong(json_ld(reference, PAGE)) == []


def test_the_check_against_schema_org_finds_what_is_wrong() -> None:
    chapter = {"@type": "Chapter", "section": "3", "license": "MIT", "author": "Ada"}
    assert wrong({**chapter, "publisher": {"@type": "Book"}}) == [
        "/section: no property of Chapter",
        "/license: no address",
        "/author: cannot be a text",
        "/publisher: cannot be Book",
    ]


def test_it_is_json_ld() -> None:
    jsonld = pytest.importorskip("pyld", reason="pip install pyld").jsonld

    def load(url: str, options: object) -> dict[str, Any]:
        assert url == "https://schema.org"
        document = {"@context": CONTEXT}
        return {"document": document, "documentUrl": url, "contextUrl": None, "contentType": None}

    data = json.loads(json_ld_text(json_ld(SECTION, PAGE)))
    (chapter,) = jsonld.expand(data, {"documentLoader": load})
    word = "http://schema.org/"
    assert chapter["@type"] == [f"{word}Chapter"]
    assert chapter["@id"] == SECTION.url
    assert chapter[f"{word}url"] == [{"@id": SECTION.url}]
    assert chapter[f"{word}author"][0]["@id"] == ORCID
    assert chapter[f"{word}datePublished"] == [{"@type": f"{word}Date", "@value": "2026-11-23"}]
    (book,) = chapter[f"{word}isPartOf"]
    assert book["@type"] == [f"{word}Book"]
    assert book[f"{word}name"] == [{"@value": "A book"}]
    works = [work[f"{word}name"][0]["@value"] for work in chapter[f"{word}citation"]]
    assert works == ["Toy models", "A memo"]


# In a page


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!-- <script> -->",
        "a & b &amp; c",
        "line\u2028and\u2029paragraph",
        'quote " and \\ backslash',
        "数学 ✓ 🙂",
        "half a character \ud83d",
    ],
)
def test_no_title_can_end_the_script(title: str) -> None:
    data = json_ld(SECTION._replace(title=title), PAGE)
    text = json_ld_text(data)
    assert not set("<>&\u2028\u2029") & set(text)
    page = f'<script type="application/ld+json">{text}</script>'.encode().decode()
    (script,) = BeautifulSoup(page, "html.parser").find_all("script")
    assert json.loads(script.string or "") == data


def test_the_text_is_always_the_same() -> None:
    assert json_ld_text(json_ld(SECTION, PAGE)) == json_ld_text(json_ld(SECTION, PAGE))
