"""A search of the site, by section, that shows hits while a reader types.

Sections, terms, claims, works and the other objects of a project are records, made when the site is
built, in any theme. MiniSearch, a library in JavaScript, ranks them in the browser. A page loads a
small script that opens a dialog on ``/``, on Ctrl-K, and instead of the theme's search field; all
else is loaded then. Without scripts the field leads to Sphinx's own search page, as ever.

``records``
    What a reader can find in a document, collected when it is read.
``terms``
    The words of the records, counted and cut into chunks. Knows nothing of Sphinx.
``files``
    The files beside the site: records, chunks of the index, texts.
``marginalia-search.js``
    Listens on every page, and loads the rest.
``marginalia-search-dialog.js``
    The dialog: loads what a query needs, asks MiniSearch, shows the hits.
``marginalia-minisearch.js``
    MiniSearch 7.2.0, with its licence.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import add_assets, ship_assets
from sphinx_marginalia.core.builders import makes_site
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.publish import add_publisher
from sphinx_marginalia.search.files import publications
from sphinx_marginalia.search.records import SearchDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


HERE = Path(__file__).parent
#: What the first key loads, beside the files of the site.
LATER = (
    HERE / "marginalia-search-dialog.js",
    HERE / "marginalia-search.css",
    HERE / "marginalia-minisearch.js",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the records, the files and the script."""
    add_catalog(app)
    add_index_domain(app, SearchDomain)
    add_publisher(app, publications)
    add_assets(app, HERE / "marginalia-search.js", when=makes_site)
    ship_assets(app, *LATER, when=makes_site)
    return METADATA
