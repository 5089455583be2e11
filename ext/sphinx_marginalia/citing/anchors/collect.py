"""The headings of a project, as a build sees them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_marginalia.citing.site.domain import SectionsDomain

if TYPE_CHECKING:
    from sphinx_marginalia.citing.anchors.lock import Heading


def collect(sourcedir: Path, confdir: Path, doctreedir: Path) -> list[Heading]:
    """Read the documents in *sourcedir* and return their headings in reading order.

    Nothing is written but doctrees. What Sphinx has to warn of goes to the standard error output.

    :raises sphinx.errors.SphinxError: the project cannot be read.
    """
    with patch_docutils(confdir), docutils_namespace():
        app = Sphinx(
            srcdir=sourcedir,
            confdir=confdir,
            outdir=doctreedir / "out",
            doctreedir=doctreedir,
            buildername="dummy",
            status=None,
            warning=sys.stderr,
        )
        app.setup_extension("sphinx_marginalia.citing")
        app.builder.read()
        domain = cast("SectionsDomain", app.env.domains[SectionsDomain.name])
        found = [section.heading for _, section in domain.in_reading_order()]
    # A file that is included in reStructuredText is named from the working directory.
    paths = {heading.source: os.path.relpath(heading.source, confdir) for heading in found}
    return [h._replace(source=Path(paths[h.source]).as_posix()) for h in found]
