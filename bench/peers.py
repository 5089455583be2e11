"""Measure a book of ours against the same essays in other tools, each run as its manual says.

``--tools`` is a folder with a virtual environment of Python and a ``node_modules``; missing tools
are left out. Each tool gets the same words, headings, lists and notes: as sidenotes with
our roles, and as footnotes elsewhere. ``peers.toml`` says how each is run, and what it does not do.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tomllib
from dataclasses import dataclass, field, replace
from importlib.metadata import distributions
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.corpus import CONTESTS, write, write_project
from bench.measure import COSTS, FULL, BuildError, measure, row, write_into

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pyperf import Run

#: What a new book has, on essays with notes and citations alone.
OURS = replace(
    (ALL := CONTESTS["all"]),
    extensions=[*ALL.extensions, "sphinx_marginalia.previews"],
    pauses=0,
    claims=0,
    formulas=0,
)
#: The same text without our extensions, and without what only they read.
PLAIN = replace(
    CONTESTS["works"], notes=OURS.notes, citations=OURS.citations, works=OURS.works, extensions=[]
)
#: Where programs are in the folder of tools.
PATH = "{0}/bin:{0}/node_modules/.bin"
CITATION = re.compile(r"\{cite:p\}`work(\d+)`")
FIGURES: dict[str, Callable[[Run], float]] = {
    "time": lambda run: run.get_metadata()["clock_seconds"],
    **{name: COSTS[name] for name in ("CPU time", "memory", "bytes written")},
}


@dataclass(frozen=True)
class Tool:
    """A table of ``peers.toml``, which explains the fields."""

    command: str
    packages: list[str]
    lacks: str
    program: str = ""
    theme: str = ""
    citations: bool = False
    files: dict[str, str] = field(default_factory=dict)
    ours: bool = False
    without: list[str] = field(default_factory=list)

    def write(self, folder: Path, pages: int, tools: Path) -> None:
        """Write the essays and settings into *folder*."""
        contest = OURS if self.ours else PLAIN
        write_project(folder, pages, contest, ours=self.ours, theme=self.theme)
        for name in self.without:
            (folder / name).unlink()
        if not self.files:
            return
        # Other tools name the pages in their settings; the index of Sphinx has a directive.
        (folder / "conf.py").unlink()
        (folder / "index.md").write_text("# Essays\n", encoding="utf-8")
        (folder / "_includes").mkdir()
        for name, template in self.files.items():
            write(folder / name, template, {"pages": pages, "tools": tools})
        if not self.citations:
            (folder / "lists.md").unlink()
            for essay in folder.glob("essay-*.md"):
                text = CITATION.sub(r"(Author \1)", essay.read_text(encoding="utf-8"))
                essay.write_text(text, encoding="utf-8")

    def build(self, source: Path, pages: int, tools: Path) -> Run:
        """Build the essays from nothing.

        :raises BuildError: the tool failed or wrote another number of pages
        """
        output = source.with_name(f"{source.name}-output")
        for old in (output, Path(f"{output}.doctrees")):
            shutil.rmtree(old, ignore_errors=True)
        line = self.command.format(python=sys.executable, source=source, output=output)
        command = ["env", f"PATH={PATH.format(tools)}:{os.environ['PATH']}", "sh", "-c", line]
        done = measure(command, task=FULL, pages=pages, output=output)
        files = (file.relative_to(output).as_posix() for file in output.rglob("*.html"))
        written = {name for file in files for name in re.findall(r"\bessay-\d+", file)}
        if len(written) != pages:
            raise BuildError(f"{line}: {len(written)} pages written, not {pages}")
        return done

    def versions(self, tools: Path) -> str:
        """Return the versions of the packages."""
        folders = [*map(str, tools.glob("lib/python*/site-packages"))] if self.program else sys.path
        found = {each.name.lower(): each.version for each in distributions(path=folders)}
        for name in self.packages:
            file = tools / "node_modules" / name / "package.json"
            if file.is_file():
                found[name] = json.loads(file.read_text(encoding="utf-8"))["version"]
        return ", ".join(f"{name} {found[name]}" for name in self.packages)


TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
TOOLS = {name: Tool(**table) for name, table in TABLES.items()}


def main(options: Namespace) -> int:
    """Build the essays with every tool in turn, and print the ratios to ours."""
    tools, pages = options.tools.resolve(), options.pages[0]
    present = {
        name: tool
        for name, tool in TOOLS.items()
        if not tool.program or shutil.which(tool.program, path=PATH.format(tools))
    }
    print(f"left out: {', '.join(TOOLS.keys() - present) or 'none'}", file=sys.stderr)
    runs: dict[str, list[Run]] = {name: [] for name in present}
    with TemporaryDirectory(prefix="bench-") as folder:
        for number, tool in enumerate(present.values()):
            tool.write(Path(folder, f"{number}"), pages, tools)
        # The first turn is not measured: it compiles modules, and reads files for the first time.
        for turn in range(options.repeat[0] + 1):
            for number, (name, tool) in enumerate(present.items()):
                done = tool.build(Path(folder, f"{number}"), pages, tools)
                print(f"{name}: {FIGURES['time'](done):.1f} s", file=sys.stderr, flush=True)
                runs[name] += [done] * bool(turn)
    table = "\n".join(_table(runs, {name: tool.versions(tools) for name, tool in present.items()}))
    print(table)
    write_into(options.page, "peers", f"{pages} essays.\n\n{table}")
    return 0


def _table(runs: Mapping[str, Sequence[Run]], versions: Mapping[str, str]) -> Iterator[str]:
    """Yield the rows: medians of the ratios of runs in the same turn."""
    ours = next(iter(runs.values()))
    yield row("tool", "versions", *FIGURES, "does not have")
    yield row(":--", ":--", *["--:"] * len(FIGURES), ":--")
    for name, own in runs.items():
        pairs = [*zip(ours, own, strict=True)]
        figures = (median(of(run) / of(first) for first, run in pairs) for of in FIGURES.values())
        yield row(name, versions[name], *(f"{each:.2f}" for each in figures), TOOLS[name].lacks)
