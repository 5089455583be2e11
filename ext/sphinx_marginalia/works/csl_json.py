"""Describe an entry of BibTeX or BibLaTeX in CSL-JSON, the form that citation styles read. Pure.

The types, variables and the markup in texts are those of CSL 1.0.2 and its JSON schema
(https://docs.citationstyles.org, https://github.com/citation-style-language/schema). Which field
becomes which variable follows the BibLaTeX manual, section 2, and what pandoc and Zotero do.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.core.dates import parse_extended_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pybtex.database import Entry, Person

#: The type of CSL for each type of BibTeX and BibLaTeX.
TYPES = {
    **dict.fromkeys(("article", "suppperiodical"), "article-journal"),
    **dict.fromkeys(
        "book mvbook collection mvcollection reference mvreference proceedings mvproceedings "
        "manual".split(),
        "book",
    ),
    **dict.fromkeys("inbook incollection bookinbook suppbook suppcollection".split(), "chapter"),
    **dict.fromkeys(("inproceedings", "conference"), "paper-conference"),
    **dict.fromkeys(("thesis", "phdthesis", "mastersthesis"), "thesis"),
    **dict.fromkeys(("report", "techreport"), "report"),
    **dict.fromkeys(("online", "electronic", "www"), "webpage"),
    **dict.fromkeys(("artwork", "image"), "graphic"),
    **dict.fromkeys(("movie", "video"), "motion_picture"),
    **dict.fromkeys(("audio", "music"), "song"),
    **dict.fromkeys(("legal", "jurisdiction"), "legal_case"),
    "booklet": "pamphlet",
    "dataset": "dataset",
    "inreference": "entry-encyclopedia",
    "legislation": "legislation",
    "letter": "personal_communication",
    "patent": "patent",
    "performance": "performance",
    "periodical": "periodical",
    "review": "review",
    "software": "software",
    "standard": "standard",
    "unpublished": "manuscript",
}
#: The variables of CSL for fields whose text may have markup; the first field that is there counts.
TEXTS = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "collection-title": ("series",),
    "publisher": ("publisher", "school", "institution", "organization"),
    "publisher-place": ("address", "location"),
    "event-title": ("eventtitle",),
    "note": ("note",),
    "genre": ("type",),
    "version": ("version",),
    "title-short": ("shorttitle",),
}
#: The variables whose text is taken as it is.
VERBATIM = {
    "DOI": ("doi",),
    "URL": ("url",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "volume": ("volume",),
    "edition": ("edition",),
    "chapter-number": ("chapter",),
    "number-of-pages": ("pagetotal",),
    "number-of-volumes": ("volumes",),
    "language": ("langid", "language"),
}
NAMES = ("author", "editor", "translator")
DATES = {
    "issued": "date",
    "accessed": "urldate",
    "original-date": "origdate",
    "event-date": "eventdate",
}
#: The types whose ``number`` is an issue; that of others is the number of the work.
ISSUES = frozenset(("article-journal", "periodical", "review"))
GENRES = {
    "phdthesis": "Doctoral dissertation",
    "mastersthesis": "Master’s thesis",
    "mathesis": "Master’s thesis",
    "techreport": "",
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
#: The name that stands for the authors an entry does not name, until the entry is rendered.
OTHERS = "\ue000"

UNNAMED = re.compile(
    r',?"\},\{"t":"Space"\},(?:\{"t":"Str","c":"[^"]{1,4}"\},\{"t":"Space"\},)?'
    rf'\{{"t":"Str","c":"{OTHERS}\.?'
)

SPECIAL = re.compile(r"[\\{}$~`]|--|''")
TOKEN = re.compile(
    r"\$[^$]*\$|\\(?P<command>[a-zA-Z]+)\s*(?P<open>\{)?|\\.|[{}]|---?|``|''|[^\\{}$`'-]+|.",
    re.DOTALL,
)
#: Braces around a letter with an accent, which protect nothing.
ACCENT = re.compile(r"\{(\\(?:[^a-zA-Z\s]|[bcdHkrtuv](?![a-zA-Z]))\s*\{?\\?\w\}?)\}")
#: The markup of CSL for commands of LaTeX.
MARKUP = {
    **dict.fromkeys(("emph", "textit", "textsl", "mkbibemph"), ("<i>", "</i>")),
    **dict.fromkeys(("textbf", "mkbibbold"), ("<b>", "</b>")),
    **dict.fromkeys(("enquote", "mkbibquote"), ("“", "”")),
    "textsc": ('<span style="font-variant:small-caps;">', "</span>"),
    "textsuperscript": ("<sup>", "</sup>"),
    "textsubscript": ("<sub>", "</sub>"),
}
SIGNS = {"--": "–", "---": "—", "``": "“", "''": "”"}


def csl_text(text: str, *, is_title: bool = False) -> str:
    """Return the LaTeX in a field in the markup of CSL-JSON.

    :param is_title: keep what is in braces from a style that changes capitals
    """
    text = " ".join(text.split())
    if not SPECIAL.search(text):
        return text
    if "\\" in text:
        formulas = re.split(r"((?<!\\)\$[^$]*\$)", text)
        formulas[::2] = [_decoded(ACCENT.sub(r"\1", part)) for part in formulas[::2]]
        text = "".join(formulas)
    written: list[str] = []
    closing: list[str] = []
    for token in TOKEN.finditer(text.replace("~", "\xa0")):
        word = token[0]
        if token["open"]:
            before, after = MARKUP.get(token["command"], ("", ""))
            written.append(before)
            closing.append(after)
        elif word == "{":
            protect = is_title and not closing
            written.append('<span class="nocase">' if protect else "")
            closing.append("</span>" if protect else "")
        elif word == "}":
            written.append(closing.pop() if closing else "")
        elif word.startswith("\\"):
            written.append("" if token["command"] else word[1:])
        else:
            written.append(SIGNS.get(word, word))
    return "".join([*written, *reversed(closing)])


def _decoded(text: str) -> str:
    """Return *text* with letters and signs for the commands of LaTeX that write them."""
    # Imported here, to register the codec, because it is there only where pybtex is.
    import latexcodec  # noqa: F401, PLC0415

    decoded: str = codecs.lookup("ulatex").decode(text)[0]  # type: ignore[arg-type]  # its own
    return decoded


def with_others(rendered: str) -> str:
    """Return pandoc's JSON with “et al.” for the authors that an entry does not name.

    CSL has no word for them, so a name stands for them, behind a comma or a word such as “and”.
    """
    return UNNAMED.sub(r'"},{"t":"Space"},{"t":"Str","c":"et al.', rendered)


def csl_item(key: str, entry: Entry) -> dict[str, Any]:
    """Return *entry* as an item of CSL-JSON with the id *key*."""
    fields = entry.fields
    written = entry.original_type.lower()
    item: dict[str, Any] = {"id": key, "type": _type(written, entry)}
    for variable, names in TEXTS.items():
        if value := next((fields[name] for name in names if fields.get(name)), ""):
            item[variable] = csl_text(value, is_title=variable.endswith("title"))
    for variable, names in VERBATIM.items():
        if value := next((fields[name] for name in names if fields.get(name)), ""):
            item[variable] = re.sub(r"\\([_%&#{}~])", r"\1", value)
    if fields.get("pages"):
        item["page"] = re.sub(r"\s*[-–—]+\s*", "-", csl_text(fields["pages"]))
    if fields.get("number"):
        item["issue" if item["type"] in ISSUES else "number"] = csl_text(fields["number"])
    item.update(_names(entry))
    item.update(_dates(entry))
    _add_genre(item, written, entry)
    _add_preprint(item, entry)
    return item


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
    for role in NAMES:
        if persons := entry.persons.get(role):
            names = [name for person in persons for name in _name(person)]
            # BibTeX has one author for a book and its chapter, CSL two.
            yield role, names


def _name(person: Person) -> Iterator[dict[str, str]]:
    """Yield a name, and one that stands for others if they are not named."""
    last = " ".join(person.last_names)
    is_open = last.endswith(" et al.")
    last = last.removesuffix(" et al.")
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
    if is_open:
        yield {"literal": OTHERS}


def _dates(entry: Entry) -> Iterator[tuple[str, dict[str, Any]]]:
    fields = entry.fields
    for variable, name in DATES.items():
        if fields.get(name):
            yield variable, _date(fields[name])
    if not fields.get("date") and fields.get("year"):
        month = fields.get("month", "").strip().lower()[:3]
        text = fields["year"].strip("{} ")
        if not re.fullmatch(r"\d{4}", text):
            yield "issued", {"literal": csl_text(text)}
        else:
            number = MONTHS.index(month) + 1 if month in MONTHS else 0
            yield "issued", {"date-parts": [[int(text), *([number] if number else [])]]}


def _date(text: str) -> dict[str, Any]:
    """Return a date or a range of BibLaTeX (EDTF, ISO 8601-2) in CSL-JSON."""
    parts: list[list[int]] = []
    date: dict[str, Any] = {"date-parts": parts}
    for one in text.split("/"):
        parsed = parse_extended_date(one.strip())
        if parsed is None:
            continue
        day = re.fullmatch(r"-?\d{4}-\d{2}-(\d{2}).*", one.strip())
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
        kind = entry.type if written == "thesis" and not genre else written
        genre = GENRES.get(genre.lower(), genre) or GENRES.get(kind, "")
        item.update({"genre": genre} if genre else {})


def _add_preprint(item: dict[str, Any], entry: Entry) -> None:
    """Say on which server a preprint is, and where."""
    fields = entry.fields
    eprint = fields.get("eprint", "")
    if not eprint or item.get("container-title"):
        return
    server = fields.get("archiveprefix", "arXiv")
    item.setdefault("publisher", server)
    item.setdefault("number", f"{server}:{eprint}")
    if server == "arXiv":
        item.setdefault("URL", f"https://arxiv.org/abs/{eprint}")
