"""The facts of one page: who wrote it, and when, where that is not as in the book. Pure."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia.cite_as.book import identifiers
from sphinx_marginalia.cite_as.book.faults import Fault, did_you_mean, shown
from sphinx_marginalia.cite_as.book.names import people
from sphinx_marginalia.cite_as.formats.reference import Name

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What an entry of authors can say, in the words of CFF 1.2.0; the rest of CFF's keys is ignored.
PARTS = ("family-names", "given-names", "name-particle", "name-suffix", "name", "alias")
FURTHER = ("orcid", "affiliation")
IGNORED = tuple("address city country email fax post-code region tel website".split())


class PageFacts(NamedTuple):
    """What the front matter of a page says about citing it."""

    #: Nobody where the authors of the book are those of the page.
    authors: tuple[Name, ...] = ()
    #: When it came out, and when it was last changed: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    date: str = ""
    updated: str = ""
    #: Without ``https://doi.org/``.
    doi: str = ""


def page_facts(values: Mapping[str, Any]) -> tuple[PageFacts, list[Fault]]:
    """Return the facts in the front matter of a page, and what is wrong with them.

    What cannot be read is left out; the rest stands. Lists and entries may be JSON, as MyST writes
    them into a doctree. (What Sphinx keeps as metadata of a page is no source: docutils has cut
    ``authors`` at every comma there, and has made the quotes of JSON curly.)
    """
    reader = _Reader()
    key = "author" if "author" in values and "authors" not in values else "authors"
    facts = PageFacts(
        authors=reader.authors(key, _decoded(values.get(key))),
        date=reader.date("date", values.get("date")),
        updated=reader.date("updated", values.get("updated")),
        doi=reader.doi(values.get("doi")),
    )
    if facts.date and facts.updated and facts.updated < facts.date[: len(facts.updated)]:
        reader.fault("updated", f"updated {facts.updated} is before date {facts.date}")
    return facts, reader.faults


class _Reader:
    """Take facts out of front matter, and note what cannot be taken."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, key: str, message: str) -> None:
        self.faults.append(Fault(message, key=key))

    def date(self, key: str, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, dt.date):
            return value.isoformat()[:10]
        text = str(value).strip()
        if not identifiers.date(text):
            self.fault(key, f"{key} must be a date, as 2026-11-23, not {shown(value)}")
        return identifiers.date(text)

    def doi(self, value: object) -> str:
        if value is None:
            return ""
        text = str(value).strip()
        if not identifiers.doi(text):
            self.fault("doi", f"doi must be as 10.5281/zenodo.1003150, not {shown(value)}")
        return identifiers.doi(text)

    def authors(self, key: str, value: object) -> tuple[Name, ...]:
        if value is None:
            return ()
        entries = value if isinstance(value, list) else [value]
        alone = not isinstance(value, list)
        return tuple(name for entry in entries for name in self.names(key, entry, alone))

    def names(self, key: str, entry: object, alone: bool) -> tuple[Name, ...]:
        """Return the names that one *entry* stands for: most are one, a text may be several.

        In a list a comma is that of “Family, Given”; *alone*, it may be between two names.
        """
        if isinstance(entry, str) and entry.strip():
            names, doubts = people(entry, commas_between=alone)
            for doubt in doubts:
                self.fault(key, f"{key}: {doubt}")
            return names
        if isinstance(entry, dict):
            return self.entry(key, entry)
        expected = "a name, a list of names, or entries with family-names and given-names"
        self.fault(key, f"{key} must be {expected}, not {shown(entry)}")
        return ()

    def entry(self, key: str, entry: dict[Any, Any]) -> tuple[Name, ...]:
        """Return the name in an *entry* that has the keys of CFF."""
        known = (*PARTS, *FURTHER, *IGNORED)
        for word in entry:
            if word not in known:
                hint = did_you_mean(str(word), known) or f"; use {', '.join((*PARTS, *FURTHER))}"
                self.fault(key, f"{key}: unknown key {word!r}{hint}")
        texts = {word: self.text(key, word, entry) for word in (*PARTS, *FURTHER)}
        texts["orcid"] = self.orcid(key, texts["orcid"])
        name = named(texts)
        if name is None:
            hint = "write family-names and given-names, or name for an organisation"
            self.fault(key, f"{key}: an entry without a name; {hint}")
        return () if name is None else (name,)

    def text(self, key: str, word: str, entry: dict[Any, Any]) -> str:
        value = entry.get(word)
        if value is None or isinstance(value, str):
            return " ".join((value or "").split())
        self.fault(key, f"{key}: {word} must be a text, not {shown(value)}")
        return ""

    def orcid(self, key: str, text: str) -> str:
        if text and not identifiers.orcid(text):
            form = "https://orcid.org/0000-0002-1825-0097"
            self.fault(key, f"{key}: orcid must be as {form}, not {shown(text)}")
        return identifiers.orcid(text)


def _decoded(value: object) -> object:
    """Return what *value* says as JSON, where it is the text of a list or an entry."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        with suppress(ValueError):
            return json.loads(value)
    return value


def named(texts: Mapping[str, str]) -> Name | None:
    """Return the name of a person or an entity in the keys of CFF, or nothing if there is none.

    Who has only one name, or only an alias, is known by that.
    """
    family, given, particle, suffix, name, alias = (texts.get(part, "") for part in PARTS)
    orcid, affiliation = identifiers.orcid(texts.get("orcid", "")), texts.get("affiliation", "")
    if not name and not (family and (given or particle or suffix)):
        name = family or " ".join(part for part in (given, particle, suffix) if part) or alias
    if name:
        return Name(literal=name, orcid=orcid, affiliation=affiliation)
    return Name(family, given, particle, suffix, "", orcid, affiliation) if family else None
