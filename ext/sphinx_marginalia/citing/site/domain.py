"""The headings of all documents, and what the lock and the book say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from docutils import nodes
from sphinx.util.osutil import relative_uri

from sphinx_marginalia.citing.anchors.headings import Section, blocks, sections
from sphinx_marginalia.citing.anchors.places import page_of
from sphinx_marginalia.citing.book.page import PageFacts
from sphinx_marginalia.citing.site.nodes import how_to_cite
from sphinx_marginalia.core.digests import fingerprint
from sphinx_marginalia.core.records import RecordsDomain
from sphinx_marginalia.core.sealed import Sealed
from sphinx_marginalia.core.tree import CITABLE, is_present

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Set

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
#: What is remembered: the records of the lock by id, and the names of those that are not retired.
LOCK, PROMISED = "lock", "promised"


class SectionsDomain(RecordsDomain[Section]):
    """Every heading down to the third level; from the lock, what pages have to keep."""

    name = "marginalia-sections"
    label = "sections"
    data_version = 7
    initial_data: ClassVar[dict[str, Any]] = {
        **RecordsDomain.initial_data,
        # Of these, "lists" are the documents that show how the book is cited. Worked out when all
        # documents are read: a digest of the lock, if there is one in use, what each page keeps for
        # old links, the facts of the book, how many errors there were, and by builder a fingerprint
        # of what each page shows.
        "lock": "",
        "kept": {},
        "facts": None,
        "errors": 0,
        "shown": {},
        # What the front matter of a page says about citing it, and what is wrong there, with lines.
        "pages": {},
        # The documents that are no more, since they were read: a page of theirs is ours to replace.
        "gone": [],
        # What took long to work out, by a name for it, and a digest of all that it was made of.
        "remembered": Sealed(),
        "made_of": {},
    }

    def collect(self, document: nodes.document) -> list[Section]:
        """Return the headings of *document*."""
        docname = self.env.current_document.docname
        others = blocks(document, docname) if is_present(self.env, CITABLE) else ()
        return [*sections(document, docname), *others]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows how the book is cited."""
        return is_present(self.env, how_to_cite)

    def note_facts(self, docname: str, facts: PageFacts, slips: list[tuple[str, int]]) -> None:
        """Note what front matter says about citing a page; *slips* are messages with lines."""
        self.data["pages"][docname] = (facts, slips)

    def held(self, docname: str) -> object:
        """Return the headings of a document, and what its front matter says about citing it."""
        return super().held(docname), self.page_facts(docname)

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
        return self.recall(LOCK) if self.data["lock"] else {}

    @property
    def promised(self) -> frozenset[str]:
        """The names in the lock that were not retired."""
        return self.recall(PROMISED) if self.data["lock"] else frozenset()

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
        return self.worked_out(
            "living", lambda: self._living(found for _, found in self.in_reading_order())
        )

    def living_in(self, docname: str) -> dict[str, Section]:
        """Return those of one document, without a look at others."""
        return self._living(self.records.get(docname, ()))

    def _living(self, sections: Iterable[Section]) -> dict[str, Section]:
        return {
            name: section
            for section in sections
            for name in section.heading.names
            if name in self.promised
        }

    def given(self, docname: str, ids: list[str]) -> set[str]:
        """Return those of *ids* that an author gave to a section of *docname*."""
        sections = self.records.get(docname, ())
        return {name for section in sections for name in section.heading.names}.intersection(ids)

    # --- at each build ---

    def take(self, lock: str, kept: Mapping[str, Kept], facts: Facts | None) -> None:
        """Take what the lock and the book say, for the pages that are written after.

        :param lock: a digest of the lock that is remembered; nothing where none is in use
        """
        self._worked_out.clear()
        self.data |= {"lock": lock, "kept": kept, "facts": facts}

    def remember(self, what: str, made_of: object, work_out: Callable[[], object]) -> None:
        """Have what *work_out* returns at hand, worked out again when *made_of* has changed."""
        digest = fingerprint(made_of)
        if self.data["made_of"].get(what) != digest:
            self.data["remembered"][what] = work_out()
            self.data["made_of"][what] = digest

    def recall(self, what: str) -> Any:
        """Return what is remembered."""
        return self.data["remembered"][what]

    def remembered(self, what: str, made_of: object, work_out: Callable[[], T]) -> T:
        """Return what *work_out* returns, or what it returned when *made_of* was the same."""
        self.remember(what, made_of, work_out)
        return cast("T", self.recall(what))

    def forget(self, what: str) -> None:
        """Have it worked out again in the next build."""
        self.data["made_of"].pop(what, None)

    def made_of(self) -> object:
        """Return what pages show beside their own sections."""
        printed = self.facts and self.facts.printed
        numbers = sorted(self.env.toc_secnumbers.items())
        return fingerprint((printed, self.data["lock"], sorted(self.kept.items()), numbers))

    def outdated_lists(self, builder: str) -> list[str]:
        """Return the pages that show something of the lock or of the book which has changed."""
        book = fingerprint(
            (self.facts and self.facts.printed, sorted(self.promised), bool(self.locked))
        )
        before = self.data["shown"].get(builder, {})
        now = {
            docname: fingerprint((book, self.kept.get(docname), self._titles(docname)))
            for docname in {*self.records, *self.data["lists"], *self.kept}
            if docname in self.env.found_docs
        }
        self.data["shown"][builder] = now
        return sorted(docname for docname, shown in now.items() if before.get(docname) != shown)

    def _titles(self, docname: str) -> list[tuple[str, str]]:
        """Return what the entries on a page say of the places they lead to."""
        entries = self.kept[docname].entries if docname in self.kept else ()
        pages = [page_of(entry.at) for entry in entries]
        return [
            (self.title(entry.target, page), self.page_title(page))
            for entry, page in zip(entries, pages, strict=True)
        ]

    def title(self, name: str, docname: str = "") -> str:
        """Return the title of a living section, or nothing.

        :param docname: where it should be, so that others need not be looked through
        """
        section = self.living_in(docname).get(name) or (name and self.living.get(name))
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
