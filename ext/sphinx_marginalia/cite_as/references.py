"""A section of the book as what all formats are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.cite_as.formats.reference import Reference

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.cite_as.book.page import PageFacts
    from sphinx_marginalia.cite_as.facts import Facts
    from sphinx_marginalia.permalinks.headings import Section


def short_path(name: str) -> str:
    """Return the short address of a section, from the root of the site; it goes into print."""
    return f"s/{name}.html"


def whole_book(facts: Facts) -> Reference:
    """Return the book itself."""
    book = facts.book
    return Reference(
        key=facts.key,
        authors=book.authors,
        book=book.title,
        book_authors=book.authors,
        version=book.version,
        date=book.date,
        url=facts.version_url,
        newest=facts.newest_url,
        publisher=book.publisher,
        doi=book.doi,
        language=facts.language,
        licence=book.licence,
    )


def section_of(
    facts: Facts, name: str, section: Section, number: str, page: PageFacts
) -> Reference:
    """Return the *section* with the permanent *name*, in this version of the book."""
    short = short_path(name)
    top = section.heading.level == 1
    return whole_book(facts)._replace(
        key=f"{facts.key}-{name}",
        title=section.heading.title,
        authors=page.authors or facts.book.authors,
        section=number,
        url=facts.version_url and f"{facts.version_url}{short}",
        newest=facts.newest_url and f"{facts.newest_url}{short}",
        # The DOI of the book is not that of a section.
        doi=page.doi if top else "",
    )


def number_of(env: BuildEnvironment, section: Section) -> str:
    """Return the number of a section where the table of contents is numbered, or nothing."""
    anchor = "" if section.heading.level == 1 else f"#{section.anchor}"
    numbers = env.toc_secnumbers.get(section.heading.docname, {}).get(anchor, ())
    return ".".join(map(str, numbers))
