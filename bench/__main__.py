"""Measure what the extensions cost; each command has a --help of its own."""

from __future__ import annotations

import argparse
import sys
from itertools import pairwise
from pathlib import Path
from pkgutil import resolve_name
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench.corpus import CONTESTS
from bench.measure import BuildError, write_into

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = {"type": Path, "metavar": "FOLDER"}
COUNT = {"type": int, "metavar": "N", "nargs": "+"}
SUMMARIES = "; ".join(f"{name}: {contest.summary}" for name, contest in CONTESTS.items())
OPTIONS: dict[str, dict[str, Any]] = {
    "pages": {**COUNT, "default": [70], "help": "pages of the corpus; several show the growth"},
    "repeat": {**COUNT, "default": [5], "help": "runs, for each of --pages or for the rest"},
    "of": {"choices": CONTESTS, "default": "notes", "help": SUMMARIES},
    "theme": {"choices": ("alabaster", "furo"), "default": "alabaster"},
    "rebuild": {"action": "store_true", "help": "measure an unchanged and an edited build too"},
    "page": {"type": Path, "metavar": "FILE", "help": "write the ratios into FILE, at their mark"},
    "json": {**FOLDER, "help": "store the runs there, for pyperf"},
    "write": {**FOLDER, "help": "only write the corpus there"},
    "tools": {**FOLDER, "required": True, "help": "where the other tools are installed"},
    "marks": {"type": int, "metavar": "N", "default": 625, "help": "marks of the shorter text"},
}
#: What each command measures, its options, and those with another default.
COMMANDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "builds": ("builds (default)", "pages repeat of theme rebuild page json write", {}),
    "interrupted": ("builds after an interruption", "pages of", {"pages": [5], "of": "all"}),
    "importer": ("an import against a build", "pages repeat page json write", {"repeat": [1]}),
    "adversarial": ("growth with adversarial inputs", "marks", {}),
    "live": ("how soon `make live` shows an edit", "pages repeat page", {}),
    "peers": ("a book of ours against other tools", "tools pages repeat page", {"repeat": [3]}),
    "reader": ("what an essay costs the reader's processor", "repeat page", {"repeat": [15]}),
}
#: Each is a function that yields the lines of its result, in a module of its name or in one of
#: these, which is imported when it is used.
MODULES = {"interrupted": "builds", "adversarial": "importer"}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the result, and return the exit code."""
    arguments = sys.argv[1:] if argv is None else [*argv]
    if not arguments or arguments[0] not in {*COMMANDS, "-h", "--help"}:
        arguments = ["builds", *arguments]
    options = _parse(arguments)
    name, lines = options.command, []
    command = resolve_name(f"bench.{MODULES.get(name, name)}:{name}")
    try:
        with TemporaryDirectory(prefix="bench-") as folder:
            for line in command(Path(folder), options):
                print(line, flush=True)
                lines.append(line)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if options.page:
        write_into(options.page, options.of or options.command, "\n".join(lines))
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options, validated before a large corpus is written."""
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.set_defaults(pages=[1], repeat=[1], of=None, page=None, json=None)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (summary, names, defaults) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        for option in names.split():
            command.add_argument(f"--{option}", **OPTIONS[option])
        command.set_defaults(**defaults)
    options = parser.parse_args(arguments)
    pages, page, mark = options.pages, options.page, options.of or options.command
    if min(pages + options.repeat) < 1 or any(small >= large for small, large in pairwise(pages)):
        parser.error("--pages must ascend, and be above 0 as --repeat")
    if page and not (page.is_file() and f"% results of {mark}\n" in page.read_text("utf-8")):
        parser.error(f"--page: {page} has no mark for {mark!r}")
    if options.json and not options.json.is_dir():
        parser.error(f"--json: there is no folder {options.json}")
    return options


if __name__ == "__main__":
    sys.exit(main())
