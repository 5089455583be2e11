"""What is written beside the pages of a site: short addresses, pages to cite by, files.

For each id ever published ``s/ID.html`` leads on, for each section ``cite/ID.html`` tells how to
cite it. They are no documents, so they are in no search index, table of contents or EPUB. What has
not changed since the last build is not written again; ``anchors.json`` has a digest of all that is
told of an id, and the names of the files.
"""

from __future__ import annotations

import json
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sphinx_marginalia
from sphinx_marginalia.cite_as import render
from sphinx_marginalia.cite_as.formats import bibtex, csl, ris
from sphinx_marginalia.cite_as.head import TYPES
from sphinx_marginalia.cite_as.references import (
    number_of,
    section_of,
    short_path,
    whole_book,
)
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.permalinks.domain import SITES, SectionsDomain
from sphinx_marginalia.permalinks.places import chains

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.application import Sphinx

    from sphinx_marginalia.cite_as.formats.reference import Reference
    from sphinx_marginalia.permalinks.lock import Record
    from sphinx_marginalia.permalinks.places import End

FILE = "anchors.json"
#: The version of ``anchors.json``; it grows when a reader of it would have to change.
SCHEMA = 1
#: The line behind which each id has its own.
ANCHORS = '"anchors": {\n'


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield all of it, where there is a lock."""
    domain = domain_of(app.env, SectionsDomain)
    if app.builder.name in SITES and domain.locked:
        yield from _Pages(app, domain).publications()


class _Pages:
    """All that one build writes."""

    def __init__(self, app: Sphinx, domain: SectionsDomain) -> None:
        self.app, self.domain, self.facts = app, domain, domain.facts
        home = app.builder.get_target_uri(app.config.root_doc)
        language = app.config.language or "en"
        self.renderer = render.Renderer(self.facts, app.config.project, home, language)

    def publications(self) -> Iterator[Publication]:
        told = {
            name: self.told(name, record, self.references.get(name))
            for name, record in sorted(self.domain.locked.items())
        }
        for name, entry in told.items():
            yield from self.pages_of(name, self.references.get(name), entry)
        yield from self.stubs()
        if self.facts is not None:
            entries = [whole_book(self.facts), *self.references.values()]
            yield Publication(
                ("citations.bib", "citations.ris", "citations.csl.json"),
                (self.digest, entries),
                lambda: (
                    "\n".join(map(bibtex.render, entries)),
                    "".join(map(ris.render, entries)),
                    csl.dump(map(csl.item, entries)),
                ),
            )
        yield Publication((FILE,), (self.digest, told), lambda: (self.known(told),))

    @cached_property
    def ends(self) -> Mapping[str, End]:
        """Where each id leads."""
        return chains(self.domain.locked).ends

    @cached_property
    def references(self) -> dict[str, Reference]:
        """The sections that can be cited, by their first permanent name, in reading order."""
        return dict(self._references())

    def _references(self) -> Iterator[tuple[str, Reference]]:
        if self.facts is None:
            return
        for name, section in self.domain.living.items():
            if section.heading.id == name:
                page = self.domain.page_facts(section.heading.docname)
                number = number_of(self.app.env, section)
                yield name, section_of(self.facts, name, section, number, page)

    @cached_property
    def digest(self) -> str:
        """A digest of what all pages are made of."""
        templates = [file.read_bytes() for file in sorted(render.TEMPLATES.iterdir())]
        made_of = (sphinx_marginalia.__version__, self.facts, self.renderer.shared, templates)
        return fingerprint(made_of)

    # --- where things are ---

    def address(self, name: str) -> str:
        """Return where a living section is, from the root of the site."""
        section = self.domain.living[name]
        page = self.app.builder.get_target_uri(section.heading.docname)
        return f"{page}#{name}"

    # --- pages ---

    def pages_of(
        self, name: str, reference: Reference | None, told: dict[str, Any]
    ) -> Iterator[Publication]:
        """Yield the pages of one id: where it is, and how to cite it."""
        inputs = (self.digest, told, reference, self.domain.title(self.ends[name].id))
        yield Publication(
            (short_path(name),), inputs, lambda: (self.leading_on(name, told.get("url", "")),)
        )
        if reference is not None:
            files = tuple(f"cite/{name}.{ending}" for ending in ("html", *TYPES))
            yield Publication(files, inputs, lambda: self.cite_page(name, reference))
        elif self.facts is not None:
            end = self.ends[name].id
            living = end in self.domain.living
            first = self.domain.living[end].heading.id if living else ""
            yield Publication(
                (f"cite/{name}.html",),
                (inputs, first),
                lambda: (self.leading_on(name, first and f"cite/{first}.html"),),
            )

    def leading_on(self, name: str, address: str) -> str:
        """Return a page that leads on from an id, or says why nothing is there any more."""
        end = self.ends[name]
        if address:
            return self.renderer.moved("../", self.domain.title(end.id), refresh=address)
        reason = end.reason or _("The section was removed.")
        return self.renderer.moved("../", self.domain.locked[name].title, text=reason)

    def cite_page(self, name: str, reference: Reference) -> list[str]:
        """Return the page that tells how to cite a section, and the files beside it."""
        page, files = self.renderer.cite(name, reference, self.address(name))
        return [page, *(files[ending] for ending in TYPES)]

    def stubs(self) -> Iterator[Publication]:
        """Yield a page in the place of each that is gone."""
        for docname, kept in self.domain.kept.items():
            if not kept.stub:
                continue
            root = "../" * self.app.builder.get_target_uri(docname).count("/")
            entries = tuple(
                render.Moved(
                    entry.old,
                    self.domain.title(entry.target) or entry.title,
                    self.address(entry.target) if entry.target in self.domain.living else "",
                    f": {entry.reason}" if entry.reason else "",
                )
                for entry in kept.entries
            )
            outfile = Path(self.app.builder.get_outfilename(docname))  # type: ignore[attr-defined]
            path = outfile.relative_to(self.app.outdir).as_posix()
            yield Publication(
                (path,), (self.digest, root, entries), partial(self.stub, root, entries)
            )

    def stub(self, root: str, entries: tuple[render.Moved, ...]) -> tuple[str]:
        text = _("This page is no more. What stood on it:")
        return (self.renderer.moved(root, _("Moved"), text=text, entries=entries),)

    # --- for programs ---

    def told(self, name: str, record: Record, reference: Reference | None) -> dict[str, Any]:
        """Return what ``anchors.json`` says of one id."""
        end = self.ends[name]
        title = self.domain.title(name) or record.title
        found: dict[str, Any] = {"title": title, "short": short_path(name)}
        if end.id in self.domain.living:
            found["url"] = self.address(end.id)
        if end.id and end.id != name:
            found["successor"] = end.id
        if end.reason:
            found["reason"] = end.reason
        if reference is not None:
            found["cite"] = f"cite/{name}.html"
            found["key"] = reference.key
            addresses = {"permalink": reference.url, "newest": reference.newest}
            found |= {kind: address for kind, address in addresses.items() if address}
        return found

    def known(self, told: dict[str, dict[str, Any]]) -> str:
        """Return the text of ``anchors.json``: a line for each id."""
        titled = {"title": self.app.config.project}
        book = csl.item(whole_book(self.facts)) if self.facts else titled
        encode = json.JSONEncoder(ensure_ascii=False).encode
        lines = ",\n".join(f"{encode(name)}: {encode(entry)}" for name, entry in told.items())
        head = f'"schema": {SCHEMA},\n"book": {encode(book)}'
        return f"{{\n{head},\n{ANCHORS}{lines}\n}}\n}}\n"
