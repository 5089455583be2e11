"""Tufte-Jekyll's formulas: ``{% m %}…{% em %}`` and ``{% math %}…{% endmath %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.marks import Block, Verbatim
from marginalia_import.markup import display_math, inline_math
from marginalia_import.rule import Form, Rule, RuleError

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert_inline(tag: Tag, page: Page) -> list[Thing]:
    """Return a formula of the sentence."""
    return [Verbatim(inline_math(_tex(tag)))]


def convert_display(tag: Tag, page: Page) -> list[Thing]:
    """Return a formula on lines of its own."""
    return [Block(display_math(_tex(tag)), inline_math(_tex(tag)))]


def _tex(tag: Tag) -> str:
    if not tag.content or not tag.content.strip():
        raise RuleError(f"{tag.name} has no formula")
    return tag.content


INLINE = Rule("m", convert_inline, Form.VERBATIM, end="em", becomes="a formula in the sentence")
DISPLAY = Rule("math", convert_display, Form.VERBATIM, becomes="a formula of its own line")
