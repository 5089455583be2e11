"""The claims of a project and its works, now and as git knows them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.citations import bibliography
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.project import GitError, git, read_project
from sphinx_marginalia.ledger.domain import ClaimDomain
from sphinx_marginalia.ledger.review import Item

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

    from sphinx_marginalia.core.citations import Bibliography
    from sphinx_marginalia.ledger.review import Fields


class Collected(NamedTuple):
    """What a review needs to know."""

    items: list[Item]
    works: dict[str, Fields]
    #: The works as they were at the end of each day of a review.
    then: dict[str, dict[str, Fields]]


def collect(sourcedir: Path, confdir: Path, doctreedir: Path) -> Collected:
    """Read the documents in *sourcedir*, and the works as the last commit of each day has them.

    :raises sphinx.errors.SphinxError: the project cannot be read.
    """
    with read_project("sphinx_marginalia.ledger", sourcedir, confdir, doctreedir) as app:
        domain = domain_of(app.env, ClaimDomain)
        items = [
            Item(c.name, _place(app, docname, c.line), c.reviewed, c.keys)
            for docname, c in domain.in_reading_order()
        ]
        works = bibliography(app.env)
        if works is None:
            return Collected(items, {}, {})
        days = sorted({item.reviewed for item in items if item.reviewed})
        fields = {key: works.fields(key) for key in works.keys}
        return Collected(items, fields, {day: _works_on(day, works) for day in days})


def _place(app: Sphinx, docname: str, line: int) -> str:
    return f"{os.path.relpath(app.env.doc2path(docname))}:{line}"


def _works_on(day: str, works: Bibliography) -> dict[str, Fields]:
    """Return the works as the last commit of *day* has them; nothing where git does not know."""
    found: dict[str, Fields] = {}
    for file in works.files:
        until = f"--until={day}T23:59:59Z"
        commit = _git(file, "log", "-1", "--format=%H", until, "--", file.name).strip()
        text = _git(file, "show", f"{commit}:./{file.name}") if commit else ""
        try:
            found |= works.parse(text)
        except ValueError as error:
            sys.stderr.write(f"{file.name} of {day} cannot be read: {error}\n")
    return found


def _git(file: Path, *arguments: str) -> str:
    """Return what git says of the folder of *file*; nothing where it says no, or is not there."""
    try:
        return git(file.parent, *arguments)
    except GitError:
        return ""
