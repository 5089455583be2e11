"""The front matter of an article: read it, write it as sphinx-marginalia knows it. Pure text."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

#: libyaml where PyYAML was built with it: ten times as fast.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

FENCED = re.compile(
    r"\A---(\w*)[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)

SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")

#: What comes first, in this order; it means something to sphinx-marginalia.
KNOWN = (
    "title description difficulty block category order author authors date updated doi "
    "prerequisites glossary"
).split()
#: What told the old generator how to publish the page.
PLUMBING = frozenset(
    "layout permalink published redirect_from redirect_to eleventyNavigation eleventyComputed "
    "eleventyExcludeFromCollections pagination templateEngineOverride excerpt_separator".split()
)
#: What would tell MyST, Sphinx or docutils something the author did not mean.
RESERVED = frozenset(
    "myst html_meta substitutions orphan tocdepth nocomments no-search nosearch abstract "
    "dedication sd_hide_title html_theme.sidebar_secondary.remove".split()
)


@dataclass
class FrontMatter:
    """What stands between the two lines of hyphens."""

    values: dict[str, Any] = field(default_factory=dict)
    #: The line of each top-level key.
    lines: dict[str, int] = field(default_factory=dict)
    #: Why it could not be read, and on which line; then ``source`` holds it all.
    error: str = ""
    error_line: int = 0
    source: str = ""


def _character(match: re.Match[str]) -> str:
    """Return the character that JavaScript writes as two escapes; YAML knows it as one only."""
    return (
        match[0]
        .encode()
        .decode("unicode-escape")
        .encode("utf-16", "surrogatepass")
        .decode("utf-16")
    )


def _unknown(text: str) -> Any:
    raise ValueError("its language is none of YAML, JSON and TOML")


#: By what is written behind the first hyphens.
READERS: dict[str, Callable[[str], Any]] = {
    "": lambda text: yaml.load(text, Loader),
    "yaml": lambda text: yaml.load(text, Loader),
    "json": json.loads,
    "toml": tomllib.loads,
}


def read(text: str) -> tuple[FrontMatter, str, int]:
    """Return the front matter, the text behind it, and the line with which that begins."""
    match = FENCED.match(text)
    if match is None:
        return FrontMatter(), text, 1
    front = FrontMatter(source=SURROGATES.sub(_character, match[2]))
    try:
        values = READERS.get(match[1], _unknown)(front.source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        front.error = str(getattr(error, "problem", None) or error)
        front.error_line = mark.line + 2 if mark else 1
    else:
        if isinstance(values, dict):
            front.values = {str(key): value for key, value in values.items()}
        elif values is not None:
            front.error, front.error_line = "it is not a list of keys and values", 2
    for number, line in enumerate(match[2].split("\n"), 2):
        if key := re.match(r"[\"']?([\w.-]+)[\"']?\s*:", line):
            front.lines.setdefault(key[1], number)
    return front, text[match.end() :], match[0].count("\n") + 1


def write(values: dict[str, Any]) -> str:
    """Return *values* between two lines of hyphens; what sphinx-marginalia knows comes first."""
    ordered = {key: values[key] for key in KNOWN if key in values}
    ordered.update((key, value) for key, value in values.items() if key not in ordered)
    if not ordered:
        return ""
    plain = {key: _plain(value) for key, value in ordered.items()}
    text = yaml.dump(plain, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10**6)
    return f"---\n{text}---\n\n"


def _plain(value: Any) -> Any:
    """Return a value that YAML writes as it was: a date as text, an unknown thing as its words."""
    match value:
        case dt.date():
            return value.isoformat()
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple() | set():
            return [_plain(item) for item in value]
        case str() | int() | float() | bool() | None:
            return value
        case _:
            return str(value)
