"""Files beside a site that are ours: written, and taken away when they have no use any more.

A page of the project, of its theme or of another extension is never replaced.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core.warnings import Problem, warn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sphinx.application import Sphinx


def are_there(folder: Path, paths: Iterable[str]) -> bool:
    """Return whether all of *paths* are in *folder*."""
    # Names, not paths: there are tens of thousands.
    names: dict[str, set[str]] = {}
    for path in paths:
        parent, _slash, name = path.rpartition("/")
        if parent not in names:
            inner = folder / parent
            names[parent] = set(os.listdir(inner)) if inner.is_dir() else set()  # noqa: PTH208
        if name not in names[parent]:
            return False
    return True


class Output:
    """The folder of a site."""

    def __init__(self, app: Sphinx, ours: Collection[str], gone: Iterable[str] = ()) -> None:
        """Take the paths that the last build wrote as *ours*, where no document is now.

        The pages of documents that are *gone*, which Sphinx leaves there, may be replaced too.
        """
        self.folder = Path(app.outdir)
        documents = {self.path_of(app, docname) for docname in app.env.found_docs}
        self.before = {path for path in ours if path not in documents and self.is_within(path)}
        self.left = {self.path_of(app, docname) for docname in gone}
        self.written: set[str] = set()
        #: What could not be written, as was reported.
        self.refused: set[str] = set()
        #: What is in each folder, in lower case.
        self._there: dict[str, set[str]] = {}

    def path_of(self, app: Sphinx, docname: str) -> str:
        """Return the file of a document, from the folder of the site."""
        file = Path(app.builder.get_outfilename(docname))  # type: ignore[attr-defined]
        return file.relative_to(self.folder).as_posix()

    def is_within(self, path: str) -> bool:
        """Return whether *path*, which a file may have named, leads into the folder."""
        # By hand: there are tens of thousands, and a Path takes longer than all else here.
        first, *others = path.replace("\\", "/").split("/")
        return first not in {"", ".."} and ":" not in first and ".." not in others

    def put(self, path: str, text: str) -> None:
        """Write a file, unless somebody else's stands there: that is reported."""
        try:
            folder, _slash, name = path.rpartition("/")
            if folder not in self._there:
                (self.folder / folder).mkdir(parents=True, exist_ok=True)
                names = os.listdir(self.folder / folder)  # noqa: PTH208  (a Path takes longer)
                self._there[folder] = {name.casefold() for name in names}
            ours = path in self.written or path in self.before or path in self.left
            # Some disks take no notice of case.
            found = name.casefold() in self._there[folder] and (self.folder / path).exists()
            if found and not ours:
                self._taken(path, "a file of the site has that name")
                return
            (self.folder / path).write_bytes(text.encode())
            self.written.add(path)
            self._there[folder].add(name.casefold())
        except OSError as error:
            self._taken(path, error.strerror or str(error))

    def has(self, path: str) -> bool:
        """Return whether the last build wrote *path*, and keep it."""
        if path not in self.before or not (self.folder / path).is_file():
            return False
        self.written.add(path)
        return True

    def clear(self) -> None:
        """Take away what the last build wrote and this one did not."""
        for path in sorted(self.before - self.written):
            (self.folder / path).unlink(missing_ok=True)

    def _taken(self, path: str, why: str) -> None:
        self.refused.add(path)
        message = f"{path} is not written, to which old links or citations lead: {why}"
        warn(Problem.TAKEN_ADDRESS, message, location=None)
