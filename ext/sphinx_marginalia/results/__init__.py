"""Numbers from JSON in the text, and figures with a static and a live form.

``{result}`tides:rise:.1%``` is a number from ``results/tides.json``, in the text of every output.
``live-figure`` is a figure whose picture a script replaces on a web page::

    :::{live-figure} tides.*
    :name: fig-tides
    :alt: The height of the tide, by hour.
    :script: tides.js
    :data: tides
    :table: hour, height

    The tide of a day.
    :::

``numbers``
    Finds and formats a number; makes the columns of a table. Knows nothing of Sphinx.
``domain``
    Finds and reads files, and publishes those that figures load.
``roles``, ``directives``
    What an author writes, and the nodes it becomes.
``html``
    Makes a place in which a script draws; the picture alone is for all other outputs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import add_assets, ship_latex_package
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.publish import add_publisher
from sphinx_marginalia.core.syntax import add_syntax
from sphinx_marginalia.results.directives import LiveFigureDirective
from sphinx_marginalia.results.domain import ResultsDomain, publications
from sphinx_marginalia.results.html import LayOutLiveFigures
from sphinx_marginalia.results.options import OPTIONS, PROBLEMS
from sphinx_marginalia.results.roles import ResultRole

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["OPTIONS", "PROBLEMS", "setup"]

HERE = Path(__file__).parent
MINUS = HERE / "sphinxmarginaliaresults.sty"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the role, the directive, and what publishes and lays out live figures."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-results.css", where=("marginalia-live-figure",))
    add_assets(app, HERE / "marginalia-results.js", where=("marginalia-live-figure-canvas",))
    add_elements(app)
    add_syntax(app, {"live-figure": LiveFigureDirective}, {"result": ResultRole()})
    add_index_domain(app, ResultsDomain)
    app.add_post_transform(LayOutLiveFigures)
    add_publisher(app, publications)
    ship_latex_package(app, MINUS)
    return METADATA
