"""Convert the blocks of an article: headings, paragraphs, tables, footnotes, HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from marginalia_import.addresses import MYST_SCHEMES, anchor_variants
from marginalia_import.html.blocks import HtmlHeading, convert_html
from marginalia_import.lines import LineEditor, add_prefix, continuation_prefix, prefix_of
from marginalia_import.links import figure
from marginalia_import.markdown import footnote_name, normalize_label, single_image
from marginalia_import.myst import plain_text
from marginalia_import.notes import NotePlacement
from marginalia_import.parser import parse_blocks
from marginalia_import.placeholders import Block, BlockEnd, BlockStart, Note, Verbatim
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markdown_it.token import Token

    from marginalia_import.lines import Buffer
    from marginalia_import.page import ArticlePage

BAR = re.compile(r"(?<!\\)\|")
HEADING_ID = re.compile(r"[ \t]*\{:?[ \t]*#([\w:.-]+)[^{}]*\}[ \t]*$")
CONTENTS = re.compile(r"^[ \t]*\[\[?(?:toc|_toc_)\]\]?[ \t]*$", re.IGNORECASE)


@dataclass
class Outline:
    """The levels of an article's headings, changed so that none is skipped below the title."""

    open_levels: list[int] = field(default_factory=list)
    changed: bool = False

    def level(self, level: int) -> int:
        """Return the new level of the next heading: one below the nearest higher heading."""
        while self.open_levels and self.open_levels[-1] >= level:
            self.open_levels.pop()
        self.open_levels.append(level)
        new = min(len(self.open_levels) + 1, 6)
        self.changed = self.changed or new != level
        return new


def escape_heading_end(text: str) -> str:
    r"""Return a heading whose last signs stay: Markdown drops ``#`` at the end.

    >>> escape_heading_end("On C #")
    'On C \\#'
    """
    return re.sub(r"(?<=\s)(#+)$", r"\\\1", text)


def heading_words(page: ArticlePage, content: str) -> str:
    """Return the words of a heading, from which anchors are derived."""
    text = page.placeholders.substitute(
        content, lambda fragment: fragment.text if isinstance(fragment, Verbatim) else ""
    )
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]+>", r"\1", text)
    return re.sub(r"[*`$\\]", "", text)


