"""What a reader finds in a built page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from bs4 import Tag

    from sphinx_marginalia.testing import Built


def main(built: Built, docname: str = "index") -> Tag:
    """Return the part of a page that is not the theme's."""
    single = built.app.builder.name == "singlehtml"
    text = built.read("index.html") if single else built.page(docname)
    page = BeautifulSoup(text, "html.parser").select_one('[role="main"]')
    assert page is not None
    return page


def words(tag: Tag | None) -> str:
    """Return the words of an element, with single spaces."""
    assert tag is not None
    return " ".join(tag.get_text().split())
