"""Readers of citation formats that other people wrote, each made to return the same record.

A record has a key only where the entry had a field. Names are ``(family, given, suffix)`` with the
particle before the family name, as formats without particles have it.
"""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bibtexparser
import rispy
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_marginalia.cite_as.reference import Name, Reference

NODE = Path(__file__).parent / "node"

Record = dict[str, Any]

#: What LaTeX has and pylatexenc does not know, or takes for an accent.
_MORE = {
    "textbraceleft": "{",
    "textbraceright": "}",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciicircum": "^",
}
_CONTEXT = get_default_latex_context_db()
_CONTEXT.add_context_category(
    "more", prepend=True, macros=[MacroTextSpec(name, sign) for name, sign in _MORE.items()]
)
_DECODER = LatexNodes2Text(latex_context=_CONTEXT, strict_latex_spaces=True)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def plain(text: str) -> str:
    """Return *text* as readers are to get it: on one line, in composed characters."""
    return unicodedata.normalize("NFC", " ".join("".join(map(_seen, text)).split()))


def tex(text: str) -> str:
    """Return what TeX prints for *text*."""
    return unicodedata.normalize("NFC", _DECODER.latex_to_text(text))


def expected(reference: Reference) -> Record:
    """Return the record that every reader has to find, with all that *reference* has."""
    whole = reference.whole
    record = {
        "type": "book" if whole else "section",
        "key": reference.key,
        "title": plain(reference.book if whole else reference.title),
        "authors": [name for name in map(expected_name, reference.authors) if any(name)],
        "book": "" if whole else plain(reference.book),
        "version": plain(reference.version),
        "section": reference.section,
        "date": reference.date,
        "publisher": plain(reference.publisher),
        "doi": reference.doi,
        "url": reference.url,
        "language": reference.language,
    }
    return {name: value for name, value in record.items() if value}


def expected_name(name: Name) -> tuple[str, str, str]:
    """Return a name as a reader without particles gets it."""
    family, given, particle, suffix, literal = map(plain, name[:5])
    if literal or not family:
        return (literal or " ".join(part for part in (given, particle, suffix) if part), "", "")
    between = "" if not particle or particle[-1] in "'’-" else " "
    return (f"{particle}{between}{family}", given, suffix)


def pybtex(text: str) -> list[Record]:
    """Read BibTeX or BibLaTeX with pybtex."""
    return [
        _bib(
            entry.type,
            entry.key,
            dict(entry.fields.items()),
            [
                (p.prelast_names, p.last_names, p.lineage_names, p.first_names + p.middle_names)
                for p in entry.persons.get("author", [])
            ],
        )
        for entry in parse_string(text, "bibtex").entries.values()
    ]


def bibtexparser2(text: str) -> list[Record]:
    """Read BibTeX or BibLaTeX with bibtexparser 2."""
    library = bibtexparser.parse_string(
        text, append_middleware=[SeparateCoAuthors(), SplitNameParts()]
    )
    assert not library.failed_blocks, [str(block.error) for block in library.failed_blocks]
    records = []
    for entry in library.entries:
        fields = {field.key: field.value for field in entry.fields}
        names = [(n.von, n.last, n.jr, n.first) for n in fields.pop("author", [])]
        records.append(_bib(entry.entry_type, entry.key, fields, names))
    return records


def pybtex_names(text: str) -> list[tuple[str, ...]]:
    """Read the authors of an entry as (particle, family, suffix, given) with pybtex."""
    (entry,) = parse_string(text, "bibtex").entries.values()
    return [
        tuple(
            " ".join(part)
            for part in (
                p.prelast_names,
                p.last_names,
                p.lineage_names,
                p.first_names + p.middle_names,
            )
        )
        for p in entry.persons["author"]
    ]


def bibtexparser_names(text: str) -> list[tuple[str, ...]]:
    """Read the authors of an entry as (particle, family, suffix, given) with bibtexparser."""
    layers = [SeparateCoAuthors(), SplitNameParts()]
    (entry,) = bibtexparser.parse_string(text, append_middleware=layers).entries
    return [
        tuple(" ".join(part) for part in (name.von, name.last, name.jr, name.first))
        for name in entry["author"]
    ]


