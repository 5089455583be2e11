"""Convert the template syntax of a text: a placeholder for each tag, formula and piece of code.

The rule of a tag decides what it becomes. A tag without a rule, or that its rule cannot use, is
shown as code; its content is converted as usual.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marginalia_import import myst
from marginalia_import.addresses import expression_value
from marginalia_import.lines import (
    Buffer,
    add_prefix,
    common_prefix,
    continuation_prefix,
    fills_its_lines,
    prefix_of,
    strip_prefix,
)
from marginalia_import.myst import Directive
from marginalia_import.placeholders import Block, BlockEnd, BlockStart, Expression, Verbatim
from marginalia_import.report import Kind
from marginalia_import.rules import NoRuleError, Rule, Tag, TagError, TagForm
from marginalia_import.rules.includes import INCLUDES, include_names, included_file
from marginalia_import.rules.math_and_code import formula_of
from marginalia_import.tokens import Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from marginalia_import.placeholders import Fragment, Placeholders
    from marginalia_import.rules import Page

#: A line that turns the one before into a heading.
UNDERLINE = re.compile(r"\n[ \t>]*(?:-+|=+)[ \t]*(?=\n|\Z)")
#: The line that opens a fence, with its prefix.
FENCE = re.compile(r"^([^`~\n]*)(`{3,}|~{3,})([^\n]*)")
#: The title of a block of code, after its language, or other words in quotes.
TITLE = re.compile(r"""(?:\b(title|filename|caption)=)?(?:"([^"]*)"|'([^']*)')""")
LANGUAGE = re.compile(r"^\{?[.\s]*([\w+#.-]*+)(?!=)")
#: The tags around code that keep a template from reading it, also on lines of their own.
RAW = re.compile(
    r"(?:^[ \t>]*START[ \t]*\n|START)(?P<text>.*?)(?:^[ \t>]*END[ \t]*\n|END)".replace(
        "START", r"\{%[-+]?\s*(?:raw|verbatim)\s*[-+]?%\}"
    ).replace("END", r"\{%[-+]?\s*end(?:raw|verbatim)\s*[-+]?%\}"),
    re.DOTALL | re.MULTILINE,
)
#: The tags that control a template. Their content is shown with them, not as a block.
CONTROL_TAGS = frozenset(
    "if unless case for tablerow capture block macro call filter set cycle paginate".split()
)
ENCLOSING = {TagForm.PAIRED, TagForm.WRAPPER}


