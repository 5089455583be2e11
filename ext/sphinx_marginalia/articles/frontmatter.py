"""The front matter of an article. Pure: values to a record, and what is wrong with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia.articles.options import ArticleProblem
from sphinx_marginalia.core.diagnostics import Diagnostic, did_you_mean, suggestion
from sphinx_marginalia.core.located import read_yaml, short_repr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sphinx_marginalia.core.located import Located

#: From easy to difficult.
DIFFICULTIES = ("beginner", "intermediate", "advanced")
#: A page with one of these is an article.
MARKS = ("difficulty", "block", "category", "order", "prerequisites")
#: All keys of an article's front matter.
KEYS = (*MARKS, "title", "description", "glossary", "authors", "author", "date", "updated", "doi")
#: Keys that mean nothing on any page in other letters, such as ``Order``.
PAGE_KEYS = (*MARKS, "title", "description", "glossary")
#: Front matter that is not at the top, not closed, or TOML.
MISPLACED = re.compile(
    rf"(\s*\n)?(---|\+\+\+)[ \t]*\n(?:.+\n)*?(?:{'|'.join(KEYS)})[ \t]*[:=]", re.IGNORECASE
)
#: A whole number. A longer one is a mistake, and slow to convert.
NUMBER = re.compile(r"[0-9]{1,9}")


class Prerequisite(NamedTuple):
    """What to read first."""

    #: A document, a label, or an address, as it is written.
    target: str
    #: The text of the link; if it is empty, the title of the target is shown.
    title: str


class Term(NamedTuple):
    """A term that an article defines."""

    term: str
    definition: str
    #: The term as it is written in the source, if *term* is a translation of it.
    written: str = ""

    @property
    def source(self) -> str:
        """The term as it is written in the source: the same in every language."""
        return self.written or self.term


class Article(NamedTuple):
    """The front matter of an article, without invalid values."""

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
        """Return the line of *key*, or the first line of the file."""
        return dict(self.lines).get(key, 1)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield key and text of all that readers see of it, but for title and description."""
        yield "category", self.category
        for item in self.prerequisites:
            yield "prerequisites", item.title
        for term in self.glossary:
            yield "glossary", term.term
            yield "glossary", term.definition

    def translated(self, texts: Mapping[str, str]) -> Article:
        """Return the article with the translations in *texts*, by what they translate."""
        return self._replace(
            category=texts.get(self.category, self.category),
            prerequisites=tuple(
                item._replace(title=texts.get(item.title, item.title))
                for item in self.prerequisites
            ),
            glossary=tuple(
                Term(texts.get(term, term), texts.get(definition, definition), term)
                for term, definition, _written in self.glossary
            ),
        )


def is_article(written: Located) -> bool:
    """Return whether front matter is that of an article."""
    keys = written.value if isinstance(written.value, dict) else {}
    # A post of ABlog has a category of ABlog's.
    return any(key in keys for key in MARKS if key != "category" or "blogpost" not in keys)


def read(written: Located) -> tuple[Article, list[Diagnostic]]:
    """Return the article that front matter describes, and what is wrong with it.

    A value of the wrong type is left out; all others are kept.
    """
    reader = _Reader(written)
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
        lines=tuple(sorted((key, written.line(key)) for key in written.value)),
    )
    for key in ("title", "description"):
        # What cannot be read may be the key.
        if not written.get(key) and not written.diagnostics:
            reader.report(ArticleProblem.MISSING_METADATA, f"the article has no {key}", key)
    return article, [*reader.diagnostics, *_misspelt(written, KEYS, 0.8)]


def page_diagnostics(written: Located, source: Path) -> list[Diagnostic]:
    """Return what is wrong in the front matter of a Markdown page that is not an article.

    :param source: the file of the page
    """
    diagnostics = [*written.diagnostics, *_misspelt(written, PAGE_KEYS, 1)]
    if not written.value and not diagnostics:
        return [*_misplaced(source.read_text(encoding="utf-8-sig", errors="replace"))]
    return diagnostics


