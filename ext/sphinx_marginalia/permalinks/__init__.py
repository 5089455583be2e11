"""Permalinks: anchors of sections that are kept, so that a printed link still works in ten years.

With ``anchors.lock.json`` beside ``conf.py``, which ``python -m sphinx_marginalia.permalinks lock``
writes, every build checks the anchors of sections. A build in which an old link would break exits
with an error, and links to sections that were renamed, moved or removed are redirected.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import add_assets, ship_assets
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.publish import add_publisher
from sphinx_marginalia.permalinks.domain import SectionsDomain
from sphinx_marginalia.permalinks.pages import publications
from sphinx_marginalia.permalinks.problems import PermalinkProblem
from sphinx_marginalia.permalinks.transforms import AddOldIds
from sphinx_marginalia.permalinks.validation import validate

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["PROBLEMS", "setup"]

PROBLEMS = PermalinkProblem
HERE = Path(__file__).parent


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the sections with their anchors, and the checks and files that keep links alive."""
    add_catalog(app)
    add_index_domain(app, SectionsDomain)
    add_assets(app, HERE / "marginalia-permalinks.css", where=("marginalia-moved",))
    ship_assets(app, HERE / "marginalia-permalink-page.css")
    app.add_post_transform(AddOldIds)
    # Before the engine asks at the same event which pages are outdated.
    app.connect("env-get-updated", validate, priority=400)
    add_publisher(app, publications)
    return METADATA
