"""Write the files of a project: all of them, or none.

They are written into a folder beside the new one, which then gets its name. A folder that Git or an
environment for Python has begun is not empty, but nothing in it can be lost.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from sphinx_marginalia.new.project import InvalidError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: What may be in a folder before there is a project in it.
BEGUN = {".git", ".venv"}


def check(folder: Path) -> None:
    """Refuse a folder in which something would be lost.

    :raises InvalidError: it is a file, or has files
    """
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise InvalidError(f"{existing} is a file: name a folder that is new or empty")
    if folder.is_dir() and (names := {path.name for path in folder.iterdir()} - BEGUN):
        some = ", ".join(sorted(names)[:3])
        raise InvalidError(f"{folder} is not empty ({some}): name a folder that is new or empty")


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write *files* into *folder*, which is created where it does not exist.

    Lines end as on Unix everywhere, so that the files are the same on every system.

    :param files: the text by the path
    :raises OSError: a file cannot be written; then nothing is left of it
    """
    check(folder)
    folder = folder.resolve()
    parents = [parent for parent in folder.parents if not parent.exists()]
    temporary = folder.with_name(f".{folder.name}.new")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # One that was left behind: a killed program cannot remove it.
        shutil.rmtree(temporary, ignore_errors=True)
        for path, text in files.items():
            file = temporary / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        _publish(temporary, folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        for parent in parents:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        raise


def _publish(temporary: Path, folder: Path) -> None:
    """Give *temporary* the name *folder*, or move what is in it there."""
    if not folder.exists():
        temporary.rename(folder)
        return
    moved = []
    try:
        for path in sorted(temporary.iterdir()):
            moved.append(folder / path.name)
            path.rename(moved[-1])
        temporary.rmdir()
    except BaseException:
        for path in moved:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        raise
