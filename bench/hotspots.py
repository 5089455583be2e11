"""Where the time of our extensions goes."""

from __future__ import annotations

import pstats
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.contests import write_project
from bench.measure import build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.contests import Contest

PACKAGE = "sphinx_marginalia"


class Spent(NamedTuple):
    """What one function took, as shares of the whole build."""

    #: With all that it calls.
    inclusive: float
    #: In its own lines.
    own: float
    calls: int
    #: As ``sidenotes/html.py:61 run``.
    place: str


def profile(folder: Path, pages: int, theme: str, contest: Contest) -> list[Spent]:
    """Build the corpus once under cProfile and return our functions, the dearest first.

    A profiler slows down small functions more than large ones: the shares say where to look, not
    what a build takes. The garbage collector is off.
    """
    source, file = folder / "profile" / contest.marginalia.name, folder / "profile.pstats"
    write_project(source, contest.shape(pages), contest.marginalia, theme)
    build(source, pages, tool=("-m", "cProfile", "-o", str(file)), collect=False)
    return sorted(_of_package(pstats.Stats(str(file))), reverse=True)


def profile_table(functions: list[Spent]) -> str:
    """Return *functions* as a Markdown table."""
    lines = ["| with calls | own | calls | function |", "| --: | --: | --: | :-- |"]
    lines += [
        f"| {spent.inclusive:.2%} | {spent.own:.2%} | {spent.calls} | `{spent.place}` |"
        for spent in functions
    ]
    return "\n".join(lines)


def _of_package(stats: pstats.Stats) -> Iterator[Spent]:
    total: float = stats.total_tt  # type: ignore[attr-defined]
    calls_of: dict[tuple[str, int, str], tuple[int, int, float, float, object]]
    calls_of = stats.stats  # type: ignore[attr-defined]
    for (file, line, function), (_, calls, own, inclusive, _) in calls_of.items():
        parts = Path(file).parts
        if PACKAGE in parts:
            where = "/".join(parts[parts.index(PACKAGE) + 1 :])
            yield Spent(inclusive / total, own / total, calls, f"{where}:{line} {function}")