@dataclass
class TemplateConverter:
    """One pass over the tokens of a text."""

    page: Page
    placeholders: Placeholders
    parse_arguments: Callable[[str], list[str]]
    rules: Mapping[str, Rule]
    text: str
    tokens: Sequence[Token]
    #: Whether the text is inline, so that no block may begin.
    is_inline: bool = False
    #: What to write for an end tag, by index.
    at_end: dict[int, Fragment | None] = field(default_factory=dict)
    #: The prefix of the directive that an end tag closes, by index.
    prefixes: dict[int, str] = field(default_factory=dict)
    #: The offset up to which rules have converted the content of their tags.
    done: int = 0

    def convert(self, line: int = 1) -> Buffer:
        """Return the text with placeholders.

        :param line: the source line with which the text begins
        """
        self.out = Buffer(line)
        end_tags = match_end_tags(self.tokens, self.rules)
        for index, token in enumerate(self.tokens):
            if token.start < self.done:
                continue
            self.page.line = line + token.line - 1
            if index in self.at_end:
                self.convert_end_tag(index, token)
            elif token.kind is TokenKind.TAG:
                self.convert_tag(token, end_tags.get(index))
            else:
                self.convert_token(token)
        return self.out

    def convert_token(self, token: Token) -> None:
        """Write a token that is not a tag."""
        if token.kind is TokenKind.TEXT:
            self.out.write(token.source)
            return
        prefix = ""
        if token.kind is TokenKind.CODE_BLOCK:
            # The code stays in the same list or quote.
            prefix = prefix_of(token.source)
            self.out.write(prefix)
        self.write([self.fragment(token)], token.source)
        if token.kind is TokenKind.CODE_BLOCK and UNDERLINE.match(self.text, token.end):
            # Without a blank line the placeholder of the code would become a heading.
            self.out.pending_prefix = continuation_prefix(prefix)

    def fragment(self, token: Token) -> Fragment:
        """Return what a token that is not a tag becomes."""
        match token.kind:
            case TokenKind.EXPRESSION:
                return Expression(token.source, expression_value(token.body), self.page.line)
            case TokenKind.COMMENT:
                message = "a comment of the template"
                return self.page.show_as_code(token.source, Kind.COMMENT, message)
            case TokenKind.MATH | TokenKind.DISPLAY_MATH:
                return formula_of(token, self.page)
            case TokenKind.CODE_BLOCK:
                text = self.without_raw(self.code_block(token))
                return Verbatim(text[len(prefix_of(text)) :], is_code=True)
            case TokenKind.CODE_SPAN:
                return Verbatim(self.without_raw(token.source), is_code=True)
            case _:
                return Verbatim(token.source)

    def without_raw(self, code: str) -> str:
        """Return code without the tags that the old site did not show."""
        return RAW.sub(r"\g<text>", code) if "raw" in self.rules else code

    def code_block(self, token: Token) -> str:
        """Return a block of code in a language that Sphinx knows; MyST may not see a directive."""
        match = FENCE.match(token.source) if token.name == "fence" else None
        if match is None or not match[3].strip():
            return token.source
        named = LANGUAGE.match(match[3].strip())
        language = self.page.language(named[1] if named else "")
        titles = (double or single for name, double, single in TITLE.findall(match[3]) if name)
        if title := next(titles, ""):
            return self.titled_code(token.source, match[1], language, title)
        return f"{match[1]}{match[2]}{language}{token.source[match.end() :]}"

    def titled_code(self, source: str, first: str, language: str, title: str) -> str:
        """Return a block of code with its title as the caption."""
        lines = strip_prefix(source, continuation_prefix(first)).rstrip("\n").split("\n")[1:]
        if lines and re.fullmatch(r"[ \t>]*(?:`{3,}|~{3,})[ \t]*", lines[-1]):
            lines.pop()
        directive = Directive("code-block", language, {"caption": myst.escape(title)})
        return "\n".join(add_prefix(myst.directive_block(directive, "\n".join(lines)), first))

    # Writing

    def write(self, fragments: Sequence[Fragment], source: str, *, own_line: bool = False) -> None:
        """Write the placeholders of fragments.

        :param source: the text they replace
        :param own_line: whether that text has its lines for itself
        """
        for fragment in fragments:
            in_table = self.out.last_line.lstrip(" \t>").startswith("|")
            if isinstance(fragment, Block) and not self.is_inline and not in_table:
                self.out.write_block(self.placeholders.add(fragment))
                continue
            self.placeholders.write(fragment, self.out, own_line=own_line)
        self.out.skip_source_lines(source.count("\n"))

    # Tags

    def convert_tag(self, token: Token, end: int | None) -> None:
        """Write a tag, up to its end tag if its rule converts the content.

        :param end: the index of the end tag
        """
        rule = self.rule_of(token)
        if rule is None:
            self.convert_unknown(token, end)
            return
        try:
            if end is None and rule.form in ENCLOSING:
                raise TagError(f"{token.name} has no {{% {rule.end_tag} %}}")
            tag = self.read_tag(token, rule, end)
            result = rule.convert(tag, self.page)
        except NoRuleError:
            self.convert_unknown(token, end)
            return
        except TagError as error:
            self.show(token, end, Kind.BROKEN_TAG, str(error))
            return
        if end is not None and rule.form is TagForm.WRAPPER:
            directive = result if isinstance(result, Directive) else None
            after = myst.directive_block(directive, "…") if directive else "…"
            self.page.record_rule(rule.tag, token.source, after)
            self.wrap(token, end, directive)
        else:
            self.page.record_rule(rule.tag, tag.source, result or [])  # type: ignore[arg-type]
            assert not isinstance(result, Directive)
            self.write(result or [], tag.source, own_line=tag.own_line)
            self.done = token.start + len(tag.source)

    def rule_of(self, token: Token) -> Rule | None:
        """Return the rule of a tag; an include may have one for its file."""
        if token.name in INCLUDES:
            names = include_names(included_file(token.body))
            rules = (self.rules[name] for name in names if name in self.rules)
            return next(rules, self.rules.get(token.name))
        return self.rules.get(token.name)

    def read_tag(self, token: Token, rule: Rule, end: int | None) -> Tag:
        """Return the tag with its content."""
        source_end, content = token.end, token.content
        if end is not None and (rule.form in ENCLOSING or rule.optional_end):
            content = self.text[source_end : self.tokens[end].start]
            if rule.form is not TagForm.WRAPPER:
                source_end = self.tokens[end].end
        prefix = continuation_prefix(prefix_of(self.out.last_line))
        return Tag(
            token.name,
            strip_prefix(token.body, prefix),
            self.text[token.start : source_end],
            self.page.line,
            self.parse_arguments,
            None if content is None else strip_prefix(content, prefix),
            own_line=fills_its_lines(self.text, token.start, source_end),
        )

    def show(self, token: Token, end: int | None, kind: Kind, reason: str) -> None:
        """Show a tag as code, and its end tag without a report of its own."""
        self.write([self.page.show_as_code(token.source, kind, reason)], token.source)
        if end is not None:
            self.at_end[end] = Verbatim(myst.code_span(self.tokens[end].source), is_code=True)

    def convert_unknown(self, token: Token, end: int | None) -> None:
        """Write a tag without a rule: as code, or as a plain block around its content."""
        # Of an include, the file is what a rule would be about.
        included = included_file(token.body) if token.name in INCLUDES else ""
        no_rule = f"{token.name or token.source} {included}".rstrip() + " has no rule"
        encloses_blocks = end is not None and self.encloses_blocks(token, end)
        as_code = token.name in CONTROL_TAGS or (token.body and not encloses_blocks)
        if end is None or as_code:
            self.show(token, end, Kind.UNKNOWN_TAG, no_rule)
        elif not encloses_blocks:
            self.page.report(Kind.UNKNOWN_TAG, f"{no_rule}: its content becomes plain text")
            self.at_end[end] = None
        else:
            self.page.report(Kind.UNKNOWN_TAG, f"{no_rule}: its content becomes a plain block")
            self.wrap(token, end, Directive("container", f"tag-{token.name}"))
            if token.body:
                body = myst.escape_block_starts(myst.escape(" ".join(token.body.split())))
                self.write([Block(body)], "")

    def encloses_blocks(self, token: Token, end: int) -> bool:
        """Whether the content of a tag consists of whole lines."""
        source_end = self.tokens[end].end
        return not self.is_inline and (
            fills_its_lines(self.text, token.start, token.end)
            or "\n\n" in self.text[token.end : source_end]
            or fills_its_lines(self.text, token.start, source_end)
        )

    def wrap(self, token: Token, end: int, directive: Directive | None) -> None:
        """Start a directive around the content of a tag; without one, only drop the tag."""
        self.at_end[end] = None
        if directive is not None and not self.is_inline:
            content = self.text[token.end : self.tokens[end].start]
            prefix = common_prefix(prefix_of(self.out.last_line), "\n" + content)
            self.out.write_block(self.placeholders.add(BlockStart(directive)), prefix)
            self.at_end[end], self.prefixes[end] = BlockEnd(), prefix
        self.out.skip_source_lines(token.source.count("\n"))

    def convert_end_tag(self, index: int, token: Token) -> None:
        """Write what an earlier tag has set down for its end tag."""
        fragment = self.at_end[index]
        if isinstance(fragment, BlockEnd):
            self.out.write_block(self.placeholders.add(fragment), self.prefixes[index])
        elif fragment is not None:
            self.write([fragment], "")
        self.out.skip_source_lines(token.source.count("\n"))


def match_end_tags(tokens: Sequence[Token], rules: Mapping[str, Rule]) -> dict[int, int]:
    """Return the index of the end tag by that of its tag. A tag left open has none."""
    names = {rule.end_tag: rule.tag for rule in rules.values()}
    stack: list[tuple[str, int]] = []
    open_names: dict[str, int] = {}
    ends: dict[int, int] = {}
    for index, token in enumerate(tokens):
        if token.kind is not TokenKind.TAG or token.content is not None:
            continue
        begins = names.get(token.name) or token.name.removeprefix("end")
        if begins != token.name and open_names.get(begins):
            while stack:
                name, start = stack.pop()
                open_names[name] -= 1
                if name == begins:
                    ends[start] = index
                    break
        else:
            stack.append((token.name, index))
            open_names[token.name] = open_names.get(token.name, 0) + 1
    return ends
