"""YAML and JSON as values that know their lines. Pure.

Values alone are not enough for files that people write. A message needs a line; ``version: 1.10``
is the version 1.10 and not the number 1.1; of a key that is there twice, YAML and JSON keep one
without a word. Deep nesting, huge numbers, impossible dates and aliases that multiply end in a
message, never in an error of the library.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

import yaml

from sphinx_marginalia.core.diagnostics import Diagnostic

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from sphinx_marginalia.core.diagnostics import Problem

#: The path to a value: keys, and indices of lists.
Path = tuple[str | int, ...]

#: More than any file written by hand has. Aliases of aliases make millions from a few lines.
MOST_VALUES = 20_000
#: More than any file written by hand has. Each level costs the YAML library some of Python's stack.
DEEPEST = 60
#: Digits of the longest whole number; Python refuses to convert thousands of them.
LONGEST_NUMBER = 30
#: The tags whose values are converted; all other scalars, dates too, stay text.
CONVERTED = {f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null")}
#: What to do about the least helpful messages of the YAML library.
REMEDIES = (
    ("mapping values are not allowed", "put a text that contains a colon in quotes"),
    ("cannot start any token", "indent with spaces, and put a text in quotes if it starts so"),
    ("could not find expected ':'", "write a colon and a space after a key"),
    ("expected <block end>", "check the indentation, and the quotes before this line"),
    ("end of stream", "close the quotation mark or bracket"),
    ("expected ',' or", "close the bracket, or put a text that begins with one in quotes"),
    ("another document", "remove the line '---' between two documents"),
    ("undefined alias", "put a text that starts with * in quotes"),
    (
        "expected alphabetic or numeric",
        "put a text that starts with * or & in quotes, and begin the items of a list with -",
    ),
)
#: The messages about what is noticed lines later, and must be closed or completed where it begins.
NOTICED_LATER = ("end of stream", "expected ',' or", "expected ':'")
#: How git marks the sides of a conflict, and what they have in common.
CONFLICT = re.compile(r"^([<|=>])\1{6}(?!\1)[^\n]*$", re.MULTILINE)
#: What an escape such as ``\\ud800`` can put into a text, and no file or page can contain.
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,\n]')


class Located:
    """A value with the lines of its parts, and what is wrong with its syntax."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.value: Any = None
        #: The line of each value, from 1; of a value with a key, the line of the key.
        self.lines: dict[Path, int] = {}
        #: Each scalar as it is written, without quotes.
        self.texts: dict[Path, str] = {}
        self.diagnostics: list[Diagnostic] = []

    def line(self, *path: str | int) -> int:
        """Return the line of the value at *path*, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def get(self, *path: str | int) -> Any:
        """Return the value at *path*, or ``None``."""
        value = self.value
        for part in path:
            if isinstance(part, str) and isinstance(value, dict):
                value = value.get(part)
            elif isinstance(part, int) and isinstance(value, list) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def text(self, *path: str | int) -> str:
        """Return a scalar as it is written, on one line; empty for anything else."""
        value = self.get(*path)
        if value is None or isinstance(value, bool | dict | list):
            return ""
        return " ".join(self.texts.get(path, str(value)).split())

    def report(self, message: str, *path: str | int, line: int = 0) -> None:
        """Add a diagnostic at the line of the value at *path*, or at *line*."""
        key = path[0] if path and isinstance(path[0], str) else ""
        self.diagnostics.append(Diagnostic(self.problem, message, key, line or self.line(*path)))


class _Loader(yaml.SafeLoader):
    """Stops where values are nested too deeply, long before Python does: that takes seconds."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Return the next value."""
        self.depth += 1
        if self.depth > 2 * DEEPEST:
            raise RecursionError
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(text: str, problem: Problem, first_line: int = 1) -> Located:
    """Return what the YAML *text* says, with the first of two equal keys.

    :param problem: the problem of its diagnostics
    :param first_line: the line of the file that *text* starts on
    """
    located = Located(problem)
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        message, line = _yaml_message(error)
        if mark := CONFLICT.search(text):
            message = "this is a conflict of git; keep one side, and delete <<<, === and >>>"
            line = text.count("\n", 0, mark.start())
        located.report(message, line=line + first_line)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + first_line
        # For a text the library passes a number, whatever its type says.
        sign = f"U+{int(error.character):04X}"
        located.report(f"the character {sign} is not allowed in YAML; delete it", line=line)
    except RecursionError:
        message = "values are nested too deeply to be read; put a text that begins with [ in quotes"
        located.report(message, line=first_line)
    else:
        if root is not None:
            located.value = _YamlValues(located, first_line).value(root, (), ())
    return located


def read_yaml_file(file: pathlib.Path, problem: Problem) -> Located:
    """Return what the YAML *file* says, or why it cannot be read.

    :raises FileNotFoundError: there is no such file
    """
    try:
        return read_yaml(file.read_text(encoding="utf-8-sig"), problem)
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        reason, line = unreadable(error)
        located = Located(problem)
        located.report(f"the file {reason}", line=line)
        return located


