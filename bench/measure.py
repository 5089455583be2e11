"""Run programs in processes of their own, keep what they took for pyperf, and print ratios.

CPU seconds depend on the machine and its load, so the programs to compare run in turn, and only the
ratio of neighbours is a result. pyperf adds the facts about the machine and tests significance.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from platform import python_version
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING

import sphinx
from pyperf import Benchmark, BenchmarkSuite, Run

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # ``ru_maxrss``: kibibytes, but on macOS
FULL, UNCHANGED, EDITED = "full build", "nothing changed", "one page edited"
#: What a run took, by the title of its column.
COSTS: dict[str, Callable[[Run], float]] = {
    "CPU time": lambda run: run.values[0],
    # What the code takes: the collector's share grows with all that is in memory.
    "without gc": lambda run: run.values[0] - run.get_metadata()["gc_seconds"],
    "memory": lambda run: run.get_metadata()["mem_max_rss"],
    "bytes written": lambda run: run.get_metadata()["bytes_written"],
}


class BuildError(Exception):
    """A program did not do what it was to do, so its time means nothing."""


def run(module: str, *arguments: str | Path, task: str, pages: int, output: Path) -> Run:
    """Run a module of Python, and return what :func:`measure` does."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return measure(command, task=task, pages=pages, output=output)


def measure(command: Sequence[str], *, task: str, pages: int, output: Path) -> Run:
    """Run a program, and return its CPU seconds, with its memory and output as metadata.

    Processes that it starts and waits for are included.

    :param task: what it does, such as ``full build``
    :param output: the folder that it writes to
    :raises BuildError: it failed
    """
    start = monotonic()
    with TemporaryDirectory(prefix="bench-") as folder:
        gc_file = Path(folder) / "gc"
        # The order of sets should not be part of the noise.
        environment = {**os.environ, "PYTHONHASHSEED": "0", "BENCH_GC": str(gc_file)}
        # What is installed is compiled, as a checkout is at its first use if nothing forbids it.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            messages = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            # So that Popen does not look for a process that is gone.
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = monotonic() - start
        if process.returncode:
            raise BuildError(f"{' '.join(command)} ended with {process.returncode}:\n{messages}")
        gc_seconds = float(gc_file.read_text(encoding="utf-8")) if gc_file.exists() else 0.0
    metadata = {
        "name": f"{task}, {pages} pages",
        "task": task,
        "pages": pages,
        "clock_seconds": seconds,
        "gc_seconds": gc_seconds,
        "mem_max_rss": usage.ru_maxrss * RSS_UNIT,
        "bytes_written": sum(file.stat().st_size for file in output.rglob("*")),
    }
    return Run([usage.ru_utime + usage.ru_stime], metadata=metadata)


def sphinx_options(source: Path, output: Path, *, strict: bool = True) -> list[str]:
    """Return the options of a build in one process, to HTML in the folder ``html`` of *output*.

    :param strict: whether a warning fails it, since a part of the text may then be missing
    """
    folders = ("-d", output / "doctrees", source, output / "html")
    return ["-q", "-j1", *["-W"] * strict, *map(str, folders)]


def build(source: Path, output: Path, pages: int, task: str, *, strict: bool = True) -> Run:
    """Build a project on top of what is in *output*.

    :raises BuildError: the build warned, failed or wrote another number of pages
    """
    options = sphinx_options(source, output, strict=strict)
    done = run("sphinx", *options, task=task, pages=pages, output=output / "html")
    written = len(list(output.glob("html/essay-*.html")))
    if written != pages:
        raise BuildError(f"{source.name}: {written} pages written, not {pages}")
    return done


def edit(source: Path, words: str) -> None:
    """Add a sentence to a page."""
    with (source / "essay-0000.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{words}\n")


