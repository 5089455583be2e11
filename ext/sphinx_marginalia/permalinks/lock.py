"""The lock file ``anchors.lock.json``: every anchor ever published, and where it was. Pure.

The file is a JSON object of records by anchor, sorted, each on a line of its own. Every record ends
with a comma, because a note follows the last one. So whatever lines git takes from two branches
(``merge=union``), the result is JSON, and what it lacks in order :func:`scan` makes up for. People
review the file and edit it by hand: whatever is wrong in it becomes a diagnostic with a line, never
a traceback.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia.core.diagnostics import Diagnostic, sentence, suggestion
from sphinx_marginalia.core.located import CONFLICT, json_lines, read_json, short_repr, unreadable
from sphinx_marginalia.permalinks.names import is_name
from sphinx_marginalia.permalinks.problems import PROGRAM, PermalinkProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

#: The name of the file, which is beside ``conf.py``.
FILENAME = "anchors.lock.json"
#: The characters of an id. docutils writes some ids into pages as they are, so a character with a
#: meaning in HTML or in an address is not allowed.
ID = re.compile(r"[^\s\x00-\x1f\x7f\"<>&'`{}\\%#]+")
#: The last key of the file, which is no anchor.
NOTE = "$note"
#: What may be between records after a merge.
GAP = re.compile(r"[\s,{}]*")
COLON = re.compile(r"\s*:\s*")
PROBLEM = PermalinkProblem.ANCHOR_LOCK_FILE


class Record(NamedTuple):
    """An anchor that was published."""

    #: Its last location: ``methods/sae#superposition``.
    at: str
    #: The version of the project in which it was new.
    first: str
    title: str
    #: Earlier locations, the oldest first.
    was: tuple[str, ...] = ()
    #: The anchor that replaces a retired one.
    successor: str = ""
    #: Why a retired anchor has no successor. Its old pages show this text.
    reason: str = ""
    #: The tag of the last release that has the text of an anchor with a reason.
    last: str = ""

    @property
    def retired(self) -> bool:
        """Whether no heading needs to have this anchor any more."""
        return bool(self.successor or self.reason)

    @property
    def old_locations(self) -> tuple[str, ...]:
        """The locations at which the anchor no longer is."""
        if self.retired:
            return self.locations
        return tuple(location for location in self.was if location != self.at)

    @property
    def locations(self) -> tuple[str, ...]:
        """All locations, each once."""
        return tuple(dict.fromkeys((*self.was, self.at)))


def write(records: Mapping[str, Record]) -> str:
    """Return the text of the lock file: sorted, without empty fields."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = [
        f"{encode(name)}: "
        + encode({key: value for key, value in records[name]._asdict().items() if value})
        for name in sorted(records)
    ]
    note = f"One record a line, which git can merge. Update with: {PROGRAM}"
    return "{\n" + "".join(f"{line},\n" for line in lines) + f'"{NOTE}": {encode(note)}\n}}\n'


def read_file(path: Path) -> tuple[dict[str, Record], list[Diagnostic]]:
    """Return what :func:`read` returns for the file at *path*; nothing where there is no file."""
    try:
        return read(path.read_bytes().decode())
    except FileNotFoundError:
        return {}, []
    except (OSError, UnicodeDecodeError) as error:
        reason, line = unreadable(error)
        return {}, [Diagnostic(PROBLEM, f"{FILENAME} {reason}", line=line)]


def read(text: str) -> tuple[dict[str, Record], list[Diagnostic]]:
    """Return the records in *text*, and what is wrong in it.

    With diagnostics, the records are only those that could be read: never write these back.
    """
    text = text.removeprefix("\ufeff")
    located = read_json(text, PROBLEM)
    can_mend = bool(located.diagnostics and any(scan(text) or []))
    mend = f"run {PROGRAM}, which keeps what both sides of a merge have"
    if located.diagnostics and located.value is None:
        remedy = f"correct it, or restore it with git checkout HEAD -- {FILENAME}"
        remedy, error = mend if can_mend else remedy, located.diagnostics[0]
        return {}, [error._replace(message=f"{FILENAME}: {error.message}; {remedy}")]
    if can_mend:
        located.diagnostics = [
            one._replace(message=f"{one.message}, or {mend}") for one in located.diagnostics
        ]
    if not isinstance(located.value, dict):
        message = f"{FILENAME} must be one object of records, {{ … }}"
        return {}, [Diagnostic(PROBLEM, message, line=1)]
    reader = _Reader()
    for name, value in located.value.items():
        if name != NOTE:
            reader.read(name, value)
    lines = json_lines(text) if reader.messages else {}
    for path, message in reader.messages:
        located.report(message, *path, line=lines.get(path, lines[path[:1]])[0])
    return reader.records, sorted(located.diagnostics, key=lambda diagnostic: diagnostic.line)


