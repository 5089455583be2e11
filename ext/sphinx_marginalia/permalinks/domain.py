"""The headings of all documents, and what the lock file says of them."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from sphinx_marginalia.core import _
from sphinx_marginalia.core.index import IndexDomain, domain_of
from sphinx_marginalia.core.nodes import CITABLE, is_used
from sphinx_marginalia.core.project import read_project
from sphinx_marginalia.permalinks.headings import blocks, sections
from sphinx_marginalia.permalinks.names import Heading
from sphinx_marginalia.permalinks.redirects import page_of, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docutils import nodes
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.permalinks.lock import Record
    from sphinx_marginalia.permalinks.redirects import PageRedirects, Target


class Book(Protocol):
    """What another feature knows of the book that the sections are in."""

    def tag_of(self, version: str) -> str:
        """Return the release tag of *version*; empty where there is none."""

    def url_of(self, tag: str) -> str:
        """Return the address of another release with a slash at its end; empty where unknown."""

    def about(self) -> dict[str, Any]:
        """Return what ``anchors.json`` says of the book; its title is among it."""

    def about_section(self, name: str) -> dict[str, str]:
        """Return what ``anchors.json`` says of the section with this anchor."""

    def inputs(self, docname: str) -> object:
        """Return everything that this says of the sections of a document depends on."""


class ValidLock(NamedTuple):
    """What the lock file says."""

    records: dict[str, Record] = {}
    #: The redirects that pages need, by the name of the document.
    redirects: dict[str, PageRedirects] = {}
    #: Why it was not compared with the last release, as a sentence.
    skipped: str = ""


class SectionsDomain(IndexDomain[Heading]):
    """All headings and citable blocks, and the redirects that pages need.

    ``locks`` in its data has by the name of a builder what the lock file said at the last build.
    """

    name = "marginalia-sections"
    label = "sections"
    data_version = 13
    initial_data: ClassVar[dict[str, Any]] = {**IndexDomain.initial_data, "locks": {}}
    shared = frozenset({"locks"})

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self.book: Book | None = None
        self.use(ValidLock())

    def use(self, lock: ValidLock) -> None:
        """Use what the lock file says in this build."""
        self.forget()
        self.lock = lock.records
        self.redirects = lock.redirects
        #: The anchors that are not retired.
        self.active = frozenset(n for n, record in lock.records.items() if not record.retired)

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        """Where each anchor of the lock leads."""
        return resolve(self.lock).by_id

    def collect(self, document: nodes.document) -> list[Heading]:
        docname = self.env.current_document.docname
        others = blocks(document, docname) if is_used(self.env, CITABLE) else ()
        return [*sections(document, docname), *others]

    @cached_property
    def linked(self) -> dict[str, Heading]:
        """The headings that have a permalink, by each of their anchors, in reading order."""
        return self._linked(heading for _, heading in self.in_reading_order())

    def linked_in(self, docname: str) -> dict[str, Heading]:
        """Return those of one document, without looking at others."""
        return self._linked(self.records.get(docname, ()))

    def _linked(self, headings: Iterable[Heading]) -> dict[str, Heading]:
        linked: dict[str, Heading] = {}
        for heading in headings:
            names = [name for name in heading.names if name in self.active]
            if names and names[0] != heading.id:  # another label is nearer to the heading
                heading = heading._replace(id=names[0])
            linked |= dict.fromkeys(names, heading)
        return linked

    def explicit(self, docname: str, ids: list[str]) -> set[str]:
        """Return those of *ids* that an author gave to a section of *docname*."""
        headings = self.records.get(docname, ())
        return {name for heading in headings for name in heading.names}.intersection(ids)

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return the anchors and redirects of each page, with the titles that redirects show."""
        return {
            docname: (
                sorted(self.linked_in(docname)),
                self.redirects.get(docname),
                self._titles(docname),
            )
            for docname in {*self.records, *self.redirects}
        }

    def _titles(self, docname: str) -> list[tuple[str, ...]]:
        entries = self.redirects[docname].entries if docname in self.redirects else ()
        pages = [page_of(entry.at) for entry in entries]
        return [
            (self.title(entry.target, page), self.page_title(page), *self.last_release(entry.id))
            for entry, page in zip(entries, pages, strict=True)
        ]

    def title(self, name: str, docname: str = "") -> str:
        """Return the title of the section with the anchor *name*; empty where there is none.

        :param docname: the document it is probably in, which is looked at first
        """
        heading = self.linked_in(docname).get(name) or (name and self.linked.get(name))
        return heading.title if heading else ""

    def last_release(self, name: str) -> tuple[str, str]:
        """Return in words where the text of the anchor *name* still is, and the address.

        Both are empty where the section is not retired or was in no release; the address also
        where that of the release is unknown.
        """
        seen: dict[str, None] = {}
        while (successor := self.lock[name].successor) in self.lock and name not in seen:
            seen[name] = None
            name = successor
        if not (last := self.lock[name].last):
            return "", ""
        words = _("See it in version {version}").format(version=last.removeprefix("v"))
        address = self.book.url_of(last) if self.book else ""
        return words, address and f"{address}{short_path(name)}"

    def first_release(self, name: str) -> tuple[str, str]:
        """Return likewise the release in which an anchor was new; empty where it is this one."""
        version = self.lock[name].first
        words = _("As it was in version {version}").format(version=version)
        address = self.book.url_of(self.book.tag_of(version)) if self.book else ""
        return (words, f"{address}{short_path(name)}") if address else ("", "")

    def page_title(self, docname: str) -> str:
        """Return the title of a page; empty where there is none."""
        title = self.env.titles.get(docname)
        return title.astext() if title is not None else ""


def short_path(name: str) -> str:
    """Return the path of the short page of an anchor, from the root of the site."""
    return f"s/{name}.html"


def read_headings(sourcedir: Path, confdir: Path, doctreedir: Path) -> list[Heading]:
    """Read the documents in *sourcedir* and return their headings in reading order.

    Only doctrees are written. Sphinx's warnings go to standard error. Sources are relative to
    *confdir*.

    :raises sphinx.errors.SphinxError: the project cannot be read
    """
    with read_project("sphinx_marginalia.permalinks", sourcedir, confdir, doctreedir) as app:
        domain = domain_of(app.env, SectionsDomain)
        headings = [heading for _, heading in domain.in_reading_order()]
    # docutils names a file that is included in reStructuredText from the working directory.
    paths = {heading.source: os.path.relpath(heading.source, confdir) for heading in headings}
    return [one._replace(source=Path(paths[one.source]).as_posix()) for one in headings]
