"""The edition of the book that is built: what its citations and permalinks have in common."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.cite_as import book as cff
from sphinx_marginalia.cite_as import options
from sphinx_marginalia.cite_as.reference import Reference, date_parts
from sphinx_marginalia.cite_as.release import describe, expand, mismatch, tag_like
from sphinx_marginalia.core import _
from sphinx_marginalia.core.diagnostics import CoreProblem, Diagnostic, warn
from sphinx_marginalia.core.located import unreadable
from sphinx_marginalia.permalinks import history
from sphinx_marginalia.permalinks.domain import short_path
from sphinx_marginalia.permalinks.history import is_tag_of

if TYPE_CHECKING:
    from sphinx.config import Config

    from sphinx_marginalia.cite_as.book import Book
    from sphinx_marginalia.cite_as.page_metadata import PageMetadata
    from sphinx_marginalia.cite_as.release import Release
    from sphinx_marginalia.core.options import Option
    from sphinx_marginalia.permalinks.history import GitState
    from sphinx_marginalia.permalinks.names import Heading

FILENAME = "CITATION.cff"
#: The letters of a citation key before the year.
LONGEST_KEY = 24


class Edition(NamedTuple):
    """The book, this version of it, and the addresses of both."""

    book: Book
    release: Release
    #: The address of this version, with a slash at the end; empty where it is unknown.
    version_url: str
    #: The address of the newest version, likewise; empty where it is the same.
    newest_url: str
    #: The address of the whole book as a PDF, or empty.
    pdf_url: str
    #: What citation keys begin with: a name and the year.
    key: str
    #: The language of the text.
    language: str
    #: The address of the newest release, with a slash at the end; empty where it is unknown.
    released_url: str = ""
    #: The addresses of all versions, with ``{version}`` for the tag; empty where they are unknown.
    version_template: str = ""
    #: All tags of the repository, where git knows them.
    tags: tuple[str, ...] = ()

    @property
    def page_inputs(self) -> tuple[object, ...]:
        """What pages show of it: not the commit, which changes all the time."""
        addresses = (self.version_url, self.newest_url, self.pdf_url)
        return (self.book, self.release.is_release, *addresses, self.key, self.language)

    def tag_of(self, version: str) -> str:
        """Return the release tag of *version*; empty where there is none."""
        if not self.tags:  # a shallow clone
            return tag_like(self.release.newest, version)
        return next((tag for tag in self.tags if is_tag_of(tag, version)), "")

    def url_of(self, tag: str) -> str:
        """Return the address of another release with a slash at its end; empty where unknown."""
        url = expand(self.version_template, {"version": tag})[0] if tag else ""
        return url if url != self.version_url else ""

    def book_reference(self) -> Reference:
        """Return the book as a reference."""
        book = self.book
        return Reference(
            key=self.key,
            authors=book.authors,
            book=book.title,
            book_authors=book.authors,
            version=book.version,
            date=book.date,
            url=self.version_url,
            newest=self.newest_url,
            publisher=book.publisher,
            doi=book.doi,
            language=self.language,
            licence=book.licence,
        )

    def section_reference(self, heading: Heading, number: str, page: PageMetadata) -> Reference:
        """Return a section as a reference.

        :param number: of the section, as ``3.2``, or empty
        :param page: what the front matter of its page says
        """
        path = short_path(heading.id)
        return self.book_reference()._replace(
            key=f"{self.key}-{heading.id}",
            title=heading.title,
            title_parts=heading.title_parts,
            authors=page.authors or self.book.authors,
            section=number,
            url=self.version_url and f"{self.version_url}{path}",
            newest=self.newest_url and f"{self.newest_url}{path}",
            # The DOI of the book is not that of a section.
            doi=page.doi if heading.level == 1 else "",
        )


def read_edition(config: Config, confdir: Path, sourcedir: Path) -> Edition | None:
    """Return the edition that is built; ``None`` where there is no valid ``CITATION.cff``.

    What is wrong in the file or in the options is reported.
    """
    file = confdir / FILENAME
    if not file.is_file():
        return None
    book, diagnostics = _read_book(file)
    for one in diagnostics:
        warn(one.problem, one.message, location=f"{file}:{one.line}")
    if book is None:
        return None
    git_state = history.state(confdir, sourcedir)
    release = _release(config, file, book, git_state)
    tag = release.tag or tag_like(release.newest, book.version)
    version_url = _address(config, options.VERSION_URL, tag) or release.url_base
    version_url = version_url or _with_slash(config.html_baseurl) or _with_slash(book.url)
    newest_url = _address(config, options.NEWEST_URL, "")
    newest_url = newest_url if newest_url != version_url else ""
    released_url = _address(config, options.VERSION_URL, release.newest) if release.newest else ""
    name = _key(options.KEY.value(config) or config.project or book.title)
    return Edition(
        book=book,
        release=release,
        version_url=version_url,
        newest_url=newest_url,
        pdf_url=_address(config, options.PDF_URL, tag).rstrip("/"),
        key=f"{name}{date_parts(book.date).year}",
        language=book.language or config.language or "en",
        released_url=released_url or newest_url,
        version_template=options.VERSION_URL.value(config) or _template(release),
        tags=git_state.all_tags,
    )


def version_and_date(conf: str) -> tuple[str, str]:
    """Return the version and the release date in ``CITATION.cff``, as texts, for a ``conf.py``.

    Each is empty where the file has none. What is wrong in the file is left to the build, which
    reports it with its line.

    :param conf: the path of ``conf.py``, its ``__file__``
    """
    book, _diagnostics = _read_book(Path(conf).with_name(FILENAME))
    return (book.version, book.date) if book else ("", "")


def _read_book(file: Path) -> tuple[Book | None, list[Diagnostic]]:
    """Return the book that *file* describes, and what is wrong in it."""
    try:
        return cff.read(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        reason, line = unreadable(error)
        problem = options.CiteAsProblem.CITATION_FILE
        return None, [Diagnostic(problem, f"{FILENAME} {reason}", line=line)]


def _template(release: Release) -> str:
    """Return the addresses of all versions, where Read the Docs says that of this one."""
    base = release.url_base.replace("{", "{{").replace("}", "}}")
    end = f"/{release.version_name}/"
    is_versioned = release.version_name and base.endswith(end)
    return f"{base.removesuffix(end)}/{{version}}/" if is_versioned else ""


def _release(config: Config, file: Path, book: Book, git_state: GitState) -> Release:
    """Return what is built: as the option says, or as Read the Docs or git do."""
    release = describe(os.environ, git_state, book.version)
    match options.RELEASE.value(config):
        case "release":
            tag = tag_like(release.newest, book.version)
            return release._replace(kind="release", version_name=tag, tag=tag)
        case "draft":
            return release._replace(kind="draft")
    if message := mismatch(release, book.version):
        warn(options.CiteAsProblem.CITATION_FILE, message, location=f"{file}:1")
    return release


def _address(config: Config, option: Option, tag: str) -> str:
    """Return the address that *option* has for a tag; empty where it is not set."""
    template = option.value(config)
    if not template:
        return ""
    address, problems = expand(template, {"version": tag} if tag else {})
    for problem in problems:
        warn(CoreProblem.OPTION_VALUE, f"{option.name} in conf.py: {problem}", location=None)
    return address


def _with_slash(address: str) -> str:
    return f"{address.rstrip('/')}/" if address else ""


def _key(name: str) -> str:
    """Return *name* in ASCII letters and digits."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())[:LONGEST_KEY] or "book"


def draft_notice(release: Release) -> str:
    """Return in the reader's language why this version is not a release."""
    return {
        "branch": _("This is a draft, built from the branch {name}."),
        "pull-request": _("This is a draft, built from pull request {name}."),
        "commit": _("This is a draft, built from commit {commit}."),
        "changed": _("This is a draft: files were changed after the release."),
    }.get(release.kind, _("This is a draft.")).format(
        name=release.source, commit=release.commit[:10]
    )
