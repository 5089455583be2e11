"""The command line: ``python -m marginalia_import SOURCE DEST``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from marginalia_import import discover, own, project, write
from marginalia_import.report import COUNTS
from marginalia_import.run import Options, SourceError, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from marginalia_import.report import Report
    from marginalia_import.site import Article

#: Seconds of work after which a progress bar is shown.
PATIENCE = 1.0


def main(argv: Sequence[str] | None = None) -> int:
    """Import a site; return 0, 1 for something undecided with ``--strict``, 2 for bad input."""
    arguments = parser().parse_args(argv)
    # An interruption from outside cleans up as one from the keyboard does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        rules = tuple(own.rules(arguments.rules))
        options = Options(
            source=arguments.source,
            target=arguments.dest,
            dialect=arguments.dialect or "",
            bibliography=arguments.bibliography,
            rules=rules,
            project=arguments.project,
            key_ideas=arguments.key_ideas,
            dry_run=arguments.dry_run,
            force=arguments.force,
        )
        _check_files(arguments)
        report = run(options, _progress)
        if arguments.report:
            text = json.dumps(report.record(), indent=2, ensure_ascii=False) + "\n"
            arguments.report.write_text(text, encoding="utf-8")
    except (SourceError, write.TargetError, own.RulesError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    _say(report, arguments)
    return int(arguments.strict and report.undecided > 0)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="marginalia-import",
        description="Turn a site of Eleventy or Tufte-Jekyll into MyST for sphinx-marginalia.",
        epilog="Each line of the output is 'file:line kind message': what was kept, changed, or "
        "could not be decided.",
    )
    made.add_argument("source", type=Path, metavar="SOURCE", help="a site's folder, or one file")
    made.add_argument("dest", type=Path, metavar="DEST", help="the folder to write, new or empty")
    made.add_argument(
        "--dialect", choices=discover.DIALECTS, help="how the site is written (default: guessed)"
    )
    made.add_argument(
        "--project", action="store_true", help="also write conf.py, an index, and a glossary"
    )
    made.add_argument(
        "--key-ideas", action="store_true", help="make key ideas of quotes '> **Term:** …'"
    )
    made.add_argument("--rules", type=Path, metavar="FILE", help="rules for the site's own tags")
    made.add_argument(
        "--bibliography", type=Path, metavar="FILE", help="a .bib or .json besides the site's own"
    )
    made.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON too")
    made.add_argument("--dry-run", action="store_true", help="write nothing but the report")
    made.add_argument(
        "--strict", action="store_true", help="exit with 1 if anything is unresolved or unknown"
    )
    made.add_argument(
        "--force",
        action="store_true",
        help="write to DEST though it is not empty: it is moved beside, to DEST.old",
    )
    return made


def _check_files(arguments: argparse.Namespace) -> None:
    """Refuse what would fail only after all the work."""
    if arguments.bibliography and not arguments.bibliography.is_file():
        raise SourceError(f"{arguments.bibliography} does not exist: name a .bib or .json file")
    if arguments.report and not arguments.report.resolve().parent.is_dir():
        inside = arguments.report.resolve().is_relative_to(arguments.dest.resolve())
        if not inside or arguments.dry_run:
            raise SourceError(f"there is no folder {arguments.report.parent} for the report")


def _progress(articles: list[Article]) -> Iterable[Article]:
    """Show a bar on a terminal, not before the work takes a while."""
    return tqdm(
        articles, desc="Importing", unit="article", delay=PATIENCE, disable=None, leave=False
    )


def _say(report: Report, arguments: argparse.Namespace) -> None:
    """Print the report to the output, and what happened beside it."""
    for entry in report.lines():
        print(entry)
    counts = ", ".join(
        _counted(report.counts[name], name) for name in COUNTS if report.counts[name]
    )
    guessed = "" if arguments.dialect else " (guessed; --dialect says otherwise)"
    print(f"dialect: {report.dialect}{guessed}\n{counts}", file=sys.stderr)
    for old in report.moved:
        print(f"what was in {arguments.dest} is in {old} now", file=sys.stderr)
    if arguments.dry_run:
        print("nothing was written", file=sys.stderr)
    elif arguments.project:
        print(f"build it: python -m sphinx {arguments.dest} _site", file=sys.stderr)
    else:
        listed = ", ".join(project.EXTENSIONS)
        print(
            f"conf.py needs: myst_enable_extensions with {listed}; sidenotes_from_footnotes = True;"
            " the extensions myst_parser, sphinx_design, sphinxcontrib.bibtex, sphinx_marginalia",
            file=sys.stderr,
        )


def _counted(number: int, name: str) -> str:
    """Return a count in words: 1 sidenote, 2 sidenotes; 3 unresolved."""
    words = name.replace("_", " ")
    return f"{number} {words.removesuffix('s') if number == 1 else words}"
