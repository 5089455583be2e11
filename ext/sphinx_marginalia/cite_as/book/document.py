"""YAML with its lines: each value, where it stands, and how it was written. Pure.

Values alone are not enough for a ``CITATION.cff``: a message needs a line; ``version: 1.10`` is the
version 1.10 and not the number 1.1; of a key that stands twice YAML keeps one without a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sphinx_marginalia.cite_as.book.faults import Fault, shown

if TYPE_CHECKING:
    from yaml import MappingNode, MarkedYAMLError, Node, ScalarNode

#: The way to a value: keys, and places in lists from 0.
Path = tuple[str | int, ...]

#: More than any file written by hand has. Aliases of aliases make millions of a few lines.
MOST_VALUES = 20_000
#: What YAML's resolver makes other values of; all else, dates too, stays text.
CONVERTED = {f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null")}
#: What to do about the messages of the YAML library that tell it least.
REMEDIES = (
    ("mapping values are not allowed", "put a text that holds a colon in quotes"),
    ("cannot start any token", "indent with spaces, and put a text in quotes if it starts so"),
    ("could not find expected ':'", "after a key there must be a colon and a space"),
    ("expected <block end>", "check the indentation, and the quotes before this line"),
    ("unexpected end of stream", "close the quotation mark or bracket"),
    ("another document", "take out the line '---' between two documents"),
    ("undefined alias", "put a text that starts with * in quotes"),
)


class Document(NamedTuple):
    """What a YAML file says."""

    value: Any = None
    #: The line of each value from 1; of a value with a key, the line of the key.
    lines: dict[Path, int] = {}
    #: Each scalar as it is written, without its quotes.
    texts: dict[Path, str] = {}
    faults: tuple[Fault, ...] = ()

    def line(self, path: Path) -> int:
        """Return the line of the value at *path*, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str) -> Document:
    """Return what the YAML *text* says.

    :raises ImportError: when PyYAML is not installed.
    """
    import yaml  # noqa: PLC0415 (only who has a CITATION.cff needs it)

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return Document(faults=(_unreadable(error),))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        # Of a text it is a number, whatever its type says.
        message = f"the character U+{int(error.character):04X} is not allowed in YAML; delete it"
        return Document(faults=(Fault(message, line),))
    except RecursionError:
        return Document(faults=(Fault("lists in lists in lists: too deep to read", 1),))
    if root is None:
        return Document(faults=(Fault("the file is empty", 1),))
    walk = _Walk()
    value = walk.value(root, (), ())
    return Document(value, walk.lines, walk.texts, tuple(walk.faults))


def _unreadable(error: MarkedYAMLError) -> Fault:
    """Reword what the YAML library says of a *text* that is not YAML."""
    problem = error.problem or "unknown error"
    mark = error.problem_mark or error.context_mark
    # An open quotation mark is noticed at the end of the file, and must be closed where it stands.
    if "end of stream" in problem and error.context_mark:
        mark = error.context_mark
    remedy = next((remedy for sign, remedy in REMEDIES if sign in problem), "")
    message = f"this is not YAML: {problem}" + (f"; {remedy}" if remedy else "")
    return Fault(message, mark.line + 1 if mark else 1)


class _Walk:
    """Turn nodes of YAML into values, and note where they stand."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.texts: dict[Path, str] = {}
        self.faults: list[Fault] = []
        self.count = 0

    def value(self, node: Node, path: Path, around: tuple[Node, ...]) -> Any:
        """Return the value of *node*, which stands in the nodes *around* it."""
        import yaml  # noqa: PLC0415

        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self.count += 1
        if any(node is outer for outer in around):
            self.faults.append(Fault("this alias (*) refers to what it stands in", line))
            return None
        if self.count > MOST_VALUES:
            if self.count == MOST_VALUES + 1:
                self.faults.append(Fault(f"the file has more than {MOST_VALUES} values", line))
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path, (*around, node))
        if isinstance(node, yaml.SequenceNode):
            items = enumerate(node.value)
            return [self.value(item, (*path, place), (*around, node)) for place, item in items]
        return self.scalar(cast("ScalarNode", node), path)

    def mapping(self, node: MappingNode, path: Path, around: tuple[Node, ...]) -> dict[str, Any]:
        """Return the values of a *node* with keys, the first where a key stands twice."""
        values: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key.value, str):
                self.faults.append(Fault("a key must be a text, not a list", line))
            elif key.value in values:
                first = self.lines[*path, key.value]
                message = f"the key {shown(key.value)} stands twice, first in line {first}"
                self.faults.append(Fault(f"{message}; delete one of the two", line))
            else:
                self.lines[*path, key.value] = line
                values[key.value] = self.value(item, (*path, key.value), around)
        return values

    def scalar(self, node: ScalarNode, path: Path) -> Any:
        """Return a text, or the number, truth or nothing that YAML sees in it."""
        import yaml  # noqa: PLC0415

        self.texts[path] = node.value
        if node.tag not in CONVERTED:
            return node.value
        try:
            return yaml.safe_load(node.value)
        except (yaml.YAMLError, ValueError):
            return node.value
