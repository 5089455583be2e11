"""What is written beside the pages of a site: short addresses, pages to cite by, files.

For each id ever published ``s/ID.html`` leads on, for each section ``cite/ID.html`` tells how to
cite it. They are no documents, so they are in no search index, table of contents or EPUB. What has
not changed since the last build is not written again; ``anchors.json``, which holds all that such a
page is made of, tells.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx_marginalia.citing.anchors.names import is_name
from sphinx_marginalia.citing.anchors.places import chains
from sphinx_marginalia.citing.formats import bibtex, csl, ris
from sphinx_marginalia.citing.site.domain import SITES, SectionsDomain
from sphinx_marginalia.citing.site.head import TYPES
from sphinx_marginalia.citing.site.references import (
    number_of,
    section_of,
    short_path,
    whole_book,
)
from sphinx_marginalia.citing.site.render import Cited, Moved, Renderer
from sphinx_marginalia.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from sphinx_marginalia.citing.anchors.lock import Record
    from sphinx_marginalia.citing.formats.reference import Reference

FILE = "anchors.json"
#: The version of ``anchors.json``; it grows when a reader of it would have to change.
SCHEMA = 1


def write_pages(app: Sphinx, exception: Exception | None) -> None:
    """Write all of it."""
    if exception is not None or app.builder.name not in SITES:
        return
    domain = cast("SectionsDomain", app.env.domains[SectionsDomain.name])
    if domain.locked:
        _Pages(app, domain).write()


class _Pages:
    """All that one build writes."""

    def __init__(self, app: Sphinx, domain: SectionsDomain) -> None:
        self.app, self.domain, self.facts = app, domain, domain.facts
        self.out = Path(app.outdir)
        self.home = app.builder.get_target_uri(app.config.root_doc)
        language = self.facts.language if self.facts else app.config.language
        self.renderer = Renderer(self.facts, app.config.project, self.home, language)
        self.ends = chains(domain.locked).ends

    def write(self) -> None:
        references = dict(self.references())
        known = self.known(references)
        before, same_book = self.before(known)
        for name in before.keys() - known["anchors"].keys():
            self.remove(short_path(name), *_files_to_cite(name))
        for name in self.domain.locked:
            told = same_book and before.get(name) == known["anchors"][name]
            if not told or not (self.out / short_path(name)).is_file():
                self.pages_of(name, references.get(name))
        self.stubs()
        self.put(FILE, f"{json.dumps(known, indent=1, ensure_ascii=False)}\n")
        if self.facts is not None:
            self.whole(list(references.values()))

    def references(self) -> Iterator[tuple[str, Reference]]:
        """Yield each section that can be cited, by its first permanent name."""
        if self.facts is None:
            return
        for name, section in self.domain.living.items():
            if section.heading.id == name:
                page = self.domain.page_facts(section.heading.docname)
                number = number_of(self.app.env, section)
                yield name, section_of(self.facts, name, section, number, page)

    # --- where things are ---

    def address(self, name: str) -> str:
        """Return where a living section is, from the root of the site."""
        section = self.domain.living[name]
        page = self.app.builder.get_target_uri(section.heading.docname)
        return f"{page}#{name}"

    def put(self, path: str, text: str) -> None:
        file = self.out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")

    def remove(self, *paths: str) -> None:
        for path in paths:
            (self.out / path).unlink(missing_ok=True)

    # --- pages ---

    def pages_of(self, name: str, reference: Reference | None) -> None:
        """Write the pages of one id: where it is, and how to cite it."""
        end = self.ends[name].id
        living = end in self.domain.living
        self.put(short_path(name), self.leading_on(name, self.address(end) if living else ""))
        if reference is not None:
            self.cite_page(name, reference)
            return
        self.remove(*_files_to_cite(name))
        if self.facts is not None:
            first = self.domain.living[end].heading.id if living else ""
            self.put(f"cite/{name}.html", self.leading_on(name, first and f"cite/{first}.html"))

    def leading_on(self, name: str, address: str) -> str:
        """Return a page that leads on from an id, or says why nothing is there any more."""
        end = self.ends[name]
        if address:
            return self.renderer.moved("../", self.title(end.id), refresh=address)
        reason = end.reason or _("The section was removed.")
        return self.renderer.moved("../", self.domain.locked[name].title, text=reason)

    def cite_page(self, name: str, reference: Reference) -> None:
        assert self.facts is not None
        cited = Cited(reference, whole_book(self.facts), self.address(name))
        page, files = self.renderer.cite(self.facts, cited)
        self.put(f"cite/{name}.html", page)
        for ending, text in files.items():
            self.put(f"cite/{name}.{ending}", text)

    def stubs(self) -> None:
        """Write a page in the place of each that is gone."""
        for docname, kept in self.domain.kept.items():
            if not kept.stub:
                continue
            here = self.app.builder.get_target_uri(docname)
            root = "../" * here.count("/")
            entries = tuple(
                Moved(
                    entry.old,
                    self.title(entry.target) or entry.title,
                    self.address(entry.target) if entry.target in self.domain.living else "",
                    f": {entry.reason}" if entry.reason else "",
                )
                for entry in kept.entries
            )
            text = _("This page is no more. What stood on it:")
            page = self.renderer.moved(root, _("Moved"), text=text, entries=entries)
            self.put(f"{here}index.html" if here.endswith("/") else here, page)

    def title(self, name: str) -> str:
        section = self.domain.living.get(name)
        return section.heading.title if section else ""

    # --- for programs ---

    def known(self, references: dict[str, Reference]) -> dict[str, Any]:
        """Return what ``anchors.json`` says."""
        facts = self.facts
        book: dict[str, Any] = {"title": self.app.config.project}
        if facts is not None:
            book = {**csl.item(whole_book(facts)), "build": facts.release.reason}
        anchors = {
            name: self.told(name, record, references.get(name))
            for name, record in sorted(self.domain.locked.items())
        }
        return {"schema": SCHEMA, "book": book, "anchors": anchors}

    def told(self, name: str, record: Record, reference: Reference | None) -> dict[str, Any]:
        """Return what is said of one id."""
        end = self.ends[name]
        found: dict[str, Any] = {
            "title": self.title(name) or record.title,
            "short": short_path(name),
        }
        if end.id in self.domain.living:
            found["url"] = self.address(end.id)
        if end.id and end.id != name:
            found["successor"] = end.id
        if end.reason:
            found["reason"] = end.reason
        if reference is not None:
            found["cite"] = f"cite/{name}.html"
            found["citation"] = csl.item(reference)
            if reference.newest:
                found["newest"] = reference.newest
        return found

    def before(self, known: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Return what the last build said of each id, and whether the book is the same."""
        try:
            found = json.loads((self.out / FILE).read_text(encoding="utf-8"))
            anchors = dict(found["anchors"])
        except (OSError, ValueError, KeyError, TypeError):
            return {}, False
        same = all(found.get(key) == known[key] for key in ("schema", "book"))
        return {name: told for name, told in anchors.items() if is_name(name)}, same

    def whole(self, references: list[Reference]) -> None:
        """Write the files with every section of the book."""
        assert self.facts is not None
        entries = [whole_book(self.facts), *references]
        self.put("citations.bib", "\n".join(bibtex.render(entry) for entry in entries))
        self.put("citations.ris", "".join(ris.render(entry) for entry in entries))
        self.put("citations.csl.json", csl.dump(csl.item(entry) for entry in entries))


def _files_to_cite(name: str) -> list[str]:
    return [f"cite/{name}.{ending}" for ending in ("html", *TYPES)]
