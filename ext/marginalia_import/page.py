"""What rules and converters ask of an article: text in MyST, notes, citations, figures."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from marginalia_import import html
from marginalia_import.addresses import first_unused, label_for
from marginalia_import.context import ArticleContext
from marginalia_import.crossrefs import Label, Reference
from marginalia_import.html.tree import inline_markdown
from marginalia_import.links import figure, has_image, inline_image
from marginalia_import.markdown import Link, rewrite_inline
from marginalia_import.myst import code_span, plain_text, role
from marginalia_import.placeholders import Block, Expression, Inline, Note, Verbatim, inline_text
from marginalia_import.report import Kind, did_you_mean
from marginalia_import.sites import load
from marginalia_import.templates import TemplateConverter
from marginalia_import.tokenizer import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from marginalia_import.lines import Buffer
    from marginalia_import.links import Links
    from marginalia_import.placeholders import Fragment, Placeholders
    from marginalia_import.report import Report
    from marginalia_import.sites.site import Article, Site


class ArticlePage(ArticleContext):
    """One article during its conversion.

    The methods without a docstring are described by :class:`marginalia_import.rules.Page` and
    :class:`marginalia_import.markdown.InlineWriter`.

    :param links: the links of all articles
    :param convert_blocks: returns MyST for blocks that begin with a source line
    :param convert_elements: returns text with placeholders for the HTML that means something
    """

    def __init__(
        self,
        site: Site,
        article: Article,
        report: Report,
        placeholders: Placeholders,
        links: Links,
        convert_blocks: Callable[..., str],
        convert_elements: Callable[[ArticlePage, Buffer], Buffer],
    ) -> None:
        super().__init__(site, article, report, placeholders)
        self.links = links
        self.convert_blocks = convert_blocks
        self.convert_elements = convert_elements
        #: The source line of the paragraph that is being rewritten; 0 outside of paragraphs.
        self.paragraph_line = 0
        self.within_note = False
        self.tab_titles: list[str] = []
        #: The ids of the title, besides the name of the article.
        self.title_anchors: list[str] = []
        #: How many theorems, lemmas and so on the article has so far.
        self.theorem_numbers: Counter[str] = Counter()

    # Text

    def convert_templates(
        self,
        text: str,
        code_blocks: Sequence[tuple[int, int, bool]] = (),
        *,
        line: int,
        tags: bool = True,
        is_inline: bool = False,
    ) -> Buffer:
        """Return a text with placeholders for its tags, formulas and code.

        :param code_blocks: the lines of its code blocks
        :param line: the source line with which it begins
        :param tags: whether tags are read
        """
        grammar = self.site.grammar if tags else self.site.grammar_without_tags
        buffer = TemplateConverter(
            self,
            self.placeholders,
            self.site.parse_arguments,
            self.site.rules if tags else {},
            text,
            list(tokenize(text, grammar, code_blocks)),
            is_inline=is_inline,
        ).convert(line)
        buffer = self.syntax.rewrite(self, buffer, is_inline=is_inline)
        if "[[" in buffer.text:
            buffer = load("sites.obsidian:WikiLinkRewriter")(
                self, buffer, is_inline=is_inline
            ).rewrite()
        return buffer

    def inline(self, text: str, *, tags: bool = True) -> str:
        """Return the MyST for inline Markdown of the old site, on one line."""
        line = self.line
        buffer = self.convert_templates(text.strip(), line=line, tags=tags, is_inline=True)
        buffer = self.convert_elements(self, buffer)
        self.line = line
        return self.finish_inline(buffer.text)

    def rewrite(self, text: str) -> str:
        """Return inline text in MyST, with placeholders."""
        return rewrite_inline(text, self)

    def finish_inline(self, text: str) -> str:
        """Return inline text with placeholders in MyST, on one line."""

        def one_line(fragment: Fragment) -> str | None:
            # A displayed formula becomes an inline one.
            return inline_text(fragment) if isinstance(fragment, Block) else None

        text = self.placeholders.substitute(self.resolve(self.rewrite(text)), one_line)
        return " ".join(self.placeholders.restore(text).split())

    def resolve(self, text: str) -> str:
        """Return inline text with its notes as roles, and its expressions as code."""

        def resolved(fragment: Fragment) -> str | None:
            if isinstance(fragment, Note):
                return role(fragment.name, fragment.text)
            if isinstance(fragment, Expression):
                self.report(Kind.EXPRESSION, fragment.source, fragment.line)
                return code_span(fragment.source)
            return None

        return self.placeholders.substitute(text, resolved)

    def html_text(self, text: str) -> str:
        """Return the MyST for inline HTML with placeholders."""
        return self.inline(inline_markdown(text), tags=False)

    def blocks(self, text: str) -> str:
        return self.convert_blocks(self, text, self.line)

    def raw_markdown(self, text: str, *, own_line: bool) -> Fragment:
        if own_line:
            return Block(self.convert_blocks(self, text.strip("\n"), self.line, tags=False))
        return Inline(self.inline(text, tags=False))

    # Notes, citations, images

    def note(self, name: str, text: str) -> Fragment:
        if self.within_note:
            inner = self.inline(text)
            self.report(Kind.NESTED_TAG, f"a {name} within a note is shown in brackets")
            return Inline(f"({inner})", spaced=True)
        self.within_note = True
        line = self.line
        has_paragraphs = re.search(r"\n[ \t]*\n", text.strip())
        converted = self.blocks(text.strip("\n")) if has_paragraphs else self.inline(text)
        self.line = line
        self.within_note = False
        words = converted.strip()
        # Without words it would be read as the beginning of code.
        return Note(name, words, line) if words else Inline("")

    def myst_note(self, name: str, text: str) -> Fragment:
        return Note(name, text, self.line)

    def citation(self, keys: list[str], source: str) -> Fragment:
        if self.within_note:
            message = f"{' '.join(source.split())} within a note becomes a citation"
            self.report(Kind.NESTED_TAG, message)
        new_keys = self.site.citation_keys
        missing = [key for key in keys if key not in new_keys]
        for key in missing:
            hint = did_you_mean(key, new_keys)
            self.report(Kind.UNRESOLVED_CITATION, f"{key!r} is in no bibliography{hint}")
        if missing:
            return Verbatim(code_span(source), is_code=True, is_tag=True)
        self.count("citations")
        return Inline(f"{{cite:p}}`{','.join(new_keys[key] for key in keys)}`", spaced=True)

    def figure(self, path: str, caption: str, options: Mapping[str, str]) -> Fragment:
        return figure(self, path, self.inline(caption), plain_text(caption), options)

    def image(self, path: str, description: str) -> str:
        return inline_image(self, path, description)

    # References by id

    def define(self, identifier: str, kind: str, text: str = "") -> str:
        """Return the label for a thing with an id; empty if it has none, or another thing has it.

        :param text: how a reference names it if Sphinx does not number it
        """
        labels = self.links.labels
        if identifier in labels:
            self.report(Kind.NAME, f"#{identifier} is the id of two things: left out")
        if not identifier or identifier in labels:
            return ""
        used = {label.label for label in labels.values()}
        label = first_unused(label_for(identifier) or "label", used.__contains__)
        labels[identifier] = Label(kind, label, text)
        return label

    def define_formula(self, names: Sequence[str]) -> str:
        """Return the label of a formula with *names*, which are those of this page alone.

        Sphinx numbers a formula, and not its lines: all names lead to it.
        """
        own = [f"{self.article.docname}:{name}" for name in names]
        label = self.define(own[0], "equation") if own else ""
        self.links.labels |= {name: self.links.labels[own[0]] for name in own[1:] if label}
        return label

    def refer_to_formula(self, name: str, source: str) -> str:
        """Return a placeholder for a reference to a formula of this page."""
        return self.refer(f"{self.article.docname}:{name}", source)

    def define_figure(self, identifier: str, path: str) -> str:
        """Return the label for a figure, which Sphinx numbers if there is its image."""
        kind = "figure" if has_image(self, path) else "block"
        return self.define(identifier, kind, "Figure")

    def refer(self, identifier: str, source: str, **options: Any) -> str:
        """Return a placeholder for a reference by id; its options are those of a Reference."""
        reference = Reference(self.article, identifier, source, self.line, **options)
        return self.links.refer(reference)

    # What rewrite_inline() asks

    def attribute_list(self, source: str) -> str:
        self.report(Kind.ATTRIBUTES, f"{source} left out")
        return ""

    def html_image(self, tag: str) -> str:
        return self.image_element(html.attributes(tag))

    def image_element(self, values: Mapping[str, str]) -> str:
        """Return an inline image for the attributes of an HTML image."""
        source, alt, title = (values.get(name, "") for name in ("src", "alt", "title"))
        return inline_image(self, source, alt, title)

    def link(self, link: Link) -> str:
        if self.paragraph_line:
            self.line = self.paragraph_line + link.line
        if link.image:
            alt = plain_text(self.placeholders.restore(link.text))
            return inline_image(self, link.destination, alt, link.title)
        # Readers could not follow the number of a note within a link, so notes follow it.
        notes: list[str] = []

        def without_note(match: re.Match[str]) -> str:
            if not isinstance(self.placeholders.fragment(match[0]), Note):
                return match[0]
            notes.append(match[0])
            return ""

        text = self.placeholders.pattern.sub(without_note, link.text)
        return self.links.write(self, replace(link, text=text)) + "".join(notes)
