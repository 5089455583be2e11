"""Files beside a site: written when what they are made from changes, removed when no longer made.

A feature connects a function to the event ``marginalia-publish``, which returns all files it wants
to exist beside the site::

    def publications(app: Sphinx) -> Iterable[Publication]:
        yield Publication(("claims.json",), claims, lambda: [json.dumps(claims)])

    add_publisher(app, publications)

A page of the project, of its theme or of another extension is never replaced. After an interrupted
build the next one finds its own files again: their names are stored before they are written.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.outdated import (
    LAST,
    add_engine,
    fingerprint,
    is_web_site,
    output_of,
    write_atomically,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sphinx.application import Sphinx

    from sphinx_marginalia.core.outdated import OutputState

EVENT = "marginalia-publish"


class Publication(NamedTuple):
    """Some files that are made together."""

    #: Paths from the root of the site, with ``/``.
    files: tuple[str, ...]
    #: Everything the text of the files depends on; compared by its ``repr``.
    inputs: object
    #: Returns the text or the bytes of each file.
    render: Callable[[], Sequence[str | bytes]]


def add_publisher(app: Sphinx, publications: Callable[[Sphinx], Iterable[Publication]]) -> None:
    """Have the files of *publications* beside each web site that is built."""
    add_engine(app)
    if EVENT not in app.events.events:
        app.add_event(EVENT)
        # Before the state of the output folder is stored.
        app.connect("build-finished", _publish, priority=LAST - 1)
    app.connect(EVENT, publications)


def _publish(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and is_web_site(app):
        wanted = [one for several in app.emit(EVENT) for one in several]
        _Folder(app, output_of(app.env).state).update(wanted)


class _Folder:
    """The output folder of a site."""

    def __init__(self, app: Sphinx, state: OutputState) -> None:
        self.root = Path(app.outdir)
        self.state = state
        self._page_of: Any = getattr(app.builder, "get_outfilename", None)
        self.pages = {self._page(docname) for docname in app.env.found_docs}
        # Sphinx leaves the pages of removed documents, which may be replaced.
        gone = state.documents - app.env.found_docs
        self.replaceable = {self._page(docname) for docname in gone} | state.files.keys()
        #: The names in each folder, in lower case: some file systems ignore case.
        self._names: dict[str, set[str]] = {}

    def _page(self, docname: str) -> str:
        """Return the path of a document's page from the root."""
        if self._page_of is None:
            return docname
        return Path(self._page_of(docname)).relative_to(self.root).as_posix()

    def update(self, wanted: Sequence[Publication]) -> None:
        """Write the *wanted* files that are outdated, and remove files that are not wanted."""
        names = [name for one in wanted for name in one.files]
        before = self.state.files
        # A file of the site that has one of these names never becomes ours.
        new = (name for name in names if name not in before)
        self.state.record_files(name for name in new if not self._is_taken(name))
        self.state.files = {}
        for publication in wanted:
            current = fingerprint(publication.inputs)
            same = all(before.get(name) == current for name in publication.files)
            written = list(publication.files)
            if not same or not all(map(self._exists, publication.files)):
                texts = zip(publication.files, publication.render(), strict=True)
                written = [name for name, text in texts if self._write(name, text)]
            # A file that could not be written is tried again, and reported, in each build.
            current = current if len(written) == len(publication.files) else ""
            ours = [name for name in publication.files if name in written or name in before]
            self.state.files |= dict.fromkeys(ours, current)
        for name in before.keys() - self.state.files.keys() - self.pages:
            if self._is_within(name):
                (self.root / name).unlink(missing_ok=True)

    def _is_taken(self, name: str) -> bool:
        """Return whether there is a file of that name that is not ours."""
        return self._exists(name) and (name in self.pages or name not in self.replaceable)

    def _exists(self, name: str) -> bool:
        folder, _slash, file = name.rpartition("/")
        return file.casefold() in self._names_in(folder)

    def _names_in(self, folder: str) -> set[str]:
        # Listed once: there are tens of thousands of files, and a Path for each takes long.
        if folder not in self._names:
            path = self.root / folder
            listed = os.listdir(path) if path.is_dir() else ()  # noqa: PTH208
            self._names[folder] = {name.casefold() for name in listed}
        return self._names[folder]

    def _write(self, name: str, text: str | bytes) -> bool:
        """Write a file, and return whether that was possible."""
        folder, _slash, file = name.rpartition("/")
        content = text.encode() if isinstance(text, str) else text
        path = self.root / name
        try:
            is_same = self._exists(name) and path.is_file() and path.read_bytes() == content
            # One with our content is ours: a site that was copied may lack its hidden files.
            if not is_same and self._is_taken(name):
                return self._refuse(name, "the site has a file of that name")
            if not self._names_in(folder):
                path.parent.mkdir(parents=True, exist_ok=True)
            if not is_same:
                write_atomically(path, content)
        except OSError as error:
            return self._refuse(name, error.strerror or str(error))
        self._names_in(folder).add(file.casefold())
        return True

    def _refuse(self, name: str, reason: str) -> bool:
        warn(CoreProblem.FILE_EXISTS, f"{name} is not written: {reason}", location=None)
        return False

    @staticmethod
    def _is_within(name: str) -> bool:
        """Return whether *name*, which comes from a file in the output, is within the folder."""
        first, *others = name.replace("\\", "/").split("/")
        return first not in {"", ".."} and ":" not in first and ".." not in others
