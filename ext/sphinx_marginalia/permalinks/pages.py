"""Files beside the pages of a site: short pages, pages in the place of removed ones, a list.

For each anchor ever published, ``s/ID.html`` leads to its section. Where a page is gone, a page in
its place lists what was on it. ``anchors.json`` is for programs. None of them is a document, so
they are in no search index, table of contents or EPUB, and they are not made with the theme, which
takes milliseconds a page: a book can have thousands of sections.
"""

from __future__ import annotations

import json
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import makes_site
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.permalinks.domain import SectionsDomain, short_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx.application import Sphinx

    from sphinx_marginalia.permalinks.names import Heading
    from sphinx_marginalia.permalinks.redirects import PageRedirects

FILE = "anchors.json"
#: The version of ``anchors.json``; raised when programs that read it have to change.
SCHEMA = 1
TEMPLATES = Path(__file__).parent / "templates"


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


class Group(NamedTuple):
    """The anchors that lead to one document."""

    #: Empty for those that lead nowhere.
    docname: str
    names: list[str]
    #: A fingerprint of all that is said of them.
    inputs: str


class AnchorPages:
    """The pages that lead to sections, and what they have in common with those to cite by.

    What is made for one document is one publication: to compare the inputs of each anchor took
    longer than the build of a page in a book with thousands of them.
    """

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.domain = domain_of(app.env, SectionsDomain)
        book = self.domain.book
        #: What ``anchors.json`` says of the book.
        self.book = book.about() if book else {"title": app.config.project}
        #: Values for all templates.
        self.shared = {
            "root": "../",
            "book": self.book["title"],
            "home": app.builder.get_target_uri(app.config.root_doc),
            "language": app.config.language or "en",
            "w_go_on": _("Go on to the section"),
        }
        self._template = environment().get_template("moved.html.jinja")
        self.groups = list(self._groups())

    def _groups(self) -> Iterator[Group]:
        """Yield the anchors by document, in reading order; those that lead nowhere come last."""
        names: dict[str, list[str]] = {docname: [] for docname in self.domain.documents}
        names[""] = []
        for name in sorted(self.domain.lock):
            heading = self.domain.linked.get(self.domain.targets[name].id)
            names[heading.docname if heading else ""].append(name)
        for docname, some in names.items():
            if some:
                yield Group(docname, some, fingerprint(self._inputs(docname, some)))

    def _inputs(self, docname: str, names: Sequence[str]) -> tuple[object, ...]:
        """Return all that is said of *names*, which lead to a document."""
        book = self.domain.book
        records = [self.domain.lock[name] for name in names]
        # A record names the version in which the anchor was new, and the tag of the last one.
        versions = sorted({one for record in records for one in (record.first, record.last)})
        return (
            self.shared,
            [_said(heading) for heading in self.domain.records.get(docname, ())],
            docname and self.app.builder.get_target_uri(docname),
            list(zip(names, records, strict=True)),
            book and book.inputs(docname),
            book and [(book.url_of(book.tag_of(one)), book.url_of(one)) for one in versions],
        )

    def render(self, root: str, title: str, **values: Any) -> str:
        """Return a page.

        :param root: the way from the page to the root of the site
        :param values: ``refresh``, the address it leads to; ``text``; ``entries``
        """
        return self._template.render({**self.shared, **values, "root": root, "title": title})

    def redirect(self, name: str, address: str) -> str:
        """Return a page that leads from an anchor to *address*, or says why it leads nowhere."""
        domain, target = self.domain, self.domain.targets[name]
        if address:
            values = {"refresh": address, "release": domain.first_release(name)}
            return self.render("../", domain.title(target.id), **values)
        reason = target.reason or _("The section was removed.")
        values = {"text": reason, "release": domain.last_release(name)}
        return self.render("../", domain.lock[name].title, **values)

    def address(self, name: str) -> str:
        """Return where an anchor leads, from the root of the site; empty where it leads nowhere."""
        target = self.domain.targets[name].id
        heading = self.domain.linked.get(target)
        return f"{self.app.builder.get_target_uri(heading.docname)}#{target}" if heading else ""


def _said(heading: Heading) -> tuple[object, ...]:
    """Return what files say of a section: all but where its *heading* is written."""
    return heading.names, heading.title, heading.title_parts, heading.level, heading.first_id


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield all files, where there is a lock."""
    domain = domain_of(app.env, SectionsDomain)
    if not makes_site(app.builder) or not domain.lock:
        return
    pages = AnchorPages(app)
    for group in pages.groups:
        files = tuple(map(short_path, group.names))
        yield Publication(files, group.inputs, partial(_short_pages, pages, group.names))
    for docname, page in domain.redirects.items():
        if page.is_gone:
            yield _replacement(pages, docname, page)
    inputs = (pages.book, [group.inputs for group in pages.groups])
    yield Publication((FILE,), inputs, lambda: [_json(pages)])


def _short_pages(pages: AnchorPages, names: Iterable[str]) -> list[str]:
    return [pages.redirect(name, pages.address(name)) for name in names]


def _entry(pages: AnchorPages, name: str) -> dict[str, Any]:
    """Return what ``anchors.json`` says of one anchor."""
    domain, book = pages.domain, pages.domain.book
    record, target = domain.lock[name], domain.targets[name]
    entry = {
        "title": domain.title(name) or record.title,
        "short": short_path(name),
        "url": pages.address(name),
        "successor": target.id if target.id != name else "",
        "reason": target.reason,
        "last": record.last,
    }
    said = {key: value for key, value in entry.items() if value or key == "title"}
    return said | (book.about_section(name) if book else {})


def _replacement(pages: AnchorPages, docname: str, page: PageRedirects) -> Publication:
    """Return a page in the place of a removed one."""
    domain, app = pages.domain, pages.app
    root = "../" * app.builder.get_target_uri(docname).count("/")
    entries = [
        {
            "id": one.old,
            "title": domain.title(one.target) or one.title,
            "address": pages.address(one.id),
            "reason": one.reason,
            "release": domain.last_release(one.id),
        }
        for one in page.entries
    ]
    outfile = Path(app.builder.get_outfilename(docname))  # type: ignore[attr-defined]
    text = _("This page is no more. What stood on it:")
    return Publication(
        (outfile.relative_to(app.outdir).as_posix(),),
        (pages.shared, root, entries),
        lambda: [pages.render(root, _("Moved"), text=text, entries=entries)],
    )


def _json(pages: AnchorPages) -> str:
    """Return the text of ``anchors.json``: one line for each anchor."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = ",\n".join(
        f"{encode(name)}: {encode(_entry(pages, name))}" for name in sorted(pages.domain.lock)
    )
    head = f'"schema": {SCHEMA},\n"book": {encode(pages.book)}'
    return f'{{\n{head},\n"anchors": {{\n{lines}\n}}\n}}\n'
