"""The command line: ``python -m sphinx_marginalia.permalinks lock`` and ``… check SITE``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

from sphinx_marginalia.core.project import GitError, run_command
from sphinx_marginalia.permalinks import history, lock, site_check
from sphinx_marginalia.permalinks.changes import restore
from sphinx_marginalia.permalinks.problems import PROGRAM, errors, exact, is_error
from sphinx_marginalia.permalinks.program import Job, RefusedError, run
from sphinx_marginalia.permalinks.rules import check_release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_marginalia.core.diagnostics import Diagnostic
    from sphinx_marginalia.permalinks.program import Result

DESCRIPTION = "Keep the anchors of sections, and the links that were printed with them."
EPILOG = "Exit code: 0 all is well, 1 something is wrong, 2 the arguments make no sense."


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 where something is wrong, 2 for arguments that make no sense."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except (RefusedError, GitError, site_check.SiteError, SphinxError) as error:
        _print_error(f"error: {error}")
    except UnicodeDecodeError as error:
        _print_error(f"error: a source is not UTF-8 ({error.reason} in byte {error.start})")
    except OSError as error:
        _print_error(f"error: {error.filename or 'a file'}: {error.strerror or error}")
    return 2


def _renaming(text: str) -> tuple[str, str]:
    old, sign, new = (part.strip() for part in text.partition("="))
    if not (old and sign and new):
        raise argparse.ArgumentTypeError(f"{text!r} is not OLD=NEW")
    return old, new


#: The options of ``lock``: the flag, what argparse is told of it, and its help.
LOCK_OPTIONS = (
    ("--renamed", {"metavar": "OLD=NEW", "type": _renaming, "action": "append", "default": []},
     "the anchor NEW replaces OLD; can be repeated"),
    ("-c", {"dest": "confdir", "metavar": "CONFDIR", "type": Path},
     "folder of conf.py and of the lock file (default: SOURCEDIR)"),
    ("-d", {"dest": "doctreedir", "metavar": "DOCTREEDIR", "type": Path},
     "folder in which doctrees are kept from run to run (default: none)"),
    ("--write-names", {"action": "store_true"},
     "write a label into the source above each heading that has none"),
    ("--retire", {"dest": "retired", "metavar": "OLD", "action": "append", "default": []},
     "the section OLD was removed; with --reason; can be repeated"),
    ("--reason", {"metavar": "TEXT", "default": ""},
     "why, for readers who follow an old link to it"),
    ("--version", {"metavar": "V", "default": ""},
     "the version in which new anchors appear first (default: that of CITATION.cff)"),
    ("--tags", {"metavar": "PATTERN", "default": ""},
     "the tags of releases, as book-* (default: all tags that are versions, as 1.0 and v1.0)"),
    ("--since", {"metavar": "TAG", "default": ""},
     "restore what the lock file had at this tag (default: at the last release)"),
)  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    program = argparse.ArgumentParser(
        prog="python -m sphinx_marginalia.permalinks", description=DESCRIPTION, epilog=EPILOG
    )
    commands = program.add_subparsers(metavar="COMMAND", required=True)
    parser = commands.add_parser("lock", help="update anchors.lock.json", epilog=EPILOG)
    parser.set_defaults(command=_lock, usage_error=parser.error)
    help_text = "folder of the sources (default: this one)"
    parser.add_argument(
        "sourcedir", metavar="SOURCEDIR", nargs="?", default=".", type=Path, help=help_text
    )
    for flag, settings, help_text in LOCK_OPTIONS:
        parser.add_argument(flag, help=help_text, **settings)
    help_text = "check the permalinks of a built site, or compare the lock file with a release"
    parser = commands.add_parser("check", help=help_text, epilog=EPILOG)
    parser.set_defaults(command=_check, usage_error=parser.error)
    help_text = "folder of the built HTML; optional with --since"
    parser.add_argument("site", metavar="SITE", nargs="?", type=Path, help=help_text)
    help_text = "check everything, too, that the lock file had at a release, by its tag in git"
    parser.add_argument("--since", metavar="TAG", default="", help=help_text)
    help_text, file = "the lock file (default: %(default)s)", Path(lock.FILENAME)
    parser.add_argument("--lock", metavar="FILE", type=Path, default=file, help=help_text)
    return program


def _lock(arguments: argparse.Namespace) -> int:
    if bool(arguments.retired) != bool(arguments.reason.strip()):
        arguments.usage_error("--retire and --reason need each other")
    with tempfile.TemporaryDirectory() as folder:
        fields = {name: getattr(arguments, name) for name in Job._fields}
        fields["confdir"] = arguments.confdir or arguments.sourcedir
        fields["doctreedir"] = arguments.doctreedir or Path(folder)
        job = Job(**fields)
        result = run(job)
    located = [
        one._replace(message=exact(one.message, job.sourcedir, job.confdir))
        for one in result.diagnostics
    ]
    _print_diagnostics(located, job.lock)
    _print_result(result, job.lock)
    return 1 if errors(result.diagnostics) else 0


def _check(arguments: argparse.Namespace) -> int:
    if not (arguments.site or arguments.since):
        arguments.usage_error("give SITE, --since TAG, or both")
    if not arguments.lock.is_file():
        raise RefusedError(f"no file {arguments.lock}: name the lock file with --lock")
    records, diagnostics = lock.read_file(arguments.lock)
    if diagnostics:
        _print_checked(diagnostics, arguments.lock)
        return 1
    if arguments.since:
        folder, name = arguments.lock.absolute().parent, arguments.lock.name
        released = history.records_at(folder, arguments.since, name)
        diagnostics = check_release(released, records, arguments.since)
        records, _ = restore(records, released, arguments.since)
    if arguments.site:
        diagnostics += [
            one._replace(source=str(arguments.site / one.source))
            for one in site_check.check(arguments.site, records)
        ]
    _print_checked(diagnostics, arguments.lock)
    locations = len({location for record in records.values() for location in record.locations})
    counted = f"{_count(len(records), 'anchor')} at {_count(locations, 'location')}"
    _print(f"{counted}: {_count_errors(diagnostics)}")
    return 1 if diagnostics else 0


def _print_checked(diagnostics: Sequence[Diagnostic], path: Path) -> None:
    """Print *diagnostics*; where the sources are is unknown, so commands say ``SOURCEDIR``."""
    program = f"{PROGRAM} SOURCEDIR -c {path.parent.as_posix()}"
    commands = [one._replace(message=one.message.replace(PROGRAM, program)) for one in diagnostics]
    _print_diagnostics(commands, path)


def _print_diagnostics(diagnostics: Sequence[Diagnostic], path: Path) -> None:
    """Print *diagnostics* with their locations, by default in the lock file at *path*."""
    for one in lock.locate(diagnostics, path):
        where = f"{one.source}:{one.line}" if one.line else one.source
        level = "error" if is_error(one) else "warning"
        _print_error(f"{where}: {level}: {one.message} [{one.problem.subtype}]")


def _print_result(result: Result, path: Path) -> None:
    for note in result.notes:
        _print(note)
    if errors(result.diagnostics):
        state = "has the repairs, and nothing else" if result.written else "was not written"
        _print(f"{_count_errors(result.diagnostics)}: {path} {state}")
        return
    for move in result.changes.moved:
        _print(f"{move.id}: from {move.old} to {move.new}")
    parts = [
        f"{_count(number, 'anchor')} {what}"
        for number, what in (
            (result.labelled, "written into sources"),
            (len(result.changes.added), "added"),
            (len(result.changes.moved), "moved"),
            (len(result.changes.revived), "in use again"),
            (len(result.changes.retitled), "with another title"),
        )
        if number
    ]
    state = "written" if result.written else "up to date"
    total = _count(len(result.changes.records), "anchor")
    _print(f"{path} is {state}: {', '.join([total, *parts])}")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _count_errors(diagnostics: Sequence[Diagnostic]) -> str:
    number = len(errors(diagnostics))
    return _count(number, "error") if number else "nothing is lost"


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _print_error(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(run_command(main))
