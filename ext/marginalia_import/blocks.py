"""Rewrite the blocks of an article: headings, paragraphs, tables, HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from marginalia_import.addresses import KNOWN_SCHEMES, anchor_forms
from marginalia_import.forms import Forms
from marginalia_import.htmlblocks import HtmlHeading, markdown_of
from marginalia_import.inline import label, only_image, rewrite
from marginalia_import.lines import Lines
from marginalia_import.markdown import parse
from marginalia_import.marks import (
    Block,
    Close,
    Note,
    Open,
    Verbatim,
    continuation,
    with_prefix,
)
from marginalia_import.markup import words_of
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markdown_it.token import Token

    from marginalia_import.draft import Draft
    from marginalia_import.page import ArticlePage

BAR = re.compile(r"(?<!\\)\|")
HEADING_ID = re.compile(r"[ \t]*\{:?[ \t]*#([\w:.-]+)[^{}]*\}[ \t]*$")
LIST_OF_CONTENTS = re.compile(r"^[ \t]*\[\[?(?:toc|_toc_)\]\]?[ \t]*$", re.IGNORECASE)


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
        self.lines = Lines(self.draft)
        self.forms = Forms(self.page, self.within_note)
        #: How many of our own blocks are open, which Markdown does not know of.
        self.open_blocks = 0
        #: The names of footnotes so far.
        self.defined: set[str] = set()
        env: dict[str, Any] = {}
        knows = self.page.site.habits.definitions
        self.tokens = parse(self.draft.text, definitions=knows, env=env)
        self.definitions(env.get("references", {}))
        for position, token in enumerate(self.tokens):
            self.block(position, token)
        text, notes = self.lines.text, self.forms.footnotes
        return "\n\n".join([text.rstrip("\n"), *notes]) if notes else text

    def block(self, position: int, token: Token) -> None:
        if token.map is not None:
            self.page.line = self.draft.origins[token.map[0]]
        match token.type:
            case "inline":
                self.inline(position, token)
            case "table_open":
                self.table(token)
            case "html_block":
                self.html(token)
            case "hr":
                self.rule(position, token)
            case "footnote_reference_open":
                self.forms.within_footnote = True
                self.footnote(token)
            case "footnote_reference_close":
                self.forms.within_footnote = False

    def inline(self, position: int, token: Token) -> None:
        """Rewrite the text of a heading or a paragraph; tables are rewritten by their rows."""
        for thing in self.page.marks.within(token.content):
            self.open_blocks += isinstance(thing, Open) - isinstance(thing, Close)
        parent = self.tokens[position - 1]
        if parent.type == "heading_open":
            self.heading(parent, token)
        elif parent.type not in {"th_open", "td_open"}:
            self.paragraph(token, after_paragraph=self.has_text_before(position))

    def has_text_before(self, position: int) -> bool:
        """Whether the block before a paragraph is one too, of text and not of a block's mark."""
        if position < 3 or self.tokens[position - 2].type != "paragraph_close":
            return False
        content = self.tokens[position - 3].content
        things = self.page.marks.within(content)
        words = self.page.marks.pattern.sub("", content).strip()
        return bool(words) or not all(isinstance(thing, Open | Close | Block) for thing in things)

    def rule(self, position: int, token: Token) -> None:
        """Keep a line across the page as HTML where docutils allows no transition.

        That is within a block, at the beginning or the end, and beside a heading or another one.
        """
        assert token.map
        beside = [self.tokens[p].type if 0 <= p < len(self.tokens) else "" for p in
                  (position - 1, position + 1)]  # fmt: skip
        around = {"", "heading_close", "hr", "footnote_block_open", "footnote_reference_open"}
        inside = token.level or self.within_note or self.open_blocks
        if inside or around.intersection(beside):
            self.page.report(Kind.RULE, "a line across the page kept as HTML")
            prefix = self.lines.prefix(token.map[0]) if token.level else ""
            after = continuation(prefix).rstrip()
            self.lines.replace(token.map[0], 1, [f"{prefix}<hr />", after])

    def footnote(self, token: Token) -> None:
        """Make a comment of a footnote that nothing refers to: the old site did not show it."""
        name = token.meta.get("label", "")
        twice = name in self.defined
        self.defined.add(name)
        if token.map and (twice or name not in self.page.referred_footnotes):
            why = f"[^{name}] is defined twice" if twice else f"nothing refers to [^{name}]"
            self.page.report(Kind.FOOTNOTE, f"{why}: it is a comment now")
            self.lines.comment(range(*token.map))

    # --- paragraphs ---

    def paragraph(self, token: Token, *, after_paragraph: bool) -> None:
        assert token.map
        start, content = token.map[0], token.content
        if LIST_OF_CONTENTS.match(content):
            self.page.report(Kind.CONTENTS, f"{content.strip()} left out")
            self.lines.replace(start, len(content.split("\n")), [""])
            return
        prefixes = self.lines.prefixes(start, content)
        if figure := self.figure(content):
            self.lines.replace(start, len(prefixes), with_prefix(figure, prefixes[0]))
            return
        text = self.text(content)
        text, behind = self.forms.settle(text, after_paragraph=after_paragraph)
        prefix = prefixes[1] if len(prefixes) > 1 else continuation(prefixes[0])
        rows = zip_longest(prefixes, text.split("\n"), fillvalue=None)
        lines = [(prefix if p is None else p) + (row or "") for p, row in rows]
        for more in behind:
            if "".join(lines).strip(" \t>"):
                lines.append(prefix.rstrip())
                lines += with_prefix(more, prefix)
            else:
                lines = with_prefix(more, prefixes[0])
        self.lines.replace(start, len(prefixes), lines)

    def text(self, content: str) -> str:
        """Return the text of a paragraph in MyST; messages name the line a thing is on."""
        page = self.page
        page.paragraph_line = page.line
        written = rewrite(content, page, page.site.habits, page.marks.characters)
        page.line, page.paragraph_line = page.paragraph_line, 0
        return written

    def figure(self, content: str) -> str:
        """Return a figure where the paragraph is one image with a caption."""
        if not content.startswith("!["):
            return ""
        link = only_image(content, self.page.site.habits, self.page.marks.characters)
        if link is None or not link.title.strip():
            return ""
        caption = self.page.inline(link.title)
        alt = words_of(self.page.marks.restore(link.text))
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
        prefix = self.lines.prefix(start)
        anchors += anchor_forms(self.words(content))
        level = int(opening.tag[1])
        if opening.level == 0 and not self.within_note:
            level = self.outline.level(level)
        self.write_heading(start, end, level, self.page.settle(self.text(content)), anchors, prefix)

    def write_heading(
        self, start: int, end: int, level: int, text: str, anchors: list[str], prefix: str
    ) -> None:
        """Write a heading with a name before it."""
        # Signs at the end would be taken for the end of the heading.
        words = re.sub(r"(?<=\s)(#+)$", r"\\\1", " ".join(text.split()))
        lines = [f"{prefix}{'#' * level} {words}"]
        if not self.within_note and not prefix:
            name = self.page.site.links.heading(self.page.article, anchors)
            lines.insert(0, f"({name})=")
        self.lines.replace(start, end - start, lines)

    def words(self, content: str) -> str:
        """Return the words of a heading, as anchors are made from them."""

        def words(thing: object) -> str:
            return thing.text if isinstance(thing, Verbatim) else ""

        text = self.page.marks.each(content, words)
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]+>", r"\1", text)
        return re.sub(r"[*`$\\]", "", text)

    def table(self, token: Token) -> None:
        """Rewrite the rows of a table; a bar in what was kept would end a cell."""

        def shown(match: re.Match[str]) -> str:
            thing = self.page.marks.things[int(match[1])]
            if isinstance(thing, Note) and thing.blocks and thing.name == "sidenote":
                return self.forms.footnote(thing)
            text = self.page.marks.restore(self.page.settle(match[0]))
            return text if isinstance(thing, Verbatim) else BAR.sub(r"\\|", text)

        for number in range(*(token.map or (0, 0))):
            self.page.line = self.draft.origins[number]
            row = self.page.marks.pattern.sub(shown, self.text(self.lines[number]))
            self.lines.replace(number, 1, [row])

    def definitions(self, references: Mapping[str, Any]) -> None:
        """Take away the definitions of links within the site: such a link is written as a whole."""
        for name, reference in references.items():
            address = self.page.address(unquote(reference["href"]))
            if KNOWN_SCHEMES.match(address):
                continue
            self.page.definitions.setdefault(label(name), (address, reference["title"]))
            start, end = reference["map"]
            self.lines.replace(start, end - start, [""])

    # --- HTML ---

    def html(self, token: Token) -> None:
        """Keep HTML, but for what Markdown can say and for what a rule made within it."""
        assert token.map
        start, end = token.map
        content = token.content.rstrip("\n")
        prefix = self.lines.prefixes(start, content)[0]
        written = markdown_of(self.page, content)
        if isinstance(written, HtmlHeading):
            level = written.level if prefix.strip() else self.outline.level(written.level)
            anchors = [*written.anchors, *anchor_forms(self.words(written.text))]
            self.write_heading(start, end, level, written.text, anchors, prefix)
        else:
            self.lines.replace(start, end - start, with_prefix(written, prefix))
