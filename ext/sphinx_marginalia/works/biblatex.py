"""Describe entries of BibLaTeX in the words of BibTeX, and fill in what they lack. Pure.

sphinxcontrib-bibtex formats entries with styles that know the types and fields of BibTeX
("BibTeXing", Patashnik 1988). An entry of another type would end the build, and one without a
required field would be replaced by an error. What BibLaTeX has is in its manual, version 3.20,
sections 2.1 to 2.4.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from sphinx_marginalia.core.dates import is_day, parse_extended_date
from sphinx_marginalia.core.diagnostics import did_you_mean, sentence
from sphinx_marginalia.works.addresses import write_addresses
from sphinx_marginalia.works.csl_terms import JOURNALS, KINDS
from sphinx_marginalia.works.inheritance import inherit, unknown_parents
from sphinx_marginalia.works.latex_text import bibtex_text
from sphinx_marginalia.works.left_out import PARTS, left_out

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from pybtex.database import Entry

    from sphinx_marginalia.core.dates import ExtendedDate

#: The fields that a style of BibTeX needs, by the types that it knows.
REQUIRED = {
    "article": "author title journal year",
    "book": "title publisher year",
    "booklet": "author title",
    "inbook": "title publisher year",
    "incollection": "author title booktitle year",
    "inproceedings": "author title booktitle year",
    "manual": "title",
    "mastersthesis": "author title school year",
    "misc": "",
    "online": "",
    "dataset": "",
    "patent": "",
    "software": "",
    "phdthesis": "author title school year",
    "proceedings": "title year",
    "techreport": "author title institution year",
    "unpublished": "author title note",
}
#: The type of BibTeX for each type of BibLaTeX.
TYPES = {
    **dict.fromkeys(("electronic", "www"), "online"),
    **dict.fromkeys("collection mvbook mvcollection mvreference reference".split(), "book"),
    **dict.fromkeys(("bookinbook", "suppbook", "suppcollection", "inreference"), "incollection"),
    **dict.fromkeys(("conference",), "inproceedings"),
    **dict.fromkeys(("mvproceedings",), "proceedings"),
    **dict.fromkeys(("suppperiodical", "review"), "article"),
    **dict.fromkeys(("report",), "techreport"),
    **dict.fromkeys(("thesis",), "phdthesis"),
    **dict.fromkeys(
        "artwork audio bibnote commentary image jurisdiction legal legislation letter movie music "
        "performance periodical set software standard video".split(),
        "misc",
    ),
}
#: The kinds of theses and reports that styles name without being told.
USUAL_KINDS = frozenset(("phdthesis", "mathesis", "mastersthesis", "techreport"))
#: The field of BibTeX for each field of BibLaTeX.
FIELDS = {
    "journaltitle": "journal",
    "location": "address",
    "annotation": "annote",
    "eprinttype": "archiveprefix",
    "eprintclass": "primaryclass",
    "issue": "number",
    "articleno": "eid",
    "maintitle": "series",
}
SEASONS = {21: "Spring", 22: "Summer", 23: "Autumn", 24: "Winter"}
MONTHS = (
    "January February March April May June July August September October November December".split()
)
#: A decade or a century (EDTF, unspecified digits), and what is between two years in LaTeX.
DECADE = re.compile(r"\A\d{2,3}X{1,2}\Z", re.IGNORECASE)
RANGE = re.compile(r"(?<=\d)\s*--+\s*(?=\d)")
#: A command of LaTeX around words, such as ``\\emph{…}``, which is markup in styles of CSL.
COMMAND = re.compile(r"\\[a-zA-Z]{2,}\s*\{")
#: What is before the name of a field that keeps what the field of that name no longer has.
WRITTEN = "written-"
#: The fields that braces protect nothing in; some databases write two pairs around every value.
NUMBERS = ("year", "month", "date", "urldate", "volume", "number", "pages")
#: The fields whose text is no LaTeX. In a date, ``%`` says that it is not certain.
VERBATIM = frozenset(
    "doi url eprint file crossref xdata keywords abstract date urldate origdate eventdate".split()
)


def entries_with_problems(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Translate all *entries*, and return what is wrong, by key."""
    for entry in entries.values():
        for name in [name for name, value in entry.fields.items() if not value.strip(" {}")]:
            del entry.fields[name]
        for name in NUMBERS:
            if match := re.fullmatch(r"\s*\{+([^{}]*)\}+\s*", entry.fields.get(name, "")):
                entry.fields[name] = match[1]
    unknown = {entry.key: unknown_parents(entry, entries) for entry in entries.values()}
    for entry in entries.values():
        inherit(entry, entries)
    wrong = {
        entry.key: sentence(*unknown[entry.key], "" if is_data(entry) else translate(entry))
        for entry in entries.values()
    }
    return {key: message for key, message in wrong.items() if message}


