"""Whether everything that was ever published still leads somewhere, in a built site.

Only reads. Each page with anchors is read once, however many there are; other pages are not read.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sphinx_marginalia.core.diagnostics import Diagnostic, did_you_mean, sentence
from sphinx_marginalia.permalinks.problems import BuiltSiteProblem
from sphinx_marginalia.permalinks.redirects import fragment_of, page_of, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sphinx_marginalia.permalinks.lock import Record
    from sphinx_marginalia.permalinks.redirects import Target

#: Every site that Sphinx built has one of these files.
SIGNS = ("objects.inv", "searchindex.js", ".buildinfo")
#: The content of a meta refresh (HTML, “declarative refresh steps”): ``0; url=page.html#id``.
REFRESH = re.compile(
    r"\s*[\d.]+\s*[;,]?\s*(?:url\s*=\s*)?(['\"]?)(?P<address>.*)\1\s*\Z", re.IGNORECASE | re.DOTALL
)
#: Elements whose text is not shown.
HIDDEN = frozenset(("head", "script", "style", "template", "title"))


class SiteError(ValueError):
    """The folder is not a built site; the message says what to give instead."""


def check(folder: Path, records: Mapping[str, Record]) -> list[Diagnostic]:
    """Return what is lost of all that *records* ever promised, by page.

    :raises SiteError: *folder* is not a site
    """
    if not folder.is_dir():
        raise SiteError(f"{folder} is not a folder: name the one that the site was built in")
    if not any((folder / sign).is_file() for sign in SIGNS):
        raise SiteError(f"{folder} is not a site that Sphinx built: build it first")
    site = _Site(folder)
    return [*_check_locations(site, records), *_check_short_pages(site, records)]


class _Site:
    """The files of a site, whichever of Sphinx's builders wrote it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ids: dict[str, set[str]] = {}

    def path_of(self, docname: str) -> str:
        """Return the file of a page; empty where there is none."""
        paths = (f"{docname}.html", f"{docname}/index.html")
        return next((path for path in paths if (self.folder / path).is_file()), "")

    def page(self, path: str) -> Page:
        """Read a page."""
        return Page((self.folder / path).read_text("utf-8", errors="replace"))

    def ids(self, path: str) -> set[str]:
        """Return the ids in a page, which is read only once."""
        if path not in self._ids:
            self._ids[path] = self.page(path).ids
        return self._ids[path]

    def target(self, path: str, href: str) -> tuple[str, str]:
        """Return the file and the id that a link in the page *path* leads to, if in the site."""
        try:
            parts = urlsplit(href)
        except ValueError:  # not an address at all
            return "", ""
        if parts.scheme or parts.netloc:
            return "", ""
        if parts.path:
            file = unquote(parts.path) + ("index.html" if parts.path.endswith("/") else "")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
        return path, unquote(parts.fragment)


def _check_locations(site: _Site, records: Mapping[str, Record]) -> Iterator[Diagnostic]:
    """Yield each location, old or new, whose id is not on its page."""
    problem = BuiltSiteProblem.ANCHOR_BUILT_PLACE
    by_page: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, record in sorted(records.items()):
        for location in record.locations:
            by_page[page_of(location)].append((fragment_of(location), name))
    for docname, fragments in sorted(by_page.items()):
        path = site.path_of(docname)
        if not path:
            names = ", ".join(name for _, name in fragments)
            message = f"the page is missing, and with it what was published on it: {names}"
            yield Diagnostic(problem, message, fragments[0][1], source=f"{docname}.html")
            continue
        ids = site.ids(path)
        for fragment, name in fragments:
            if fragment not in ids:
                message = f"no element has the id {fragment!r}, which was published for {name!r}"
                message = sentence(message, did_you_mean(fragment, sorted(ids)))
                yield Diagnostic(problem, message, name, source=path)


def _check_short_pages(site: _Site, records: Mapping[str, Record]) -> Iterator[Diagnostic]:
    problem = BuiltSiteProblem.ANCHOR_SHORT_PAGE
    targets = resolve(records).by_id
    for name in sorted(records):
        path = site.path_of(f"s/{name}")
        if not path:
            message = f"the short page of {name!r} is missing: its printed address leads nowhere"
            yield Diagnostic(problem, message, name, source=f"s/{name}.html")
        elif message := _short_page_problem(site, path, targets[name], records):
            yield Diagnostic(problem, message, name, source=path)


def _short_page_problem(
    site: _Site, path: str, target: Target, records: Mapping[str, Record]
) -> str:
    """Return what is wrong with a short page, or an empty text."""
    page = site.page(path)
    if not target.id:
        says_why = page.text and target.reason in page.text
        return "" if says_why else "it does not say why the section was removed"
    if not page.refresh or page.refresh not in page.links:
        return "it needs a meta refresh, and a plain link to the same address"
    file, fragment = site.target(path, page.refresh)
    expected = site.path_of(page_of(records[target.id].at))
    if file != expected or not file:
        return f"it leads to {page.refresh!r}, and not to {expected or records[target.id].at!r}"
    if fragment not in site.ids(file):
        return f"it leads to {page.refresh!r}, where no element has that id"
    return ""


class Page(HTMLParser):
    """What a built page contains."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        #: The ids of its elements, and the addresses of its links.
        self.ids: set[str] = set()
        self.links: set[str] = set()
        #: The address of its meta refresh; empty where it has none.
        self.refresh = ""
        self._texts: list[str] = []
        self._hidden = ""
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """The text that is shown, with single spaces."""
        return " ".join("".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        values = {key: value for key, value in reversed(attrs) if value is not None}
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        elif tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            match = REFRESH.match(values.get("content", ""))
            self.refresh = match["address"] if match else ""
        if tag in HIDDEN and not self._hidden:
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._texts.append(data)
