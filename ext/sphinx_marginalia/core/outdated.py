"""Which pages are outdated because of what they show of other documents.

A page shows things that are not in its source: a list of the questions on other pages, the verdict
of a claim, the title of the next article. Sphinx writes a page again when its source has changed.
For the rest there is one engine here. A domain says in ``shows`` what each page shows of other
documents, and the engine compares a fingerprint of that with the fingerprint that the page had when
it was last written. ``sphinx-build -v`` names the pages that differ, and the domains.

Those fingerprints belong to the *output folder*: the file ``.marginalia-BUILDER.json`` in it. While
a build writes pages, the file has another name, and a build that ends well gives it its name back.
So a build that was interrupted, another builder, or a deleted folder cannot leave an outdated page:
without the file, all pages are written.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast, runtime_checkable

from sphinx.domains import Domain
from sphinx.util import logging

import sphinx_marginalia
from sphinx_marginalia.core.builders import makes_web_pages, writes_everything
from sphinx_marginalia.core.located import NOT_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Set

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: The fingerprints of what a page shows of other documents, by the name of the domain.
Fingerprints = dict[str, str]

#: After every handler that computes something once all documents are read: section numbers, labels.
LAST = 950


def fingerprint(value: object) -> str:
    """Return a short digest of the ``repr`` of *value*."""
    return sha256(repr(value).encode(errors="surrogatepass")).hexdigest()[:16]


def stored(cache: dict[str, Any], name: str, inputs: object, compute: Callable[[], T]) -> T:
    """Return what *compute* returns, which is kept in *cache* until *inputs* change.

    :param cache: a dictionary in the data of a domain, which is stored with the environment
    :param inputs: everything the result depends on; compared by its ``repr``
    """
    current = fingerprint(inputs)
    if name not in cache or cache[name][0] != current:
        cache[name] = (current, compute())
    return cast("T", cache[name][1])


@runtime_checkable
class ShowsOthers(Protocol):
    """A domain whose pages show something of other documents."""

    def shows(self, builder: Builder) -> Mapping[str, object]:
        """Return what pages show of other documents, by the name of their document.

        A page is outdated when the ``repr`` of its value changes, so it must be the same in every
        process. Called once in each build, when all documents are read.
        """


class OutputDomain(Domain):
    """What the output folder was written from. It has no data in the environment."""

    name = "marginalia-output"
    label = "output"

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        #: The fingerprints of each page as it is now, and the pages written in this build.
        self.current: dict[str, Fingerprints] = {}
        self.written: set[str] = set()
        self.state = OutputState()

    def outdated(self, app: Sphinx) -> Iterable[str]:
        """Return the outdated pages. From here on the state says nothing about pages."""
        self.written.clear()
        self.current = self._fingerprints(app)
        whole = writes_everything(app.builder)
        if makes_web_pages(app.builder) or not whole:
            self.state = OutputState.open(Path(app.outdir, f".marginalia-{app.builder.name}.json"))
        self.state.record_documents(self.env.found_docs)
        before = self.state.pages
        if whole:
            return self.env.found_docs
        logger.verbose("")  # Ends the line of Sphinx that says what it is doing.
        if before is None:
            logger.verbose("[marginalia] outdated: all pages (the output has no valid state)")
            return self.env.found_docs
        outdated = sorted(name for name, now in self.current.items() if before.get(name) != now)
        for docname in outdated:
            changed = before.get(docname, {}).items() ^ self.current[docname].items()
            domains = sorted({name for name, _fingerprint in changed})
            logger.verbose("[marginalia] outdated: %s (%s)", docname, ", ".join(domains))
        return outdated

    def _fingerprints(self, app: Sphinx) -> dict[str, Fingerprints]:
        pages: dict[str, Fingerprints] = {name: {} for name in sorted(self.env.found_docs)}
        for name, domain in sorted(self.env.domains.items()):
            if isinstance(domain, ShowsOthers):
                for docname, value in domain.shows(app.builder).items():
                    if docname in pages:
                        pages[docname][name] = fingerprint(value)
        return pages

    def end(self) -> None:
        """Store what pages were written from; pages that were left alone keep what they had."""
        before = self.state.pages or {}
        self.state.pages = {
            name: now if name in self.written else before[name]
            for name, now in self.current.items()
            if name in self.written or name in before
        }
        self.state.close()

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Do nothing: there is no data."""

    def resolve_any_xref(self, *args: Any, **kwargs: Any) -> list[tuple[str, nodes.reference]]:
        """Return nothing: there is nothing to refer to."""
        return []


