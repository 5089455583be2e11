"""Run programs in processes of their own, keep what they took for pyperf, and print ratios.

CPU seconds depend on the machine and its load, so the programs to compare run in turn, and only the
ratio of neighbours is a result. pyperf adds the facts about the machine and tests significance.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections import defaultdict
from datetime import UTC, datetime
from platform import python_version
from statistics import median
from subprocess import DEVNULL, PIPE, Popen
from time import monotonic
from typing import TYPE_CHECKING

import sphinx
from pyperf import Benchmark, BenchmarkSuite, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    #: Runs with the program of each, and gathered by program and name.
    Measured = Iterable[tuple[str, Run]]
    Suites = dict[str, dict[str, list[Run]]]
    Cost = Callable[[Run], float]

RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # ``ru_maxrss``: kibibytes, but on macOS
FULL, UNCHANGED, EDITED = "full build", "nothing changed", "one page edited"
#: What a run took, by the title of its column.
COSTS: dict[str, Cost] = {
    "CPU time": lambda run: run.values[0],
    # What the code takes: the collector's share grows with all that is in memory.
    "without gc": lambda run: run.values[0] - run.get_metadata()["gc_seconds"],
    "memory": lambda run: run.get_metadata()["mem_max_rss"],
    "bytes written": lambda run: run.get_metadata()["bytes_written"],
}
#: The same, and what other processes add to.
FIGURES: dict[str, Cost] = COSTS | {"time": lambda run: run.get_metadata()["clock_seconds"]}


class BuildError(Exception):
    """A program did not do what it was to do, so its time means nothing."""


def measure(command: Sequence[str], *, task: str, pages: int, output: Path) -> Run:
    """Run a program, and return its CPU seconds, with its memory and output as metadata.

    Processes that it starts and waits for are included.

    :param task: what it does, such as ``full build``
    :param output: the folder that it writes to
    :raises BuildError: it failed or wrote another number of pages
    """
    start, gc_file = monotonic(), output.with_name(f"{output.name}.gc")
    # The order of sets should not be part of the noise.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "BENCH_GC": str(gc_file)}
    # What is installed is compiled, as a checkout is at its first use if nothing forbids it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with Popen(command, env=environment, stdout=DEVNULL, stderr=PIPE, text=True) as process:
        assert process.stderr is not None
        messages = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        # So that Popen does not look for a process that is gone.
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = monotonic() - start
    if process.returncode:
        raise BuildError(f"{' '.join(command)} ended with {process.returncode}:\n{messages}")
    files = (str(file) for file in output.rglob("*") if file.suffix in {".html", ".md"})
    written = {name for file in files for name in re.findall(r"\bessay-\d+", file)}
    if len(written) != pages:
        raise BuildError(f"{output}: {len(written)} pages written, not {pages}")
    metadata = {
        "name": f"{task}, {pages} pages",
        "task": task,
        "pages": pages,
        "clock_seconds": seconds,
        "gc_seconds": float(gc_file.read_text("utf-8")) if gc_file.exists() else 0.0,
        "mem_max_rss": usage.ru_maxrss * RSS_UNIT,
        "bytes_written": sum(file.stat().st_size for file in output.rglob("*")),
    }
    return Run([usage.ru_utime + usage.ru_stime], metadata=metadata)


def sphinx_options(source: Path, output: Path, *, strict: bool = True) -> list[str]:
    """Return the options of a build in one process, to HTML in the folder ``html`` of *output*.

    :param strict: whether a warning fails it, since a part of the text may then be missing
    """
    return ["-q", *["-W"] * strict, "-d", f"{output}/doctrees", f"{source}", f"{output}/html"]


def build(source: Path, output: Path, pages: int, task: str, *, strict: bool = True) -> Run:
    """Build a project on top of what is in *output*."""
    command = [sys.executable, "-m", "sphinx", *sphinx_options(source, output, strict=strict)]
    return measure(command, task=task, pages=pages, output=output / "html")


def edit(source: Path, words: str) -> None:
    """Add a sentence to a page."""
    with (source / "essay-0000.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{words}\n")


def collect(measured: Measured) -> Suites:
    """Return the runs of each program by their names."""
    suites: Suites = defaultdict(lambda: defaultdict(list))
    for program, run in measured:
        name = run.get_metadata()["name"]
        print(f"{program}: {name}", file=sys.stderr, flush=True)
        suites[program][name].append(run)
    return suites


def ratios(base: Sequence[Run], other: Sequence[Run], cost: str) -> list[float]:
    """Return the ratios of runs that followed each other: a busy machine slows both."""
    pairs = zip(base, other, strict=True)
    return [FIGURES[cost](second) / FIGURES[cost](first) for first, second in pairs]


def medians(base: Sequence[Run], other: Sequence[Run], costs: Iterable[str]) -> list[str]:
    """Return the median of the ratios for each cost."""
    return [f"{median(ratios(base, other, cost)):.2f}" for cost in costs]


def exponent(costs: Sequence[float], sizes: Sequence[int]) -> float:
    """Return *e* where the first cost grows to the second as sizes to the power of *e*."""
    return math.log(costs[1] / costs[0]) / math.log(sizes[1] / sizes[0])


def row(*cells: str) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def ratio_table(suites: Suites, costs: Sequence[str]) -> Iterator[str]:
    """Yield the ratios of the second program to the first: medians, and the CPU time's spread."""
    yield row("pages", "task", *costs, "lowest–highest CPU time")
    yield row("--:", ":--", *["--:"] * len(costs), "--:")
    for base, other in zip(*(suite.values() for suite in suites.values()), strict=True):
        about, cpu = base[0].get_metadata(), ratios(base, other, "CPU time")
        spread = f"{min(cpu):.2f}–{max(cpu):.2f}"
        yield row(f"{about['pages']:,}", about["task"], *medians(base, other, costs), spread)


