"""Build a project as it is and with sphinx-marginalia, and report what its readers lose.

    python tools/compare_builds.py FOLDER [--builder html] [--without EXTENSION] [--set NAME=VALUE]

FOLDER contains the project's ``conf.py``; nothing in it is changed. The second build has
``sphinx_marginalia`` among its extensions and ``sidenotes_from_footnotes = True``. Extensions that
are not installed are left out of both. Prints what was lost and each new warning, then a row of a
table, and exits with 1 if there was any.

Expect to lose the numbers of links back from notes, which become letters, and headings that had
only footnotes below them: ``--ignore "lost: ([0-9]+|#?footnotes|#?references)$"``.

A Jupyter Book 1 needs a ``conf.py`` first: ``jupyter-book config sphinx FOLDER``. A project that
fetches files needs them in its folder. Outputs other than HTML and EPUB have words only.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx import config
from sphinx.cmd.build import main as sphinx_build

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tools.compare_sites import Page, dead_links, differences, read  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ADDED = "sphinx_marginalia"
#: What is text in an output that is not a page, by its suffix: not the commands of LaTeX.
COMMANDS = {".tex": r"\\(begin|end)\{\w+\}|\\[a-zA-Z@]+\*?", ".txt": "(?!)"}
#: What differs in a warning although nothing has changed: memory addresses.
UNSTABLE = re.compile(r"0x[0-9a-f]+")
COLUMNS = "project builder pages words lost:words ids links dead-links warnings seconds"
#: Names that are new in each build.
RANDOM = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Build(NamedTuple):
    """What came out of one build."""

    out: Path
    warnings: list[str]
    #: Processor time, in seconds.
    seconds: float


def run(arguments: argparse.Namespace, out: Path, *, added: bool) -> Build:
    """Build the project in a process of its own."""
    command = [sys.executable, __file__, str(arguments.folder), "--into", str(out)]
    command += ["--builder", arguments.builder, *["--added"] * added]
    command += [f"--set={entry}" for entry in arguments.set]
    command += [f"--without={entry}" for entry in arguments.without]
    path = os.pathsep.join(filter(None, [str(ROOT / "ext"), os.environ.get("PYTHONPATH")]))
    before = os.times()
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False)
    after = os.times()
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    seconds = after.children_user - before.children_user
    seconds += after.children_system - before.children_system
    text = out.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    text = UNSTABLE.sub("", text.replace(str(out), "OUT"))
    return Build(out, [line for line in text.splitlines() if line.strip()], seconds)


def build(arguments: argparse.Namespace) -> int:
    """Build the project in this process, with the settings of the command line."""
    evaluate = config.eval_config_file

    def with_settings(*args: Any) -> dict[str, Any]:
        namespace = evaluate(*args)
        names = [name for name in namespace.get("extensions", []) if name not in arguments.without]
        missing = [name for name in names if not is_installed(name)]
        if missing and not arguments.added:
            print("not installed, left out:", *missing)
        namespace["extensions"] = [name for name in names if name not in missing]
        for name, _, value in (entry.partition("=") for entry in arguments.set):
            namespace[name] = ast.literal_eval(value)
        if arguments.added:
            namespace["extensions"].append(ADDED)
            namespace["sidenotes_from_footnotes"] = True
        return namespace

    config.eval_config_file = with_settings  # type: ignore[assignment]
    out = arguments.into
    options = ["-q", "-E", "-N", "-b", arguments.builder, "-w", str(out.with_suffix(".log"))]
    return sphinx_build([*options, "-d", f"{out}-doctrees", str(arguments.folder), str(out)])


def is_installed(name: str) -> bool:
    """Return whether the module *name* can be found."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def pages_of(folder: Path) -> dict[str, Page]:
    """Return the pages of a site, or the words of another output."""
    pages = read(folder)
    for file in sorted(folder.rglob("*")) if not pages else ():
        if file.suffix in COMMANDS:
            text = file.read_text(encoding="utf-8", errors="replace")
            words = re.sub(f"{COMMANDS[file.suffix]}|{RANDOM}", " ", text).split()
            pages[file.relative_to(folder).as_posix()] = Page(words, [], [])
    return pages


def compare(before: Build, after: Build) -> Iterator[tuple[str, str]]:
    """Yield each kind of loss, a column of the table, with a line that describes it."""
    one, other = pages_of(before.out), pages_of(after.out)
    for line in differences(one, other, moved=True):
        kind = re.search(r": (word|id|link) lost: ", line)
        yield f"{kind[1]}s" if kind else "pages", line
    known = set(dead_links(before.out))
    yield from (("dead links", line) for line in dead_links(after.out) if line not in known)
    more = Counter(map(place, after.warnings)) - Counter(map(place, before.warnings))
    for line in after.warnings:
        if line not in before.warnings and place(line) in more:
            yield "warnings", f"new warning: {line}"


def place(warning: str) -> str:
    """Return where *warning* is, or its text: a place may have one in other words."""
    return re.split(r": (?=(?:WARNING|ERROR|CRITICAL): )", warning)[0]


def main(argv: Sequence[str] | None = None) -> int:
    """Compare the two builds, or make one of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--builder", default="html")
    parser.add_argument("--without", action="append", default=[], help="an extension to leave out")
    parser.add_argument("--set", action="append", default=[], help="a setting of both builds")
    parser.add_argument("--ignore", default=RANDOM, help="leave out lines that match this pattern")
    parser.add_argument("--keep", type=Path, help="keep both outputs in this folder")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--added", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.into:
        return build(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.keep or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        before = run(arguments, folder / "before", added=False)
        after = run(arguments, folder / "after", added=True)
        return report(arguments, before, after)


def report(arguments: argparse.Namespace, before: Build, after: Build) -> int:
    """Print each loss and the row of the table, and return whether anything was lost."""
    pages = pages_of(after.out)
    words = sum(len(page.words) for page in pages.values())
    counts: Counter[str] = Counter()
    for kind, line in compare(before, after):
        if not re.search(arguments.ignore, line, re.IGNORECASE):
            counts[kind] += 1
            print(line)
    lost = [counts[kind] for kind in ("words", "ids", "links", "dead links")]
    warnings = f"{len(before.warnings)} -> {len(after.warnings)}"
    seconds = f"{before.seconds:.0f} -> {after.seconds:.0f}"
    row = [arguments.folder, arguments.builder, len(pages), f"{words:,}", *lost, warnings, seconds]
    print("|", COLUMNS.replace(" ", " | "), "|")
    print("|", " | ".join(map(str, row)), "|")
    return int(bool(counts))


if __name__ == "__main__":
    sys.exit(main())