class OutputState:
    """The file in an output folder that says what is in it. It is published with the site."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        #: The fingerprints of each page when it was written; None where they are unknown.
        self.pages: dict[str, Fingerprints] | None = None
        #: The documents that ever had a page here, also those that are gone.
        self.documents: set[str] = set()
        #: Files that are ours, with a digest of what they were made from.
        self.files: dict[str, str] = {}
        self._content = ""

    @property
    def _open_file(self) -> Path:
        assert self.file is not None
        return self.file.with_suffix(".writing.json")

    @classmethod
    def open(cls, file: Path) -> OutputState:
        """Return the state in *file*, which is renamed until :meth:`close`."""
        state = cls(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        is_complete = file.is_file()
        if is_complete:
            file.replace(state._open_file)
        # A damaged file is as good as none.
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            content = state._open_file.read_text(encoding="utf-8")
            stored = json.loads(content)
            documents = set(filter(is_path, stored["documents"]))
            files = {name: str(made) for name, made in stored["files"].items() if is_path(name)}
            pages = {name: dict(shows) for name, shows in stored["pages"].items()}
            state._content, state.documents = content, documents
            is_current = is_complete and stored["version"] == sphinx_marginalia.__version__
            # An interrupted build may have written a file, whatever it was made from before.
            state.files = files if is_current else dict.fromkeys(files, "")
            state.pages = pages if is_current else None
        return state

    def record_documents(self, names: Iterable[str]) -> None:
        """Store that the pages of these documents are ours, before the first of them is written."""
        if self.file is not None and not self.documents.issuperset(names):
            self.documents |= set(names)
            self._write()

    def record_files(self, names: Iterable[str]) -> None:
        """Store that files of these *names* are ours, before the first of them is written.

        After an interruption they are recognized, and not taken for files of the site.
        """
        new = dict.fromkeys(names, "")
        if self.file is not None and new.keys() - self.files.keys():
            self.files = {**new, **self.files}
            self._write()

    def close(self) -> None:
        """Write the state if it has changed, and give the file its name."""
        if self.file is not None:
            self._write()
            self._open_file.replace(self.file)

    def _write(self) -> None:
        stored = {
            "version": sphinx_marginalia.__version__,
            "pages": self.pages or {},
            "documents": sorted(self.documents),
            "files": self.files,
        }
        content = json.dumps(stored, sort_keys=True)
        if content != self._content:
            write_atomically(self._open_file, content.encode())
            self._content = content


def is_path(name: object) -> bool:
    """Return whether *name*, which comes from a file in the output, is a path within the folder."""
    if not isinstance(name, str) or NOT_TEXT.search(name):
        return False
    first, *others = name.replace("\\", "/").split("/")
    return first not in {"", ".."} and ":" not in first and ".." not in others


def write_atomically(file: Path, content: bytes) -> None:
    """Write *content* to *file* through a temporary file: others see all of it, or the old file.

    A file keeps its permissions. What an interrupted process left behind is overwritten.
    """
    temporary = file.with_name(f".{file.name}.part")
    try:
        temporary.write_bytes(content)
        if file.exists():
            temporary.chmod(file.stat().st_mode)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def output_of(env: BuildEnvironment) -> OutputDomain:
    """Return what is known of the output folder in this build."""
    return cast("OutputDomain", env.domains[OutputDomain.name])