@dataclass
class BlockConverter:
    """One pass over the blocks of a text with placeholders."""

    page: ArticlePage
    buffer: Buffer
    #: Whether the text is a note or the like, whose headings have no label.
    within_note: bool = False
    outline: Outline = field(default_factory=Outline)

    def convert(self) -> str:
        """Return the text in MyST, with placeholders."""
        self.lines = LineEditor(self.buffer.lines)
        self.notes = NotePlacement(self.page, self.within_note)
        #: The number of open directives, which Markdown does not know.
        self.open_directives = 0
        #: The footnotes that are defined so far.
        self.footnotes: set[str] = set()
        env: dict[str, Any] = {}
        self.tokens = parse_blocks(
            self.buffer.text, env, definition_lists=self.page.syntax.definition_lists
        )
        self.convert_link_definitions(env.get("references", {}))
        for repeated in env.get("duplicate_refs", ()):  # the first definition counts
            start, end = repeated["map"]
            self.lines.replace(start, end - start, [""])
        for index, token in enumerate(self.tokens):
            self.convert_token(index, token)
        text, footnotes = self.lines.text, self.notes.footnotes
        return "\n\n".join([text.rstrip("\n"), *footnotes]) if footnotes else text

    def convert_token(self, index: int, token: Token) -> None:
        if token.map is not None:
            self.page.line = self.buffer.source_lines[token.map[0]]
        match token.type:
            case "inline":
                self.convert_inline(index, token)
            case "table_open":
                self.convert_table(token)
            case "html_block":
                self.convert_html(token)
            case "hr":
                self.convert_horizontal_rule(index, token)
            case "footnote_reference_open":
                self.notes.within_footnote = True
                self.convert_footnote(token)
            case "footnote_reference_close":
                self.notes.within_footnote = False

    def convert_inline(self, index: int, token: Token) -> None:
        """Convert the text of a heading or a paragraph. Tables are converted by rows."""
        for fragment in self.page.placeholders.fragments_in(token.content):
            starts, ends = isinstance(fragment, BlockStart), isinstance(fragment, BlockEnd)
            self.open_directives += starts - ends
        parent = self.tokens[index - 1]
        if parent.type == "heading_open":
            self.convert_heading(parent, token)
        elif parent.type not in {"th_open", "td_open"}:
            self.convert_paragraph(token, after_paragraph=self.follows_text(index))

    def follows_text(self, index: int) -> bool:
        """Whether the block before a paragraph is a paragraph of text, not only of directives."""
        if index < 3 or self.tokens[index - 2].type != "paragraph_close":
            return False
        content = self.tokens[index - 3].content
        if self.page.placeholders.pattern.sub("", content).strip():
            return True
        fragments = self.page.placeholders.fragments_in(content)
        return not all(isinstance(part, BlockStart | BlockEnd | Block) for part in fragments)

    def convert_horizontal_rule(self, index: int, token: Token) -> None:
        """Keep a horizontal rule as HTML where docutils allows no transition.

        That is within a block, at the beginning or the end of a section, and beside another rule.
        """
        assert token.map
        beside = {
            self.tokens[position].type if 0 <= position < len(self.tokens) else ""
            for position in (index - 1, index + 1)
        }
        refused = {"", "heading_close", "hr", "footnote_block_open", "footnote_reference_open"}
        inside = token.level or self.within_note or self.open_directives
        if inside or refused & beside:
            self.page.report(Kind.RULE, "a horizontal rule kept as HTML")
            prefix = prefix_of(self.lines[token.map[0]]) if token.level else ""
            after = continuation_prefix(prefix).rstrip()
            self.lines.replace(token.map[0], 1, [f"{prefix}<hr />", after])

    def convert_footnote(self, token: Token) -> None:
        """Comment out a footnote that the old site did not show."""
        name = token.meta.get("label", "")
        repeated = name in self.footnotes
        self.footnotes.add(name)
        if token.map and (repeated or name not in self.page.used_footnotes):
            reason = f"[^{name}] is defined twice" if repeated else f"nothing refers to [^{name}]"
            self.page.report(Kind.FOOTNOTE, f"{reason}: it becomes a comment")
            self.lines.commented.update(range(*token.map))
        elif token.map:
            line = self.lines[token.map[0]]
            written = line.replace(f"[^{name}]:", f"[^{footnote_name(name)}]:", 1)
            self.lines.replace(token.map[0], 1, [written])

    # Paragraphs

    def convert_paragraph(self, token: Token, *, after_paragraph: bool) -> None:
        assert token.map
        start, content = token.map[0], token.content
        if CONTENTS.match(content):
            self.page.report(Kind.CONTENTS, f"{content.strip()} left out")
            self.lines.replace(start, len(content.split("\n")), [""])
            return
        prefixes = self.lines.prefixes(start, content)
        if figure := self.figure(content):
            self.lines.replace(start, len(prefixes), add_prefix(figure, prefixes[0]))
            return
        text = self.rewrite(content)
        text, blocks = self.notes.place_notes(text, after_paragraph=after_paragraph)
        prefix = prefixes[1] if len(prefixes) > 1 else continuation_prefix(prefixes[0])
        rows = zip_longest(prefixes, text.split("\n"), fillvalue=None)
        lines = [(prefix if first is None else first) + (row or "") for first, row in rows]
        for block in blocks:
            if "".join(lines).strip(" \t>"):
                lines += [prefix.rstrip(), *add_prefix(block, prefix)]
            else:
                lines = add_prefix(block, prefixes[0])
        self.lines.replace(start, len(prefixes), lines)

    def rewrite(self, content: str) -> str:
        """Return inline text in MyST. What is reported within has the line of its link."""
        page = self.page
        page.paragraph_line = page.line
        text = page.rewrite(content)
        page.line, page.paragraph_line = page.paragraph_line, 0
        return text

    def figure(self, content: str) -> str:
        """Return a figure if the paragraph is one image with a title, which is its caption."""
        if not content.startswith("!["):
            return ""
        page = self.page
        image = single_image(content, page)
        if image is None or not image.title.strip():
            return ""
        caption = page.inline(image.title)
        alt = plain_text(page.placeholders.restore(image.text))
        return figure(page, image.destination, caption, alt, {}).text

    # Headings, tables, definitions of links

    def convert_heading(self, opening: Token, token: Token) -> None:
        assert opening.map
        content, anchors = token.content, []
        if identifier := HEADING_ID.search(content):
            anchors.append(identifier[1])
            content = content[: identifier.start()]
        anchors += anchor_variants(heading_words(self.page, content))
        level = int(opening.tag[1])
        if opening.level == 0 and not self.within_note:
            level = self.outline.level(level)
        text = self.page.resolve(self.rewrite(content))
        prefix = prefix_of(self.lines[opening.map[0]])
        self.write_heading(opening.map, level, text, anchors, prefix)

    def write_heading(
        self, lines: list[int], level: int, text: str, anchors: list[str], prefix: str
    ) -> None:
        """Write a heading with its label."""
        heading = f"{prefix}{'#' * level} {escape_heading_end(' '.join(text.split()))}"
        label = []
        if not self.within_note and not prefix:
            label = [f"({self.page.links.add_heading(self.page.article, anchors)})="]
        start, end = lines
        self.lines.replace(start, end - start, [*label, heading])

    def convert_table(self, token: Token) -> None:
        """Convert the rows of a table. A bar within a fragment would end its cell."""
        placeholders = self.page.placeholders

        def restored(match: re.Match[str]) -> str:
            fragment = placeholders.fragment(match[0])
            if isinstance(fragment, Note) and fragment.has_blocks and fragment.name == "sidenote":
                return self.notes.add_footnote(fragment)
            text = placeholders.restore(self.page.resolve(match[0]))
            return text if isinstance(fragment, Verbatim) else BAR.sub(r"\\|", text)

        for number in range(*(token.map or (0, 0))):
            self.page.line = self.buffer.source_lines[number]
            row = placeholders.pattern.sub(restored, self.rewrite(self.lines[number]))
            self.lines.replace(number, 1, [row])

    def convert_link_definitions(self, references: Mapping[str, Any]) -> None:
        """Remove the definitions of links within the site; such links are written in full."""
        for name, reference in references.items():
            address = self.page.address(unquote(reference["href"]))
            if MYST_SCHEMES.match(address):
                continue
            definition = (address, reference["title"])
            self.page.link_definitions.setdefault(normalize_label(name), definition)
            start, end = reference["map"]
            self.lines.replace(start, end - start, [""])

    def convert_html(self, token: Token) -> None:
        """Convert an HTML block: to a heading, to MyST, or to HTML around MyST."""
        assert token.map
        content = token.content.rstrip("\n")
        prefix = self.lines.prefixes(token.map[0], content)[0]
        converted = convert_html(self.page, content)
        if isinstance(converted, HtmlHeading):
            level = converted.level if prefix.strip() else self.outline.level(converted.level)
            anchors = [
                *converted.anchors,
                *anchor_variants(heading_words(self.page, converted.text)),
            ]
            self.write_heading(token.map, level, converted.text, anchors, prefix)
        else:
            start, end = token.map
            self.lines.replace(start, end - start, add_prefix(converted, prefix))
