r"""Formulas as MathML, made when the site is built.

With ``html_math_renderer = "mathml"`` a page needs no script, no font and no other host to show a
formula. Its TeX goes with it, for copying. A formula that cannot be converted is shown as its TeX,
with a warning that says where and why.

``tokens``, ``reader``
    TeX as a sequence of tokens, with macros expanded.
``rewrite``
    What the library math-core does not know, in terms of what it knows.
``tree``
    What math-core makes, as pages can have it; whether that is wide.
``formula``
    All of these in one function, from text to text.
``renderer``, ``options``
    The only modules that know Sphinx.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ExtensionError

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.accessibility import add_accessibility
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.mathml.options import OPTIONS, MathProblem

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["OPTIONS", "PROBLEMS", "setup"]

PROBLEMS = MathProblem
HERE = Path(__file__).parent
#: Texts of which a page contains one if it needs the second style sheet: few formulas do.
MORE = (
    "<mtable",
    "diagonalstrike",
    *(
        f"marginalia-math-{name}"
        for name in "bold italic sans mono box top bottom rule room line- thin- medium- thick- "
        "back- tight".split()
    ),
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer; ``html_math_renderer`` in ``conf.py`` selects it.

    :raises sphinx.errors.ExtensionError: math-core is not installed
    """
    try:
        from sphinx_marginalia.mathml import renderer  # noqa: PLC0415  (its library is optional)
    except ImportError as error:
        install = "pip install 'sphinx-marginalia[mathml]'"
        raise ExtensionError(
            f"sphinx_marginalia.mathml needs math-core: {install}", error
        ) from error
    add_options(app, *OPTIONS)
    add_catalog(app)
    add_assets(app, HERE / "marginalia-mathml.css", where=("<math", "marginalia-math-formula"))
    add_assets(app, HERE / "marginalia-mathml-more.css", where=MORE)
    add_accessibility(app)
    visitors = (renderer.visit_inline, None), (renderer.visit_displayed, None)
    app.add_html_math_renderer("mathml", *visitors)
    app.add_post_transform(renderer.JoinPunctuation)
    return METADATA
