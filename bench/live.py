"""Measure how soon `make live` shows an edit, against a rebuild from the command line.

sphinx-autobuild serves a corpus with everything on, as to a browser that waits to be told to
reload. Both are seconds of a clock, since an author waits for a clock.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from statistics import median
from subprocess import DEVNULL
from time import monotonic, sleep
from typing import TYPE_CHECKING
from urllib.request import urlopen

from websockets.sync.client import connect

from bench.corpus import CONTESTS, write_project
from bench.measure import EDITED, FIGURES, FULL, BuildError, build, edit, sphinx_options

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from pathlib import Path

PORT = 8765
PAGE = f"http://127.0.0.1:{PORT}/essay-0000.html"
PATIENCE = 600  # seconds


def live(folder: Path, options: Namespace) -> Iterator[str]:
    """Measure, and yield the ratio."""
    source, pages, repeat = folder / "source", options.pages[0], range(options.repeat[0])
    write_project(source, pages, CONTESTS["all"], ours=True)
    build(source, folder, pages, FULL)
    rebuilds = []
    for n in repeat:
        edit(source, f"Rebuild {n}.")
        rebuilds.append(FIGURES["time"](build(source, folder, pages, EDITED)))
    command = [sys.executable, "-m", "sphinx_autobuild", *sphinx_options(source, folder)]
    with subprocess.Popen([*command, f"--port={PORT}"], stdout=DEVNULL, stderr=DEVNULL) as server:
        try:
            _wait_for("Rebuild")
            edits = [_show(source, f"Live {n}.") for n in repeat]
        finally:
            server.terminate()
    print(f"{median(edits):.2f} s, {median(rebuilds):.2f} s.")
    yield f"An edit is shown after {median(edits) / median(rebuilds):.2f} × the time of a rebuild."


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
