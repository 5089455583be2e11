"""Placeholders: converted parts of an article, kept apart while the text around is rewritten.

A tag, formula or piece of code becomes a :data:`Fragment`. Its placeholder, a number between two
private-use characters, is what the rewriting sees; at the end :meth:`Placeholders.restore` replaces
each by its fragment.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import dropwhile
from typing import TYPE_CHECKING, NamedTuple

from marginalia_import.lines import add_prefix, continuation_prefix
from marginalia_import.myst import Directive, colon_fence
from marginalia_import.myst.names import ADMONITIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from marginalia_import.lines import Buffer


#: After these a citation needs no space: a space, an opening bracket or quote, a dash.
NO_SPACE_AFTER = re.compile(r"""(?:^|[\s(\[{–—/-])["'“‘«*_~]*$""")
#: What a quotation puts before each of its lines.
QUOTE_SIGN = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
#: The start of an address.
IN_ADDRESS = re.compile(r"\]\([^)\s]*$|=[\"'][^\"'\s]*$")


class Verbatim(NamedTuple):
    """Text that stays as it is: code, a formula, an HTML comment."""

    text: str
    is_code: bool = False
    #: Whether it is a tag of the old site, shown as code because it could not be converted.
    is_tag: bool = False


class Inline(NamedTuple):
    """Finished MyST within a line."""

    text: str
    #: Whether a space separates it from the word before, as a citation needs.
    spaced: bool = False


class Expression(NamedTuple):
    """``{{ … }}``. Within the address of a link its value may be known."""

    source: str
    value: str | None
    line: int


class Note(NamedTuple):
    """A note. Its position decides whether it becomes a role, a directive or a footnote."""

    #: ``sidenote`` or ``marginnote``.
    name: str
    #: Finished MyST of one or more blocks.
    text: str
    line: int

    @property
    def has_blocks(self) -> bool:
        """Whether it is more than one paragraph."""
        return "\n" in self.text


class Block(NamedTuple):
    """A finished block of MyST, without the prefix of the list or quote around it."""

    text: str
    #: What to write where no block can be, as in a table.
    inline: str = ""


class BlockStart(NamedTuple):
    """The start of a directive around text that stays in the article."""

    directive: Directive


class BlockEnd:
    """The end of the directive that was started last."""


Fragment = Verbatim | Inline | Expression | Note | Block | BlockStart | BlockEnd


class Placeholders:
    """The fragments of one article, by placeholder."""

    def __init__(self, text: str) -> None:
        # Of the characters for private use. A character entity may become one of them later.
        text += unescape(text)
        unused = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)
        self.opening, self.closing = next(unused), next(unused)
        self.pattern = re.compile(f"{self.opening}(\\d+){self.closing}")
        self.fragments: list[Fragment] = []

    def add(self, fragment: Fragment) -> str:
        """Return the placeholder for *fragment*."""
        self.fragments.append(fragment)
        return f"{self.opening}{len(self.fragments) - 1}{self.closing}"

    def fragment(self, placeholder: str) -> Fragment:
        """Return the fragment of a placeholder."""
        return self.fragments[int(placeholder[1:-1])]

    def fragments_in(self, text: str) -> list[Fragment]:
        """Return the fragments whose placeholders are in *text*."""
        return [self.fragments[int(match[1])] for match in self.pattern.finditer(text)]

    def unquote(self, line: str) -> str:
        """Return a line of a quotation without its sign, which code within loses, too."""
        for match in self.pattern.finditer(line):
            fragment = self.fragments[int(match[1])]
            if isinstance(fragment, Verbatim) and "\n" in fragment.text:
                text = QUOTE_SIGN.sub("", fragment.text)
                self.fragments[int(match[1])] = fragment._replace(text=text)
        return QUOTE_SIGN.sub("", line)

    def substitute(self, text: str, replacement: Callable[[Fragment], str | None]) -> str:
        """Return *text* with placeholders replaced. Where *replacement* is None, they stay."""

        def replaced(match: re.Match[str]) -> str:
            new = replacement(self.fragments[int(match[1])])
            return match[0] if new is None else new

        return self.pattern.sub(replaced, text)

    def write(self, fragment: Fragment, out: Buffer, *, own_line: bool = False) -> None:
        """Write the placeholder of a fragment within the line.

        :param own_line: whether it has the line for itself; else a note follows its word
        """
        if out.pending_prefix is None:
            if isinstance(fragment, Note) and not own_line and out.last_line.strip(" \t>"):
                out.lines[-1] = out.last_line.rstrip(" \t")
            if self.needs_space(fragment, out.last_line):
                out.write(" ")
        out.write_inline(self.add(fragment))

    def needs_space(self, fragment: Fragment, line: str) -> bool:
        """Whether a space must separate *fragment* from the end of *line*.

        A citation follows a word after a space. Code or a role directly after another would give
        one run of backquotes.
        """
        spaced = isinstance(fragment, Inline) and fragment.spaced
        if spaced and not NO_SPACE_AFTER.search(line):
            return True
        last = self.pattern.fullmatch(line[line.rfind(self.opening) :])
        if last is None or IN_ADDRESS.search(line):
            return False
        before = self.fragment(last[0])
        ends = isinstance(before, Note | Expression) or inline_text(before).endswith("`")
        return ends and (isinstance(fragment, Expression) or inline_text(fragment).startswith("`"))

    def restore(self, text: str) -> str:
        """Return *text* with every placeholder replaced by its fragment."""
        lines: list[str] = []
        # Each open directive: its start, its prefix, and the number of lines before it.
        stack: list[tuple[BlockStart, str, int]] = []
        for line in text.split("\n"):
            match = self.pattern.search(line)
            fragment = self.fragment(match[0]) if match else None
            if match and isinstance(fragment, BlockStart):
                stack.append((fragment, line[: match.start()], len(lines)))
            elif isinstance(fragment, BlockEnd):
                if stack:
                    _close(lines, *stack.pop())
            else:
                lines += self._restore_line(line).split("\n")
        while stack:
            _close(lines, *stack.pop())
        return "\n".join(lines)

    def _restore_line(self, line: str) -> str:
        """Return a line with its fragments; a block alone on it gets the line's prefix."""
        alone = self.pattern.fullmatch(line.lstrip(" \t>-*+.)0123456789"))
        if alone and isinstance(fragment := self.fragments[int(alone[1])], Block):
            return "\n".join(add_prefix(fragment.text, line[: line.index(self.opening)]))
        while self.pattern.search(line):
            line = self.substitute(line, inline_text)
        return line


def inline_text(fragment: Fragment) -> str:
    """Return what a fragment is within a line."""
    match fragment:
        case Verbatim() | Inline() | Note():
            return fragment.text
        case Block():
            return fragment.inline or fragment.text
        case Expression():
            return fragment.source
        case _:
            return ""


def _close(lines: list[str], start: BlockStart, first: str, count: int) -> None:
    """Put the fences of a directive around all *lines* but the first *count*.

    :param first: the prefix of the directive's first line
    """
    prefix = continuation_prefix(first)
    body, directive = _trim(lines[count:], prefix.strip()), start.directive
    # docutils refuses an empty one; an admonition without a title reads its argument as text.
    if not body and directive.name == "admonition":
        kind = directive.options.get("class", "")
        directive = replace(directive, name=kind if kind in ADMONITIONS else "note")
    refuses = directive.name in ADMONITIONS | {"epigraph"} and not directive.argument
    if not body and (refuses or directive.name == "container"):
        return
    if not body and directive.name == "tab-item":
        body = [f"{prefix}%"]  # a comment
    fence = colon_fence("\n".join(body))
    head, *options = directive.opening(fence)
    opening = [first + head, *(prefix + line for line in options)]
    if body and directive.needs_blank_line(body[0].removeprefix(prefix)):
        opening.append(prefix.rstrip())
    lines[count:] = [*opening, *body, prefix + fence]


def _trim(lines: list[str], blank: str) -> list[str]:
    """Return *lines* without blank ones at either end."""
    for _ in range(2):
        lines = [*dropwhile(lambda line: line.strip() in {"", blank}, lines)][::-1]
    return lines
