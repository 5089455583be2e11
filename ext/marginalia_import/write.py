"""Write the new project: whole or not at all, and nothing outside of its folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class TargetError(ValueError):
    """The folder cannot be written; the message says why, and what to do."""


def check(source: Path, target: Path, *, force: bool) -> None:
    """Refuse a folder in which something would be lost.

    :raises TargetError: it is not empty, no folder, or in the site that is only read
    """
    inside, around = target.resolve(), source.resolve()
    if inside == around or (source.is_dir() and inside.is_relative_to(around)):
        raise TargetError(f"{target} is in {source}, which is only read: name a folder outside")
    if around.is_relative_to(inside):
        raise TargetError(f"{target} holds {source}, which is only read: name another folder")
    above = next((parent for parent in inside.parents if parent.exists()), inside)
    if not above.is_dir():
        raise TargetError(f"{target} cannot be written: Not a directory")
    if target.exists() and not target.is_dir():
        raise TargetError(f"{target} is a file: name a folder")
    if target.is_dir() and any(target.iterdir()) and not force:
        raise TargetError(f"{target} is not empty: name another folder, or give --force")


@contextmanager
def project(target: Path, moved: Callable[[Path], None] = lambda _: None) -> Iterator[Path]:
    """Give a folder to write in, which takes the place of *target* when all went well.

    What was in *target* goes beside it, to the first free of ``target.old``, ``target.old-2``.

    :param moved: is told where it went
    :raises TargetError: the folder cannot be made
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100  (a link stays a link)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise TargetError(f"{target} cannot be written: {error.strerror}") from error
    try:
        yield work
        work.chmod(0o777 & ~_umask())
        _replace(work, target, moved)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _replace(work: Path, target: Path, moved: Callable[[Path], None]) -> None:
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()
    elif target.exists():
        number, old = 2, target.with_name(f"{target.name}.old")
        while old.exists():
            old, number = target.with_name(f"{target.name}.old-{number}"), number + 1
        target.rename(old)
        moved(old)
    work.rename(target)


def _umask() -> int:
    """Return the mask of new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def put(folder: Path, path: str, text: str) -> None:
    """Write a text file into the project."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def copy(source: Path, folder: Path, path: str) -> None:
    """Copy a file into the project."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, file)