def is_data(entry: Entry) -> bool:
    """Return whether *entry* is no work, and only there for others to inherit."""
    return bool(entry.original_type.lower() == "xdata")


def translate(entry: Entry) -> str:
    """Describe *entry* in BibTeX's words, and return what is wrong with it, or an empty text."""
    kind, wrong, fields = entry.type.lower(), _set_type(entry), entry.fields
    _rename_fields(entry)
    write_addresses(fields)
    _say_publisher(entry, kind)
    wrong = sentence(wrong, _read_date(fields))
    _name_month(fields)
    _write_edition(fields)
    _simplify(entry)
    if not (entry.persons.get("author") or entry.persons.get("editor") or "title" in fields):
        # What cites it needs words for it.
        fields["title"] = entry.key
        wrong = sentence(
            wrong, f"@{kind} {entry.key!r} has no author, editor or title; its key is shown"
        )
    needed = REQUIRED[entry.type].split()
    missing = [name for name in needed if name not in fields and name not in entry.persons]
    is_book = entry.type in {"book", "inbook"}
    nameless = is_book and not {"author", "editor"} & {*entry.persons}
    if nameless or "author" in missing or "booktitle" in missing:
        _as_misc(entry)
    fields.update({name: "" for name in missing if name != "author"})
    note = fields.get("note", "")
    # An author may have written some of that.
    if rest := [sentence for sentence in left_out(entry) if sentence not in note]:
        fields.setdefault(f"{WRITTEN}note", note)
        fields["note"] = ". ".join(filter(None, (note.rstrip(". "), *rest)))
    if missing:
        lacks = " and no ".join(missing)
        wrong = sentence(wrong, f"@{kind} {entry.key!r} has no {lacks}; its place is left out")
    return wrong


def _set_type(entry: Entry) -> str:
    """Give *entry* a type of BibTeX, and return what is wrong with its own, or an empty text."""
    kind, wrong, fields = entry.type.lower(), "", entry.fields
    if kind not in REQUIRED and kind not in TYPES:
        hint = did_you_mean(kind, (*REQUIRED, *TYPES))
        wrong = f"@{kind} is no type of BibTeX or BibLaTeX; {hint or 'it is shown as @misc'}"
    entry.type = TYPES.get(kind, kind if kind in REQUIRED else "misc")
    written = fields.get("type", "").lower()
    if written in KINDS:
        fields[f"{WRITTEN}type"] = fields.pop("type")
        if written not in USUAL_KINDS:
            fields["type"] = KINDS[written]
    if entry.type == "phdthesis" and written in {"mathesis", "mastersthesis"}:
        entry.type = "mastersthesis"
    elif entry.type == "mastersthesis" and "type" in fields:
        # The template of that type does not show another kind.
        entry.type = "phdthesis"
    if entry.type == "inbook" and "booktitle" in fields:
        entry.type = "incollection"
    return wrong


def _simplify(entry: Entry) -> None:
    """Write texts and names without the commands that styles of BibTeX would print."""
    fields = entry.fields
    for name, value in [*fields.items()]:
        if name.lower() not in VERBATIM and not name.startswith(WRITTEN):
            fields[name] = bibtex_text(value)
            if COMMAND.search(value):
                fields.setdefault(f"{WRITTEN}{name}", value)
    for person in chain.from_iterable(entry.persons.values()):
        for part in PARTS:
            names = [bibtex_text(name) for name in getattr(person, part)]
            setattr(person, part, [name for name in names if name])


def _say_publisher(entry: Entry, kind: str) -> None:
    """Write publisher and numbers where types without required fields show them."""
    fields = entry.fields
    is_misc, how = kind == "misc", "howpublished" in fields
    if REQUIRED[entry.type] or (is_misc and how):
        return
    # Styles of CSL take this field of @misc for the publisher.
    names = [
        *("journal", "booktitle", "organization", "institution", "school"),
        "howpublished" if how else "publisher",
    ]
    if not is_misc:
        names = ["version", "journal", "volume", *names[1:], "number"]
    labels = {"version": "Version ", "volume": "volume "}
    if "journal" in fields:
        labels["number"] = "number "
    parts = [f"{labels.get(name, '')}{fields[name]}" for name in names if name in fields]
    if parts:
        fields["howpublished"] = ", ".join(parts)


def _as_misc(entry: Entry) -> None:
    """Make ``@misc`` of an entry that lacks what its type cannot do without."""
    fields = entry.fields
    names = ("journal", "booktitle", "school", "institution", "publisher")
    venue = next((fields[name] for name in names if fields.get(name)), "")
    places = [f"{name} {fields[name]}" for name in ("volume", "number", "pages") if name in fields]
    if venue:
        fields.setdefault("howpublished", ", ".join([venue, *places]))
    entry.type = "misc"


