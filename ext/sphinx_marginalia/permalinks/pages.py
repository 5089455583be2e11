"""Files beside the pages of a site: short pages, pages in the place of removed ones, a list.

For each anchor ever published, ``s/ID.html`` leads to its section. Where a page is gone, a page in
its place lists what was on it. ``anchors.json`` is for programs. None of them is a document, so
they are in no search index, table of contents or EPUB, and they are not made with the theme, which
takes milliseconds a page: a book can have thousands of sections.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader

from sphinx_marginalia.core import _
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.permalinks.domain import SITES, SectionsDomain, short_path
from sphinx_marginalia.permalinks.redirects import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from sphinx_marginalia.permalinks.lock import Record
    from sphinx_marginalia.permalinks.redirects import PageRedirects, Target

#: Emitted with an :class:`Anchors` before it is published: another feature may add to it.
EVENT = "marginalia-anchors"
FILE = "anchors.json"
#: The version of ``anchors.json``; raised when programs that read it have to change.
SCHEMA = 1
TEMPLATES = Path(__file__).parent / "templates"


class Anchors(NamedTuple):
    """The content of ``anchors.json``."""

    #: What is said of the book: its title.
    book: dict[str, Any]
    #: What is said of each anchor.
    entries: dict[str, dict[str, Any]]


@cache
def environment(*folders: Path) -> Environment:
    """Return the Jinja environment with the templates here and in *folders*."""
    return Environment(
        autoescape=True,
        loader=FileSystemLoader([*folders, TEMPLATES]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # otherwise it looks at the files for each page
    )


class PageRenderer:
    """Renders the pages that lead to a section.

    :param book: the title in the header of each page
    """

    def __init__(self, app: Sphinx, book: str) -> None:
        self.domain = domain_of(app.env, SectionsDomain)
        self.targets = resolve(self.domain.lock).by_id
        #: Values for all templates.
        self.shared = {
            "root": "../",
            "book": book,
            "home": app.builder.get_target_uri(app.config.root_doc),
            "language": app.config.language or "en",
            "w_go_on": _("Go on to the section"),
        }
        self._template = environment().get_template("moved.html.jinja")

    def render(self, root: str, title: str, **values: Any) -> str:
        """Return a page.

        :param root: the way from the page to the root of the site
        :param values: ``refresh``, the address it leads to; ``text``; ``entries``
        """
        return self._template.render({**self.shared, **values, "root": root, "title": title})

    def publish_redirect(self, path: str, name: str, address: str) -> Publication:
        """Return a page that leads from an anchor to *address*, or says why it leads nowhere."""
        record, values = self.domain.lock[name], dict[str, Any]()
        if address:
            title = self.domain.title(self.targets[name].id)
            values = {"refresh": address, "release": self.domain.first_release(name)}
        else:
            title, reason = record.title, self.targets[name].reason or _("The section was removed.")
            values = {"text": reason, "release": self.domain.last_release(name)}
        inputs = (self.shared, title, values)
        return Publication((path,), inputs, lambda: [self.render("../", title, **values)])


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield all files, where there is a lock."""
    domain = domain_of(app.env, SectionsDomain)
    if app.builder.name not in SITES or not domain.lock:
        return
    targets = resolve(domain.lock).by_id
    entries = {
        name: _entry(app, domain, name, record, targets[name])
        for name, record in sorted(domain.lock.items())
    }
    anchors = Anchors({"title": app.config.project}, entries)
    app.emit(EVENT, anchors)
    renderer = PageRenderer(app, anchors.book["title"])
    for name, entry in entries.items():
        yield renderer.publish_redirect(short_path(name), name, entry.get("url", ""))
    for docname, page in domain.redirects.items():
        if page.is_gone:
            yield _replacement(app, renderer, docname, page)
    yield Publication((FILE,), anchors, lambda: [_json(anchors)])


def _entry(
    app: Sphinx, domain: SectionsDomain, name: str, record: Record, target: Target
) -> dict[str, Any]:
    """Return what ``anchors.json`` says of one anchor."""
    entry = {
        "title": domain.title(name) or record.title,
        "short": short_path(name),
        "url": domain.address(app.builder, target.id) if target.id in domain.linked else "",
        "successor": target.id if target.id != name else "",
        "reason": target.reason,
        "last": record.last,
    }
    return {key: value for key, value in entry.items() if value or key == "title"}


def _replacement(
    app: Sphinx, renderer: PageRenderer, docname: str, page: PageRedirects
) -> Publication:
    """Return a page in the place of a removed one."""
    domain = renderer.domain
    root = "../" * app.builder.get_target_uri(docname).count("/")
    linked = domain.linked
    entries = [
        {
            "id": one.old,
            "title": domain.title(one.target) or one.title,
            "address": domain.address(app.builder, one.target) if one.target in linked else "",
            "reason": one.reason,
            "release": domain.last_release(one.id),
        }
        for one in page.entries
    ]
    outfile = Path(app.builder.get_outfilename(docname))  # type: ignore[attr-defined]
    text = _("This page is no more. What stood on it:")
    return Publication(
        (outfile.relative_to(app.outdir).as_posix(),),
        (renderer.shared, root, entries),
        lambda: [renderer.render(root, _("Moved"), text=text, entries=entries)],
    )


def _json(anchors: Anchors) -> str:
    """Return the text of ``anchors.json``: one line for each anchor."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = ",\n".join(
        f"{encode(name)}: {encode(entry)}" for name, entry in anchors.entries.items()
    )
    head = f'"schema": {SCHEMA},\n"book": {encode(anchors.book)}'
    return f'{{\n{head},\n"anchors": {{\n{lines}\n}}\n}}\n'
