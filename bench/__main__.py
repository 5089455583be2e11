"""Measure what the extensions cost; each command has a --help of its own."""

from __future__ import annotations

import argparse
import sys
from itertools import pairwise
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from bench.corpus import CONTESTS
from bench.measure import BuildError

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = {"type": Path, "metavar": "FOLDER"}
COUNT = {"type": int, "metavar": "N", "nargs": "+"}
OPTIONS: dict[str, dict[str, Any]] = {
    "pages": {**COUNT, "default": [70], "help": "pages of the corpus; several show the growth"},
    "repeat": {**COUNT, "default": [5], "help": "runs, for each of --pages or for the rest"},
    "of": {
        "choices": CONTESTS,
        "default": "notes",
        "help": "; ".join(f"{name}: {contest.summary}" for name, contest in CONTESTS.items()),
    },
    "theme": {"choices": ("alabaster", "furo"), "default": "alabaster"},
    "rebuild": {"action": "store_true", "help": "measure an unchanged and an edited build too"},
    "page": {"type": Path, "metavar": "FILE", "help": "write the ratios into FILE, at their mark"},
    "json": {**FOLDER, "help": "store the runs there, for pyperf"},
    "write": {**FOLDER, "help": "only write the corpus there"},
    "tools": {**FOLDER, "required": True, "help": "where the other tools are installed"},
    "marks": {"type": int, "metavar": "N", "default": 625, "help": "marks of the shorter text"},
}
#: What each command runs, its options, and what it measures. A module is imported when it is used:
#: some need a browser or a server.
COMMANDS = {
    "builds": ("builds:main", "pages repeat of theme rebuild page json write", "builds (default)"),
    "interrupted": ("builds:interrupted", "pages of", "that an interrupted build can be resumed"),
    "importer": ("importer:main", "pages repeat page json write", "an import against a build"),
    "adversarial": ("importer:adversarial", "marks", "growth with adversarial inputs"),
    "live": ("live:main", "pages repeat page", "how soon `make live` shows an edit"),
    "peers": ("peers:main", "tools pages repeat page", "a book of ours against other tools"),
    "reader": ("reader:main", "repeat page", "what an essay costs the reader's processor"),
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "interrupted": {"pages": [5], "of": "all"},
    "importer": {"repeat": [1]},
    "peers": {"repeat": [3]},
    "reader": {"repeat": [15]},
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and return the exit code."""
    arguments = sys.argv[1:] if argv is None else [*argv]
    if not arguments or arguments[0] not in {*COMMANDS, "-h", "--help"}:
        arguments = ["builds", *arguments]
    options = _parse(arguments)
    try:
        code: int = resolve_name(f"bench.{COMMANDS[options.command][0]}")(options)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return code


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options, validated before a large corpus is written."""
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, names, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        for option in names.split():
            command.add_argument(f"--{option}", **OPTIONS[option])
        command.set_defaults(**DEFAULTS.get(name, {}))
    options = parser.parse_args(arguments)
    pages, repeat = getattr(options, "pages", [1]), getattr(options, "repeat", [1])
    if min(pages + repeat) < 1 or any(small >= large for small, large in pairwise(pages)):
        parser.error("--pages must ascend, and be above 0 as --repeat")
    page, mark = getattr(options, "page", None), getattr(options, "of", options.command)
    if page and not (page.is_file() and f"% results of {mark}\n" in page.read_text("utf-8")):
        parser.error(f"--page: {page} has no mark for {mark!r}")
    if getattr(options, "json", None) and not options.json.is_dir():
        parser.error(f"--json: there is no folder {options.json}")
    return options


if __name__ == "__main__":
    sys.exit(main())
