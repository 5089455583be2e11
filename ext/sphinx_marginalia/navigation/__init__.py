"""A sidebar that stays small: the branch a page is on, not every page of the site.

Themes fill the sidebar with the table of contents of the whole site. Sphinx makes it again for each
page, so a site of 1,000 pages has a million links, and most of its build is spent on them. Here the
table is read once a build. A page gets the entries of the highest level, those on the way to the
page, and those beside and right below it; where one list is longer than ``navigation_limit``, the
part around the page, and a link to the page that lists all.

Before, what a theme's template asks for (``toctree()`` of the page's context) has every link::

    Methods                     after   Methods
        Probing                             Probing
        Patching                            Patching     <- the page
    Frontiers                           Frontiers
        Deception
        Open problems

A site with no more than ``navigation_limit`` documents is left as the theme has it. Themes that do
not ask Sphinx for the table but make their own, as pydata-sphinx-theme, are not reached.

Pages whose sidebar has changed are written again: the title of one page is shown on others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.config import add_options
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.navigation.domain import NavigationDomain, outdated
from sphinx_marginalia.navigation.options import OPTIONS
from sphinx_marginalia.navigation.sidebar import Sidebar

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register what fills the sidebar."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    app.add_domain(NavigationDomain)
    app.connect("env-get-updated", outdated)
    sidebar = Sidebar()
    app.connect("write-started", sidebar.forget)
    # Before themes (500), which may make more of the table than a template does.
    app.connect("html-page-context", sidebar.offer, priority=400)
    return METADATA
