"""jekyll-scholar's ``{% bibliography --cited %}`` and ``{% references %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.report import Kind
from marginalia_import.rule import Rule

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return nothing: Sphinx has one bibliography, and each page shows the works it cites."""
    page.report(Kind.LIST_OF_WORKS, f"{tag.source} is the page of the bibliography now")
    return []


RULE = Rule("bibliography", convert, becomes="the page of the bibliography")
