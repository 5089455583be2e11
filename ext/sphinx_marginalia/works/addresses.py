"""The addresses and identifiers of works, without LaTeX and without what styles add. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

#: The addresses of works in archives (BibLaTeX, section 3.14.7); arXiv's are known to styles.
ARCHIVES = {
    "jstor": "https://www.jstor.org/stable/{}",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "googlebooks": "https://books.google.com/books?id={}",
    "hdl": "https://hdl.handle.net/{}",
}
#: An address in LaTeX, and what is only an address.
URL = re.compile(r"\\url\s*\{([^\s]*)\}")
ADDRESS = re.compile(r"(?:\\url\s*\{)?https?://[^\s,;]+")
#: A link with words of its own.
LINK = re.compile(r"\\href\s*\{([^{}]*)\}")
#: Signs in addresses, and their names in LaTeX.
NAMED = {
    "~": re.compile(r"\$\\sim\$|\\textasciitilde(?![a-zA-Z])"),
    "_": re.compile(r"\\textunderscore(?![a-zA-Z])"),
    "<": re.compile(r"\\textless(?![a-zA-Z])"),
    ">": re.compile(r"\\textgreater(?![a-zA-Z])"),
}
#: What some write before an identifier, and styles add.
PREFIXES = {
    "doi": re.compile(
        r"^(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|info:doi/|doi[:\s])\s*", re.IGNORECASE
    ),
    "url": re.compile(r"^URL:\s*|^<|>$"),
    "eprint": re.compile(
        r"^(?:arxiv:|https?://arxiv\.org/(?:abs|pdf)/)\s*|\s*\[[^]]*\]$", re.IGNORECASE
    ),
}


def write_addresses(fields: MutableMapping[str, str]) -> None:
    """Write addresses and identifiers as they are, without LaTeX and what styles add."""
    for name in ("howpublished", "note"):
        if (link := LINK.search(fields.get(name, ""))) and "doi" not in fields:
            fields.setdefault("url", link[1])
    how = ADDRESS.fullmatch(fields.get("howpublished", ""))
    if how and "url" not in fields:
        # As a link.
        fields["url"] = fields.pop("howpublished")
    for name in ("doi", "url", "eprint"):
        if name in fields:
            text = URL.sub(r"\1", fields[name])
            for sign, command in NAMED.items():
                text = command.sub(sign, text)
            text = re.sub(r"\\([\W_])", r"\1", re.sub(r"(?<!\\)[{}]", "", text))
            fields[name] = PREFIXES[name].sub("", text).strip()
    # Mendeley writes all that it knows into one field.
    first, *others = re.split(r"[\s,;]+(?=https?://)", fields.get("url", ""))
    if others:
        parts = (fields.get("note", "").rstrip(". "), f"Also at {' and '.join(others)}")
        fields.update(url=first, note=". ".join(filter(None, parts)))
    if fields.get("eprint", "").startswith("http"):
        fields.setdefault("url", fields.pop("eprint"))
    _write_archive(fields)


def _write_archive(fields: MutableMapping[str, str]) -> None:
    """Write the address of a work in an archive: styles of BibTeX link every eprint to arXiv."""
    archive = fields.get("archiveprefix", "").lower()
    if archive == "arxiv":
        fields["archiveprefix"] = "arXiv"
    elif archive and "eprint" in fields:
        eprint = fields.pop("eprint")
        if archive in ARCHIVES:
            fields.setdefault("url", ARCHIVES[archive].format(eprint))
        else:
            fields.setdefault("note", f"{fields['archiveprefix']}: {eprint}")
