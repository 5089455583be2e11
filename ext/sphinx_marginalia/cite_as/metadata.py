"""What programs read in the head of a page: meta tags and links. Pure: records in, elements out.

Highwire tags are for reference managers and Google Scholar, Dublin Core and PRISM for library
systems, typed links for archives (https://signposting.org). An element is its name and its
attributes, not escaped yet.
What search engines read is in :mod:`sphinx_marginalia.cite_as.json_ld`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin

from sphinx_marginalia.cite_as.formats import FORMATS
from sphinx_marginalia.cite_as.reference import family_name, fold
from sphinx_marginalia.core.links import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx_marginalia.cite_as.reference import Name, Reference
    from sphinx_marginalia.core.citations import Work

#: An element of the head: its name and its attributes.
Tag = tuple[str, dict[str, str]]

#: What the prefixes of the tags mean (DCMI, "Expressing Dublin Core metadata using HTML").
VOCABULARIES = {
    "DC": "http://purl.org/dc/elements/1.1/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "bibo": "http://purl.org/ontology/bibo/",
}
#: Between the identifiers in an expression of SPDX, as in the licence of a reference.
BETWEEN_LICENCES = re.compile(r"[\s(),]+")
OPERATORS = ("", "AND", "OR", "WITH")
#: Highwire's separators, which no name can hold: of the parts of a name, and of names.
SEPARATORS = re.compile("\\s*[,;\u060c]+\\s*")


class Page(NamedTuple):
    """What metadata say besides the reference itself."""

    #: The addresses of the same reference in other formats, by suffix as in ``FORMATS``.
    alternates: Mapping[str, str] = {}
    works: tuple[Work, ...] = ()
    #: The permanent address of the whole book in this version.
    book_url: str = ""
    book_doi: str = ""
    #: The whole book as PDF; only on its home page, or Zotero would attach it to every section.
    pdf: str = ""
    #: The licence, if it has no identifier of SPDX.
    licence_url: str = ""
    #: When the page was written and last changed, where its front matter says so (ISO 8601).
    created: str = ""
    updated: str = ""
    #: Whether search engines leave the page out: one that is only about another.
    hidden: bool = False
    #: The address of the file with the typed links of all pages.
    linkset: str = ""


def page_tags(reference: Reference, page: Page) -> list[Tag]:
    """Return the elements for the head of a page that is *reference*: the book, or a section."""
    every = [*_highwire(reference, page), *_dublin_core(reference, page), *_more(reference, page)]
    contents = [(name, content) for name, content in every if content]
    prefixes = {name.partition(".")[0] for name, _content in contents}
    tags: list[Tag] = [
        ("link", {"rel": f"schema.{prefix}", "href": address})
        for prefix, address in VOCABULARIES.items()
        if prefix in prefixes
    ]
    tags += [("meta", {"name": name, "content": content}) for name, content in contents]
    return tags + [("link", attributes) for attributes in typed_links(reference, page)]


def linkset(contexts: Iterable[tuple[str, Reference, Page]]) -> str:
    """Return a file with the typed links of pages (RFC 9264, section 4.2), a page on a line.

    :param contexts: the absolute address of each page, and what is known about it
    """
    lines = []
    for anchor, reference, page in contexts:
        relations: dict[str, list[dict[str, str]]] = {}
        for link in typed_links(reference, page._replace(linkset="")):
            target = {"href": urljoin(anchor, link["href"])}
            target |= {"type": link["type"]} if "type" in link else {}
            relations.setdefault(link["rel"].split()[-1], []).append(target)
        lines.append(json.dumps({"anchor": anchor, **relations}, ensure_ascii=False))
    return '{"linkset": [\n' + ",\n".join(lines) + "\n]}\n"


def _highwire(reference: Reference, page: Page) -> Iterator[tuple[str, str]]:
    """Yield the tags of Highwire Press, which Zotero and Google Scholar read.

    Without ``citation_public_url`` the address that is saved is the canonical one, which is that of
    another version.
    """
    yield "citation_title", fold(reference.title or reference.book)
    alone = len(reference.authors) == 1
    for name in reference.authors:
        yield "citation_author", highwire_name(name, alone=alone)
    yield "citation_publication_date", reference.date.replace("-", "/")
    if not reference.whole:
        yield "citation_inbook_title", fold(reference.book)
    yield "citation_public_url", encoded(reference.url)
    yield "citation_publisher", fold(reference.publisher)
    yield "citation_language", reference.language
    yield "citation_doi", own_doi(reference, page)
    if reference.whole:
        yield "citation_pdf_url", page.pdf


def _dublin_core(reference: Reference, page: Page) -> Iterator[tuple[str, str]]:
    """Yield the tags of Dublin Core.

    Identifiers are qualified: in a plain one Zotero looks for an ISBN, which many numbers can be.
    """
    yield "DC.title", fold(reference.title or reference.book)
    for name in reference.authors:
        parts = (_family(name), fold(name.given_names), fold(name.suffix))
        yield "DC.creator", ", ".join(filter(None, parts))
    yield "DC.date", reference.date
    yield "DC.type", "Text"
    if not reference.whole:
        yield "DC.relation.isPartOf", fold(reference.book)
    yield "DC.publisher", fold(reference.publisher)
    yield "DC.language", reference.language
    yield "DC.identifier.URI", encoded(reference.url)
    yield "DC.identifier.DOI", own_doi(reference, page)
    yield "DC.rights", fold(reference.licence)


def _more(reference: Reference, page: Page) -> Iterator[tuple[str, str]]:
    if reference.version:
        # The same words as in other formats: of a bare number, styles would make “1.2 ed.”
        yield "prism.edition", f"Version {fold(reference.version)}"
    if reference.whole:
        # Highwire has no tag that says so: Zotero would save the book as a journal article.
        yield "bibo.type", "Book"
    if page.hidden:
        yield "robots", "noindex"


def typed_links(reference: Reference, page: Page) -> Iterator[dict[str, str]]:
    """Yield the attributes of links that say what the page is, whose, and how it is cited."""
    doi = own_doi(reference, page)
    if reference.url:
        # A DOI is what is to be cited where there is one (RFC 8574, section 4.1).
        yield {"rel": "cite-as", "href": doi_url(doi) if doi else encoded(reference.url)}
    for orcid in dict.fromkeys(name.orcid for name in reference.authors if name.orcid):
        yield {"rel": "author", "href": orcid}
    kinds = ["AboutPage"] if page.hidden else []
    for kind in (*kinds, "Book" if reference.whole else "Chapter"):
        yield {"rel": "type", "href": f"https://schema.org/{kind}"}
    for url in dict.fromkeys(licence_urls(reference, page)):
        yield {"rel": "license", "href": url}
    if page.book_url and not reference.whole:
        yield {"rel": "collection", "href": page.book_url}
    if page.pdf and reference.whole:
        yield {"rel": "item", "type": "application/pdf", "href": page.pdf}
    for suffix, url in page.alternates.items():
        title, media_type = FORMATS[suffix][:2]
        relation = "alternate describedby"
        yield {"rel": relation, "type": media_type, "href": url, "title": title}
    if page.linkset:
        yield {"rel": "linkset", "type": "application/linkset+json", "href": page.linkset}


def highwire_name(name: Name, *, alone: bool = False) -> str:
    """Return a name as “Family, Given”, such that it is read back as one name.

    A comma at the end says that an organisation of several words is not a person. In the name of an
    author who is *alone*, Zotero takes a comma between several words and several words as one
    between two authors, unless the spaces in the given names are no-break spaces, which it makes
    plain ones.
    """
    family = SEPARATORS.sub(" ", _family(name)).strip()
    given_names = " ".join(SEPARATORS.sub(" ", f"{name.given_names} {name.suffix}").split())
    if not given_names:
        return f"{family}," if " " in family else family
    if alone and " " in family:
        given_names = given_names.replace(" ", "\u00a0")
    return f"{family}, {given_names}"


def _family(name: Name) -> str:
    return fold(name.literal or family_name(name))


def own_doi(reference: Reference, page: Page) -> str:
    """Return the DOI of what *reference* is: that of the book is none of a section."""
    return reference.doi if reference.whole or reference.doi != page.book_doi else ""


def doi_url(doi: str) -> str:
    """Return the address of a DOI, percent-encoded (DOI Handbook, section 3.8)."""
    return f"https://doi.org/{quote(doi, safe='/:;().,-_')}"


def licence_urls(reference: Reference, page: Page) -> list[str]:
    """Return the addresses of the licences: those of SPDX, or the one the page has."""
    names = [name for name in BETWEEN_LICENCES.split(reference.licence) if name not in OPERATORS]
    urls = [f"https://spdx.org/licenses/{quote(name, safe='')}.html" for name in names]
    return urls or ([page.licence_url] if page.licence_url else [])
