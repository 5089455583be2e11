"""The command line: ``python -m sphinx_marginalia.permalinks lock`` and ``… check SITE``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

from sphinx_marginalia.permalinks import lock, site
from sphinx_marginalia.permalinks.faults import errors
from sphinx_marginalia.permalinks.files import RefusedError
from sphinx_marginalia.permalinks.history import TAGS
from sphinx_marginalia.permalinks.program import Job, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_marginalia.permalinks.faults import Fault
    from sphinx_marginalia.permalinks.lock import Heading
    from sphinx_marginalia.permalinks.program import Done

DESCRIPTION = "Keep the permanent names of sections, and the links that were printed with them."
EPILOG = "Exit code: 0 all is well, 1 something is wrong, 2 the arguments make no sense."


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 where something is wrong, 2 for arguments that make no sense."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except (RefusedError, site.SiteError, SphinxError) as error:
        _complain(f"error: {error}")
    except UnicodeDecodeError as error:
        _complain(f"error: a source is not UTF-8 ({error.reason} in byte {error.start})")
    except OSError as error:
        _complain(f"error: {error.filename or 'a file'}: {error.strerror or error}")
    return 2


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    program = argparse.ArgumentParser(
        prog="python -m sphinx_marginalia.permalinks", description=DESCRIPTION, epilog=EPILOG
    )
    commands = program.add_subparsers(metavar="COMMAND", required=True)
    _add_lock(commands.add_parser("lock", help="bring anchors.lock.json up to date", epilog=EPILOG))
    _add_check(
        commands.add_parser("check", help="look whether a built site keeps it", epilog=EPILOG)
    )
    return program


def _add_lock(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_lock, usage_error=parser.error)
    add = parser.add_argument
    add(
        "sourcedir",
        metavar="SOURCEDIR",
        nargs="?",
        default=".",
        type=Path,
        help="folder of the sources (default: this one)",
    )
    add(
        "-c",
        dest="confdir",
        metavar="CONFDIR",
        type=Path,
        help="folder of conf.py and of the lock (default: SOURCEDIR)",
    )
    add(
        "-d",
        dest="doctreedir",
        metavar="DOCTREEDIR",
        type=Path,
        help="folder in which doctrees are kept from run to run (default: none)",
    )
    add(
        "--renamed",
        metavar="OLD=NEW",
        action="append",
        default=[],
        type=_renaming,
        help="the name NEW took over from OLD; can be given again",
    )
    add(
        "--retire",
        metavar="OLD",
        action="append",
        default=[],
        help="the name OLD ended; with --reason; can be given again",
    )
    add(
        "--reason",
        metavar="TEXT",
        default="",
        help="why, for the reader who follows an old link to what was retired",
    )
    add(
        "--write-names",
        action="store_true",
        help="write a name into the source above each heading that has none",
    )
    add(
        "--version",
        metavar="V",
        default="",
        help="the version in which new names appear first (default: that of CITATION.cff)",
    )
    add(
        "--tags",
        metavar="PATTERN",
        default=TAGS,
        help="the tags of releases (default: %(default)s)",
    )


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_check)
    parser.add_argument("site", metavar="SITE", type=Path, help="folder of the built HTML")
    parser.add_argument(
        "--lock",
        metavar="FILE",
        type=Path,
        default=Path(lock.FILENAME),
        help="the lock (default: %(default)s)",
    )


def _renaming(text: str) -> tuple[str, str]:
    old, sign, new = (part.strip() for part in text.partition("="))
    if not (old and sign and new):
        raise argparse.ArgumentTypeError(f"{text!r} is not OLD=NEW")
    return old, new


def _lock(arguments: argparse.Namespace) -> int:
    reason = " ".join(arguments.reason.split())
    if bool(arguments.retire) != bool(reason):
        arguments.usage_error("--retire and --reason need each other")
    with tempfile.TemporaryDirectory() as folder:
        job = Job(
            sourcedir=arguments.sourcedir,
            confdir=arguments.confdir or arguments.sourcedir,
            doctreedir=arguments.doctreedir or Path(folder),
            version=arguments.version,
            renamed=tuple(arguments.renamed),
            retired=tuple(arguments.retire),
            reason=reason,
            write_names=arguments.write_names,
            tags=arguments.tags,
        )
        done = run(job, _collect)
    _tell(done.faults, job.lock)
    _report(done, job.lock)
    return 1 if errors(done.faults) else 0


def _check(arguments: argparse.Namespace) -> int:
    if not arguments.lock.is_file():
        raise RefusedError(f"no file {arguments.lock}: name the lock with --lock")
    records, faults = lock.read_file(arguments.lock)
    if faults:
        _tell(faults, arguments.lock)
        return 1
    faults = site.check(arguments.site, records)
    for fault in faults:
        _complain(f"{arguments.site / fault.source}: error: {fault.message} [{fault.kind.subtype}]")
    places = len({place for record in records.values() for place in (*record.was, record.at)})
    _say(f"{_count(len(records), 'name')} at {_count(places, 'place')}: {_count_faults(faults)}")
    return 1 if faults else 0


def _collect(sourcedir: Path, confdir: Path, doctreedir: Path) -> list[Heading]:
    # Imported here because it builds with Sphinx, which checking a site does not need.
    from sphinx_marginalia.permalinks.collect import collect  # noqa: PLC0415

    return collect(sourcedir, confdir, doctreedir)


def _tell(faults: Iterable[Fault], path: Path) -> None:
    """Print faults with their places, those of the lock with its lines."""
    lines: dict[str, int] | None = None
    for fault in faults:
        source, line = fault.source, fault.line
        if not source:
            source = str(path)
            if not line:
                lines = _lines(path) if lines is None else lines
                line = lines.get(fault.id, 0)
        where = f"{source}:{line}" if line else source
        sort = "warning" if fault.kind.warning else "error"
        _complain(f"{where}: {sort}: {fault.message} [{fault.kind.subtype}]")


def _lines(path: Path) -> dict[str, int]:
    return lock.lines(path.read_text("utf-8-sig")) if path.is_file() else {}


def _report(done: Done, path: Path) -> None:
    for note in done.notes:
        _say(note)
    if errors(done.faults):
        _say(f"{_count_faults(done.faults)}: {path} was not written")
        return
    for move in done.changes.moved:
        _say(f"{move.id}: from {move.old} to {move.new}")
    parts = [
        _count(number, "name") + f" {what}"
        for number, what in (
            (done.named, "written into sources"),
            (len(done.changes.added), "added"),
            (len(done.changes.moved), "moved"),
            (len(done.changes.revived), "back in use"),
            (len(done.changes.retitled), "with another title"),
        )
        if number
    ]
    state = "written" if done.written else "up to date"
    total = _count(len(done.changes.records), "name")
    _say(f"{path} is {state}: {', '.join([total, *parts])}")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _count_faults(faults: Sequence[Fault]) -> str:
    return _count(len(errors(faults)), "error") if errors(faults) else "nothing is lost"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")
