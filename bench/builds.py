"""Measure builds with our extensions against the same text on plain Sphinx, and interrupt some."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import chain, cycle, product
from signal import SIGINT, SIGKILL, SIGTERM, Signals
from typing import TYPE_CHECKING

from bench import measure
from bench.corpus import CONTESTS, VARIANTS, write_project
from bench.measure import COSTS, EDITED, FULL, UNCHANGED, build

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from pathlib import Path

    from pyperf import Run


def builds(folder: Path, options: Namespace) -> Iterator[str]:
    """Compare builds of both variants."""
    if options.write:
        _write(options.write, options.pages[0], options)
        return
    print(f"Compared: {CONTESTS[options.of].summary}.", flush=True)
    # Not measured: after it, all modules are compiled and all files have been read once.
    list(_builds(folder / "warm-up", 1, 1, options))
    sizes = zip(options.pages, chain(options.repeat, cycle(options.repeat[-1:])), strict=False)
    runs = (_builds(folder / f"{pages}", pages, repeat, options) for pages, repeat in sizes)
    yield from measure.compare(chain.from_iterable(runs), options.json, [*COSTS])


def _builds(folder: Path, pages: int, repeat: int, options: Namespace) -> Iterator[tuple[str, Run]]:
    """Build a corpus, both variants in turns."""
    _write(folder, pages, options)
    for n in range(repeat):
        for name in VARIANTS:
            source, output = folder / name, folder / f"{name}-output"
            for task in (FULL, UNCHANGED, EDITED) if options.rebuild else (FULL,):
                if task == EDITED:
                    measure.edit(source, f"Sentence {n}.")
                yield name, build(source, output, pages, task)
            shutil.rmtree(output)


def _write(folder: Path, pages: int, options: Namespace) -> None:
    for name, ours in VARIANTS.items():
        write_project(folder / name, pages, CONTESTS[options.of], ours=ours, theme=options.theme)


def interrupted(folder: Path, options: Namespace) -> Iterator[str]:
    """Yield a row for each kind of build, signal and variant.

    :raises BuildError: a file with our extensions differs that does not differ on plain Sphinx
    """
    yield measure.row("task", "signal", "variant", "CPU time / clean build", "files that differ")
    yield measure.row(":--", ":--", ":--", "--:", ":--")
    failed = set()
    for task, number in product((FULL, EDITED), (SIGTERM, SIGKILL, SIGINT)):
        differing = {}
        for name, ours in VARIANTS.items():
            source = folder / task / number.name / name / "source"
            write_project(source, options.pages[0], CONTESTS[options.of], ours=ours)
            ratio, differing[name] = _interrupt(source, options.pages[0], task, number)
            cells = (task, number.name, name, f"{ratio:.2f}", ", ".join(differing[name]))
            yield measure.row(*cells)
        failed |= {*differing["marginalia"]} - {*differing["plain"]}
    if failed:
        raise measure.BuildError(f"only with our extensions differ: {', '.join(sorted(failed))}")


def _interrupt(source: Path, pages: int, task: str, number: Signals) -> tuple[float, list[str]]:
    """Interrupt a build when it has written a page, and build again.

    :returns: the CPU time of the second build, as a ratio to a clean one, and the files that differ
    """
    resumed, clean = source.with_name("resumed"), source.with_name("clean")
    if task == EDITED:
        build(source, resumed, pages, FULL)
        # On other pages, lists show a claim and where a work is cited.
        page = source / "essay-0000.md"
        text = page.read_text(encoding="utf-8").replace("verdict: supported", "verdict: contested")
        page.write_text(f"{text}\nA sentence.\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONHASHSEED": "0", "BENCH_SIGNAL": str(int(number))}
    command = [sys.executable, "-m", "sphinx", *measure.sphinx_options(source, resumed)]
    first = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert first.returncode, f"{number.name} did not interrupt the {task}"
    # Where there is no search index, Sphinx warns that the new one is incomplete.
    second = build(source, resumed, pages, FULL, strict=False)
    whole = build(source, clean, pages, FULL)
    differing = {name for name, _ in _files(resumed).items() ^ _files(clean).items()}
    return second.values[0] / whole.values[0], sorted(differing)


def _files(output: Path) -> dict[str, bytes]:
    files = (path for path in output.glob("html/**/*") if path.is_file())
    return {str(path.relative_to(output / "html")): path.read_bytes() for path in files}
