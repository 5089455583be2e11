"""Formulas, and the rules for shortcodes of Hugo and components of MDX around code or a formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import myst
from marginalia_import.placeholders import Block, Inline, Verbatim
from marginalia_import.report import Kind
from marginalia_import.rules import NoRuleError, TagError
from marginalia_import.tokens import TokenKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marginalia_import.placeholders import Fragment
    from marginalia_import.rules import Page, Tag
    from marginalia_import.tokens import Token

#: The label of a formula, and a reference to it.
LABEL = re.compile(r"\s*\\label\{([^{}]+)\}")
#: The tags of formulas that are within a sentence.
INLINE = frozenset({"inlinemath", "m"})
REFERENCE = re.compile(r"\\(?:eq)?ref\{([\w:.-]+)\}")


def formula_of(token: Token, page: Page) -> Fragment:
    """Return a formula, with its label if it has one, or a reference to one of the page."""
    if reference := REFERENCE.fullmatch(token.body.strip()):
        return Inline(page.refer_to_formula(reference[1], token.source))
    if token.kind is TokenKind.DISPLAY_MATH:
        if label := page.define_formula(LABEL.findall(token.body)):
            return Block(myst.equation(LABEL.sub("", token.body), label))
        lines = token.body.strip().split("\n")
        if token.source.lstrip().startswith("$$\n"):
            lines = [line.strip() for line in token.body.split("\n")]
        return Block(myst.display_math("\n".join(lines)), myst.inline_math(token.body))
    if token.source.startswith(("$$", "\\")):
        return Verbatim(myst.inline_math(token.body))
    return Verbatim(f"${' '.join(token.body.split(chr(10)))}$")


def formula(tag: Tag, page: Page) -> Sequence[Fragment]:
    """Return a formula: displayed if it has its lines for itself, or if its tag says so.

    :raises TagError: it is empty
    """
    tex = (tag.content or tag.argument("tex", position=0)).strip()
    names = {"blockmath", "math"} if page.dialect == "tufte-jekyll" else {"blockmath"}
    shown = tex.startswith(("$$", "\\[")) or "display" in tag.body or tag.name in names
    tex = re.sub(r"^(\$\$?|\\\[|\\\()|(\$\$?|\\\]|\\\))$", "", tex).strip()
    if not tex:
        raise TagError(f"{tag.name} has no formula")
    if shown or myst.ENVIRONMENT.fullmatch(tex) or (tag.own_line and tag.name not in INLINE):
        return [Block(myst.display_math(tex), myst.inline_math(tex))]
    return [Verbatim(myst.inline_math(tex))]


def highlight(tag: Tag, page: Page) -> Sequence[Fragment]:
    """Return the code of ``{{< highlight python >}}``."""
    language, *others = [*tag.arguments, ""]
    if any(others):
        page.report(Kind.ATTRIBUTES, f"{{: {tag.body}}} left out")
    return _code(tag.content, page.language(language))


def diagram(tag: Tag, page: Page) -> Sequence[Fragment]:
    """Return the text of a diagram that a script drew."""
    page.report(Kind.CELL, f"{tag.name} cell is shown as its text: a script drew it")
    return _code(tag.content, "text")


def code(tag: Tag, page: Page) -> Sequence[Fragment]:
    """Return the code of ``<Code code="…" lang="…" />``."""
    return _code(tag.named.get("code"), page.language(tag.named.get("lang", "")))


def _code(source: str | None, language: str) -> Sequence[Fragment]:
    if not source:
        raise NoRuleError("it has no code, or one that would have to be computed")
    return [Block(myst.code_block(source, language), myst.code_span(source))]
