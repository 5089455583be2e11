"""What a built page has that can be led to, and where it leads. Pure: HTML in, a record out."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The content of a meta refresh (HTML, “declarative refresh steps”): ``0; url=page.html#id``.
REFRESH = re.compile(
    r"\s*[\d.]+\s*[;,]?\s*(?:url\s*=\s*)?(['\"]?)(?P<address>.*)\1\s*\Z", re.IGNORECASE | re.DOTALL
)
#: Elements whose text nobody reads.
UNREAD = frozenset(("head", "script", "style", "template", "title"))


class Page(NamedTuple):
    """What a page has that can be led to, and where it leads."""

    #: The ids of its elements.
    ids: frozenset[str]
    #: The addresses of its links.
    links: frozenset[str]
    #: Where its meta refresh leads on to; nothing where it has none.
    refresh: str
    #: The text that is read, with single spaces.
    text: str


def read(html: str) -> Page:
    """Return what the page *html* has."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    text = " ".join("".join(parser.text).split())
    return Page(frozenset(parser.ids), frozenset(parser.links), parser.refresh, text)


class _Parser(HTMLParser):
    """Note what the elements of a page say of themselves."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.refresh = ""
        self.text: list[str] = []
        self._unread = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        values = {key: value for key, value in reversed(attrs) if value is not None}
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            match = REFRESH.match(values.get("content", ""))
            self.refresh = match["address"] if match else ""
        if tag in UNREAD and not self._unread:
            self._unread = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unread:
            self._unread = ""

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.text.append(data)
