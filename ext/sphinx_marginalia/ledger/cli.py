"""The command line: ``python -m sphinx_marginalia.ledger review``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

from sphinx_marginalia.ledger.checks import day
from sphinx_marginalia.ledger.collect import collect
from sphinx_marginalia.ledger.review import Change, Item, by_age, changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DESCRIPTION = "List the claims to look at again: the longest not reviewed, and those whose works "
DESCRIPTION += "changed after the review."
EPILOG = "Exit code: 0 the claims are listed, 2 the project cannot be read."


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 2 where the project cannot be read."""
    arguments = parser().parse_args(argv)
    confdir = arguments.confdir or arguments.sourcedir
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = collect(arguments.sourcedir, confdir, arguments.doctreedir or Path(folder))
        except (SphinxError, OSError) as error:
            sys.stderr.write(f"error: {error}\n")
            return 2
    # The only look at the clock: this is a program for people, and no part of a build.
    today = arguments.today or datetime.now(UTC).date()
    aged = by_age(found.items, today, arguments.older)
    lines = [
        *_ages(aged, len(found.items)),
        "",
        *_changes(changes(found.items, found.works, found.then)),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    program = argparse.ArgumentParser(prog="python -m sphinx_marginalia.ledger")
    commands = program.add_subparsers(metavar="COMMAND", required=True)
    review = commands.add_parser(
        "review", help="list claims to look at again", description=DESCRIPTION, epilog=EPILOG
    )
    add = review.add_argument
    sources = "folder of the sources (default: this one)"
    add("sourcedir", metavar="SOURCEDIR", nargs="?", default=".", type=Path, help=sources)
    conf = "folder of conf.py (default: SOURCEDIR)"
    add("-c", dest="confdir", metavar="CONFDIR", type=Path, help=conf)
    kept = "folder in which doctrees are kept from run to run (default: none)"
    add("-d", dest="doctreedir", metavar="DOCTREEDIR", type=Path, help=kept)
    add("--today", metavar="DATE", type=_date, help="count the days up to this one")
    least = "leave out claims reviewed fewer days ago (default: %(default)s)"
    add("--older", metavar="DAYS", type=int, default=0, help=least)
    return program


def _date(text: str) -> date:
    found = day(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, as 2026-11-23")
    return found


def _ages(aged: Sequence[tuple[int | None, Item]], count: int) -> Iterable[str]:
    yield f"Longest not reviewed ({len(aged)} of {count} claims)"
    for days, item in aged:
        age = "never" if days is None else f"{days:,} day{'' if days == 1 else 's'}"
        yield f"{age:>12}  {item.reviewed or '-':10}  {item.name}  {item.place}"


def _changes(found: Iterable[Change]) -> Iterable[str]:
    lines = [f"  {one.item.name}  {one.item.place}: {one.key} {one.what}" for one in found]
    yield "Works that changed after the review" if lines else "No work changed after a review"
    yield from lines
