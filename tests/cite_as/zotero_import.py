r"""What Zotero keeps of a file that is imported: the rules of its translators.

Written from the behaviour of ``itemFromCSLJSON`` (github.com/zotero/utilities) and of ``RIS.js`` and
``BibTeX.js`` (github.com/zotero/translators, 2026-06-26), as far as files of ours can set it off. The
translators themselves, run with Node, returned the same for the books of ``references.books``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The fields that both a book and a section of one have, besides the title of the book.
FIELDS = ("title", "date", "edition", "publisher", "url", "language", "DOI", "extra")


class Item(NamedTuple):
    """What is kept."""

    type: str
    fields: dict[str, str]
    #: Family and given name; a name of one field has no given name.
    authors: list[tuple[str, str]]
    book_authors: list[tuple[str, str]]
    notes: str = ""


def from_csl(text: str) -> list[Item]:
    """Read CSL-JSON: of a name only family and given, or literal; no version, no chapter number."""
    variables = {"DOI": "DOI", "URL": "url", "note": "extra", "container-title": "bookTitle"}
    items = []
    for entry in json.loads(text):
        kind = {"chapter": "bookSection", "book": "book"}[entry["type"]]
        if kind == "book" and "version" in entry:
            kind = "computerProgram"
        fields = {variables.get(name, name): value for name, value in entry.items()}
        fields["date"] = "-".join(map(str, entry.get("issued", {}).get("date-parts", [[]])[0]))
        items.append(
            Item(
                kind,
                _kept(fields, kind),
                [_csl_name(name) for name in entry.get("author", [])],
                [_csl_name(name) for name in entry.get("container-author", [])],
            )
        )
    return items


def from_ris(text: str) -> list[Item]:
    """Read RIS: a name is cut at its first comma; the section of a chapter is dropped."""
    variables = {
        "TI": "title",
        "ET": "edition",
        "PB": "publisher",
        "LA": "language",
        "UR": "url",
        "DO": "DOI",
        "M2": "extra",
        "T2": "bookTitle",
        "DA": "date",
    }
    items = []
    for record in text.split("ER  - \r\n")[:-1]:
        tags = [(line[:2], line[6:]) for line in record.split("\r\n") if line]
        kind = {"CHAP": "bookSection", "BOOK": "book"}[tags[0][1]]
        fields = {variables[tag]: value for tag, value in tags if tag in variables}
        fields.setdefault("date", dict(tags).get("PY", ""))
        names = {
            which: [_at_comma(value) for tag, value in tags if tag == which]
            for which in ("AU", "C2")
        }
        items.append(Item(kind, _kept(fields, kind), names["AU"], names["C2"]))
    return items


def from_bibtex(text: str) -> list[Item]:
    """Read BibTeX or BibLaTeX: no version and no book's authors; the note is a note."""
    items = []
    for kind, entry in _entries(text):
        fields = {name: unescape(value) for name, value in entry.items()}
        fields |= {"url": entry.get("url", ""), "bookTitle": fields.get("booktitle", "")}
        fields["date"] = fields.get("date", fields.get("year", ""))
        fields["DOI"] = fields.get("doi", "")
        authors = _unprotected(entry.get("author", ""), r"\s+and\s+")
        names = [_bibtex_name(name) for name in authors if name]
        items.append(Item(kind, _kept(fields, kind), names, [], fields.get("note", "")))
    return items


