"""Convert HTML blocks: details to pauses and dropdowns, figures, headings, images.

HTML with no counterpart in MyST is kept. Text within it that contains converted tags is set apart
with blank lines, so that MyST reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from marginalia_import import html
from marginalia_import.addresses import MYST_SCHEMES, is_external
from marginalia_import.html.tree import to_markdown
from marginalia_import.lines import Buffer, common_prefix, prefix_of
from marginalia_import.links import figure
from marginalia_import.markdown import single_image
from marginalia_import.myst import Directive, escape, escape_block_starts, plain_text, shorten
from marginalia_import.placeholders import Block, BlockEnd, BlockStart, Verbatim
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from marginalia_import.page import ArticlePage

SUMMARY = re.compile(
    rf"[\s>]*<summary\b{html.ATTRIBUTES}>(.*?)</summary\s*>", re.IGNORECASE | re.DOTALL
)
TAG = re.compile(rf"</?[a-zA-Z][\w-]*{html.ATTRIBUTES}>")
LINK = re.compile(rf"<a\s{html.ATTRIBUTES}>", re.IGNORECASE)
PAUSE_LABEL = re.compile(
    r"^\s*(?P<marks>[*_]*)pause\s+and\s+think\s*[:.!?–—-]*(?P=marks)\s*[:.!?–—-]*\s*", re.IGNORECASE
)
#: After a summary: the rest of its line, then a blank line.
BLANK_FIRST = re.compile(r"[ \t]*\n[ \t>]*(?:\n|\Z)")
#: The deepest nesting of elements that is converted.
MAX_DEPTH = 50
CONVERTED = re.compile(r"<(details|figure)\b", re.IGNORECASE)
HEADING = re.compile(
    rf"<h(?P<level>[1-6])\b(?P<rest>{html.ATTRIBUTES})>(?P<text>.*?)</h(?P=level)\s*>\s*",
    re.IGNORECASE | re.DOTALL,
)
IMAGE = re.compile(
    rf"(?:<(?P<around>p|center|div)\b{html.ATTRIBUTES}>\s*)?(?P<image><img\b{html.ATTRIBUTES}>)\s*"
    r"(?:</(?P=around)>)?\s*",
    re.IGNORECASE,
)
#: Code that has no markup but that of a highlighter.
CODE = re.compile(
    rf"<pre\b{html.ATTRIBUTES}>(?:[^<]++|</?(?:code|span)\b{html.ATTRIBUTES}>)*+</pre\s*>",
    re.IGNORECASE,
)
#: The address of a link or an image.
ADDRESS = re.compile(
    r"""<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL
)
#: The classes of a figure that is wider than the text, in Tufte CSS and in distill.
WIDE = frozenset("fullwidth l-page l-page-outset l-screen l-screen-inset l-body-outset".split())
#: A length that a figure accepts.
LENGTH = re.compile(r"\d+(?:\.\d+)?(?:px|%)?")


# Headings, images, and HTML that stays


@dataclass(frozen=True)
class HtmlHeading:
    """A heading that was written as HTML."""

    level: int
    #: MyST.
    text: str
    #: Its id, if it has one.
    anchors: list[str]


def convert_html(page: ArticlePage, content: str) -> HtmlHeading | str:
    """Return the heading that a block of HTML is, or else the MyST for it."""
    stripped = content.strip()
    if heading := HEADING.fullmatch(stripped):
        values = html.attributes(f"<h {heading['rest']}>")
        anchors = [values["id"]] if "id" in values else []
        return HtmlHeading(int(heading["level"]), page.html_text(heading["text"]), anchors)
    if image := IMAGE.fullmatch(stripped):
        return page.html_image(image["image"])
    if CODE.fullmatch(source := page.placeholders.restore(stripped)):
        return to_markdown(source)
    if _needs_myst(page, content):
        content = _set_text_apart(page, content)
    if tag := re.search(r"<([a-zA-Z][\w-]*)", content):
        page.report(Kind.HTML, f"<{tag[1].lower()}> kept as HTML")
    return content


