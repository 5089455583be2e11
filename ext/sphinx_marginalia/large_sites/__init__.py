"""For sites with many pages: a small sidebar, pictures that do not shift the page, faster builds.

Each part is an option, on by default.

``large_sites_sidebar``
    Themes fill the sidebar with the table of contents of the whole site. Sphinx makes it again for
    each page, so a site of 1,000 pages has a million links, and most of its build is spent on them.
    Here a page gets the entries of the highest level, those on the way to the page, and those
    beside and right below it (:mod:`sidebar`).
``large_sites_picture_sizes``
    A page without the sizes of its pictures shifts while it loads, and loads all of them at once.
    Here every picture has the width and height of its file, and is loaded when a reader comes near
    it, unless it may be on the first screen (:mod:`sizes`).
``large_sites_gc_tuning``
    Python's garbage collector runs thousands of times during a large build and frees almost
    nothing. Here it runs less often (:mod:`gc_tuning`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.outdated import add_engine
from sphinx_marginalia.large_sites import gc_tuning
from sphinx_marginalia.large_sites.domain import NavigationDomain
from sphinx_marginalia.large_sites.options import OPTIONS
from sphinx_marginalia.large_sites.sidebar import Sidebar
from sphinx_marginalia.large_sites.sizes import SIZED, size_pictures

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the three parts."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    app.add_domain(NavigationDomain)
    add_engine(app)
    sidebar = Sidebar()
    app.connect("write-started", sidebar.forget)
    # Before themes (500), which may make more of the table than a template does.
    app.connect("html-page-context", sidebar.offer, priority=400)
    add_assets(app, HERE / "marginalia-pictures.css", where=(SIZED,))
    app.connect("doctree-resolved", size_pictures)
    gc_tuning.register(app)
    return METADATA