def _misspelt(written: Located, keys: tuple[str, ...], likeness: float) -> Iterator[Diagnostic]:
    """Yield the unknown keys that are like one of *keys*."""
    for key in sorted(written.value.keys() - set(KEYS)):
        if hint := did_you_mean(key, keys, cutoff=likeness):
            message = f"unknown key {key!r}; {hint}"
            yield Diagnostic(ArticleProblem.METADATA_KEY, message, key, written.line(key))


def _misplaced(text: str) -> Iterator[Diagnostic]:
    """Yield what is wrong if a Markdown *text* begins with front matter that MyST does not see."""
    if match := MISPLACED.match(text):
        above, marker = match.groups("")
        message = "front matter is not closed; write --- on a line after its last one"
        if marker == "+++":
            message = "front matter is YAML; write --- instead of +++, and : instead of ="
        elif above:
            message = "front matter must begin on the first line; delete the lines above it"
        line = above.count("\n") + 1
        yield Diagnostic(ArticleProblem.FRONT_MATTER, message, line=line)


class _Reader:
    """Take values out of front matter, and report what cannot be taken."""

    def __init__(self, written: Located) -> None:
        self.written = written
        self.diagnostics = list(written.diagnostics)

    def report(self, problem: ArticleProblem, message: str, key: str) -> None:
        # A key that is missing has the line of the front matter itself.
        line = self.written.line(key) if key in self.written.value else 1
        self.diagnostics.append(Diagnostic(problem, message, key, line))

    def reject(self, key: str, expected: str, value: object) -> None:
        message = f"{key} must be {expected}, not {short_repr(value)}"
        self.report(ArticleProblem.METADATA_TYPE, message, key)

    def text(self, key: str) -> str:
        value = self.written.get(key)
        if isinstance(value, bool | list | dict):
            self.reject(key, "a text", value)
        # As it is written: a date, or 1.10, is more than its value.
        return self.written.text(key)

    def difficulty(self) -> str:
        value = self.text("difficulty")
        if not value or value in DIFFICULTIES:
            return value
        message = f"unknown difficulty {value!r}; {suggestion(value, DIFFICULTIES)}"
        self.report(ArticleProblem.UNKNOWN_DIFFICULTY, message, "difficulty")
        return ""

    def order(self) -> int | None:
        text = self.written.text("order")
        if NUMBER.fullmatch(text) and int(text):
            return int(text)
        value = self.written.get("order")
        if value is not None:
            self.reject("order", "a whole number from 1", value)
        return None

    def items(self, key: str, expected: str) -> list[Any]:
        value = self.written.get(key)
        if isinstance(value, str) and value.startswith("["):
            # In reStructuredText all values are texts, and lists are written as JSON.
            listed = read_yaml(value, ArticleProblem.METADATA_TYPE, self.written.line(key))
            self.diagnostics += listed.diagnostics
            value = listed.value
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, list):
            return value
        if value is not None:
            self.reject(key, expected, value)
        return []

    def prerequisites(self) -> tuple[Prerequisite, ...]:
        expected = "a list of documents, labels, or entries with title and url"
        prerequisites = []
        for item in self.items("prerequisites", expected):
            is_entry = isinstance(item, dict)
            target = _text(item.get("url")) if is_entry else item
            if isinstance(target, str) and target.strip():
                title = _text(item.get("title")) if is_entry else ""
                prerequisites.append(Prerequisite(target.strip(), title))
            else:
                self.reject("prerequisites", expected, item)
        return tuple(prerequisites)

    def glossary(self) -> tuple[Term, ...]:
        expected = "a list of entries with term and definition"
        terms = []
        for item in self.items("glossary", expected):
            values = item if isinstance(item, dict) else {}
            entry = Term(_text(values.get("term")), _text(values.get("definition")))
            if entry.term and entry.definition:
                terms.append(entry)
            else:
                self.reject("glossary", expected, item)
        return tuple(terms)


def _text(value: object) -> str:
    """Return *value* on one line; empty for what is not a text or a number."""
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return " ".join(str(value).split()) if is_text and value else ""
