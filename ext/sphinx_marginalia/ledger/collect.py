"""The claims of a project and its works, now and as git knows them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sphinx_marginalia.core.git import GitError, git
from sphinx_marginalia.core.project import reading
from sphinx_marginalia.ledger import works
from sphinx_marginalia.ledger.domain import ClaimDomain
from sphinx_marginalia.ledger.review import VERSION, Item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

    from sphinx_marginalia.ledger.review import Fields


class Collected(NamedTuple):
    """What a review needs to know."""

    items: list[Item]
    works: dict[str, Fields]
    #: The files of works.
    files: list[Path]


def collect(sourcedir: Path, confdir: Path, doctreedir: Path) -> Collected:
    """Read the documents in *sourcedir*; nothing is written but doctrees.

    :raises sphinx.errors.SphinxError: the project cannot be read.
    """
    with reading("sphinx_marginalia.ledger", sourcedir, confdir, doctreedir) as app:
        domain = cast("ClaimDomain", app.env.domains[ClaimDomain.name])
        items = [
            Item(c.name, _place(app, docname, c.line), c.reviewed, c.keys)
            for docname, c in domain.in_reading_order()
        ]
        if not works.is_read(app.env):
            return Collected(items, {}, [])
        cite: Any = app.env.domains["cite"]
        files = [Path(app.confdir, name) for name in app.config.bibtex_bibfiles]
        return Collected(items, _fields(cite.bibdata.data.entries.values()), files)


def _place(app: Sphinx, docname: str, line: int) -> str:
    return f"{os.path.relpath(app.env.doc2path(docname))}:{line}"


def _fields(entries: Iterable[Any]) -> dict[str, Fields]:
    """Return what entries say of their versions, by their keys."""
    return {
        entry.key: {
            "type": entry.type,
            **{name: entry.fields[name] for name in VERSION if name in entry.fields},
        }
        for entry in entries
    }


def works_on(day: str, files: Iterable[Path]) -> dict[str, Fields]:
    """Return the works as the last commit of *day* has them; nothing where git does not know."""
    # Imported here because it is there only where sphinxcontrib-bibtex is.
    from pybtex.database import PybtexError, parse_string  # noqa: PLC0415

    found: dict[str, Fields] = {}
    for file in files:
        until = f"--until={day}T23:59:59Z"
        commit = _git(file, "log", "-1", "--format=%H", until, "--", file.name).strip()
        text = _git(file, "show", f"{commit}:./{file.name}") if commit else ""
        try:
            found |= _fields(parse_string(text, "bibtex").entries.values())
        except PybtexError as error:
            sys.stderr.write(f"{file.name} of {day} cannot be read: {error}\n")
    return found


def _git(file: Path, *arguments: str) -> str:
    """Return what git says of the folder of *file*; nothing where it says no, or is not there."""
    try:
        return git(file.parent, *arguments)
    except GitError:
        return ""