def collect(runs: Iterable[tuple[str, Run]]) -> dict[str, BenchmarkSuite]:
    """Return a suite for each program, with runs of the same name as one benchmark."""
    suites: dict[str, BenchmarkSuite] = {}
    for program, done in runs:
        benchmark = Benchmark([done])
        print(f"{program}: {benchmark.get_name()}", file=sys.stderr, flush=True)
        if program in suites:
            suites[program].add_runs(benchmark)
        else:
            suites[program] = BenchmarkSuite([benchmark])
    return suites


def ratios(base: Benchmark, other: Benchmark, cost: str) -> list[float]:
    """Return the ratios of runs that followed each other: a busy machine slows both."""
    pairs = zip(base.get_runs(), other.get_runs(), strict=True)
    return [COSTS[cost](second) / COSTS[cost](first) for first, second in pairs]


def exponent(costs: Sequence[float], sizes: Sequence[int]) -> float:
    """Return *e* where the first cost grows to the second as sizes to the power of *e*."""
    return math.log(costs[1] / costs[0]) / math.log(sizes[1] / sizes[0])


def row(*cells: str) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def ratio_table(suites: Mapping[str, BenchmarkSuite], costs: Sequence[str]) -> Iterator[str]:
    """Yield the ratios of the second program to the first: medians, and the CPU time's spread."""
    yield row("pages", "task", *costs, "lowest–highest CPU time")
    yield row("--:", ":--", *["--:"] * len(costs), "--:")
    for base, other in zip(*suites.values(), strict=True):
        about, cpu = base.get_metadata(), ratios(base, other, "CPU time")
        medians = (f"{median(ratios(base, other, cost)):.2f}" for cost in costs)
        spread = f"{min(cpu):.2f}–{max(cpu):.2f}"
        yield row(f"{about['pages']:,}", about["task"], *medians, spread)


def growth_table(suites: Mapping[str, BenchmarkSuite], costs: Sequence[str]) -> Iterator[str]:
    """Yield the exponents of the first task, from the fewest pages to the most."""
    full = [[b for b in suite if b.get_name().startswith(FULL)] for suite in suites.values()]
    sizes = [full[0][end].get_metadata()["pages"] for end in (0, -1)]
    if sizes[0] == sizes[1]:
        return
    yield f"\n{row('growth from {:,} to {:,} pages'.format(*sizes), *suites)}"
    yield row(":--", *["--:"] * len(suites))
    for cost in costs:
        medians = ([median(map(COSTS[cost], own[n].get_runs())) for n in (0, -1)] for own in full)
        yield row(cost, *(f"{exponent(both, sizes):.2f}" for both in medians))


def report(name: str, suites: Mapping[str, BenchmarkSuite], options: Namespace) -> None:
    """Print the results, and store them where the options ask for it."""
    base, other = suites
    # What times the collector is in the conf.py of the corpus, which an import has not.
    costs = [cost for cost in COSTS if cost != "without gc" or "import" not in suites]
    tables = "\n".join([*ratio_table(suites, costs), *growth_table(suites, costs)])
    print(f"Ratios are {other} / {base}, medians over runs that followed each other.\n\n{tables}\n")
    with TemporaryDirectory(prefix="bench-") as temporary:
        files = [str((options.json or Path(temporary)) / f"{program}.json") for program in suites]
        for file, suite in zip(files, suites.values(), strict=True):
            suite.dump(file, replace=True)
        compare = ["-m", "pyperf", "compare_to", "--table", "--table-format=md", *files]
        subprocess.run([sys.executable, *compare], check=True)
    write_into(options.page, name, tables)


def write_into(page: Path | None, name: str, results: str) -> None:
    """Replace the results of this name in *page*, if there is one, with the date and versions."""
    if page:
        today, python = datetime.now(tz=UTC).date(), python_version()
        measured = f"Measured on {today} with Python {python}, Sphinx {sphinx.__version__}."
        new = f"% results of {name}\n\n{results}\n\n{measured}\n\n% end of results\n"
        marked = re.compile(rf"(?ms)^% results of {name}\n.*?^% end of results\n")
        text = marked.sub(lambda _: new, page.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8")
