"""Text with emphasis and links, broken into lines. Pure: runs in, lines of runs out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import east_asian_width

from sphinx_marginalia.timeline.measure import width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Where a line may end: at a blank, and on both sides of a character that is as wide as high; at a
#: blank that should not be broken, only if the words around it take more than a line.
NO_BREAK = "\N{NO-BREAK SPACE}"
PARTS = re.compile(r"[ \t\n]+|[^ \t\n]+")


class Run(NamedTuple):
    """Words of one kind."""

    text: str
    #: ``emphasis``, ``strong``, ``literal``, or nothing.
    style: str = ""
    #: The number of the link that they are the text of.
    link: int | None = None


class _Word(NamedTuple):
    """What is not broken, of one kind or of several."""

    runs: tuple[Run, ...]
    after_blank: bool


def wrap(runs: Sequence[Run], limit: float, size: float, style: str = "") -> list[tuple[Run, ...]]:
    """Return *runs* in lines no wider than *limit*.

    :param style: of what has no style of its own
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
    """Return how wide *runs* are, one behind the other."""
    return sum(width(run.text, size, _style(run, style)) for run in runs)


def _style(run: Run, style: str) -> str:
    """Return how wide letters are set: all of a title is bold, but for code."""
    return style if style and run.style != "literal" else run.style


def _words(runs: Sequence[Run]) -> Iterator[_Word]:
    word: list[Run] = []
    after_blank = False
    for run in runs:
        for part in _parts(run.text):
            ends = part.isspace() or _is_wide(part) or bool(word and _is_wide(word[-1].text))
            if ends and word:
                yield _Word(tuple(word), after_blank)
                word, after_blank = [], False
            if part.isspace():
                after_blank = True
            else:
                word.append(run._replace(text=part))
    if word:
        yield _Word(tuple(word), after_blank)


def _parts(text: str) -> Iterator[str]:
    """Yield blanks, words, and each character that is as wide as high."""
    for part in PARTS.findall(text):
        start = 0
        for place, character in enumerate(part):
            if _is_wide(character):
                yield from (piece for piece in (part[start:place], character) if piece)
                start = place + 1
        if part[start:]:
            yield part[start:]


def _is_wide(text: str) -> bool:
    return len(text) == 1 and east_asian_width(text) in "WF"


def _pieces(word: _Word, limit: float, size: float, style: str) -> Iterator[_Word]:
    """Yield *word*, in as many pieces as it takes for each to fit on a line."""
    if line_width(word.runs, size, style) <= limit:
        yield word
        return
    if any(NO_BREAK in run.text for run in word.runs):
        looser = [run._replace(text=run.text.replace(NO_BREAK, " ")) for run in word.runs]
        first, *others = _words(looser)
        for part in (first._replace(after_blank=word.after_blank), *others):
            yield from _pieces(part, limit, size, style)
        return
    piece: tuple[Run, ...] = ()
    after_blank = word.after_blank
    for run in word.runs:
        for character in run.text:
            longer = _joined(piece, _Word((run._replace(text=character),), after_blank=False))
            if piece and line_width(longer, size, style) > limit:
                yield _Word(piece, after_blank)
                piece, after_blank = (run._replace(text=character),), False
            else:
                piece = longer
    yield _Word(piece, after_blank)


def _joined(line: tuple[Run, ...], word: _Word) -> tuple[Run, ...]:
    """Return *line* with *word* at its end; neighbours of one kind are one run."""
    runs = list(line)
    following = list(word.runs)
    if runs and word.after_blank:
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
