"""The book that a ``CITATION.cff`` describes. Pure: a text in, a record and diagnostics out.

CFF has no type "book" for what a repository contains, only software and dataset; that it is a book
is said under ``preferred-citation``. What is there is preferred for title, authors, publisher and
DOI; version and date are those of the repository.

Only what citations use is checked here. ``check-jsonschema`` has the whole schema of the format.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from sphinx_marginalia.cite_as.options import CiteAsProblem
from sphinx_marginalia.cite_as.people import AUTHOR_KEYS, cff_name, entry_problems, find_doi
from sphinx_marginalia.core.dates import iso_date, parse_date
from sphinx_marginalia.core.diagnostics import did_you_mean
from sphinx_marginalia.core.located import read_yaml, short_repr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.cite_as.reference import Name
    from sphinx_marginalia.core.diagnostics import Diagnostic
    from sphinx_marginalia.core.located import Path

#: Where the citation of the book itself is.
PREFERRED = ("preferred-citation",)
#: The types under ``preferred-citation`` that are a book.
BOOKS = ("book", "edited-work", "manual", "report", "thesis")
#: The keys of CFF 1.2.0, those that are read among them.
TEXTS = ("title", "version", "abstract")
URLS = ("url", "repository", "repository-code", "license-url")
DATES = ("date-released", "date-published")
KEYS = (
    *(*TEXTS, *URLS, DATES[0], "authors", "doi", "identifiers", "keywords", "license", *PREFERRED),
    *("cff-version", "commit", "contact", "message", "references", "repository-artifact", "type"),
)
URL = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


class Book(NamedTuple):
    """What citations say of a whole book."""

    title: str
    authors: tuple[Name, ...] = ()
    #: As it is written: 1.10 is not 1.1.
    version: str = ""
    #: When this version was released: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, or empty.
    date: str = ""
    publisher: str = ""
    #: Identifiers of SPDX, separated by spaces; readers choose which one they follow.
    licence: str = ""
    #: The address of the licence, if it has no identifier.
    licence_url: str = ""
    #: Without ``https://doi.org/``.
    doi: str = ""
    #: The home of the book.
    url: str = ""
    #: A code of ISO 639, if the file has one.
    language: str = ""


def read(text: str) -> tuple[Book | None, list[Diagnostic]]:
    """Return the book that the *text* of a ``CITATION.cff`` describes, and what is wrong in it.

    Invalid values are left out. Without a title there is no book.
    """
    reader = _Reader(text)
    book = reader.book() if isinstance(reader.file.value, dict) else None
    diagnostics = sorted(reader.file.diagnostics, key=lambda diagnostic: diagnostic.line)
    return book if book and book.title else None, diagnostics


class _Reader:
    """Read and check a file. Its sources are the top level, and ``preferred-citation``."""

    def __init__(self, text: str) -> None:
        self.file = read_yaml(text, CiteAsProblem.CITATION_FILE)
        if not isinstance(self.file.value, dict):
            if not self.file.diagnostics:
                self.file.report("CITATION.cff must consist of keys with values, as title: …")
            return
        for key in self.file.value.keys() - set(KEYS):
            hint = did_you_mean(key, KEYS) or "delete it, or write it under preferred-citation"
            self.file.report(f"unknown key {key}; {hint}", key)
        is_book = self._text(*PREFERRED, "type") in BOOKS
        #: Where to look for what the book is, in this order.
        self.sources: tuple[Path, ...] = (PREFERRED, ()) if is_book else ((),)
        #: And for what belongs to a release.
        self.released = self.sources[::-1]
        if not any(self.file.text(*source, "title") for source in self.sources):
            self.file.report("title is missing; write one", "title")

    def book(self) -> Book:
        """Return the book."""
        values: dict[str, Any] = {}
        for key in (*TEXTS, *URLS):
            own = self.released if key in {"version", "url"} else self.sources
            check = self._url if key in URLS else self._text
            values[key] = _first([check(*source, key) for source in own])
        authors = _first([self._authors(source) for source in self.sources]) or ()
        self._texts("keywords")  # only validated, like the abstract: no reference has them
        return Book(
            title=values["title"],
            authors=authors,
            version=values["version"],
            date=_first([self._date(source) for source in self.released]),
            publisher=self._text(*self.sources[0], "publisher", "name"),
            licence=" ".join(self._licences()),
            licence_url=values["license-url"],
            doi=_first([self._doi(source) for source in self.sources]),
            url=values["url"],
            language=_first(list(self._texts("languages"))),
        )

    def _text(self, *path: str | int) -> str:
        """Return a text or number as it is written."""
        value = self.file.get(*path)
        if isinstance(value, bool | dict | list):
            self.file.report(f"{_key(path)} must be a text, not {short_repr(value)}", *path)
        return self.file.text(*path)

    def _url(self, *path: str | int) -> str:
        text = self._text(*path)
        if text and not URL.fullmatch(text):
            message = f"{_key(path)} must be an address that begins with https://, not {text!r}"
            self.file.report(message, *path)
            return ""
        return text

    def _texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list, or one text."""
        for source in self.sources:
            path, value = (*source, key), self.file.get(*source, key)
            if key == "keywords" and isinstance(value, str):
                self.file.report(f"{_key(path)} must be a list, as [{value}]", *path)
            is_list = isinstance(value, list)
            paths = [(*path, index) for index in range(len(value))] if is_list else [path]
            if texts := tuple(filter(None, [self._text(*one) for one in paths])):
                return texts
        return ()

    def _licences(self) -> Iterator[str]:
        """Yield the licences, each an identifier or an expression of SPDX."""
        for text in self._texts("license"):
            try:
                yield canonicalize_license_expression(text)
            except InvalidLicenseExpression:
                rule = "an identifier of spdx.org/licenses, as CC-BY-4.0; if it has none, write"
                self.file.report(f"license must be {rule} license-url, not {text!r}", "license")

    def _authors(self, source: Path) -> tuple[Name, ...]:
        value = self.file.get(*source, "authors")
        rule = "a list of entries with family-names and given-names, or name for an organisation"
        if not isinstance(value, list):
            if value is not None or source == self.sources[-1]:
                self.file.report(f"{_key((*source, 'authors'))} must be {rule}", *source, "authors")
            return ()
        names = []
        for index in range(len(value)):
            path = (*source, "authors", index)
            entry = value[index] if isinstance(value[index], dict) else {}
            for key, message in entry_problems(entry):
                self.file.report(f"{_key(path)}: {message}", *path, key)
            name = cff_name({part: self._text(*path, part) for part in AUTHOR_KEYS})
            names += [name] if name else []
            if name is None:
                self.file.report(f"{_key(path)} has no name; authors must be {rule}", *path)
        return tuple(names)

    def _date(self, source: Path) -> str:
        """Return when this version was released, as exactly as *source* says."""
        for key in DATES:
            if text := self._text(*source, key):
                try:
                    return str(parse_date(text))
                except ValueError as error:
                    self.file.report(f"{_key((*source, key))}: {error}", *source, key)
        year, month = self._text(*source, "year"), self._text(*source, "month")
        date = iso_date(f"{year}-{month}" if month else year)
        if year and not date:
            self.file.report(f"{_key((*source, 'year'))}: there is no such month", *source, "year")
        return date

    def _doi(self, source: Path) -> str:
        """Return the DOI in *source*, or the first of its identifiers that is one."""
        identifiers = self.file.get(*source, "identifiers")
        paths: list[Path] = [(*source, "doi")]
        for index in range(len(identifiers) if isinstance(identifiers, list) else 0):
            path = (*source, "identifiers", index)
            paths += [(*path, "value")] if self.file.text(*path, "type") == "doi" else []
        for path in paths:
            if text := self._text(*path):
                if doi := find_doi(text):
                    return doi
                message = f"{_key(path)} must be a DOI, as 10.5281/zenodo.1003150, not {text!r}"
                self.file.report(message, *path)
        return ""


def _first(values: list[Any]) -> Any:
    return next(filter(None, values), "")


def _key(path: Path) -> str:
    """Return *path* for a message: “preferred-citation, authors, entry 2”."""
    return ", ".join(part if isinstance(part, str) else f"entry {part + 1}" for part in path)
