"""Formulas that are there when the page is: MathML, made when the site is built.

With ``html_math_renderer = "mathml"`` a page needs no script, no font and no other host to show a
formula. The converter is the one docutils carries: it is maintained with docutils, and Sphinx
installs it anyway. A formula it cannot convert is shown as its TeX source, with a warning.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.epub import declare_contents
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.mathml.renderer import depart, visit_displayed, visit_inline

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer; ``html_math_renderer`` in ``conf.py`` chooses it."""
    add_catalog(app)
    add_assets(app, HERE / "marginalia-mathml.css")
    declare_contents(app)
    app.add_html_math_renderer("mathml", (visit_inline, depart), (visit_displayed, depart))
    return METADATA
