"""What an article adds to the document tree."""

from __future__ import annotations

from docutils import nodes
from sphinx.addnodes import translatable

from sphinx_marginalia.core.nodes import HtmlElement


class article_header(HtmlElement, nodes.container):
    """Below the title: the description, and facts that are added when the page is written."""

    html_tag = "div"


class article_facts(nodes.container):
    """Where difficulty, category, reading time and prerequisites will be."""


class front_matter_text(nodes.container, nodes.Invisible, translatable):
    """A value of the front matter, for translators; removed when a page is written.

    Sphinx offers every ``translatable`` node to translators, and gives it the translation.
    """

    def preserve_original_messages(self) -> None:
        """Do nothing: ``text`` is never changed."""

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Keep the translation, on one line as every value of front matter."""
        self["translation"] = " ".join(translated_message.split())

    def extract_original_messages(self) -> list[str]:
        """Return the value as it is written."""
        return [self["text"]]


class article_next(HtmlElement, nodes.container):
    """Where the link to the next article will be."""

    html_tag = "nav"


class learning_path(nodes.container):
    """Where the curriculum will be."""


class article_glossary(nodes.container):
    """Where the terms of all articles will be."""


class reading_time_of(nodes.inline):
    """Where the reading time of the article or block ``target`` will be."""


class path_figure(nodes.container):
    """The layout of a learning path in ``layout``; its children are a link for each article."""
