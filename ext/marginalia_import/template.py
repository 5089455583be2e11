r"""Find the template's tags in an article, and what they must not be looked for in.

The text is cut, from left to right, into pieces that cover all of it: plain text, tags,
expressions, comments, code and formulas. Whichever begins first wins, so a tag in a code span is
code, and a backquote in a tag's string belongs to the tag. Pure text, no files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from marginalia_import.arguments import ArgumentError, nunjucks
from marginalia_import.draft import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Piece(Enum):
    """What a piece of the text is."""

    TEXT = auto()
    TAG = auto()
    EXPRESSION = auto()
    COMMENT = auto()
    #: An HTML comment.
    HTML_COMMENT = auto()
    CODE_SPAN = auto()
    #: A fence or an indented block, whole lines of it.
    CODE_BLOCK = auto()
    MATH = auto()
    #: A formula of its own line.
    DISPLAY_MATH = auto()


@dataclass(frozen=True)
class Token:
    """One piece of an article."""

    piece: Piece
    source: str
    #: Where it begins: characters from the start of the text, and the line from 1.
    start: int
    line: int
    #: Of a tag: its name and what stands behind it. Of a formula: the TeX in ``body``.
    name: str = ""
    body: str = ""
    #: Of a tag whose content is not looked into (raw, highlight): that content.
    verbatim: str | None = None


@dataclass(frozen=True)
class Grammar:
    """How a template language, and the Markdown behind it, are written."""

    #: ``{# … #}`` is a comment.
    hash_comments: bool
    #: A tag ends at the first ``%}`` that is in no string; in Liquid, simply at the first.
    strings: bool
    #: The tags whose content is not looked into, and the tag that ends each.
    verbatim: Mapping[str, str]
    #: ``$…$`` is a formula.
    dollar_math: bool
    #: ``$$…$$`` in a sentence is a formula of that sentence, as in kramdown.
    double_inline: bool
    #: Whether tags and expressions are looked for.
    tags: bool = True


TAG = re.compile(r"\{%[-+]?\s*(?P<name>[\w.-]*)\s*(?P<body>.*?)\s*[-+]?%\}", re.DOTALL)
#: The same where the strings of a tag may hold ``%}``.
TAG_WITH_STRINGS = re.compile(
    r"""\{%[-+]?\s*(?P<name>[\w.-]*)\s*
        (?P<body>(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?!%\})[^"'])*?)\s*[-+]?%\}""",
    re.DOTALL | re.VERBOSE,
)
EXPRESSION = re.compile(
    r"""\{\{(?P<body>(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?!\}\})[^"'])*?)\}\}""",
    re.DOTALL | re.VERBOSE,
)
HASH_COMMENT = re.compile(r"\{#(?P<body>.*?)#\}", re.DOTALL)
HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
START = re.compile(r"\\\\[(\[]|\\(?!\{[%{#]).|`+|\{[%{#]|<!--|\$+", re.DOTALL)
#: Where a paragraph ends, in quotes and lists too: no code span and no formula goes on behind it.
BLANK = re.compile(r"\n[ \t>]*(?=\n|\Z)")
#: Where KaTeX for markdown-it sees a formula too: no space inside the dollars, no digit behind.
DOLLARS = re.compile(r"\$(?=\S)((?:\\.|[^\\$])+?)(?<!\s)\$(?!\d)", re.DOTALL)
#: What a quote puts before a line.
QUOTED = re.compile(r"(?<=\n)[ \t>]*>[ \t]?")
DOUBLE_DOLLARS = re.compile(r"\$\$((?:\\.|[^\\])*?)\$\$", re.DOTALL)


def scan(
    text: str, grammar: Grammar, code: Sequence[tuple[int, int, bool]] = ()
) -> Iterator[Token]:
    """Yield the pieces of *text* in order.

    :param code: the lines of code blocks, from 0, as half-open ranges, and whether each is a fence
    """
    return _Scanner(text, grammar, code).tokens()


def readable(body: str) -> bool:
    """Whether the arguments of a Nunjucks tag are literals, all of them closed."""
    try:
        nunjucks(body)
    except ArgumentError:
        return False
    return True


class _Scanner:
    """One run over a text, with the start of each line at hand."""

    def __init__(self, text: str, grammar: Grammar, code: Sequence[tuple[int, int, bool]]) -> None:
        self.text = text
        self.grammar = grammar
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        bounds = [*self.starts, len(text)]
        # Without the end of the last line, which is there for code and text alike.
        ends = ((bounds[a], bounds[min(b, len(bounds) - 1)], fence) for a, b, fence in code)
        self.code = [(a, b - text.endswith("\n", a, b), fence) for a, b, fence in ends if b > a]
        #: Where the next code begins: Markdown's own spans and formulas end before it.
        self.next_code = len(text)
        self.tag = TAG_WITH_STRINGS if grammar.strings else TAG
        # Where nothing of a kind ends any more, no beginning of it is looked at again: the time
        # grows with the length of the text, also of one made to be slow.
        self.paragraph = (0, 0)
        #: From where on no run of so many backquotes closes a span in the paragraph.
        self.unclosed: dict[int, tuple[int, int]] = {}
        self.last = {mark: text.rfind(mark) for mark in ("%}", "}}", "#}", "-->", "$", "`")}

    def line(self, position: int) -> int:
        return bisect_right(self.starts, position)

    def token(self, piece: Piece, start: int, end: int, **more: str | None) -> Token:
        return Token(piece, self.text[start:end], start, self.line(start), **more)  # type: ignore[arg-type]

    def tokens(self) -> Iterator[Token]:
        done = position = 0
        blocks = iter(self.code)
        block = next(blocks, None)
        while position < len(self.text):
            while block is not None and block[0] < position:
                block = next(blocks, None)  # a code block within the string of a tag
            self.next_code = len(self.text) if block is None else block[0]
            match = START.search(self.text, position)
            if block is not None and (match is None or block[0] <= match.start()):
                begin, position, fence = block
                found: Token | None = self.token(
                    Piece.CODE_BLOCK, begin, position, name="fence" if fence else ""
                )
            elif match is None:
                break
            else:
                begin = match.start()
                found = self.at(match)
                position = match.end() if found is None else begin + len(found.source)
            if found is not None:
                if begin > done:
                    yield self.token(Piece.TEXT, done, begin)
                yield found
                done = position
        if done < len(self.text):
            yield self.token(Piece.TEXT, done, len(self.text))

    def at(self, match: re.Match[str]) -> Token | None:
        """Return the piece that begins at *match*, if one does."""
        mark = match[0]
        if mark[0] == "{" and not self.grammar.tags:
            return None
        if mark == "{%":
            return self.tag_at(match.start())
        if mark == "{{":
            return self.simple(EXPRESSION, Piece.EXPRESSION, match.start(), "}}")
        if mark == "{#":
            if self.grammar.hash_comments:
                return self.simple(HASH_COMMENT, Piece.COMMENT, match.start(), "#}")
            return None
        if mark == "<!--":
            return self.simple(HTML_COMMENT, Piece.HTML_COMMENT, match.start(), "-->")
        if mark[0] == "`":
            return self.code_span(match)
        if mark[0] == "$":
            return self.math(match)
        if len(mark) == 3 and self.grammar.double_inline and mark[0] == "\\":
            return self.escaped_math(match.start(), display=mark[2] == "[")
        return None

    def escaped_math(self, start: int, *, display: bool) -> Token | None:
        r"""Return a formula for MathJax: kramdown makes ``\(…\)`` of ``\\(…\\)``."""
        closing = "\\\\]" if display else "\\\\)"
        end = self.text.find(closing, start, self.paragraph_end(start))
        if end < 0 or not self.text[start + 3 : end].strip():
            return None
        piece = Piece.DISPLAY_MATH if display else Piece.MATH
        body = self.unquoted(start, self.text[start + 3 : end])
        return self.token(piece, start, end + 3, body=body)

    def simple(self, pattern: re.Pattern[str], piece: Piece, start: int, end: str) -> Token | None:
        if start >= self.last[end]:
            return None
        match = pattern.match(self.text, start)
        crosses = piece is Piece.HTML_COMMENT and match and match.end() > self.next_code
        if match is None or crosses:
            return None
        body = match.groupdict().get("body") or ""
        return self.token(piece, start, match.end(), body=body.strip())

    def tag_at(self, start: int) -> Token | None:
        if start >= self.last["%}"]:
            return None
        match = self.tag.match(self.text, start)
        if match is None or ("%}" in match["body"] and not readable(match["body"])):
            # An open quote: its string would swallow what follows, up to some later quote.
            match = TAG.match(self.text, start)
        if match is None:
            return None
        name, body, end = match["name"], match["body"], match.end()
        if name in self.grammar.verbatim:
            ending = re.escape(self.grammar.verbatim[name])
            closing = re.compile(rf"\{{%[-+]?\s*{ending}\s*[-+]?%\}}")
            if closed := closing.search(self.text, end):
                inner, end = self.text[end : closed.start()], closed.end()
                return self.token(Piece.TAG, start, end, name=name, body=body, verbatim=inner)
        return self.token(Piece.TAG, start, end, name=name, body=body)

    def paragraph_end(self, position: int) -> int:
        """Return where the paragraph ends; asked for at each sign, it is looked for once."""
        if not self.paragraph[0] <= position < self.paragraph[1]:
            blank = BLANK.search(self.text, position)
            self.paragraph = (position, len(self.text) if blank is None else blank.start())
        return self.paragraph[1]

    def code_span(self, match: re.Match[str]) -> Token | None:
        """Return the span if backquotes as many close it in the paragraph, outside of a tag."""
        if match.start() >= self.last["`"]:
            return None
        limit, ticks = min(self.paragraph_end(match.end()), self.next_code), len(match[0])
        start, end = self.unclosed.get(ticks, (0, 0))
        if start <= match.end() <= end:
            return None
        closing = re.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(self.text, match.end(), limit)
        if closing is None:
            self.unclosed[ticks] = (match.end(), limit)
            return None
        inner = self.text[match.end() : closing.start()]
        if inner.count("{%") > inner.count("%}"):
            return None  # the backquote behind is in the string of a tag
        return self.token(Piece.CODE_SPAN, match.start(), closing.end())

    def math(self, match: re.Match[str]) -> Token | None:
        """Return the formula that begins here, by the rules of the site's Markdown."""
        start = match.start()
        if start >= self.last["$"]:
            return None
        if len(match[0]) == 1:
            return self.inline_math(start) if self.grammar.dollar_math else None
        if len(match[0]) > 2:
            return None
        formula = DOUBLE_DOLLARS.match(self.text, start)
        if formula is None or not formula[1].strip() or formula.end() > self.next_code:
            return None
        alone = self.alone(start, formula.end())
        if not alone and BLANK.search(formula[0]):
            return None
        display = alone or not self.grammar.double_inline
        piece = Piece.DISPLAY_MATH if display else Piece.MATH
        return self.token(piece, start, formula.end(), body=self.unquoted(start, formula[1]))

    def inline_math(self, start: int) -> Token | None:
        formula = DOLLARS.match(self.text, start, min(self.paragraph_end(start), self.next_code))
        if formula is None or "`" in formula[1]:
            return None
        body = self.unquoted(start, formula[1])
        return self.token(Piece.MATH, start, formula.end(), body=body)

    def unquoted(self, start: int, body: str) -> str:
        """Return the lines of a formula without the signs of the quote that it begins in."""
        head = PREFIX.match(self.text, self.starts[self.line(start) - 1])
        return QUOTED.sub("", body) if head and ">" in head[0] else body

    def alone(self, start: int, end: int) -> bool:
        """Whether nothing else stands on the first and the last line of a formula."""
        before = self.text[self.starts[self.line(start) - 1] : start]
        line_end = self.text.find("\n", end)
        after = self.text[end : len(self.text) if line_end < 0 else line_end]
        return bool(PREFIX.fullmatch(before)) and not after.strip()
