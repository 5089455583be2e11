"""A block of HTML: what Markdown can say becomes Markdown, the rest is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marginalia_import import html
from marginalia_import.addresses import is_external
from marginalia_import.inline import Link
from marginalia_import.marks import Verbatim
from marginalia_import.markup import escape_line_starts
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from marginalia_import.page import ArticlePage

HEADING = re.compile(
    rf"<h(?P<level>[1-6])\b(?P<rest>{html.ATTRIBUTES})>(?P<text>.*?)</h(?P=level)\s*>\s*",
    re.IGNORECASE | re.DOTALL,
)
IMAGE = re.compile(
    rf"(?:<(?P<around>p|center|div)\b{html.ATTRIBUTES}>\s*)?(?P<image><img\b{html.ATTRIBUTES}>)\s*"
    r"(?:</(?P=around)>)?\s*",
    re.IGNORECASE,
)


#: The address of a link or an image.
LOCAL = re.compile(
    r"""<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class HtmlHeading:
    """A heading that was written as HTML."""

    level: int
    #: MyST.
    text: str
    #: Its id, if it has one.
    anchors: list[str]


def markdown_of(page: ArticlePage, content: str) -> HtmlHeading | str:
    """Return a heading, or the lines to write."""
    stripped = content.strip()
    if heading := HEADING.fullmatch(stripped):
        values = html.attributes(f"<h {heading['rest']}>")
        anchors = [values["id"]] if "id" in values else []
        return HtmlHeading(int(heading["level"]), text_of(page, heading["text"]), anchors)
    if image := IMAGE.fullmatch(stripped):
        return page.html_image(image["image"], 0)
    if _has_markdown(page, content):
        content = opened(page, content)
    if tag := re.search(r"<([a-zA-Z][\w-]*)", content):
        page.report(Kind.HTML, f"<{tag[1].lower()}> kept as HTML")
    return content


def text_of(page: ArticlePage, text: str) -> str:
    """Return the MyST for text within HTML, with everything back in its place."""
    fragment = html.inline(
        text,
        lambda words, address: page.link(Link(words, address, "", image=False)),
        lambda values: page.image(values.get("src", ""), values.get("alt", "")),
    )
    return page.marks.restore(page.settle(fragment.markdown))


def opened(page: ArticlePage, content: str) -> str:
    """Return HTML with blank lines around the text that holds roles, so that MyST reads it."""
    parts: list[str] = []
    for piece, is_text in html.segments(content):
        if is_text and _has_markdown(page, piece):
            parts.append(f"\n{escape_line_starts(text_of(page, piece))}\n")
        else:
            parts.append(piece.strip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip("\n")


def _has_markdown(page: ArticlePage, text: str) -> bool:
    """Whether something in HTML has to be read by MyST: a role, a link or an image of the site."""
    if not all(isinstance(thing, Verbatim) for thing in page.marks.within(text)):
        return True
    if html.OPAQUE.search(text):
        return False
    places = (match[2] for match in LOCAL.finditer(text))
    return any(not is_external(place) and not place.startswith("#") for place in places)
