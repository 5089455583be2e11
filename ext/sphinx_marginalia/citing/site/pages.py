"""What is written beside the pages of a site: short addresses, pages to cite by, files.

For each id ever published ``s/ID.html`` leads on, for each section ``cite/ID.html`` tells how to
cite it. They are no documents, so they are in no search index, table of contents or EPUB. What has
not changed since the last build is not written again; ``anchors.json`` has a digest of all that is
told of an id, and the names of the files.
"""

from __future__ import annotations

import json
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import sphinx_marginalia
from sphinx_marginalia.citing.anchors.places import chains
from sphinx_marginalia.citing.formats import bibtex, csl, ris
from sphinx_marginalia.citing.site import render
from sphinx_marginalia.citing.site.domain import SITES, SectionsDomain
from sphinx_marginalia.citing.site.head import TYPES
from sphinx_marginalia.citing.site.output import Output, are_there
from sphinx_marginalia.citing.site.references import (
    number_of,
    section_of,
    short_path,
    whole_book,
)
from sphinx_marginalia.core.digests import fingerprint
from sphinx_marginalia.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sphinx.application import Sphinx

    from sphinx_marginalia.citing.anchors.lock import Record
    from sphinx_marginalia.citing.anchors.places import End
    from sphinx_marginalia.citing.formats.reference import Reference

FILE = "anchors.json"
#: The version of ``anchors.json``; it grows when a reader of it would have to change.
SCHEMA = 1
#: The line behind which each id has its own.
ANCHORS = '"anchors": {\n'


def write_pages(app: Sphinx, exception: Exception | None) -> None:
    """Write all of it; without a lock, take away what a former build wrote."""
    if exception is not None or app.builder.name not in SITES:
        return
    domain = cast("SectionsDomain", app.env.domains[SectionsDomain.name])
    pages = _Pages(app, domain)
    if pages.is_written():
        return
    if domain.locked:
        pages.write()
    elif before := _before(Path(app.outdir, FILE)):
        output = Output(app, [*before["files"], FILE])
        output.clear()


def _before(file: Path) -> dict[str, Any]:
    """Return what the last build wrote into ``anchors.json``, if that is ours."""
    return _ours(file.read_text, files=list, anchors=dict)


def _head(file: Path) -> dict[str, Any]:
    """Return the same without what is told of each id, which is by far the most."""

    def read(encoding: str) -> str:
        with file.open(encoding=encoding) as lines:
            head = "".join(takewhile(lambda line: line != ANCHORS, lines))
        return head.rstrip().removesuffix(",") + "}"

    return _ours(read, files=list, made_of=str)


def _ours(read: Callable[[str], str], **shapes: type) -> dict[str, Any]:
    try:
        found = json.loads(read("utf-8"))
    except (OSError, ValueError):
        return {}
    ours = isinstance(found, dict) and found.get("schema") == SCHEMA
    return found if ours and all(isinstance(found.get(k), t) for k, t in shapes.items()) else {}


