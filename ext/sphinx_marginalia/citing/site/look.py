"""What every build asks: whether each name that was ever published still leads somewhere.

It is asked where ``anchors.lock.json`` lies beside ``conf.py``, also when only that has changed. A
build in which a name is lost writes its pages, and ends with an error.
"""

from __future__ import annotations

from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinx.util.logging import is_suppressed_warning

import sphinx_marginalia
from sphinx_marginalia.citing.anchors import history, lock
from sphinx_marginalia.citing.anchors.faults import errors
from sphinx_marginalia.citing.anchors.forward import forwards
from sphinx_marginalia.citing.anchors.places import fragment_of, page_of
from sphinx_marginalia.citing.anchors.rules import against, judge
from sphinx_marginalia.citing.book import cff
from sphinx_marginalia.citing.site.domain import LOCK, PROMISED, SITES, SectionsDomain
from sphinx_marginalia.citing.site.facts import facts_of
from sphinx_marginalia.core.warnings import TYPE, Problem, warn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.citing.anchors.faults import Fault
    from sphinx_marginalia.citing.anchors.forward import Kept
    from sphinx_marginalia.citing.anchors.lock import Heading, Record
    from sphinx_marginalia.citing.book.cff import Book
    from sphinx_marginalia.citing.book.faults import Fault as BookFault

logger = logging.getLogger(__name__)


class BrokenAnchorsError(SphinxError):
    """A name that was published leads nowhere any more."""

    category = "Broken anchors"


def look(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the lock and the facts of the book, report what is wrong, and tell the domain."""
    domain = cast("SectionsDomain", env.domains[SectionsDomain.name])
    confdir = Path(app.confdir)
    facts = facts_of(app.config, confdir, partial(_read, domain))
    if facts is not None:
        _report_slips(domain)
    file = confdir / lock.FILENAME
    digest, faults = _judged(domain, confdir, file) if file.is_file() else ("", [])
    for fault in faults:
        _report(fault, file)
    silenced = app.config.suppress_warnings
    grave = [f for f in errors(faults) if not is_suppressed_warning(TYPE, f.kind.subtype, silenced)]
    domain.data["errors"] = len(grave)
    domain.take(digest, _kept(app, domain, digest) if digest else {}, facts)
    return []


def stop(app: Sphinx, exception: Exception | None) -> None:
    """End a build in which a link that was published is broken.

    :raises BrokenAnchorsError: there were errors; each was reported when it was found.
    """
    found = cast("SectionsDomain", app.env.domains[SectionsDomain.name]).data["errors"]
    if exception is None and found:
        links = "one of the links" if found == 1 else f"{found} of the links"
        raise BrokenAnchorsError(f"{links} that {lock.FILENAME} keeps would break; see above")


def _read(domain: SectionsDomain, text: str) -> tuple[Book | None, list[BookFault]]:
    """Read ``CITATION.cff``; to check it against its schema takes longer than all else here."""
    made_of = (sphinx_marginalia.__version__, text)
    book, faults = domain.remembered("book", made_of, lambda: cff.read(text))
    if faults:
        domain.forget("book")  # a package that was missing may be there next time
    return book, faults


def _judged(domain: SectionsDomain, confdir: Path, file: Path) -> tuple[str, list[Fault]]:
    """Have what the lock says remembered, and return its digest and what is wrong.

    Of a file with slips nothing is used: it has no digest.
    """
    digest = sha256(file.read_bytes()).hexdigest()
    made_of = (sphinx_marginalia.__version__, digest)
    read = cache(partial(lock.read_file, file))
    if slips := domain.remembered("slips", made_of, lambda: read()[1]):
        return "", slips
    domain.remember(LOCK, made_of, lambda: read()[0])
    domain.remember(
        PROMISED,
        made_of,
        lambda: frozenset(name for name, record in read()[0].items() if not record.retired),
    )
    faults = [
        *domain.remembered(
            "judged", (*made_of, domain.digest()), lambda: judge(domain.recall(LOCK), _all(domain))
        ),
        *_since_release(domain, confdir, file, made_of),
    ]
    if not faults:
        return digest, []
    domain.forget("judged")  # they tell of lines, which are in no digest
    lines = lock.lines(file.read_text(encoding="utf-8"))
    return digest, [
        fault if fault.source else fault._replace(line=fault.line or lines.get(fault.id, 1))
        for fault in faults
    ]


def _all(domain: SectionsDomain) -> list[Heading]:
    return [section.heading for _, section in domain.in_reading_order()]


def _since_release(
    domain: SectionsDomain, confdir: Path, file: Path, made_of: tuple[str, ...]
) -> list[Fault]:
    """Return what was in the lock at the last release and is not in it now."""
    found = history.released(confdir, file.name, file.read_text(encoding="utf-8"))
    if found.skipped:
        logger.info("%s", found.skipped)
        return []

    def compare() -> list[Fault]:
        then, faults = lock.read(found.text)
        return [] if faults else against(then, domain.recall(LOCK), found.tag)

    return domain.remembered("since", (*made_of, found), compare)


def _kept(app: Sphinx, domain: SectionsDomain, digest: str) -> dict[str, Kept]:
    """Return what each page keeps for old links."""
    documents = app.env.found_docs

    def work_out() -> dict[str, Kept]:
        return dict(forwards(_where_pages_are(app, domain.recall(LOCK)), documents))

    return domain.remembered("kept", (digest, app.builder.name, sorted(documents)), work_out)


def _where_pages_are(app: Sphinx, records: Mapping[str, Record]) -> dict[str, Record]:
    """Return the records with the names that documents have now for the same page.

    With addresses that end in a slash, ``guide`` and ``guide/index`` are one page: what stood on
    the one that is gone is led on by the other.
    """
    if app.builder.name not in SITES:
        return dict(records)
    pages = {app.builder.get_target_uri(docname): docname for docname in sorted(app.env.found_docs)}

    def now(place: str) -> str:
        page = page_of(place)
        if page in app.env.found_docs:
            return place
        return f"{pages.get(app.builder.get_target_uri(page), page)}#{fragment_of(place)}"

    return {
        name: record._replace(at=now(record.at), was=tuple(map(now, record.was)))
        for name, record in records.items()
    }


def _report_slips(domain: SectionsDomain) -> None:
    """Report what is wrong in front matter; without a book, a date may be any text."""
    for docname, (_facts, slips) in sorted(domain.data["pages"].items()):
        for message, line in slips:
            location = f"{domain.env.doc2path(docname)}:{line}"
            warn(Problem.CITATION_METADATA, message, location=location)


def _report(fault: Fault, file: Path) -> None:
    """Report a fault where it is to be mended: in a page, or in the lock."""
    location = f"{fault.source or file}:{fault.line or 1}"
    warn(Problem[f"ANCHOR_{fault.kind.name}"], fault.message, location=location)
