"""The headings of all documents, and what the lock and the book say of them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from docutils import nodes
from sphinx.util.osutil import relative_uri

from sphinx_marginalia.citing.anchors.headings import Section, sections
from sphinx_marginalia.citing.anchors.places import page_of
from sphinx_marginalia.citing.book.page import PageFacts
from sphinx_marginalia.citing.site.nodes import how_to_cite
from sphinx_marginalia.core.records import RecordsDomain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set

    from sphinx import addnodes
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.citing.anchors.forward import Kept
    from sphinx_marginalia.citing.anchors.lock import Record
    from sphinx_marginalia.citing.site.facts import Facts

T = TypeVar("T")

#: The builders that make a site with a page for each document.
SITES = ("html", "dirhtml")
#: The type of a reference to the page that tells how to cite a section.
CITE = "cite"
#: The type of a reference to a file beside the site.
FILE = "file"


class SectionsDomain(RecordsDomain[Section]):
    """Every heading down to the third level; from the lock, what pages have to keep."""

    name = "marginalia-sections"
    label = "sections"
    data_version = 5
    initial_data: ClassVar[dict[str, Any]] = {
        **RecordsDomain.initial_data,
        # Of these, "lists" are the documents that show how the book is cited. Worked out when all
        # documents are read: the lock, the sections by their names, what each page keeps for old
        # links, the facts of the book, how many errors there were, and by builder a fingerprint of
        # what each page shows.
        "locked": {},
        "living": {},
        "kept": {},
        "facts": None,
        "errors": 0,
        "shown": {},
        # What the front matter of a page says about citing it, and what is wrong there, with lines.
        "pages": {},
        # The documents that are no more, since they were read: a page of theirs is ours to replace.
        "gone": [],
        # What took long to work out, by a name for it, with all that it was made of.
        "remembered": {},
    }

    def collect(self, document: nodes.document) -> list[Section]:
        """Return the headings of *document*."""
        return sections(document, self.env.current_document.docname)

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows how the book is cited."""
        return document.next_node(how_to_cite) is not None

    def note_facts(self, docname: str, facts: PageFacts, slips: list[tuple[str, int]]) -> None:
        """Note what front matter says about citing a page; *slips* are messages with lines."""
        self.data["pages"][docname] = (facts, slips)

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* held."""
        super().clear_doc(docname)
        self.data["pages"].pop(docname, None)
        if docname not in self.data["gone"]:
            self.data["gone"].append(docname)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read in *docnames*."""
        super().merge_domaindata(docnames, otherdata)
        for docname in docnames & otherdata["pages"].keys():
            self.data["pages"][docname] = otherdata["pages"][docname]

    @property
    def gone(self) -> set[str]:
        """The documents that were there once."""
        return set(self.data["gone"]) - self.env.all_docs.keys()

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

    def given(self, docname: str, ids: list[str]) -> set[str]:
        """Return those of *ids* that an author gave to a section of *docname*."""
        sections = self.data["records"].get(docname, ())
        return {name for section in sections for name in section.heading.names}.intersection(ids)

    # --- at each build ---

    def work_out(
        self, records: dict[str, Record], kept: Mapping[str, Kept], facts: Facts | None
    ) -> None:
        """Take what the lock and the book say, for the pages that are written after."""
        living = {
            name: section
            for _, section in self.in_reading_order()
            for name in section.heading.names
            if name in records and not records[name].retired
        }
        self.data |= {"locked": records, "living": living, "kept": kept, "facts": facts}

    def remembered(self, what: str, made_of: object, work_out: Callable[[], T]) -> T:
        """Return what *work_out* returns, or what it returned when *made_of* was the same."""
        before, found = self.data["remembered"].get(what, (None, None))
        if before != made_of:
            found = work_out()
            self.data["remembered"][what] = (made_of, found)
        return cast("T", found)

    def made_of(self) -> object:
        """Return what pages show beside their own sections."""
        printed = self.facts and self.facts.printed
        return _fingerprint((printed, sorted(self.locked), sorted(self.kept.items())))

    def outdated_lists(self, builder: str) -> list[str]:
        """Return the pages that show something of the lock or of the book which has changed."""
        book = _fingerprint((self.facts and self.facts.printed, sorted(self.locked)))
        before = self.data["shown"].get(builder, {})
        now = {
            docname: _fingerprint((book, self.kept.get(docname), self._titles(docname)))
            for docname in {*self.data["records"], *self.data["lists"], *self.kept}
            if docname in self.env.found_docs
        }
        self.data["shown"][builder] = now
        return sorted(docname for docname, shown in now.items() if before.get(docname) != shown)

    def _titles(self, docname: str) -> list[tuple[str, str]]:
        """Return what the entries on a page say of the places they lead to."""
        entries = self.kept[docname].entries if docname in self.kept else ()
        return [(self.title(entry.target), self.page_title(page_of(entry.at))) for entry in entries]

    def title(self, name: str) -> str:
        """Return the title of a living section, or nothing."""
        section = self.living.get(name)
        return section.heading.title if section else ""

    def page_title(self, docname: str) -> str:
        """Return the title of a page, or nothing."""
        title = self.env.titles.get(docname)
        return title.astext() if title is not None else ""

    # --- links ---

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
        if builder.name == "singlehtml":
            fromdocname = node["todoc"]  # all documents are one page
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


def _fingerprint(shown: object) -> str:
    return sha256(repr(shown).encode()).hexdigest()
