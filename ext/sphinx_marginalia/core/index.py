"""What documents contain: records that outlive the page they were read from.

A feature keeps its records in an :class:`IndexDomain`. :meth:`~IndexDomain.collect` returns those
of one document when it has been read; :meth:`~IndexDomain.shows` returns what each page shows of
other documents, so that :mod:`~sphinx_marginalia.core.outdated` knows which pages to write again.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
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
from sphinx.domains import Domain
from sphinx.util.tags import Tags

from sphinx_marginalia.core.builders import link_to
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.core.publish import add_engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

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


class Place(NamedTuple):
    """A place in a document that readers look for by its name: a term, a claim, a work."""

    docname: str
    node_id: str
    #: What it is, in the reader's language.
    kind: str
    title: str
    #: What else is known of it, as plain text.
    text: str


@runtime_checkable
class HasPlaces(Protocol):
    """A domain that knows places by more than the names and types of their objects."""

    def places(self) -> Iterable[Place]:
        """Return the places of all documents. Called when all of them are read."""


class IndexDomain(Domain, Generic[Record]):
    """A domain whose data are records, by the document that contains them.

    All its data are dictionaries by the name of a document, which this class clears and merges;
    what is not, a subclass names in :attr:`shared`.
    """

    #: The records, a digest of them, and the documents that show a list of all records.
    initial_data: ClassVar[dict[str, Any]] = {"records": {}, "digests": {}, "lists": {}}
    data_version = 8
    #: The tags of the build, which the ``only`` directive is about; set before documents are read.
    tags = Tags()
    #: Names in the data that are not by document.
    shared: ClassVar[frozenset[str]] = frozenset()

    #: The names of what is computed once after documents have been read.
    _computed: ClassVar[frozenset[str]] = frozenset({"documents"})

    def __init_subclass__(cls) -> None:
        """Note which properties are forgotten when a document is read."""
        super().__init_subclass__()
        own = (name for name, value in vars(cls).items() if isinstance(value, cached_property))
        cls._computed = cls._computed.union(own)

    def forget(self) -> None:
        """Forget what was computed from other documents, or in another build."""
        for name in self._computed:
            self.__dict__.pop(name, None)

    @abstractmethod
    def collect(self, document: nodes.document) -> list[Record]:
        """Return the records of one document, in reading order."""

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows records of all documents."""
        return False

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what pages show of others: here, a page with a list shows all (a digest)."""
        if not self.data["lists"]:
            return {}
        titles = self.env.titles
        everything = fingerprint(
            [
                (docname, titles[docname].astext(), self.data["digests"][docname])
                for docname in self.documents
                if docname in self.records
            ]
        )
        return dict.fromkeys(self.data["lists"], everything)

    def note(self, docname: str, document: nodes.document) -> None:
        """Record what *document* contains. Called when it has been read."""
        self.forget()
        if records := self.collect(document):
            self.records[docname] = records
            self.data["digests"][docname] = digest(records)
        if self.shows_list(document):
            self.data["lists"][docname] = True

    def clear_doc(self, docname: str) -> None:
        """Remove all data of *docname*."""
        self.forget()
        for name in self.initial_data.keys() - self.shared:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Add what another process has read in *docnames*."""
        self.forget()
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
        for docname in self.documents:
            for record in self.records.get(docname, ()):
                yield docname, record

    @cached_property
    def documents(self) -> dict[str, None]:
        """The names of all documents in that order, also of those without records."""
        order: dict[str, None] = {}
        waiting = [self.env.config.root_doc]
        while waiting:
            docname = waiting.pop()
            if docname not in order:
                order[docname] = None
                waiting.extend(reversed(self.env.toctree_includes.get(docname, [])))
        return order | dict.fromkeys(sorted(self.records))

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
        """Return what :meth:`resolve_link` returns."""
        return self.resolve_link(builder, fromdocname, node, contnode)

    def resolve_link(
        self, builder: Builder, here: str, node: addnodes.pending_xref, content: nodes.Element
    ) -> nodes.reference | None:
        """Return a link to the id ``node["reftarget"]`` in the document ``node["todoc"]``.

        :param here: the document that contains the reference
        """
        return link_to(builder, here, node["todoc"], node["reftarget"], content)

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

    def begin(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
        # What is cached is cached for one build, also in a process that builds several times.
        domain_of(env, domain).forget()
        domain_of(env, domain).tags = app.tags
        return []

    app.connect("env-get-outdated", begin, priority=0)

    def note(app: Sphinx, document: nodes.document) -> None:
        docname = app.env.current_document.docname
        domain_of(app.env, domain).note(docname, document)

    # After Sphinx's collectors (500), which find the files of images and downloads: a node copied
    # before that, as in a domain's process_doc, cannot be shown on another page.
    app.connect("doctree-read", note, priority=600)


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
