"""The headings of all documents, and the names of headings that are kept.

Where ``anchors.lock.json`` lies beside ``conf.py``, every build asks whether each name that was
ever published still leads somewhere. A build in which one does not writes its pages and ends with
an error.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinx.util.logging import is_suppressed_warning
from sphinx.util.osutil import relative_uri

from sphinx_marginalia.citing.anchors import history, lock
from sphinx_marginalia.citing.anchors.faults import errors
from sphinx_marginalia.citing.anchors.forward import Kept, forwards
from sphinx_marginalia.citing.anchors.headings import Section, sections
from sphinx_marginalia.citing.anchors.places import page_of
from sphinx_marginalia.citing.anchors.rules import against, judge
from sphinx_marginalia.citing.book.page import PageFacts
from sphinx_marginalia.citing.site.facts import Facts, facts_of
from sphinx_marginalia.core.records import RecordsDomain
from sphinx_marginalia.core.warnings import TYPE, Problem, warn

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from sphinx import addnodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.citing.anchors.faults import Fault
    from sphinx_marginalia.citing.anchors.lock import Record


logger = logging.getLogger(__name__)

#: The builders that make a site with a page for each document.
SITES = ("html", "dirhtml")
#: The type of a reference to the page that tells how to cite a section.
CITE = "cite"
#: The type of a reference to a file beside the site.
FILE = "file"


class BrokenAnchorsError(SphinxError):
    """A name that was published leads nowhere any more."""

    category = "Broken anchors"


class SectionsDomain(RecordsDomain[Section]):
    """Every heading down to the third level; from the lock, what pages have to keep."""

    name = "marginalia-sections"
    label = "sections"
    initial_data: ClassVar[dict[str, Any]] = {
        **RecordsDomain.initial_data,
        # Worked out when all documents are read: the lock, the
        # sections by their names, what each page keeps for old links, the
        # facts of the book, how many errors there were, and a fingerprint of what each page shows.
        "locked": {},
        "living": {},
        "kept": {},
        "facts": None,
        "errors": 0,
        "shown": {},
        # What the front matter of a page says about citing it, and what is wrong there, with lines.
        "pages": {},
    }

    def collect(self, document: nodes.document) -> list[Section]:
        """Return the headings of *document*."""
        return sections(document, self.env.current_document.docname)

    def shows_list(self, document: nodes.document) -> bool:
        """Return nothing: pages show what the lock says, not what others hold."""
        return False

    def note_facts(self, docname: str, facts: PageFacts, slips: list[tuple[str, int]]) -> None:
        """Note what front matter says about citing a page; *slips* are messages with lines."""
        self.data["pages"][docname] = (facts, slips)

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* held."""
        super().clear_doc(docname)
        self.data["pages"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read in *docnames*."""
        super().merge_domaindata(docnames, otherdata)
        for docname in docnames & otherdata["pages"].keys():
            self.data["pages"][docname] = otherdata["pages"][docname]

    # --- what the lock and the book say ---

    def page_facts(self, docname: str) -> PageFacts:
        """Return what the front matter of a page says about citing it."""
        facts, _slips = self.data["pages"].get(docname, (PageFacts(), ()))
        return cast("PageFacts", facts)

    @property
    def locked(self) -> dict[str, Record]:
        """The records of the lock by id; empty where there is no lock."""
        return cast("dict[str, Record]", self.data["locked"])

    @property
    def kept(self) -> Mapping[str, Kept]:
        """What each page keeps for old links, by document; also of documents that are gone."""
        return cast("Mapping[str, Kept]", self.data["kept"])

    @property
    def facts(self) -> Facts | None:
        """What there is to say of the book, where it can be cited."""
        return cast("Facts | None", self.data["facts"])

    @property
    def living(self) -> dict[str, Section]:
        """The sections by each of their permanent names, in reading order."""
        return cast("dict[str, Section]", self.data["living"])

    # --- at each build ---

    def look(self, confdir: Path) -> None:
        """Read the lock and the facts of the book, and report what is wrong with them."""
        file = confdir / lock.FILENAME
        self.data |= {"locked": {}, "living": {}, "kept": {}, "errors": 0}
        self.data["facts"] = facts_of(self.env.config, confdir)
        if self.facts is not None:
            self._report_slips()
        if not file.is_file():
            return
        records, faults = lock.read_file(file)
        found = [section for _, section in self.in_reading_order()]
        if not faults:
            faults = judge(records, [section.heading for section in found])
            faults += _since_release(confdir, file, records)
        self.data["locked"] = records
        self.data["living"] = {
            name: section
            for section in found
            for name in section.heading.names
            if name in records and not records[name].retired
        }
        self.data["kept"] = forwards(records, self.env.found_docs)
        self.data["errors"] = len(errors(f for f in faults if not self._silenced(f)))
        lines = lock.lines(file.read_text(encoding="utf-8")) if faults and records else {}
        for fault in faults:
            _report(fault, file, fault.line or lines.get(fault.id, 1))

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
        """Return a link to a section, or to the page that tells how to cite it."""
        if typ == CITE:
            here = builder.get_target_uri(fromdocname)
            contnode["html"]["href"] = relative_uri(here, f"cite/{target}.html")
            return cast("nodes.reference", contnode)  # Sphinx puts in whatever it is given
        if typ == FILE:
            return self._file(fromdocname, builder, target, contnode)
        return super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)

    def _file(
        self, fromdocname: str, builder: Builder, path: str, contnode: nodes.Element
    ) -> nodes.reference | None:
        """Return a link to a file beside the site; what is no site leads to the newest one."""
        if builder.name in SITES:
            address = relative_uri(builder.get_target_uri(fromdocname), path)
            return nodes.reference("", "", contnode, refuri=address, internal=True)
        base = self.facts and (self.facts.newest_url or self.facts.version_url)
        if not base:
            return None
        return nodes.reference("", "", contnode, refuri=f"{base}{path}", internal=False)

    def _silenced(self, fault: Fault) -> bool:
        """Return whether the author wants to hear nothing of it; then it stops no build."""
        return is_suppressed_warning(TYPE, fault.kind.subtype, self.env.config.suppress_warnings)

    def _report_slips(self) -> None:
        """Report what is wrong in front matter; without a book, a date may be any text."""
        for docname, (_facts, slips) in sorted(self.data["pages"].items()):
            for message, line in slips:
                location = f"{self.env.doc2path(docname)}:{line}"
                warn(Problem.CITATION_METADATA, message, location=location)

    def outdated_lists(self) -> list[str]:
        """Return the pages that show something of the lock or of the book which has changed."""
        before, facts = self.data["shown"], self.facts
        book = _fingerprint((facts and facts.printed, sorted(self.locked)))
        self.data["shown"] = {
            docname: _fingerprint((book, self.kept.get(docname), self._titles(docname)))
            for docname in self.data["records"]
        }
        return [name for name, shown in self.data["shown"].items() if before.get(name) != shown]

    def _titles(self, docname: str) -> list[str]:
        """Return what the entries on a page say of the places they lead to."""
        kept = self.kept.get(docname, Kept())
        return [self.page_title(page_of(entry.at)) for entry in kept.entries]

    def page_title(self, docname: str) -> str:
        """Return the title of a page, or nothing."""
        title = self.env.titles.get(docname)
        return title.astext() if title is not None else ""


def look(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Look at the lock at every build, also when only the lock has changed."""
    cast("SectionsDomain", env.domains[SectionsDomain.name]).look(Path(app.confdir))
    return []


def stop(app: Sphinx, exception: Exception | None) -> None:
    """End a build in which a link that was published is broken.

    :raises BrokenAnchorsError: there were errors; each was reported when it was found.
    """
    found = cast("SectionsDomain", app.env.domains[SectionsDomain.name]).data["errors"]
    if exception is None and found:
        links = "one of the links" if found == 1 else f"{found} of the links"
        raise BrokenAnchorsError(f"{links} that {lock.FILENAME} keeps would break; see above")


def _since_release(confdir: Path, file: Path, records: Mapping[str, Record]) -> list[Fault]:
    """Return what was in the lock at the last release and is not in it now."""
    found = history.released(confdir, file.name, file.read_text(encoding="utf-8"))
    if found.skipped:
        logger.info("%s", found.skipped)
        return []
    then, faults = lock.read(found.text)
    return [] if faults else against(then, records, found.tag)


def _report(fault: Fault, file: Path, line: int) -> None:
    """Report a fault where it is to be mended: in a page, or in the lock."""
    location = f"{fault.source or file}:{line}"
    warn(Problem[f"ANCHOR_{fault.kind.name}"], fault.message, location=location)


def _fingerprint(shown: object) -> str:
    return sha256(repr(shown).encode()).hexdigest()
