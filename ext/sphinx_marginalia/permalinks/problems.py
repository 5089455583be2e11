"""What can be wrong with the permalinks of a project."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_marginalia.core.diagnostics import Diagnostic

#: The command that updates the lock file, as messages name it; see :func:`exact`.
PROGRAM = "python -m sphinx_marginalia.permalinks lock"


class PermalinkProblem(Problem):
    """Problems of permalinks that a build reports."""

    ANCHOR_LOCK_FILE = (
        "The lock file `anchors.lock.json` is invalid. The build fails, and no old link is kept."
    )
    ANCHOR_PATTERN = "A label cannot be an anchor, or docutils makes a different id of it."
    ANCHOR_USED_TWICE = (
        "Two headings have the same anchor. A link can lead to one of them only. The build fails."
    )
    ANCHOR_NAMELESS = "A heading has no anchor, so it has no permalink."
    ANCHOR_LETTERS = "A heading that is not in Latin letters has no anchor; a person chooses it."
    ANCHOR_NEW = "The anchor of a heading is not in `anchors.lock.json` yet."
    ANCHOR_MISSING = (
        "A published anchor is gone, and nothing says what replaces it. The build fails."
    )
    ANCHOR_MOVED = (
        "A heading is at another location than `anchors.lock.json` says. The build fails."
    )
    ANCHOR_REVIVED = "A heading has an anchor that was retired."
    ANCHOR_SUCCESSOR = (
        "The successor of a retired anchor does not exist, or leads back to it. The build fails."
    )
    ANCHOR_OLD_PLACE = (
        "An old location belongs to two anchors, or another section is there now. The build fails."
    )
    ANCHOR_REMOVED = (
        "A record or a location of the last release was deleted from the lock. The build fails."
    )


class BuiltSiteProblem(Problem):
    """Problems of permalinks that ``check`` finds in a built site; no build reports them."""

    ANCHOR_SHORT_PAGE = "The short page of an anchor is missing or leads nowhere."
    ANCHOR_BUILT_PLACE = "A location that was published is missing from the site."


#: With these nothing that was published is lost: the build succeeds.
WARNINGS = frozenset(
    {
        PermalinkProblem.ANCHOR_PATTERN,
        PermalinkProblem.ANCHOR_NAMELESS,
        PermalinkProblem.ANCHOR_LETTERS,
        PermalinkProblem.ANCHOR_NEW,
        PermalinkProblem.ANCHOR_REVIVED,
    }
)


def exact(message: str, sourcedir: Path, confdir: Path) -> str:
    """Return *message* with the folders of a project in its commands, to be copied and run."""
    here = Path.cwd()
    folders = [path.resolve() for path in (sourcedir, confdir)]
    source, conf = (
        (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
        for path in folders
    )
    arguments = ["-c", conf] if conf != source else []
    arguments = [source, *arguments] if arguments or source != "." else []
    return message.replace(PROGRAM, " ".join([PROGRAM, *map(shlex.quote, arguments)]))


def is_error(diagnostic: Diagnostic) -> bool:
    """Return whether a published link would break."""
    return diagnostic.problem not in WARNINGS


def errors(diagnostics: Iterable[Diagnostic]) -> Sequence[Diagnostic]:
    """Return those of *diagnostics* with which a published link would break."""
    return list(filter(is_error, diagnostics))
