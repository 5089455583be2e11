"""A site's own tags: rules from a TOML file, and from packages by an entry point.

A rule in the file is a table with the name of the tag::

    [stopandthink]
    block = "pause-and-think"
    argument = "{first}"

    [tooltip]
    inline = "{content} ({1})"

In a text, ``{content}`` is what the tag is around, ``{first}`` the first paragraph of that,
``{1}``, ``{2}`` its arguments, ``{arguments}`` all that stands behind its name.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from marginalia_import.arguments import ArgumentError
from marginalia_import.marks import Block, Written
from marginalia_import.markup import Directive, block, escape
from marginalia_import.rule import ENTRY_POINTS, Form, Rule, RuleError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag

#: What a rule in the file may say.
KEYS = ("block", "inline", "argument", "options", "alone", "end")
FIELD = re.compile(r"\{(\w+)\}")
DIRECTIVE = re.compile(r"[a-zA-Z][\w:.+-]*")


class RulesError(ValueError):
    """A file of rules, or a rule of a package, cannot be used."""


def rules(file: Path | None) -> Iterator[Rule]:
    """Yield the rules of installed packages, then those of *file*, which go before.

    :raises RulesError: one cannot be used
    """
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        try:
            loaded = point.load()
        except Exception as error:
            message = f"the entry point {point.name} ({point.value}) cannot be loaded: {error}"
            raise RulesError(message) from error
        for rule in loaded if isinstance(loaded, list | tuple) else [loaded]:
            if not isinstance(rule, Rule):
                raise RulesError(f"the entry point {point.name} ({point.value}) is no Rule")
            yield rule
    if file is not None:
        yield from read(file)


def read(file: Path) -> list[Rule]:
    """Return the rules of a file.

    :raises RulesError: it cannot be read, or says something that has no meaning
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise RulesError(f"{file}: {error.strerror}: name a file of rules") from error
    except UnicodeDecodeError as error:
        raise RulesError(f"{file} is not UTF-8: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{file}: {error}") from error
    return [_rule(file, name, table) for name, table in tables.items()]


def _rule(file: Path, name: str, table: Any) -> Rule:
    if not isinstance(table, dict):
        raise RulesError(f"{file}: {name} is no table; write [{name}]")
    for key in table:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(KEYS)}"
            raise RulesError(f"{file}: [{name}] has an unknown key {key!r}{hint}")
    if ("block" in table) == ("inline" in table):
        raise RulesError(f"{file}: [{name}] needs either 'block' or 'inline'")
    if not all(
        isinstance(table.get(key, ""), str) for key in ("block", "inline", "argument", "end")
    ):
        raise RulesError(f"{file}: [{name}] 'block', 'inline', 'argument' and 'end' are texts")
    options = table.get("options", {})
    if not isinstance(options, dict):
        raise RulesError(f"{file}: [{name}] 'options' is a table of names and texts")
    if table.get("block") and not DIRECTIVE.fullmatch(table["block"]):
        raise RulesError(f"{file}: [{name}] {table['block']!r} is no name of a directive")
    template = Template(
        table.get("block"), table.get("inline", ""), table.get("argument", ""),
        {str(key): str(value) for key, value in options.items()},
    )  # fmt: skip
    if not isinstance(table.get("alone", False), bool):
        raise RulesError(f"{file}: [{name}] 'alone' is true or false")
    form = Form.ALONE if table.get("alone") else template.form
    return Rule(
        name,
        template.convert,
        form,
        table.get("end", ""),
        paired_too=form is Form.ALONE and not table.get("alone"),
    )


@dataclass(frozen=True)
class Template:
    """What a rule of the file makes of its tag."""

    #: The name of a directive; empty for the content alone; None for a text within a line.
    block: str | None
    inline: str
    argument: str
    options: dict[str, str] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """How the tag is written, as far as that follows from what it becomes."""
        texts = " ".join([self.argument, self.inline, *self.options.values()])
        if self.block is None:
            return Form.CONTENT if "{content}" in texts or "{first}" in texts else Form.ALONE
        taken = "{content}" in texts or "{first}" in texts
        return Form.CONTENT if taken else Form.AROUND

    def convert(self, tag: Tag, page: Page) -> Sequence[Thing] | Directive | None:
        """Return what the tag becomes."""
        fields = _Fields(tag, page)
        if self.block is None:
            return [Written(" ".join(fields.filled(self.inline).split()))]
        if self.form is Form.AROUND and tag.content is not None:
            return self.directive(fields) if self.block else None
        if not self.block:
            raise RuleError(f"{tag.name} has no content")
        directive = self.directive(fields)
        body = ""
        if tag.content is not None and "{content}" not in self.argument:
            body = fields.rest if "{first}" in self.argument else page.blocks(tag.content)
        return [Block(block(directive, body), f"{directive.argument} {body}".strip())]

    def directive(self, fields: _Fields) -> Directive:
        """Return the directive with its argument and options."""
        assert self.block
        options = {name: fields.filled(text) for name, text in self.options.items()}
        argument = " ".join(fields.filled(self.argument).split())
        if self.block == "pause-and-think":
            fields.page.count("pauses")
        return Directive(self.block, argument, options)


@dataclass
class _Fields:
    """What a text of a rule can name of a tag; each is worked out once, for it is reported."""

    tag: Tag
    page: Page

    def filled(self, template: str) -> str:
        """Return a text with its fields filled.

        :raises RuleError: the tag does not have what a field asks for
        """
        return FIELD.sub(self._value, template)

    def _value(self, match: re.Match[str]) -> str:
        name = match[1]
        if name == "content":
            return self.page.inline(self.tag.content or "")
        if name == "first":
            return self.first
        if name == "arguments":
            return escape(self.tag.body)
        return self._argument(int(name)) if name.isdigit() else match[0]

    def _argument(self, number: int) -> str:
        try:
            return self.page.inline(self.tag.arguments[number - 1])
        except (IndexError, ArgumentError) as error:
            raise RuleError(f"{self.tag.name} has no argument {number}") from error

    @cached_property
    def first(self) -> str:
        """The first paragraph of the content."""
        first = (self.tag.content or "").strip().partition("\n\n")[0]
        if not first:
            raise RuleError(f"{self.tag.name} has no content")
        return self.page.inline(first)

    @cached_property
    def rest(self) -> str:
        """What is behind the first paragraph."""
        rest = (self.tag.content or "").strip().partition("\n\n")[2].strip("\n")
        return self.page.blocks(rest) if rest.strip() else ""
