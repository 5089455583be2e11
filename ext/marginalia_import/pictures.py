"""The images of an article: alone in a figure, within a line, or not to be found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import addresses
from marginalia_import.marks import Block
from marginalia_import.markup import (
    Directive,
    block,
    escape,
    escape_line_starts,
    words_of,
)
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marginalia_import.page import ArticlePage


class Pictures:
    """What writes the images of a page."""

    def __init__(self, page: ArticlePage) -> None:
        self.page = page

    def figure(self, path: str, caption: str, alt: str, options: Mapping[str, str]) -> Block:
        """Return a figure; its caption is MyST already.

        What the image shows is said by the caption's words where the old site said nothing.
        """
        place = self._address(path)
        if place is None:
            link = self._kept(path, alt)
            return Block("\n\n".join(part for part in (link, caption) if part), f"{link} {caption}")
        self.page.count("figures")
        values = {"alt": " ".join(alt.split()) or words_of(caption), **options}
        values = {name: value for name, value in values.items() if value}
        text = block(Directive("figure", place, values), escape_line_starts(caption))
        return Block(text, f"{_shown(place, alt)} {caption}".strip())

    def image(self, path: str, description: str, title: str = "") -> str:
        """Return an image within a line, or a link to one that is not in the site."""
        place = self._address(path)
        if place is None:
            return self._kept(path, description)
        return _shown(place, description, title)

    @staticmethod
    def _kept(path: str, description: str) -> str:
        words = " ".join(description.split()) or path.rsplit("/", 1)[-1]
        return f"[{escape(words)}]({addresses.encoded(path)}){{.external}}"

    def _address(self, path: str) -> str | None:
        """Return the address of an image as seen from the article; None where there is none."""
        page = self.page
        # A path is one line, whatever an entity in an attribute made of it.
        path = re.sub(r"\s*[\x00-\x1f]\s*", " ", page.address(path)).strip()
        if addresses.is_external(path):
            page.report(Kind.REMOTE_IMAGE, path)
            return f"https:{path}" if path.startswith("//") else path
        found = page.site.file(page.article, path)
        if found.outside:
            page.report(Kind.OUTSIDE, f"the image {path} is outside of the site")
        elif found.path is None:
            page.report(Kind.IMAGE, f"the image {path} is not in the site")
        else:
            return page.site.take(found.path, page.article)
        return None


def _shown(place: str, description: str, title: str = "") -> str:
    words = escape(" ".join(description.split()))
    return f"![{words}]({addresses.encoded(place)}{addresses.title(title)})"
