"""Find the blocks of Markdown, as the parser does that MyST is built on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

if TYPE_CHECKING:
    from markdown_it.token import Token


@cache
def _parser(definitions: bool) -> MarkdownIt:
    """Return a parser that finds blocks only; what is in a line is read by our own rules."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").use(footnote_plugin)
    if definitions:
        parser.use(deflist_plugin)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def parse(text: str, *, definitions: bool, env: dict[str, Any] | None = None) -> list[Token]:
    """Return the blocks of a text as markdown-it finds them.

    :param env: is given the addresses that are defined for links, under ``references``
    """
    return _parser(definitions).parse(text, env)


def code_lines(text: str, *, definitions: bool) -> list[tuple[int, int, bool]]:
    """Return the lines of each block of code, and whether it is a fence or indented."""
    return [
        (token.map[0], token.map[1], token.type == "fence")
        for token in parse(text, definitions=definitions)
        if token.type in {"fence", "code_block"} and token.map
    ]
