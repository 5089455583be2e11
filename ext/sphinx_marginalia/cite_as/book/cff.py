"""The facts of a book, from its ``CITATION.cff``. Pure: a text in, a record and faults out.

The format has no type "book" for what a repository holds, only software and dataset; that it is a
book is said under ``preferred-citation``. What stands there wins for title, authors, publisher and
DOI; version and date are those of the repository.
"""

from __future__ import annotations

import json
from pathlib import Path as File
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.cite_as.book import identifiers, wording
from sphinx_marginalia.cite_as.book.document import Document, parse
from sphinx_marginalia.cite_as.book.faults import Fault
from sphinx_marginalia.cite_as.book.page import FURTHER, PARTS, named

if TYPE_CHECKING:
    from sphinx_marginalia.cite_as.book.document import Path
    from sphinx_marginalia.cite_as.formats.reference import Name

SCHEMA = File(__file__).parent / "schema" / "cff-1.2.0.json"
MISSING = (
    'CITATION.cff cannot be {}: install what that needs, pip install "sphinx-marginalia[citing]"'
)
#: Where the citation of the book itself is.
PREFERRED: Path = ("preferred-citation",)
#: The types under ``preferred-citation`` that are a book.
BOOKS = ("book", "edited-work", "manual", "report", "thesis")


class Book(NamedTuple):
    """What there is to say of a whole book."""

    title: str
    authors: tuple[Name, ...] = ()
    #: As it is written: 1.10 is not 1.1.
    version: str = ""
    #: When this version was released: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, or nothing.
    date: str = ""
    publisher: str = ""
    #: Identifiers of SPDX with a space between; which of them to follow is the reader's choice.
    licence: str = ""
    #: Where the licence is, if it has no identifier.
    licence_url: str = ""
    #: Without ``https://doi.org/``.
    doi: str = ""
    #: The home of the book.
    url: str = ""
    #: The home of its sources.
    repository: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    #: A code of ISO 639, if the file says it.
    language: str = ""


def read(text: str) -> tuple[Book | None, list[Fault]]:
    """Return the book that the *text* of a ``CITATION.cff`` describes, and what is wrong in it.

    What has the wrong form is left out; the rest stands. There is no book without a title.
    """
    try:
        document = parse(text)
    except ImportError:
        return None, [Fault(MISSING.format("read"), 1)]
    faults = list(document.faults)
    if not faults or document.value is not None:
        faults += _checked(document)
    book = _Reader(document).book() if isinstance(document.value, dict) else None
    return book if book and book.title else None, sorted(faults, key=lambda fault: fault.line)


def _checked(document: Document) -> list[Fault]:
    """Return what the schema of the format finds wrong."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    try:
        return list(wording.faults(document, schema))
    except ImportError:
        return [Fault(MISSING.format("checked"), 1)]


class _Reader:
    """Take facts out of a document, whatever its values are."""

    def __init__(self, document: Document) -> None:
        self.document = document
        own = self.text(*PREFERRED, "type") in BOOKS
        #: Where to look for what the book says of itself: before what the repository says.
        self.places: tuple[Path, ...] = (PREFERRED, ()) if own else ((),)
        #: And the other way round, for what belongs to a release.
        self.released = self.places[::-1]

    def book(self) -> Book:
        """Return all facts."""
        repository = self.first("repository-code") or self.first("repository")
        return Book(
            title=self.first("title"),
            authors=next(filter(None, (self.names(place) for place in self.places)), ()),
            version=self.first("version", self.released),
            date=self.date(),
            publisher=self.text(*self.places[0], "publisher", "name"),
            licence=" ".join(self.several("license")),
            licence_url=identifiers.address(self.first("license-url")),
            doi=next(filter(None, (self.doi(place) for place in self.places)), ""),
            url=identifiers.address(self.first("url", self.released)),
            repository=identifiers.address(repository),
            abstract=self.first("abstract"),
            keywords=self.several("keywords"),
            language=next(iter(self.several("languages")), ""),
        )

    def value(self, path: Path) -> object:
        found = self.document.value
        for part in path:
            if isinstance(part, str) and isinstance(found, dict):
                found = found.get(part)
            elif isinstance(part, int) and isinstance(found, list):
                found = found[part]
            else:
                return None
        return found

    def text(self, *path: str | int) -> str:
        """Return a text or number as it is written, in one line; nothing for anything else."""
        value = self.value(path)
        if value is None or isinstance(value, bool | dict | list):
            return ""
        return " ".join(self.document.texts[path].split())

    def first(self, key: str, places: tuple[Path, ...] = ()) -> str:
        texts = (self.text(*place, key) for place in places or self.places)
        return next(filter(None, texts), "")

    def several(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list, or the one text that stands for it."""
        for place in self.places:
            path = (*place, key)
            value = self.value(path)
            count = len(value) if isinstance(value, list) else 0
            texts = [self.text(*path, number) for number in range(count)] or [self.text(*path)]
            if any(texts):
                return tuple(filter(None, texts))
        return ()

    def names(self, place: Path) -> tuple[Name, ...]:
        authors = self.value((*place, "authors"))
        count = len(authors) if isinstance(authors, list) else 0
        found = (
            named({part: self.text(*place, "authors", number, part) for part in (*PARTS, *FURTHER)})
            for number in range(count)
        )
        return tuple(name for name in found if name)

    def date(self) -> str:
        """Return when this version was released, as exactly as the file says."""
        for place in self.released:
            year, month = self.text(*place, "year"), self.text(*place, "month")
            for text in (
                self.text(*place, "date-released"),
                self.text(*place, "date-published"),
                f"{year:0>4}-{month:0>2}" if month else year,
            ):
                if date := identifiers.date(text):
                    return date
        return ""

    def doi(self, place: Path) -> str:
        """Return the DOI at *place*, or the first of its identifiers that is one."""
        identified = self.value((*place, "identifiers"))
        ways: list[Path] = [(*place, "doi")]
        ways += [
            (*place, "identifiers", number, "value")
            for number in range(len(identified) if isinstance(identified, list) else 0)
            if self.text(*place, "identifiers", number, "type") == "doi"
        ]
        return next(filter(None, (identifiers.doi(self.text(*way)) for way in ways)), "")