def scan(text: str) -> list[list[tuple[str, Record]]] | None:
    """Return the records of each side of a merge in *text*; an anchor can have several.

    Where there is no conflict, that is one side. Commas may be missing. ``None`` where there is
    anything that is neither a record nor one of git's marks.
    """
    try:
        return [list(_scan(side)) for side in _sides(text.removeprefix("\ufeff"))]
    except (ValueError, RecursionError):
        return None


def _scan(text: str) -> Iterator[tuple[str, Record]]:
    position = _after(GAP, text, 0)
    while position < len(text):
        name, position = DECODER.raw_decode(text, position)
        value, position = DECODER.raw_decode(text, _after(COLON, text, position))
        position = _after(GAP, text, position)
        if name != NOTE:
            reader = _Reader()
            reader.read(str(name), value)
            if reader.messages:
                raise ValueError(reader.messages[0][1])
            yield name, reader.records[name]


def _after(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else len(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, or raise an error where a key is there twice: one would be lost."""
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a key is there twice")
    return values


def _sides(text: str) -> list[str]:
    """Return what each side of a merge has; one text where there is no conflict."""
    if not CONFLICT.search(text):
        return [text]
    sides, side = {"<": "", ">": ""}, ""
    for line in text.split("\n"):
        if mark := CONFLICT.match(line):
            # What both had before, which some settings show, is in neither.
            side = {"<": "<", "|": "|", "=": ">", ">": ""}[mark[1]]
            continue
        for key in sides:
            if side in ("", key):
                sides[key] += f"{line}\n"
    return list(sides.values())


def locate(diagnostics: Sequence[Diagnostic], file: Path) -> list[Diagnostic]:
    """Return *diagnostics*, those that have no source at the lines of their records in *file*."""
    lines: Mapping[tuple[str | int, ...], list[int]] = {}
    if file.is_file() and not all(one.source or one.line for one in diagnostics):
        lines = json_lines(file.read_text("utf-8-sig"))
    return [
        one
        if one.source
        else one._replace(source=str(file), line=one.line or lines.get((one.key,), [0])[0])
        for one in diagnostics
    ]


def is_location(text: str) -> bool:
    """Return whether *text* is the name of a document, ``#`` and an id."""
    page, _, fragment = text.rpartition("#")
    inside = not {"", ".", ".."}.intersection(page.split("/")) and "\\" not in page
    return inside and page.isprintable() and ID.fullmatch(fragment) is not None


DECODER = json.JSONDecoder(object_pairs_hook=_unique)


class _Reader:
    """Make records of JSON values."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        #: Paths of keys, and what is wrong there.
        self.messages: list[tuple[tuple[str, ...], str]] = []
        self._name = ""

    def read(self, name: str, value: Any) -> None:
        """Add the record of *name*, unless it has no location."""
        self._name = name
        if not is_name(name):
            self._report("", "is not an anchor; use lower-case letters, digits and hyphens")
        elif not isinstance(value, dict):
            self._report("", f"must have a record, {{ … }}, not {short_repr(value)}")
        else:
            for key in value.keys() - set(Record._fields):
                hint = suggestion(key, Record._fields)
                self._report(key, sentence(f"has the unknown key {key!r}", hint))
            if value.get("successor") and value.get("reason"):
                self._report("reason", "has a successor and a reason; keep one of them")
            if at := self._location("at", value.get("at")):
                self.records[name] = Record(
                    at=at,
                    first=self._text("first", value),
                    title=self._text("title", value),
                    was=self._was(value.get("was", [])),
                    successor=self._text("successor", value),
                    reason=self._text("reason", value),
                    last=self._text("last", value),
                )

    def _report(self, key: str, message: str) -> None:
        path = (self._name, key) if key else (self._name,)
        self.messages.append((path, f"{self._name!r} {message}"))

    def _text(self, key: str, record: dict[str, Any]) -> str:
        value = record.get(key, "")
        if not isinstance(value, str) or not _is_encodable(value):
            self._report(key, f"must have a text in {key!r}, not {short_repr(value)}")
            return ""
        if key == "successor" and value and not is_name(value):
            self._report(key, f"has the successor {value!r}, which is not an anchor")
        return value

    def _location(self, key: str, value: Any) -> str:
        if isinstance(value, str) and _is_encodable(value) and is_location(value):
            return value
        what = "nothing" if value is None else short_repr(value)
        self._report(key, f'must have a location such as "page#id" in {key!r}, not {what}')
        return ""

    def _was(self, value: Any) -> tuple[str, ...]:
        if isinstance(value, list):
            return tuple(filter(None, (self._location("was", item) for item in value)))
        self._report("was", f"must have a list of locations in 'was', not {short_repr(value)}")
        return ()


def _is_encodable(text: str) -> bool:
    """Return whether *text* can be written; half of a surrogate pair cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in text)
