"""The headings of a project, as a build sees them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx_marginalia.core.project import read_project as reading
from sphinx_marginalia.permalinks.domain import SectionsDomain

if TYPE_CHECKING:
    from sphinx_marginalia.permalinks.lock import Heading


def collect(sourcedir: Path, confdir: Path, doctreedir: Path) -> list[Heading]:
    """Read the documents in *sourcedir* and return their headings in reading order.

    Nothing is written but doctrees. What Sphinx has to warn of goes to the standard error output.

    :raises sphinx.errors.SphinxError: the project cannot be read.
    """
    with reading("sphinx_marginalia.permalinks", sourcedir, confdir, doctreedir) as app:
        domain = cast("SectionsDomain", app.env.domains[SectionsDomain.name])
        found = [section.heading for _, section in domain.in_reading_order()]
    # A file that is included in reStructuredText is named from the working directory.
    paths = {heading.source: os.path.relpath(heading.source, confdir) for heading in found}
    return [h._replace(source=Path(paths[h.source]).as_posix()) for h in found]