def unescape(value: str) -> str:
    """Return what is made of TeX: a table of characters, and no dollars, braces and backslashes."""
    value = re.sub(r"\{?(\\[`\"'^~=])\{?\\?([A-Za-z])\}", r"{\1\2}", value)
    value = re.sub(r"(\\[a-z])\{(\\?[A-Za-z])\}", r"{\1 \2}", value)
    for sign, tag in (("_", "sub"), (r"\^", "sup")):
        found = re.compile(rf"\$([^{{$]*){sign}\{{([^}}]+)\}}\$")
        value = found.sub(
            lambda match, tag=tag: (
                f"{f'${match[1]}$' if match[1] else ''}<{tag}>{match[2]}</{tag}>"  # type: ignore[misc]
            ),
            value,
        )
    for command, character in TABLE.items():
        value = value.replace(command, character).replace(re.sub("[{}]", "", command), character)
    value = re.sub(r"\$([^$]+)\$", r"\1", value)
    value = re.sub(r"([^\\])[{}]+", r"\1", value).removeprefix("{")
    for _time in range(2):
        value = re.sub(r"([^\\])\\([#$%&~_^\\{}])", r"\1\2", value)
    value = value[1:] if re.match(r"\\[#$%&~_^\\{}]", value) else value
    return re.sub(r"\s+", " ", value.replace("\\\\", "\\"))


def _table() -> Iterator[tuple[str, str]]:
    """Yield the commands that are known, of those that we write."""
    accents = zip("`'^~=u.\"rHvdck", "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328", strict=True)  # fmt: skip
    for sign, mark in accents:
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz":
            character = unicodedata.normalize("NFC", letter + mark)
            if len(character) == 1:
                yield f"{{\\{sign}{' ' if sign.isalpha() else ''}{letter}}}", character
    letters = zip(
        "ss ae AE oe OE o O l L DH dh TH th NG ng".split(), "ßæÆœŒøØłŁÐðÞþŊŋ", strict=True
    )
    yield from ((f"{{\\{name}}}", letter) for name, letter in letters)
    yield r"{\textasciicircum}", "\u02c6"
    yield from {r"\url": "", "---": "—", "--": "–", "``": "“", "''": "”", "~": "\u00a0"}.items()
    yield from {"<=": "≤", ">=": "≥", "=>": "⇒", "<<": "≪", ">>": "≫", "!!": "‼", "?!": "⁈"}.items()


def _kept(fields: dict[str, Any], kind: str) -> dict[str, str]:
    names = (*FIELDS, "bookTitle") if kind == "bookSection" else FIELDS
    return {name: str(fields[name]) for name in names if fields.get(name)}


def _csl_name(name: dict[str, str]) -> tuple[str, str]:
    if "family" in name or "given" in name:
        return name.get("family", ""), name.get("given", "")
    return name["literal"], ""


def _at_comma(name: str) -> tuple[str, str]:
    family, _comma, given = name.partition(",")
    return family.rstrip(), given.strip()


def _bibtex_name(name: str) -> tuple[str, str]:
    pieces = _unprotected(name, r"\s*,\s*")
    if len(pieces) > 1:
        given = ", ".join((pieces[-1], *pieces[1:-1]))
        return unescape(pieces[0]), unescape(given)
    words = unescape(name)
    if len(_unprotected(name, " +")) > 1:
        given, _space, family = words.rpartition(" ")
        return family, given
    return words, ""


def _unprotected(text: str, separator: str) -> list[str]:
    """Split *text* where no brace is open."""
    parts, start, depth, place = [], 0, 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        match = re.compile(separator).match(text, place) if depth == 0 else None
        if match and match[0]:
            parts.append(text[start:place].strip())
            start = place = match.end()
        else:
            place += 1
    return [part for part in (*parts, text[start:].strip()) if part]


def _entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield entries; a brace behind a backslash opens and closes nothing."""
    kinds = {"incollection": "bookSection", "inbook": "bookSection", "book": "book"}
    for kind, body in re.findall(r"^@(\w+)\{[^,]+,\n(.*?)^\}$", text, re.MULTILINE | re.DOTALL):
        fields = {}
        for line in body.splitlines():
            name, _sign, value = line.strip().removesuffix(",").partition(" = ")
            fields[name.strip()] = value[1:-1] if value.startswith("{") else value
            plain = re.sub(r"\\.", "", value)
            assert plain.count("{") == plain.count("}"), f"the field does not end: {line}"
        yield kinds[kind], fields


TABLE = dict(_table())
