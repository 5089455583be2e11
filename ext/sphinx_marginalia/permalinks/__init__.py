"""Permanent names of sections: what was printed once leads there in ten years.

With ``anchors.lock.json`` beside ``conf.py``, which ``python -m sphinx_marginalia.permalinks lock``
makes, the permanent names of sections are checked in every build: a build in which an old link would
break ends with an error, and what was renamed, moved or removed leads on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.permalinks.domain import SectionsDomain
from sphinx_marginalia.permalinks.kept import KeepOldNames
from sphinx_marginalia.permalinks.look import look, stop

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the sections with permanent names, and the check of them."""
    add_catalog(app)
    add_index_domain(app, SectionsDomain)
    app.add_post_transform(KeepOldNames)
    # Before the same event asks for the pages that are out of date (500).
    app.connect("env-get-updated", look, priority=400)
    # After all that others do at the end: pages are whole even where a link would break.
    app.connect("build-finished", stop, priority=1000)
    return METADATA
