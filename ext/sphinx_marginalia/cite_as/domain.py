"""The book that is cited, and what pages say about citing them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinx_marginalia.cite_as.edition import read_edition
from sphinx_marginalia.cite_as.formats import csl
from sphinx_marginalia.cite_as.page_metadata import PageMetadata
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import IndexDomain, domain_of
from sphinx_marginalia.core.nodes import is_used
from sphinx_marginalia.permalinks.domain import SectionsDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.cite_as.edition import Edition
    from sphinx_marginalia.cite_as.reference import Reference
    from sphinx_marginalia.permalinks.names import Heading


class how_to_cite(nodes.container):
    """Where the reference of the book is shown; filled when a page is written."""


class BookDomain(IndexDomain[PageMetadata]):
    """The metadata of the book and of pages: the ``Book`` of the sections."""

    name = "marginalia-book"
    label = "book"

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        #: Read again in each build; ``None`` where the project has no ``CITATION.cff``.
        self.edition: Edition | None = None

    def collect(self, document: nodes.document) -> list[PageMetadata]:
        """Return the metadata, which a transform has recorded: the front matter is gone now."""
        return self.records.get(self.env.current_document.docname, [])

    def shows_list(self, document: nodes.document) -> bool:
        return is_used(self.env, how_to_cite)

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what pages show of the book: those with a heading or the directive."""
        sections = domain_of(self.env, SectionsDomain)
        inputs = (self.edition and self.edition.page_inputs, bool(sections.lock))
        return dict.fromkeys({*sections.records, *self.data["lists"]}, inputs)

    def page(self, docname: str) -> PageMetadata:
        """Return the metadata of a page."""
        return next(iter(self.records.get(docname, ())), PageMetadata())

    def tag_of(self, version: str) -> str:
        """Return the release tag of *version*; empty where there is none."""
        return self.edition.tag_of(version) if self.edition else ""

    def url_of(self, tag: str) -> str:
        """Return the address of another release with a slash at its end; empty where unknown."""
        return self.edition.url_of(tag) if self.edition else ""

    def about(self) -> dict[str, Any]:
        """Return what ``anchors.json`` says of the book."""
        return csl.item(self.edition.book_reference()) if self.edition else {}

    def about_section(self, name: str) -> dict[str, str]:
        """Return what ``anchors.json`` says of how the section with this anchor is cited."""
        reference = self.references.get(name)
        if reference is None:
            return {}
        addresses = {"permalink": reference.url, "newest": reference.newest}
        known = {kind: address for kind, address in addresses.items() if address}
        return {"cite": f"cite/{name}.html", "key": reference.key, **known}

    def inputs(self, docname: str) -> object:
        """Return everything that the references of the sections of a document depend on."""
        numbers = self.env.toc_secnumbers.get(docname)
        book = self.edition and (self.edition.page_inputs, self.edition.book_reference())
        return book, numbers, self.data["digests"].get(docname)

    @cached_property
    def references(self) -> dict[str, Reference]:
        """The sections that can be cited, by their first anchor, in reading order."""
        linked = domain_of(self.env, SectionsDomain).linked
        return {
            name: reference
            for name, heading in linked.items()
            if heading.id == name and (reference := self.reference_to(heading))
        }

    def reference_to(self, heading: Heading) -> Reference | None:
        """Return the reference of a section; ``None`` where the project has no edition."""
        anchor = "" if heading.level == 1 else f"#{heading.first_id}"
        # A section has a number where the table of contents is numbered.
        number = self.env.toc_secnumbers.get(heading.docname, {}).get(anchor, ())
        page = self.page(heading.docname)
        return self.edition and self.edition.section_reference(
            heading, ".".join(map(str, number)), page
        )


def note_edition(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read what is said of the book, and report what is wrong in the front matter of pages.

    Without a book nothing is reported: in another project, a date may be any text.
    """
    domain = domain_of(env, BookDomain)
    domain.edition = read_edition(app.config, Path(app.confdir), Path(app.srcdir))
    domain_of(env, SectionsDomain).book = domain if domain.edition else None
    if domain.edition is not None:
        for docname, records in sorted(domain.records.items()):
            for one in records[0].diagnostics:
                warn(one.problem, one.message, location=f"{env.doc2path(docname)}:{one.line}")
    return []
