r"""Cut an article into tokens: tags, expressions, comments, code, formulas, and text between.

The tokens cover the whole text. Whichever begins first wins, so a tag in a code span is code, and a
backquote in a string of a tag belongs to the tag. Pure text, no files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from typing import TYPE_CHECKING

from marginalia_import.lines import fills_its_lines, prefix_of
from marginalia_import.rules import TagError, parse_nunjucks
from marginalia_import.tokens import Grammar, Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


TAG = re.compile(r"\{%[-+]?\s*(?P<name>[\w.-]*)\s*(?P<body>.*?)\s*[-+]?%\}", re.DOTALL)
#: The same where the strings of a tag may contain ``%}``.
TAG_WITH_STRINGS = re.compile(
    r"""\{%[-+]?\s*(?P<name>[\w.-]*)\s*
        (?P<body>(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?!%\})[^"'])*?)\s*[-+]?%\}""",
    re.DOTALL | re.VERBOSE,
)
EXPRESSION = re.compile(
    r"""\{\{(?P<body>(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?!\}\})[^"'])*?)\}\}""",
    re.DOTALL | re.VERBOSE,
)
#: A word after the sign, and a brace on its line, are an id in the attributes of a heading.
HASH_COMMENT = re.compile(r"\{#(?!\w[^{}\n#]*\})(?P<body>.*?)#\}", re.DOTALL)
HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
#: A shortcode of Hugo whose content is code.
HIGHLIGHT = re.compile(r"\{\{[<%]\s*highlight\b.*?\{\{[<%]\s*/highlight\b", re.DOTALL)
#: A formula that is an environment of TeX, without dollars.
ENVIRONMENT = r"\\begin\{(?:align|alignat|equation|eqnarray|flalign|gather|multline)\*?\}"
#: Each alternative begins with a letter of its own, which re then looks for.
START = re.compile(
    ENVIRONMENT + r"|(?P<dollar>\$)?\\(?:eq)?ref\{[\w:.-]+\}(?(dollar)\$)|\(\\ref\{[\w:.-]+\}\)"
    r"|\\\\[(\[]|\\(?!\{[%{#]).|``*|\{[%{#]|<!--|<(?:pre|code)\b|\$\$*",
    re.DOTALL,
)
#: The end of a paragraph, also in a quote: no code span and no formula continues after it.
BLANK = re.compile(r"\n[ \t>]*(?=\n|\Z)")
#: The start of a heading or of an item of a list, before which a code span ends, too.
BLOCK = re.compile(r"\n[ \t>]*(?:#{1,6}[ \t]|(?:[-*+]|1[.)])[ \t]+\S)")
#: As KaTeX for markdown-it: no space inside the dollars, no digit after.
DOLLARS = re.compile(r"\$(?=\S)((?:\\.|[^\\$])+?)(?<!\s)\$(?!\d)", re.DOTALL)
DOUBLE_DOLLARS = re.compile(r"\$\$((?:\\.|[^\\])*?)\$\$", re.DOTALL)
#: What a quote puts before a line.
QUOTE_SIGN = re.compile(r"(?<=\n)[ \t>]*>[ \t]?")


def tokenize(
    text: str, grammar: Grammar, code_blocks: Sequence[tuple[int, int, bool]] = ()
) -> Iterator[Token]:
    """Yield the tokens of *text* in order.

    :param code_blocks: first line from 0, end line, and whether it is a fence, of each code block
    """
    return _Tokenizer(text, grammar, code_blocks).tokens()


def _has_literal_arguments(body: str) -> bool:
    """Whether the arguments of a Nunjucks tag are literals with closed quotes."""
    try:
        parse_nunjucks(body)
    except TagError:
        return False
    return True


class _Tokenizer:
    """One pass over a text, in time that grows with its length even for adversarial input."""

    def __init__(
        self, text: str, grammar: Grammar, code_blocks: Sequence[tuple[int, int, bool]]
    ) -> None:
        self.text = text
        self.grammar = grammar
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        bounds = [*self.line_starts, len(text)]
        ends = ((bounds[a], bounds[min(b, len(bounds) - 1)], fence) for a, b, fence in code_blocks)
        # Without the newline of the last line: the text after starts with it.
        self.code = [(a, b - text.endswith("\n", a, b), fence) for a, b, fence in ends if b > a]
        #: The offset of the next code block, before which code spans and formulas must end.
        self.next_code = len(text)
        self.tag_pattern = TAG if grammar.jekyll else TAG_WITH_STRINGS
        #: The paragraph that was searched last: start and end.
        self.paragraph = (0, 0)
        #: The end of an element of HTML with code, in which no formula is read.
        self.element_end = 0
        #: For a number of backquotes, the range in which no such run closes a span.
        self.unclosed: dict[int, tuple[int, int]] = {}
        #: The last closing sign of each kind: after it nothing opens.
        self.last = {
            sign: text.rfind(sign)
            for sign in "%} }} #} --> $ ` \\end{ /highlight </pre> </code>".split()
        }

    def line(self, position: int) -> int:
        return bisect_right(self.line_starts, position)

    def token(self, kind: TokenKind, start: int, end: int, **more: str | None) -> Token:
        return Token(kind, self.text[start:end], start, self.line(start), **more)  # type: ignore[arg-type]

    def tokens(self) -> Iterator[Token]:
        done = position = 0
        blocks = deque(self.code)
        while position < len(self.text):
            while blocks and blocks[0][0] < position:
                blocks.popleft()  # a code block within a string of a tag
            self.next_code = blocks[0][0] if blocks else len(self.text)
            match = START.search(self.text, position)
            if blocks and (match is None or self.next_code <= match.start()):
                begin, end, fence = blocks[0]
                name = "fence" if fence else ""
                token: Token | None = self.token(TokenKind.CODE_BLOCK, begin, end, name=name)
            elif match is None:
                break
            else:
                begin, end = match.span()
                token = self.token_at(match)
            position = end if token is None else token.end
            if token is not None:
                if begin > done:
                    yield self.token(TokenKind.TEXT, done, begin)
                yield token
                done = position
        if done < len(self.text):
            yield self.token(TokenKind.TEXT, done, len(self.text))

    def token_at(self, match: re.Match[str]) -> Token | None:
        """Return the token that begins at *match*, if one does."""
        sign, start = match[0], match.start()
        if sign[0] == "{" and not self.grammar.read_tags:
            code = start < self.last["/highlight"] and HIGHLIGHT.match(self.text, start)
            return self.token(TokenKind.TEXT, start, code.end()) if code else None
        match sign:
            case "{%":
                return self.tag(start)
            case "{{":
                return self.delimited(EXPRESSION, TokenKind.EXPRESSION, start, "}}")
            case "{#" if not self.grammar.jekyll:
                return self.delimited(HASH_COMMENT, TokenKind.COMMENT, start, "#}")
            case "<!--":
                return self.delimited(HTML_COMMENT, TokenKind.HTML_COMMENT, start, "-->")
        if sign[0] == "`":
            return self.code_span(match)
        if sign[0] == "<" and self.element_end <= start < self.last[closing := f"</{sign[1:]}>"]:
            self.element_end = self.text.find(closing, start)
        return None if start < self.element_end else self.formula(match)

    def formula(self, match: re.Match[str]) -> Token | None:
        """Return the formula that begins at *match*, if one does."""
        if "ref{" in match[0]:
            return self.token(TokenKind.MATH, *match.span(), body=match[0].strip("$()"))
        if match[0][0] == "$":
            return self.math(match)
        if match[0].startswith("\\begin"):
            return self.environment(match)
        is_math = match[0] in self.grammar.math_signs
        return self.escaped_math(match.start(), match[0]) if is_math else None

    def delimited(
        self, pattern: re.Pattern[str], kind: TokenKind, start: int, end: str
    ) -> Token | None:
        if start >= self.last[end]:
            return None
        match = pattern.match(self.text, start)
        crosses_code = kind is TokenKind.HTML_COMMENT and match and match.end() > self.next_code
        if match is None or crosses_code:
            return None
        body = match.groupdict().get("body") or ""
        return self.token(kind, start, match.end(), body=body.strip())

    def tag(self, start: int) -> Token | None:
        if start >= self.last["%}"]:
            return None
        match = self.tag_pattern.match(self.text, start)
        if match is None or ("%}" in match["body"] and not _has_literal_arguments(match["body"])):
            # An open quote: its string would extend to some later quote.
            match = TAG.match(self.text, start)
        if match is None:
            return None
        name, body, end = match["name"], match["body"], match.end()
        if name in self.grammar.verbatim_tags:
            end_tag = re.escape(self.grammar.verbatim_tags[name])
            closing = re.compile(rf"\{{%[-+]?\s*{end_tag}\s*[-+]?%\}}").search(self.text, end)
            if closing:
                content, end = self.text[end : closing.start()], closing.end()
                return self.token(TokenKind.TAG, start, end, name=name, body=body, content=content)
        return self.token(TokenKind.TAG, start, end, name=name, body=body)

    def paragraph_end(self, position: int) -> int:
        """Return the end of the paragraph; it is searched once for all positions within."""
        if not self.paragraph[0] <= position < self.paragraph[1]:
            blank = BLANK.search(self.text, position)
            self.paragraph = (position, len(self.text) if blank is None else blank.start())
        return self.paragraph[1]

    def code_span(self, match: re.Match[str]) -> Token | None:
        """Return the span if as many backquotes close it within the paragraph, outside a tag."""
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
        if BLOCK.search(inner):
            return None
        if inner.count("{%") > inner.count("%}"):
            return None  # the closing backquote is in a string of a tag
        return self.token(TokenKind.CODE_SPAN, match.start(), closing.end())

    def math(self, match: re.Match[str]) -> Token | None:
        """Return the formula that begins here, by the rules of the site's Markdown."""
        start = match.start()
        if start >= self.last["$"] or len(match[0]) > 2:
            return None
        if len(match[0]) == 1:
            limit = min(self.paragraph_end(start), self.next_code)
            formula = self.grammar.dollar_math and DOLLARS.match(self.text, start, limit)
            if not formula or "`" in formula[1]:
                return None
            body = self.unquoted(start, formula[1])
            return self.token(TokenKind.MATH, start, formula.end(), body=body)
        formula = DOUBLE_DOLLARS.match(self.text, start)
        if formula is None or not formula[1].strip() or formula.end() > self.next_code:
            return None
        alone = fills_its_lines(self.text, start, formula.end())
        if not alone and BLANK.search(formula[0]):
            return None
        inline = self.grammar.jekyll and not alone
        kind = TokenKind.MATH if inline else TokenKind.DISPLAY_MATH
        return self.token(kind, start, formula.end(), body=self.unquoted(start, formula[1]))

    def environment(self, match: re.Match[str]) -> Token | None:
        """Return the formula from ``begin`` to ``end``, if it has its lines for itself."""
        start, closing = match.start(), match[0].replace("begin", "end", 1)
        if start >= self.last["\\end{"]:
            return None
        limit = min(self.paragraph_end(start), self.next_code)
        end = self.text.find(closing, start, limit) + len(closing)
        if end < len(closing) or not fills_its_lines(self.text, start, end):
            return None
        body = self.unquoted(start, self.text[start:end])
        return self.token(TokenKind.DISPLAY_MATH, start, end, body=body)

    def escaped_math(self, start: int, sign: str) -> Token | None:
        """Return the formula that begins with *sign*."""
        limit, size = min(self.paragraph_end(start), self.next_code), len(sign)
        end = self.text.find(sign.translate({40: ")", 91: "]"}), start, limit)
        body = self.text[start + size : max(end, 0)]
        if not body.strip() or "`" in body:
            return None
        kind = TokenKind.DISPLAY_MATH if sign[-1] == "[" else TokenKind.MATH
        return self.token(kind, start, end + size, body=self.unquoted(start, body))

    def unquoted(self, start: int, body: str) -> str:
        """Return the lines of a formula without the signs of the quote around it."""
        line_start = self.line_starts[self.line(start) - 1]
        quoted = ">" in prefix_of(self.text[line_start:start])
        return QUOTE_SIGN.sub("", body) if quoted else body
