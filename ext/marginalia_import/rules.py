r"""What a rule is: how one tag of the old site becomes MyST. Pure text, no files.

A rule is a pure function: it receives a :class:`Tag` and a :class:`Page` and returns what to write.
The rules for common tags are in :mod:`marginalia_import.builtin_rules`. Rules for a site's own tags
come from a ``--rules`` file or from the entry points of installed packages
(:mod:`marginalia_import.custom_rules`).

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


class Page(Protocol):
    """The article that contains a tag: what a rule can ask and report."""

    #: The name of a dialect, such as ``eleventy``.
    dialect: str
    #: The source line of the tag, from 1.
    line: int

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

#: The tags that include a file of the site.
INCLUDES = frozenset({"include", "include_relative", "include_cached", "render"})
NAMED = re.compile(r"""([\w-]+)\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|([^\s,"']+))""")


def included_file(body: str) -> str:
    """Return the file that an include names.

    >>> included_file('"figure.liquid", src: "a.png"')
    'figure.liquid'
    """
    match = re.match(r"""["']?([^\s"',]+)""", body)
    return match[1] if match else ""


#: The rule of an include by its name: the first that is in it counts.
FILE_KINDS = (
    ("marginfigure", re.compile(r"(?:margin|side)[-_]?(?:fig|im)", re.IGNORECASE)),
    ("marginnote", re.compile(r"margin[-_]?note", re.IGNORECASE)),
    ("sidenote", re.compile(r"side[-_]?note", re.IGNORECASE)),
    (
        "figure",
        re.compile(r"(?:^|[-_])(?:fig(?:ure)?|maincolumn|fullwidth)(?:$|[-_])", re.IGNORECASE),
    ),
    ("image", re.compile(r"(?:^|[-_])(?:image|img|picture|photo)(?:$|[-_])", re.IGNORECASE)),
)


def include_names(file: str) -> list[str]:
    """Return the names under which an include may have a rule, the most particular first.

    >>> include_names("maincolumn_img.html")
    ['include maincolumn_img.html', 'include figure', 'include']
    """
    stem = file.rpartition("/")[2].partition(".")[0]
    kinds = [f"include {kind}" for kind, pattern in FILE_KINDS if pattern.search(stem)]
    return [f"include {file}", *kinds[:1], "include"]


def named_arguments(body: str) -> dict[str, str]:
    """Return the arguments with a name, as Liquid and Nunjucks write them.

    >>> named_arguments('figure.html path="a.png" width=5')
    {'path': 'a.png', 'width': '5'}
    """
    return {
        match[1]: next(text for text in match.groups()[1:] if text is not None)
        for match in NAMED.finditer(body)
    }


CONDITION = re.compile(
    r"\{%-?\s*if\s+include\.(\w+)\s*-?%\}((?:(?!\{%-?\s*(?:if|else|elsif|endif)\b).)*)"
    r"(?:\{%-?\s*else\s*-?%\}((?:(?!\{%-?\s*(?:if|endif)\b).)*))?\{%-?\s*endif\s*-?%\}",
    re.DOTALL,
)
FIELD = re.compile(r"\{\{-?\s*include\.([\w-]+)[^{}]*\}\}")


def fill_include(text: str, arguments: Mapping[str, str]) -> str | None:
    """Return an include with its arguments; None if it has other tags or expressions.

    >>> fill_include("<b>{{ include.a }}</b>{% if include.b %}!{% endif %}", {"a": "x"})
    '<b>x</b>'
    """
    text = re.sub(r"\A---\s*\n(?:.*?\n)?---\s*\n", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%-?\s*comment\b.*?endcomment\s*-?%\}", "", text, flags=re.DOTALL)
    before = ""
    while before != text:  # from the innermost condition to the outermost
        before = text
        text = CONDITION.sub(lambda m: m[2] if arguments.get(m[1]) else m[3] or "", text)
    text = re.sub(r"\{\{-?\s*site\.(?:baseurl|url)\s*-?\}\}", "", text)
    text = FIELD.sub(lambda match: arguments.get(match[1], ""), text)
    return None if re.search(r"\{%|\{\{|<script\b|<style\b", text) else text


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
