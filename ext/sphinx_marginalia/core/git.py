"""What git says of a folder. No Sphinx."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds; a folder on a network that does not answer must not stop a build for ever.
PATIENCE = 30


class GitError(Exception):
    """Git cannot answer; the message is the end of a sentence that says why."""


def git(root: Path, *arguments: str) -> str:
    """Return what git says.

    :raises GitError: it is not there, or says no
    """
    # A git hook sets GIT_DIR and others, which would make this ask another repository.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            env={**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"git does not answer ({type(error).__name__})") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason"]
        if "not a git repository" in said[0]:
            raise GitError("this folder is in no git repository")
        if "Needed a single revision" in said[0]:
            raise GitError("the git repository has no commit")
        raise GitError(f"git says “{said[0].removeprefix('fatal: ')}”")
    return done.stdout.decode(errors="replace")
