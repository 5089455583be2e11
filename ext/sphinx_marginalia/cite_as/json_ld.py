"""What search engines read in a page: JSON-LD in the vocabulary of schema.org. Pure.

A section is a ``Chapter`` that is part of a ``Book``, with the works that it cites.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.cite_as.metadata import doi_url, licence_urls, own_doi
from sphinx_marginalia.cite_as.reference import family_name, fold, spoken
from sphinx_marginalia.core.links import encoded

if TYPE_CHECKING:
    from sphinx_marginalia.cite_as.metadata import Page
    from sphinx_marginalia.cite_as.reference import Name, Reference
    from sphinx_marginalia.core.citations import Work

#: What would end a script element or start a comment in it, what JavaScript takes for the end of a
#: line, and halves of characters, which UTF-8 cannot write.
UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def json_ld(reference: Reference, page: Page) -> dict[str, Any]:
    """Return what *reference* is: a chapter in its book, or the book."""
    licences = licence_urls(reference, page)
    shared = {
        "version": reference.version,
        "datePublished": reference.date,
        "inLanguage": reference.language,
        "license": licences[0] if len(licences) == 1 else licences,
    }
    authors = reference.book_authors or reference.authors
    book = _work("Book", reference.book, authors, page.book_url, page.book_doi) | shared
    if reference.publisher:
        book["publisher"] = _organisation(reference.publisher)
    if reference.whole:
        data = {**book, **_identity(reference.url, reference.doi)}
    else:
        doi = own_doi(reference, page)
        data = _work("Chapter", reference.title, reference.authors, reference.url, doi) | shared
        data |= {"position": reference.section, "isPartOf": _without_gaps(book)}
    data |= {
        "sameAs": encoded(reference.newest),
        "citation": [_cited(work) for work in page.works],
        "dateCreated": page.created,
        "dateModified": page.updated,
    }
    return {"@context": "https://schema.org", **_without_gaps(data)}


def json_ld_text(data: dict[str, Any]) -> str:
    """Return *data* as the text of a ``<script type="application/ld+json">``.

    Nothing in it can end that element, whatever a title holds (HTML, "Restrictions for contents of
    script elements").
    """
    text = json.dumps(data, ensure_ascii=False)
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _work(kind: str, name: str, authors: tuple[Name, ...], url: str, doi: str) -> dict[str, Any]:
    by = [_agent(author) for author in authors]
    return {"@type": kind, "name": fold(name), "author": by, **_identity(url, doi)}


def _identity(url: str, doi: str) -> dict[str, str]:
    url = encoded(url)
    return {"@id": url, "url": url, "identifier": doi_url(doi) if doi else ""}


def _agent(name: Name) -> dict[str, Any]:
    """Return a person, named by the ORCID if there is one, or an organisation.

    One literal name may be either; without an ORCID it is most often an organisation.
    """
    if name.literal and not name.orcid:
        return _organisation(name.literal)
    return _without_gaps(
        {
            "@type": "Person",
            "@id": name.orcid,
            "name": fold(spoken(name)),
            "givenName": fold(name.given_names),
            "familyName": fold(family_name(name)),
            "honorificSuffix": fold(name.suffix),
            "affiliation": _organisation(name.affiliation) if name.affiliation else "",
        }
    )


def _organisation(name: str) -> dict[str, Any]:
    return {"@type": "Organization", "name": fold(name)}


def _cited(work: Work) -> dict[str, Any]:
    doi = doi_url(work.doi) if work.doi else ""
    url = encoded(work.url) or doi
    return _without_gaps(
        {"@type": "CreativeWork", "@id": doi, "name": fold(work.title), "url": url}
    )


def _without_gaps(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
