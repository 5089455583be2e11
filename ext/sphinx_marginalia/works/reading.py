"""Read any file of BibTeX or BibLaTeX: a mistake in an entry loses no other. Pure.

pybtex stops at a repeated key, and an entry that is not closed takes all that follow.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from pybtex import errors
from pybtex.bibtex.utils import split_name_list, split_tex_string
from pybtex.database import InvalidNameString
from pybtex.database.input.bibtex import DuplicateField, Parser, UndefinedMacro
from pybtex.scanner import PrematureEOF, TokenRequired
from sphinxcontrib.bibtex.bibfile import BibFile, get_mtime

from sphinx_marginalia.core.diagnostics import sentence
from sphinx_marginalia.works.biblatex import entries_with_problems, is_data
from sphinx_marginalia.works.latex_text import FORMULA
from sphinx_marginalia.works.left_out import CREDITS
from sphinx_marginalia.works.mentions import ENTRY, entry_starts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pybtex.database import BibliographyData, Entry

    #: A message, and where the thing is that it is about.
    Located = tuple[str, str]


BRACED = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
#: What is no part of a name, where it is in no braces: BibTeX reads it as one.
BETWEEN_NAMES = re.compile(
    r";|\s\\?&\s|,\s*(?:and\s|$)|^and\s|\band(?:\s+and\b|$)|\b[Ee]t\.?\s+al\b"
)
#: The fields whose value is names; pybtex knows the first two.
PERSONS = ("author", *CREDITS)
#: Signs of HTML, some of them in LaTeX: databases export the titles that they show on the web.
LESS = r"(?:<|\{?\\textless\}?(?:\{\})?\s*|\$(?:\\less|<)\$)"
MORE = LESS.replace("less", "greater").replace("<", ">").replace(r"\s*", "")
ENTITY = re.compile(r"\{?\\?&\}?(#?\w+)(?:;|\$\\mathsemicolon\$)")
#: Braces that a database has read as signs, and that only protect capitals: Google Scholar's, and
#: those of Mendeley and ScienceDirect, if there are words in them. A set has commas.
SIGNS_OF_BRACES = re.compile(r"\$\\\{\$(.*?)\$\\\}\$")
ESCAPED_BRACES = re.compile(r"(?:\{\\\{\}|\\\{)([A-Z][\w .-]+)(?:\{\\\}\}|\\\})")
#: A formula whose TeX has been taken for words and escaped, as Zotero does, and signs in it.
ESCAPED_FORMULA = re.compile(r"\\\$(?:\\\$)?((?:(?!\\\$).)*?\\textbackslash.*?)\\\$(?:\\\$)?")
ESCAPED_SIGN = re.compile(r"\{?\\textbackslash(?:\{\}|\s|\})?|\\([{}_^])(?:\{\})?")
#: The command of LaTeX for an element of HTML or JATS.
ELEMENTS = {
    **dict.fromkeys(("i", "em", "jats:italic"), "emph"),
    **dict.fromkeys(("b", "strong", "jats:bold"), "textbf"),
    **dict.fromkeys(("sub", "inf", "jats:sub"), "textsubscript"),
    **dict.fromkeys(("sup", "jats:sup"), "textsuperscript"),
    **dict.fromkeys(("sc", "scp", "jats:sc"), "textsc"),
}
ELEMENT = re.compile(
    rf"{LESS}({'|'.join(ELEMENTS)}){MORE}((?:(?!{LESS}/?\w).)*){LESS}/\1{MORE}",
    re.IGNORECASE | re.DOTALL,
)
#: Elements that say nothing about how words look.
TAG = re.compile(
    rf"{LESS}/?(?:(?:jats|ce|xocs|mml|m|sb):[\w-]+|tex(?:-math)?|inline-formula|span)"
    rf"(?:\s[^<>]*?)?{MORE}",
    re.IGNORECASE,
)
#: A name in Chinese, Japanese or Korean, whose parts stand in this order and without a blank.
EAST_ASIAN = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)\s*,\s*([^\x00-\u303f]+)")
#: What decides whether a ``%`` is in a value: braces, quotes, and the first line of an entry.
TOKEN = re.compile(
    r"^[^\S\n]*@[^\S\n]*\w+\s*[{(]|^[^\S\n]*@comment\b|[{}%\"]",
    re.MULTILINE | re.IGNORECASE,
)
NAMES = "write Family, Given, the word and between two names, and others for those not named"


class TolerantParser(Parser):  # type: ignore[misc]  # pybtex has no types
    """Reads what can be read, and collects what cannot."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding, person_fields=PERSONS)
        #: What is wrong with the text that was read last, each with its line.
        self.wrong: list[tuple[str, int]] = []
        #: The line of the entry that is used, by its key.
        self.lines: dict[str, int] = {}
        self._starts: dict[str, list[int]] = {}
        #: The fields and words of values that are in no braces, and no names of texts either.
        self._bare: list[tuple[str, str]] = []

    def parse_string(self, text: str) -> BibliographyData:
        """Read a text, and note where its entries start."""
        text = _without_comments(text)
        self.wrong, self._starts = [], {}
        for key, line in entry_starts(text):
            self._starts.setdefault(key, []).append(line)
        return super().parse_string(text)

    def handle_error(self, error: Any) -> None:
        """Collect an error of syntax: the entry keeps the fields before it.

        One that is not closed would take all that follow: reading goes on at the next line that
        begins an entry.
        """
        line = getattr(error, "lineno", None) or 1
        if isinstance(error, UndefinedMacro):
            self._bare.append((error.parser.current_field_name, error.args[0]))
        elif isinstance(error, PrematureEOF):
            scanner = error.parser
            if start := ENTRY.search(scanner.text, scanner.command_start + 1):
                line = scanner.text.count("\n", 0, scanner.command_start) + 1
                scanner.pos = start.start()
                scanner.lineno = scanner.text.count("\n", 0, scanner.pos) + 1
        self.wrong.append((_message(error), line))

    def process_entry(
        self, entry_type: str, key: str | None, fields: Sequence[tuple[str, Sequence[str]]]
    ) -> None:
        """Add an entry, and note what is wrong with it at its line."""
        if key is None:
            return  # That has been reported, and nothing can cite it.
        # An entry with a mistake in its first line may have no other line than that of the mistake.
        line = (self._starts.get(key) or [self.wrong[-1][1] if self.wrong else 1]).pop(0)
        self.lines.setdefault(key, line)
        before = len(self.wrong)
        with errors.capture() as captured:
            values = [(name, [self._value(name, parts)]) for name, parts in fields]
            super().process_entry(entry_type, key, values)
        self._bare.clear()
        repeated = [message for message, _line in self.wrong[before:]]
        self.wrong[before:] = [(text, line) for text in (*repeated, *map(_message, captured))]

    def _value(self, field: str, parts: Sequence[str]) -> str:
        """Return a value with its bare words, and with names as BibTeX has them."""
        bare = iter([word for name, word in self._bare if name == field])
        value = _repaired("".join(part or next(bare, "") for part in parts))
        if field in self.person_fields:
            value = " ".join(value.split())
            if between := BETWEEN_NAMES.search(BRACED.sub("", value)):
                message = f"{between[0].strip()!r} is read as part of a name in {field}; {NAMES}"
                self.wrong.append((message, 1))  # process_entry knows the line
            value = " and ".join(map(_name, split_name_list(value)))
        return value


