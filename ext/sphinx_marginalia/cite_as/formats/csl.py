"""A reference as CSL-JSON 1.0.2, for citation processors, Pandoc and Zotero. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.cite_as.reference import address, date_parts, fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_marginalia.cite_as.reference import Name, Reference


def dump(items: Iterable[dict[str, Any]]) -> str:
    """Return a file with a list of *items*, each field on a line, without escapes in texts."""
    # Python's encoder in C knows no indentation; the other one is several times slower.
    encode = json.JSONEncoder(ensure_ascii=False).encode
    texts = [
        ",\n".join(f"    {encode(name)}: {encode(value)}" for name, value in fields.items())
        for fields in items
    ]
    return "[\n" + ",\n".join(f"  {{\n{fields}\n  }}" for fields in texts) + "\n]\n"


def item(reference: Reference) -> dict[str, Any]:
    """Return *reference* as an item: a ``chapter`` with its place in the book, or a ``book``.

    The number is both ``chapter-number``, which styles print, and ``section``, which is right. The
    version of a book is its ``edition``: Zotero and citation-js take a book with a ``version`` for
    software, as CSL 1.0.1 did.
    """
    whole = reference.whole
    version = fold(reference.version)
    date = [int(part) for part in date_parts(reference.date) if part]
    fields = {
        "id": reference.key,
        "type": "book" if whole else "chapter",
        "title": fold(reference.book if whole else reference.title),
        "author": _names(reference.authors),
        "container-title": "" if whole else fold(reference.book),
        "container-author": _names(reference.other_authors),
        "chapter-number": fold(reference.section),
        "section": fold(reference.section),
        "version": "" if whole else version,
        "edition": f"Version {version}" if whole and version else "",
        "publisher": fold(reference.publisher),
        "issued": {"date-parts": [date]} if date else "",
        "language": reference.language,
        "DOI": fold(reference.doi),
        "URL": address(reference.url),
    }
    return {name: value for name, value in fields.items() if value}


def _names(names: tuple[Name, ...]) -> list[dict[str, str]]:
    keys = ("family", "given", "non-dropping-particle", "suffix", "literal")
    return [
        {key: part for key, part in zip(keys, name, strict=False) if part} for name in tidy(names)
    ]
