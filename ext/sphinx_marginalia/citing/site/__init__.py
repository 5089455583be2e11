"""What a built site has for those who cite it: short addresses, a page to cite each section by.

:mod:`domain` knows every heading, :mod:`look` reads the lock in each build, :mod:`facts` knows what
``CITATION.cff`` and the release say; :mod:`references` makes one of both. Transforms show them in
the pages (:mod:`kept`, :mod:`control`, :mod:`printed`, :mod:`directive`), :mod:`head` in their
heads; :mod:`pages`, :mod:`render` and :mod:`output` write what is no document.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.citing.site.control import OfferCitations
from sphinx_marginalia.citing.site.directive import FillHowToCite, HowToCiteDirective
from sphinx_marginalia.citing.site.domain import SectionsDomain
from sphinx_marginalia.citing.site.frontmatter import NotePageFacts
from sphinx_marginalia.citing.site.head import add_metadata
from sphinx_marginalia.citing.site.kept import KeepOldNames
from sphinx_marginalia.citing.site.look import look, stop
from sphinx_marginalia.citing.site.nodes import how_to_cite
from sphinx_marginalia.citing.site.pages import write_pages
from sphinx_marginalia.citing.site.printed import PrintPermalinks
from sphinx_marginalia.core.assets import ship_assets
from sphinx_marginalia.core.records import add_records_domain

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ASSETS = Path(__file__).parent.parent


def register(app: Sphinx) -> None:
    """Register all that keeps names of sections and tells how to cite them."""
    add_records_domain(app, SectionsDomain)
    app.add_transform(NotePageFacts)
    ship_assets(app, ASSETS / "marginalia-cite.css", ASSETS / "marginalia-cite.js")
    for transform in (KeepOldNames, OfferCitations, PrintPermalinks, FillHowToCite):
        app.add_post_transform(transform)
    app.add_node(how_to_cite)
    app.add_directive("how-to-cite", HowToCiteDirective)
    # Before the same event asks for the pages that are out of date (500).
    app.connect("env-get-updated", look, priority=400)
    # Behind sphinxext-opengraph, which reads what is there (500).
    app.connect("html-page-context", add_metadata, priority=600)
    app.connect("build-finished", write_pages)
    # After all that others do at the end: pages are whole even where a link would break.
    app.connect("build-finished", stop, priority=1000)
