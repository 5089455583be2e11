"""What can be wrong in the input, and how an author is told.

Each feature lists its problems in an enum of its own, with a sentence that documents each::

    class EpigraphProblem(Problem):
        EMPTY_EPIGRAPH = "An epigraph has no text. It is left out."

A warning has the type ``marginalia`` and the name of its member in lower case as subtype, so that a
project can suppress one kind: ``suppress_warnings = ["marginalia.empty_epigraph"]``. The file
``examples.toml`` beside the enum contains an example of each, which the documentation shows and the
tests build.
"""

from __future__ import annotations

import sys
import tomllib
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx.util import logging

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docutils import nodes

TYPE = "marginalia"

#: More choices than these are not listed in a message.
MOST_CHOICES = 10

logger = logging.getLogger(__name__)


class Example(NamedTuple):
    """A project with one mistake, which gives one warning."""

    #: The text of ``index.md``, and in which encoding it is saved.
    source: str = "# Distances"
    encoding: str = "utf-8"
    #: Values in ``conf.py``.
    config: Mapping[str, Any] = {}
    #: Further files of the project, by name.
    files: Mapping[str, str] = {}
    #: Files as they were at the last release, by name.
    released: Mapping[str, str] = {}


class Problem(Enum):
    """Base of the enums of problems. A value is the sentence that documents the problem."""

    @property
    def subtype(self) -> str:
        """The subtype of the warning."""
        return self.name.lower()

    @property
    def example(self) -> Example:
        """The example in ``examples.toml``."""
        folder = Path(str(sys.modules[type(self).__module__].__file__)).parent
        text = (folder / "examples.toml").read_text(encoding="utf-8")
        return Example(**tomllib.loads(text)[self.subtype])


class CoreProblem(Problem):
    """What features have in common."""

    OPTION_VALUE = (
        "An option in `conf.py` has an invalid value, or its name is misspelt. Its default is used."
    )
    DIRECTIVE_OPTION = (
        "An option of a directive is unknown, or its value is invalid. The option is left out."
    )
    OPEN_FENCE = (
        "A directive is not closed: it takes text that follows, or ends too early. The text is "
        "shown as Markdown reads it."
    )
    LOOKALIKE = (
        "A text looks like a directive or a role of these features, but is none. It is shown as it "
        "is written. A misspelt name is read as the one that it is most like."
    )
    SOURCE_ENCODING = (
        "A source file is not UTF-8. It is read as Windows-1252, or as UTF-16 if it begins as such."
    )
    EMPTY_LIST = "A list that is collected from other pages has no entries. It is left out."
    FILE_EXISTS = (
        "A generated file would replace a file of the site, or cannot be written or removed. A "
        "file of the site is kept. If a build wrote it, as when two builds ran at once or the site "
        "was copied without its hidden files, delete the output folder."
    )


class Diagnostic(NamedTuple):
    """Something wrong in the input."""

    problem: Problem
    #: What is wrong, and what to write instead.
    message: str
    #: The option, field or name that it is about, from which its line can be looked up.
    key: str = ""
    #: The line, counted from 1; 0 where it is unknown.
    line: int = 0
    #: The file, or the document; empty where the caller knows it.
    source: str = ""


def warn(
    problem: Problem,
    message: str,
    location: nodes.Node | tuple[str, int] | str | None,
) -> None:
    """Log *message* as a warning.

    :param location: a node, a document name with a line, or a text such as ``notes.yaml:3``
    """
    logger.warning("%s", message, type=TYPE, subtype=problem.subtype, location=location)


def closest(word: str, choices: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the choice most like *word*, or an empty text if none is like it.

    Case decides only between words that differ in nothing else, such as TeX's ``gamma`` and
    ``Gamma``: a word in other letters is the same mistake.

    :param cutoff: the least similarity, from 0 to 1, as :func:`difflib.get_close_matches` has it
    """
    by_lower: dict[str, list[str]] = {}
    for choice in choices:
        by_lower.setdefault(choice.lower(), []).append(choice)
    near = get_close_matches(word.lower(), by_lower, 1, cutoff)
    return get_close_matches(word, by_lower[near[0]], 1, 0)[0] if near else ""


def did_you_mean(word: str, choices: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return “did you mean 'x'?” for the choice :func:`closest` to *word*, or an empty text."""
    best = closest(word, choices, cutoff)
    # Not its repr, which would double a backslash.
    return f"did you mean '{best}'?" if best else ""


def suggestion(word: str, choices: Iterable[str]) -> str:
    """Return :func:`did_you_mean`, or else the list of *choices* if it is short."""
    choices = list(choices)
    listed = f"use one of {', '.join(choices)}" if 0 < len(choices) <= MOST_CHOICES else ""
    return did_you_mean(word, choices) or listed


def sentence(*parts: str) -> str:
    """Return the non-empty *parts* of a message joined by semicolons."""
    return "; ".join(part for part in parts if part)
