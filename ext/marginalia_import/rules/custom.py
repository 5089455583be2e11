"""Rules for a site's own tags: from a TOML file, and from the entry points of packages.

A rule in the file is a table with the name of the tag::

    [stopandthink]
    block = "pause-and-think"
    argument = "{first}"

    [tooltip]
    inline = "{content} ({1})"

In a text, ``{content}`` is the content of the tag, ``{first}`` its first paragraph, ``{1}`` and
``{2}`` are the arguments, ``{path}`` is the argument ``path="…"``, and ``{arguments}`` is all that
follows the name of the tag. A rule for an include is named after the file::

    ["include picture.html"]
    block = "figure"
    argument = "{path}"
    body = "{caption}"

A rule for HTML is named after an element, a class, or both; attributes are arguments::

    ["<x-lamp>"]
    inline = "{content} ({caption})"
    defaults = {caption = "a lamp"}

    [".remark"]
    block = "sidenote"
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marginalia_import.myst import Directive, directive_block, escape
from marginalia_import.placeholders import Block, Inline
from marginalia_import.report import InputError, did_you_mean
from marginalia_import.rules import Rule, TagError, TagForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from marginalia_import.placeholders import Fragment
    from marginalia_import.rules import Page, Tag

#: The group of entry points in which a package offers a :class:`Rule`, or a list of them.
ENTRY_POINT_GROUP = "marginalia_import.rules"

#: The keys of a rule in the file.
KEYS = ("block", "inline", "argument", "options", "body", "defaults", "alone", "end")
#: The name of a rule for HTML.
ELEMENT = re.compile(r"<[a-zA-Z][\w-]*(?:\.[\w-]+)?>|\.[a-zA-Z_-][\w-]*")
NOTES = ("sidenote", "marginnote")
FIELD = re.compile(r"\{(\w+)\}")
DIRECTIVE_NAME = re.compile(r"[a-zA-Z][\w:.+-]*")


@cache
def _offers(folders: tuple[str, ...]) -> str:
    """Return the entry points of the packages in some folders, as their files name them."""
    files = (file for folder in folders for file in Path(folder).glob("*-info/entry_points.txt"))
    return "\n".join(file.read_text("utf-8", "replace") for file in files)


def is_offered(group: str, name: str = "") -> bool:
    """Whether a package may offer entry points of a group, or one that has a name.

    To read the metadata of all packages takes a sixth of the time to start, this a tenth of that.
    """
    sections = re.findall(rf"\[{re.escape(group)}\]([^\[]*)", _offers(tuple(sys.path)))
    words = re.split(r"[^\w+#-]+", " ".join(sections).lower())
    is_named = bool(sections) and (not name or name.lower() in words)
    return is_named or any(Path(folder).is_file() for folder in sys.path)


def entry_points(group: str) -> Iterable[Any]:
    """Return the entry points of a group."""
    if not is_offered(group):
        return ()
    points: Iterable[Any] = import_module("importlib.metadata").entry_points(group=group)
    return points


def load_rules(file: Path | None) -> Iterator[Rule]:
    """Yield the rules of installed packages, then those of *file*, which take precedence.

    :raises InputError: a package or the file offers no usable rule
    """
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name):
        name = f"the entry point {point.name} ({point.value})"
        try:
            loaded = point.load()
        except Exception as error:
            raise InputError(f"{name} cannot be loaded: {error}") from error
        for rule in loaded if isinstance(loaded, list | tuple) else [loaded]:
            if not isinstance(rule, Rule):
                raise InputError(f"{name} is not a Rule")
            yield rule
    if file is not None:
        yield from read_rules(file)


def read_rules(file: Path) -> list[Rule]:
    """Return the rules of a TOML file.

    :raises InputError: the file cannot be read, or a rule is not valid
    """
    try:
        text = file.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}: name a file of rules") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = line[1] if line else text.count("\n") + 1
        raise InputError(f"{file}:{number}: {error}") from error
    return [_read_rule(file, text, name, table) for name, table in tables.items()]


def _line_of(text: str, name: str, key: str = "") -> int:
    """Return the line of a rule in the file, or that of one of its keys."""
    quoted = re.escape(name)
    start = re.search(rf"""^[ \t]*\[?[ \t]*["']?{quoted}["']?[ \t]*[\]=.]""", text, re.MULTILINE)
    at = start.start() if start else 0
    found = key and re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*[=.]", re.MULTILINE).search(text, at)
    return text.count("\n", 0, found.start() if found else at) + 1


def _read_rule(file: Path, text: str, name: str, table: Any) -> Rule:
    if not isinstance(table, dict):
        message = f"{name} is not a table; write [{name}]"
        raise InputError(f"{file}:{_line_of(text, name)}: {message}")
    key, problem = _find_problem(table)
    if not problem and name[:1] in {"<", "."} and not ELEMENT.fullmatch(name):
        problem = "is not the name of an element; write <name>, <name.class> or .class"
    if problem:
        raise InputError(f"{file}:{_line_of(text, name, key)}: [{name}] {problem}")
    options, defaults = (
        {str(key): str(value) for key, value in table.get(each, {}).items()}
        for each in ("options", "defaults")
    )
    template = Template(
        table.get("block"),
        table.get("inline", ""),
        table.get("argument", ""),
        options,
        table.get("body", ""),
        defaults,
    )
    is_single = table.get("alone", False)
    form = TagForm.SINGLE if is_single else template.form
    optional_end = form is TagForm.SINGLE and not is_single
    return Rule(name, template.convert, form, table.get("end", ""), optional_end)


def _find_problem(table: dict[str, Any]) -> tuple[str, str]:
    """Return the key that is wrong in a rule, and why; empty if nothing is."""
    for key in table:
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or f"; the keys are {', '.join(KEYS)}"
            return key, f"has an unknown key {key!r}{hint}"
    if ("block" in table) == ("inline" in table):
        return "inline", "needs either 'block' or 'inline'"
    for key in ("block", "inline", "argument", "body", "end"):
        if not isinstance(table.get(key, ""), str):
            return key, "'block', 'inline', 'argument', 'body' and 'end' must be strings"
    for key in ("options", "defaults"):
        if not isinstance(table.get(key, {}), dict):
            return key, f"{key!r} must be a table of names and strings"
    if table.get("block") and not DIRECTIVE_NAME.fullmatch(table["block"]):
        return "block", f"{table['block']!r} is not the name of a directive"
    if not isinstance(table.get("alone", False), bool):
        return "alone", "'alone' must be true or false"
    return "", ""


@dataclass(frozen=True)
class Template:
    """What a rule of the file makes of its tag."""

    #: The name of a directive; empty for the content alone; None for inline text.
    block: str | None
    inline: str
    argument: str
    options: dict[str, str]
    #: What is within the directive, instead of the content.
    body: str = ""
    #: The values of arguments that a tag does not have.
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def form(self) -> TagForm:
        """The form of the tag, as its texts imply it."""
        texts = " ".join([self.argument, self.inline, self.body, *self.options.values()])
        is_note = self.block in NOTES and not self.body
        if "{content}" in texts or "{first}" in texts or is_note:
            return TagForm.PAIRED
        return TagForm.SINGLE if self.block is None or self.body else TagForm.WRAPPER

    def convert(self, tag: Tag, page: Page) -> Sequence[Fragment] | Directive | None:
        """Return what the tag becomes.

        :raises TagError: the tag lacks what a text asks for
        """
        fields = _Fields(tag, page, self.defaults)
        if self.block is None:
            return [Inline(" ".join(fields.fill(self.inline).split()))]
        if self.block in NOTES:
            page.count(f"{self.block}s")
            return [page.note(self.block, fields.raw(self.body or "{content}"))]
        if self.form is TagForm.WRAPPER and tag.content is not None:
            return self._directive(fields) if self.block else None
        if not self.block:
            raise TagError(f"{tag.name} has no content")
        if self.block == "figure" and (path := fields.raw(self.argument)):
            options = {name: fields.fill(text) for name, text in self.options.items()}
            return [page.figure(path, fields.raw(self.body), options)]
        directive = self._directive(fields)
        body = ""
        if self.body:
            body = fields.fill(self.body)
        elif tag.content is not None and "{content}" not in self.argument:
            body = fields.rest if "{first}" in self.argument else page.blocks(tag.content)
        return [Block(directive_block(directive, body), f"{directive.argument} {body}".strip())]

    def _directive(self, fields: _Fields) -> Directive:
        assert self.block
        options = {name: fields.fill(text) for name, text in self.options.items()}
        argument = " ".join(fields.fill(self.argument).split())
        if self.block == "pause-and-think":
            fields.page.count("pauses")
        return Directive(self.block, argument, options)


@dataclass
class _Fields:
    """The values of the fields in a text. Paragraphs are converted, and reported, once."""

    tag: Tag
    page: Page
    defaults: Mapping[str, str]

    def fill(self, text: str) -> str:
        """Return a text with its fields filled in.

        :raises TagError: the tag lacks what a field asks for
        """
        return FIELD.sub(self._value, text)

    def raw(self, text: str) -> str:
        """Return a text with its fields filled in as they were written."""
        named = {"content": self.tag.content or "", **self.defaults, **self.tag.named}
        if not self.tag.named:
            numbered = enumerate(self.tag.arguments, 1)
            named |= {str(number): argument for number, argument in numbered}
        return FIELD.sub(lambda match: named.get(match[1], ""), text).strip()

    def _value(self, match: re.Match[str]) -> str:
        name = match[1]
        if name == "content":
            return self.page.inline(self.tag.content or "")
        if name == "first":
            return self.first
        if name == "arguments":
            return escape(self.tag.body)
        if not name.isdigit():
            named = {**self.defaults, **self.tag.named}
            if name in named:
                return self.page.inline(named[name])
            is_role = match.string.startswith("`", match.end())
            is_empty = bool(named) or self.tag.attributes is not None
            return "" if is_empty and not is_role else match[0]
        try:
            return self.page.inline(self.tag.arguments[int(name) - 1])
        except (IndexError, TagError) as error:
            if name in self.defaults:
                return self.page.inline(self.defaults[name])
            raise TagError(f"{self.tag.name} has no argument {int(name)}") from error

    @cached_property
    def first(self) -> str:
        """The first paragraph of the content."""
        first = (self.tag.content or "").strip().partition("\n\n")[0]
        if not first:
            raise TagError(f"{self.tag.name} has no content")
        return self.page.inline(first)

    @cached_property
    def rest(self) -> str:
        """What follows the first paragraph."""
        rest = (self.tag.content or "").strip().partition("\n\n")[2].strip("\n")
        return self.page.blocks(rest) if rest.strip() else ""
