"""What a rule is: how one tag of an old site becomes MyST.

A rule is pure: it gets the tag and a :class:`Page` to ask, and returns what to write. Rules for the
tags everybody has are in :mod:`marginalia_import.rules`, one module each; a site's own
come from a Python entry point in the group ``marginalia_import`` or a ``--rules`` file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from marginalia_import.marks import Thing
    from marginalia_import.markup import Directive
    from marginalia_import.report import Kind

#: The group of entry points in which a package offers rules: a :class:`Rule` or a list of them.
ENTRY_POINTS = "marginalia_import"


class Form(Enum):
    """How a tag is written."""

    #: ``{% tag … %}``
    ALONE = auto()
    #: ``{% tag %} … {% endtag %}``, where the rule asks for what is between.
    CONTENT = auto()
    #: The same, where what is between stays in the article, in a block or in none.
    AROUND = auto()
    #: The same, where what is between is not looked into: code, or a formula.
    VERBATIM = auto()


@dataclass(frozen=True)
class Tag:
    """A tag of an article."""

    name: str
    #: What stands behind its name, as it was written.
    body: str
    #: All of it as it was written, to its end.
    source: str
    line: int
    #: How the dialect writes arguments.
    split: Callable[[str], list[str]]
    #: What is between it and its end, as it was written; None where it stands alone.
    content: str | None = None
    #: Whether nothing else stands on its lines.
    own_line: bool = False

    @property
    def arguments(self) -> list[str]:
        """What is written in it, without quotes.

        :raises ArgumentError: it cannot be read
        """
        return self.split(self.body)


class Page(Protocol):
    """The article in which a tag stands."""

    #: ``eleventy`` or ``tufte-jekyll``.
    dialect: str

    def inline(self, text: str) -> str:
        """Return the MyST for Markdown of the old site within a line."""

    def blocks(self, text: str) -> str:
        """Return the MyST for Markdown of the old site, of one or more blocks."""

    def untouched(self, text: str, *, own_line: bool) -> Thing:
        """Return Markdown of the old site in which no tag is looked for."""

    def note(self, name: str, text: str) -> Thing:
        """Return a note with a text of the old site, in the form its length and place demand."""

    def finished_note(self, name: str, text: str) -> Thing:
        """Return a note whose text is MyST already."""

    def literal(self, source: str, kind: Kind, message: str) -> Thing:
        """Return *source* as code, so that it stays to be seen, and report it."""

    def citation(self, keys: list[str], source: str) -> Thing:
        """Return a citation, or the tag as code where a key is in no bibliography."""

    def figure(self, path: str, caption: str, options: Mapping[str, str]) -> Thing:
        """Return a figure with an image of the site and a caption in its Markdown."""

    def image(self, path: str, description: str) -> str:
        """Return an image of the site, within a line."""

    def document(self, path: str, source: str) -> Thing:
        """Return the address of an article by its path in the old site, ``_posts/x.md``."""

    def language(self, name: str) -> str:
        """Return a language that Sphinx can highlight."""

    def shows_names(self, tag: str) -> bool:
        """Whether the site prints the names of its notes, so that they are part of the text."""

    def report(self, kind: Kind, message: str) -> None:
        """Report something at the line of the tag."""

    def count(self, what: str, number: int = 1) -> None:
        """Add to a count of the report."""


@dataclass(frozen=True)
class Rule:
    """How one tag becomes MyST."""

    tag: str
    #: What to write: things in their order; for ``AROUND`` the directive, None for no block.
    convert: Callable[[Tag, Page], Sequence[Thing] | Directive | None]
    form: Form = Form.ALONE
    #: The tag that ends it, where that is not ``end`` and its name.
    end: str = ""
    #: Whether it may also be written around its text, ``{% sidenote %}…{% endsidenote %}``.
    paired_too: bool = False
    #: A sentence for the documentation.
    becomes: str = field(default="", compare=False)

    @property
    def ending(self) -> str:
        """The name of the tag that ends it."""
        return self.end or f"end{self.tag}"


class RuleError(ValueError):
    """A tag does not have what its rule needs; the message says what, for the author."""
