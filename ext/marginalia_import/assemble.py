"""Make a draft of an article: its text, with a mark for each tag, formula and piece of code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marginalia_import.arguments import ArgumentError
from marginalia_import.draft import PREFIX, Draft, common_prefix
from marginalia_import.marks import (
    Block,
    Close,
    Expression,
    Note,
    Open,
    Verbatim,
    Written,
    continuation,
)
from marginalia_import.markup import Directive, code_span
from marginalia_import.report import Kind
from marginalia_import.rule import Form, Rule, RuleError, Tag
from marginalia_import.template import Piece, Token

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from marginalia_import.marks import Marks, Thing
    from marginalia_import.page import ArticlePage

#: Behind what a citation needs no space: a space, an opening bracket or quote, a dash.
OPEN = re.compile(r"""(?:^|[\s(\[{–—/-])["'“‘«*_~]*$""")


#: Behind which an address goes on.
IN_ADDRESS = re.compile(r"\]\([^)\s]*$|=[\"'][^\"'\s]*$")
#: A line that makes a heading of the one before it.
UNDERLINE = re.compile(r"\n[ \t>]*(?:-+|=+)[ \t]*(?=\n|\Z)")
#: The tags that steer a template: what they say is no text of the article.
CONTROL = frozenset(
    "if unless case for tablerow capture block macro call filter set cycle paginate".split()
)


@dataclass
class Assembler:
    """One run over the pieces of a text."""

    page: ArticlePage
    rules: Mapping[str, Rule]
    marks: Marks
    text: str
    tokens: Sequence[Token]
    #: Whether the text is within a line, so that no block may be begun.
    within_line: bool = False
    #: What is done where a tag ends, by the position of that end.
    ends: dict[int, Thing | None] = field(default_factory=dict)
    prefixes: dict[int, str] = field(default_factory=dict)

    def draft(self, line: int = 1) -> Draft:
        """Return the draft.

        :param line: the line of the source with which the text begins
        """
        self.out = Draft(line)
        self.first = line
        self.partners = pairs(self.tokens, self.rules)
        position = 0
        while position < len(self.tokens):
            token = self.tokens[position]
            self.page.line = self.first + token.line - 1
            position = self.write(position, token)
        return self.out

    def write(self, position: int, token: Token) -> int:
        """Write one piece; return where to go on."""
        if token.piece is Piece.TEXT:
            self.out.add(token.source)
            return position + 1
        if token.piece is Piece.TAG:
            return self.tag(position, token)
        if token.piece is Piece.CODE_BLOCK:
            # The mark stands where the code does, in the same list or quote.
            head = PREFIX.match(token.source)
            self.out.add(head[0] if head else "")
        self.put([self.thing(token)], token.source)
        if token.piece is Piece.CODE_BLOCK and UNDERLINE.match(self.text, _end(token)):
            # With no blank line between, the mark of the code would be read as a heading.
            head = PREFIX.match(token.source)
            self.out.pending = continuation(head[0] if head else "")
        return position + 1

    def thing(self, token: Token) -> Thing:
        """Return what a piece that is no tag becomes."""
        match token.piece:
            case Piece.EXPRESSION:
                value = self.page.expression(token.body)
                return Expression(token.source, value, self.page.line)
            case Piece.COMMENT:
                return self.page.literal(token.source, Kind.COMMENT, "a comment of the template")
            case Piece.MATH | Piece.DISPLAY_MATH:
                return self.page.formula(token)
            case Piece.CODE_BLOCK:
                text = self.page.code(token)
                head = PREFIX.match(text)
                return Verbatim(text[head.end() if head else 0 :], code=True)
            case _:
                return Verbatim(token.source, code=token.piece is Piece.CODE_SPAN)

    def put(self, things: Sequence[Thing], source: str, *, own_line: bool = False) -> None:
        """Write things in the place of *source*."""
        for thing in things:
            if isinstance(thing, Block) and not self.within_line and not self.in_table():
                self.out.block(self.marks.keep(thing))
                continue
            if isinstance(thing, Note) and self.out.pending is None and not own_line:
                stripped = self.out.head.rstrip(" \t")
                if stripped.strip(" >"):  # the number of a note stands at its word
                    self.out.lines[-1] = stripped
            if isinstance(thing, Written) and thing.spaced and self.out.pending is None:
                head = self.out.head
                if not OPEN.search(head):
                    self.out.add(" ")
            if self.backquotes_meet(thing):
                self.out.add(" ")
            self.out.mark(self.marks.keep(thing))
        self.out.swallow(source.count("\n"))

    def backquotes_meet(self, thing: Thing) -> bool:
        """Whether code would follow a role or code without anything between."""
        last = self.marks.pattern.fullmatch(
            self.out.head[self.out.head.rfind(self.marks.opening) :]
        )
        in_address = IN_ADDRESS.search(self.out.head)
        if last is None or in_address or self.out.pending is not None:
            return False
        before = self.marks.things[int(last[1])]
        ends = isinstance(before, Note | Expression) or _text(before).endswith("`")
        return ends and (isinstance(thing, Expression) or _text(thing).startswith("`"))

    def in_table(self) -> bool:
        """Whether the last line looks like the row of a table."""
        return self.out.head.lstrip(" \t>").startswith("|")

    # --- tags ---

    def tag(self, position: int, token: Token) -> int:
        partner = self.partners.get(position)
        if position in self.ends:
            self.end(position, token)
            return position + 1
        rule = self.rules.get(token.name)
        if rule is None:
            return self.without_rule(position, token, partner)
        if partner is None and rule.form in {Form.CONTENT, Form.AROUND}:
            return self.broken(position, token, f"{token.name} has no {{% {rule.ending} %}}")
        tag, behind = self.read(position, token, rule, partner)
        try:
            result = rule.convert(tag, self.page)
        except (RuleError, ArgumentError) as error:
            return self.broken(position, token, str(error))
        if rule.form is Form.AROUND:
            assert partner is not None
            directive = result if isinstance(result, Directive) else None
            self.wrap(position, partner, directive)
            return position + 1
        assert not isinstance(result, Directive)
        self.put(result or [], tag.source, own_line=tag.own_line)
        return behind

    def read(self, position: int, token: Token, rule: Rule, partner: int | None) -> tuple[Tag, int]:
        """Return the tag with what is between it and its end, and the position behind it."""
        start, end, content, behind = token.start, _end(token), token.verbatim, position + 1
        paired = rule.form in {Form.CONTENT, Form.AROUND} or rule.paired_too
        if partner is not None and paired:
            content = self.text[end : self.tokens[partner].start]
            if rule.form is not Form.AROUND:
                end, behind = _end(self.tokens[partner]), partner + 1
        head = PREFIX.match(self.out.head)
        prefix = continuation(head[0] if head else "")
        if content is not None:
            content = unprefixed(content, prefix)
        tag = Tag(
            token.name,
            unprefixed(token.body, prefix),
            self.text[start:end],
            self.page.line,
            self.page.split,
            content,
            own_line=self.own_line(start, end),
        )
        return tag, behind

    def own_line(self, start: int, end: int) -> bool:
        """Whether nothing but the prefix of a line stands beside the text from *start* to *end*."""
        before = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        line_end = self.text.find("\n", end)
        after = self.text[end : len(self.text) if line_end < 0 else line_end]
        return bool(PREFIX.fullmatch(before)) and not after.strip()

    def broken(self, position: int, token: Token, reason: str) -> int:
        """Keep a tag that its rule cannot use; what it is around is read as usual."""
        self.put([self.page.literal(token.source, Kind.BROKEN_TAG, reason)], token.source)
        self.show_end(self.partners.get(position))
        return position + 1

    def show_end(self, partner: int | None) -> None:
        """Have the end of a tag that was kept shown as well, without a report of its own."""
        if partner is not None:
            shown = code_span(self.tokens[partner].source)
            self.ends[partner] = Verbatim(shown, code=True)

    def without_rule(self, position: int, token: Token, partner: int | None) -> int:
        """Keep a tag without a rule: as code, or as a plain block around its content."""
        name = token.name or token.source
        kept = token.name in CONTROL or (
            token.body and not self.encloses_blocks(token, partner or 0)
        )
        if partner is None or kept:
            message = f"{name} has no rule"
            self.put([self.page.literal(token.source, Kind.UNKNOWN_TAG, message)], token.source)
            self.show_end(partner)
            return position + 1
        if not self.encloses_blocks(token, partner):
            self.page.report(Kind.UNKNOWN_TAG, f"{name} has no rule: its content is plain text")
            self.ends[partner] = None
            return position + 1
        self.page.report(Kind.UNKNOWN_TAG, f"{name} has no rule: its content is a plain block")
        self.wrap(position, partner, Directive("container", f"tag-{token.name}"))
        if token.body:
            self.put([Block(self.page.plain(token.body))], "")
        return position + 1

    def encloses_blocks(self, token: Token, partner: int) -> bool:
        """Whether a tag and its end stand around whole lines."""
        end = _end(self.tokens[partner])
        return not self.within_line and (
            self.own_line(token.start, _end(token))
            or "\n\n" in self.text[_end(token) : end]
            or self.own_line(token.start, end)
        )

    def wrap(self, position: int, partner: int, directive: Directive | None) -> None:
        """Begin a block; with no directive only drop the tag and its end."""
        token = self.tokens[position]
        self.ends[partner] = None
        if directive is not None and not self.within_line:
            content = self.text[_end(token) : self.tokens[partner].start]
            head = PREFIX.match(self.out.head)
            prefix = common_prefix(head[0] if head else "", "\n" + content)
            self.out.block(self.marks.keep(Open(directive)), prefix)
            self.ends[partner], self.prefixes[partner] = Close(), prefix
        self.out.swallow(token.source.count("\n"))

    def end(self, position: int, token: Token) -> None:
        """End what began with the partner of the tag at *position*."""
        thing = self.ends[position]
        if isinstance(thing, Close):
            self.out.block(self.marks.keep(thing), self.prefixes[position])
        elif thing is not None:
            self.put([thing], "")
        self.out.swallow(token.source.count("\n"))


def _text(thing: Thing) -> str:
    return str(getattr(thing, "text", ""))


def unprefixed(text: str, prefix: str) -> str:
    """Return what is written over several lines of a list or a quote without their prefix."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(_without(line, prefix) for line in rest)])


def _without(line: str, prefix: str) -> str:
    if line.startswith(prefix):
        return line[len(prefix) :]
    return "" if line.rstrip() == prefix.rstrip() else line


def _end(token: Token) -> int:
    return token.start + len(token.source)


def pairs(tokens: Sequence[Token], rules: Mapping[str, Rule]) -> dict[int, int]:
    """Return for each tag that is closed the position of its end; one open within it is single."""
    endings = {rule.ending: rule.tag for rule in rules.values()}
    stack: list[tuple[str, int]] = []
    open_names: dict[str, int] = {}
    found: dict[int, int] = {}
    for position, token in enumerate(tokens):
        if token.piece is not Piece.TAG or token.verbatim is not None:
            continue
        begins = endings.get(token.name) or token.name.removeprefix("end")
        if begins != token.name and open_names.get(begins):
            while stack:
                name, start = stack.pop()
                open_names[name] -= 1
                if name == begins:
                    found[start] = position
                    break
        else:
            stack.append((token.name, position))
            open_names[token.name] = open_names.get(token.name, 0) + 1
    return found
