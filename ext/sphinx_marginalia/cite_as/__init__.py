"""How to cite a section: a page for each, with its reference in the formats that papers use.

With ``CITATION.cff`` beside ``conf.py`` and permalinks (:mod:`sphinx_marginalia.permalinks`) each
section has a page with its reference, and each page has metadata for programs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.cite_as.directives import FillHowToCite, HowToCiteDirective
from sphinx_marginalia.cite_as.domain import BookDomain, how_to_cite, note_edition
from sphinx_marginalia.cite_as.edition import version_and_date
from sphinx_marginalia.cite_as.head import add_metadata
from sphinx_marginalia.cite_as.options import OPTIONS, CiteAsProblem
from sphinx_marginalia.cite_as.pages import publications
from sphinx_marginalia.cite_as.transforms import AddCiteLinks, NotePageMetadata, PrintPermalinks
from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import add_assets, ship_assets
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.publish import add_publisher
from sphinx_marginalia.core.syntax import add_syntax

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["OPTIONS", "PROBLEMS", "setup", "version_and_date"]

PROBLEMS = CiteAsProblem
HERE = Path(__file__).parent


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register how the book and its sections are cited."""
    app.setup_extension("sphinx_marginalia.permalinks")
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_index_domain(app, BookDomain)
    add_elements(app)
    app.add_node(how_to_cite)
    add_syntax(app, {"how-to-cite": HowToCiteDirective})
    app.add_transform(NotePageMetadata)
    for transform in (AddCiteLinks, PrintPermalinks, FillHowToCite):
        app.add_post_transform(transform)
    add_assets(app, HERE / "marginalia-cite-as.css", where=("marginalia-cite",))
    ship_assets(app, HERE / "marginalia-cite-page.css", HERE / "marginalia-cite-page.js")
    # Before the engine asks at the same event which pages are outdated.
    app.connect("env-get-updated", note_edition, priority=400)
    # After sphinxext-opengraph, which reads what is there (500).
    app.connect("html-page-context", add_metadata, priority=600)
    add_publisher(app, publications)
    return METADATA
