"""Attributes as Pandoc, R Markdown and shortcodes write them. Pure text, no files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: The end of a line, but of a paragraph.
LINE_END = r"\n(?![ \t]*\n)"
QUOTED = rf"""(?:"(?:\\.|[^"\\\n]|{LINE_END})*"|'(?:\\.|[^'\\\n]|{LINE_END})*')"""
#: ``{#id .class key="value"}``, also ``{-}`` and ``{=html}``.
ATTRIBUTE_LIST = re.compile(
    rf"\{{[ \t]*(?=[#.=-]|[\w:-]+=)(?:{QUOTED}|[^{{}}\"'\n]|{LINE_END})*\}}"
)
ITEM = re.compile(
    rf"""\#(?P<id>[^\s{{}}=]+) | \.(?P<name>[^\s{{}}.\#=]+) | =(?P<format>\w+)
       | (?P<key>[\w:.-]+)\s*=\s*(?P<value>{QUOTED}|[^\s,}}]+) | (?P<word>[^\s,{{}}]+)""",
    re.VERBOSE,
)
#: What separates the options of a cell: a comma outside of quotes and brackets.
OPTION = re.compile(rf"(?:{QUOTED}|\((?:{QUOTED}|[^()])*\)|[^,\"'])+")


@dataclass(frozen=True)
class Attributes:
    """The attributes of a heading, span, block, image or cell."""

    identifier: str = ""
    classes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    #: The format of raw text, ``{=html}``.
    raw_format: str = ""

    @property
    def description(self) -> str:
        """The attributes as Pandoc writes them, without the id."""
        names = [f".{name}" for name in self.classes]
        return " ".join([*names, *(f'{key}="{value}"' for key, value in self.values.items())])


def unquote(text: str) -> str:
    r"""Return a value without its quotes.

    >>> unquote(r'"a \"b\""')
    'a "b"'
    """
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return re.sub(r"\\([\"'\\])", r"\1", text[1:-1])
    return text


def parse_attributes(text: str) -> Attributes:
    """Return the attributes in a list with or without braces; ``{-}`` is ``.unnumbered``.

    >>> parse_attributes('{#fig-map .wide width=50%}').values
    {'width': '50%'}
    """
    identifier, raw_format = "", ""
    classes: list[str] = []
    values: dict[str, str] = {}
    for item in ITEM.finditer(text.strip().removeprefix("{").removesuffix("}")):
        identifier = item["id"] or identifier
        raw_format = item["format"] or raw_format
        if item["name"] or item["word"]:
            word = item["name"] or item["word"]
            classes.append("unnumbered" if word == "-" else word)
        elif item["key"]:
            values[item["key"]] = unquote(item["value"])
    return Attributes(identifier, tuple(classes), values, raw_format)


def parse_options(header: str) -> tuple[str, str, dict[str, str]]:
    """Return language, label and options of a cell: ``{r label, fig.cap="A map"}``.

    >>> parse_options('r map, fig.cap="A, b", echo=FALSE')
    ('r', 'map', {'fig-cap': 'A, b', 'echo': 'FALSE'})
    """
    words = header.strip().split(maxsplit=1)
    language, rest = re.match(r"([\w+#.-]*)[\s,]*(.*)", " ".join(words), re.DOTALL).groups()  # type: ignore[union-attr]
    label = ""
    options: dict[str, str] = {}
    for part in OPTION.findall(rest):
        key, equals, value = part.partition("=")
        if equals and re.fullmatch(r"\s*[\w.-]+\s*", key):
            options[key.strip().replace(".", "-")] = unquote(value)
        elif part.strip():
            label = label or part.strip()
    return language, label or options.get("label", ""), options


# Shortcodes

VALUE = r"""(?:"(?:\\.|[^"\\])*"|`[^`]*`|'[^']*')"""
ARGUMENT = re.compile(rf"(?:(?P<key>[\w-]+)\s*=\s*)?(?P<value>{VALUE}|[^\s\"'`]+)")


def read_arguments(body: str) -> tuple[list[str], dict[str, str]]:
    """Return the positional and the named arguments of a shortcode.

    >>> read_arguments('"a b" width=50% alt="c"')
    (['a b'], {'width': '50%', 'alt': 'c'})
    """
    positional: list[str] = []
    named: dict[str, str] = {}
    for match in ARGUMENT.finditer(body):
        value = match["value"]
        value = value[1:-1] if value[0] == "`" else unquote(value)
        if match["key"]:
            named[match["key"].lower()] = value
        else:
            positional.append(value)
    return positional, named


def parse_arguments(body: str) -> list[str]:
    """Return the values of all arguments, for rules."""
    positional, named = read_arguments(body)
    return [*positional, *named.values()]
