"""Previews of everything that is linked within a site.

A reader who points at a link, or moves the keyboard focus to it, sees what it leads to: a work, a
term, a claim with its verdict, a figure, an equation, a note, the first lines of a section. On a
touch screen a tap shows it in a sheet at the bottom, with a link to go on.

* :mod:`excerpts` says what to show of each place of a document: a function of its tree.
* :mod:`data` writes that beside the page, as HTML in JSON. Pages do not change.
* ``marginalia-previews.js`` derives the address of that file from a link, loads it once, and shows
  the part that the link leads to.

Where a file cannot be loaded, or the browser is old, or scripts are off, links are links.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.builders import makes_site
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.outdated import LAST
from sphinx_marginalia.core.publish import add_engine
from sphinx_marginalia.previews.data import OPTIONS, remove_previews, write_previews

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ("OPTIONS", "setup")

HERE = Path(__file__).parent
FILES = (HERE / "marginalia-previews.css", HERE / "marginalia-previews.js")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the data and the script."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_engine(app)
    add_assets(app, *FILES, where=('class="reference internal',), when=makes_site)
    app.connect("html-page-context", write_previews)
    # Before the state of the output folder, which knows what was there, is stored.
    app.connect("build-finished", remove_previews, priority=LAST - 1)
    return METADATA