def rispy_records(text: str) -> list[Record]:
    """Read RIS with rispy."""
    return [_rispy(entry) for entry in rispy.loads(text)]


def citation_js(text: str, node: str) -> list[Record]:
    """Read RIS or CSL-JSON with citation-js, all in one run of Node."""
    done = subprocess.run(
        [node, str(NODE / "read.mjs")], input=text.encode(), capture_output=True, check=True
    )
    return list(map(csl, json.loads(done.stdout)))


def csl(item: Record) -> Record:
    """Return the record of an item of CSL-JSON."""
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    record = {
        "type": {"chapter": "section", "book": "book"}.get(item["type"]),
        "key": item.get("id"),
        "title": item.get("title"),
        "authors": list(map(_csl_name, item.get("author", []))),
        "book": item.get("container-title"),
        # RIS has only an edition, as has a book; citation-js calls RIS's section a chapter number.
        "version": item.get("version") or item.get("edition", "").removeprefix("Version "),
        "section": item.get("chapter-number", "").removeprefix("Section "),
        "date": "-".join(f"{part:02}" if i else f"{part:04}" for i, part in enumerate(parts)),
        "publisher": item.get("publisher"),
        "doi": item.get("DOI"),
        "url": item.get("URL"),
        "language": item.get("language"),
    }
    return {name: _composed(value) for name, value in record.items() if value}


def _seen(character: str) -> str:
    """Return a space for what is no character: controls, separators, surrogates and such."""
    code = ord(character)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    blank = (
        unicodedata.category(character) in {"Cc", "Cs", "Zs", "Zl", "Zp"} or character == "\ufeff"
    )
    return " " if noncharacter or blank else character


def _composed(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _bib(
    kind: str, key: str, fields: dict[str, str], names: Iterable[tuple[list[str], ...]]
) -> Record:
    note = fields.get("note", "")
    sections = re.findall(r"[Ss]ection ([\w.]+?)(?:\.? |$)", note)
    month = fields.get("month", "").lower()[:3]
    year = fields.get("year", "")
    record = {
        "type": {"incollection": "section", "inbook": "section", "book": "book"}[kind],
        "key": key,
        "title": tex(fields["title"]),
        "authors": [
            (" ".join((*map(tex, von), *map(tex, last))), tex(" ".join(first)), tex(" ".join(jr)))
            for von, last, jr, first in names
        ],
        "book": tex(fields.get("booktitle", "")),
        "version": tex(fields.get("version", "")),
        "section": sections[-1] if sections else "",
        "date": fields.get("date") or (f"{year}-{_MONTHS.index(month) + 1:02}" if month else year),
        "publisher": tex(fields.get("publisher", "")),
        "doi": fields.get("doi"),
        "url": fields.get("url")
        or (link[1] if (link := re.search(r"\\url\{(.*?)\}", note)) else ""),
    }
    return {name: value for name, value in record.items() if value}


def _rispy(entry: Record) -> Record:
    year, month, day, _rest = [*entry.get("date", "").split("/"), "", "", "", ""][:4]
    record = {
        "type": {"CHAP": "section", "BOOK": "book"}[entry["type_of_reference"]],
        "key": entry["id"],
        "title": entry["title"],
        "authors": [tuple([*name.split(", "), "", ""][:3]) for name in entry.get("authors", [])],
        "book": entry.get("secondary_title"),
        "version": entry.get("edition", "").removeprefix("Version "),
        "section": entry.get("section"),
        "date": "-".join(part for part in (year or entry.get("year", ""), month, day) if part),
        "publisher": entry.get("publisher"),
        "doi": entry.get("doi"),
        "url": ";".join(entry.get("urls", [])),
        "language": entry.get("language"),
    }
    record["authors"] = [tuple(map(_composed, name)) for name in record["authors"]]
    return {name: _composed(value) for name, value in record.items() if value}


def _csl_name(name: dict[str, str]) -> tuple[str, str, str]:
    if "literal" in name:
        return (_composed(name["literal"]), "", "")
    return (
        _composed(name.get("family", "")),
        _composed(name.get("given", "")),
        _composed(name.get("suffix", "")),
    )
