"""Rules for the tags of our old site."""

from urllib.parse import quote

from marginalia_import.myst import Directive
from marginalia_import.placeholders import Inline
from marginalia_import.rules import Page, Rule, Tag, TagError, TagForm


def wiki(tag: Tag, page: Page) -> list[Inline]:
    """Return a link for ``{% wiki "61 Cygni" %}``."""
    if not tag.arguments:
        raise TagError("wiki names no page")
    title = tag.arguments[0]
    name = quote(title.replace(" ", "_"))
    address = f"https://en.wikipedia.org/wiki/{name}"
    return [Inline(f"[{page.inline(title)}]({address})")]


def level(tag: Tag, page: Page) -> Directive | None:
    """Return a dropdown for what is hard, else no block."""
    if "hard" in tag.arguments:
        return Directive("dropdown", "The details")
    return None


RULES = [Rule("wiki", wiki), Rule("level", level, TagForm.WRAPPER)]
