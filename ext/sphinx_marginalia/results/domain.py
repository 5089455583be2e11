"""The files that documents name: found, read, and published beside the site for live figures.

A document depends on each file that it names, so it is read again when the file changes. A role or
a directive names results by their name in the folder of ``results_path``, which a page cannot
leave; scripts and other data by their path, within the project.
"""

from __future__ import annotations

import hashlib
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes

from sphinx_marginalia.core.builders import builder_of
from sphinx_marginalia.core.diagnostics import did_you_mean, sentence
from sphinx_marginalia.core.index import IndexDomain, domain_of
from sphinx_marginalia.core.located import read_json
from sphinx_marginalia.core.nodes import find, is_used
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.results.options import PATH, ResultError, ResultProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

SUFFIX = ".json"
#: What a live figure may load, by the option that names it; the first is added to a bare name.
SUFFIXES = {"script": (".js", ".mjs"), "data": (SUFFIX, ".bin")}
#: Attribute of a live figure: the files it loads, as :class:`LiveFile`.
FILES = "live_files"
#: The folder beside the site for these files.
PUBLISHED = "_static/live-figures"


class LiveFile(NamedTuple):
    """A file that is published for a live figure."""

    #: The path from the root of the site.
    target: str
    #: The file, from the folder of the sources.
    source: str
    #: A digest of what is in it.
    version: str


class ResultsDomain(IndexDomain[LiveFile]):
    """Results and other files that documents name, and those that live figures load."""

    name = "results"
    label = "results"

    @property
    def folder(self) -> Path:
        """The folder of results, without links."""
        return Path(builder_of(self.env).confdir, PATH.value(self.env.config)).resolve()

    @property
    def project(self) -> tuple[Path, ...]:
        """The folders of the project, without links."""
        return Path(builder_of(self.env).confdir).resolve(), Path(self.env.srcdir).resolve()

    def collect(self, document: nodes.document) -> list[LiveFile]:
        if not is_used(self.env, FILES):
            return []
        files: list[LiveFile] = []
        for figure in find(document, nodes.figure):
            files += figure.get(FILES, ())
        return files

    def result_file(self, name: str) -> Path:
        """Return the file of the results *name*.

        :raises ResultError: it is not in the folder of results, or there is none
        """
        file = self.folder / f"{name.removesuffix(SUFFIX)}{SUFFIX}"
        if not name or not _is_within(file, self.folder):
            message = f"{name!r} is not in the folder of results"
            raise ResultError(ResultProblem.RESULT_FILE, message)
        self.env.note_dependency(str(file))
        if not file.is_file():
            files = sorted(self.folder.rglob(f"*{SUFFIX}"))
            names = [path.relative_to(self.folder).with_suffix("").as_posix() for path in files]
            message = sentence(f"there are no results {name!r}", did_you_mean(name, names))
            raise ResultError(ResultProblem.RESULT_FILE, message)
        return file

    def project_file(self, name: str, option: str) -> Path:
        """Return the file *name*, as seen from the document, for an option of a live figure.

        :raises ResultError: it is not in the project, of another kind, or not there
        """
        file = Path(self.env.relfn2path(name)[1])
        problem = ResultProblem.LIVE_FIGURE_FILE
        if file.suffix not in SUFFIXES[option]:
            message = f"{name!r} is none of the files that :{option}: can name"
            raise ResultError(problem, f"{message}: they end with {' or '.join(SUFFIXES[option])}")
        if not any(_is_within(file, folder) for folder in (*self.project, self.folder)):
            raise ResultError(problem, f"the file {name!r} is not in the project")
        self.env.note_dependency(str(file))
        if not file.is_file():
            raise ResultError(problem, f"there is no file {name!r}")
        return file

    def published(self, file: Path) -> LiveFile:
        """Return where *file* is published: with the folders it is in, as scripts import others."""
        root = next((each for each in self.project if file.is_relative_to(each)), file.parent)
        version = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
        source = Path(os.path.relpath(file, self.env.srcdir)).as_posix()
        return LiveFile(f"{PUBLISHED}/{file.relative_to(root).as_posix()}", source, version)


def read_results(file: Path) -> Any:
    """Return what is in a JSON *file*.

    :raises ResultError: it cannot be read
    """
    try:
        located = read_json(file.read_text(encoding="utf-8-sig"), ResultProblem.RESULT_FILE)
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file.name} cannot be read: {error}"
        raise ResultError(ResultProblem.RESULT_FILE, message) from error
    for one in located.diagnostics:
        message = f"{file.name} cannot be read: {one.message}, in line {one.line}"
        raise ResultError(ResultProblem.RESULT_FILE, message)
    return located.value


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield the files that live figures load."""
    records = domain_of(app.env, ResultsDomain).in_reading_order()
    for one in {file.target: file for _docname, file in records}.values():
        path = Path(app.srcdir, one.source)
        if path.is_file():
            yield Publication((one.target,), one, partial(_content, path))


def _content(path: Path) -> list[bytes]:
    return [path.read_bytes()]


def _is_within(file: Path, folder: Path) -> bool:
    """Return whether *file* is in *folder*, also where it is a link."""
    try:
        return file.resolve().is_relative_to(folder)
    except (OSError, ValueError):
        # A loop of links; a name that no file can have.
        return False
