"""Liquid's ``{% link _posts/x.md %}`` and ``{% post_url 2020-04-13-x %}``: addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.rule import Rule, RuleError

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return the address, for the link around it."""
    path = tag.body.strip().strip("\"'")
    if not path:
        raise RuleError(f"{tag.name} names no article")
    return [page.document(path, tag.source)]


LINK = Rule("link", convert, becomes="the address of the article")
POST_URL = Rule("post_url", convert, becomes="the address of the article")
