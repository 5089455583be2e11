"""Read any file of BibTeX or BibLaTeX: a mistake in an entry loses no other. Pure.

pybtex stops at a repeated key, and an entry that is not closed takes all that follow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pybtex import errors
from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError
from pybtex.scanner import PrematureEOF
from sphinxcontrib.bibtex.bibfile import BibFile, get_mtime

from sphinx_marginalia.works.biblatex import entries_with_problems
from sphinx_marginalia.works.mentions import ENTRY, entry_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pybtex.database import BibliographyData, Entry

    #: A message, and where the thing is that it is about.
    Located = tuple[str, str]


class TolerantParser(Parser):  # type: ignore[misc]  # pybtex has no types
    """Reads what can be read, and collects what cannot."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.errors: list[Any] = []

    def handle_error(self, error: Any) -> None:
        """Collect an error of syntax: the entry keeps the fields before it.

        One that is not closed would take all that follow: reading goes on at the next line that
        begins an entry.
        """
        self.errors.append(error)
        if isinstance(error, PrematureEOF):
            scanner = error.parser
            if start := ENTRY.search(scanner.text, scanner.command_start + 1):
                error.lineno = scanner.text.count("\n", 0, scanner.command_start) + 1
                scanner.pos = start.start()
                scanner.lineno = scanner.text.count("\n", 0, scanner.pos) + 1


def read_file(parser: TolerantParser, file: Path) -> list[tuple[str, int]]:
    """Read a file with *parser*, and return what is wrong with it, each with its line."""
    with errors.capture() as captured:
        try:
            parser.parse_file(file)
        except (OSError, UnicodeDecodeError, PybtexError) as error:
            # For a missing file pybtex raises PybtexError.
            reason = "there is no such file" if not file.exists() else str(error)
            return [(f"the file cannot be read ({reason})", 1)]
    text = file.read_text(encoding=parser.encoding)
    wrong = [(_message(one), getattr(one, "lineno", None) or 1) for one in parser.errors]
    parser.errors.clear()
    for one in captured:
        message, line = str(one), 1
        if message.startswith("repeated bibliography entry: "):
            key = message.rpartition(": ")[2]
            starts = list(re.finditer(rf"@\w+\s*[{{(]\s*{re.escape(key)}\s*,", text, re.IGNORECASE))
            line = text.count("\n", 0, starts[-1].start()) + 1 if starts else 1
            message = f"there are two entries {key!r}; the first is used: give one another key"
        wrong.append((message, line))
    return wrong


def _message(error: Exception) -> str:
    """Return what is wrong, without the line, which is the place of the warning."""
    if isinstance(error, PrematureEOF):
        return "the entry that begins here is not closed; check its braces and quotation marks"
    return re.sub(r" in line \d+", "", str(error))


def read_files(
    files: Sequence[Path], encoding: str
) -> tuple[BibliographyData, dict[Path, BibFile], list[Located], dict[str, Located]]:
    """Read *files*, and translate their entries.

    :returns: the entries, the keys of each file, what could not be read with its place, and what is
        wrong with entries with its place, by key
    """
    parser, bibfiles, wrong = TolerantParser(encoding), {}, []
    for file in files:
        before = set(parser.data.entries)
        wrong += [(message, f"{file}:{line}") for message, line in read_file(parser, file)]
        keys = dict.fromkeys(key for key in parser.data.entries if key not in before)
        bibfiles[file] = BibFile(get_mtime(file), keys)
    problems = entries_with_problems(parser.data.entries)
    places = {}
    for file in files if problems else ():
        lines = entry_lines(file.read_text(encoding, errors="replace")) if file.is_file() else {}
        places.update({key: f"{file}:{lines.get(key, 1)}" for key in bibfiles[file].keys})
    located = {key: (message, places[key]) for key, message in problems.items()}
    return parser.data, bibfiles, wrong, located


def read_text(text: str) -> Mapping[str, Entry]:
    """Return the entries of the *text* of a file.

    :raises ValueError: it cannot be read
    """
    parser = TolerantParser("utf-8")
    with errors.capture():
        entries: Mapping[str, Entry] = parser.parse_string(text).entries
    if parser.errors:
        raise ValueError(str(parser.errors[0]))
    entries_with_problems(entries)
    return entries
