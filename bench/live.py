"""Measure how long after an edit `make live` shows the new page.

    python -m bench.live

A corpus with all that we have is served by sphinx-autobuild, as if a browser were open, with the
connection over which it is told to load the page again. A sentence is added to a page; the time
until the browser is told, and has the page with the sentence, is compared with that of the same
build from the command line. Both are seconds of a clock, since a reader waits for a clock.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from websockets.sync.client import connect

from bench.contests import CONTESTS, write_project
from bench.page import put_into

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "live"
#: Where sphinx-autobuild tells a browser to load the page again.
RELOAD = "ws://{}/websocket-reload"
#: Seconds between two questions for the page, and until it is given up.
PAUSE, PATIENCE = 0.02, 600
#: How long nobody edits: whatever watches files may be slow to see that they are quiet.
REST = 2.0


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--pages", type=int, default=70, help="pages of the corpus (default: 70)")
    parser.add_argument("--repeat", type=int, default=5, help="edits (default: 5)")
    parser.add_argument("--port", type=int, default=8765, help="where it is served (default: 8765)")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the ratio into a page")
    options = parser.parse_args(argv)
    contest = CONTESTS["all"]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        source = Path(name) / "source"
        write_project(source, contest.shape(options.pages), contest.marginalia, "alabaster")
        built = list(_rebuilds(source, options.repeat))
        with _served(source, options.port) as page:
            seen = [_until_seen(source, page, n) for n in range(options.repeat)]
    ratio = median(seen) / median(built)
    print(f"An edit is shown after {median(seen):.2f} s, a rebuild takes {median(built):.2f} s.")
    print(f"Ratio: {ratio:.2f}")
    if options.page:
        put_into(options.page, NAME, f"An edit is shown after {ratio:.2f} × the time of a rebuild.")
    return 0


def _command(module: str, source: Path) -> list[str]:
    out = source.with_name("out")
    return [sys.executable, "-m", module, "-q", "-d", f"{out}-doctrees", str(source), str(out)]


def _rebuilds(source: Path, repeat: int) -> Iterator[float]:
    """Build all once, then yield the seconds of builds with one page edited."""
    for number in range(-1, repeat):
        _edit(source, f"Rebuild {number}.")
        start = monotonic()
        subprocess.run(_command("sphinx", source), check=True)
        if number >= 0:
            yield monotonic() - start


@contextmanager
def _served(source: Path, port: int) -> Iterator[str]:
    """Serve the project, and give the address of the page that is edited."""
    command = [*_command("sphinx_autobuild", source), "--port", str(port)]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    page = f"http://127.0.0.1:{port}/essay-0000.html"
    try:
        _wait_for(page, "Rebuild")
        yield page
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _until_seen(source: Path, page: str, number: int) -> float:
    """Edit the page and return the seconds until a browser has the new one."""
    words = f"Live {number}."
    with connect(RELOAD.format(page.split("/")[2])) as browser:
        sleep(REST)
        _edit(source, words)
        start = monotonic()
        browser.recv(timeout=PATIENCE)
        _wait_for(page, words)
        return monotonic() - start


def _wait_for(page: str, words: str) -> None:
    end = monotonic() + PATIENCE
    while monotonic() < end:
        try:
            with urlopen(page) as answer:  # ours, on this machine
                if words.encode() in answer.read():
                    return
        except (URLError, ConnectionError):
            pass
        sleep(PAUSE)
    message = f"{page} was not served with {words!r} within {PATIENCE} s"
    raise TimeoutError(message)


def _edit(source: Path, words: str) -> None:
    file = source / "essay-0000.md"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
