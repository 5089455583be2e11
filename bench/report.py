"""Ratios and growth, as a Markdown table and as JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.contests import MARGINALIA, PLAIN
from bench.measure import Stage, pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.measure import Cost, Series

VARIANTS = (PLAIN.name, MARGINALIA.name)
COLUMNS = (
    "pages",
    "build",
    "CPU ratio",
    "lowest–highest",
    "of the fastest",
    "without gc",
    "memory ratio",
    "CPU s plain",
    "CPU s marginalia",
    "gc s plain",
    "gc s marginalia",
    "MB plain",
    "MB marginalia",
)
#: The costs whose growth is told, of full builds.
GROWTH = {
    "cpu": "exponent of CPU seconds",
    "cpu_without_gc": "exponent without gc",
    "written": "exponent of bytes written",
}


@dataclass(frozen=True)
class Ratio:
    """What marginalia takes of what plain Sphinx takes, over all pairs of builds."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Ratio:
        """Return the ratio that stands for *values*."""
        return cls(median(values), min(values), max(values))


def cpu_ratio(measured: Series) -> Ratio:
    """Return the ratio of CPU seconds: of neighbours in time, because a busy machine slows both."""
    return Ratio.of([ours.cpu / plain.cpu for plain, ours in pairs(measured)])


def ratio_without_gc(measured: Series) -> Ratio:
    """Return the ratio of CPU seconds without those of the garbage collector.

    It is what the code takes; the collector's share grows with all that is in memory, and is more
    than half of a large build.
    """
    return Ratio.of([ours.cpu_without_gc / plain.cpu_without_gc for plain, ours in pairs(measured)])


def fastest_ratio(measured: Series) -> float:
    """Return the ratio of the fastest builds: what else a machine does can only add to them."""
    return min(cost.cpu for cost in measured.marginalia) / min(cost.cpu for cost in measured.plain)


def memory_ratio(measured: Series) -> Ratio:
    """Return the ratio of the most memory in use."""
    return Ratio.of([ours.megabytes / plain.megabytes for plain, ours in pairs(measured)])


def exponent(small: Series, large: Series, variant: str, what: str = "cpu") -> float:
    """Return *e* where a cost grows with the number of pages to the power of *e*.

    1 is a build in which a page costs the same however many there are.

    :param what: the name of a cost, such as ``cpu_without_gc``
    """
    growth = _median(getattr(large, variant), what) / _median(getattr(small, variant), what)
    return math.log(growth) / math.log(large.pages / small.pages)


def table(all_measured: Sequence[Series]) -> str:
    """Return the results as Markdown."""
    lines = [
        line(*COLUMNS),
        line(*["--:"] * len(COLUMNS)),
        *(_row(measured) for measured in all_measured),
    ]
    if ends := growing(all_measured):
        small, large = ends
        lines += [
            "",
            line(f"growth from {small.pages} to {large.pages} pages", *VARIANTS),
            line(":--", "--:", "--:"),
            *(
                line(words, *(f"{exponent(small, large, name, what):.2f}" for name in VARIANTS))
                for what, words in GROWTH.items()
            ),
        ]
    return "\n".join(lines)


def growing(all_measured: Sequence[Series]) -> tuple[Series, Series] | None:
    """Return the full builds of the fewest and of the most pages, where there are several."""
    full = [measured for measured in all_measured if measured.stage is Stage.FULL]
    return (full[0], full[-1]) if len(full) > 1 else None


def record(all_measured: Sequence[Series], conditions: dict[str, Any]) -> dict[str, Any]:
    """Return the results for a program: ratios, and apart from them what is of this run only."""
    results: dict[str, Any] = {
        "conditions": conditions,
        "ratios": [
            {
                "pages": measured.pages,
                "build": measured.stage.value,
                "cpu": {**asdict(cpu_ratio(measured)), "fastest": fastest_ratio(measured)},
                "cpu_without_gc": asdict(ratio_without_gc(measured)),
                "memory": asdict(memory_ratio(measured)),
            }
            for measured in all_measured
        ],
        "this_run": [
            {
                "pages": measured.pages,
                "build": measured.stage.value,
                "plain": [cost._asdict() for cost in measured.plain],
                "marginalia": [cost._asdict() for cost in measured.marginalia],
            }
            for measured in all_measured
        ],
    }
    if ends := growing(all_measured):
        small, large = ends
        results["exponents"] = {name: exponent(small, large, name) for name in VARIANTS}
        results["exponents_without_gc"] = {
            name: exponent(small, large, name, "cpu_without_gc") for name in VARIANTS
        }
    return results


def _row(measured: Series) -> str:
    cpu = cpu_ratio(measured)
    both = (measured.plain, measured.marginalia)
    return line(
        f"{measured.pages}",
        measured.stage.value,
        f"{cpu.median:.3f}",
        f"{cpu.lowest:.3f}–{cpu.highest:.3f}",
        f"{fastest_ratio(measured):.3f}",
        f"{ratio_without_gc(measured).median:.3f}",
        f"{memory_ratio(measured).median:.3f}",
        *(f"{_median(costs, 'cpu'):.2f}" for costs in both),
        *(f"{_median(costs, 'gc'):.2f}" for costs in both),
        *(f"{_median(costs, 'megabytes'):.0f}" for costs in both),
    )


def line(*cells: str) -> str:
    """Return a row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def _median(costs: Sequence[Cost], what: str) -> float:
    values: list[float] = [getattr(cost, what) for cost in costs]
    return median(values)
