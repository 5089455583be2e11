"""``{% raw %}…{% endraw %}``: text in which the template language looked for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.markup import shortened
from marginalia_import.report import Kind
from marginalia_import.rule import Form, Rule

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return the text as Markdown, its braces and all."""
    content = tag.content or ""
    page.report(Kind.RAW, f"{tag.name} kept: {shortened(content)}")
    return [page.untouched(content, own_line=tag.own_line)]


RAW = Rule("raw", convert, Form.VERBATIM, becomes="its text, as it is")
VERBATIM = Rule("verbatim", convert, Form.VERBATIM, becomes="its text, as it is")
