"""What an article adds to the document tree."""

from __future__ import annotations

from docutils import nodes

from sphinx_marginalia.core.nodes import HtmlElement


class article_header(HtmlElement, nodes.container):
    """Below the title: the description, and facts that are added when the page is written."""

    html_tag = "div"


class article_facts(nodes.container):
    """Where difficulty, category, reading time and prerequisites will be."""


class article_next(HtmlElement, nodes.container):
    """Where the link to the next article will be."""

    html_tag = "nav"


class learning_path(nodes.container):
    """Where the curriculum will be."""


class article_glossary(nodes.container):
    """Where the terms of all articles will be."""


class path_figure(nodes.container):
    """The layout of a learning path in ``layout``; its children are a link for each article."""
