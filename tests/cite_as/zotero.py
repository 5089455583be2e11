"""What Zotero makes of a page: the rules of its "Embedded Metadata" translator.

Written from the behaviour of ``Embedded Metadata.js`` and ``RDF.js`` (github.com/zotero/translators,
2026-04-27) and of ``cleanAuthor`` (github.com/zotero/utilities), as far as a page of ours can set it
off. The translator itself can be run against a built site; this shows the same without a browser.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag

#: The prefixes of names that are read as RDF, without their addresses.
PREFIXES = {"bib", "bibo", "dc", "dcterms", "prism", "og", "article", "book", "eprints", "so"}
#: What a tag of Highwire says of the type.
TYPES = {
    "citation_journal_title": "journalArticle",
    "citation_technical_report_institution": "report",
    "citation_conference_title": "conferencePaper",
    "citation_inbook_title": "bookSection",
    "citation_book_title": "bookSection",
    "citation_dissertation_institution": "thesis",
}
OG_TYPES = {"website": "webpage", "book": "book"}


class Item(NamedTuple):
    """What is saved."""

    type: str
    title: str
    #: Family and given name; a name of one field has no given name.
    authors: tuple[tuple[str, str], ...]
    book: str
    date: str
    url: str
    edition: str
    publisher: str
    language: str
    doi: str
    rights: str
    isbn: str
    pdfs: tuple[str, ...]


def save(html: str, location: str = "https://example.org/here.html") -> Item:
    """Return what Zotero saves of the page *html* at the address *location*."""
    soup = BeautifulSoup(html, "html.parser")
    metas = [tag for tag in soup.select("head > meta") if tag.get("content")]
    facts = _rdf(metas)
    book = _highwire(metas, "citation_inbook_title")
    title = _highwire(metas, "citation_title") or facts.get("dc:title") or facts.get("og:title", "")
    canonical = soup.select_one('head > link[rel="canonical"]')
    return Item(
        type=_type(metas, facts),
        title=_without_end(title, book),
        authors=_authors(metas) or _dc_authors(metas),
        book=book,
        date=_highwire(metas, "citation_publication_date") or facts.get("dc:date", ""),
        url=_highwire(metas, "citation_public_url")
        or facts.get("og:url", "")
        or (str(canonical["href"]) if canonical else location),
        edition=facts.get("prism:edition", ""),
        publisher=_highwire(metas, "citation_publisher") or facts.get("dc:publisher", ""),
        language=_highwire(metas, "citation_language") or facts.get("dc:language", ""),
        doi=_highwire(metas, "citation_doi") or facts.get("dc:identifier.DOI", ""),
        rights=facts.get("dc:rights", ""),
        isbn=_isbn(facts.get("dc:identifier", "")),
        pdfs=tuple(str(tag["content"]) for tag in metas if _ends(tag, "citation_pdf_url"))[:1],
    )


def _names(tag: Tag) -> list[str]:
    """Return the names of a tag: several may stand in one attribute."""
    return str(tag.get("name") or tag.get("property") or "").split()


def _rdf(metas: list[Tag]) -> dict[str, str]:
    """Return the first value of each name that has a prefix, as ``dc:title``.

    Of a name with more than two parts the second can be the prefix; the first letter of what
    follows is a small one.
    """
    facts: dict[str, str] = {}
    for tag in metas:
        for name in _names(tag):
            parts = re.split("[.:_]", name)
            place = 1 if len(parts) > 2 and parts[1].lower() in PREFIXES else 0
            prefix = parts[place].lower()
            if prefix in PREFIXES:
                rest = name[sum(len(part) + 1 for part in parts[: place + 1]) :]
                facts.setdefault(f"{prefix}:{rest[:1].lower()}{rest[1:]}", str(tag["content"]))
    return facts


def _type(metas: list[Tag], facts: dict[str, str]) -> str:
    """Return the type: Highwire's, else that of RDF, else a guess."""
    names = [name[name.rfind("citation_") :] for tag in metas for name in _names(tag)]
    for name in reversed(names):
        if name in TYPES:
            return TYPES[name]
    stated = facts.get("bibo:type", "").lower()
    og = OG_TYPES.get(facts.get("og:type", ""), "")
    guess = "journalArticle" if "citation_title" in names else "webpage"
    return stated or og or guess


def _ends(tag: Tag, name: str) -> bool:
    return str(tag.get("name", "")).endswith(name)


def _highwire(metas: list[Tag], name: str) -> str:
    """Return the first value of a name that ends so, with its spaces made one."""
    return next((" ".join(str(tag["content"]).split()) for tag in metas if _ends(tag, name)), "")


def _authors(metas: list[Tag]) -> tuple[tuple[str, str], ...]:
    """Return the authors of ``citation_author``, of which a single one may be cut at a comma."""
    contents = [str(tag["content"]) for tag in metas if _ends(tag, "citation_author")]
    found: list[str] = []
    for content in contents:
        parts = re.split(r"\s*;\s*", content)
        if len(contents) == len(parts) == 1:
            between = re.split(r"\s*,\s*", content)
            if len(between) > 1 and " " in between[0] and " " in between[1]:
                parts = between
        for part in parts:
            name = part.strip(" ")
            # The same name twice in succession is one author.
            if re.search(r"[^\s,\-.;]", name) and name not in found[-1:]:
                found.append(name)
    return tuple(_cleaned(name) for name in found)


def _dc_authors(metas: list[Tag]) -> tuple[tuple[str, str], ...]:
    return tuple(_cleaned(str(tag["content"])) for tag in metas if "DC.creator" in _names(tag))


def _cleaned(author: str) -> tuple[str, str]:
    """Return the family and the given name of a text: at its comma, else at its last space."""
    inverted = "," in author
    author = re.sub(r"^[\s.,/\[\]:]+|[\s.,/\[\]:]+$", "", author)
    author = re.sub(r"\s+", " ", author, count=1)
    if inverted:
        author = re.sub(r"\.([^ ])", r". \1", author, count=1)
        family, _comma, rest = author.partition(",")
        given = rest.removeprefix(" ").partition(",")[0]
    else:
        given, _space, family = author.rpartition(" ")
    words = re.split(r"[\s.]+|(?=-)", given.strip())
    given = " ".join(f"{word}." if re.fullmatch("-?[A-ZЀ-Я]", word) else word for word in words)
    given = given.replace(" -", "-").strip()
    return (_in_case(family), _in_case(given)) if given else (family, "")


def _in_case(name: str) -> str:
    """Return a name that is all capitals or all small letters with capitals where words start."""
    return name.title() if name in {name.upper(), name.lower()} else name


def _without_end(title: str, book: str) -> str:
    """Return a title without the book's behind a dash or colon."""
    if not book:
        return title
    return re.sub(rf"\s*[-–—=_:|~#]\s*{re.escape(book)}\s*$", "", title, flags=re.IGNORECASE)


def _isbn(text: str) -> str:
    """Return ten digits that happen to be an ISBN (ISO 2108)."""
    for match in re.finditer(r"\b\d{9}[\dX]\b", text.replace("-", "")):
        digits = [10 if digit == "X" else int(digit) for digit in match[0]]
        if sum(digit * (10 - place) for place, digit in enumerate(digits)) % 11 == 0:
            return match[0]
    return ""