def _without_comments(text: str) -> str:
    """Return *text* without what biber takes for comments: ``%`` outside values, and ``@comment``.

    pybtex would take them for a mistake, and the rest of the entry would be lost. Each line stays.
    """
    text += "\n"
    depth, is_quoted, end = 0, False, 0
    kept = []
    for token in TOKEN.finditer(text):
        sign = token[0]
        if token.start() < end:
            continue
        if sign.endswith(("{", "(")) and len(sign) > 1:
            depth, is_quoted = 1, False  # also behind an entry that is not closed
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(depth - 1, 0)
        elif sign == '"':
            is_quoted ^= depth == 1
        elif sign != "%" or (depth < 2 and not is_quoted):
            kept.append(text[end : token.start()])
            end = text.index("\n", token.end())
    return "".join([*kept, text[end:]])


def _repaired(text: str) -> str:
    """Return *text* with LaTeX for HTML in it, and with braces and TeX that became signs."""
    for _level in range(2):  # “&amp;ndash;”
        text = ENTITY.sub(_character, text)
    text = ESCAPED_FORMULA.sub(_formula, SIGNS_OF_BRACES.sub(r"{\1}", text))
    parts = FORMULA.split(text) if r"\{" in text else [text]
    parts[::2] = [ESCAPED_BRACES.sub(r"{\1}", part) for part in parts[::2]]
    text = "".join(parts)
    for _level in range(3):
        text = ELEMENT.sub(
            lambda element: f"\\{ELEMENTS[element[1].lower()]}{{{element[2]}}}", text
        )
    return TAG.sub("", text)


