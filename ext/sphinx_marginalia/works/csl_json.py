"""Describe an entry of BibTeX or BibLaTeX in CSL-JSON, the form that citation styles read. Pure.

The types, variables and the markup in texts are those of CSL 1.0.2 and its JSON schema
(https://docs.citationstyles.org, https://github.com/citation-style-language/schema). Which field
becomes which variable follows the BibLaTeX manual, section 2, and what pandoc and Zotero do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.core.dates import parse_extended_date
from sphinx_marginalia.works.biblatex import WRITTEN
from sphinx_marginalia.works.csl_terms import COUNTRIES, KINDS, LANGUAGES, TYPES
from sphinx_marginalia.works.latex_text import csl_text
from sphinx_marginalia.works.pandoc_nodes import OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pybtex.database import Entry, Person

#: The variables of CSL for fields whose text may have markup; the first field that is there counts.
TEXTS = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "collection-title": ("series",),
    "publisher": ("publisher", "school", "institution", "organization"),
    "publisher-place": ("address", "location"),
    "event-title": ("eventtitle",),
    "event-place": ("venue",),
    "original-title": ("origtitle",),
    "original-publisher": ("origpublisher",),
    "original-publisher-place": ("origlocation",),
    "note": ("note",),
    "genre": ("type",),
    "version": ("version",),
    "volume": ("volume",),
    "edition": ("edition",),
    "title-short": ("shorttitle",),
    "number-of-pages": ("pagetotal",),
}
#: The variables whose text is taken as it is.
VERBATIM = {
    "DOI": ("doi",),
    "URL": ("url",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "chapter-number": ("chapter",),
    "number-of-volumes": ("volumes",),
}
THESES = frozenset(("phdthesis", "mastersthesis"))
NAMES = {
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "container-author": "bookauthor",
}
DATES = {
    "issued": "date",
    "accessed": "urldate",
    "original-date": "origdate",
    "event-date": "eventdate",
}
#: The types whose ``number`` is an issue; that of others is the number of the work.
ISSUES = frozenset(("article-journal", "periodical", "review"))
#: Between places, outside of braces.
AND = re.compile(r"\s+and\s+(?![^{}]*\})")
#: One year or two, perhaps about that time. Styles repeat other words where a day would be.
YEARS = re.compile(
    r"(c(?:a|irca)?\.?\s*)?\[?(-?\d{1,5})(?:\s*[-–—/]\s*(\d{4}))?(\?)?\]?", re.IGNORECASE
)
#: A day of a month, and no part of a year.
DAY = re.compile(r"(?<!\d)(?:3[01]|[12]\d|0?[1-9])(?!\d)")
#: Letters of scripts that have no capitals like those of English; not Greek, which is in formulas.
OTHER_SCRIPT = re.compile(r"[\u0400-\u1cff\u3040-\ud7af]")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def csl_item(key: str, entry: Entry) -> dict[str, Any]:
    """Return *entry* as an item of CSL-JSON with the id *key*."""
    fields = entry.fields
    written = entry.original_type.lower()
    item: dict[str, Any] = {"id": key, "type": _type(written, entry)}
    item.update(_texts(fields))
    if item["type"] == "patent" and "publisher-place" in item:
        item["jurisdiction"] = item.pop("publisher-place")
    if language := _language(_first(fields, ("langid", "language")), item.get("title", "")):
        item["language"] = language
    item.update(_names(entry))
    item.update(_dates(entry))
    if written in {"misc", "booklet"} and fields.get("howpublished"):
        how = csl_text(fields["howpublished"])
        item.setdefault("URL" if re.fullmatch(r"https?://\S+", how) else "publisher", how)
    _add_numbers(item, entry)
    _add_genre(item, written, entry)
    _add_preprint(item, entry)
    if item["type"] == "book":
        # It is there for the chapters that inherit it.
        item.pop("container-title", None)
    main, colon, _rest = item.get("title", "").partition(": ")
    if colon and main.count("<") == 2 * main.count("</"):
        item.setdefault("title-short", main)
    return item


def _language(written: str, title: str) -> str:
    """Return the tag of a language, or ``und`` for an unknown one.

    Styles change the capitals of titles in English, and of those without a tag.
    """
    word = written.lower()
    if word in LANGUAGES or re.fullmatch(r"[a-z]{2}(\\?[_-][a-z]{2})?", word):
        return LANGUAGES.get(word) or word.replace("\\", "")
    if word.startswith("eng"):
        return "en-US"
    return "und" if word or OTHER_SCRIPT.search(title) else ""


def _texts(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the variables that are texts."""
    for variable, names in TEXTS.items():
        value = _first(fields, names)
        if variable == "publisher-place" and value:
            # The field of BibLaTeX is a list; that of BibTeX is a text.
            places = AND.split(value) if fields.get("location") else [value]
            yield variable, "; ".join(COUNTRIES.get(place) or csl_text(place) for place in places)
        elif value:
            is_title = variable.endswith("title")
            yield variable, KINDS.get(value.lower()) or csl_text(value, is_title=is_title)
    for variable, names in VERBATIM.items():
        if value := _first(fields, names):
            yield variable, re.sub(r"\\([_%&#{}~])", r"\1", value)
    if pages := _first(fields, ("pages", "eid")):
        yield "page", re.sub(r"\s*[-–—]+\s*", "-", csl_text(pages))


