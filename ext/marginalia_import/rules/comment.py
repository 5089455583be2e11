"""Liquid's ``{% comment %}…{% endcomment %}``, which no reader saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.report import Kind
from marginalia_import.rule import Form, Rule

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return the comment as code, for the author to delete."""
    return [page.literal(tag.source, Kind.COMMENT, "a comment of the template")]


RULE = Rule("comment", convert, Form.VERBATIM, becomes="code, for you to delete")
