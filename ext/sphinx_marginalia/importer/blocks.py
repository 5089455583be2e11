"""Rewrite the blocks of an article: headings, paragraphs, tables, HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from sphinx_marginalia.importer.addresses import KNOWN_SCHEMES, anchor_forms
from sphinx_marginalia.importer.forms import Forms
from sphinx_marginalia.importer.htmlblocks import HtmlHeading, markdown_of
from sphinx_marginalia.importer.inline import Link, label, plain, rewrite
from sphinx_marginalia.importer.marks import Verbatim, continuation
from sphinx_marginalia.importer.report import Kind

if TYPE_CHECKING:
    from markdown_it.token import Token

    from sphinx_marginalia.importer.draft import Draft
    from sphinx_marginalia.importer.page import ArticlePage

DEFINITION = re.compile(
    r"^[ \t>]*\[(?P<label>[^\]^][^\]]*)\]:[ \t]*(?P<address><[^<>]*>|\S+)"
    r"""(?P<title>[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*$"""
)
BAR = re.compile(r"(?<!\\)\|")
HEADING_ID = re.compile(r"[ \t]*\{:?[ \t]*#([\w:.-]+)[^{}]*\}[ \t]*$")
LIST_OF_CONTENTS = re.compile(r"^[ \t]*\[\[?(?:toc|_toc_)\]\]?[ \t]*$", re.IGNORECASE)
#: In the place of a line that was joined to one before it.
GONE = "\0"


@cache
def _parser(definitions: bool) -> MarkdownIt:
    """Return a parser that finds blocks only; what is in a line is read by our own rules."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").use(footnote_plugin)
    if definitions:
        parser.use(deflist_plugin)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def parse(text: str, *, definitions: bool) -> list[Token]:
    """Return the blocks of a text as markdown-it finds them."""
    return _parser(definitions).parse(text)


def code_lines(text: str, *, definitions: bool) -> list[tuple[int, int]]:
    """Return the lines of each fence and each indented block of code."""
    return [
        (token.map[0], token.map[1])
        for token in parse(text, definitions=definitions)
        if token.type in {"fence", "code_block"} and token.map
    ]


@dataclass
class Outline:
    """The levels of an article's headings, moved so that none is left out below the title."""

    open: list[int] = field(default_factory=list)
    moved: bool = False

    def level(self, level: int) -> int:
        """Return the new level of the next heading: under the nearest one of a lower level."""
        while self.open and self.open[-1] >= level:
            self.open.pop()
        self.open.append(level)
        new = min(len(self.open) + 1, 6)
        self.moved = self.moved or new != level
        return new


@dataclass
class Blocks:
    """One run over the blocks of a draft."""

    page: ArticlePage
    draft: Draft
    #: Whether the text is a note or the like, whose headings have no name.
    within_note: bool = False
    outline: Outline = field(default_factory=Outline)

    def written(self) -> str:
        """Return the text in MyST, with the marks of what is put back later."""
        self.lines = list(self.draft.lines)
        self.forms = Forms(self.page, self.within_note)
        self.covered: set[int] = set()
        tokens = parse(self.draft.text, definitions=self.page.site.habits.definitions)
        for token in tokens:
            if token.map and token.type in {"inline", "html_block", "fence", "code_block"}:
                self.covered.update(range(*token.map))
        self.definitions()
        for position, token in enumerate(tokens):
            self.block(tokens, position, token)
        text = "\n".join(line for line in self.lines if line is not GONE)
        notes = self.forms.footnotes
        return "\n\n".join([text.rstrip("\n"), *notes]) if notes else text

    def block(self, tokens: list[Token], position: int, token: Token) -> None:
        if token.map is None:
            return
        self.page.line = self.draft.origins[token.map[0]]
        if token.type == "inline":
            parent = tokens[position - 1].type
            if parent == "heading_open":
                self.heading(tokens[position - 1], token)
            elif parent in {"th_open", "td_open"}:
                pass
            else:
                before = tokens[position - 2].type if position > 1 else ""
                self.paragraph(token, after_paragraph=before == "paragraph_close")
        elif token.type == "table_open":
            self.table(*token.map)
        elif token.type == "html_block":
            self.html(token)

    # --- paragraphs ---

    def prefixes(self, start: int, content: str) -> list[str]:
        """Return what stands before each line of *content* in the lines from *start*."""
        found = []
        for number, text in enumerate(content.split("\n"), start):
            line = self.lines[number].rstrip()
            at = len(line) - len(text.rstrip())
            found.append(line[:at] if at >= 0 and line[at:] == text.rstrip() else "")
        return found

    def paragraph(self, token: Token, *, after_paragraph: bool) -> None:
        assert token.map
        start, content = token.map[0], token.content
        if LIST_OF_CONTENTS.match(content):
            self.page.report(Kind.CONTENTS, f"{content.strip()} left out")
            self.replace(start, len(content.split("\n")), [""])
            return
        prefixes = self.prefixes(start, content)
        if figure := self.figure(content):
            self.replace(start, len(prefixes), self.with_prefix(figure, prefixes[0]))
            return
        text = self.text(content)
        text, behind = self.forms.settle(text, after_paragraph=after_paragraph)
        lines = [prefix + line for prefix, line in zip(prefixes, text.split("\n"), strict=False)]
        prefix = prefixes[1] if len(prefixes) > 1 else continuation(prefixes[0])
        for more in behind:
            if "".join(lines).strip(" \t>"):
                lines.append(prefix.rstrip())
                lines += self.with_prefix(more, prefix)
            else:
                lines = self.with_prefix(more, prefixes[0])
        self.replace(start, len(prefixes), lines)

    def text(self, content: str) -> str:
        """Return the text of a paragraph in MyST; messages name the line a thing is on."""
        page = self.page
        return rewrite(content, page, page.site.habits, page.marks.characters)

    def replace(self, start: int, count: int, lines: list[str]) -> None:
        """Put *lines* in the place of *count* lines; the numbers of others stay."""
        self.lines[start] = "\n".join(lines)
        for number in range(start + 1, min(start + count, len(self.lines))):
            self.lines[number] = GONE

    @staticmethod
    def with_prefix(text: str, first: str) -> list[str]:
        prefix = continuation(first)
        head, *rest = text.split("\n")
        return [first + head, *(prefix + line if line else prefix.rstrip() for line in rest)]

    def figure(self, content: str) -> str:
        """Return a figure where the paragraph is one image with a caption."""
        if not content.startswith("!["):
            return ""
        taker = _OneImage()
        rest = rewrite(content, taker, self.page.site.habits, self.page.marks.characters)
        link = taker.found
        if rest.strip() or link is None or not link.title.strip():
            return ""
        caption = self.page.inline(link.title)
        alt = plain(self.page.marks.restore(link.text))
        return self.page.finished_figure(link.destination, caption, alt).text

    # --- headings, tables, definitions of links ---

    def heading(self, opening: Token, token: Token) -> None:
        assert token.map
        assert opening.map
        start, end = opening.map
        content = token.content
        anchors = []
        if found := HEADING_ID.search(content):
            anchors.append(found[1])
            content = content[: found.start()]
        prefix = self.lines[start]
        prefix = prefix[: len(prefix) - len(prefix.lstrip(" \t>"))]
        anchors += anchor_forms(self.words(content))
        level = int(opening.tag[1])
        if opening.level == 0 and not self.within_note:
            level = self.outline.level(level)
        self.write_heading(start, end, level, self.page.settle(self.text(content)), anchors, prefix)

    def write_heading(
        self, start: int, end: int, level: int, text: str, anchors: list[str], prefix: str
    ) -> None:
        """Write a heading with a name before it."""
        lines = [f"{prefix}{'#' * level} {' '.join(text.split())}"]
        if not self.within_note and not prefix:
            name = self.page.site.links.heading(self.page.article, anchors)
            lines.insert(0, f"({name})=")
        self.replace(start, end - start, lines)

    def words(self, content: str) -> str:
        """Return the words of a heading, as anchors are made from them."""

        def words(thing: object) -> str:
            return thing.text if isinstance(thing, Verbatim) else ""

        text = self.page.marks.each(content, words)
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]+>", r"\1", text)
        return re.sub(r"[*`$\\]", "", text)

    def table(self, start: int, end: int) -> None:
        """Rewrite the rows of a table; a bar in what was kept would end a cell."""

        def shown(match: re.Match[str]) -> str:
            thing = self.page.marks.things[int(match[1])]
            text = self.page.marks.restore(self.page.settle(match[0]))
            return text if isinstance(thing, Verbatim) else BAR.sub(r"\\|", text)

        for number in range(start, end):
            self.page.line = self.draft.origins[number]
            self.lines[number] = self.page.marks.pattern.sub(shown, self.text(self.lines[number]))

    def definitions(self) -> None:
        """Take away the definitions of links within the site: such a link is written as a whole."""
        for number, line in enumerate(self.lines):
            match = None if number in self.covered else DEFINITION.match(line)
            if match is None:
                continue
            address = self.page.address(match["address"].strip("<>"))
            if KNOWN_SCHEMES.match(address):
                continue
            title = (match["title"] or "").strip()[1:-1]
            self.page.definitions.setdefault(label(match["label"]), (address, title))
            self.lines[number] = ""

    # --- HTML ---

    def html(self, token: Token) -> None:
        """Keep HTML, but for what Markdown can say and for what a rule made within it."""
        assert token.map
        start, end = token.map
        content = token.content.rstrip("\n")
        prefix = self.prefixes(start, content)[0]
        written = markdown_of(self.page, content)
        if isinstance(written, HtmlHeading):
            level = written.level if prefix.strip() else self.outline.level(written.level)
            anchors = [*written.anchors, *anchor_forms(self.words(written.text))]
            self.write_heading(start, end, level, written.text, anchors, prefix)
        else:
            self.replace(start, end - start, self.with_prefix(written, prefix))


class _OneImage:
    """Take the first image of a text out of it; everything else stays as it is."""

    def __init__(self) -> None:
        self.found: Link | None = None

    def link(self, link: Link) -> str:
        if link.image and self.found is None:
            self.found = link
            return ""
        return "x"

    def is_code(self, mark: str) -> bool:
        return False

    def html_image(self, tag: str, start: int) -> str:
        return "x"

    def attributes(self, source: str, start: int) -> str:
        return ""

    def definition(self, name: str) -> tuple[str, str] | None:
        return None
