"""For sites with many pages: small sidebars, sizes of pictures, faster builds, parts of a PDF.

Each part is an option, on by default:

``large_sites_sidebar``
    Themes fill the sidebar with the table of contents of the whole site. Sphinx makes it again for
    each page, so a site of 1,000 pages contains a million links, and most of its build is spent on
    them. With this option a page gets the branch it is on: the entries of the highest level, those
    that lead to the page, and those beside and below it.
``large_sites_picture_sizes``
    A page without the sizes of its pictures shifts while it loads, and loads all of them at once.
    With this option every picture has the width and height of its file, and is loaded when a reader
    comes near it, unless it may be on the first screen.
``large_sites_gc_tuning``
    Python's garbage collector runs thousands of times during a large build and frees almost
    nothing. With this option it runs less often.
``large_sites_parts``
    Sphinx makes a PDF of all documents in a row. With this option toctrees with captions become
    parts, and a document with a PDF of its own is left out of the others.

The modules ``sidebar``, ``sizes``, ``gc_tuning`` and ``parts`` each read their own option. For the
sidebar, ``contents`` resolves the table of contents piece by piece, and ``branch`` (pure) decides
which entries a page shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.publish import add_engine
from sphinx_marginalia.large_sites import gc_tuning, sizes
from sphinx_marginalia.large_sites.options import OPTIONS
from sphinx_marginalia.large_sites.parts import DivideIntoParts, KeepCaptions
from sphinx_marginalia.large_sites.sidebar import Sidebar, SidebarDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["OPTIONS", "setup"]

#: For pictures; the sidebar is styled by the theme.
STYLES = Path(__file__).parent / "marginalia-large-sites.css"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the parts."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, STYLES, where=(sizes.PICTURE_CLASS,))
    app.add_domain(SidebarDomain)
    add_engine(app)
    sidebar = Sidebar()
    # Tables of an earlier build of the same application.
    app.connect("write-started", lambda _app, _builder: sidebar.contents.clear())
    # Before themes (500), which may process the table further.
    app.connect("html-page-context", sidebar.replace_toctree, priority=400)
    app.connect("doctree-resolved", sizes.size_pictures)
    app.add_transform(KeepCaptions)
    app.add_post_transform(DivideIntoParts)
    app.connect("config-inited", gc_tuning.tune)
    return METADATA
