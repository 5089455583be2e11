"""Measure how soon `make live` shows an edit, against a rebuild from the command line.

sphinx-autobuild serves a corpus with everything on, as to a browser that waits to be told to
reload. Both are seconds of a clock, since an author waits for a clock.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from statistics import median
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import TYPE_CHECKING
from urllib.request import urlopen

from websockets.sync.client import connect

from bench.corpus import CONTESTS, write_project
from bench.measure import BuildError, edit, sphinx_options, write_into

if TYPE_CHECKING:
    from argparse import Namespace

PORT = 8765
PAGE = f"http://127.0.0.1:{PORT}/essay-0000.html"
PATIENCE = 600  # seconds


def main(options: Namespace) -> int:
    """Measure, and print the ratio."""
    with TemporaryDirectory(prefix="bench-") as folder:
        source = Path(folder) / "source"
        write_project(source, options.pages[0], CONTESTS["all"], ours=True)
        _rebuild(source, "Rebuild")
        rebuilds = median(_rebuild(source, f"Rebuild {n}.") for n in range(options.repeat[0]))
        command = [*_command("sphinx_autobuild", source), f"--port={PORT}"]
        with subprocess.Popen(command, stdout=DEVNULL, stderr=DEVNULL) as server:
            try:
                _wait_for("Rebuild")
                edits = median(_show(source, f"Live {n}.") for n in range(options.repeat[0]))
            finally:
                server.terminate()
    result = f"An edit is shown after {edits / rebuilds:.2f} × the time of a rebuild."
    print(f"{result} {edits:.2f} s, {rebuilds:.2f} s.")
    write_into(options.page, "live", result)
    return 0


def _command(module: str, source: Path) -> list[str]:
    return [sys.executable, "-m", module, *sphinx_options(source, source.parent)]


def _rebuild(source: Path, words: str) -> float:
    """Edit a page and return the seconds of the build."""
    edit(source, words)
    start = monotonic()
    subprocess.run(_command("sphinx", source), check=True)
    return monotonic() - start


def _show(source: Path, words: str) -> float:
    """Edit the page and return the seconds until a browser has the new one."""
    with connect(f"ws://127.0.0.1:{PORT}/websocket-reload") as browser:
        sleep(2)  # whatever watches files may be slow to see that they are quiet
        edit(source, words)
        start = monotonic()
        browser.recv(timeout=PATIENCE)
        _wait_for(words)
        return monotonic() - start


def _wait_for(words: str) -> None:
    end = monotonic() + PATIENCE
    while monotonic() < end:
        with suppress(OSError), urlopen(PAGE) as answer:  # ours, on this machine
            if words.encode() in answer.read():
                return
        sleep(0.02)
    raise BuildError(f"{PAGE} was not served with {words!r} within {PATIENCE} s")
