"""The command line: ``python -m sphinx_marginalia.ledger review``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sphinx.errors import SphinxError

from sphinx_marginalia.core.citations import bibliography
from sphinx_marginalia.core.dates import is_day, parse_date
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.project import GitError, git, read_project, run_command
from sphinx_marginalia.ledger.domain import ClaimDomain
from sphinx_marginalia.ledger.review import Change, Item, by_age, changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sphinx_marginalia.core.citations import Bibliography
    from sphinx_marginalia.ledger.review import Fields


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 2 if the project cannot be read."""
    arguments = parser().parse_args(argv)
    confdir = arguments.confdir or arguments.sourcedir
    with tempfile.TemporaryDirectory() as folder:
        try:
            project = read(arguments.sourcedir, confdir, arguments.doctreedir or Path(folder))
        except (SphinxError, OSError) as error:
            sys.stderr.write(f"error: {error}\n")
            return 2
    # The only use of the clock: this is a program for people, and no part of a build.
    today = arguments.today or datetime.now(UTC).date()
    aged = by_age(project.items, today, arguments.older)
    changed = changes(project.items, project.works, project.then)
    lines = [*_age_lines(aged, len(project.items)), "", *_change_lines(changed)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    program = argparse.ArgumentParser(prog="python -m sphinx_marginalia.ledger")
    commands = program.add_subparsers(metavar="COMMAND", required=True)
    review = commands.add_parser(
        "review",
        help="list claims to review again",
        description="List the claims to review again: those with the oldest review and their "
        "queries, and those whose works changed after it.",
        epilog="Exit code: 0 the claims are listed, 2 the project cannot be read.",
    )
    add = review.add_argument
    sources = "folder of the sources (default: the current one)"
    add("sourcedir", metavar="SOURCEDIR", nargs="?", default=".", type=Path, help=sources)
    conf = "folder of conf.py (default: SOURCEDIR)"
    add("-c", dest="confdir", metavar="CONFDIR", type=Path, help=conf)
    cache = "folder that keeps doctrees from run to run (default: none)"
    add("-d", dest="doctreedir", metavar="DOCTREEDIR", type=Path, help=cache)
    add("--today", metavar="DATE", type=_day, help="count the days up to this one")
    least = "leave out claims reviewed fewer days ago (default: %(default)s)"
    add("--older", metavar="DAYS", type=int, default=0, help=least)
    return program


def _day(text: str) -> date:
    if not is_day(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-23")
    return parse_date(text).first


class Project(NamedTuple):
    """The claims of a project and its works."""

    items: list[Item]
    #: The fields of the works by their keys, and as they were at the end of each day of a review.
    works: dict[str, Fields]
    then: dict[str, dict[str, Fields]]


def read(sourcedir: Path, confdir: Path, doctreedir: Path) -> Project:
    """Read the documents in *sourcedir*, and the works as the last commit of each day has them.

    :raises sphinx.errors.SphinxError: the project cannot be read
    """
    with read_project("sphinx_marginalia.ledger", sourcedir, confdir, doctreedir) as app:
        items = [
            Item(
                claim.name,
                f"{os.path.relpath(app.env.doc2path(docname))}:{claim.line}",
                claim.reviewed,
                claim.keys,
                claim.search,
            )
            for docname, claim in domain_of(app.env, ClaimDomain).in_reading_order()
        ]
        works = bibliography(app.env)
        if works is None:
            return Project(items, {}, {})
        days = sorted({item.reviewed for item in items if item.reviewed})
        fields = {key: works.fields(key) for key in works.keys}
        return Project(items, fields, {day: _works_on(day, works) for day in days})


def _works_on(day: str, works: Bibliography) -> dict[str, Fields]:
    """Return the works as the last commit of *day* has them; nothing if git does not know."""
    fields: dict[str, Fields] = {}
    for file in works.files:
        until = f"--until={day}T23:59:59Z"
        try:
            commit = git(file.parent, "log", "-1", "--format=%H", until, "--", file.name).strip()
            if commit:
                fields |= works.parse(git(file.parent, "show", f"{commit}:./{file.name}"))
        except GitError:
            continue
        except ValueError as error:
            sys.stderr.write(f"{file.name} of {day} cannot be read: {error}\n")
    return fields


def _age_lines(aged: Sequence[tuple[int | None, Item]], count: int) -> Iterator[str]:
    yield f"Oldest reviews ({len(aged)} of {count} claims)"
    for days, item in aged:
        age = "never" if days is None else f"{days:,} day{'' if days == 1 else 's'}"
        yield f"{age:>12}  {item.reviewed or '-':10}  {item.name}  {item.location}"
        for query in item.queries:
            yield f"{'':12}  search: {query}"


def _change_lines(changed: Iterator[Change]) -> Iterator[str]:
    lines = [
        f"  {one.item.name}  {one.item.location}: {one.key} {one.difference}" for one in changed
    ]
    yield "Works that changed after the review" if lines else "No work changed after a review"
    yield from lines


if __name__ == "__main__":
    sys.exit(run_command(main))