def _yaml_message(error: yaml.MarkedYAMLError) -> tuple[str, int]:
    """Return what to say of a text that is not YAML, and the line, from 0."""
    problem = error.problem or "unknown error"
    mark = error.problem_mark or error.context_mark
    if any(sign in problem for sign in NOTICED_LATER):
        mark = error.context_mark or mark
    remedy = next((remedy for sign, remedy in REMEDIES if sign in problem), "")
    message = f"this is not YAML: {problem}" + (f"; {remedy}" if remedy else "")
    return message, mark.line if mark else 0


class _YamlValues:
    """Convert YAML nodes to values, and record where they are."""

    def __init__(self, located: Located, first_line: int) -> None:
        self.located = located
        self.first_line = first_line
        self.count = 0

    def value(self, node: yaml.Node, path: Path, around: tuple[yaml.Node, ...]) -> Any:
        """Return the value of *node*, which is within the nodes *around* it."""
        line = node.start_mark.line + self.first_line
        self.located.lines.setdefault(path, line)
        self.count += 1
        if any(node is outer for outer in around):
            self.located.report("this alias (*) refers to a value that contains it", line=line)
        elif len(around) > DEEPEST:
            self.located.report(f"values are nested more than {DEEPEST} deep", line=line)
        elif self.count > MOST_VALUES:
            if self.count == MOST_VALUES + 1:
                self.located.report(f"there are more than {MOST_VALUES} values", line=line)
        elif isinstance(node, yaml.MappingNode):
            return self.mapping(node, path, (*around, node))
        elif isinstance(node, yaml.SequenceNode):
            items = enumerate(node.value)
            return [self.value(item, (*path, index), (*around, node)) for index, item in items]
        else:
            return self.scalar(cast("yaml.ScalarNode", node), path)
        return None

    def mapping(
        self, node: yaml.MappingNode, path: Path, around: tuple[yaml.Node, ...]
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + self.first_line
            if not isinstance(key.value, str):
                self.located.report("a key must be a text, not a list", line=line)
            elif key.value in values:
                first = self.located.lines[*path, key.value]
                self.located.report(_duplicate(key.value, first), line=line)
            else:
                self.located.lines[*path, key.value] = line
                values[key.value] = self.value(item, (*path, key.value), around)
        return values

    def scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        text = self.located.texts[path] = NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", node.value)
        if other := NOT_TEXT.search(node.value):
            message = f"U+{ord(other[0]):04X} is not a character of text; delete its escape"
            self.located.report(message, line=node.start_mark.line + self.first_line)
        if node.tag not in CONVERTED or len(text) > LONGEST_NUMBER:
            return text
        try:
            return yaml.safe_load(text)
        except (yaml.YAMLError, ValueError):
            return text


def read_json(text: str, problem: Problem) -> Located:
    """Return what the JSON *text* says, with the first of two equal keys.

    The lines of keys are looked up only where something is wrong: a lock file has many.
    """
    located = Located(problem)
    has_duplicates = False

    def first_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal has_duplicates
        values = dict(pairs) | dict(reversed(pairs))
        has_duplicates |= len(values) < len(pairs)
        return values

    try:
        located.value = json.loads(text, object_pairs_hook=first_of_each)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg} (column {error.colno})"
        located.report(message, line=error.lineno)
    except RecursionError:
        located.report("values are nested too deeply to be read")
    except ValueError as error:  # such as a number of ten thousand digits
        located.report(f"this is not JSON: {error}")
    if has_duplicates and not located.diagnostics:
        for path, line, first in _json_keys(text):
            if first:
                located.report(_duplicate(path[-1], first), *path, line=line)
    return located


def json_lines(text: str) -> dict[Path, list[int]]:
    """Return the lines of each key in valid JSON, by path; a key that is there twice has two.

    Items of lists have no index here: the path of their keys has an empty text in its place.
    """
    lines: defaultdict[Path, list[int]] = defaultdict(list)
    for path, line, _first in _json_keys(text):
        lines[path].append(line)
    return dict(lines)


def _json_keys(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield the path and line of each key, and the line of the same key before it in its object."""
    path: list[str] = []
    objects: list[dict[str, int]] = []
    line, string, string_line = 1, "", 1
    for token in JSON_TOKEN.findall(text):
        if token == "\n":
            line += 1
        elif token in "{[":
            path.append("")
            objects.append({})
        elif token in "}]":
            path.pop()
            objects.pop()
        elif token == ":":
            path[-1] = json.loads(string)
            yield tuple(path), string_line, objects[-1].get(path[-1], 0)
            objects[-1].setdefault(path[-1], string_line)
        elif token != ",":
            string, string_line = token, line


def unreadable(error: OSError | UnicodeDecodeError) -> tuple[str, int]:
    """Return why a file cannot be read, as the end of a sentence, and at which line."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        return "is not UTF-8; save it as UTF-8", line
    return f"cannot be read: {error.strerror}", 1


def _duplicate(key: str, first: int) -> str:
    return f"the key {short_repr(key)} is there twice, first in line {first}; delete one of the two"


def short_repr(value: object, longest: int = 60) -> str:
    """Return *value* for a message: on one line, and cut where it is longer than *longest*."""
    text = repr(value)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