def _first(fields: Mapping[str, str], names: Iterable[str]) -> str:
    """Return the first of the fields *names* that is there, as it was written."""
    written = (fields.get(f"{WRITTEN}{name}", fields.get(name, "")) for name in names)
    return next(filter(None, written), "")


def _add_numbers(item: dict[str, Any], entry: Entry) -> None:
    """Add the number of an issue, in a series, or of the work; and the part of a volume."""
    fields = entry.fields
    if fields.get("number"):
        variable = "number"
        if item["type"] in ISSUES:
            variable = "issue"
        elif fields.get("series"):
            variable = "collection-number"
        item[variable] = csl_text(fields["number"])
        whole = fields.get("issue", "")
        if variable == "issue" and whole != fields["number"]:
            item[variable] += f", {csl_text(whole)}" if whole else ""
    if fields.get("part") and "volume" in item:
        item["volume"] += f".{fields['part']}"


def _type(written: str, entry: Entry) -> str:
    if written == "article" and entry.fields.get("entrysubtype") in {"magazine", "newspaper"}:
        return f"article-{entry.fields['entrysubtype']}"
    if written == "misc" or written not in TYPES:
        if entry.fields.get("eprint"):
            return "article"
        return "webpage" if entry.fields.get("url") else "document"
    if written == "inbook" and not entry.fields.get("booktitle"):
        return "book"
    return TYPES[written]


def _names(entry: Entry) -> Iterator[tuple[str, list[dict[str, str]]]]:
    for variable, role in NAMES.items():
        if persons := entry.persons.get(role):
            yield variable, [name for person in persons for name in _name(person)]


def _name(person: Person) -> Iterator[dict[str, str]]:
    """Yield a name, and one that stands for others if they are not named."""
    last = " ".join(person.last_names)
    given = " ".join([*person.first_names, *person.middle_names])
    if last == "others" and not given:
        yield {"literal": OTHERS}
        return
    particle, suffix = " ".join(person.prelast_names), " ".join(person.lineage_names)
    if last.startswith("{") and not (given or particle or suffix):
        yield {"literal": csl_text(last)}
    else:
        parts = {
            "family": last, "given": given, "non-dropping-particle": particle, "suffix": suffix
        }  # fmt: skip
        yield {part: csl_text(words) for part, words in parts.items() if words}


def _dates(entry: Entry) -> Iterator[tuple[str, dict[str, Any]]]:
    fields = entry.fields
    for variable, name in DATES.items():
        if fields.get(name):
            yield variable, _date(fields[name])
    if not fields.get("date") and fields.get("year"):
        # A day has a field of its own, or stands beside the name of the month.
        named = f"{fields.get('day', '')} {fields.get('month', '')}".lower()
        month, day = re.search(r"[^\W\d]{3}", named), DAY.search(named)
        # A style adds the letters of two works of one year.
        text = re.sub(r"^(\d{4})[a-z]$", r"\1", csl_text(fields["year"].strip("{} ")))
        if text.strip("[]()").lower() in {"n.d.", "n. d.", "no date", "s.d.", "s. d.", "o. j."}:
            return  # Each style has words for that.
        years = YEARS.fullmatch(text)
        if not years or not int(years[2]):
            yield "issued", {"literal": text}
            return
        parts = [[int(year)] for year in years.group(2, 3) if year]
        if month and month[0] in MONTHS:
            parts[0] += [MONTHS.index(month[0]) + 1, *([int(day[0])] if day else [])]
        is_circa = {"circa": True} if years[1] or years[4] else {}
        yield "issued", {"date-parts": parts, **is_circa}


def _date(text: str) -> dict[str, Any]:
    """Return a date or a range of BibLaTeX (EDTF, ISO 8601-2) in CSL-JSON."""
    parts: list[list[int]] = []
    date: dict[str, Any] = {"date-parts": parts}
    for one in text.split("/"):
        parsed = parse_extended_date(one.strip())
        if parsed is None:
            continue
        day = re.fullmatch(r"-?\d{4}-\d\d?-(\d\d?).*", one.strip())
        is_season = parsed.month > 12
        month = [parsed.month] if parsed.month and not is_season else []
        parts.append([parsed.year, *month, *([int(day[1])] if day and month else [])])
        if is_season and len(parts) == 1:
            date["season"] = parsed.month - 20
        if parsed.is_uncertain:
            date["circa"] = True
    return date if parts else {"literal": csl_text(text)}


def _add_genre(item: dict[str, Any], written: str, entry: Entry) -> None:
    """Say what kind of thesis or report it is."""
    genre = item.pop("genre", "")
    if item["type"] in {"thesis", "report", "patent", "manuscript"}:
        kind = entry.type if written == "thesis" else written
        genre = genre or (KINDS[kind] if kind in THESES else "")
        item.update({"genre": genre} if genre else {})


def _add_preprint(item: dict[str, Any], entry: Entry) -> None:
    """Say on which server a preprint is, and where."""
    fields = entry.fields
    eprint = fields.get("eprint", "")
    server = fields.get("archiveprefix", "arXiv")
    if eprint and server == "arXiv":
        item.setdefault("URL", f"https://arxiv.org/abs/{eprint}")
    if eprint and not item.get("container-title"):
        item.setdefault("publisher", server)
        item.setdefault("number", f"{server}:{eprint}")
