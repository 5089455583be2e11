"""Facts that outlive a page: noted when it is read, cleared with it, merged from other processes.

A page that lists what other pages hold must be written again when they change, and only then. The
domain keeps a fingerprint of all records for each builder; when it differs from the one of the last
build, the pages that show a list are written again.
"""

from __future__ import annotations

from abc import abstractmethod
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.domains import Domain
from sphinx.util.nodes import make_refnode

from sphinx_marginalia.core.config import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

Record = TypeVar("Record", bound=NamedTuple)


class RecordsDomain(Domain, Generic[Record]):
    """A domain whose data are records, by the document they were read in.

    A subclass says what a document holds (:meth:`collect`) and whether it shows a list
    (:meth:`shows_list`).
    """

    initial_data: ClassVar[dict[str, Any]] = {
        "records": {},
        "lists": [],
        "fingerprints": {},
        # How often a document was forgotten, to be read again or for good, and what was so when
        # each builder last asked for the lists that have changed.
        "changes": 0,
        "asked_of": {},
    }
    data_version = 3

    #: Whether, in this build, nothing has changed of what lists are made of.
    unchanged = False

    @abstractmethod
    def collect(self, document: nodes.document) -> list[Record]:
        """Return the records of one document, in reading order."""

    @abstractmethod
    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows records of other documents."""

    def note_doc(self, docname: str, document: nodes.document) -> None:
        """Note what *document* holds."""
        if records := self.collect(document):
            self.data["records"][docname] = records
        if self.shows_list(document):
            self.data["lists"].append(docname)

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* held."""
        self.data["changes"] += 1
        self.data["records"].pop(docname, None)
        if docname in self.data["lists"]:
            self.data["lists"].remove(docname)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read in *docnames*."""
        for docname in docnames:
            if docname in otherdata["records"]:
                self.data["records"][docname] = otherdata["records"][docname]
            if docname in otherdata["lists"]:
                self.data["lists"].append(docname)

    def in_reading_order(self) -> Iterator[tuple[str, Record]]:
        """Yield every record with the name of its document, in the order of the table of contents.

        Documents in no toctree follow, by name.
        """
        order: dict[str, None] = dict.fromkeys(_toctree_order(self.env))
        order.update(dict.fromkeys(sorted(self.data["records"])))
        for docname in order:
            for record in self.data["records"].get(docname, ()):
                yield docname, record

    def reference(
        self, docname: str, node_id: str, text: Iterable[nodes.Node], here: str
    ) -> addnodes.pending_xref:
        """Return *text* as a reference to an id in *docname*, to be resolved for each builder.

        :param here: the document it stands in; in one page of several that is not the page
        """
        return addnodes.pending_xref(
            "",
            nodes.inline("", "", *text),
            refdomain=self.name,
            reftype="place",
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
        """Return nothing: what is here has labels where an author gave it a name."""
        return []

    def made_of(self) -> object:
        """Return what lists are made of beside records, to be compared with the last build's."""
        return ()

    def outdated(self, builder: str, settings: str = "") -> list[str]:
        """Return :meth:`outdated_lists`, without a look at them where nothing was read since.

        :param settings: a digest of what else a build depends on
        """
        state = (self.data["changes"], settings, self.made_of())
        self.unchanged = self.data["asked_of"].get(builder) == state
        if self.unchanged:
            return []
        self.data["asked_of"][builder] = state
        return self.outdated_lists(builder)

    def is_written(self, app: Sphinx, file: Path) -> bool:
        """Return whether *file*, made of all records, was written since anything changed.

        The environment is saved before anything is written: where a build was stopped in between,
        the file is older.
        """
        environment = Path(app.doctreedir, ENV_PICKLE_FILENAME)
        return (
            self.unchanged
            and file.is_file()
            and environment.is_file()
            and file.stat().st_mtime_ns > environment.stat().st_mtime_ns
        )

    def outdated_lists(self, builder: str) -> list[str]:
        """Return the documents whose list has changed since this was last asked for *builder*.

        ``sphinx-build -M`` keeps one environment for all builders, each of which has its own pages.
        """
        content = "".join(
            f"{docname}\n{self.env.titles[docname].astext()}\n{_spelled_out(record)}"
            for docname, record in self.in_reading_order()
        )
        fingerprint = sha256(content.encode()).hexdigest()
        if fingerprint == self.data["fingerprints"].get(builder):
            return []
        self.data["fingerprints"][builder] = fingerprint
        return sorted(self.data["lists"])


def add_records_domain(app: Sphinx, domain: type[RecordsDomain[Any]]) -> None:
    """Register *domain*, and have its lists written again when its records change."""
    app.add_domain(domain)

    def outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
        records = cast("RecordsDomain[Any]", env.domains[domain.name])
        return records.outdated(app.builder.name, settings(app))

    def note(app: Sphinx, document: nodes.document) -> None:
        records = cast("RecordsDomain[Any]", app.env.domains[domain.name])
        records.note_doc(app.env.current_document.docname, document)

    # Behind Sphinx's collectors (500), which find the files of images and downloads: what is copied
    # before, as in a domain's process_doc, cannot be shown on another page.
    app.connect("doctree-read", note, priority=600)
    app.connect("env-get-updated", outdated)


def _toctree_order(env: BuildEnvironment) -> Iterator[str]:
    """Yield the documents below the root document, depth first, each once."""
    seen: set[str] = set()
    waiting = [env.config.root_doc]
    while waiting:
        docname = waiting.pop()
        if docname not in seen:
            seen.add(docname)
            yield docname
            waiting.extend(reversed(env.toctree_includes.get(docname, [])))


def _spelled_out(value: object) -> str:
    """Return all that *value* says, also where it is a node or a sequence of nodes."""
    if isinstance(value, nodes.Node):
        return value.pformat()
    if isinstance(value, (list, tuple)):
        return "".join(_spelled_out(item) for item in value)
    return f"{value!r}\n"
