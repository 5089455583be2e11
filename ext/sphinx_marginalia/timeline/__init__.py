"""Milestones as a timeline: written as data, drawn where there is a page, a list everywhere.

``timeline`` reads YAML, below its name or in a file, and makes a figure of it::

    :::{timeline} How far away the stars are
    - date: 1838
      title: 61 Cygni
      text: the first distance of a star
      cite: bessel1838
    - date: 2013-12..2025-01
      title: Gaia
      text: nearly two *billion* stars
    :::

In the document tree it is a figure of a list of definitions, which every builder can show::

    <timeline_figure>
        <timeline>
            <milestone date="1838">
                <term>
                    1838
                <definition>
                    <paragraph>
                        <milestone_title>
                            61 Cygni
                        : the first distance of a star (Bessel 1838)
        <caption>
            How far away the stars are

A page on the web gets two drawings of it, for the wide and for the narrow, and shows the one it has
room for; a PDF gets one. They are drawn when references are resolved, so each milestone links to
its source. The layout is a function of the milestones and of a width.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.timeline import latex
from sphinx_marginalia.timeline.directive import TimelineDirective
from sphinx_marginalia.timeline.nodes import (
    milestone,
    milestone_text,
    milestone_title,
    timeline,
)
from sphinx_marginalia.timeline.transform import (
    DrawTimelines,
    DrawTimelinesForLatex,
    ListTimelines,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, nodes and transforms of timelines."""
    add_catalog(app)
    add_assets(app, HERE / "marginalia-timeline.css", where=("marginalia-timeline",))
    add_elements(app)
    for node in (timeline, milestone, milestone_title, milestone_text):
        app.add_node(node)
    app.add_directive("timeline", TimelineDirective)
    for post_transform in (ListTimelines, DrawTimelines, DrawTimelinesForLatex):
        app.add_post_transform(post_transform)
    latex.setup(app)
    return METADATA
