"""A reference in the RIS format of reference managers. Pure.

After the RIS specification of Research Information Systems: two capitals, two spaces, a hyphen, a
space; every line ends with CR LF, ``TY`` comes first and ``ER`` last. The specification of 2001 is
older than UTF-8 in such files; today all programs read it. Write the text without changing its line
endings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_marginalia.cite_as.reference import date_parts, family_name, fold, tidy
from sphinx_marginalia.core.links import encoded

if TYPE_CHECKING:
    from sphinx_marginalia.cite_as.reference import Name, Reference


def render(reference: Reference) -> str:
    """Return *reference* as a record: a book's chapter (``CHAP``) or a book (``BOOK``)."""
    whole = reference.whole
    date = date_parts(reference.date)
    lines = (
        ("TY", "BOOK" if whole else "CHAP"),
        ("ID", reference.key),
        ("TI", fold(reference.book if whole else reference.title)),
        ("T2", "" if whole else fold(reference.book)),
        *(("AU", _name(name)) for name in tidy(reference.authors)),
        # Zotero's reading of a chapter's “custom 2”: A2 would make the book's authors editors.
        *(("C2", _name(name)) for name in reference.other_authors),
        ("PY", date.year),
        # YYYY/MM/DD and a free text, with all slashes where parts are missing.
        ("DA", f"{date.year}/{date.month}/{date.day}/" if date.month else ""),
        # Styles print an edition that is no number as it is.
        ("ET", f"Version {fold(reference.version)}" if reference.version else ""),
        ("SE", fold(reference.section)),
        # Zotero drops the section of a chapter; this is its field “Extra”, which it reads for it.
        ("M2", f"Chapter Number: Section {fold(reference.section)}" if reference.section else ""),
        ("PB", fold(reference.publisher)),
        ("LA", reference.language),
        ("DO", fold(reference.doi)),
        ("UR", encoded(reference.url)),
    )
    body = "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value)
    return f"{body}ER  - \r\n"


def _name(name: Name) -> str:
    """Return “Family, Given, Suffix”; a comma within a part is left out.

    RIS has no sign for a comma that does not divide: “Acme, Inc.” would be cited as I. Acme.
    """
    parts = (name.literal,) if name.literal else (family_name(name), name.given_names, name.suffix)
    words = [" ".join(re.sub("[,\uff0c]", " ", part).split()) for part in parts]
    return ", ".join(words).rstrip(", ")
