"""What reference managers, libraries and archives read in the head of a page."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.cite_as.metadata import Page, highwire_name, linkset, page_tags
from sphinx_marginalia.cite_as.reference import Name, Reference
from tests.cite_as import zotero

ADA = Name("Lovelace", "Ada", orcid="https://orcid.org/0000-0002-1825-0097")
GRACE = Name("Hopper", "Grace")
BERG = Name("Berg", "Jan Pieter", "van der")
TEAM = Name(literal="The sphinx-marginalia authors")
BASE = "https://book.example.org/en/v0.1.0"
SECTION = Reference(
    key="book2026-superposition",
    title="Superposition & its <limits>",
    authors=(ADA, BERG),
    book="What a book can “do”: a title",
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
BOOK = SECTION._replace(
    key="book2026", title="", section="", authors=(TEAM,), url=f"{BASE}/", doi="10.5281/zenodo.1"
)
NOTHING_MORE = Page()
#: What sphinxext-opengraph and a theme add to each page, with an address of another version.
OTHERS = """
<meta property="og:title" content="Superposition">
<meta property="og:type" content="website">
<meta property="og:url" content="https://book.example.org/en/latest/chapter.html">
<meta property="og:site_name" content="Some site">
<meta name="description" content="Words.">
<link rel="canonical" href="https://book.example.org/en/stable/chapter.html">
"""


def head(reference: Reference, page: Page = NOTHING_MORE, others: str = "") -> str:
    """Return a page with the tags of *reference*, escaped by a library."""
    soup = BeautifulSoup(f"<html><head>{others}</head><body></body></html>", "html.parser")
    assert soup.head is not None
    for element, attributes in page_tags(reference, page):
        soup.head.append(soup.new_tag(element, attrs=attributes))
    return str(soup)


def contents(reference: Reference, page: Page = NOTHING_MORE) -> dict[str, list[str]]:
    """Return the contents of the meta tags by their names."""
    found: dict[str, list[str]] = {}
    for element, attributes in page_tags(reference, page):
        if element == "meta":
            found.setdefault(attributes["name"], []).append(attributes["content"])
    return found


def links(reference: Reference, page: Page = NOTHING_MORE) -> dict[str, list[str]]:
    """Return the addresses of the links by their relation."""
    found: dict[str, list[str]] = {}
    for element, attributes in page_tags(reference, page):
        if element == "link":
            found.setdefault(attributes["rel"], []).append(attributes["href"])
    return found


# Zotero


@pytest.mark.parametrize("others", ["", OTHERS])
def test_zotero_saves_a_section_as_a_section_of_its_book(others: str) -> None:
    assert zotero.save(head(SECTION, others=others)) == zotero.Item(
        type="bookSection",
        title="Superposition & its <limits>",
        authors=(("Lovelace", "Ada"), ("van der Berg", "Jan Pieter")),
        book="What a book can “do”: a title",
        date="2026/11/23",
        url=f"{BASE}/s/superposition.html",
        edition="Version 0.1.0",
        publisher="The Press",
        language="en",
        doi="",
        rights="CC-BY-SA-4.0 MIT",
        isbn="",
        pdfs=(),
    )


@pytest.mark.parametrize("others", ["", OTHERS])
def test_zotero_saves_the_home_page_as_a_book_with_its_pdf(others: str) -> None:
    item = zotero.save(head(BOOK, Page(pdf=f"{BASE}/book.pdf"), others))
    assert item.type == "book"
    assert item.title == "What a book can “do”: a title"
    assert item.book == ""
    assert item.authors == (("The sphinx-marginalia authors", ""),)
    assert item.url == f"{BASE}/"
    assert item.doi == "10.5281/zenodo.1"
    assert item.pdfs == (f"{BASE}/book.pdf",)


def test_without_the_tag_of_the_book_zotero_would_take_it_for_an_article() -> None:
    plain = head(BOOK).replace('name="bibo.type"', 'name="no.type"')
    assert zotero.save(plain).type == "journalArticle"


def test_without_the_public_address_another_version_would_be_saved() -> None:
    page = head(SECTION, others=OTHERS).replace("citation_public_url", "no_url")
    assert "/latest/" in zotero.save(page).url


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        (Name("Lovelace", "Ada"), ("Lovelace", "Ada")),
        (Name("Berg", "Jan Pieter", "van der"), ("van der Berg", "Jan Pieter")),
        (Name("García Márquez", "Gabriel José"), ("García Márquez", "Gabriel José")),
        (Name("King", "Martin Luther", suffix="Jr."), ("King", "Martin Luther Jr")),
        (Name("Doe", "Jane", suffix="III"), ("Doe", "Jane III")),
        (Name("Tolkien", "J. R. R."), ("Tolkien", "J. R. R.")),
        (Name("Sartre", "Jean-Paul"), ("Sartre", "Jean-Paul")),
        (Name("山田", "太郎"), ("山田", "太郎")),
        (Name("الخوارزمي", "محمد"), ("الخوارزمي", "محمد")),
        (Name(literal="Plato"), ("Plato", "")),
        (Name(literal="The sphinx-marginalia authors"), ("The sphinx-marginalia authors", "")),
        (Name(literal="University of X, Institute of Y"), ("University of X Institute of Y", "")),
        (Name(literal="Smith; Jones and Partners"), ("Smith Jones and Partners", "")),
        (Name("Rossum", "", "van"), ("van Rossum", "")),
    ],
)
def test_zotero_reads_one_name_as_one_name(name: Name, saved: tuple[str, str]) -> None:
    alone = zotero.save(head(SECTION._replace(authors=(name,))))
    assert alone.authors == (saved,)
    among = zotero.save(head(SECTION._replace(authors=(name, GRACE))))
    assert among.authors == (saved, ("Hopper", "Grace"))


def test_a_number_in_an_address_is_no_isbn() -> None:
    numbered = SECTION._replace(url="https://x.org/0306406152/", doi="10.5281/0306406152")
    assert zotero.save(head(numbered)).isbn == ""
    plain = head(numbered).replace("DC.identifier.URI", "DC.identifier")
    assert zotero.save(plain).isbn == "0306406152"


def test_a_title_stays_on_one_line_without_control_characters() -> None:
    split = SECTION._replace(title="Two\n \x07 lines", book="A\tbook")
    item = zotero.save(head(split))
    assert (item.title, item.book) == ("Two lines", "A book")


# The tags


def test_highwire_tags_are_one_a_fact_and_one_an_author() -> None:
    found = contents(SECTION)
    assert found["citation_title"] == ["Superposition & its <limits>"]
    assert found["citation_author"] == ["Lovelace, Ada", "van der Berg, Jan Pieter"]
    assert found["citation_publication_date"] == ["2026/11/23"]
    assert found["citation_inbook_title"] == ["What a book can “do”: a title"]
    assert found["citation_public_url"] == [f"{BASE}/s/superposition.html"]
    assert found["citation_publisher"] == ["The Press"]
    assert found["citation_language"] == ["en"]
    assert found["prism.edition"] == ["Version 0.1.0"]


@pytest.mark.parametrize(
    ("date", "written"), [("2026", "2026"), ("2026-11", "2026/11"), ("2026-11-23", "2026/11/23")]
)
def test_a_date_is_written_with_strokes(date: str, written: str) -> None:
    assert contents(SECTION._replace(date=date))["citation_publication_date"] == [written]


def test_dublin_core_says_the_same() -> None:
    found = contents(SECTION)
    assert {name: found[name] for name in found if name.startswith("DC.")} == {
        "DC.title": ["Superposition & its <limits>"],
        "DC.creator": ["Lovelace, Ada", "van der Berg, Jan Pieter"],
        "DC.date": ["2026-11-23"],
        "DC.type": ["Text"],
        "DC.relation.isPartOf": ["What a book can “do”: a title"],
        "DC.publisher": ["The Press"],
        "DC.language": ["en"],
        "DC.identifier.URI": [f"{BASE}/s/superposition.html"],
        "DC.rights": ["CC-BY-SA-4.0 MIT"],
    }


def test_each_prefix_is_explained_where_it_is_used() -> None:
    assert links(SECTION)["schema.DC"] == ["http://purl.org/dc/elements/1.1/"]
    assert "schema.prism" in links(SECTION)
    assert "schema.bibo" in links(BOOK)
    assert "schema.bibo" not in links(SECTION)


def test_a_section_never_offers_the_pdf_of_the_book() -> None:
    assert "citation_pdf_url" not in contents(SECTION, Page(pdf="https://x.org/book.pdf"))
    assert "citation_pdf_url" in contents(BOOK, Page(pdf="https://x.org/book.pdf"))


def test_the_doi_of_the_book_is_none_of_a_section() -> None:
    shared = SECTION._replace(doi="10.5281/zenodo.1")
    page = Page(book_doi="10.5281/zenodo.1")
    assert "citation_doi" not in contents(shared, page)
    assert "DC.identifier.DOI" not in contents(shared, page)
    assert links(shared, page)["cite-as"] == [SECTION.url]
    assert contents(SECTION._replace(doi="10.5281/own"), page)["citation_doi"] == ["10.5281/own"]


def test_what_is_not_known_has_no_tag() -> None:
    bare = Reference(key="k", title="T", book="B")
    assert contents(bare) == {
        "citation_title": ["T"],
        "citation_inbook_title": ["B"],
        "DC.title": ["T"],
        "DC.type": ["Text"],
        "DC.relation.isPartOf": ["B"],
    }
    assert links(bare).keys() == {"schema.DC", "type"}


def test_a_page_that_leads_on_is_left_out_by_search_engines() -> None:
    assert contents(SECTION, Page(hidden=True))["robots"] == ["noindex"]
    assert "robots" not in contents(SECTION)


# The links


def test_what_to_cite_is_the_address_of_this_version() -> None:
    assert links(SECTION)["cite-as"] == [f"{BASE}/s/superposition.html"]


def test_what_to_cite_is_the_doi_where_there_is_one() -> None:
    assert links(BOOK)["cite-as"] == ["https://doi.org/10.5281/zenodo.1"]
    hard = BOOK._replace(doi="10.1002/(SICI)1<1::AID#2>3")
    assert links(hard)["cite-as"] == ["https://doi.org/10.1002/(SICI)1%3C1::AID%232%3E3"]


def test_each_format_is_offered_with_its_type() -> None:
    formats = {"bib": "cite/superposition.bib", "json": "cite/superposition.json"}
    found = [
        attributes
        for _element, attributes in page_tags(SECTION, Page(alternates=formats))
        if "alternate" in attributes.get("rel", "")
    ]
    assert found == [
        {
            "rel": "alternate describedby",
            "type": "application/x-bibtex",
            "href": "cite/superposition.bib",
            "title": "BibTeX",
        },
        {
            "rel": "alternate describedby",
            "type": "application/vnd.citationstyles.csl+json",
            "href": "cite/superposition.json",
            "title": "CSL-JSON",
        },
    ]


@pytest.mark.parametrize(
    ("licence", "addresses"),
    [
        ("MIT", ["https://spdx.org/licenses/MIT.html"]),
        ("CC-BY-SA-4.0 MIT", ["https://spdx.org/licenses/CC-BY-SA-4.0.html", "https://spdx.org/licenses/MIT.html"]),
        ("(MIT OR CC-BY-4.0) AND MIT", ["https://spdx.org/licenses/MIT.html", "https://spdx.org/licenses/CC-BY-4.0.html"]),
        ("", ["https://example.org/licence"]),
    ],
)  # fmt: skip
def test_a_licence_is_linked_by_its_identifier(licence: str, addresses: list[str]) -> None:
    page = Page(licence_url="https://example.org/licence")
    assert links(SECTION._replace(licence=licence), page)["license"] == addresses


def test_links_say_what_a_page_is_and_whose() -> None:
    page = Page(book_url=f"{BASE}/", pdf=f"{BASE}/book.pdf", linkset="../linkset.json")
    assert links(SECTION, page)["author"] == [ADA.orcid]
    assert links(SECTION, page)["type"] == ["https://schema.org/Chapter"]
    assert links(SECTION, page)["collection"] == [f"{BASE}/"]
    assert links(SECTION, page)["linkset"] == ["../linkset.json"]
    assert links(BOOK, page)["type"] == ["https://schema.org/Book"]
    assert links(BOOK, page)["item"] == [f"{BASE}/book.pdf"]
    about = ["https://schema.org/AboutPage", "https://schema.org/Chapter"]
    assert links(SECTION, Page(hidden=True))["type"] == about


def test_a_linkset_has_the_links_of_each_page_with_whole_addresses() -> None:
    page = Page(alternates={"json": "cite/superposition.json"}, linkset="linkset.json")
    data = json.loads(linkset([(f"{BASE}/chapter.html", SECTION, page)]))
    assert data["linkset"] == [
        {
            "anchor": f"{BASE}/chapter.html",
            "cite-as": [{"href": SECTION.url}],
            "author": [{"href": ADA.orcid}],
            "type": [{"href": "https://schema.org/Chapter"}],
            "license": [
                {"href": "https://spdx.org/licenses/CC-BY-SA-4.0.html"},
                {"href": "https://spdx.org/licenses/MIT.html"},
            ],
            "describedby": [
                {
                    "href": f"{BASE}/cite/superposition.json",
                    "type": "application/vnd.citationstyles.csl+json",
                }
            ],
        }
    ]


def test_the_order_of_the_tags_is_always_the_same() -> None:
    assert page_tags(SECTION, Page()) == page_tags(SECTION, Page())
    names = [attributes.get("name", "") for _element, attributes in page_tags(SECTION, Page())]
    assert [name for name in names if name.startswith("citation_")][:2] == [
        "citation_title",
        "citation_author",
    ]


def test_a_name_of_several_words_ends_in_a_comma() -> None:
    assert highwire_name(TEAM) == "The sphinx-marginalia authors,"
    assert highwire_name(Name(literal="OpenSource")) == "OpenSource"
