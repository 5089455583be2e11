"""Read and write the front matter of an article. Pure text, no files."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from contextlib import suppress
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
#: Front matter in TOML, as Hugo writes it.
TOML = re.compile(r"\A\+\+\+()[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
#: A character that JSON writes as two escapes.
SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")

#: The entries that sphinx-marginalia reads, in the order to write them.
KNOWN_KEYS = (
    "title description difficulty block category order author authors date updated doi "
    "prerequisites glossary"
).split()
#: The entries that told the old generator how to publish the page.
PUBLISHING = frozenset(
    "layout permalink published redirect_from redirect_to eleventyNavigation eleventyComputed "
    "eleventyExcludeFromCollections pagination templateEngineOverride excerpt_separator".split()
)
#: The entries to which MyST, Sphinx or docutils would give a meaning that the author did not.
RESERVED = frozenset(
    "myst html_meta substitutions orphan tocdepth nocomments no-search nosearch abstract "
    "dedication sd_hide_title html_theme.sidebar_secondary.remove".split()
)


@dataclass
class FrontMatter:
    """The front matter of an article."""

    values: dict[str, Any] = field(default_factory=dict)
    #: The line of each top-level key.
    lines: dict[str, int] = field(default_factory=dict)
    #: Why it could not be read, and the line of the error.
    error: str = ""
    error_line: int = 0
    #: Its text.
    source: str = ""


def _character(match: re.Match[str]) -> str:
    """Return the character of two escapes, which JSON allows and YAML does not."""
    halves = match[0].encode().decode("unicode-escape")
    return halves.encode("utf-16", "surrogatepass").decode("utf-16")


def load_yaml(text: str) -> Any:
    """Return the value of a YAML document.

    :raises yaml.YAMLError: the syntax is not valid
    :raises ValueError: a value does not fit its tag
    """
    try:
        return yaml.load(text, Loader)
    except (AttributeError, KeyError, TypeError) as error:  # from PyYAML, for !!timestamp x
        raise ValueError("a value does not fit its tag") from error


#: A string, a comment, a name before a colon, or a comma before the end, in JavaScript.
JAVASCRIPT = re.compile(
    r"""(?P<double>"(?:\\.|[^"\\])*") | '(?P<single>(?:\\.|[^'\\])*)' | `(?P<ticks>[^`$\\]*)`
      | (?P<comment>//[^\n]*|/\*.*?\*/) | (?P<name>[\w$]+)(?=\s*:)
      | ,(?=(?:\s|//[^\n]*|/\*.*?\*/)*[}\]])""",
    re.DOTALL | re.VERBOSE,
)
#: A variable, several of which a comma separates.
VARIABLE = re.compile(
    r"(?:\b(?:const|let|var)\s+|,\s*)(?P<name>[\w$]+)\s*=(?![=>])\s*(?P<source>[^;\n]*)"
)
VALUE_END = re.compile(r"[ \t]*(?:[;,\n]|\Z)")


def load_javascript(text: str) -> Any:
    """Return the value of an object in JavaScript, or the variables, which Eleventy 3 reads.

    :raises ValueError: an object has more than literals. A variable is its source then
    """

    def to_json(match: re.Match[str]) -> str:
        if match["double"]:
            return match[0]
        if (name := match["name"]) is not None:
            return json.dumps(name)
        text = match["single"] if match["ticks"] is None else match["ticks"]
        return "" if text is None else json.dumps(text.replace("\\'", "'"))

    source = JAVASCRIPT.sub(to_json, text).strip().rstrip(";")
    if source[:1] == "{" or not VARIABLE.search(source):
        return json.loads(source)
    values: dict[str, Any] = {}
    position = 0
    while match := VARIABLE.search(source, position):
        position = match.end("source")
        values[match["name"]] = match["source"].strip()
        with suppress(ValueError):
            value, end = json.JSONDecoder().raw_decode(source, match.start("source"))
            if VALUE_END.match(source, end):
                values[match["name"]], position = value, end
    return values


#: The readers by the name of the language after the first hyphens.
READERS: dict[str, Callable[[str], Any]] = {
    "": load_yaml,
    "yaml": load_yaml,
    "yml": load_yaml,
    "json": json.loads,
    "js": load_javascript,
    "javascript": load_javascript,
    "toml": tomllib.loads,
}


def read(text: str) -> tuple[FrontMatter, str, int]:
    """Return the front matter, the text after it, and the first line of that text.

    An error in it is not raised: it is in the result.
    """
    match = FENCED.match(text) or TOML.match(text)
    if match is None:
        return FrontMatter(), text, 1
    front = FrontMatter(source=SURROGATES.sub(_character, match[2]))
    try:
        values = READERS[match[1] or ("toml" if text[0] == "+" else "")](front.source)
    except KeyError:
        front.error, front.error_line = "its language is none of YAML, JSON and TOML", 1
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
        if key := re.match(r"(?:(?:const|let|var) )?[\"']?([\w.-]+)[\"']?\s*[:=]", line):
            front.lines.setdefault(key[1], number)
    return front, text[match.end() :], match[0].count("\n") + 1


def write(values: dict[str, Any]) -> str:
    """Return *values* as front matter in YAML, those that sphinx-marginalia reads first."""
    if not values:
        return ""
    keys = dict.fromkeys([*(key for key in KNOWN_KEYS if key in values), *values])
    plain = {key: _plain(values[key]) for key in keys}
    return f"---\n{dump(plain, 10**6)}---\n\n"


def dump(values: dict[str, Any], width: int = 80) -> str:
    """Return *values* in YAML, wrapped at *width* characters."""
    return yaml.dump(values, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=width)


def _plain(value: Any) -> Any:
    """Return a value in types that YAML can write: a date and any unknown type as text."""
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


def author_names(authors: object) -> list[str]:
    """Return the names of authors, each a text or a mapping with ``name``."""
    if isinstance(authors, list):
        return [name for author in authors for name in author_names(author)]
    if isinstance(authors, dict):
        name = authors.get("name")
        if isinstance(name, dict):
            name = name.get("literal") or " ".join(
                str(name[key]) for key in ("given", "family") if key in name
            )
        return [str(name)] if name else []
    return [" ".join(str(authors).split())] if authors else []


def as_mapping(value: object) -> dict[str, Any]:
    """Return a setting that is a mapping; any other value is ignored."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return a setting that is a list; a single value counts as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def as_text(value: object) -> str:
    """Return a setting that is a text or a number; any other value is ignored."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
