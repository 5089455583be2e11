r"""Formulas that are there when the page is: MathML, made when the site is built.

With ``html_math_renderer = "mathml"`` a page needs no script, no font and no other host to show a
formula. The TeX of a formula goes with it, for copying. A formula that is not understood is shown
as its TeX, with a warning that says where and why.

``tokens``, ``macros``, ``reader``
    TeX as a row of tokens, in which macros are put in.
``rewrite``
    What the library math-core does not know, in what it knows.
``tree``, ``mistakes``
    What it makes, and what it says, as pages and authors can have it.
``formula``
    All of these in one function, from text to text.
``renderer``, ``place``, ``options``
    The only modules that know Sphinx.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ExtensionError

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.assets import declare_epub_contents as declare_contents
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.mathml.options import OPTIONS

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
#: Of what few formulas have, words of which one is in each.
MORE = (
    "<mtable",
    *(f"marginalia-{name}" for name in "bold italic sans mono box top bottom rule room".split()),
    *(f"marginalia-{name}-" for name in "line thin medium thick back tight".split()),
    "diagonalstrike",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer; ``html_math_renderer`` in ``conf.py`` chooses it.

    :raises sphinx.errors.ExtensionError: math-core is not installed
    """
    try:
        from sphinx_marginalia.mathml import renderer  # noqa: PLC0415  (it may not be there)
    except ImportError as error:
        message = (
            "sphinx_marginalia.mathml needs math-core: pip install 'sphinx-marginalia[mathml]'"
        )
        raise ExtensionError(message, error) from error
    add_options(app, *OPTIONS)
    add_catalog(app)
    add_assets(app, HERE / "marginalia-mathml.css", where=("<math", "marginalia-formula"))
    add_assets(app, HERE / "marginalia-mathml-more.css", where=MORE)
    declare_contents(app)
    inline, displayed = renderer.visit_inline, renderer.visit_displayed
    app.add_html_math_renderer("mathml", (inline, renderer.depart), (displayed, renderer.depart))
    return METADATA
