"""How wide a text is at most, and where its lines end. Pure.

The widths are those of DejaVu Sans and of Verdana's kin, the widest of the usual sans-serif faces,
rounded up: whatever font a reader has, no line runs over. In a narrower font it ends early.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Widths in hundredths of the size of the letters, and the characters that are no wider.
REGULAR = {
    30: "Iijl'",
    35: " \N{NO-BREAK SPACE},./:;\\|",
    40: "()-[]ft",
    45: "!r",
    50: '"*J`',
    55: "csz",
    60: "?L_kvxy",
    65: "$0123456789FTabdeghnopqu{}–",
    70: "ABEKPSVXYZ",
    75: "CNRU",
    80: "&DGHOQ",
    85: "#+<=>^w~",
    90: "M",
}
BOLD = {
    35: "'ijl \N{NO-BREAK SPACE}",
    40: ",./:;I\\|",
    45: "-f",
    50: "!()[]`rt",
    55: '"*',
    60: "J_csz",
    65: "?Lx",
    70: "$0123456789EFTaekovy–",
    75: "CPSYZbdghnpqu{}",
    80: "ABKRVX",
    85: "#+<=>DGHNU^~",
    90: "&OQ",
    95: "w",
    100: "M",
}
#: The widths of combining characters, of those as wide as high, of emoji, and of all others.
NOTHING, FULL, PICTURE, ELSE = 0.0, 1.06, 1.45, {False: 1.05, True: 1.15}
OTHER_LETTER = {"Ll": {False: 0.75, True: 0.85}, "Lu": {False: 0.85, True: 0.98}}
MONOSPACED = 0.65
#: A line may end at a space, and on both sides of a character that is as wide as high; at this one
#: only if the words around it are longer than a line.
NO_BREAK = "\N{NO-BREAK SPACE}"
PARTS = re.compile(r"[ \t\n]+|[^ \t\n]+")


class Run(NamedTuple):
    """Words in one style."""

    text: str
    #: ``emphasis``, ``strong``, ``literal``, or nothing.
    style: str = ""
    #: The number of the link that they are part of.
    link: int | None = None


class _Word(NamedTuple):
    """What a line break does not divide, in one style or in several."""

    runs: tuple[Run, ...]
    after_space: bool


@cache
def _of(character: str, bold: bool) -> float:
    table = BOLD if bold else REGULAR
    for hundredths, characters in table.items():
        if character in characters:
            return hundredths / 100
    kind = category(character)
    if kind in {"Mn", "Me", "Cf"}:
        return NOTHING
    if east_asian_width(character) in "WF":
        return PICTURE if kind == "So" else FULL
    if kind in OTHER_LETTER and ord(character) < 0x250:
        return OTHER_LETTER[kind][bold]
    return PICTURE if kind in {"So", "Lt"} else ELSE[bold]


def width(text: str, size: float, style: str = "") -> float:
    """Return the width of *text* in letters of *size*.

    :param style: ``strong`` and ``title`` are bold, ``literal`` is monospaced
    """
    if style == "literal":
        return size * sum(max(MONOSPACED, _of(c, False) * (ord(c) > 0x24F)) for c in text)
    bold = style in {"strong", "title"}
    return size * sum(_of(character, bold) for character in text)


def wrap(runs: Sequence[Run], limit: float, size: float, style: str = "") -> list[tuple[Run, ...]]:
    """Return *runs* in lines no wider than *limit*.

    :param limit: in pixels, as *size*
    :param style: of runs without a style
    """
    lines: list[tuple[Run, ...]] = []
    line: tuple[Run, ...] = ()
    for word in _words(runs):
        for piece in _pieces(word, limit, size, style):
            longer = _joined(line, piece)
            if not line or line_width(longer, size, style) <= limit:
                line = longer
            else:
                lines.append(line)
                line = piece.runs
    return [*lines, line] if line else lines


def line_width(runs: Sequence[Run], size: float, style: str = "") -> float:
    """Return the width of *runs* on one line."""
    return sum(width(run.text, size, _style(run, style)) for run in runs)


def _style(run: Run, style: str) -> str:
    """Return the style of *run* within a text: a title is bold, except for code."""
    return style if style and run.style != "literal" else run.style


def _words(runs: Sequence[Run]) -> Iterator[_Word]:
    word: list[Run] = []
    after_space = False
    for run in runs:
        for part in _parts(run.text):
            ends = part.isspace() or _is_wide(part) or bool(word and _is_wide(word[-1].text))
            if ends and word:
                yield _Word(tuple(word), after_space)
                word, after_space = [], False
            if part.isspace():
                after_space = True
            else:
                word.append(run._replace(text=part))
    if word:
        yield _Word(tuple(word), after_space)


def _parts(text: str) -> Iterator[str]:
    """Yield spaces, words, and each character that is as wide as high."""
    for part in PARTS.findall(text):
        for is_wide, characters in groupby(part, _is_wide):
            words = "".join(characters)
            yield from words if is_wide else [words]


def _is_wide(text: str) -> bool:
    return len(text) == 1 and east_asian_width(text) in "WF"


def _pieces(word: _Word, limit: float, size: float, style: str) -> Iterator[_Word]:
    """Yield *word*, in pieces if it is longer than a line."""
    if line_width(word.runs, size, style) <= limit:
        yield word
        return
    if any(NO_BREAK in run.text for run in word.runs):
        looser = [run._replace(text=run.text.replace(NO_BREAK, " ")) for run in word.runs]
        after_space = word.after_space
        for part in _words(looser):
            yield from _pieces(part._replace(after_space=after_space), limit, size, style)
            after_space = True
        return
    piece: tuple[Run, ...] = ()
    after_space = word.after_space
    for run in word.runs:
        for character in run.text:
            longer = _joined(piece, _Word((run._replace(text=character),), after_space=False))
            if piece and line_width(longer, size, style) > limit:
                yield _Word(piece, after_space)
                piece, after_space = (run._replace(text=character),), False
            else:
                piece = longer
    yield _Word(piece, after_space)


def _joined(line: tuple[Run, ...], word: _Word) -> tuple[Run, ...]:
    """Return *line* with *word* at its end; neighbours in one style are one run."""
    runs = list(line)
    following = list(word.runs)
    if runs and word.after_space:
        last, first = runs[-1], following[0]
        if last[1:] == first[1:]:
            following[0] = first._replace(text=f" {first.text}")
        elif not last.style and last.link is None:
            runs[-1] = last._replace(text=f"{last.text} ")
        else:
            runs.append(Run(" "))
    for run in following:
        if runs and runs[-1][1:] == run[1:]:
            runs[-1] = run._replace(text=runs[-1].text + run.text)
        else:
            runs.append(run)
    return tuple(runs)
