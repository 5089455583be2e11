"""How to cite a section: a page for each, with its reference in the formats that papers use.

With ``CITATION.cff`` beside ``conf.py`` and permanent names (:mod:`sphinx_marginalia.permalinks`)
each section has a page with its reference and metadata for programs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.cite_as.control import OfferCitations
from sphinx_marginalia.cite_as.directive import FillHowToCite, HowToCiteDirective
from sphinx_marginalia.cite_as.frontmatter import NotePageFacts
from sphinx_marginalia.cite_as.head import add_metadata
from sphinx_marginalia.cite_as.nodes import how_to_cite
from sphinx_marginalia.cite_as.options import OPTIONS
from sphinx_marginalia.cite_as.pages import publications
from sphinx_marginalia.cite_as.printed import PrintPermalinks
from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets, ship_assets
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.publish import add_publisher

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
CLASSES = ("marginalia-cite", "marginalia-permalink", "marginalia-moved")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register what tells how to cite the sections of a book."""
    app.setup_extension("sphinx_marginalia.permalinks")
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-cite-as.css", where=CLASSES)
    add_elements(app)
    app.add_transform(NotePageFacts)
    ship_assets(app, HERE / "marginalia-cite.css", HERE / "marginalia-cite.js")
    for transform in (OfferCitations, PrintPermalinks, FillHowToCite):
        app.add_post_transform(transform)
    app.add_node(how_to_cite)
    app.add_directive("how-to-cite", HowToCiteDirective)
    # Behind sphinxext-opengraph, which reads what is there (500).
    app.connect("html-page-context", add_metadata, priority=600)
    add_publisher(app, publications)
    return METADATA
