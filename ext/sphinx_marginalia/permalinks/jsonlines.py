"""JSON whose keys are known with their lines, and with those that come twice. Pure.

The standard library keeps the last of two equal keys and forgets lines. A record lost that way is a
broken promise that nobody sees.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,\n]')


class Pairs(list[tuple[str, Any]]):
    """The pairs of a JSON object, also those whose key comes again."""


class UnreadableError(ValueError):
    """The text is no JSON; the message says why."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def parse(text: str) -> Any:
    """Return the value that *text* is, with each object as :class:`Pairs`.

    :raises UnreadableError: it is no JSON, or none that can be held in memory
    """
    try:
        return json.loads(text, object_pairs_hook=Pairs)
    except json.JSONDecodeError as error:
        raise UnreadableError(f"{error.msg} (column {error.colno})", error.lineno) from error
    except RecursionError as error:
        raise UnreadableError("its brackets are nested too deeply") from error
    except ValueError as error:  # such as a number of ten thousand digits
        raise UnreadableError(str(error)) from error


def key_lines(text: str) -> dict[tuple[str, ...], list[int]]:
    """Return the lines of each key, by the keys that lead to it.

    :param text: valid JSON; a key that comes twice has two lines
    """
    found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    way: list[str] = []
    line, last, last_line = 1, "", 1
    for token in TOKEN.findall(text):
        if token == "\n":
            line += 1
        elif token in "{[":
            way.append("")
        elif token in "}]":
            way.pop()
        elif token == ":":
            way[-1] = json.loads(last)
            found[tuple(way)].append(last_line)
        elif token != ",":
            last, last_line = token, line
    return dict(found)
