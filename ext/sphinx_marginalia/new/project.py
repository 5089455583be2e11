"""The files of a new project: templates, filled with the words of an author. Pure.

Each word is quoted for the language of its file, so that no title breaks a project.
"""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from html import escape
from importlib import resources
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from sphinx_marginalia.core.dates import is_day

#: Where the documentation has the schemas of YAML files and front matter.
SCHEMAS = "https://sphinx-marginalia.readthedocs.io/en/latest/_static/schemas"
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,8})*")
#: What is behind a name, or between a family name and a given one.
SUFFIX = re.compile(r"[JS]r\.?|II|III|IV")
SEPARATOR = re.compile(rf",|\s(?=(?:{SUFFIX.pattern})$)")
#: The files of a PDF and an EPUB are named after the title, and no name has more than 255 bytes.
LONGEST_TITLE = 200
#: Control characters, halves of pairs, byte order marks, and what Unicode calls no character.
NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")


class InvalidError(ValueError):
    """Something that cannot be in a project; the message says what to write."""


class Book(NamedTuple):
    """What an author says of a book. Make one with :func:`describe`."""

    title: str
    authors: tuple[str, ...]
    #: For Sphinx, such as ``en`` or ``pt_BR``.
    language: str = "en"
    #: An identifier of SPDX, such as ``CC-BY-4.0``; empty for a book that may not be shared.
    licence: str = ""
    #: The day of the release, such as ``2026-11-29``; empty for a draft.
    date: str = ""

    @property
    def author(self) -> str:
        """All authors in one text."""
        return ", ".join(self.authors)


def describe(
    title: str, author: str, language: str = "en", licence: str = "", date: str = ""
) -> Book:
    """Return the book with these words, each on one line.

    :param author: names with semicolons between them
    :raises InvalidError: a word is missing or cannot be used
    """
    authors = tuple(filter(None, map(one_line, author.split(";"))))
    language = language.replace("-", "_")
    checks = {
        "the title is empty: write one": one_line(title),
        f"the title is longer than {LONGEST_TITLE} characters: write a shorter one": (
            len(one_line(title)) <= LONGEST_TITLE
        ),
        "there is no author: write a name, several with semicolons between them": authors,
        f"{language!r} is no language: write a code, as en or pt_BR": LANGUAGE.fullmatch(language),
        f"{licence!r} is no licence: write an identifier of SPDX, as CC-BY-4.0": (
            not licence or is_licence(licence)
        ),
        f"{date!r} is no day: write it as 2026-11-29": not date or is_day(date),
    }
    for message, is_valid in checks.items():
        if not is_valid:
            raise InvalidError(message)
    return Book(one_line(title), authors, language, licence, date)


def is_licence(text: str) -> bool:
    """Return whether SPDX knows a licence."""
    try:
        return bool(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        return False


def one_line(text: str) -> str:
    """Return *text* on one line, without characters that are no text."""
    return " ".join(NO_TEXT.sub(" ", text).split())


def markdown(text: str) -> str:
    """Return *text* as Markdown that shows it as it is."""
    return PUNCTUATION.sub(r"\\\1", text)


def person(name: str) -> dict[str, str]:
    """Return an author with the keys of ``CITATION.cff``.

    The family name is what is before a comma, or the last word; a name of one word is kept whole,
    and so is a list of names. Words in lower case before a family name belong to it: ``van der``.
    """
    family, *rest = [part for part in map(str.strip, SEPARATOR.split(name)) if part] or [""]
    suffix = next(filter(SUFFIX.fullmatch, rest), "")
    given, *more = [part for part in rest if part != suffix] or [""]
    if more or {"and", "&"} & {*name.split()}:
        return {"name": name}
    if not given:
        words = family.split()
        split = len(words) - 1
        while split > 1 and words[split - 1].islower():
            split -= 1
        given, family = " ".join(words[:split]), " ".join(words[split:])
    parts = {"family-names": family, "given-names": given, "name-suffix": suffix}
    parts = {key: value for key, value in parts.items() if value}
    return parts if "family-names" in parts else {"name": name}


def is_latin(text: str) -> bool:
    """Return whether pdfLaTeX has the letters of *text*: Latin ones and common signs."""
    return all(char < "\u0180" or char in "–—‘’“”„…" for char in text)


def sentences(kind: str) -> dict[str, str]:
    """Return what each file of a project is for, by its path.

    :param kind: ``book`` or ``minimal``
    """
    text = resources.files(__package__).joinpath("template", "files.toml").read_text("utf-8")
    of_kind: dict[str, str] = tomllib.loads(text)[kind]
    return of_kind


def files(book: Book, kind: str = "book") -> dict[str, str]:
    """Return the text of each file by its path from the folder of the project."""
    values = {
        **book._asdict(),
        "author": book.author,
        "authors": [person(name) for name in book.authors],
        "rights": f"{book.author} ({book.licence})" if book.licence else book.author,
        # For Chinese and Japanese, Sphinx chooses an engine and fonts that have their letters.
        "needs_unicode_tex": book.language[:2] not in {"ja", "zh"}
        and not is_latin(book.title + book.author),
        "schemas": SCHEMAS,
        "files": (about := sentences(kind)),
    }
    return {
        path: _templates(kind).get_template(f"{path}.jinja").render(values, about=sentence)
        for path, sentence in about.items()
    }


@cache
def _templates(kind: str) -> Environment:
    """Return the templates of a kind of project. Makefiles and workflows use braces themselves."""
    environment = Environment(
        loader=PackageLoader(__package__, f"template/{kind}"),
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # each language has a filter of its own
    )
    # A string of JSON is one of Python and of YAML, too.
    environment.filters["literal"] = lambda text: json.dumps(text, ensure_ascii=False)
    environment.filters["markdown"] = markdown
    environment.filters["html"] = lambda text: escape(text, quote=False)
    return environment
