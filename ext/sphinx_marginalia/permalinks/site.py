"""Whether all that was ever published still leads somewhere, in the built site. Reads only.

Each page that is named is read once, whatever the number of ids on it; all others not at all.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sphinx_marginalia.permalinks import pages
from sphinx_marginalia.permalinks.faults import Fault, Kind, did_you_mean
from sphinx_marginalia.permalinks.places import chains, fragment_of, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sphinx_marginalia.permalinks.lock import Record
    from sphinx_marginalia.permalinks.places import End

#: One of these lies in every site that Sphinx built.
MARKS = ("objects.inv", "searchindex.js", ".buildinfo")
#: The folder of the short pages: ``s/<id>.html`` is what goes into print.
SHORT = "s"


class SiteError(ValueError):
    """The folder is no built site; the message says what to give instead."""


def check(folder: Path, records: Mapping[str, Record]) -> list[Fault]:
    """Return what is lost of all that *records* ever promised, by page.

    :raises SiteError: *folder* is no site
    """
    if not folder.is_dir():
        raise SiteError(f"{folder} is no folder: name the one that the site was built in")
    if not any((folder / mark).is_file() for mark in MARKS):
        raise SiteError(f"{folder} holds no site that Sphinx built: make html builds one")
    site = _Site(folder)
    return [*_places(site, records), *_short_pages(site, records)]


class _Site:
    """The files of a site, whichever of Sphinx's builders made it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._paths: dict[str, str] = {}
        self._ids: dict[str, frozenset[str]] = {}

    def path_of(self, docname: str) -> str:
        """Return the file of a page, or nothing where there is none."""
        if docname not in self._paths:
            ways = (f"{docname}.html", f"{docname}/index.html")
            self._paths[docname] = next((w for w in ways if (self.folder / w).is_file()), "")
        return self._paths[docname]

    def page(self, path: str) -> pages.Page:
        """Read a page."""
        return pages.read((self.folder / path).read_text("utf-8", errors="replace"))

    def ids(self, path: str) -> frozenset[str]:
        """Return the ids in a page, which is read the first time only."""
        if path not in self._ids:
            self._ids[path] = self.page(path).ids
        return self._ids[path]

    def target(self, path: str, href: str) -> tuple[str, str]:
        """Return the file and the id that a link in the page *path* leads to, if in the site."""
        try:
            parts = urlsplit(href)
        except ValueError:  # no address at all
            return "", ""
        if parts.scheme or parts.netloc:
            return "", ""
        if parts.path:
            way = unquote(parts.path) + ("index.html" if parts.path.endswith("/") else "")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), way))
        return path, unquote(parts.fragment)


def _places(site: _Site, records: Mapping[str, Record]) -> Iterator[Fault]:
    """Yield each place, old or new, that is not on its page."""
    wanted: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, record in sorted(records.items()):
        for place in dict.fromkeys((*record.was, record.at)):
            wanted[page_of(place)].append((fragment_of(place), name))
    for docname, asked in sorted(wanted.items()):
        path = site.path_of(docname)
        if not path:
            names = ", ".join(name for _, name in asked)
            message = f"the page is missing, and with it what was published on it: {names}"
            yield Fault(Kind.BUILT_PLACE, message, asked[0][1], docname, f"{docname}.html")
            continue
        there = site.ids(path)
        for fragment, name in asked:
            if fragment not in there:
                message = f"no element has the id {fragment!r}, which was published for {name!r}"
                near = did_you_mean(fragment, sorted(there))
                message += f"; {near}" if near else ""
                yield Fault(Kind.BUILT_PLACE, message, name, docname, path)


def _short_pages(site: _Site, records: Mapping[str, Record]) -> Iterator[Fault]:
    ends = chains(records).ends
    for name in sorted(records):
        path = site.path_of(f"{SHORT}/{name}")
        if not path:
            message = f"the short page of {name!r} is missing: its printed address leads nowhere"
            yield Fault(Kind.SHORT_PAGE, message, name, "", f"{SHORT}/{name}.html")
        elif message := _wrong_in(site, path, ends[name], records):
            yield Fault(Kind.SHORT_PAGE, message, name, "", path)


def _wrong_in(site: _Site, path: str, end: End, records: Mapping[str, Record]) -> str:
    """Return what is wrong in a short page, or nothing."""
    page = site.page(path)
    if not end.id:
        says = page.text and end.reason in page.text
        return "" if says else "the tombstone does not say what became of the section"
    if not page.refresh or page.refresh not in page.links:
        return "it needs a meta refresh, and a plain link to the same address"
    target, fragment = site.target(path, page.refresh)
    expected = site.path_of(page_of(records[end.id].at))
    if target != expected or not target:
        return f"it leads to {page.refresh!r}, and not to {expected or records[end.id].at!r}"
    if fragment not in site.ids(target):
        return f"it leads to {page.refresh!r}, where no element has that id"
    return ""
