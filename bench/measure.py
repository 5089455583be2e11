"""One build in a process of its own, its CPU seconds and its memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from compileall import compile_dir
from dataclasses import dataclass
from enum import Enum
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import sphinx_marginalia
from bench import runner
from bench.contests import CONTESTS, Contest, write_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# ``ru_maxrss`` is in bytes on macOS and in kibibytes elsewhere.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class BuildError(Exception):
    """A build did not make what it was to make, so its time means nothing."""


class Stage(Enum):
    """What there is to do in a build."""

    FULL = "full build"
    UNCHANGED = "nothing changed"
    EDITED = "one page edited"


class Cost(NamedTuple):
    """What one build took."""

    #: CPU seconds, of the user and of the system.
    cpu: float
    #: The most memory it had at once, in megabytes of 10⁶ bytes.
    megabytes: float
    #: CPU seconds of Python's garbage collector, which are among the others.
    gc: float = 0.0
    #: What is in the output then, in bytes.
    written: int = 0

    @property
    def cpu_without_gc(self) -> float:
        """CPU seconds of all but the garbage collector."""
        return self.cpu - self.gc


@dataclass(frozen=True)
class Series:
    """The builds of one corpus; the n-th of both variants ran one after the other."""

    pages: int
    plain: list[Cost]
    marginalia: list[Cost]
    stage: Stage = Stage.FULL


def series(
    folder: Path,
    pages: int,
    theme: str,
    repeat: int,
    say: Callable[[str], None],
    contest: Contest = CONTESTS["notes"],
    stages: Sequence[Stage] = (Stage.FULL,),
) -> list[Series]:
    """Build both variants of a corpus *repeat* times, in turns, and return the costs by stage.

    :param folder: where sources and outputs go; an own one is made in it for the corpus
    :param stages: what is measured, the full build first
    :raises BuildError: a build warned, failed or wrote another number of pages
    """
    compile_dir(Path(sphinx_marginalia.__file__).parent, quiet=1)
    variants = (contest.plain, contest.marginalia)
    costs = {stage: {variant.name: list[Cost]() for variant in variants} for stage in stages}
    project = folder / f"essays-{pages}"
    for variant in variants:
        write_project(project / variant.name, contest.shape(pages), variant, theme)
    for n, variant in product(range(1, repeat + 1), variants):
        source = project / variant.name
        for stage in stages:
            say(f"{pages} pages, {variant.name}, {stage.value}, {n} of {repeat}")
            if stage is Stage.EDITED:
                _edit(source, n)
            costs[stage][variant.name].append(build(source, pages))
        forget(source)
    return [Series(pages, **spent, stage=stage) for stage, spent in costs.items()]


def build(source: Path, pages: int, tool: Sequence[str] = (), *, collect: bool = True) -> Cost:
    """Build the project in *source* to HTML, in one process, on top of what is there.

    :param tool: options of Python that run a module around Sphinx, as ``("-m", "cProfile")``
    :param collect: whether the garbage collector runs
    :raises BuildError: the build warned, failed or wrote another number of pages
    """
    out = _output(source)
    # A warning would mean that a part of the text is not what it is meant to be: -W. The doctrees
    # are no output.
    doctrees = out.with_name(f"{out.name}-doctrees")
    options = ["-q", "-W", "-j1", "-b", "html", "-d", str(doctrees)]
    cost = run("sphinx", *options, str(source), str(out), tool=tool, collect=collect)
    written = len(list(out.glob("essay-*.html")))
    if written != pages:
        message = f"{source.name}: {written} pages written, not {pages}"
        raise BuildError(message)
    return cost._replace(written=sum(file.stat().st_size for file in out.rglob("*")))


def forget(source: Path) -> None:
    """Remove what was built of the project in *source*."""
    for folder in (_output(source), _output(source).with_name(f"{source.name}-html-doctrees")):
        shutil.rmtree(folder, ignore_errors=True)


def _output(source: Path) -> Path:
    return source.with_name(f"{source.name}-html")


def _edit(source: Path, number: int) -> None:
    """Add a sentence to the end of a page, as an author does."""
    file = source / "essay-0000.md"
    file.write_text(f"{file.read_text(encoding='utf-8')}\nSentence {number}.\n", encoding="utf-8")


def run(module: str, *arguments: str, tool: Sequence[str] = (), collect: bool = True) -> Cost:
    """Run a module of Python and return what it took, without what its siblings took.

    :param tool: options of Python that run a module around it
    :param collect: whether the garbage collector runs
    :raises BuildError: it failed
    """
    # The order of sets is part of what is built; it should not be part of the noise.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    # What is installed is compiled, which a checkout is at its first use if nobody forbids it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder) / "gc"
        program = [runner.__file__, *(() if collect else (runner.WITHOUT_GC,)), str(file)]
        command = [sys.executable, *tool, *program, module, *arguments]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            messages = process.stderr.read()
            _pid, status, usage = os.wait4(process.pid, 0)
            # So that Popen does not look for a process that is gone.
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            message = f"{' '.join(command)} ended with {process.returncode}:\n{messages}"
            raise BuildError(message)
        collecting = float(file.read_text(encoding="utf-8"))
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(cpu, usage.ru_maxrss * RSS_UNIT / 1e6, collecting)


def pairs(measured: Series) -> Iterator[tuple[Cost, Cost]]:
    """Yield the builds that ran one after the other: plain, marginalia."""
    yield from zip(measured.plain, measured.marginalia, strict=True)
