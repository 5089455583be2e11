r"""What a rule is: how one tag of the old site becomes MyST. Pure text, no files.

A rule is a pure function: it receives a :class:`Tag` and a :class:`Page` and returns what to write.
The rules for common tags are in :mod:`marginalia_import.rules.builtin`. Rules for a site's own tags
come from a ``--rules`` file or from the entry points of installed packages
(:mod:`marginalia_import.rules.custom`).

Arguments are read as the template language writes them. Nunjucks has strings with backslashes,
``"$\\alpha$"`` is ``$\alpha$`` (https://mozilla.github.io/nunjucks/templating.html). Tufte-Jekyll
splits words with Ruby's ``Shellwords``: in double quotes a backslash escapes what a shell escapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from marginalia_import.myst import Directive
    from marginalia_import.placeholders import Fragment
    from marginalia_import.report import Kind


class TagError(ValueError):
    """A tag cannot be converted; the message tells the author why."""


class NoRuleError(TagError):
    """A rule does not know this use of its tag, which is treated as a tag without a rule."""


class TagForm(Enum):
    """How a tag is written, and what its rule does with the content."""

    #: ``{% tag … %}``
    SINGLE = auto()
    #: ``{% tag %} … {% endtag %}``. The rule converts the content.
    PAIRED = auto()
    #: The same. The content stays in the article, in the directive that the rule returns.
    WRAPPER = auto()
    #: The same. The content is code or a formula, in which no tag is read.
    VERBATIM = auto()


@dataclass(frozen=True)
class Tag:
    """A tag of an article."""

    name: str
    #: What follows its name, as it was written.
    body: str
    #: The whole tag as it was written, with its end tag.
    source: str
    line: int
    #: Reads arguments as the dialect writes them.
    parse: Callable[[str], list[str]]
    #: What is between the tag and its end tag, as it was written; None without an end tag.
    content: str | None = None
    #: Whether nothing else is on its lines.
    own_line: bool = False
    #: The attributes of an HTML element, which is a tag, too.
    attributes: Mapping[str, str] | None = None

    @property
    def named(self) -> Mapping[str, str]:
        """The arguments with a name."""
        return named_arguments(self.body) if self.attributes is None else self.attributes

    @property
    def arguments(self) -> list[str]:
        """The arguments, without quotes.

        :raises TagError: a quote is not closed, or an argument is not a literal
        """
        return self.parse(self.body)

    def argument(self, *names: str, position: int = -1) -> str:
        """Return the first argument with one of these names, or else that at a position."""
        named = self.named
        words = [] if named or position < 0 else self.arguments[position : position + 1]
        return next((named[name] for name in names if named.get(name)), "".join(words))


class Page(Protocol):
    """The article that contains a tag: what a rule can ask and report."""

    #: The name of a dialect, such as ``eleventy``.
    dialect: str
    #: The source line of the tag, from 1.
    line: int
    #: The titles of the next tabs, where the tag around them has them.
    tab_titles: list[str]

    def inline(self, text: str) -> str:
        """Return the MyST for inline Markdown of the old site."""

    def blocks(self, text: str) -> str:
        """Return the MyST for Markdown of the old site, of one or more blocks."""

    def raw_markdown(self, text: str, *, own_line: bool) -> Fragment:
        """Return the MyST for Markdown of the old site in which no tag is read."""

    def note(self, name: str, text: str) -> Fragment:
        """Return a note whose text is Markdown of the old site.

        :param name: ``sidenote`` or ``marginnote``
        """

    def myst_note(self, name: str, text: str) -> Fragment:
        """Return a note whose text is MyST already."""

    def define_formula(self, names: Sequence[str]) -> str:
        """Return the label of a formula with these names; empty if it has none."""

    def refer_to_formula(self, name: str, source: str) -> str:
        """Return a reference to a formula by a name of it."""

    def show_as_code(self, source: str, kind: Kind, message: str) -> Fragment:
        """Return *source* as code, so that readers see it, and report it."""

    def citation(self, keys: list[str], source: str) -> Fragment:
        """Return a citation, or the tag as code if a key is in no bibliography."""

    def figure(self, path: str, caption: str, options: Mapping[str, str]) -> Fragment:
        """Return a figure with an image of the site and a caption in its Markdown."""

    def image(self, path: str, description: str) -> str:
        """Return an inline image of the site."""

    def included(self, name: str, arguments: Mapping[str, str]) -> str | None:
        """Return the text of an include of the site, filled in; None if that is not possible."""

    def article_address(self, path: str, source: str) -> Fragment:
        """Return the address of an article by its path in the old site, ``_posts/x.md``."""

    def language(self, name: str) -> str:
        """Return the name of a language if Pygments knows it, else ``text``."""

    def prints_id(self, tag: str) -> bool:
        """Whether the old site prints the id of such a note, so that it is part of the text."""

    def record_rule(self, name: str, source: str, written: Sequence[Fragment] | str) -> None: ...

    def report(self, kind: Kind, message: str, line: int = 0) -> None:
        """Add an entry to the report; its line is by default that of the tag."""

    def count(self, counter: str) -> None:
        """Add to a counter of the report."""


@dataclass(frozen=True)
class Rule:
    """How one tag becomes MyST."""

    tag: str
    #: Returns the fragments to write; for a ``WRAPPER`` the directive, or None for no directive.
    convert: Callable[[Tag, Page], Sequence[Fragment] | Directive | None]
    form: TagForm = TagForm.SINGLE
    #: The end tag, by default ``end`` and the name of the tag.
    end: str = ""
    #: Whether it may also have an end tag, ``{% sidenote %}…{% endsidenote %}``.
    optional_end: bool = False
    #: What it becomes, for the documentation.
    becomes: str = field(default="", compare=False)

    @property
    def end_tag(self) -> str:
        """The name of the end tag."""
        return self.end or f"end{self.tag}"


# Arguments

NAMED = re.compile(r"""([\w-]+)\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|([^\s,"']+))""")


def named_arguments(body: str) -> dict[str, str]:
    """Return the arguments with a name, as Liquid and Nunjucks write them.

    >>> named_arguments('figure.html path="a.png" width=5')
    {'path': 'a.png', 'width': '5'}
    """
    return {
        match[1]: next(text for text in match.groups()[1:] if text is not None)
        for match in NAMED.finditer(body)
    }


#: The escapes of a Nunjucks string; before any other character a backslash is dropped.
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
STRING = re.compile(r""" "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' """, re.VERBOSE | re.DOTALL)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
KEYWORD = re.compile(r"\w+\s*=\s*")
#: A part of a shell word: in single quotes, in double quotes, escaped, or bare.
SHELL = re.compile(
    r"""'(?P<single>[^']*)' | "(?P<double>(?:\\.|[^"\\])*)" | \\(?P<escaped>.)
        | (?P<bare>[^\s'"\\]+)""",
    re.VERBOSE | re.DOTALL,
)


def parse_nunjucks(source: str, *, escapes: bool = True) -> list[str]:
    r"""Return the literal arguments of a Nunjucks tag.

    >>> parse_nunjucks(r'"a \"b\"", 5')
    ['a "b"', '5']

    :param escapes: whether a backslash in a string is an escape
    :raises TagError: an argument is not a literal, or a quote is not closed
    """
    arguments: list[str] = []
    position = 0
    while True:
        while position < len(source) and (source[position].isspace() or source[position] == ","):
            position += 1
        if position == len(source):
            return arguments
        if keyword := KEYWORD.match(source, position):
            position = keyword.end()
        if string := STRING.match(source, position):
            text = string[0][1:-1]
            if escapes:
                text = ESCAPE.sub(lambda match: ESCAPES.get(match[1], match[1]), text)
            arguments.append(text)
            position = string.end()
        elif number := NUMBER.match(source, position):
            arguments.append(number[0])
            position = number.end()
        elif position < len(source) and source[position] in "\"'":
            raise TagError("a quote is not closed")
        else:
            word = source[position:].split(maxsplit=1)
            raise TagError(f"{word[0] if word else '='!r} is not a text in quotes")


#: Liquid's strings have no escapes.
parse_liquid = partial(parse_nunjucks, escapes=False)


def parse_shell(source: str) -> list[str]:
    r"""Return words as Ruby's ``Shellwords.split`` does. A quote may open within a word.

    >>> parse_shell("'mn-1' \"I'm *here*\" a\\ b")
    ['mn-1', "I'm *here*", 'a b']

    :raises TagError: a quote is not closed
    """
    words: list[str] = []
    position, word = 0, None
    while position < len(source):
        if source[position].isspace():
            if word is not None:
                words.append(word)
            word, position = None, position + 1
            continue
        part = SHELL.match(source, position)
        if part is None:
            raise TagError("a quote is not closed")
        if part["double"] is not None:
            # In double quotes a backslash escapes $ ` " \ and the end of a line, nothing else.
            text = re.sub(r'\\([$`"\\\n])', r"\1", part["double"])
        else:
            text = next(text for text in part.groups() if text is not None)
        word, position = (word or "") + text, part.end()
    return words if word is None else [*words, word]
