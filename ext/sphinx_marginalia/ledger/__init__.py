"""Claims with what speaks for them and against them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.config import add_options
from sphinx_marginalia.core.elements import add_elements
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.ledger.directive import ClaimDirective
from sphinx_marginalia.ledger.html import LayOutClaims
from sphinx_marginalia.ledger.nodes import claim, claim_facts
from sphinx_marginalia.ledger.options import OPTIONS

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, nodes, domain and transforms of claims."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-ledger.css")
    add_elements(app, claim)
    app.add_node(claim_facts)
    app.add_directive("claim", ClaimDirective)
    app.add_post_transform(LayOutClaims)
    return METADATA
