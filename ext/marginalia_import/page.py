"""What the rules ask: the article they are in, the site around it, the report."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from marginalia_import import addresses, html
from marginalia_import.arguments import liquid, nunjucks, shell
from marginalia_import.assemble import Assembler
from marginalia_import.inline import rewrite
from marginalia_import.marks import Block, Expression, Marks, Note, Verbatim, Written
from marginalia_import.markup import (
    code_span,
    display_math,
    escape,
    escape_line_starts,
    inline_math,
    role,
    shortened,
    words_of,
)
from marginalia_import.pictures import Pictures
from marginalia_import.report import Kind
from marginalia_import.template import Piece, scan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from marginalia_import.inline import Link
    from marginalia_import.marks import Thing
    from marginalia_import.report import Report
    from marginalia_import.site import Article, Site
    from marginalia_import.template import Token

#: The line that opens a fence, behind whatever quotes, lists and notes it stands in.
FENCE = re.compile(r"^([^`~\n]*)(`{3,}|~{3,})([^\n]*)")
LANGUAGE = re.compile(r"^\{?[.\s]*([\w+#.-]*)")
SPLIT = {"nunjucks": nunjucks, "liquid": liquid, "shell": shell}


class ArticlePage:
    """One article while it is converted."""

    def __init__(
        self,
        site: Site,
        article: Article,
        report: Report,
        marks: Marks,
        convert: Callable[[ArticlePage, str, bool], str],
    ) -> None:
        self.convert = convert
        self.pictures = Pictures(self)
        self.site = site
        self.article = article
        self.log = report
        self.marks = marks
        self.dialect = site.dialect
        self.line = 1
        #: The line of the paragraph that is being rewritten; 0 where there is none.
        self.paragraph_line = 0
        #: How many notes the text that is being read is in.
        self.depth = 0
        self.footnotes = 0
        #: The names of the article's own footnotes.
        self.own_footnotes: set[str] = set()
        self.referred_footnotes: set[str] = set()
        #: The addresses and titles that are defined in the article for links within the site.
        self.definitions: dict[str, tuple[str, str]] = {}

    # --- the report ---

    def report(self, kind: Kind, message: str, line: int = 0) -> None:
        self.log.add(kind, self.article.source, line or self.line, message)

    def shows_names(self, tag: str) -> bool:
        return tag in self.site.printed_names

    def count(self, what: str, number: int = 1) -> None:
        self.log.count(what, number)

    def literal(self, source: str, kind: Kind, message: str) -> Thing:
        """Return *source* as code, so that it stays to be seen, and report it."""
        self.report(kind, f"{message}: {shortened(source)}")
        return Verbatim(code_span(source), code=True, kept=True)

    # --- text ---

    @property
    def split(self) -> Callable[[str], list[str]]:
        """How the arguments of tags are written."""
        return SPLIT[self.site.strings]

    def inline(self, text: str) -> str:
        return self._inline(text, tags=True)

    def without_tags(self, text: str) -> str:
        """Return the MyST for Markdown within a line in which no tag is looked for."""
        return self._inline(text, tags=False)

    def _inline(self, text: str, *, tags: bool) -> str:
        grammar = self.site.grammar if tags else self.site.grammar_without_tags
        line = self.line
        tokens = list(scan(text.strip(), grammar))
        rules = self.site.rules if tags else {}
        maker = Assembler(self, rules, self.marks, text.strip(), tokens, within_line=True)
        draft = maker.draft(line)
        self.line = line
        written = rewrite(draft.text, self, self.site.habits, self.marks.characters)
        # A formula of its own line has to stand in this one.
        settled = self.marks.each(
            self.settle(written),
            lambda thing: (thing.inline or thing.text) if isinstance(thing, Block) else None,
        )
        return " ".join(self.marks.restore(settled).split())

    def marked(self, text: str) -> str:
        """Return the MyST for a line of the draft, with everything back in its place."""
        written = rewrite(text, self, self.site.habits, self.marks.characters)
        return " ".join(self.marks.restore(self.settle(written)).split())

    def settle(self, text: str) -> str:
        """Return the text of a line with its notes as roles, and what no address held as code."""

        def settled(thing: Thing) -> str | None:
            if isinstance(thing, Note):
                return role(thing.name, thing.text)
            if isinstance(thing, Expression):
                return self.shown_expression(thing)
            return None

        return self.marks.each(text, settled)

    def shown_expression(self, thing: Expression) -> str:
        """Return an expression in the text as code."""
        self.report(Kind.EXPRESSION, thing.source, thing.line)
        return code_span(thing.source)

    def blocks(self, text: str) -> str:
        return self.convert(self, text, True)

    def untouched(self, text: str, *, own_line: bool) -> Thing:
        if own_line:
            return Block(self.convert(self, text.strip("\n"), False))
        return Written(self._inline(text, tags=False))

    def plain(self, text: str) -> str:
        """Return *text* as a paragraph that shows it as it is."""
        return escape_line_starts(escape(" ".join(text.split())))

    def expression(self, body: str) -> str | None:
        return addresses.expression_value(body)

    def formula(self, token: Token) -> Thing:
        """Return a formula in MyST's spelling; one between two dollars may be of a sentence."""
        if token.piece is Piece.DISPLAY_MATH and not token.source.lstrip().startswith("$$\n"):
            return Block(display_math(token.body.strip()), inline_math(token.body))
        if token.piece is Piece.DISPLAY_MATH:
            lines = [line.strip() for line in token.body.split("\n")]
            return Block(display_math("\n".join(lines)), inline_math(token.body))
        if token.source.startswith(("$$", "\\")):
            return Verbatim(inline_math(token.body))
        return Verbatim(f"${' '.join(token.body.split(chr(10)))}$")

    # --- code ---

    def code(self, token: Token) -> str:
        """Return a block of code with a language that Sphinx knows, and no directive of MyST."""
        match = FENCE.match(token.source) if token.name == "fence" else None
        if match is None or not match[3].strip():
            return token.source
        named = LANGUAGE.match(match[3].strip())
        language = self.language(named[1] if named else "")
        return f"{match[1]}{match[2]}{language}{token.source[match.end() :]}"

    def language(self, name: str) -> str:
        if not name or _known_language(name):
            return name
        self.report(Kind.LANGUAGE, f"code in {name!r} is shown without colours")
        return "text"

    # --- notes, citations, images ---

    def note(self, name: str, text: str) -> Thing:
        if self.depth:
            inner = self.inline(text)
            self.report(Kind.NESTED_TAG, f"a {name} within a note stands in brackets")
            return Written(f"({inner})", spaced=True)
        self.depth += 1
        paragraphs = bool(re.search(r"\n[ \t]*\n", text.strip()))
        line = self.line
        finished = self.blocks(text.strip("\n")) if paragraphs else self.inline(text)
        self.line = line
        self.depth -= 1
        return Note(name, finished.strip(), line)

    def next_footnote(self) -> int:
        """Return the number of the next footnote; the article's own have other names."""
        self.footnotes += 1
        while f"note-{self.footnotes}" in self.own_footnotes:
            self.footnotes += 1
        return self.footnotes

    def finished_note(self, name: str, text: str) -> Thing:
        return Note(name, text, self.line)

    def citation(self, keys: list[str], source: str) -> Thing:
        if self.depth:
            self.report(Kind.NESTED_TAG, f"{' '.join(source.split())} in a note is a citation now")
        known = [self.site.works[key] for key in keys if key in self.site.works]
        for key in keys:
            if key not in self.site.works:
                near = self.site.nearest_work(key)
                hint = f"; did you mean {near!r}?" if near else ""
                self.report(Kind.CITATION, f"{key!r} is in no bibliography{hint}")
        if len(known) == len(keys):
            self.count("citations")
            return Written(f"{{cite:p}}`{','.join(known)}`", spaced=True)
        return Verbatim(code_span(source), code=True, kept=True)

    def figure(self, path: str, caption: str, options: Mapping[str, str]) -> Thing:
        return self.finished_figure(path, self.inline(caption), words_of(caption), options)

    def finished_figure(
        self, path: str, caption: str, alt: str, options: Mapping[str, str] | None = None
    ) -> Block:
        """Return a figure whose caption is MyST already."""
        return self.pictures.figure(path, caption, alt, options or {})

    def image(self, path: str, description: str, title: str = "") -> str:
        return self.pictures.image(path, description, title)

    def address(self, text: str) -> str:
        """Return an address with what its expressions stand for."""

        def value(thing: Thing) -> str:
            if isinstance(thing, Expression):
                if thing.value is None:
                    self.report(Kind.EXPRESSION, f"in an address: {thing.source}", thing.line)
                    return thing.source
                return thing.value
            return thing.text if isinstance(thing, Written) else ""

        return " ".join(self.marks.each(text, value).split("\n")).strip()

    # --- what the text of a paragraph needs (inline.Writer) ---

    def is_code(self, mark: str) -> bool:
        thing = self.marks.thing(mark)
        return isinstance(thing, Verbatim) and thing.code

    def attributes(self, source: str, start: int) -> str:
        self.report(Kind.ATTRIBUTES, f"{source} left out")
        return ""

    def definition(self, name: str) -> tuple[str, str] | None:
        return self.definitions.get(name)

    def footnote(self, name: str) -> bool:
        return name in self.own_footnotes

    def html_image(self, tag: str, start: int) -> str:
        values = html.attributes(tag)
        return self.image(values.get("src", ""), values.get("alt", ""))

    def link(self, link: Link) -> str:
        if self.paragraph_line:
            self.line = self.paragraph_line + link.line
        if link.image:
            words = words_of(self.marks.restore(link.text))
            return self.image(link.destination, words, link.title)
        notes = [m[0] for m in self.marks.pattern.finditer(link.text) if self.is_note(m[0])]
        text = self.marks.each(link.text, lambda thing: "" if isinstance(thing, Note) else None)
        # A number in the text of a link could not be reached: the note stands behind it.
        return self.site.links.written(self, replace(link, text=text)) + "".join(notes)

    def is_note(self, mark: str) -> bool:
        """Whether a mark stands for a note."""
        return isinstance(self.marks.thing(mark), Note)

    def document(self, path: str, source: str) -> Thing:
        article = self.site.article_by_source(path)
        return Expression(source, f"/{article.url}" if article else path, self.line)


@lru_cache
def _known_language(name: str) -> bool:
    if name in {"default", "guess", "none", "python3", "pycon3", "py3tb"}:
        return True
    try:
        get_lexer_by_name(name)
    except ClassNotFound:
        return False
    return True
