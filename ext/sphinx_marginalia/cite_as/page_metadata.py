"""What the front matter of a page says about citing it: authors, dates and DOI. Pure."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia.cite_as.options import CiteAsProblem
from sphinx_marginalia.cite_as.people import AUTHOR_KEYS, cff_name, entry_problems, find_doi, people
from sphinx_marginalia.core.dates import iso_date
from sphinx_marginalia.core.diagnostics import Diagnostic
from sphinx_marginalia.core.located import short_repr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinx_marginalia.cite_as.reference import Name

#: The keys that are read.
KEYS = ("author", "authors", "date", "updated", "doi")


class PageMetadata(NamedTuple):
    """What the front matter of a page says about citing it."""

    #: Empty where the authors of the book are those of the page.
    authors: tuple[Name, ...] = ()
    #: When it was published, and last changed: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    date: str = ""
    updated: str = ""
    #: Without ``https://doi.org/``.
    doi: str = ""
    #: What is wrong, at the lines of its keys.
    diagnostics: tuple[Diagnostic, ...] = ()


def read_page_metadata(values: Mapping[str, Any], lines: Mapping[str, int]) -> PageMetadata:
    """Return what the front matter of a page says; invalid values are left out.

    :param values: by key. In reStructuredText, lists and entries may be JSON. What Sphinx keeps as
        metadata of a page cannot be used: docutils has split ``authors`` at every comma.
    :param lines: the lines of the keys
    """
    reader = _Reader(lines)
    key = "author" if "author" in values and "authors" not in values else "authors"
    metadata = PageMetadata(
        authors=reader.authors(key, _decoded(values.get(key))),
        date=reader.text("date", values, iso_date, "a date, as 2026-11-23"),
        updated=reader.text("updated", values, iso_date, "a date, as 2026-11-23"),
        doi=reader.text("doi", values, find_doi, "as 10.5281/zenodo.1003150"),
    )
    date, updated = metadata.date, metadata.updated
    if date and updated and updated < date[: len(updated)]:
        reader.report("updated", f"updated {updated} is before date {date}")
    return metadata._replace(diagnostics=tuple(reader.diagnostics))


class _Reader:
    """Read values of front matter, and collect what is wrong with them."""

    def __init__(self, lines: Mapping[str, int]) -> None:
        self.lines = lines
        self.diagnostics: list[Diagnostic] = []

    def report(self, key: str, message: str) -> None:
        problem, line = CiteAsProblem.CITATION_METADATA, self.lines.get(key, 1)
        self.diagnostics.append(Diagnostic(problem, message, key, line))

    def text(
        self, key: str, values: Mapping[str, Any], valid: Callable[[str], str], rule: str
    ) -> str:
        """Return what *valid* makes of the value of *key*."""
        value = values.get(key)
        text = "" if value is None else str(value).strip()
        if text and not valid(text):
            self.report(key, f"{key} must be {rule}, not {short_repr(value)}")
        return valid(text)

    def authors(self, key: str, value: object) -> tuple[Name, ...]:
        if value is None:
            return ()
        entries = value if isinstance(value, list) else [value]
        alone = entries is not value
        return tuple(name for entry in entries for name in self._names(key, entry, alone))

    def _names(self, key: str, entry: object, alone: bool) -> tuple[Name, ...]:
        """Return the names in an *entry*: mostly one, but a text may contain several.

        In a list a comma is that of “Family, Given”; *alone*, it may separate two names.
        """
        if isinstance(entry, str) and entry.strip():
            names, doubts = people(entry, commas_between=alone)
            for doubt in doubts:
                self.report(key, f"{key}: {doubt}")
            return names
        if isinstance(entry, dict):
            return self._cff_entry(key, entry)
        expected = "a name, a list of names, or entries with family-names and given-names"
        self.report(key, f"{key} must be {expected}, not {short_repr(entry)}")
        return ()

    def _cff_entry(self, key: str, entry: dict[Any, Any]) -> tuple[Name, ...]:
        for _word, message in entry_problems(entry):
            self.report(key, f"{key}: {message}")
        texts = {word: self._text(key, word, entry.get(word)) for word in AUTHOR_KEYS}
        name = cff_name(texts)
        if name is None:
            hint = "write family-names and given-names, or name for an organisation"
            self.report(key, f"{key}: an entry has no name; {hint}")
        return () if name is None else (name,)

    def _text(self, key: str, word: str, value: object) -> str:
        if value is None or isinstance(value, str):
            return " ".join((value or "").split())
        self.report(key, f"{key}: {word} must be a text, not {short_repr(value)}")
        return ""


def _decoded(value: object) -> object:
    """Return the list or entry that *value* is as JSON, or *value*."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        with suppress(ValueError):
            return json.loads(value)
    return value
