"""A project read by a program of ours, without building it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def reading(extension: str, sourcedir: Path, confdir: Path, doctreedir: Path) -> Iterator[Sphinx]:
    """Read the documents in *sourcedir*, and give the application that has read them.

    Nothing is written but doctrees. What Sphinx has to warn of goes to the standard error output.

    :param extension: is loaded even if ``conf.py`` does not name it
    :raises sphinx.errors.SphinxError: the project cannot be read
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
        app.setup_extension(extension)
        app.builder.read()
        yield app
