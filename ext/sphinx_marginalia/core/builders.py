"""What a builder makes: HTML of any kind, web pages, a site, one whole book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from sphinx.builders._epub_base import EpubBuilder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

#: The builders of web pages, where blocks can fold and scripts run: some e-book readers do neither.
WEB_BUILDERS = ("html", "dirhtml", "singlehtml")


def builder_of(env: BuildEnvironment) -> Builder:
    """Return the builder that pages are written with.

    Sphinx 9 deprecates ``env.app``, which was the only public way from a transform to the builder.
    """
    app: Sphinx = env._app if hasattr(env, "_app") else env.app  # noqa: SLF001
    return app.builder


def makes_html(builder: Builder) -> bool:
    """Return whether *builder* makes HTML of any kind."""
    return builder.format == "html"


def makes_web_pages(builder: Builder) -> bool:
    """Return whether *builder* makes web pages: not an EPUB, whose pages are packed."""
    return makes_html(builder) and builder.name != "epub"


def makes_site(builder: Builder) -> TypeGuard[StandaloneHTMLBuilder]:
    """Return whether *builder* makes a page of its own for each document, on the web."""
    if not isinstance(builder, StandaloneHTMLBuilder) or isinstance(builder, SingleFileHTMLBuilder):
        return False
    # Not in an EPUB, nor in the help of a program, nor where pages are data themselves.
    return not builder.embedded and "htm" in builder.out_suffix


def makes_book(builder: Builder) -> bool:
    """Return whether *builder* makes a book in one file, a PDF or an EPUB: nothing folds there."""
    return builder.format == "latex" or builder.name == "epub"


def writes_everything(builder: Builder) -> bool:
    """Return whether *builder* always writes everything, as one PDF or one page.

    An EPUB is treated as one: its pages are packed into one file.
    """
    # Sphinx asks in the same way: such a builder returns a sentence instead of documents.
    whole = isinstance(builder.get_outdated_docs(), str)
    return whole or isinstance(builder, EpubBuilder)


def link_to(
    builder: Builder, here: str, docname: str, node_id: str, *content: Any
) -> nodes.reference:
    """Return a link from the document *here*; in singlehtml, all documents are one page."""
    here = docname if builder.name == "singlehtml" else here
    return make_refnode(builder, here, docname, node_id, *content)
