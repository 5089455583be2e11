"""``epigraph``: a quotation at the head of a chapter, with its source.

A feature as a third party would write it, with core alone: a node, a directive, an option, a
warning, a style sheet, a list of all epigraphs that is kept up to date, and a file for programs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.diagnostics import Problem, warn
from sphinx_marginalia.core.directives import Directive
from sphinx_marginalia.core.excerpt import excerpt, plain_text
from sphinx_marginalia.core.index import IndexDomain, add_index_domain, domain_of
from sphinx_marginalia.core.nodes import HtmlElement, add_elements, find, is_used, note_use
from sphinx_marginalia.core.options import Option, add_options
from sphinx_marginalia.core.publish import Publication, add_publisher
from sphinx_marginalia.core.stages import WriteStage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

DASH = Option("epigraph_dash", default="—", rebuild="env", help="What is before the source.")


class EpigraphProblem(Problem):
    """Problems of epigraphs."""

    EPIGRAPH_WITHOUT_SOURCE = "An epigraph has no source. It is shown without one."


OPTIONS, PROBLEMS = (DASH,), EpigraphProblem


class epigraph(HtmlElement, nodes.block_quote):
    """A quotation; HTML makes a ``<blockquote>`` of it, every other builder what it has."""

    html_tag = "blockquote"


class epigraph_list(nodes.bullet_list):
    """The place for the list of all epigraphs."""


class EpigraphDirective(Directive):
    """A quotation, with its source as argument."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def make_nodes(self) -> list[nodes.Node]:
        """Return the quotation."""
        note_use(self.env, epigraph)
        quotation = epigraph("", *self.parse_content_to_nodes(), classes=["epigraph"])
        self.set_source_info(quotation)
        self.state.document.set_id(quotation)
        if self.arguments:
            source, messages = self.parse_inline(f"{DASH.value(self.config)} {self.arguments[0]}")
            quotation += [nodes.attribution("", "", *source), *messages]
        else:
            message = "the epigraph has no source; write it after the name of the directive"
            warn(EpigraphProblem.EPIGRAPH_WITHOUT_SOURCE, message, location=quotation)
        return [quotation]


class EpigraphListDirective(Directive):
    """All epigraphs of the project."""

    def make_nodes(self) -> list[nodes.Node]:
        """Return the place for the list."""
        note_use(self.env, epigraph_list)
        return [epigraph_list()]


class Quotation(NamedTuple):
    """An epigraph."""

    node_id: str
    text: str


class EpigraphDomain(IndexDomain[Quotation]):
    """The epigraphs of each document."""

    name = "epigraphs"

    def collect(self, document: nodes.document) -> list[Quotation]:
        """Return the epigraphs of *document*."""
        if not is_used(self.env, epigraph):
            return []
        return [
            Quotation(node["ids"][0], plain_text(excerpt(node.children)))
            for node in find(document, epigraph)
        ]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* lists all epigraphs."""
        return is_used(self.env, epigraph_list)


class FillEpigraphLists(SphinxPostTransform):
    """Fill each list: ``<epigraph_list>`` becomes a bullet list of links."""

    default_priority = WriteStage.LISTS

    def run(self, **kwargs: Any) -> None:
        """Fill the lists of this document."""
        domain = domain_of(self.env, EpigraphDomain)
        here = self.env.current_document.docname
        for place in find(self.document, epigraph_list):
            place.replace_self(nodes.bullet_list("", *(
                nodes.list_item("", nodes.paragraph("", "", domain.reference(
                    docname, one.node_id, [nodes.Text(one.text)], here
                )))
                for docname, one in domain.in_reading_order()
            )))  # fmt: skip


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield ``epigraphs.json``."""
    texts = [one.text for _docname, one in domain_of(app.env, EpigraphDomain).in_reading_order()]
    yield Publication(("epigraphs.json",), texts, lambda: [json.dumps(texts)])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register epigraphs."""
    add_options(app, *OPTIONS)
    add_assets(app, Path(__file__).parent / "epigraph.css", where=("epigraph",))
    add_elements(app, epigraph)
    app.add_node(epigraph_list)
    app.add_directive("epigraph", EpigraphDirective, override=True)
    app.add_directive("epigraph-list", EpigraphListDirective)
    add_index_domain(app, EpigraphDomain)
    app.add_post_transform(FillEpigraphLists)
    add_publisher(app, publications)
    return METADATA
