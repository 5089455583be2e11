"""What the front matter of an article says, and what is wrong in it. Pure: values to records."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia.articles.problems import ArticleProblem
from sphinx_marginalia.core.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

#: From easy to hard.
DIFFICULTIES = ("beginner", "intermediate", "advanced")
#: A page with one of these is an article.
MARKS = ("difficulty", "block", "category", "order", "prerequisites")
#: Those that hold a list, and not a text.
LISTS = ("prerequisites", "glossary")
#: All that an article's front matter can say.
KEYS = (*MARKS, "title", "description", "glossary", "authors", "author", "date", "updated", "doi")


class Prerequisite(NamedTuple):
    """What to read first."""

    #: A document, a label, or an address, as written.
    target: str
    #: The text of the link; empty where the title of the target is shown.
    title: str


class Term(NamedTuple):
    """A word that an article explains."""

    term: str
    definition: str


class Article(NamedTuple):
    """The front matter of an article, as far as it could be read."""

    title: str = ""
    description: str = ""
    difficulty: str = ""
    block: str = ""
    category: str = ""
    order: int | None = None
    prerequisites: tuple[Prerequisite, ...] = ()
    glossary: tuple[Term, ...] = ()
    updated: str = ""
    #: The line of each key in its file.
    lines: tuple[tuple[str, int], ...] = ()
    #: Words to read, words in notes, lines of code.
    words: int = 0
    note_words: int = 0
    code_lines: int = 0

    def line(self, key: str) -> int:
        """Return the line of *key*, or the first."""
        return dict(self.lines).get(key, 1)


class Slip(NamedTuple):
    """Something wrong in the front matter."""

    problem: Problem
    message: str
    #: The key at whose line it is reported.
    key: str


def is_article(values: Mapping[str, Any]) -> bool:
    """Return whether the front matter with these *values* is that of an article."""
    return any(key in values for key in MARKS)


def read(values: Mapping[str, Any], lines: Mapping[str, int]) -> tuple[Article, list[Slip]]:
    """Return the article that *values* describe, and what is wrong with them.

    What has the wrong type is left out; the rest stands.
    """
    reader = _Reader(values)
    article = Article(
        title=reader.text("title"),
        description=reader.text("description"),
        difficulty=reader.difficulty(),
        block=reader.text("block"),
        category=reader.text("category"),
        order=reader.order(),
        prerequisites=reader.prerequisites(),
        glossary=reader.glossary(),
        updated=reader.text("updated") or reader.text("date"),
        lines=tuple(sorted(lines.items())),
    )
    for key in ("title", "description"):
        if not values.get(key):
            reader.slip(ArticleProblem.MISSING_METADATA, f"the article has no {key}", key)
    for key in sorted(values.keys() - set(KEYS)):
        if near := get_close_matches(key, KEYS, 1, cutoff=0.8):
            message = f"unknown key {key!r}; did you mean {near[0]!r}?"
            reader.slip(ArticleProblem.METADATA_KEY, message, key)
    return article, reader.slips


class _Reader:
    """Take values out of front matter, and note what cannot be taken."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.slips: list[Slip] = []

    def slip(self, problem: Problem, message: str, key: str) -> None:
        self.slips.append(Slip(problem, message, key))

    def wrong(self, key: str, expected: str, value: object) -> None:
        message = f"{key} must be {expected}, not {value!r}"
        self.slip(ArticleProblem.METADATA_TYPE, message, key)

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if value is None:
            return ""
        if isinstance(value, str | int | float | dt.date) and not isinstance(value, bool):
            return " ".join(str(value).split())
        self.wrong(key, "a text", value)
        return ""

    def difficulty(self) -> str:
        value = self.text("difficulty")
        if value and value not in DIFFICULTIES:
            near = get_close_matches(value.lower(), DIFFICULTIES, 1)
            known = f"use one of {', '.join(DIFFICULTIES)}"
            hint = f"did you mean {near[0]!r}?" if near else known
            message = f"unknown difficulty {value!r}; {hint}"
            self.slip(ArticleProblem.UNKNOWN_DIFFICULTY, message, "difficulty")
            return ""
        return value

    def order(self) -> int | None:
        value = self.values.get("order")
        if isinstance(value, str) and value.strip().isdigit():
            value = int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
            return value
        self.wrong("order", "a whole number from 1", value)
        return None

    def items(self, key: str, expected: str) -> list[Any]:
        value = self.values.get(key)
        if value is None:
            return []
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, list):
            return value
        self.wrong(key, expected, value)
        return []

    def prerequisites(self) -> tuple[Prerequisite, ...]:
        expected = "a list of documents, labels, or entries with title and url"
        found = []
        for item in self.items("prerequisites", expected):
            url = item.get("url") if isinstance(item, dict) else None
            if isinstance(url, str) and url.strip():
                found.append(Prerequisite(url.strip(), str(item.get("title") or "")))
            elif isinstance(item, str) and item.strip():
                found.append(Prerequisite(item.strip(), ""))
            else:
                self.wrong("prerequisites", expected, item)
        return tuple(found)

    def glossary(self) -> tuple[Term, ...]:
        expected = "a list of entries with term and definition"
        found = []
        for item in self.items("glossary", expected):
            words = (item.get("term"), item.get("definition")) if isinstance(item, dict) else ()
            if len(words) == 2 and all(isinstance(word, str) and word.strip() for word in words):
                term, definition = (" ".join(str(word).split()) for word in words)
                found.append(Term(term, definition))
            else:
                self.wrong("glossary", expected, item)
        return tuple(found)