def _set_text_apart(page: ArticlePage, content: str) -> str:
    """Return HTML with blank lines around the text that MyST has to read."""
    parts: list[str] = []
    for number, part in enumerate(html.BLOCK_TAG.split(content)):
        is_text = number % 2 == 0
        fragments = page.placeholders.fragments_in(part) if is_text else []
        blocks = [each.text for each in fragments if isinstance(each, Block)]
        rest = page.placeholders.pattern.sub("", part).strip()
        if blocks and len(blocks) == len(fragments) and not rest:
            parts.append("\n" + "\n\n".join(blocks) + "\n")
            continue
        if is_text and part.strip() and _needs_myst(page, part):
            parts.append(f"\n{escape_block_starts(page.html_text(part))}\n")
        elif part.strip():
            parts.append(part.strip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip("\n")


def _needs_myst(page: ArticlePage, text: str) -> bool:
    """Whether HTML contains a role, or a link or an image of the site."""
    fragments = page.placeholders.fragments_in(text)
    if not all(isinstance(fragment, Verbatim) for fragment in fragments):
        return True
    if html.OPAQUE.search(text):
        return False
    addresses = (match[2] for match in ADDRESS.finditer(text))
    return any(not is_external(address) and not address.startswith("#") for address in addresses)


# Details and figures


def convert_details_and_figures(page: ArticlePage, buffer: Buffer) -> Buffer:
    """Return the lines with directives for each ``<details>`` and each ``<figure>`` of an image."""
    if not CONVERTED.search(buffer.text):
        return buffer
    out = Buffer(buffer.source_lines[0])
    _ElementConverter(page, buffer, out).convert(0, len(buffer.text))
    return out


class _ElementConverter:
    """One pass over the lines; the content of an element is converted in the same way."""

    def __init__(self, page: ArticlePage, buffer: Buffer, out: Buffer) -> None:
        self.page = page
        self.text = buffer.text
        self.source_lines = buffer.source_lines
        self.out = out
        self.depth = 0

    def convert(self, start: int, end: int) -> None:
        position = start
        self.depth += 1
        names = ("details", "figure") if self.depth < MAX_DEPTH else ()
        by_name = (html.find_elements(self.text, name, start, end) for name in names)
        for element in sorted(chain.from_iterable(by_name), key=attrgetter("start")):
            if element.start < position:
                continue
            line = self.source_lines[self.text.count("\n", 0, element.start)]
            self.page.line = line
            is_figure = element.name == "figure"
            converted = self.figure(element) if is_figure else self.details(element)
            if not converted:
                continue
            self.copy(position, element.start)
            self.page.line = line
            if isinstance(converted, str):
                self.out.write_block(converted)
            else:
                self.wrap(element, *converted)
            position = element.end
        self.copy(position, end)
        self.depth -= 1

    def copy(self, start: int, end: int) -> None:
        """Copy text with its source lines."""
        self.out.copy(self.text, self.source_lines, start, end)

    def wrap(self, element: html.Element, directive: Directive, inner: int) -> None:
        """Write a directive around what begins at *inner*."""
        first = prefix_of(self.out.last_line)
        prefix = common_prefix(first, self.text[inner : element.inner_end])
        self.out.write_block(self.page.placeholders.add(BlockStart(directive)), prefix)
        before = len(self.out.lines)
        self.convert(inner, element.inner_end)
        if not BLANK_FIRST.match(self.text, inner):
            self.unindent(before, prefix)
        self.out.write_block(self.page.placeholders.add(BlockEnd()), prefix)

    def unindent(self, start: int, prefix: str) -> None:
        """Remove the indentation of HTML, up to a blank line; Markdown would read it as code."""
        begun = False
        for number in range(start, len(self.out.lines)):
            line = self.out.lines[number]
            if line.strip(" \t>"):
                begun = True
                self.out.lines[number] = prefix + line.removeprefix(prefix).lstrip()
            elif begun:
                return

    def details(self, element: html.Element) -> tuple[Directive, int]:
        """Return the directive for ``<details>``, and where its content begins."""
        inner = self.text[element.inner_start : element.inner_end]
        summary = SUMMARY.match(inner)
        begin = element.inner_start + (summary.end() if summary else 0)
        title = self.inline(summary[1] if summary else "")
        options = {"open": ""} if "open" in element.attributes else {}
        if "id" in element.attributes:
            options["name"] = element.attributes["id"]
        if "pause-and-think" in element.attributes.get("class", "").split():
            self.page.count("pauses")
            question = PAUSE_LABEL.sub("", title) or title or "Pause and think"
            return Directive("pause-and-think", question, options), begin
        return Directive("dropdown", title or "Details", options), begin

    def inline(self, text: str) -> str:
        """Return the MyST for inline HTML; the Markdown within is converted, and reported."""
        for fragment in self.page.placeholders.fragments_in(text):
            if isinstance(fragment, Verbatim) and not fragment.is_tag:
                self.page.report(Kind.MARKUP, f"in HTML: {shorten(fragment.text)}")
                break
        return self.page.html_text(text)

    def figure(self, element: html.Element) -> str:
        """Return the placeholder of a figure, or nothing if it is not one image and a caption."""
        inner = self.text[element.inner_start : element.inner_end]
        line_start = self.text.rfind("\n", 0, element.start) + 1
        if ">" in self.text[line_start : element.start]:  # each line has the sign of a quote
            inner = re.sub(r"\n[ \t]*>[ \t>]*", "\n", inner)
        captions = [*html.find_elements(inner, "figcaption")]
        rest = inner
        for caption in reversed(captions):
            rest = rest[: caption.start] + rest[caption.end :]
        image = self.figure_image(rest)
        if image is None:
            return ""
        text = " ".join(self.caption(inner[part.inner_start : part.inner_end]) for part in captions)
        lengths = [name for name in ("width", "height") if LENGTH.fullmatch(image.get(name, ""))]
        options = {name: image[name] for name in lengths}
        if "id" in element.attributes:
            options["name"] = element.attributes["id"]
        options["target"] = image.get("target", "")  # figure() leaves out what is empty
        source, alt = image.get("src", ""), image.get("alt", "")
        text = text or escape(image.get("title", ""))
        classes = {*element.attributes.get("class", "").split()} & WIDE
        options["figclass"] = "fullwidth" if classes else ""
        return self.page.placeholders.add(figure(self.page, source, text, alt, options))

    def figure_image(self, text: str) -> dict[str, str] | None:
        """Return the attributes of the one image in a figure, and the target of a link around it.

        None if the figure contains more, or if the link is within the site, where a figure cannot
        lead.
        """
        page = self.page
        tree = html.parse_html(text)
        images = [image.attributes for image in tree.find("img")]
        markdown = TAG.sub("", text).strip()
        if markdown:
            image = single_image(markdown, page)
            if image is None:
                return None
            alt = plain_text(page.placeholders.restore(image.text))
            images = [*images, {"src": image.destination, "alt": alt}]
        links = [page.address(html.attributes(tag).get("href", "")) for tag in LINK.findall(text)]
        external = [address for address in links if MYST_SCHEMES.match(address)]
        frames = html.INLINE_ELEMENTS | {"div", "p", "center"}
        if len(images) != 1 or not tree.tag_names <= frames or len(external) < len(links):
            return None
        return {**images[0], "target": external[0]} if external else images[0]

    def caption(self, text: str) -> str:
        """Return a caption: HTML, or Markdown if blank lines set it apart."""
        if re.match(r"[ \t]*\n[ \t]*\n", text):
            return self.page.finish_inline(text.strip())
        return self.inline(text)
