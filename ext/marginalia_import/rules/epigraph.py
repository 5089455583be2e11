"""``{% epigraph 'text' 'author' 'source' %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.marks import Block
from marginalia_import.markup import Directive, block, escape_line_starts
from marginalia_import.rule import Rule, RuleError

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return the quotation with a last line that names who said it and where."""
    if not tag.arguments or not tag.arguments[0].strip():
        raise RuleError("epigraph has no text")
    text, *names = (page.inline(argument.strip()) for argument in tag.arguments)
    lines = [escape_line_starts(text)]
    author, source, *more = [*names, "", ""]
    said = [author, f"*{source}*" if source and "*" not in source else source, *more]
    if any(said):
        lines += ["", f"-- {', '.join(part for part in said if part)}"]
    inline = f"{text} {', '.join(part for part in names if part)}".strip()
    return [Block(block(Directive("epigraph"), "\n".join(lines)), inline)]


RULE = Rule("epigraph", convert, becomes="an `epigraph`")
