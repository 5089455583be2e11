"""What stands in the document tree for an article's own things."""

from __future__ import annotations

from docutils import nodes

from sphinx_marginalia.core.nodes import HtmlElement


class article_header(HtmlElement, nodes.container):
    """Under the title: the description, and facts that are filled in when the page is written."""

    html_tag = "div"


class article_facts(nodes.container):
    """The place for difficulty, category, reading time and what to read first."""


class article_next(HtmlElement, nodes.container):
    """The place for the link to the next article."""

    html_tag = "nav"


class learning_path(nodes.container):
    """The place for the curriculum."""


class article_glossary(nodes.container):
    """The place for the terms of all articles."""


class path_figure(nodes.container):
    """The figure of a curriculum, as numbers; in it a link for each article."""
