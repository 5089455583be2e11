"""The file ``anchors.lock.json``: which names were ever published, and where they stood. Pure.

It is a JSON object of records by id, append-only and sorted, so that two branches that add names
merge without a conflict. People look at it in reviews and mend it by hand, so what cannot be read
is told with its line and never ends in a traceback.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.permalinks import jsonlines
from sphinx_marginalia.permalinks.faults import Fault, Kind, did_you_mean
from sphinx_marginalia.permalinks.jsonlines import Pairs
from sphinx_marginalia.permalinks.names import is_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: What the id of an old place is made of. Docutils writes some ids into pages as they are, so there
#: must be no sign in it that has a meaning in HTML or in an address.
ID = re.compile(r"[^\s\x00-\x1f\x7f\"<>&'`{}\\%#]+")
#: The name of the file, which lies beside ``conf.py``.
FILENAME = "anchors.lock.json"


class Heading(NamedTuple):
    """A heading as the build saw it."""

    #: Its permanent name, or nothing.
    id: str
    #: Every explicit id of the section; the first is ``id``, the others were kept beside it.
    names: tuple[str, ...]
    docname: str
    title: str
    #: 1 is the title of a page.
    level: int
    #: The path of its file, relative to the folder of ``conf.py``, and the line in it.
    source: str
    line: int
    #: The name as it was written, where docutils made another id of it: ``1st`` is ``st``.
    written: str = ""


class Record(NamedTuple):
    """One id that was published."""

    #: The last place it was known at: ``methods/sae#superposition``.
    at: str
    #: The version of the project in which it appeared first.
    first: str
    title: str
    #: Every old place, the oldest first.
    was: tuple[str, ...] = ()
    #: The id that took over, for a retired one.
    successor: str = ""
    #: Why it has no successor; its tombstone shows that.
    reason: str = ""

    @property
    def retired(self) -> bool:
        """Whether no heading needs to have this id any more."""
        return bool(self.successor or self.reason)

    @property
    def old_places(self) -> tuple[str, ...]:
        """Every place where it once stood and does not stand now."""
        if self.retired:
            return tuple(dict.fromkeys((*self.was, self.at)))
        return tuple(place for place in self.was if place != self.at)


def write(records: Mapping[str, Record]) -> str:
    """Return the text of the file: sorted, without empty fields, with a final newline."""
    shown = {
        name: {key: value for key, value in records[name]._asdict().items() if value}
        for name in sorted(records)
    }
    return json.dumps(shown, indent=2, ensure_ascii=False) + "\n"


def read_file(path: Path) -> tuple[dict[str, Record], list[Fault]]:
    """Return what :func:`read` finds in the file at *path*; nothing where there is none."""
    try:
        return read(path.read_bytes().decode())
    except FileNotFoundError:
        return {}, []
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return {}, [Fault(Kind.LOCK_FILE, f"{FILENAME} is not UTF-8: save it as UTF-8", line=line)]
    except OSError as error:
        return {}, [Fault(Kind.LOCK_FILE, f"{FILENAME} cannot be read: {error.strerror}")]


def read(text: str) -> tuple[dict[str, Record], list[Fault]]:
    """Return the records in *text*, and what is wrong in it, with lines.

    Where there are faults, the records are what could be understood: never write those back.
    """
    text = text.removeprefix("\ufeff")
    reader = _Reader()
    try:
        value = jsonlines.parse(text)
        if not isinstance(value, Pairs):
            raise jsonlines.UnreadableError("it must be one object of records, { … }")
    except jsonlines.UnreadableError as error:
        message = f"{FILENAME} cannot be read: {error}; mend it, or take it back from git"
        return {}, [Fault(Kind.LOCK_FILE, message, line=error.line)]
    for name, record in value:
        reader.record(name, record)
    return reader.records, _located(reader.slips, text)


def lines(text: str) -> dict[str, int]:
    """Return the line at which each id's record begins, in a *text* without faults."""
    return {way[0]: found[0] for way, found in jsonlines.key_lines(text).items() if len(way) == 1}


