"""Questions at which a reader stops and thinks, and ideas to keep.

``pause-and-think`` asks a question; what to turn over is folded under it, and a nested
``discussion``, folded once more, holds what comes after thinking. ``key-idea`` frames a term and
its definition. ``pause-list`` and ``key-idea-list`` collect them over the whole book.

In the document tree they are titled blocks, which every builder can show::

    <pause_and_think ids="why-a-probe">
        <title>
            <inline_decoration>
                Pause and think:
            What does a probe show?
        <paragraph>
            Think of a probe that …
        <discussion>
            <paragraph classes="marginalia-discussion-title">
                Discussion
            <paragraph>
                That the information is there.

HTML makes ``<details>`` of them, which a browser opens by itself for a link or for find-in-page.
Sphinx's own collapsible admonitions were not used: themes clip what is in an admonition, where
notes have to get out of it, and the text builder runs the paragraphs of one together.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.pauses import latex
from sphinx_marginalia.pauses.directive import (
    DiscussionDirective,
    KeyIdeaDirective,
    KeyIdeaListDirective,
    PauseDirective,
    PauseListDirective,
)
from sphinx_marginalia.pauses.domain import KeyIdeaDomain, PauseDomain
from sphinx_marginalia.pauses.html import LayOutPauses
from sphinx_marginalia.pauses.nodes import (
    discussion,
    key_idea,
    key_idea_list,
    pause_and_think,
    pause_list,
    spoken_title,
)
from sphinx_marginalia.pauses.options import OPTIONS
from sphinx_marginalia.pauses.transform import FillLists, NamePauses

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
FOLDED = ("marginalia-pause", "marginalia-discussion")
FRAMES = (*FOLDED, "marginalia-key-idea", "marginalia-kind")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, nodes, domains and transforms of pauses and key ideas."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-pauses.css", where=FRAMES)
    add_assets(app, HERE / "marginalia-pauses.js", where=FOLDED)
    add_elements(app, pause_and_think, discussion, key_idea)
    for node in (pause_list, key_idea_list):
        app.add_node(node)
    # So that a reference to a pause or a key idea shows its question or its term.
    app.add_enumerable_node(pause_and_think, "pause-and-think", spoken_title, override=True)
    app.add_enumerable_node(key_idea, "key-idea", spoken_title, override=True)
    app.add_directive("pause-and-think", PauseDirective)
    app.add_directive("discussion", DiscussionDirective)
    app.add_directive("pause-list", PauseListDirective)
    app.add_directive("key-idea", KeyIdeaDirective)
    app.add_directive("key-idea-list", KeyIdeaListDirective)
    add_index_domain(app, PauseDomain)
    add_index_domain(app, KeyIdeaDomain)
    app.add_transform(NamePauses)
    app.add_post_transform(FillLists)
    app.add_post_transform(LayOutPauses)
    latex.setup(app)
    return METADATA
