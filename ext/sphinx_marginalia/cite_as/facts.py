"""What there is to say of the book when it is built."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.cite_as import release
from sphinx_marginalia.cite_as.book import cff
from sphinx_marginalia.cite_as.formats.text import date
from sphinx_marginalia.cite_as.options import KEY, NEWEST_URL, PDF_URL, RELEASE, VERSION_URL
from sphinx_marginalia.cite_as.problems import CiteAsProblem
from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.permalinks import history

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.config import Config

    from sphinx_marginalia.cite_as.book.cff import Book
    from sphinx_marginalia.cite_as.book.faults import Fault
    from sphinx_marginalia.cite_as.release import Release

FILENAME = "CITATION.cff"
#: The letters that a citation key has before the year.
LONGEST_KEY = 24


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
    #: The language of the text, for citations.
    language: str
    #: Where the newest release is, with a slash at the end; nothing where none is known.
    released_url: str = ""

    @property
    def printed(self) -> tuple[object, ...]:
        """What pages show: not the state of the work tree, which changes with every commit."""
        told = (self.version_url, self.newest_url, self.pdf_url, self.key, self.language)
        return (self.book, self.release.is_release, *told)


def facts_of(
    config: Config,
    confdir: Path,
    read: Callable[[str], tuple[Book | None, list[Fault]]] = cff.read,
) -> Facts | None:
    """Return the facts of the book, or nothing where there is no ``CITATION.cff``.

    What is wrong in the file or in the options is reported, and left out.

    :param read: reads the text of the file, as :func:`cff.read` does
    """
    file = confdir / FILENAME
    if not file.is_file():
        return None
    book, faults = read(file.read_text(encoding="utf-8", errors="replace"))
    for fault in faults:
        warn(CiteAsProblem.CITATION_FILE, fault.message, location=f"{file}:{fault.line or 1}")
    if book is None:
        return None
    built = _release(config, confdir, book)
    version_url = _address(VERSION_URL.name, VERSION_URL.value(config), f"v{book.version}")
    version_url = version_url or built.url_base or _base(config) or _slashed(book.url)
    newest_url = _address(NEWEST_URL.name, NEWEST_URL.value(config), "")
    newest_url = newest_url if newest_url != version_url else ""
    pdf_url = _address(PDF_URL.name, PDF_URL.value(config), f"v{book.version}").rstrip("/")
    key = f"{_key(KEY.value(config) or config.project or book.title)}{date(book.date).year}"
    language = book.language or config.language or "en"
    template = VERSION_URL.value(config)
    released_url = built.newest and _address(VERSION_URL.name, template, built.newest)
    return Facts(
        book, built, version_url, newest_url, pdf_url, key, language, released_url or newest_url
    )


def _release(config: Config, confdir: Path, book: Book) -> Release:
    """Return whether this is a release: as the option says, or else as Read the Docs or git do."""
    found = release.describe(os.environ, history.state(confdir), book.version)
    match RELEASE.value(config):
        case "release":
            tag = f"v{book.version}"
            return found._replace(kind="release", version_name=tag, tag=tag)
        case "draft":
            return found._replace(kind="draft")
    for fault in found.faults:
        warn(CiteAsProblem.CITATION_FILE, fault.message, location=f"{confdir / FILENAME}:1")
    return found


def _address(option: str, template: str, tag: str) -> str:
    """Return the address that an option gives, or nothing."""
    if not template:
        return ""
    address, faults = release.expand(template, {"version": tag} if tag else {})
    for fault in faults:
        warn(CoreProblem.OPTION_VALUE, f"{option} in conf.py: {fault.message}", location=None)
    return address


def _base(config: Config) -> str:
    return _slashed(config.html_baseurl)


def _slashed(address: str) -> str:
    return f"{address.rstrip('/')}/" if address else ""


def _key(wanted: str) -> str:
    """Return the beginning of citation keys, in ASCII letters and digits."""
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())[:LONGEST_KEY] or "book"


def reason(release: Release) -> str:
    """Return in the reader's language why what was built is no release."""
    return {
        "branch": _("This is a draft, built from the branch {name}."),
        "pull-request": _("This is a draft, built from pull request {name}."),
        "commit": _("This is a draft, built from commit {commit}."),
        "changed": _("This is a draft: files were changed after the release."),
    }.get(release.kind, _("This is a draft.")).format(
        name=release.source, commit=release.commit[:10]
    )
