"""Facts that outlive a page: noted when it is read, cleared with it, merged from other processes.

A page that lists what other pages hold must be written again when they change, and only then. The
domain keeps a digest of what each document holds. Most edits change none, and then no list and no
file made of all records is looked at. Where one did, a fingerprint of all that is listed, for each
builder, tells whether the pages that show a list are written again.
"""

from __future__ import annotations

import os
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
from sphinx_marginalia.core.digests import fingerprint, spelled_out
from sphinx_marginalia.core.sealed import Sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Set

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

Record = TypeVar("Record", bound=NamedTuple)
Found = TypeVar("Found")

#: The settings that name the documents which others are put into.
BOOKS = ("latex_documents", "texinfo_documents", "man_pages")


class RecordsDomain(Domain, Generic[Record]):
    """A domain whose data are records, by the document they were read in.

    A subclass says what a document holds (:meth:`collect`) and whether it shows a list
    (:meth:`shows_list`).
    """

    initial_data: ClassVar[dict[str, Any]] = {
        "records": Sealed(),
        "lists": [],
        # A digest of what each document holds, by its name, and what was so when each builder last
        # asked for the lists that have changed, and when any did.
        "held": {},
        "asked_of": {},
        "worked_of": None,
        "fingerprints": {},
    }
    data_version = 5

    #: Whether, in this build, nothing has changed of what lists are made of.
    unchanged = False

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._worked_out: dict[str, Any] = {}
        #: When the environment was saved that this build has read.
        self._saved = 0

    @abstractmethod
    def collect(self, document: nodes.document) -> list[Record]:
        """Return the records of one document, in reading order."""

    @abstractmethod
    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows records of other documents."""

    def note_doc(self, docname: str, document: nodes.document) -> None:
        """Note what *document* holds."""
        self._worked_out.clear()
        if records := self.collect(document):
            self.records[docname] = records
        if self.shows_list(document):
            self.data["lists"].append(docname)

    def held(self, docname: str) -> object:
        """Return all that was noted of a document and that other pages may show or depend on."""
        return self.records.get(docname), docname in self.data["lists"]

    def note_digest(self, docname: str) -> None:
        """Note a digest of what a document holds, its title, and which documents follow it."""
        title = self.env.titles.get(docname)
        made_of = (title, self.env.toctree_includes.get(docname), self.held(docname))
        self.data["held"][docname] = sha256(spelled_out(made_of).encode()).digest()[:16]

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* held."""
        self._worked_out.clear()
        self.data["held"].pop(docname, None)
        if docname in self.records:
            del self.records[docname]
        if docname in self.data["lists"]:
            self.data["lists"].remove(docname)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read in *docnames*."""
        self._worked_out.clear()
        for docname in docnames:
            if docname in otherdata["held"]:
                self.data["held"][docname] = otherdata["held"][docname]
            if docname in otherdata["records"]:
                self.records.take(docname, otherdata["records"])
            if docname in otherdata["lists"]:
                self.data["lists"].append(docname)

    @property
    def records(self) -> Sealed[list[Record]]:
        """The records by the document they are in."""
        return cast("Sealed[list[Record]]", self.data["records"])

    def in_reading_order(self) -> Iterator[tuple[str, Record]]:
        """Yield every record with the name of its document, in the order of the table of contents.

        Documents in no toctree follow, by name.
        """
        for docname in self.documents():
            for record in self.records.get(docname, ()):
                yield docname, record

    def documents(self) -> dict[str, None]:
        """Return the documents in that order, those among them that hold nothing too."""
        order: dict[str, None] = dict.fromkeys(_toctree_order(self.env))
        return order | dict.fromkeys(sorted(self.records))

    def worked_out(self, what: str, work_out: Callable[[], Found]) -> Found:
        """Return what *work_out* makes of all records, at the first call for it in a build."""
        if what not in self._worked_out:
            self._worked_out[what] = work_out()
        return cast("Found", self._worked_out[what])

    def may_show(self, docname: str, kind: str = "lists") -> bool:
        """Return whether what is made of *docname* may show a list.

        It does so too where other documents are put into it, as a PDF puts all into one.

        :param kind: where in the data the documents are named that show one
        """
        shown: list[str] = self.data[kind]
        return bool(shown) and (
            docname in shown
            or docname == self.env.config.root_doc
            or docname in self.env.toctree_includes
            # It may have an appendix.
            or docname in {entry[0] for name in BOOKS for entry in self.env.config[name]}
        )

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

    def digest(self) -> str:
        """Return a digest of what all documents hold."""
        return fingerprint(sorted(self.data["held"].items()))

    def work_out(self) -> None:
        """Work out what is saved for all builders, where anything has changed since it was."""

    def outdated(self, builder: str, settings: str = "") -> list[str]:
        """Return :meth:`outdated_lists`, without a look at them where nothing of theirs changed.

        :param settings: a digest of what else a build depends on
        """
        self._worked_out.clear()
        self._saved = self._environment_written()
        state = (self.digest(), settings, self.made_of())
        # What is saved for all builders may be that of another one.
        if self.data["worked_of"] != state:
            self.data["worked_of"] = state
            self.work_out()
        self.unchanged = self.data["asked_of"].get(builder) == state
        if self.unchanged:
            return []
        self.data["asked_of"][builder] = state
        return self.outdated_lists(builder)

    def is_written(self, file: Path) -> bool:
        """Return whether *file*, made of all records, is still what this build would write.

        The environment is saved before anything is written: where the last build was stopped in
        between, the file is older than the environment that this one has read. Where this one has
        saved it again, the file's time is set to now, for the next build to find it newer.
        """
        written = _written(file)
        if not self.unchanged or written <= self._saved:
            return False
        if written <= self._environment_written():
            os.utime(file)
        return True

    def note_written(self, *files: Path) -> None:
        """Have *files*, which were written now, trusted no more than what is saved.

        Where no document was read the environment is not saved, and the next build knows nothing of
        the state that they are of.
        """
        if self._environment_written() == self._saved:
            for file in files:
                os.utime(file, ns=(self._saved, self._saved))

    def _environment_written(self) -> int:
        return _written(Path(self.env.doctreedir, ENV_PICKLE_FILENAME))

    def outdated_lists(self, builder: str) -> list[str]:
        """Return the documents whose list has changed since this was last asked for *builder*.

        ``sphinx-build -M`` keeps one environment for all builders, each of which has its own pages.
        """
        content = "".join(
            f"{docname}\n{self.env.titles[docname].astext()}\n{spelled_out(record)}"
            for docname, record in self.in_reading_order()
        )
        found = fingerprint(content)
        if found == self.data["fingerprints"].get(builder):
            return []
        self.data["fingerprints"][builder] = found
        return sorted(self.data["lists"])


def add_records_domain(app: Sphinx, domain: type[RecordsDomain[Any]]) -> None:
    """Register *domain*, and have its lists written again when its records change."""
    app.add_domain(domain)

    def outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
        records = cast("RecordsDomain[Any]", env.domains[domain.name])
        return records.outdated(app.builder.name, settings(app))

    def note(app: Sphinx, document: nodes.document) -> None:
        records = cast("RecordsDomain[Any]", app.env.domains[domain.name])
        docname = app.env.current_document.docname
        records.note_doc(docname, document)
        records.note_digest(docname)

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


def _written(file: Path) -> int:
    """Return when *file* was written, in nanoseconds; 0 where there is none."""
    return file.stat().st_mtime_ns if file.is_file() else 0
