"""What there is to say of the book when it is built."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.citing.anchors import history
from sphinx_marginalia.citing.book import cff, release
from sphinx_marginalia.citing.formats.text import date
from sphinx_marginalia.citing.options import KEY, NEWEST_URL, PDF_URL, RELEASE, VERSION_URL
from sphinx_marginalia.core.warnings import Problem, warn

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.config import Config

    from sphinx_marginalia.citing.book.cff import Book
    from sphinx_marginalia.citing.book.release import Release

FILENAME = "CITATION.cff"


class Facts(NamedTuple):
    """All that the citations of a book share."""

    book: Book
    release: Release
    #: Where this version is, with a slash at the end; nothing where nobody said so.
    version_url: str
    #: Where the newest version is, likewise; nothing where that is the same.
    newest_url: str
    #: The whole book as a PDF; nothing where nobody said so.
    pdf_url: str
    #: What the keys of citations begin with: a name and the year.
    key: str
    language: str

    @property
    def printed(self) -> tuple[object, ...]:
        """What pages show: not the state of the work tree, which changes with every commit."""
        return (self.book, self.version_url, self.newest_url, self.pdf_url, self.key, self.language)


def facts_of(config: Config, confdir: Path) -> Facts | None:
    """Return the facts of the book, or nothing where there is no ``CITATION.cff``.

    What is wrong in the file or in the options is reported, and left out.
    """
    file = confdir / FILENAME
    if not file.is_file():
        return None
    book, faults = cff.read(file.read_text(encoding="utf-8", errors="replace"))
    for fault in faults:
        warn(Problem.CITATION_FILE, fault.message, location=f"{file}:{fault.line or 1}")
    if book is None:
        return None
    built = _release(config, confdir, book)
    version_url = _address(VERSION_URL.name, VERSION_URL.value(config), f"v{book.version}")
    version_url = version_url or built.url_base or _base(config) or _slashed(book.url)
    newest_url = _address(NEWEST_URL.name, NEWEST_URL.value(config), "")
    newest_url = newest_url if newest_url != version_url else ""
    pdf_url = _address(PDF_URL.name, PDF_URL.value(config), f"v{book.version}").rstrip("/")
    key = f"{_key(KEY.value(config), book)}{date(book.date).year}"
    language = book.language or config.language or "en"
    return Facts(book, built, version_url, newest_url, pdf_url, key, language)


def _release(config: Config, confdir: Path, book: Book) -> Release:
    """Return whether this is a release: as the option says, or else as Read the Docs or git do."""
    tag = f"v{book.version}"
    match RELEASE.value(config):
        case "release":
            return release.Release("release", f"This is release {tag}.", tag, tag)
        case "draft":
            return release.Release("unknown", "This is a draft.")
    found = release.describe(os.environ, history.state(confdir), book.version)
    for fault in found.faults:
        warn(Problem.CITATION_FILE, fault.message, location=f"{confdir / FILENAME}:1")
    return found


def _address(option: str, template: str, tag: str) -> str:
    """Return the address that an option gives, or nothing."""
    if not template:
        return ""
    address, faults = release.expand(template, {"version": tag} if tag else {})
    for fault in faults:
        warn(Problem.OPTION_VALUE, f"{option} in conf.py: {fault.message}", location=None)
    return address


def _base(config: Config) -> str:
    return _slashed(config.html_baseurl)


def _slashed(address: str) -> str:
    return f"{address.rstrip('/')}/" if address else ""


def _key(wanted: str, book: Book) -> str:
    """Return the beginning of citation keys, in ASCII letters and digits."""
    first = book.authors[0] if book.authors else None
    name = (first.family or first.literal.split()[-1]) if first else book.title.split()[0]
    plain = unicodedata.normalize("NFKD", wanted or name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower()) or "book"
