"""``{% newthought 'text' %}``: the first words of a section, in small capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.marks import Written
from marginalia_import.rule import Rule, RuleError

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return the words with a class of their own."""
    text = " ".join(tag.arguments) if tag.content is None else tag.content
    if not text.strip():
        raise RuleError("newthought has no text")
    return [Written(f"[{page.inline(text.strip())}]{{.newthought}}")]


RULE = Rule("newthought", convert, paired_too=True, becomes="words with the class `newthought`")
