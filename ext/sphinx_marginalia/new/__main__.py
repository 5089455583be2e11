"""The command line: ``marginalia-new FOLDER``, or ``python -m sphinx_marginalia.new FOLDER``."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.new import folder as project_folder
from sphinx_marginalia.new.project import InvalidError, describe, files, one_line, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_marginalia.new.project import Book

#: The exit status of a program that Ctrl-C has ended: 128 and the number of SIGINT.
INTERRUPTED = 130
#: What stands in a project of which nobody has said who writes it.
NOBODY = "Your Name"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    :param argv: the arguments, by default those of the process
    :return: the exit status: 0; 2 for something that cannot be used; 130 for Ctrl-C
    """
    arguments = parser().parse_args(argv)
    # A termination cleans up as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    kind = "minimal" if arguments.minimal else "book"
    try:
        project_folder.check(arguments.folder)
        project_folder.write(arguments.folder, files(_book(arguments), kind))
    except InvalidError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {arguments.folder} cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, EOFError):
        print("\ninterrupted: nothing was written", file=sys.stderr)
        return INTERRUPTED
    try:
        _report(arguments.folder, kind)
        print(end="", flush=True)
    except OSError:
        # Nobody reads on, or there is no room. Python would report it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    command = argparse.ArgumentParser(
        prog="marginalia-new",
        description="Write the first files of a book: settings, a sample essay, a bibliography, "
        "and what publishes it. Asks for title and author.",
    )
    add = command.add_argument
    add("folder", type=Path, metavar="FOLDER", help="the folder to write, new or empty")
    add("--title", metavar="TEXT", help="the title of the book")
    add("--author", metavar="NAMES", help="its author; several with semicolons between them")
    add("--language", metavar="CODE", default="en", help="its language, as de (default: en)")
    licence = "its licence, an identifier of SPDX, as CC-BY-4.0 (default: none)"
    add("--licence", "--license", metavar="ID", default="", help=licence)
    add("--date", metavar="DAY", default="", help="the day of the release, as 2026-11-29")
    add("--yes", action="store_true", help="ask nothing: take placeholders")
    add("--minimal", action="store_true", help="write conf.py and index.md only")
    return command


def _book(arguments: argparse.Namespace) -> Book:
    """Return the book that the arguments and the answers of the author describe.

    :raises InvalidError: something is missing and nobody can be asked, or cannot be used
    """
    name = arguments.folder.resolve().name.replace("-", " ").replace("_", " ")
    title = arguments.title
    if title is None:
        title = _ask("Title", one_line(name[:1].upper() + name[1:]), arguments.yes, "--title")
    author = arguments.author
    if author is None:
        author = _ask("Author, or authors with semicolons", NOBODY, arguments.yes, "--author")
    return describe(title, author, arguments.language, arguments.licence, arguments.date)


def _ask(question: str, default: str, is_silent: bool, option: str) -> str:
    """Return the answer to *question*; an empty one is the *default*."""
    if is_silent:
        return default
    if not sys.stdin.isatty():
        raise InvalidError(f"there is nobody to ask: add {option} TEXT, or --yes for placeholders")
    return input(f"{question} [{default}]: ").strip() or default


def _report(folder: Path, kind: str) -> None:
    """Print what was written, and what to do next."""
    about = sentences(kind)
    width = max(map(len, about))
    for path, sentence in about.items():
        print(f"{path:{width}}  {sentence}")
    quote = '"' if re.search(r"[^\w./\\:-]", str(folder)) else ""
    enter = [] if folder.resolve() == Path.cwd() else [f"cd {quote}{folder}{quote}"]
    packages = "-r requirements.txt" if kind == "book" else "myst-parser"
    steps = [*enter, f"pip install {packages}", "python -m sphinx . _site/html"]
    print("\nNext:", *steps, sep="\n  ")


if __name__ == "__main__":
    sys.exit(main())
