"""What every build checks: whether each anchor that was ever published still leads somewhere.

That is done where ``anchors.lock.json`` is beside ``conf.py``, also in a build that reads nothing.
A build in which a link would break writes all pages, and then exits with an error.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging
from sphinx.util.logging import is_suppressed_warning

from sphinx_marginalia.core.builders import makes_site
from sphinx_marginalia.core.diagnostics import TYPE, warn
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.outdated import stored
from sphinx_marginalia.permalinks import history, lock
from sphinx_marginalia.permalinks.domain import SectionsDomain, ValidLock
from sphinx_marginalia.permalinks.problems import exact, is_error
from sphinx_marginalia.permalinks.redirects import fragment_of, page_of, redirects
from sphinx_marginalia.permalinks.rules import check, check_release

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.core.diagnostics import Diagnostic
    from sphinx_marginalia.permalinks.history import Released
    from sphinx_marginalia.permalinks.lock import Record

logger = logging.getLogger(__name__)


def validate(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the lock file, report what is wrong, and work out the redirects of all pages."""
    domain = domain_of(env, SectionsDomain)
    file = Path(app.confdir, lock.FILENAME)
    if not file.is_file():
        domain.use(ValidLock())
        return []
    content, name = b"", app.builder.name
    with suppress(OSError):  # which is reported when the records are read
        content = file.read_bytes()
    released = history.released(file.parent, lock.FILENAME, content.decode(errors="replace"))
    locks: dict[str, tuple[str, ValidLock]] = domain.data["locks"]
    inputs = (
        content,
        released,
        sorted(env.found_docs),
        [(docname, domain.data["digests"].get(docname)) for docname in domain.documents],
        sorted(_pages(app).items()),
    )
    diagnostics: list[Diagnostic] = []
    valid = stored(locks, name, inputs, lambda: _read(app, file, released, diagnostics))
    domain.use(valid)
    if diagnostics:
        locks.pop(name)  # what is wrong is reported in each build, where it is then
    if valid.skipped:
        logger.info("%s", valid.skipped)
    _report(app, file, diagnostics)
    return []


def _read(app: Sphinx, file: Path, released: Released, diagnostics: list[Diagnostic]) -> ValidLock:
    """Read the lock *file*, and add what is wrong to *diagnostics*; an invalid file is not used."""
    records, wrong = lock.read_file(file)
    if wrong:
        diagnostics += wrong
        return ValidLock()
    domain = domain_of(app.env, SectionsDomain)
    headings = [heading for _, heading in domain.in_reading_order()]
    last, skipped = history.records_in(released)
    wrong = [*check(records, headings), *check_release(last, records, released.tag)]
    diagnostics += lock.locate(wrong, file)
    pages = redirects(_current_pages(app, records), app.env.found_docs)
    return ValidLock(records, pages, skipped)


def _current_pages(app: Sphinx, records: Mapping[str, Record]) -> Mapping[str, Record]:
    """Return the records with the present names of documents that have the same page.

    With addresses that end in a slash, ``guide`` and ``guide/index`` are one page. Of a document
    that was renamed so, the new one has the redirects.
    """
    if not makes_site(app.builder):
        return records
    pages = _pages(app)

    def current(location: str) -> str:
        page = page_of(location)
        if page in app.env.found_docs:
            return location
        return f"{pages.get(app.builder.get_target_uri(page), page)}#{fragment_of(location)}"

    return {
        name: record._replace(at=current(record.at), was=tuple(map(current, record.was)))
        for name, record in records.items()
    }


def _pages(app: Sphinx) -> dict[str, str]:
    """Return the documents by the addresses of their pages; by their names where they have none."""
    address = app.builder.get_target_uri if makes_site(app.builder) else str
    return {address(docname): docname for docname in sorted(app.env.found_docs)}


def _report(app: Sphinx, file: Path, diagnostics: Iterable[Diagnostic]) -> None:
    """Log *diagnostics*; with an error that is not suppressed, the build exits with 1.

    No exception: Sphinx would show it as a crash, and delete the environment.
    """
    for one in diagnostics:
        message = exact(one.message, app.srcdir, app.confdir)
        subtype, location = one.problem.subtype, f"{one.source or file}:{one.line or 1}"
        if not is_error(one):
            warn(one.problem, message, location=location)
        elif not is_suppressed_warning(TYPE, subtype, app.config.suppress_warnings):
            logger.error("%s", message, type=TYPE, subtype=subtype, location=location)
            app.statuscode = 1
