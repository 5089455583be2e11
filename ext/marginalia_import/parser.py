"""Find the blocks of Markdown with markdown-it, the parser of MyST. Pure text, no files."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

if TYPE_CHECKING:
    from markdown_it.token import Token

#: One of them is in every block of code.
CODE_SIGNS = ("```", "~~~", "    ", "\t")
#: What a text contains if a rule of markdown-it applies, which would be tried on each line.
RULE_SIGNS = {
    "table": re.compile(r"\|"),
    "fence": re.compile("```|~~~"),
    "blockquote": re.compile(">"),
    "footnote_def": re.compile(r"\[\^"),
    "reference": re.compile(r"\]:"),
    "html_block": re.compile("<"),
    "lheading": re.compile("-[ \t]*$|=[ \t]*$", re.MULTILINE),
    "deflist": re.compile(r"(?:^|[\s>*+.)-])[:~][ \t]"),
}


@cache
def _parser(rules: frozenset[str]) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").use(footnote_plugin)
    parser.use(deflist_plugin)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser.disable([*(RULE_SIGNS.keys() - rules)])


def parse_blocks(
    text: str, env: dict[str, Any] | None = None, *, definition_lists: bool
) -> list[Token]:
    """Return the block tokens of a text.

    :param env: receives the link reference definitions, under ``references``
    :param definition_lists: whether a line that begins with a colon is a definition
    """
    rules = {rule for rule, sign in RULE_SIGNS.items() if sign.search(text)}
    return _parser(frozenset(rules if definition_lists else rules - {"deflist"})).parse(text, env)


def code_block_lines(text: str, *, definition_lists: bool) -> list[tuple[int, int, bool]]:
    """Return first line, end line, and whether it is a fence, of each block of code."""
    if not any(sign in text for sign in CODE_SIGNS):
        return []
    return [
        (token.map[0], token.map[1], token.type == "fence")
        for token in parse_blocks(text, definition_lists=definition_lists)
        if token.type in {"fence", "code_block"} and token.map
    ]
