r"""References for BibTeX and BibLaTeX. Pure.

In classic BibTeX a section is ``@incollection``: in ``@inbook`` the title is that of the book. The
plain styles print neither version nor section nor address, and no ``bookauthor``, so ``note`` has
all of them. Its ``\url`` needs the package url or hyperref, as all styles with addresses do. There
is no field ``url``: natbib's styles, and many others, would print the address twice. Neither is it
in ``howpublished``, which Zotero takes for the address and pandoc for the publisher.

BibLaTeX's ``@inbook`` has author, title, booktitle and date; ``bookauthor`` where the book is by
others. Its standard styles print ``url`` and not ``version``, so ``note`` has version and section.
There is no ``urldate``: only the reader knows when they read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.cite_as.formats import tex
from sphinx_marginalia.cite_as.reference import date_parts
from sphinx_marginalia.core.links import encoded

if TYPE_CHECKING:
    from sphinx_marginalia.cite_as.reference import Reference

MONTHS = ("", *"jan feb mar apr may jun jul aug sep oct nov dec".split())
#: The names of languages of BCP 47 in babel and polyglossia.
LANGUAGES = dict(
    pair.split(":")
    for pair in """
    ar:arabic cs:czech da:danish de:ngerman el:greek en:english es:spanish fi:finnish
    fr:french he:hebrew hu:magyar it:italian ja:japanese nb:norsk nl:dutch nn:nynorsk
    pl:polish pt:portuguese ro:romanian ru:russian sv:swedish tr:turkish uk:ukrainian
    """.split()
)


def render(reference: Reference) -> str:
    """Return *reference* as an entry for BibTeX."""
    date = date_parts(reference.date)
    whole, (title, book) = reference.whole, _titles(reference)
    fields = (
        ("author", tex.authors(reference.authors, ascii_accents=True)),
        ("title", title),
        ("bookauthor", tex.authors(reference.other_authors, ascii_accents=True)),
        ("booktitle", book),
        ("publisher", tex.escape(reference.publisher)),
        ("year", date.year),
        ("month", MONTHS[int(date.month or 0)]),
        ("version", tex.escape(reference.version)),
        ("doi", tex.verbatim(reference.doi)),
        ("note", _note(reference)),
    )
    return tex.entry("book" if whole else "incollection", reference.key, fields)


def render_biblatex(reference: Reference) -> str:
    """Return *reference* as an entry for BibLaTeX."""
    whole, (title, book) = reference.whole, _titles(reference)
    fields = (
        ("author", tex.authors(reference.authors)),
        ("title", title),
        ("bookauthor", tex.authors(reference.other_authors)),
        ("booktitle", book),
        ("publisher", tex.escape(reference.publisher)),
        ("date", "-".join(filter(None, date_parts(reference.date)))),
        ("version", tex.escape(reference.version)),
        ("note", tex.edition(reference)),
        ("doi", tex.verbatim(reference.doi)),
        ("url", encoded(reference.url)),
        ("langid", LANGUAGES.get(reference.language.partition("-")[0].lower(), "")),
    )
    return tex.entry("book" if whole else "inbook", reference.key, fields)


def _titles(reference: Reference) -> tuple[str, str]:
    """Return the title, and that of the book around it."""
    book = tex.title(reference.book)
    return (
        (book, "")
        if reference.whole
        else (
            tex.title(reference.title, reference.title_parts),
            book,
        )
    )


def _note(reference: Reference) -> str:
    link = f"\\url{{{encoded(reference.url)}}}" if reference.url else ""
    others = reference.other_authors
    by = f"Book by {tex.series(others)}" if others else ""
    return ". ".join(filter(None, (by, tex.edition(reference), link)))
