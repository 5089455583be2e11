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
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia.core.builders import makes_web_pages
from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.outdated import (
    LAST,
    OutputDomain,
    fingerprint,
    output_of,
    write_atomically,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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


def add_engine(app: Sphinx) -> None:
    """Have outdated pages and files written again; once for all features."""
    if EVENT in app.events.events:
        return
    app.add_event(EVENT)
    app.add_domain(OutputDomain)
    app.connect("env-get-updated", lambda app, env: output_of(env).outdated(app), priority=LAST)
    # Emitted in the main process, also where other processes write.
    app.connect("doctree-resolved", lambda app, _, name: output_of(app.env).written.add(name))
    # Before the state of the output folder is stored.
    app.connect("build-finished", _publish, priority=LAST - 1)
    app.connect("build-finished", _end, priority=LAST)


def add_publisher(app: Sphinx, publications: Callable[[Sphinx], Iterable[Publication]]) -> None:
    """Have the files of *publications* beside each web site that is built."""
    add_engine(app)
    app.connect(EVENT, publications)


def _publish(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and makes_web_pages(app.builder):
        wanted = [one for several in app.emit(EVENT) for one in several]
        _Folder(app, output_of(app.env).state).update(wanted)


def _end(app: Sphinx, exception: Exception | None) -> None:
    if exception is None:
        output_of(app.env).end()


class _Folder:
    """The output folder of a site. Names are compared in lower case: some file systems do."""

    def __init__(self, app: Sphinx, state: OutputState) -> None:
        self.root = Path(app.outdir)
        self.state = state
        self._page_of: Any = getattr(app.builder, "get_outfilename", None)
        #: The files of the project, and those of ours that this build has been asked for.
        self.taken = {self._page(docname).casefold() for docname in app.env.found_docs}
        self.taken |= {name.casefold() for name in _extra_files(app)}
        # Sphinx leaves the pages of removed documents, which may be replaced.
        gone = state.documents - app.env.found_docs
        replaceable = {self._page(docname) for docname in gone} | state.files.keys()
        self.replaceable = {name.casefold() for name in replaceable}
        #: The names of the files in each folder.
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
            self._update(publication, before)
        for name in sorted(before.keys() - self.state.files.keys()):
            if name.casefold() not in self.taken and not self._remove(name):
                self.state.files[name] = ""  # tried again, and reported, in each build

    def _update(self, publication: Publication, before: Mapping[str, str]) -> None:
        """Write the files of a publication, unless they are made from the same as *before*."""
        files, current = publication.files, fingerprint(publication.inputs)
        is_free = self.taken.isdisjoint(name.casefold() for name in files)
        is_same = all(before.get(name) == current for name in files)
        written = list(files)
        if not (is_free and is_same and all(map(self._exists, files))):
            texts = zip(files, publication.render(), strict=True)
            written = [name for name, text in texts if self._write(name, text)]
        # A file that could not be written is tried again, and reported, in each build.
        current = current if len(written) == len(files) else ""
        free = [name for name in files if name.casefold() not in self.taken]
        ours = [name for name in free if name in written or name in before]
        self.state.files |= dict.fromkeys(ours, current)
        self.taken.update(name.casefold() for name in files)

    def _is_taken(self, name: str) -> bool:
        """Return whether there is a file of that name that is not ours."""
        folded = name.casefold()
        return self._exists(name) and (folded in self.taken or folded not in self.replaceable)

    def _remove(self, name: str) -> bool:
        """Remove a file that was ours, and return whether it is gone."""
        try:
            (self.root / name).unlink()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError as error:
            return self._refuse(f"{name} is not removed: {_reason(error)}")
        return True

    def _exists(self, name: str) -> bool:
        folder, _slash, file = name.rpartition("/")
        return file.casefold() in self._names_in(folder)

    def _names_in(self, folder: str) -> set[str]:
        # Listed once: there are tens of thousands of files, and a Path for each takes long.
        if folder not in self._names:
            names: set[str] = set()
            with suppress(OSError), os.scandir(self.root / folder) as entries:
                names = {entry.name.casefold() for entry in entries if entry.is_file()}
            self._names[folder] = names
        return self._names[folder]

    def _write(self, name: str, text: str | bytes) -> bool:
        """Write a file, and return whether that was possible."""
        folder, _slash, file = name.rpartition("/")
        content = text.encode() if isinstance(text, str) else text
        path = self.root / name
        try:
            is_same = self._exists(name) and path.is_file() and path.read_bytes() == content
            # One with our content is ours: a site that was copied may lack its hidden files.
            is_ours = not self._is_taken(name) or (is_same and name.casefold() not in self.taken)
            if not is_ours:
                return self._refuse(f"{name} is not written: the site has a file of that name")
            if not self._names_in(folder):
                path.parent.mkdir(parents=True, exist_ok=True)
            if not is_same:
                _write(path, content)
        except OSError as error:
            return self._refuse(f"{name} is not written: {_reason(error)}")
        self._names_in(folder).add(file.casefold())
        return True

    @staticmethod
    def _refuse(message: str) -> bool:
        warn(CoreProblem.FILE_EXISTS, message, location=None)
        return False


def _write(path: Path, content: bytes) -> None:
    """Write *content* to *path*: a new file at once, an old one through a temporary file.

    Renaming takes most file systems several times as long as writing, and a book has thousands of
    these files. What an interrupted build leaves of a new one is written again by the next.
    """
    try:
        file = path.open("xb")
    except FileExistsError:
        write_atomically(path, content)
        return
    try:
        with file:
            file.write(content)
    except OSError:
        path.unlink()
        raise


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _extra_files(app: Sphinx) -> Iterator[str]:
    """Yield the names of the files that Sphinx copies for ``html_extra_path``."""
    for extra in getattr(app.config, "html_extra_path", ()):
        path = Path(app.confdir, extra)
        if path.is_file():
            yield path.name
        for file in path.rglob("*"):
            yield file.relative_to(path).as_posix()
