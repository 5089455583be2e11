"""A reference for BibLaTeX and biber. Pure.

Its ``@inbook`` has author, title, booktitle and date; ``bookauthor`` where the book is by others.
The standard styles print ``url`` and not ``version``, so ``note`` says version and section. There
is no ``urldate``: when a reader looked is known to the reader alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.cite_as.formats import tex
from sphinx_marginalia.cite_as.formats.text import address, date

if TYPE_CHECKING:
    from sphinx_marginalia.cite_as.formats.reference import Reference

#: The names that babel and polyglossia have for languages of BCP 47.
LANGUAGES = {
    "ar": "arabic",
    "cs": "czech",
    "da": "danish",
    "de": "ngerman",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "he": "hebrew",
    "hu": "magyar",
    "it": "italian",
    "ja": "japanese",
    "nb": "norsk",
    "nl": "dutch",
    "nn": "nynorsk",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
    "uk": "ukrainian",
}


def render(reference: Reference) -> str:
    """Return *reference* as an entry for BibLaTeX."""
    book = tex.title(reference.book)
    whole = reference.whole
    by_others = not whole and not reference.one_hand
    fields = (
        ("author", tex.authors(reference.authors)),
        ("title", book if whole else tex.title(reference.title)),
        ("bookauthor", tex.authors(reference.book_authors) if by_others else ""),
        ("booktitle", "" if whole else book),
        ("publisher", tex.escape(reference.publisher)),
        ("date", "-".join(filter(None, date(reference.date)))),
        ("version", tex.escape(reference.version)),
        ("note", tex.edition(reference)),
        ("doi", tex.verbatim(reference.doi)),
        ("url", address(reference.url)),
        ("langid", LANGUAGES.get(reference.language.partition("-")[0].lower(), "")),
    )
    return tex.entry("book" if whole else "inbook", reference.key, fields)
