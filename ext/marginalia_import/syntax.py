"""What a dialect may change in the conversion of its articles.

:mod:`~marginalia_import.sites` names the syntax of each; that of Eleventy is the class below.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from marginalia_import.rules import parse_nunjucks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from marginalia_import.lines import Buffer

#: A date, before its time.
DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Syntax:
    """The Markdown of a dialect, as far as it differs from CommonMark. A subclass rewrites it.

    Its methods receive the :class:`~marginalia_import.page.ArticlePage` that is being converted.
    """

    #: The entries of the front matter that told the old generator how to publish the page.
    publishing: frozenset[str] = frozenset()
    #: The names that sphinx-marginalia has for other entries.
    renamed: Mapping[str, str] = MappingProxyType({})
    #: Whether ``{% … %}`` and ``{{ … }}`` are read.
    reads_tags = True
    #: Reads the arguments of tags as they are written.
    parse_arguments: Callable[[str], list[str]] = staticmethod(parse_nunjucks)
    #: Whether it is kramdown.
    kramdown = False
    #: A list of attributes within a line, which is left out: ``{: .class}`` of kramdown.
    attribute_list = re.compile(r"(?!)")
    #: Whether it is MyST already.
    is_myst = False
    #: Whether the old site turned quotes and dashes into typographic ones.
    typographer = False
    #: Whether a line that begins with a colon is a definition.
    definition_lists = False
    #: Whether an address without angle brackets is a link.
    links_addresses = False

    def prepare(self, page: Any, body: str, line: int) -> str:
        """Return the text of an article on as many lines, before its tags and code are read.

        :param line: the source line with which it begins
        """
        return body

    def expand(self, root: Path, path: str, text: str) -> tuple[str, list[int]]:
        """Return an article with the files it includes, and for each line that of the article.

        :return: no lines if nothing was added
        """
        return text, []

    def rewrite(self, page: Any, buffer: Buffer, *, is_inline: bool) -> Buffer:
        """Return a text with placeholders for the markup that only this dialect has."""
        return buffer

    def to_commonmark(self, page: Any, buffer: Buffer) -> Buffer:
        """Return the blocks of a text with placeholders in CommonMark."""
        return buffer

    def visible(self, text: str) -> str:
        """Return a source without what no reader saw, for the comparison of words."""
        return text

    def front_matter(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the entries of the front matter in the names of sphinx-marginalia."""
        old = {key for key, new in self.renamed.items() if new in values or not values.get(key)}
        values = {self.renamed.get(k, k): value for k, value in values.items() if k not in old}
        dates = {key: str(values[key]) for key in ("date", "updated") if key in values}
        return values | {key: date[:10] for key, date in dates.items() if DATE.match(date)}
