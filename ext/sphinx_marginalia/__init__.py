"""Publish long, cited, careful essays with Sphinx.

The whole set in one line of ``conf.py``, with any theme::

    extensions = ["sphinx_marginalia"]

Each feature is a Sphinx extension and can be listed alone instead:

``sphinx_marginalia.sidenotes``
    Numbered notes in the margin, and margin notes without a number.
``sphinx_marginalia.pauses``
    Questions at which a reader stops and thinks; key ideas in a frame.
``sphinx_marginalia.articles``
    Headers from front matter, a curriculum of articles as a learning path, their glossary.
``sphinx_marginalia.timeline``
    Milestones in YAML as a timeline, drawn to scale.
``sphinx_marginalia.works``
    The works a book cites: lists, styles, the sections that cite a work.
``sphinx_marginalia.permalinks``
    Permanent names of sections, and redirects from old ones.
``sphinx_marginalia.cite_as``
    How to cite a section: references, pages, metadata.
``sphinx_marginalia.ledger``
    Claims with the evidence for and against them, and tables of all claims of a book.

The others are for some projects only, which list them by name:

``sphinx_marginalia.mathml``
    Formulas as MathML, made when the site is built.
``sphinx_marginalia.large_sites``
    A sidebar with the branch of the page, pictures with their sizes, faster builds.
``sphinx_marginalia.results``
    Numbers from JSON in the text, and figures that a script brings to life.
``sphinx_marginalia.previews``
    Previews of everything that is linked within a site.
``sphinx_marginalia.search``
    A search of the site, by section, while a reader types.

What is written in a document means the same in every builder: a sidenote is a footnote, a pause is
a titled block. Only HTML, EPUB and LaTeX get a layout of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"

#: The extensions that ``extensions = ["sphinx_marginalia"]`` loads, in this order.
FEATURES = (
    "sphinx_marginalia.sidenotes",
    "sphinx_marginalia.pauses",
    "sphinx_marginalia.articles",
    "sphinx_marginalia.timeline",
    "sphinx_marginalia.works",
    "sphinx_marginalia.permalinks",
    "sphinx_marginalia.cite_as",
    "sphinx_marginalia.ledger",
)

#: The extensions that a project lists by name, after that.
EXTRAS = (
    "sphinx_marginalia.mathml",
    "sphinx_marginalia.large_sites",
    "sphinx_marginalia.results",
    "sphinx_marginalia.previews",
    "sphinx_marginalia.search",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Load every feature."""
    for feature in FEATURES:
        app.setup_extension(feature)
    return METADATA
