"""What every build asks: whether each name that was ever published still leads somewhere.

It is asked where ``anchors.lock.json`` lies beside ``conf.py``, also when only that has changed. A
build in which a name is lost writes its pages, and ends with an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinx.util.logging import is_suppressed_warning

from sphinx_marginalia.core.diagnostics import TYPE, warn
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.permalinks import history, lock
from sphinx_marginalia.permalinks.domain import SITES, SectionsDomain
from sphinx_marginalia.permalinks.faults import errors
from sphinx_marginalia.permalinks.forward import forwards
from sphinx_marginalia.permalinks.places import fragment_of, page_of
from sphinx_marginalia.permalinks.problems import PermalinkProblem
from sphinx_marginalia.permalinks.rules import against, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.permalinks.faults import Fault
    from sphinx_marginalia.permalinks.lock import Heading, Record

logger = logging.getLogger(__name__)


class BrokenAnchorsError(SphinxError):
    """A name that was published leads nowhere any more."""

    category = "Broken anchors"


def look(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the lock and the facts of the book, and report what is wrong."""
    from sphinx_marginalia.cite_as.facts import facts_of  # noqa: PLC0415

    domain = domain_of(env, SectionsDomain)
    confdir = Path(app.confdir)
    domain.facts = facts_of(app.config, confdir)
    if domain.facts is not None:
        _report_slips(domain)
    file = confdir / lock.FILENAME
    faults = _validate(domain, confdir, file) if file.is_file() else []
    for fault in faults:
        _report(fault, file)
    suppressed = app.config.suppress_warnings
    domain.errors = sum(
        not is_suppressed_warning(TYPE, fault.kind.subtype, suppressed) for fault in errors(faults)
    )
    if domain.locked:
        where = _where_pages_are(app, domain.locked)
        domain.kept = forwards(where, app.env.found_docs)
    return []


def stop(app: Sphinx, exception: Exception | None) -> None:
    """End a build in which a link that was published is broken.

    :raises BrokenAnchorsError: there were errors; each was reported when it was found.
    """
    found = domain_of(app.env, SectionsDomain).errors
    if exception is None and found:
        links = "one of the links" if found == 1 else f"{found} of the links"
        raise BrokenAnchorsError(f"{links} that {lock.FILENAME} keeps would break; see above")


def _validate(domain: SectionsDomain, confdir: Path, file: Path) -> list[Fault]:
    """Read the lock, and return what is wrong; a file with mistakes is not used."""
    records, slips = lock.read_file(file)
    if slips:
        return slips
    domain.locked = records
    domain.promised = frozenset(name for name, record in records.items() if not record.retired)
    faults = [*judge(records, _all(domain)), *_since_release(records, confdir, file)]
    lines = lock.lines(file.read_text(encoding="utf-8")) if faults else {}
    return [
        fault if fault.source else fault._replace(line=fault.line or lines.get(fault.id, 1))
        for fault in faults
    ]


def _all(domain: SectionsDomain) -> list[Heading]:
    return [section.heading for _, section in domain.in_reading_order()]


def _since_release(records: Mapping[str, Record], confdir: Path, file: Path) -> list[Fault]:
    """Return what was in the lock at the last release and is not in it now."""
    found = history.released(confdir, file.name, file.read_text(encoding="utf-8"))
    if found.skipped:
        logger.info("%s", found.skipped)
        return []
    then, faults = lock.read(found.text)
    return [] if faults else against(then, records, found.tag)


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
    from sphinx_marginalia.cite_as.problems import CiteAsProblem  # noqa: PLC0415

    for docname, (_facts, slips) in sorted(domain.data["pages"].items()):
        for message, line in slips:
            location = f"{domain.env.doc2path(docname)}:{line}"
            warn(CiteAsProblem.CITATION_METADATA, message, location=location)


def _report(fault: Fault, file: Path) -> None:
    """Report a fault where it is to be mended: in a page, or in the lock."""
    location = f"{fault.source or file}:{fault.line or 1}"
    warn(PermalinkProblem[f"ANCHOR_{fault.kind.name}"], fault.message, location=location)