def _rename_fields(entry: Entry) -> None:
    fields = entry.fields
    for name, bibtex_name in FIELDS.items():
        if name in fields:
            fields.setdefault(bibtex_name, fields[name])
    journal = fields.get("journal", "").strip("{} ")
    fields.update({"journal": JOURNALS[journal]} if journal in JOURNALS else {})
    if "pages" in fields:
        fields["pages"] = re.sub(r"^\s*pp?\.\s*", "", fields["pages"])
    _join_titles(fields)
    publishers = [n for n in ("institution", "school", "organization", "publisher") if n in fields]
    for name in ("school", "institution"):
        if name in REQUIRED[entry.type].split() and publishers:
            fields.setdefault(name, fields[publishers[0]])


def _join_titles(fields: MutableMapping[str, str]) -> None:
    """Write titles with their subtitles and with what is added to them."""
    if "issuetitle" in fields and "title" in fields and "journal" not in fields:
        fields["journal"] = fields["title"]
        fields["title"] = fields.pop("issuetitle")
        fields["subtitle"] = fields.get("issuesubtitle", "")
    for whole in ("", "book", "journal", "main", "issue", "event"):
        name = whole if whole == "journal" else f"{whole}title"
        subtitle = fields.pop(f"{whole}subtitle", "")
        if name in fields and subtitle:
            if name == "title":
                fields.setdefault("shorttitle", fields[name])
            fields[name] = f"{fields[name]}: {subtitle}"
        addon = fields.pop(f"{whole}titleaddon", "")
        if name in fields and addon:
            fields[name] = f"{fields[name]}. {addon}"


def _read_date(fields: MutableMapping[str, str]) -> str:
    """Turn the date of BibLaTeX into a year and a month, and return what is wrong with it."""
    if "year" in fields and is_day(fields["year"]):
        fields.setdefault("date", fields.pop("year"))
    if parse_extended_date(fields.get("date", "")):
        fields.pop("year", None)  # as biber does, if both are there
    if "year" in fields or "date" not in fields:
        fields.update({"year": RANGE.sub("–", fields["year"])} if "year" in fields else {})
        return ""
    text = fields["date"] = DECADE.sub(_first_and_last_year, fields["date"])
    first, slash, last = (part.strip() for part in text.partition("/"))
    start, end = parse_extended_date(first), parse_extended_date(last)
    if not start and not end:
        fields["year"] = text
        is_word = not re.search(r"\d", text)
        return "" if is_word else f"{text!r} is no date; write date = {{2024-03-18}}, or the year"
    years = [_year(date) if date else "" for date in (start, end)]
    if slash and years[0] != years[1]:
        fields["year"] = "–".join(years)
        return ""
    fields["year"] = years[0]
    months = [date.month for date in (start, end) if date and date.month]
    if months:
        names = (SEASONS.get(month) or MONTHS[month - 1] for month in dict.fromkeys(months))
        fields["month"] = "–".join(names)
    return ""


def _first_and_last_year(decade: re.Match[str]) -> str:
    return "/".join(decade[0].upper().replace("X", digit) for digit in "09")


def _name_month(fields: MutableMapping[str, str]) -> None:
    """Write the name of a month for its number or its first letters."""
    word = fields.get("month", "").lower().rstrip(".")
    if word.isdecimal() and 1 <= int(word) <= len(MONTHS):
        fields["month"] = MONTHS[int(word) - 1]
    elif len(word) >= len("may"):
        # Some write “sept”.
        names = (month for month in MONTHS if month.lower().startswith(word.replace("sept", "sep")))
        fields["month"] = next(names, fields["month"])


def _write_edition(fields: MutableMapping[str, str]) -> None:
    """Write “2nd” for what may be “2” or “2nd edition”: styles add the word."""
    edition = re.sub(r"\s*\b(edition|ed\.?)$", "", fields.get("edition", ""), flags=re.IGNORECASE)
    if edition.isdecimal():
        fields[f"{WRITTEN}edition"] = edition
        ending = {"1": "st", "2": "nd", "3": "rd"}.get(edition[-1], "th")
        edition += "th" if edition[-2:] in {"11", "12", "13"} else ending
    if edition:
        fields["edition"] = edition


def _year(date: ExtendedDate) -> str:
    # The year 0 is 1 BCE (ISO 8601-1, section 4.3.2).
    year = str(date.year) if date.year > 0 else f"{1 - date.year} BCE"
    return f"c. {year}" if date.is_uncertain else year