class _Pages:
    """All that one build writes."""

    def __init__(self, app: Sphinx, domain: SectionsDomain) -> None:
        self.app, self.domain, self.facts = app, domain, domain.facts
        self.file = Path(app.outdir, FILE)
        home = app.builder.get_target_uri(app.config.root_doc)
        language = app.config.language or "en"
        self.renderer = render.Renderer(self.facts, app.config.project, home, language)

    def write(self) -> None:
        """Write what has changed, and take away what has no use any more."""
        told = {}
        for name, record in sorted(self.domain.locked.items()):
            reference = self.references.get(name)
            told[name] = self.told(name, record, reference)
            self.pages_of(name, reference, told[name])
        self.stubs()
        if self.facts is not None:
            entries = [whole_book(self.facts), *self.references.values()]
            self.output.put("citations.bib", "\n".join(map(bibtex.render, entries)))
            self.output.put("citations.ris", "".join(map(ris.render, entries)))
            self.output.put("citations.csl.json", csl.dump(map(csl.item, entries)))
        self.output.put(FILE, self.known(told))
        if FILE in self.output.written:
            self.domain.note_written(self.file)
        self.output.clear()

    def is_written(self) -> bool:
        """Return whether the last build wrote all of it, and it is there."""
        head = _head(self.file) if self.domain.unchanged else {}
        return (
            head.get("made_of") == self.digest
            and are_there(self.file.parent, head["files"])
            and self.domain.is_written(self.file)
        )

    @cached_property
    def before(self) -> dict[str, Any]:
        """What the last build wrote."""
        return _before(self.file)

    @cached_property
    def ends(self) -> Mapping[str, End]:
        """Where each id leads."""
        return chains(self.domain.locked).ends

    @cached_property
    def output(self) -> Output:
        """Where it is written."""
        files = [*self.before.get("files", ()), FILE] if self.before else ()
        return Output(self.app, files, self.domain.gone)

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

    def pages_of(self, name: str, reference: Reference | None, told: dict[str, Any]) -> None:
        """Write the pages of one id, if they have changed: where it is, and how to cite it."""
        files = [short_path(name)]
        if reference is not None:
            files += [f"cite/{name}.{ending}" for ending in ("html", *TYPES)]
        elif self.facts is not None:
            files.append(f"cite/{name}.html")
        same = self.before.get("anchors", {}).get(name, {}).get("digest") == told["digest"]
        if same and all([self.output.has(path) for path in files]):  # noqa: C419  (all are asked)
            return
        self.output.put(short_path(name), self.leading_on(name, told.get("url", "")))
        if reference is not None:
            self.cite_page(name, reference)
        elif self.facts is not None:
            end = self.ends[name].id
            living = end in self.domain.living
            first = self.domain.living[end].heading.id if living else ""
            page = self.leading_on(name, first and f"cite/{first}.html")
            self.output.put(f"cite/{name}.html", page)

    def leading_on(self, name: str, address: str) -> str:
        """Return a page that leads on from an id, or says why nothing is there any more."""
        end = self.ends[name]
        if address:
            return self.renderer.moved("../", self.domain.title(end.id), refresh=address)
        reason = end.reason or _("The section was removed.")
        return self.renderer.moved("../", self.domain.locked[name].title, text=reason)

    def cite_page(self, name: str, reference: Reference) -> None:
        """Write the page that tells how to cite a section, and the files beside it."""
        page, files = self.renderer.cite(name, reference, self.address(name))
        self.output.put(f"cite/{name}.html", page)
        for ending, text in files.items():
            self.output.put(f"cite/{name}.{ending}", text)

    def stubs(self) -> None:
        """Write a page in the place of each that is gone."""
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
            text = _("This page is no more. What stood on it:")
            page = self.renderer.moved(root, _("Moved"), text=text, entries=entries)
            self.output.put(self.output.path_of(self.app, docname), page)

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
        successor = self.domain.title(end.id)
        made_of = (self.digest, found, reference, successor)
        found["digest"] = fingerprint(made_of)[:16]
        return found

    def known(self, told: dict[str, dict[str, Any]]) -> str:
        """Return the text of ``anchors.json``: a line for each id."""
        titled = {"title": self.app.config.project}
        book = csl.item(whole_book(self.facts)) if self.facts else titled
        files = sorted(self.output.written - {FILE})
        encode = json.JSONEncoder(ensure_ascii=False).encode
        lines = ",\n".join(f"{encode(name)}: {encode(entry)}" for name, entry in told.items())
        # What was refused has to be tried, and reported, in each build.
        made_of = "" if self.output.refused else self.digest
        head = f'"schema": {SCHEMA},\n"made_of": "{made_of}",\n'
        head += f'"book": {encode(book)},\n"files": {encode(files)}'
        return f"{{\n{head},\n{ANCHORS}{lines}\n}}\n}}\n"
