"""Articles with a place in a curriculum.

A page is an article when its front matter has a ``difficulty``, ``block``, ``category``, ``order``
or ``prerequisites``. Then a header stands under its title: the description, how hard it is, how
long it takes, what to read first. ``learning-path`` shows all articles with what each needs, as a
figure and as a list; the next one is linked at the end of each; ``article-glossary`` collects the
terms they define, for the role ``term``.

What front matter says of other articles is checked when all are read: a prerequisite that does not
exist or is harder than its article, prerequisites in a circle, an order with gaps.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.articles import latex, meta
from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.glossary import (
    ArticleGlossaryDirective,
    FillGlossaries,
    unregister_terms,
)
from sphinx_marginalia.articles.header import FillHeaders, NameNavigation
from sphinx_marginalia.articles.nodes import (
    article_facts,
    article_glossary,
    article_header,
    article_next,
    learning_path,
    path_figure,
)
from sphinx_marginalia.articles.options import OPTIONS
from sphinx_marginalia.articles.path import (
    DrawPaths,
    DrawPathsForLatex,
    DropFigures,
    FillPaths,
    LearningPathDirective,
)
from sphinx_marginalia.articles.transform import PutHeaders
from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.assets import declare_epub_contents as declare_contents
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.publish import add_publisher

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.transforms.post_transforms import SphinxPostTransform
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
SHOWN = ("marginalia-article", "marginalia-path", "marginalia-next", "marginalia-term-source")
POST_TRANSFORMS: tuple[type[SphinxPostTransform], ...] = (
    FillHeaders,
    FillPaths,
    FillGlossaries,
    NameNavigation,
    DrawPaths,
    DrawPathsForLatex,
    DropFigures,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, nodes, domain and transforms of articles."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-articles.css", where=SHOWN)
    add_elements(app, article_header, article_next)
    for place in (article_facts, learning_path, article_glossary, path_figure):
        app.add_node(place)
    app.add_directive("learning-path", LearningPathDirective)
    app.add_directive("article-glossary", ArticleGlossaryDirective)
    add_index_domain(app, ArticlesDomain)
    app.add_transform(PutHeaders)
    for post_transform in POST_TRANSFORMS:
        app.add_post_transform(post_transform)
    # Of a removed document too, which is purged before.
    app.connect("env-purge-doc", unregister_terms)
    app.connect("env-before-read-docs", unregister_terms)
    app.connect("doctree-read", meta.describe)
    app.connect("html-page-context", meta.add_tags, priority=600)
    add_publisher(app, meta.publications)
    declare_contents(app)
    latex.setup(app)
    return METADATA
