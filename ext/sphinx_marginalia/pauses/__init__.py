"""Questions at which a reader stops and thinks, and ideas to keep.

``pause-and-think`` asks a question. The text under it is folded, and a nested ``discussion``,
folded again, says what comes after thinking. ``key-idea`` frames a term and its definition.
``pause-list`` and ``key-idea-list`` collect them over the whole book.

In the document tree they are titled blocks, which every builder can show. HTML makes ``<details>``
of them, which a browser opens for a link into them or for find-in-page. Sphinx's collapsible
admonitions are not used: themes clip the content of an admonition, so that notes could not leave it
for the margin, and the text builder joins its paragraphs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import PRINT_SCRIPT, add_assets
from sphinx_marginalia.core.builders import makes_html
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.nodes import add_elements, add_latex_block
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.syntax import add_syntax
from sphinx_marginalia.pauses import directives, nodes
from sphinx_marginalia.pauses.domain import KeyIdeaDomain, PauseDomain
from sphinx_marginalia.pauses.html import AddAnswers, LayOutPauses
from sphinx_marginalia.pauses.options import ANSWERS, OPTIONS, PauseProblem
from sphinx_marginalia.pauses.transforms import FillLists, LabelTitles

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["OPTIONS", "PROBLEMS", "setup"]

PROBLEMS = PauseProblem
HERE = Path(__file__).parent
#: Classes of the blocks that the script opens.
FOLDED = ("marginalia-pause", "marginalia-discussion")

#: Classes of the forms for a reader's own answers.
ANSWERED = ("marginalia-pause-answer", "marginalia-pause-export")


def offers_answers(builder: Builder) -> bool:
    """Return whether pages have a place for a reader's own answers."""
    return makes_html(builder) and bool(ANSWERS.value(builder.config))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, nodes, domains and transforms of pauses and key ideas."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-pauses.css", where=(*FOLDED, "marginalia-key-idea"))
    add_assets(app, HERE / "marginalia-pauses.js", PRINT_SCRIPT, where=FOLDED)
    for name in ("marginalia-pauses-answers.css", "marginalia-pauses-answers.js"):
        add_assets(app, HERE / name, where=ANSWERED, when=offers_answers)
    add_elements(app, nodes.pause_and_think, nodes.discussion, nodes.key_idea)
    for node in (nodes.pause_list, nodes.key_idea_list):
        app.add_node(node)
    for block in (nodes.pause_and_think, nodes.key_idea):
        # So that a reference to one shows its question or its term.
        figtype = block.__name__.replace("_", "-")
        app.add_enumerable_node(block, figtype, nodes.plain_title, override=True)
        add_latex_block(app, block, lines=6)
    add_syntax(
        app,
        {
            "pause-and-think": directives.PauseDirective,
            "discussion": directives.DiscussionDirective,
            "pause-list": directives.PauseListDirective,
            "key-idea": directives.KeyIdeaDirective,
            "key-idea-list": directives.KeyIdeaListDirective,
        },
    )
    add_index_domain(app, PauseDomain)
    add_index_domain(app, KeyIdeaDomain)
    app.add_transform(LabelTitles)
    app.add_post_transform(FillLists)
    app.add_post_transform(LayOutPauses)
    app.add_post_transform(AddAnswers)
    return METADATA