def is_place(text: str) -> bool:
    """Return whether *text* is a place: a page of the site, ``#`` and an id on it."""
    page, _, fragment = text.rpartition("#")
    inside = not {"", ".", ".."}.intersection(page.split("/")) and "\\" not in page
    return inside and page.isprintable() and ID.fullmatch(fragment) is not None


class _Slip(NamedTuple):
    """Something wrong at a key."""

    #: The id, and the key in its record where it is that which is wrong.
    way: tuple[str, ...]
    message: str
    #: Which of the equal keys it is.
    number: int = 0


def _located(slips: list[_Slip], text: str) -> list[Fault]:
    found = jsonlines.key_lines(text) if slips else {}
    faults = []
    for way, message, number in slips:
        at = found.get(way, [1])
        faults.append(Fault(Kind.LOCK_FILE, message, way[0], line=at[min(number, len(at) - 1)]))
    return sorted(faults, key=lambda fault: fault.line)


class _Reader:
    """Take records out of JSON, and note what cannot be taken."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.slips: list[_Slip] = []
        self.name = ""

    def record(self, name: str, value: object) -> None:
        self.name = name
        if name in self.records:
            self.slips.append(_Slip((name,), f"{name!r} has two records: join them into one", 1))
            return
        if not is_name(name):
            self.slip("", "is no id: lower-case letters, digits and hyphens, a letter first")
            return
        if not isinstance(value, Pairs):
            self.slip("", f"must have a record, {{ … }}, not {_shown(value)}")
            return
        fields = self.fields(value)
        if not (at := self.at(fields)):
            return
        self.records[name] = Record(
            at=at,
            first=self.text(fields, "first"),
            title=self.text(fields, "title"),
            was=self.was(fields),
            successor=self.successor(fields),
            reason=self.text(fields, "reason"),
        )

    def slip(self, key: str, message: str) -> None:
        way = (self.name, key) if key else (self.name,)
        self.slips.append(_Slip(way, f"{self.name!r} {message}"))

    def fields(self, value: Pairs) -> dict[str, object]:
        """Return the fields of a record by name, without those that have no meaning."""
        fields: dict[str, object] = {}
        for key, field in value:
            if key in fields:
                message = f"{self.name!r} has {key!r} twice: keep one"
                self.slips.append(_Slip((self.name, key), message, 1))
            elif key not in Record._fields:
                hint = did_you_mean(key, Record._fields) or f"use {', '.join(Record._fields)}"
                self.slip(key, f"has the unknown key {key!r}; {hint}")
            else:
                fields[key] = field
        if fields.get("successor") and fields.get("reason"):
            self.slip("reason", "has a successor and a reason: keep one of them")
        return fields

    def text(self, fields: dict[str, object], key: str) -> str:
        value = fields.get(key, "")
        if isinstance(value, str) and _encodable(value):
            return value
        self.slip(key, f"has in {key!r} {_shown(value)}, and not a text")
        return ""

    def at(self, fields: dict[str, object]) -> str:
        if "at" not in fields:
            self.slip("", 'does not say where it is: add "at": "page#id"')
            return ""
        return self.place("at", fields["at"])

    def place(self, key: str, value: object) -> str:
        if isinstance(value, str) and _encodable(value) and is_place(value):
            return value
        self.slip(key, f'has in {key!r} {_shown(value)}, and not a place such as "page#id"')
        return ""

    def was(self, fields: dict[str, object]) -> tuple[str, ...]:
        value = fields.get("was", [])
        if isinstance(value, list) and not isinstance(value, Pairs):
            return tuple(filter(None, (self.place("was", item) for item in value)))
        self.slip("was", f"has in 'was' {_shown(value)}, and not a list of places")
        return ()

    def successor(self, fields: dict[str, object]) -> str:
        value = self.text(fields, "successor")
        if value and not is_name(value):
            self.slip("successor", f"has the successor {value!r}, which is no id")
        return value


def _encodable(text: str) -> bool:
    """Return whether *text* can be written; half of a surrogate pair cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _shown(value: object) -> str:
    """Return *value* as it stands in JSON, cut where it is long."""
    if isinstance(value, Pairs):
        return "an object"
    shown = json.dumps(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
