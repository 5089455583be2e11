"""What HTML around Markdown means: questions, dropdowns, figures; and definitions in quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import html
from marginalia_import.addresses import KNOWN_SCHEMES
from marginalia_import.draft import PREFIX, Draft, common_prefix
from marginalia_import.htmlblocks import text_of
from marginalia_import.inline import only_image
from marginalia_import.marks import Close, Open, Verbatim
from marginalia_import.markup import Directive, shortened, words_of
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marginalia_import.page import ArticlePage

SUMMARY = re.compile(
    rf"[\s>]*<summary\b{html.ATTRIBUTES}>(.*?)</summary\s*>", re.IGNORECASE | re.DOTALL
)
TAG = re.compile(rf"</?[a-zA-Z][\w-]*{html.ATTRIBUTES}>")
LINK = re.compile(rf"<a\s{html.ATTRIBUTES}>", re.IGNORECASE)
PAUSE_LABEL = re.compile(
    r"^\s*(?P<marks>[*_]*)pause\s+and\s+think\s*[:.!?–—-]*(?P=marks)\s*[:.!?–—-]*\s*", re.IGNORECASE
)
#: Behind a summary: the rest of its line, then a blank one.
BLANK_FIRST = re.compile(r"[ \t]*\n[ \t>]*(?:\n|\Z)")
DEEPEST = 50
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
        self.depth = 0
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
        self.depth += 1
        # Deeper nesting than anybody writes stays HTML.
        for element in self.found(start, end) if self.depth < DEEPEST else ():
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
        self.depth -= 1

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
        if not BLANK_FIRST.match(self.source, inner):
            self.undent(before, prefix)
        self.out.block(self.page.marks.keep(Close()), prefix)

    def undent(self, start: int, prefix: str) -> None:
        """Take indentation from lines that were HTML: Markdown would show them as code."""
        begun = False
        for number in range(start, len(self.out.lines)):
            line = self.out.lines[number]
            if line.strip(" \t>"):
                begun = True
                self.out.lines[number] = prefix + line.removeprefix(prefix).lstrip()
            elif begun:
                return  # behind a blank line the old site read Markdown

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
        within = self.page.marks.within(text)
        things = [thing for thing in within if isinstance(thing, Verbatim) and not thing.kept]
        if things:
            self.page.report(Kind.MARKUP, f"in HTML: {shortened(things[0].text)}")
        return text_of(self.page, text)

    # --- figures ---

    def figure(self, element: html.Element) -> str:
        """Return the mark of a figure, or nothing where it holds more than images and a caption."""
        inner = self.source[element.inner_start : element.inner_end]
        start = self.source.rfind("\n", 0, element.start) + 1
        if ">" in self.source[start : element.start]:  # in a quote, each line has its sign
            inner = re.sub(r"\n[ \t]*>[ \t>]*", "\n", inner)
        captions = html.elements(inner, "figcaption")
        rest = inner
        for caption in reversed(captions):
            rest = rest[: caption.start] + rest[caption.end :]
        values = self.only_image(rest)
        if values is None:
            return ""
        words = " ".join(
            self.caption(inner[part.inner_start : part.inner_end]) for part in captions
        )
        options = {
            name: values[name] for name in ("width", "height") if _is_length(values.get(name))
        }
        if "id" in element.attributes:
            options["name"] = element.attributes["id"]
        if "target" in values:
            options["target"] = values["target"]
        source, alt = values.get("src", ""), values.get("alt", "")
        figure = self.page.finished_figure(source, words, alt, options)
        return self.page.marks.keep(figure)

    def only_image(self, text: str) -> dict[str, str] | None:
        """Return the attributes of the one image in a figure, and where a link around it leads.

        Nothing where the figure holds anything else, or leads to where a figure cannot.
        """
        page = self.page
        fragment = html.inline(text, lambda words, _: words, lambda _: "")
        images = fragment.images
        bare = TAG.sub("", text).strip()
        written = only_image(bare, page.site.habits, page.marks.characters) if bare else None
        if written is not None:
            alt = words_of(page.marks.restore(written.text))
            images = [*images, {"src": written.destination, "alt": alt}]
        elif bare:
            return None
        links = [page.address(html.attributes(tag).get("href", "")) for tag in LINK.findall(text)]
        outside = [address for address in links if KNOWN_SCHEMES.match(address)]
        if len(images) != 1 or fragment.other - {"div", "p", "center"} or len(outside) < len(links):
            return None
        return {**images[0], "target": outside[0]} if outside else images[0]

    def caption(self, text: str) -> str:
        """Return a caption: HTML, or Markdown where blank lines set it apart."""
        if re.match(r"[ \t]*\n[ \t]*\n", text):
            return self.page.marked(text.strip())
        return self.words(text)


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
