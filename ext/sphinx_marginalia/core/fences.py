"""Find fences that are not closed, and what only looks like a directive or a role, in Markdown.

Markdown closes an open fence where its container ends. So a directive without its last line takes
the rest of the page, and one that begins with as few colons as a directive within it ends where
that one should. Both are valid Markdown (CommonMark 0.31, section 4.5), and never what an author
wants of our directives.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.diagnostics import CoreProblem, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence, Set

    from markdown_it.token import Token

    #: Returns the blocks of a Markdown text.
    Parse = Callable[[str], Sequence[Token]]

NAME = re.compile(r"\s*\{([^}\s]+)\}")
#: A line that would begin a directive if its title had no backquote.
BACKQUOTE_IN_TITLE = re.compile(r"^`{3,}\{([\w-]+)\}.*`", re.MULTILINE)
#: What may begin a directive in a paragraph, where it is text.
COLONS = re.compile(
    r"^(?:(:{1,2})\{([\w-]+)\}(?!`)|:{3,}[ \t]*\{?([\w-]+)|\.\.[ \t]+([\w-]+)::)", re.MULTILINE
)
#: A brace of TeX; what is a role or looks like one, where a code span begins with a null character.
ROLE = re.compile(
    r"(?:\\[a-zA-Z]+|[_^])\{|"
    r"\{[ \t]*([\w-]+)[ \t]*\}[ \t]*(?:[\0`]|['\"‘’´“\[(](?=\w))"  # noqa: RUF001
    r"|(?<!:):([\w-]+):\0"
)
#: HTML whose content is shown as it is, or not at all.
LITERAL_HTML = re.compile(r"\s*<(?:!--|pre|script|style|textarea)", re.IGNORECASE)
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
#: Directives whose content is not Markdown: fences in it are text.
LITERAL = frozenset(
    "code code-block sourcecode code-cell csv-table eval-rst graphviz jupyter-execute "
    "literalinclude math mermaid parsed-literal raw timeline".split()
)
NO_COLON_FENCE = "::: begins no directive; add colon_fence to myst_enable_extensions in conf.py"


class Fence(NamedTuple):
    """A block between two lines of colons, backquotes or tildes."""

    #: The name of its directive; empty for code and for a block without a name.
    name: str
    #: The line it begins on, counted from 1.
    line: int
    #: The characters it begins with, such as ``:::``.
    marker: str
    is_closed: bool
    #: The text in it, unless that is code.
    text: str


def check_markdown(
    text: str,
    parse: Parse,
    names: Set[str],
    roles: Set[str] = frozenset(),
    line: int = 1,
    outer: Fence | None = None,
) -> Iterator[Diagnostic]:
    """Yield what is wrong with directives and roles in *text*.

    These are fences that are not closed and have to do with the directives *names*, and text that
    looks like one of *names* or *roles*.

    :param line: the line the text begins on
    :param outer: the fence that it is the text of
    """
    for token in parse(text):
        if token.map is None:
            continue
        start = line + token.map[0]
        if token.type == "inline":
            yield from _titles(token.content, names, start)
            yield from _lookalikes(token.content, parse, names, roles, start)
        if token.type == "html_block" and not LITERAL_HTML.match(token.content):
            yield from _text_in_html(token.content, roles, start)
        if token.type in {"fence", "colon_fence"}:
            fence = _fence(token, start)
            yield from _unread_names(token, names, start)
            within = f"{{{fence.name}}}{token.content}"
            is_ours = any(f"{{{name}}}" in within for name in names | roles)
            is_ours = is_ours or (outer is not None and outer.name in names)
            # One without a name is the last line of a fence that ended before, and reported there.
            is_begun = fence.name or (token.type == "fence" and token.info.strip())
            if is_ours and not fence.is_closed and is_begun and (outer is None or outer.name):
                yield Diagnostic(CoreProblem.OPEN_FENCE, _message(fence, outer), line=start)
            if fence.text:
                yield from check_markdown(fence.text, parse, names, roles, start + 1, fence)


def _fence(token: Token, line: int) -> Fence:
    assert token.map is not None
    match = NAME.match(token.info)
    name = match[1] if match else ""
    is_text = token.type == "colon_fence" if match is None else name not in LITERAL
    # An open fence ends with its last line of content.
    is_closed = token.map[1] - token.map[0] > 1 + len(token.content.splitlines())
    return Fence(name, line, token.markup, is_closed, token.content if is_text else "")


def _message(fence: Fence, outer: Fence | None) -> str:
    """Return what is wrong with an open *fence*, and what to write instead."""
    label = f"{{{fence.name}}}" if fence.name else "the code"
    if outer is None:
        what = f"{label} is not closed: what follows is in it, to the end of the block"
        return f"{what}; write {fence.marker} on a line after its last one"
    where = f"{{{outer.name}}} of line {outer.line}"
    what = f"{label} is not closed within {where}"
    if fence.marker[0] != outer.marker[0] or len(fence.marker) < len(outer.marker):
        return f"{what}; write {fence.marker} on a line after its last one"
    more = fence.marker + fence.marker[0]
    return f"{what}, which ends at the first {outer.marker}; begin and end {where} with {more}"


def _titles(text: str, names: Set[str], line: int) -> Iterator[Diagnostic]:
    """Yield the lines that cannot begin a directive (CommonMark 0.31, section 4.5)."""
    for match in BACKQUOTE_IN_TITLE.finditer(text):
        if match[1] in names:
            message = (
                f"the line of {{{match[1]}}} begins with ``` and contains another `, so it begins "
                "no directive; begin and end it with ::: or ~~~"
            )
            number = line + text.count("\n", 0, match.start())
            yield Diagnostic(CoreProblem.OPEN_FENCE, message, line=number)


def _unread_names(token: Token, names: Set[str], line: int) -> Iterator[Diagnostic]:
    """Yield a fence with one of *names* that is a block of MyST without it, as ``{name}Title``."""
    info = token.info.strip()
    if re.match(r"\{\S+\}(\s|\Z)", info):
        return
    for name in sorted(names, key=len, reverse=True):
        words = name.replace("-", r"[\s_-]*")
        if match := re.match(rf"\{{?\s*{words}(?![\w-])[\s:}}]*(.*?)\}}?\Z", info, re.IGNORECASE):
            right = f"{token.markup}{{{name}}} {match[1]}".rstrip()
            message = f"{token.markup}{info} is no directive; write {right}"
            yield Diagnostic(CoreProblem.LOOKALIKE, message, line=line)
            return


def _text_in_html(text: str, roles: Set[str], line: int) -> Iterator[Diagnostic]:
    """Yield the roles in a block of HTML, which ends at an empty line (CommonMark 0.31, 4.6)."""
    for match in re.finditer(r"\{([\w-]+)\}`", text):
        if match[1] in roles:
            message = f"{{{match[1]}}} is text within HTML; leave a line empty before its paragraph"
            number = line + text.count("\n", 0, match.start())
            yield Diagnostic(CoreProblem.LOOKALIKE, message, line=number)


def _lookalikes(
    text: str, parse: Parse, names: Set[str], roles: Set[str], line: int
) -> Iterator[Diagnostic]:
    """Yield what looks like a directive or a role in the *text* of a paragraph."""
    messages = []
    for match in COLONS.finditer(text):
        _colons, short, name, rst = match.groups()
        if short in names or rst in names:
            message = f"{match[0]} is no directive; write :::{{{short or rst}}}"
            messages.append((match.start(), message))
        elif name in names and not _has_colon_fence(parse):
            messages.append((match.start(), NO_COLON_FENCE))
    # Each as long and with as many lines, but without what is in it.
    text = CODE_SPAN.sub(lambda span: "\0" + re.sub(r"\S", "x", span[0][1:]), text)
    for match in ROLE.finditer(text):
        name, right = match[1] or match[2], f"{{{match[1] or match[2]}}}"
        if name not in roles or match[0] == f"{right}\0":
            continue
        if match[0] == f"{right}`":
            message = f"the text of {right} has no end; write {right}`…`, and in a table \\| for |"
        else:
            written = match[0].replace("\0", "`…`")
            message = f"{written} is no role; write {right}`…`"
        messages.append((match.start(), message))
    for start, message in messages:
        number = line + text.count("\n", 0, start)
        yield Diagnostic(CoreProblem.LOOKALIKE, message, line=number)


def _has_colon_fence(parse: Parse) -> bool:
    """Return whether three colons begin a directive."""
    return any(token.type == "colon_fence" for token in parse(":::{note}\n:::"))
