"""What documents contain, and which pages are outdated because of it.

A page shows things that are not in its source: a list of the questions on other pages, the verdict
of a claim, the title of the next article. Sphinx writes a page again when its source has changed.
For the rest there is one engine here. A feature keeps its records in an :class:`IndexDomain`, whose
:meth:`~IndexDomain.shows` returns what each page shows of other pages. The engine compares a
fingerprint of that with the fingerprint the page had when it was last written.

Those fingerprints belong to the *output folder*: the file ``.marginalia-BUILDER.json`` in it. While
a build writes pages, the file has another name, and a build that ends well gives it its name back.
So a build that was interrupted, another builder, or a deleted folder cannot leave an outdated page:
without the file, all pages are written.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from hashlib import sha256
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    NamedTuple,
    Protocol,
    TypeVar,
    cast,
    runtime_checkable,
)

from docutils import nodes
from sphinx import addnodes
from sphinx.builders._epub_base import EpubBuilder
from sphinx.domains import Domain
from sphinx.util.nodes import make_refnode

import sphinx_marginalia

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Set

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

Record = TypeVar("Record", bound=NamedTuple)
T = TypeVar("T")
D = TypeVar("D", bound=Domain)

#: The settings that name the documents which others are put into.
BOOKS = ("latex_documents", "texinfo_documents", "man_pages")
#: Fields of records that only locate a warning: one more sentence changes the lines of all below.
LINE_FIELDS = frozenset({"line", "lines"})
#: After every handler that computes something once all documents are read: section numbers, labels.
LAST = 950


@runtime_checkable
class ShowsOthers(Protocol):
    """A domain whose pages show something of other documents."""

    def shows(self, builder: Builder) -> Mapping[str, object]:
        """Return what pages show of other documents, by the name of their document.

        A page is outdated when the ``repr`` of its value changes, so it must be the same in every
        process. Called once in each build, when all documents are read.
        """


class IndexDomain(Domain, Generic[Record]):
    """A domain whose data are records, by the document that contains them.

    All its data are dictionaries by the name of a document, which this class clears and merges; what
    is not, a subclass names in :attr:`shared`.
    """

    #: The records, a digest of them, and the documents that show a list of all records.
    initial_data: ClassVar[dict[str, Any]] = {"records": {}, "digests": {}, "lists": {}}
    data_version = 7
    #: Names in the data that are not by document.
    shared: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._cache: dict[str, Any] = {}

    @abstractmethod
    def collect(self, document: nodes.document) -> list[Record]:
        """Return the records of one document, in reading order."""

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows records of all documents."""
        return False

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what pages show (see :class:`ShowsOthers`): here, lists show all records."""
        if not self.data["lists"]:
            return {}
        titles = self.env.titles
        everything = fingerprint(
            [
                (docname, titles[docname].astext(), self.data["digests"][docname])
                for docname in self.documents()
                if docname in self.records
            ]
        )
        return dict.fromkeys(self.data["lists"], everything)

    def note(self, docname: str, document: nodes.document) -> None:
        """Record what *document* contains. Called when it has been read."""
        self._cache.clear()
        if records := self.collect(document):
            self.records[docname] = records
            self.data["digests"][docname] = digest(records)
        if self.shows_list(document):
            self.data["lists"][docname] = True

    def clear_doc(self, docname: str) -> None:
        """Remove all data of *docname*."""
        self._cache.clear()
        for name in self.initial_data.keys() - self.shared:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Add what another process has read in *docnames*."""
        self._cache.clear()
        for name in self.initial_data.keys() - self.shared:
            for docname in docnames & otherdata[name].keys():
                self.data[name][docname] = otherdata[name][docname]

    @property
    def records(self) -> dict[str, list[Record]]:
        """The records by the document that contains them."""
        return cast("dict[str, list[Record]]", self.data["records"])

    def in_reading_order(self) -> Iterator[tuple[str, Record]]:
        """Yield every record with the name of its document, in the order of the table of contents.

        Documents in no toctree come last, by name.
        """
        for docname in self.documents():
            for record in self.records.get(docname, ()):
                yield docname, record

    def documents(self) -> dict[str, None]:
        """Return the names of all documents in that order, also of those without records."""
        return self.cached("documents", self._documents)

    def _documents(self) -> dict[str, None]:
        order: dict[str, None] = {}
        waiting = [self.env.config.root_doc]
        while waiting:
            docname = waiting.pop()
            if docname not in order:
                order[docname] = None
                waiting.extend(reversed(self.env.toctree_includes.get(docname, [])))
        return order | dict.fromkeys(sorted(self.records))

    def cached(self, name: str, compute: Callable[[], T]) -> T:
        """Return the result of *compute*, which is called once after documents have been read."""
        if name not in self._cache:
            self._cache[name] = compute()
        return cast("T", self._cache[name])

    def clear_cache(self) -> None:
        """Drop all cached results."""
        self._cache.clear()

    def may_show(self, docname: str, data: str = "lists") -> bool:
        """Return whether the output for *docname* may contain a list.

        It may where other documents are put into it, as a PDF puts all into one.

        :param data: the name of the data with the documents that show one
        """
        listing: dict[str, Any] = self.data[data]
        return bool(listing) and (
            docname in listing
            or docname == self.env.config.root_doc
            or docname in self.env.toctree_includes
            # It may have an appendix.
            or docname in {entry[0] for name in BOOKS for entry in self.env.config[name]}
        )

    def reference(
        self, docname: str, node_id: str, text: Iterable[nodes.Node], here: str
    ) -> addnodes.pending_xref:
        """Return *text* as a reference to an id in *docname*, which is resolved for each builder.

        :param here: the document that contains the reference
        """
        return addnodes.pending_xref(
            "",
            nodes.inline("", "", *text),
            refdomain=self.name,
            reftype="id",
            reftarget=node_id,
            refdoc=here,
            refexplicit=True,
            todoc=docname,
        )

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Return a link to the id *target* in the document ``node["todoc"]``."""
        return make_refnode(builder, fromdocname, node["todoc"], target, contnode)

    def resolve_any_xref(self, *args: Any, **kwargs: Any) -> list[tuple[str, nodes.reference]]:
        """Return nothing: where an author named a record, it has a label."""
        return []


def domain_of(env: BuildEnvironment, kind: type[D]) -> D:
    """Return the domain of class *kind*."""
    return cast("D", env.domains[kind.name])


def add_index_domain(app: Sphinx, domain: type[IndexDomain[Any]]) -> None:
    """Register *domain*, and have pages written again when what they show has changed."""
    app.add_domain(domain)
    add_engine(app)

    def note(app: Sphinx, document: nodes.document) -> None:
        docname = app.env.current_document.docname
        domain_of(app.env, domain).note(docname, document)

    # After Sphinx's collectors (500), which find the files of images and downloads: a node copied
    # before that, as in a domain's process_doc, cannot be shown on another page.
    app.connect("doctree-read", note, priority=600)


def fingerprint(value: object) -> str:
    """Return a short digest of the ``repr`` of *value*."""
    return sha256(repr(value).encode(errors="surrogatepass")).hexdigest()[:16]


def digest(value: object) -> str:
    """Return a fingerprint of *value*: of nodes as they are, of records without their lines."""
    return fingerprint(_comparable(value))


def _comparable(value: object) -> object:
    if isinstance(value, nodes.Node):
        return value.pformat()
    if isinstance(value, (list, tuple)):
        names = getattr(value, "_fields", (None,) * len(value))
        pairs = zip(names, value, strict=True)
        return [_comparable(part) for name, part in pairs if name not in LINE_FIELDS]
    return value


class OutputDomain(Domain):
    """What the output folder was written from. It has no data in the environment."""

    name = "marginalia-output"
    label = "output"

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        #: The fingerprint of each page as it is now, and the pages written in this build.
        self.current: dict[str, str] = {}
        self.written: set[str] = set()
        self.state = OutputState()

    def begin(self, app: Sphinx) -> Iterable[str]:
        """Return the outdated pages. From here on the state says nothing about pages."""
        self.current = self._fingerprints(app)
        if is_whole_book(app):
            return self.env.found_docs
        self.state = OutputState.open(Path(app.outdir, f".marginalia-{app.builder.name}.json"))
        before = self.state.pages
        if before is None:
            return self.env.found_docs
        return sorted(name for name, now in self.current.items() if before.get(name) != now)

    def _fingerprints(self, app: Sphinx) -> dict[str, str]:
        shows: dict[str, list[object]] = {name: [] for name in sorted(self.env.found_docs)}
        for name, domain in sorted(self.env.domains.items()):
            if isinstance(domain, IndexDomain):
                domain.clear_cache()
            if isinstance(domain, ShowsOthers):
                for docname, value in domain.shows(app.builder).items():
                    if docname in shows:
                        shows[docname].append((name, value))
        return {docname: fingerprint(values) for docname, values in shows.items()}

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
        #: The fingerprint of each page when it was written; None where that is unknown.
        self.pages: dict[str, str] | None = None
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
        try:
            state._content = state._open_file.read_text(encoding="utf-8")
            stored = json.loads(state._content)
            state.documents = set(stored["documents"])
            state.files = dict(stored["files"])
            if stored["version"] != sphinx_marginalia.__version__:
                state.files = dict.fromkeys(state.files, "")
            elif is_complete:
                state.pages = dict(stored["pages"])
        except (OSError, ValueError, TypeError, KeyError):
            pass
        return state

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
            self.documents |= (self.pages or {}).keys()
            self._write()
            self._open_file.replace(self.file)

    def _write(self) -> None:
        stored = {
            "version": sphinx_marginalia.__version__,
            "pages": self.pages or {},
            "documents": sorted(self.documents),
            "files": self.files,
        }
        content = json.dumps(stored, ensure_ascii=False, sort_keys=True)
        if content != self._content:
            write_atomically(self._open_file, content.encode())
            self._content = content


def write_atomically(file: Path, content: bytes) -> None:
    """Write *content* to *file* through a temporary file: others see all of it, or the old file."""
    temporary = file.with_name(f".{file.name}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def is_whole_book(app: Sphinx) -> bool:
    """Return whether the builder always writes everything, as one PDF or one page.

    An EPUB is treated as one: its pages are packed into one file.
    """
    # Sphinx asks in the same way: such a builder returns a sentence instead of documents.
    whole = isinstance(app.builder.get_outdated_docs(), str)
    return whole or isinstance(app.builder, EpubBuilder)


def add_engine(app: Sphinx) -> None:
    """Register the engine, once for all features."""
    if OutputDomain.name in app.registry.domains:
        return
    app.add_domain(OutputDomain)
    app.connect("env-get-updated", _begin, priority=LAST)
    # Emitted in the main process, also where other processes write.
    app.connect("doctree-resolved", _note_written)
    app.connect("build-finished", _end, priority=LAST)


def _begin(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    return domain_of(env, OutputDomain).begin(app)


def _note_written(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    domain_of(app.env, OutputDomain).written.add(docname)


def _end(app: Sphinx, exception: Exception | None) -> None:
    if exception is None:
        domain_of(app.env, OutputDomain).end()
