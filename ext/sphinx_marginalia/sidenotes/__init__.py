"""Notes in the margin, in any theme and any output.

Write ``{sidenote}`text``` (MyST) or ``:sidenote:`text``` (reStructuredText) behind a word for a
numbered note, ``marginnote`` for one without a number. The directives of the same names hold whole
paragraphs, lists, code and figures. ``sidenotes_from_footnotes = True`` makes sidenotes of the
footnotes that are there already.

In the document tree a sidenote is a footnote with its reference::

    <paragraph>
        Nobody has seen one
        <footnote_reference ids="sidenote-ref-1" refid="sidenote-1">
            1
        .
    <sidenote ids="sidenote-1" backrefs="sidenote-ref-1">
        <label>
            1
        <paragraph>
            Not in the wild.

So every builder can show it. HTML, EPUB and LaTeX then make a layout of it, each in a module of its
own (``html``, ``latex``) that no other module needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets, add_theme_styles
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.sidenotes import latex
from sphinx_marginalia.sidenotes.directive import MarginNoteDirective, SidenoteDirective
from sphinx_marginalia.sidenotes.html import LayOutEpubNotes, LayOutNotes
from sphinx_marginalia.sidenotes.nodes import (
    marginnote,
    marginnote_anchor,
    pending_note,
    sidenote,
)
from sphinx_marginalia.sidenotes.options import OPTIONS
from sphinx_marginalia.sidenotes.repair import ReportUndefinedFootnotes
from sphinx_marginalia.sidenotes.role import NoteRole
from sphinx_marginalia.sidenotes.texinfo import LayOutTexinfoNotes
from sphinx_marginalia.sidenotes.transform import GatherNotes, SpellOutMarks

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
SHOWN = ("marginalia-page", "marginalia-sidenote", "marginalia-marginnote")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the roles, directives, nodes and transforms of notes."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    notes = (HERE / "marginalia-sidenotes.css", HERE / "marginalia-sidenotes.js")
    add_assets(app, *notes, where=SHOWN)
    add_theme_styles(app, HERE / "themes")
    add_elements(app)
    for node in (pending_note, sidenote, marginnote, marginnote_anchor):
        app.add_node(node)
    app.add_role("sidenote", NoteRole(numbered=True))
    app.add_role("marginnote", NoteRole(numbered=False))
    app.add_directive("sidenote", SidenoteDirective)
    app.add_directive("marginnote", MarginNoteDirective)
    app.add_transform(ReportUndefinedFootnotes)
    app.add_transform(GatherNotes)
    app.add_post_transform(SpellOutMarks)
    app.add_post_transform(LayOutEpubNotes)
    app.add_post_transform(LayOutNotes)
    app.add_post_transform(LayOutTexinfoNotes)
    latex.setup(app)
    return METADATA
