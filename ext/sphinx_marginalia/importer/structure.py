"""What HTML around Markdown means: questions, dropdowns, figures; and definitions in quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_marginalia.importer import html
from sphinx_marginalia.importer.draft import PREFIX, Draft, common_prefix
from sphinx_marginalia.importer.htmlblocks import text_of
from sphinx_marginalia.importer.marks import Close, Open, Verbatim
from sphinx_marginalia.importer.markup import Directive
from sphinx_marginalia.importer.report import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.importer.page import ArticlePage

SUMMARY = re.compile(
    rf"\s*<summary\b{html.ATTRIBUTES}>(.*?)</summary\s*>", re.IGNORECASE | re.DOTALL
)
PAUSE_LABEL = re.compile(r"^\s*pause\s+and\s+think\s*[:.!?–—-]*\s*", re.IGNORECASE)
STRUCTURE = re.compile(r"<(details|figure)\b", re.IGNORECASE)
#: ``**Term:** definition``, also with the colon behind the asterisks.
KEY_IDEA = re.compile(r"^\*\*([^*\n]+?)(?::\*\*|\*\*:)[ \t]*")


def structured(page: ArticlePage, draft: Draft) -> Draft:
    """Return the draft with blocks for each ``<details>`` and each ``<figure>`` of an image."""
    if not STRUCTURE.search(draft.text):
        return draft
    out = Draft(draft.origins[0])
    _Structure(page, draft, out).write(0, len(draft.text))
    return out


class _Structure:
    """One run over a draft; what is within an element is written the same way."""

    def __init__(self, page: ArticlePage, draft: Draft, out: Draft) -> None:
        self.page = page
        self.source = draft.text
        self.draft = draft
        self.out = out
        self.starts = [0]
        for line in draft.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def copy(self, start: int, end: int) -> None:
        """Copy text with the numbers of its lines."""
        line = self.source.count("\n", 0, start)
        for number, part in enumerate(self.source[start:end].split("\n"), line):
            if number > line:
                self.out.add("\n")
            if number < len(self.draft.origins):
                self.out.origins[-1] = self.draft.origins[number]
            if part:
                self.out.add(part)

    def line(self, position: int) -> int:
        return self.draft.origins[self.source.count("\n", 0, position)]

    def write(self, start: int, end: int) -> None:
        position = start
        for element in self.found(start, end):
            if element.start < position:
                continue
            self.page.line = self.line(element.start)
            parts = self.figure(element) if element.name == "figure" else self.details(element)
            if not parts:
                continue
            self.copy(position, element.start)
            self.page.line = self.line(element.start)
            if isinstance(parts, str):
                self.out.block(parts)
            else:
                self.wrapped(element, *parts)
            position = element.end
        self.copy(position, end)

    def found(self, start: int, end: int) -> Iterator[html.Element]:
        """Yield the outermost elements between two places."""
        text = self.source[start:end]
        both = [*html.elements(text, "details"), *html.elements(text, "figure")]
        for element in sorted(both, key=lambda element: element.start):
            bounds = (element.start, element.end, element.inner_start, element.inner_end)
            moved = (bound + start for bound in bounds)
            yield html.Element(element.name, element.attributes, *moved)

    def wrapped(self, element: html.Element, directive: Directive, inner: int) -> None:
        """Write a block around what begins at *inner*."""
        head = PREFIX.match(self.out.head)
        prefix = common_prefix(head[0] if head else "", self.source[inner : element.inner_end])
        self.out.block(self.page.marks.keep(Open(directive)), prefix)
        before = len(self.out.lines)
        self.write(inner, element.inner_end)
        self.undent(before, prefix)
        self.out.block(self.page.marks.keep(Close()), prefix)

    def undent(self, start: int, prefix: str) -> None:
        """Take indentation from lines that were HTML: Markdown would show them as code."""
        for number in range(start, len(self.out.lines)):
            line = self.out.lines[number]
            if number > start and not line.strip(" \t>"):
                return  # behind a blank line the old site read Markdown
            self.out.lines[number] = prefix + line.removeprefix(prefix).lstrip()

    # --- details ---

    def details(self, element: html.Element) -> tuple[Directive, int] | None:
        """Return the directive and where its content begins."""
        inner = self.source[element.inner_start : element.inner_end]
        summary = SUMMARY.match(inner)
        begin = element.inner_start + (summary.end() if summary else 0)
        words = self.words(summary[1] if summary else "")
        options = {"open": ""} if "open" in element.attributes else {}
        if "id" in element.attributes:
            options["name"] = element.attributes["id"]
        if "pause-and-think" in element.attributes.get("class", "").split():
            self.page.count("pauses")
            question = PAUSE_LABEL.sub("", words) or words or "Pause and think"
            return Directive("pause-and-think", question, options), begin
        return Directive("dropdown", words or "Details", options), begin

    def words(self, text: str) -> str:
        """Return HTML as the Markdown of a line; code and formulas are what they were meant as."""
        things = [thing for thing in self.page.marks.within(text) if isinstance(thing, Verbatim)]
        if things:
            self.page.report(Kind.MARKUP, f"in HTML: {things[0].text[:60]}")
        return text_of(self.page, text)

    # --- figures ---

    def figure(self, element: html.Element) -> str:
        """Return the mark of a figure, or nothing where it holds more than images and a caption."""
        inner = self.source[element.inner_start : element.inner_end]
        captions = html.elements(inner, "figcaption")
        rest = inner
        for caption in reversed(captions):
            rest = rest[: caption.start] + rest[caption.end :]
        outside = html.inline(rest, lambda text, _: text, lambda _: "")
        others = outside.other - {"div", "p", "center"}
        if len(outside.images) != 1 or outside.markdown.strip() or others:
            return ""
        words = " ".join(self.words(inner[part.inner_start : part.inner_end]) for part in captions)
        values = outside.images[0]
        options = {
            name: values[name] for name in ("width", "height") if _is_length(values.get(name))
        }
        if "id" in element.attributes:
            options["name"] = element.attributes["id"]
        source, alt = values.get("src", ""), values.get("alt", "")
        figure = self.page.finished_figure(source, words, alt, options)
        return self.page.marks.keep(figure)


def _is_length(value: str | None) -> bool:
    return bool(value and re.fullmatch(r"\d+(?:\.\d+)?(?:px|%)?", value))


def key_ideas(page: ArticlePage, draft: Draft) -> Draft:
    """Return the draft with a ``key-idea`` for each quote that begins with a term in bold."""
    out = Draft(draft.origins[0])
    position, first = 0, True
    lines = draft.lines
    while position < len(lines):
        end, quote = _quote(lines, position)
        term = KEY_IDEA.match(quote[0]) if quote else None
        if not first:
            out.newline()
        first = False
        out.origins[-1] = draft.origins[position]
        if term is None:
            out.add(lines[position])
            position += 1
            continue
        argument = page.inline(term[1])
        out.block(page.marks.keep(Open(Directive("key-idea", argument))))
        body = [quote[0][term.end() :], *quote[1:]]
        for offset, line in enumerate(body):
            out.add(line)
            out.newline()
            out.origins[-1] = draft.origins[min(position + offset + 1, len(lines) - 1)]
        out.block(page.marks.keep(Close()))
        position = end
    return out


def _quote(lines: list[str], start: int) -> tuple[int, list[str]]:
    """Return the end and the lines of the quote that begins at *start*, without their signs."""
    if not lines[start].startswith(">") or (start and lines[start - 1].strip()):
        return start, []
    end = start
    while end < len(lines) and lines[end].startswith(">"):
        end += 1
    return end, [re.sub(r"^>[ \t]?", "", line) for line in lines[start:end]]
