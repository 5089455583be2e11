"""Articles with a place in a curriculum.

A page is an article if its front matter has a ``difficulty``, ``block``, ``category``, ``order`` or
``prerequisites``. Below its title it shows the description, the difficulty, the reading time and
what to read first, and at its end a link to the next article. ``learning-path`` shows all articles
as a figure and as a list; ``reading-time`` says how long some of them take; ``article-glossary``
collects the terms they define, for the role ``term``.

What front matter says of other articles is checked when all are read: prerequisites that do not
exist, are harder than their article or form a circle, an order with gaps.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.articles import meta
from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.glossary import (
    ArticleGlossaryDirective,
    FillGlossaries,
    unregister_terms,
)
from sphinx_marginalia.articles.header import AddHeader, FillHeader, remove_texts
from sphinx_marginalia.articles.nodes import (
    article_facts,
    article_glossary,
    article_header,
    article_next,
    front_matter_text,
    learning_path,
    path_figure,
    reading_time_of,
)
from sphinx_marginalia.articles.options import OPTIONS, PROBLEMS
from sphinx_marginalia.articles.path import (
    DrawPaths,
    DrawPathsForLatex,
    FillPaths,
    FillReadingTimes,
    LearningPathDirective,
    ReadingTimeRole,
    RemoveFigures,
)
from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.accessibility import add_accessibility
from sphinx_marginalia.core.assets import add_assets, add_latex_package
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.publish import add_publisher
from sphinx_marginalia.core.syntax import add_syntax

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.transforms.post_transforms import SphinxPostTransform
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["OPTIONS", "PROBLEMS", "setup"]

HERE = Path(__file__).parent
POST_TRANSFORMS: tuple[type[SphinxPostTransform], ...] = (
    FillHeader,
    FillPaths,
    FillReadingTimes,
    FillGlossaries,
    DrawPaths,
    DrawPathsForLatex,
    RemoveFigures,
)
PLACEHOLDERS: tuple[type[nodes.Element], ...] = (
    article_facts,
    front_matter_text,
    learning_path,
    article_glossary,
    path_figure,
    reading_time_of,
)
STYLED = ("marginalia-article", "marginalia-path", "marginalia-term-source")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, nodes, domain and transforms of articles."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-articles.css", where=STYLED)
    add_elements(app, article_header, article_next)
    for node in PLACEHOLDERS:
        app.add_node(node)
    add_latex_package(app, "tikz")
    add_syntax(
        app,
        {"learning-path": LearningPathDirective, "article-glossary": ArticleGlossaryDirective},
        {"reading-time": ReadingTimeRole()},
    )
    add_index_domain(app, ArticlesDomain)
    app.add_transform(AddHeader)
    for post_transform in POST_TRANSFORMS:
        app.add_post_transform(post_transform)
    # The first is emitted for removed documents too, before the second.
    app.connect("env-purge-doc", unregister_terms)
    app.connect("env-before-read-docs", unregister_terms)
    # After the domain has recorded the article.
    app.connect("doctree-read", meta.describe, priority=700)
    app.connect("doctree-resolved", remove_texts)
    app.connect("html-page-context", meta.add_tags, priority=600)
    add_publisher(app, meta.publications)
    add_accessibility(app)
    return METADATA
