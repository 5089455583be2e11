"""A reference as CSL-JSON 1.0.2, for citation processors, Pandoc and Zotero. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.cite_as.reference import date_parts, family_name, fold, spoken, tidy
from sphinx_marginalia.core.links import encoded

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

    The version is the ``edition``, which styles print. Zotero drops the ``version`` of a chapter
    and takes a book with one for software, as does citation-js. Styles print a ``chapter-number``
    as it is. Zotero keeps it only in ``note``, its field "Extra", from which it reads variables of
    CSL by their names in words. The few styles that print notes have it twice.
    """
    whole = reference.whole
    version = fold(reference.version)
    section = f"Section {fold(reference.section)}" if reference.section else ""
    date = [int(part) for part in date_parts(reference.date) if part]
    fields = {
        "id": reference.key,
        "type": "book" if whole else "chapter",
        "title": fold(reference.book if whole else reference.title),
        "author": _names(reference.authors),
        "container-title": "" if whole else fold(reference.book),
        "container-author": _names(reference.other_authors),
        "chapter-number": section,
        "edition": f"Version {version}" if version else "",
        "publisher": fold(reference.publisher),
        "issued": {"date-parts": [date]} if date else "",
        "language": reference.language,
        "DOI": fold(reference.doi),
        "URL": encoded(reference.url),
        "note": f"Chapter Number: {section}" if section else "",
    }
    return {name: value for name, value in fields.items() if value}


def _names(names: tuple[Name, ...]) -> list[dict[str, str]]:
    return [_name(name) for name in tidy(names)]


def _name(name: Name) -> dict[str, str]:
    """Return a name as Zotero keeps it, without ``non-dropping-particle`` and ``suffix``.

    Processors read a particle at the beginning of a family name, and a suffix behind a comma in the
    given names.
    """
    if name.literal or (name.suffix and not name.given_names):
        return {"literal": spoken(name)}
    given_names = ", ".join(filter(None, (name.given_names, name.suffix)))
    parts = {"family": family_name(name), "given": given_names}
    return {key: part for key, part in parts.items() if part}
