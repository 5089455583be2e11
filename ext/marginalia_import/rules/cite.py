"""``{% cite "key" %}``, and jekyll-scholar's ``{% cite key1 key2 --locator 5 %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.marks import Written
from marginalia_import.markup import escape
from marginalia_import.report import Kind
from marginalia_import.rule import Rule, RuleError

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return the citation of all keys; options of jekyll-scholar are reported."""
    if page.dialect == "eleventy":
        words = [word for argument in tag.arguments[:1] for word in argument.split(",")]
        options = tag.arguments[1:]
    else:
        options = [word for word in tag.arguments if word.startswith("-")]
        words = tag.arguments[: tag.arguments.index(options[0])] if options else tag.arguments
        options = tag.arguments[len(words) :]
    keys = [word.strip() for word in words if word.strip()]
    if not keys:
        raise RuleError("cite has no key")
    citation = page.citation(keys, tag.source)
    if not options:
        return [citation]
    page.report(Kind.EXTRA_ARGUMENT, f"cite {' '.join(keys)}: shown behind it: {' '.join(options)}")
    shown = " ".join(word for word in options if not word.startswith("-"))
    return [citation, Written(f"({escape(shown)})", spaced=True)] if shown else [citation]


RULE = Rule("cite", convert, becomes="a citation")