def _formula(escaped: re.Match[str]) -> str:
    tex = ESCAPED_SIGN.sub(lambda sign: sign[1] or "\\", escaped[1]).strip()
    return f"${tex}$" if tex.count("{") == tex.count("}") else escaped[0]


def _character(entity: re.Match[str]) -> str:
    character = html.unescape(f"&{entity[1]};")
    if character.endswith(";"):
        return entity[0]
    return f"\\{character}" if character in "&%$#_{}" else character


def _name(written: str) -> str:
    """Return a name that is written with keys, as BibLaTeX allows, as BibTeX has it.

    DBLP numbers people of one name: the number is no part of it.
    """
    written = re.sub(r"(?<=\w)\s+0\d{3}$", "", written)
    if parts_of_name := EAST_ASIAN.fullmatch(written):
        return "".join(parts_of_name.groups())
    parts = [part.partition("=") for part in split_tex_string(written, ",")]
    names = {key.strip().lower(): value.strip(' "') for key, _equals, value in parts}
    if "family" not in names:
        return written
    family = f"{names.get('prefix', '')} {names['family']}".strip()
    rest = [names[key] for key in ("suffix", "given") if names.get(key)]
    return ", ".join([family, *rest]) if rest else f"{{{family}}}"


def read_file(parser: TolerantParser, file: Path) -> list[tuple[str, int]]:
    """Read a file with *parser*, and return what is wrong with it, each with its line."""
    wrong = []
    try:
        content = file.read_bytes()
        text = content.decode(parser.encoding)
    except UnicodeDecodeError as error:
        text = content.decode("latin-1")
        message = (
            f"this line is not in {parser.encoding}, so the file is read as latin-1: save it as "
            "UTF-8, or set bibtex_encoding"
        )
        wrong.append((message, content.count(b"\n", 0, error.start) + 1))
    except (OSError, LookupError) as error:
        reason = "there is no such file" if not file.exists() else str(error)
        return [(f"the file cannot be read ({reason})", 1)]
    parser.parse_string(re.sub(r"\r\n?", "\n", text))
    return wrong + parser.wrong


def _message(error: Exception) -> str:
    """Return what is wrong and what to write, without the line, where the warning is."""
    message = re.sub(r" in line \d+", "", str(error))
    subject = message.rpartition(": ")[2]
    if isinstance(error, PrematureEOF):
        return "the entry that begins here is not closed; check its braces and quotation marks"
    if isinstance(error, UndefinedMacro):
        return f"{subject} is in no braces: write {{{subject}}}, or define it with @string"
    if message.startswith("repeated bibliography entry: "):
        return f"there are two entries {subject!r}; the first is used: give one another key"
    more = {
        DuplicateField: "the first is used",
        InvalidNameString: NAMES,
        TokenRequired: "the rest of the entry is left out: check its key, the commas "
        "between fields and the braces around values",
    }
    return sentence(message, more.get(type(error), ""))


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
    files_of = {key: file for file, bibfile in bibfiles.items() for key in bibfile.keys}
    located = {
        key: (message, f"{files_of[key]}:{parser.lines[key]}") for key, message in problems.items()
    }
    for key in [key for key, entry in parser.data.entries.items() if is_data(entry)]:
        del parser.data.entries[key], bibfiles[files_of[key]].keys[key]
    return parser.data, bibfiles, wrong, located


def read_text(text: str) -> Mapping[str, Entry]:
    """Return the entries of the *text* of a file.

    :raises ValueError: it cannot be read
    """
    parser = TolerantParser("utf-8")
    entries: Mapping[str, Entry] = parser.parse_string(text).entries
    if parser.wrong:
        raise ValueError(parser.wrong[0][0])
    entries_with_problems(entries)
    return entries
