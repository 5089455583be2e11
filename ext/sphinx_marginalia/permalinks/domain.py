"""The headings of all documents, and what the lock and the book say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx.util.osutil import relative_uri

from sphinx_marginalia.core.index import IndexDomain
from sphinx_marginalia.core.nodes import CITABLE, is_used
from sphinx_marginalia.permalinks.headings import Section, blocks, sections
from sphinx_marginalia.permalinks.places import page_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx import addnodes
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.cite_as.book.page import PageFacts
    from sphinx_marginalia.cite_as.facts import Facts
    from sphinx_marginalia.permalinks.forward import Kept
    from sphinx_marginalia.permalinks.lock import Record

#: The builders that make a site with a page for each document.
SITES = ("html", "dirhtml")
#: The type of a reference to the page that tells how to cite a section.
CITE = "cite"
#: The type of a reference to a file beside the site.
FILE = "file"


class SectionsDomain(IndexDomain[Section]):
    """Every heading down to the third level; from the lock, what pages have to keep."""

    name = "marginalia-sections"
    label = "sections"
    data_version = 8
    #: ``pages``: what the front matter of a page says about citing it, and diagnostics with lines.
    initial_data: ClassVar[dict[str, Any]] = {**IndexDomain.initial_data, "pages": {}}

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        # Read anew in each build.
        self.locked: dict[str, Record] = {}
        self.promised: frozenset[str] = frozenset()
        self.kept: Mapping[str, Kept] = {}
        self.facts: Facts | None = None
        self.errors = 0

    def collect(self, document: nodes.document) -> list[Section]:
        """Return the headings of *document*."""
        docname = self.env.current_document.docname
        others = blocks(document, docname) if is_used(self.env, CITABLE) else ()
        return [*sections(document, docname), *others]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows how the book is cited."""
        from sphinx_marginalia.cite_as.nodes import how_to_cite  # noqa: PLC0415

        return is_used(self.env, how_to_cite)

    def note_facts(self, docname: str, facts: PageFacts, slips: list[tuple[str, int]]) -> None:
        """Note what front matter says about citing a page; *slips* are messages with lines."""
        self.data["pages"][docname] = (facts, slips)

    # --- what the lock and the book say ---

    def page_facts(self, docname: str) -> PageFacts:
        """Return what the front matter of a page says about citing it."""
        from sphinx_marginalia.cite_as.book.page import PageFacts  # noqa: PLC0415

        facts, _slips = self.data["pages"].get(docname, (PageFacts(), ()))
        return cast("PageFacts", facts)

    @property
    def living(self) -> dict[str, Section]:
        """The sections by each of their permanent names, in reading order."""
        return self.cached(
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

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what pages show of the lock and of the book."""
        book = (self.facts and self.facts.printed, bool(self.locked))
        return {
            docname: (
                book,
                sorted(self.living_in(docname)),
                self.kept.get(docname),
                self._titles(docname),
            )
            for docname in {*self.records, *self.data["lists"], *self.kept}
        }

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
