"""What programs ask of a project: its documents without a build, its history in git."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.tags import Tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Seconds; a folder on a network that does not answer must not stop a build.
TIMEOUT = 30


#: The exit code of a program that Ctrl-C has ended: 128 and the number of SIGINT.
INTERRUPTED = 130


def run_command(command: Callable[[], int]) -> int:
    """Return the exit code of *command*; Ctrl-C and a termination end it in one line."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    # Otherwise temporary folders would be left behind.
    signal.signal(signal.SIGTERM, interrupt)
    try:
        status = command()
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Nobody reads on, as with ``| head``. Python would report it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing is left half-written\n")
        return INTERRUPTED


@contextmanager
def read_project(
    extension: str, sourcedir: Path, confdir: Path, doctreedir: Path
) -> Iterator[Sphinx]:
    """Read the documents in *sourcedir*, and yield the application that has read them.

    Only doctrees are written. Sphinx's warnings go to standard error.

    :param extension: is loaded even if ``conf.py`` does not list it
    :raises sphinx.errors.SphinxError: the project cannot be read
    """
    confdir = confdir.resolve()  # Sphinx reads conf.py from within its folder.
    if not sys.stderr.isatty():
        nocolor()
    with patch_docutils(confdir), docutils_namespace():
        # With those of conf.py: an environment has no domain of an extension that is loaded later.
        listed = Config.read(confdir, overrides={}, tags=Tags()).extensions
        app = Sphinx(
            srcdir=sourcedir,
            confdir=confdir,
            outdir=doctreedir / "out",
            doctreedir=doctreedir,
            buildername="dummy",
            confoverrides={"extensions": list(dict.fromkeys([*listed, extension]))},
            status=None,
            warning=sys.stderr,
        )
        app.builder.read()
        yield app


class GitError(Exception):
    """Git cannot answer; the message says why, as the end of a sentence."""


def git(root: Path, *arguments: str) -> str:
    """Return the output of a git command in the folder *root*.

    :raises GitError: git is not installed, or the command failed
    """
    # A git hook sets GIT_DIR and others, with which git would look at another repository.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            env={**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"git does not answer ({type(error).__name__})") from error
    if done.returncode:
        output = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason"]
        if "not a git repository" in output[0]:
            raise GitError("this folder is in no git repository")
        if "Needed a single revision" in output[0]:
            raise GitError("the git repository has no commit")
        raise GitError(f"git says “{output[0].removeprefix('fatal: ')}”")
    return done.stdout.decode(errors="replace")
