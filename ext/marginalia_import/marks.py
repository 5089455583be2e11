"""Things taken out of an article's text while the rest is rewritten, and put back at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from marginalia_import.markup import Directive, colons

if TYPE_CHECKING:
    from collections.abc import Callable

#: Where the marks' characters are looked for: private use, so that no text should hold them.
PRIVATE_USE = range(0xE000, 0xF8FF)


@dataclass(frozen=True)
class Verbatim:
    """What stays as it was written: code, a formula, a comment of HTML."""

    text: str
    code: bool = False
    #: Whether it is a tag that was kept, and code only for that.
    kept: bool = False


@dataclass(frozen=True)
class Written:
    """Finished MyST within a sentence."""

    text: str
    #: A citation, for one, is set off from the word before it.
    spaced: bool = False


@dataclass(frozen=True)
class Expression:
    """``{{ … }}``; in the address of a link it may be known what it becomes."""

    source: str
    value: str | None
    line: int


@dataclass(frozen=True)
class Note:
    """A note whose form depends on where it stands."""

    #: ``sidenote`` or ``marginnote``.
    name: str
    #: Finished MyST, of one or more blocks.
    text: str
    line: int

    @property
    def blocks(self) -> bool:
        """Whether it is more than one paragraph."""
        return "\n" in self.text


@dataclass(frozen=True)
class Block:
    """A finished block of MyST, without the prefix of a list or quote it may stand in."""

    text: str
    #: What to write where no block can stand, as in a table.
    inline: str = ""


@dataclass(frozen=True)
class Open:
    """The beginning of a block around text that stays in the article."""

    directive: Directive


@dataclass(frozen=True)
class Close:
    """The end of the block that was opened last."""


Thing = Verbatim | Written | Expression | Note | Block | Open | Close


class Marks:
    """The things of one article, each with the mark that stands for it."""

    def __init__(self, text: str) -> None:
        # An entity may become one of them later.
        text = text + unescape(text)
        free = (chr(code) for code in PRIVATE_USE if chr(code) not in text)
        self.opening, self.closing = next(free), next(free)
        self.pattern = re.compile(f"{self.opening}(\\d+){self.closing}")
        self.things: list[Thing] = []

    @property
    def characters(self) -> str:
        """The two characters around a number."""
        return self.opening + self.closing

    def keep(self, thing: Thing) -> str:
        """Return the mark for *thing*."""
        self.things.append(thing)
        return f"{self.opening}{len(self.things) - 1}{self.closing}"

    def thing(self, mark: str) -> Thing:
        """Return what a mark stands for."""
        return self.things[int(mark[1:-1])]

    def each(self, text: str, show: Callable[[Thing], str | None]) -> str:
        """Return *text* with marks replaced by what *show* says; where it says None they stay."""

        def shown(match: re.Match[str]) -> str:
            new = show(self.things[int(match[1])])
            return match[0] if new is None else new

        return self.pattern.sub(shown, text)

    def within(self, text: str) -> list[Thing]:
        """Return the things whose marks are in *text*."""
        return [self.things[int(match[1])] for match in self.pattern.finditer(text)]

    def restore(self, text: str) -> str:
        """Return *text* with every thing back in its place."""
        return "\n".join(_Restorer(self, text.split("\n")).lines())


class _Restorer:
    """One run over the lines of an article; blocks are written from the inside out."""

    def __init__(self, marks: Marks, source: list[str]) -> None:
        self.marks = marks
        self.source = source
        self.position = 0

    def lines(self) -> list[str]:
        out: list[str] = []
        # A block that was begun, with its prefix and the number of lines before it.
        stack: list[tuple[Open, str, int]] = []
        for line in self.source:
            found = self.marks.pattern.search(line)
            thing = self.marks.thing(found[0]) if found else None
            if found and isinstance(thing, Open):
                stack.append((thing, line[: found.start()], len(out)))
            elif isinstance(thing, Close):
                if stack:
                    self.close(out, *stack.pop())
            else:
                out += self.whole(line).split("\n")
        while stack:
            self.close(out, *stack.pop())
        return out

    @staticmethod
    def close(out: list[str], opened: Open, first: str, start: int) -> None:
        """Put the fences of a block around the lines that were written since it was opened."""
        prefix = continuation(first)
        body = _trimmed(out[start:], prefix.rstrip())
        if not body and opened.directive.name == "container":
            return  # docutils wants content in one
        fence = colons("\n".join(body))
        head = opened.directive.head(fence)
        lines = [first + head[0], *(prefix + line for line in head[1:])]
        if body and opened.directive.needs_blank(body[0].removeprefix(prefix)):
            lines.append(prefix.rstrip())
        out[start:] = [*lines, *body, prefix + fence]

    def whole(self, line: str) -> str:
        """Return a line with its marks resolved; what stands alone takes on the line's prefix."""
        alone = self.marks.pattern.fullmatch(line.lstrip(" \t>-*+.)0123456789"))
        if alone and isinstance(thing := self.marks.things[int(alone[1])], Block):
            first = line[: line.index(self.marks.opening)]
            return "\n".join(with_prefix(thing.text, first))
        while self.marks.pattern.search(line):
            line = self.marks.each(line, self.inline)
        return line

    @staticmethod
    def inline(thing: Thing) -> str:
        match thing:
            case Verbatim() | Written():
                return thing.text
            case Block():
                return thing.inline or thing.text
            case Expression():
                return thing.source
            case Note():
                return thing.text
            case _:
                return ""


def continuation(first: str) -> str:
    """Return the prefix of the lines that follow one with the prefix *first*, ``> - ``."""
    return re.sub(r"[^ \t>]", " ", first)


def with_prefix(text: str, first: str) -> list[str]:
    """Return the lines of *text* behind the prefix of a list or a quote."""
    prefix = continuation(first)
    head, *rest = text.split("\n")
    return [first + head, *(prefix + line if line else prefix.rstrip() for line in rest)]


def _trimmed(lines: list[str], blank: str) -> list[str]:
    """Return *lines* without blank ones at either end."""
    start, end = 0, len(lines)
    while start < end and lines[start].strip() in {"", blank.strip()}:
        start += 1
    while end > start and lines[end - 1].strip() in {"", blank.strip()}:
        end -= 1
    return lines[start:end]
