"""``{% sidenote "text" %}`` and ``{% marginnote "text" %}``; in Tufte-Jekyll a name comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.marks import Written
from marginalia_import.report import Kind
from marginalia_import.rule import Rule, RuleError

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return the note, behind those of the tag's other words that a reader sees."""
    text, others = _parts(tag, page)
    if not text.strip():
        raise RuleError(f"{tag.name} has no text")
    page.count(f"{tag.name}s")
    words = _words(tag, page, others)
    note = page.note(tag.name, text)
    return [Written(page.inline(words), spaced=True), note] if words else [note]


def _parts(tag: Tag, page: Page) -> tuple[str, list[str]]:
    """Return the text of the note and the other arguments."""
    if tag.content is not None:
        return tag.content, []
    arguments = tag.arguments
    if page.dialect == "tufte-jekyll" and len(arguments) > 1:
        return arguments[1], [arguments[0], *arguments[2:]]
    if page.dialect == "tufte-jekyll" and (not arguments or " " not in arguments[0].strip()):
        raise RuleError(f"{tag.name} has no text behind its name")
    if not arguments:
        raise RuleError(f"{tag.name} has no text")
    # Some sites put a name first: one word, before a text of several.
    named = len(arguments) > 1 and " " not in arguments[0] and " " in arguments[1].strip()
    place = 1 if named else 0
    return arguments[place], [*arguments[:place], *arguments[place + 1 :]]


def _words(tag: Tag, page: Page, others: list[str]) -> str:
    """Return the other arguments as far as a reader of the old site may have seen them."""
    if page.dialect == "tufte-jekyll" and page.shows_names(tag.name):
        return " ".join(others)
    words = " ".join(argument for argument in others if " " in argument.strip())
    usual = 1 if page.dialect == "tufte-jekyll" else 0
    if words or len(others) > usual:
        shown = f"{words!r} is shown before it" if words else f"{others!r} left out"
        page.report(Kind.EXTRA_ARGUMENT, f"{tag.name} has more than a name and a text: {shown}")
    return words


SIDENOTE = Rule("sidenote", convert, paired_too=True, becomes="a sidenote")
MARGINNOTE = Rule("marginnote", convert, paired_too=True, becomes="a margin note")