def growth_table(suites: Suites, costs: Sequence[str]) -> Iterator[str]:
    """Yield the exponents of the first task, from the fewest pages to the most."""
    full = [[runs for name, runs in s.items() if name.startswith(FULL)] for s in suites.values()]
    sizes = [full[0][end][0].get_metadata()["pages"] for end in (0, -1)]
    if sizes[0] == sizes[1]:
        return
    yield f"\n{row('growth from {:,} to {:,} pages'.format(*sizes), *suites)}"
    yield row(":--", *["--:"] * len(suites))
    for cost in costs:
        ends = ([median(map(COSTS[cost], own[n])) for n in (0, -1)] for own in full)
        yield row(cost, *(f"{exponent(both, sizes):.2f}" for both in ends))


def compare(measured: Measured, folder: Path | None, costs: Sequence[str]) -> Iterator[str]:
    """Yield the tables of two programs, and store their runs in *folder*, for pyperf."""
    suites = collect(measured)
    print("Ratios are {1} / {0}, medians over runs that followed each other.\n".format(*suites))
    if folder:
        for program, suite in suites.items():
            benchmarks = [*map(Benchmark, suite.values())]
            BenchmarkSuite(benchmarks).dump(str(folder / f"{program}.json"), replace=True)
    yield from (*ratio_table(suites, costs), *growth_table(suites, costs))


def write_into(page: Path, name: str, results: str) -> None:
    """Replace the results of this name in *page*, with the date and versions."""
    today, python = datetime.now(tz=UTC).date(), python_version()
    measured = f"Measured on {today} with Python {python}, Sphinx {sphinx.__version__}."
    new = f"% results of {name}\n\n{results}\n\n{measured}\n\n% end of results\n"
    marked = re.compile(rf"(?ms)^% results of {name}\n.*?^% end of results\n")
    text = marked.sub(lambda _: new, page.read_text(encoding="utf-8"))
    page.write_text(text, encoding="utf-8")
