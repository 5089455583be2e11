"""Files written whole or not at all, and only in the project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class RefusedError(ValueError):
    """Something was asked that is not done; the message says why, and what to do."""


def target(path: Path, project: Sequence[Path]) -> Path:
    """Return the file that *path* is, with links followed.

    :param project: the folders in which may be written
    :raises RefusedError: it is outside of them
    """
    real = path.resolve()
    if any(real.is_relative_to(folder.resolve()) for folder in project):
        return real
    raise RefusedError(f"{path} leads to {real}, outside of the project: nothing is written there")


def put(path: Path, text: str, project: Sequence[Path]) -> None:
    """Write *text* into the file *path*, which others see as it was or as it will be.

    :raises RefusedError: it is outside of the *project*
    """
    real = target(path, project)
    work = real.with_name(f".{real.name}.{os.getpid()}")
    try:
        with work.open("xb") as stream:
            stream.write(text.encode())
        if real.exists():
            work.chmod(real.stat().st_mode)
        work.replace(real)
    finally:
        work.unlink(missing_ok=True)
