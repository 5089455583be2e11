"""The works that a book cites: previews, lists of works, the sections that cite a work, a style.

In a project that cites with ``sphinxcontrib-bibtex``:

* A citation shows title, venue and year of the work on hover and on focus. It stays a link to the
  entry in the bibliography, so nothing depends on a pointer or on a script.
* Each page ends with the works it cites, read from its citations. (A ``bibliography`` directive on
  every page would make every build look through all entries for each page.)
* Under each work of the bibliography stand the sections that cite it (:mod:`citedby`).
* ``bibtex_default_style = "marginalia"`` and ``bibtex_reference_style = "marginalia"`` are an
  author–year style in which two works of the same authors and year get letters: 2025a, 2025b.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.works import citedby
from sphinx_marginalia.works.latex import ProtectLinks
from sphinx_marginalia.works.options import OPTIONS, PREVIEW
from sphinx_marginalia.works.works import ShowWorks, WorksDomain, note_works

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
CLASSES = ("marginalia-citation", "marginalia-works")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the works that are cited, and the sections that cite them."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-works.css", where=CLASSES)
    add_assets(app, HERE / "marginalia-works.js", where=("marginalia-citation",))
    add_elements(app)
    app.add_domain(WorksDomain)
    # After sphinxcontrib-bibtex has chosen the entries, at the same event with the usual priority.
    app.connect("env-updated", note_works, priority=600)
    app.add_post_transform(ShowWorks)
    app.add_post_transform(ProtectLinks)
    citedby.register(app)
    app.connect("config-inited", build_on_bibtex)
    return METADATA


def build_on_bibtex(app: Sphinx, config: Config) -> None:
    """Make the look-ups of ``sphinxcontrib-bibtex`` quick, where it is in use."""
    if "sphinxcontrib.bibtex" in app.extensions:
        # Imported here because it needs that package, which a project may not have.
        from sphinx_marginalia.works import lookup  # noqa: PLC0415

        app.add_domain(lookup.CiteDomain, override=True)
        if PREVIEW.value(config):
            # It says more than a tooltip, whose place it takes: each entry would be made twice.
            config["bibtex_tooltips"] = False
