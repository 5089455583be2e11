r"""A reference for the classic BibTeX. Pure.

A section is ``@incollection``: in ``@inbook`` the title is the book's. The plain styles print
neither version nor section nor address, so ``note`` has all three. Its ``\url`` is defined by the
packages url and hyperref; one of them belongs into the paper, as for every style with addresses.
Programs such as Zotero and natbib's styles read the fields ``version``, ``url`` and ``doi``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.cite_as.formats import tex
from sphinx_marginalia.cite_as.formats.text import address, date

if TYPE_CHECKING:
    from sphinx_marginalia.cite_as.formats.reference import Reference

_MONTHS = ("", *"jan feb mar apr may jun jul aug sep oct nov dec".split())


def render(reference: Reference) -> str:
    """Return *reference* as an entry for BibTeX."""
    when = date(reference.date)
    book = tex.title(reference.book)
    whole = reference.whole
    fields = (
        ("author", tex.authors(reference.authors, ascii_accents=True)),
        ("title", book if whole else tex.title(reference.title)),
        ("booktitle", "" if whole else book),
        ("publisher", tex.escape(reference.publisher)),
        ("year", when.year),
        ("month", _MONTHS[int(when.month or 0)]),
        ("version", tex.escape(reference.version)),
        ("doi", tex.verbatim(reference.doi)),
        ("url", address(reference.url)),
        ("note", _note(reference)),
    )
    return tex.entry("book" if whole else "incollection", reference.key, fields)


def _note(reference: Reference) -> str:
    words = tex.edition(reference)
    link = f"\\url{{{address(reference.url)}}}" if reference.url else ""
    return ". ".join(filter(None, (words, link)))
