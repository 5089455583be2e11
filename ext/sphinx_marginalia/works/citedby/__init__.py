"""Which sections cite a work: told under its entry in the bibliography, and to programs.

A section is noted when its page is read, once for each work that it cites. A citation in a note
belongs to the section where the number of the note stands, one above the first heading to the page.
What the bibliography and the list at the end of a page say of a work is no citation: both are made
later, when a page is written. Nor is ``cite:empty``, which shows a reader nothing.

``cited-by.json`` beside the site says the same to programs::

    {"schema": 1, "works": {"deep": [
        {"page": "methods/probing", "id": "controls", "title": "Controls", "number": "3.2",
         "url": "methods/probing.html#controls"}]}}

Works by their key, in the order of keys; sections in reading order. ``id`` is empty for a page that
cites above its first heading; ``number`` is left out where sections have none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.publish import add_publisher
from sphinx_marginalia.works.citedby.citations import NoteFootcites
from sphinx_marginalia.works.citedby.domain import CitedByDomain
from sphinx_marginalia.works.citedby.files import publications
from sphinx_marginalia.works.citedby.transform import ShowCitedBy

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

STYLE = Path(__file__).parent.parent / "marginalia-cited-by.css"


def register(app: Sphinx) -> None:
    """Register all that notes and shows the sections that cite."""
    add_assets(app, STYLE, where=("marginalia-cited-by",))
    add_index_domain(app, CitedByDomain)
    app.add_transform(NoteFootcites)
    app.add_post_transform(ShowCitedBy)
    # Before the same event asks for the lists that are out of date (500).
    app.connect("env-get-updated", take_tags, priority=400)
    add_publisher(app, publications)


def take_tags(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Tell what cites what for the tags of this build."""
    domain = cast("CitedByDomain", env.domains[CitedByDomain.name])
    domain.tags = app.tags
    return []
