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
from copy import copy
from importlib.metadata import distributions
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.corpus import CONTESTS, read_tables, write, write_project
from bench.measure import FULL, collect, measure, medians, row

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from pyperf import Run

#: What a new book has, on essays with notes and citations alone.
OURS = copy(CONTESTS["all"])
OURS.extensions = [*OURS.extensions, "sphinx_marginalia.previews"]
OURS.pauses = OURS.claims = OURS.formulas = 0
#: The same text without our extensions, and without what only they read.
PLAIN = copy(CONTESTS["works"])
PLAIN.notes, PLAIN.citations, PLAIN.works = OURS.notes, OURS.citations, OURS.works
#: Where programs are in the folder of tools.
PATH = "{0}/bin:{0}/node_modules/.bin"
CITATION = re.compile(r"\{cite:p\}`work(\d+)`")
COSTS = ("time", "CPU time", "memory", "bytes written")
#: ``peers.toml`` explains the fields.
TOOLS = read_tables("peers")


def peers(folder: Path, options: Namespace) -> Iterator[str]:
    """Build the essays with every tool in turn, and yield the ratios to ours."""
    tools, pages = options.tools.resolve(), options.pages[0]
    present = {
        name: tool
        for name, tool in TOOLS.items()
        if not tool.program or shutil.which(tool.program, path=PATH.format(tools))
    }
    print(f"left out: {', '.join(TOOLS.keys() - present) or 'none'}", file=sys.stderr)
    folders = {name: folder / f"{number}" for number, name in enumerate(present)}
    for name, tool in present.items():
        write_essays(tool, folders[name], pages, tools)
    turns = product(range(options.repeat[0] + 1), present.items())
    builds = ((name, build(tool, folders[name], pages, tools)) for _, (name, tool) in turns)
    # The first turn is not measured: it compiles modules, and reads files for the first time.
    suites = collect(islice(builds, len(present), None))
    yield f"{pages} essays.\n"
    yield row("tool", "versions", *COSTS, "does not have")
    yield row(":--", ":--", *["--:"] * len(COSTS), ":--")
    (ours,) = suites[next(iter(suites))].values()
    for name, suite in suites.items():
        (own,), tool = suite.values(), TOOLS[name]
        yield row(name, versions(tool, tools), *medians(ours, own, COSTS), tool.lacks)


def write_essays(tool: Any, folder: Path, pages: int, tools: Path) -> None:
    """Write the essays and settings into *folder*."""
    write_project(folder, pages, OURS if tool.ours else PLAIN, ours=tool.ours, theme=tool.theme)
    for name in tool.without:
        (folder / name).unlink()
    if not tool.files:
        return
    # Other tools name the pages in their settings; the index of Sphinx has a directive.
    (folder / "conf.py").unlink()
    (folder / "index.md").write_text("# Essays\n", encoding="utf-8")
    (folder / "_includes").mkdir()
    for name, template in tool.files.items():
        write(folder / name, template, {"pages": pages, "tools": tools})
    if not tool.citations:
        (folder / "lists.md").unlink()
        for essay in folder.glob("essay-*.md"):
            text = CITATION.sub(r"(Author \1)", essay.read_text(encoding="utf-8"))
            essay.write_text(text, encoding="utf-8")


def build(tool: Any, source: Path, pages: int, tools: Path) -> Run:
    """Build the essays from nothing."""
    output = source.with_name(f"{source.name}-output")
    for old in (output, Path(f"{output}.doctrees")):
        shutil.rmtree(old, ignore_errors=True)
    line = tool.command.format(python=sys.executable, source=source, output=output)
    command = ["env", f"PATH={PATH.format(tools)}:{os.environ['PATH']}", "sh", "-c", line]
    return measure(command, task=FULL, pages=pages, output=output)


def versions(tool: Any, tools: Path) -> str:
    """Return the versions of the packages."""
    folders = [*map(str, tools.glob("lib/python*/site-packages"))] if tool.program else sys.path
    found = {each.name.lower(): each.version for each in distributions(path=folders)}
    for name in tool.packages:
        file = tools / "node_modules" / name / "package.json"
        if file.is_file():
            found[name] = json.loads(file.read_text(encoding="utf-8"))["version"]
    return ", ".join(f"{name} {found[name]}" for name in tool.packages)
