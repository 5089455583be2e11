"""The command line: ``marginalia-import SOURCE DEST``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from contextlib import suppress
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from marginalia_import.importer import Options, import_site
from marginalia_import.project import MYST_EXTENSIONS, write_atomically
from marginalia_import.report import COUNTERS, InputError
from marginalia_import.rules.custom import load_rules
from marginalia_import.sites import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from marginalia_import.report import Report
    from marginalia_import.sites.site import Article


#: The seconds after which a progress bar appears.
PROGRESS_DELAY = 1.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    :param argv: the arguments, by default those of the process
    :return: the exit status: 0; 1 with ``--strict`` for unresolved things; 2 for invalid input
    :raises KeyboardInterrupt: the user has pressed Ctrl-C; nothing is left half-written
    """
    arguments = parser().parse_args(argv)
    arguments.project |= arguments.preview
    # A termination cleans up as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        arguments.rules = tuple(load_rules(arguments.rules))
        names = (field.name for field in fields(Options))
        options = Options(**{name: getattr(arguments, name) for name in names})
        _check_files(arguments)
        report = import_site(options, progress())
        if arguments.report:
            text = json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n"
            write_atomically(arguments.report, text)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    _print_report(report, arguments)
    if arguments.preview:
        return preview(arguments.target)
    return int(arguments.strict and report.open_problems > 0)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    command = argparse.ArgumentParser(
        prog="marginalia-import",
        description="Convert a site of another generator, such as Jekyll, Hugo or Quarto, to MyST.",
        epilog="The output gathers what was lost, left unresolved or changed, the worst first. "
        "--report writes every place.",
    )
    add = command.add_argument
    add("source", type=Path, metavar="SOURCE", help="the folder of a site, or one file")
    add("target", type=Path, metavar="DEST", help="the folder to write, new or empty")
    guessed = "the generator of the site (default: guess)"
    add("--dialect", choices=[*BY_NAME], default="", help=guessed)
    add("--project", action="store_true", help="also write conf.py, an index and a glossary")
    ideas = "turn quotations like '> **Term:** …' into key ideas"
    add("--key-ideas", action="store_true", help=ideas)
    add("--rules", type=Path, metavar="FILE", help="rules for the site's own tags")
    bibliography = "a .bib or .json file besides those of the site"
    add("--bibliography", type=Path, metavar="FILE", help=bibliography)
    add("--report", type=Path, metavar="FILE", help="also write every line of the report, as JSON")
    add("--dry-run", action="store_true", help="write only the report")
    served = "as --project; then build it and serve it on this computer, until Ctrl-C"
    add("--preview", action="store_true", help=served)
    strict = "exit with status 1 if anything is unresolved or unknown"
    add("--strict", action="store_true", help=strict)
    force = "write even if DEST is not empty; its contents are moved to DEST.old"
    add("--force", action="store_true", help=force)
    return command


def progress() -> Callable[[list[Article]], Iterable[Article]]:
    """Return what iterates over articles: with a progress bar, if someone sees it."""
    if not sys.stderr.isatty():
        return iter
    from tqdm import tqdm  # noqa: PLC0415  (only terminals need it)

    return partial(tqdm, desc="Importing", unit="article", delay=PROGRESS_DELAY, leave=False)


def preview(folder: Path) -> int:
    """Build a new project, and serve it to this computer until Ctrl-C.

    :return: the exit status of the build if it fails, else 0
    """
    # They take a tenth of the time to start.
    import subprocess  # noqa: PLC0415
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer  # noqa: PLC0415
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    with TemporaryDirectory() as site:
        build = [sys.executable, "-m", "sphinx", "-q", str(folder), site]
        if status := subprocess.run(build, check=False).returncode:
            return status
        handler = partial(SimpleHTTPRequestHandler, directory=site)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            print(f"preview: http://127.0.0.1:{server.server_port}/ (Ctrl-C ends it)", flush=True)
            with suppress(KeyboardInterrupt):
                server.serve_forever()
    return 0


def _check_files(arguments: argparse.Namespace) -> None:
    """Refuse at the start what would fail at the end.

    :raises InputError: a file cannot be used
    """
    if arguments.preview and arguments.dry_run:
        raise InputError("--dry-run writes nothing that --preview could show: leave one out")
    if arguments.bibliography and not arguments.bibliography.is_file():
        raise InputError(f"{arguments.bibliography} does not exist: name a .bib or .json file")
    if arguments.report and not arguments.report.resolve().parent.is_dir():
        inside = arguments.report.resolve().is_relative_to(arguments.target.resolve())
        if not inside or arguments.dry_run:
            raise InputError(f"there is no folder {arguments.report.parent} for the report")


def _print_report(report: Report, arguments: argparse.Namespace) -> None:
    """Print the report to the standard output, and a summary to the standard error."""
    for line in report.summary():
        print(line)
    if arguments.dry_run:
        for line in report.rule_lines(rule.tag for rule in arguments.rules):
            print(line)
    guessed = "" if arguments.dialect else " (guessed; change it with --dialect)"
    counts = ", ".join(
        _counted(report.counts[name], name) for name in COUNTERS if report.counts[name]
    )
    messages = [f"dialect: {report.dialect}{guessed}", counts]
    messages += [f"moved the old contents of {arguments.target} to {old}" for old in report.backups]
    if arguments.dry_run:
        messages.append("dry run: nothing was written")
    elif arguments.project:
        messages.append(f"build it: python -m sphinx {arguments.target} _site")
    else:
        messages.append(
            f"conf.py needs: myst_enable_extensions with {', '.join(MYST_EXTENSIONS)};"
            " sidenotes_from_footnotes = True;"
            " the extensions myst_parser, sphinx_design, sphinxcontrib.bibtex, sphinx_marginalia"
        )
    print("\n".join(messages), file=sys.stderr)


def _counted(number: int, name: str) -> str:
    """Return a count in words: 1 sidenote, 2 sidenotes, 3 unresolved."""
    words = name.replace("_", " ")
    return f"{number} {words.removesuffix('s') if number == 1 else words}"
