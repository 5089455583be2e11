"""Notes in the margin, in any theme and any output.

Write ``{sidenote}`text``` (MyST) or ``:sidenote:`text``` (reStructuredText) after a word for a
numbered note, ``marginnote`` for one without a number. The directives of the same names hold whole
paragraphs, lists, code and figures. ``sidenotes_from_footnotes = True`` turns the footnotes of a
project into sidenotes.

In the document tree a sidenote is a footnote with its reference, which every builder can show. The
modules are the steps on the way:

``roles``, ``nodes``
    What an author writes, and the nodes it becomes. A *mark* is the number in the text, or the
    invisible anchor of a margin note.
``footnotes``, ``leftovers``, ``transforms``, ``numbering``
    Read a document: convert footnotes, remove what only held or introduced them, take notes out of
    sentences, number them.
``placement``
    Decides where a note is shown; every format can use it.
``figures``
    Figures and tables that are in the margin by their class, or have their caption there.
``html``, ``latex``, ``plain``
    Write a document: the layout of one format each, ``plain`` for all others.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import add_assets, add_theme_styles
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.syntax import add_syntax
from sphinx_marginalia.sidenotes import html, latex, latex_figures, nodes, plain, roles
from sphinx_marginalia.sidenotes.figures import keep_ids_once
from sphinx_marginalia.sidenotes.footnotes import (
    RegisterTranslatedReferences,
    ReportUndefinedFootnotes,
)
from sphinx_marginalia.sidenotes.options import OPTIONS, SidenoteProblem
from sphinx_marginalia.sidenotes.placement import FULL_WIDTH, IN_MARGIN
from sphinx_marginalia.sidenotes.transforms import GatherNotes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["OPTIONS", "PROBLEMS", "setup"]

PROBLEMS = SidenoteProblem
HERE = Path(__file__).parent
#: A page that contains one of these gets the style sheet and the script.
CLASSES = ("marginalia-note-page", "marginalia-sidenote", "marginalia-marginnote")
#: And one that contains one of these gets the style sheet of wide figures and those in the margin.
FIGURE_CLASSES = (*IN_MARGIN.values(), FULL_WIDTH)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the roles, directives, nodes and transforms of notes."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    files = (HERE / "marginalia-sidenotes.css", HERE / "marginalia-sidenotes.js")
    add_assets(app, *files, where=CLASSES)
    add_assets(app, HERE / "marginalia-figures.css", where=FIGURE_CLASSES)
    add_theme_styles(app, HERE / "themes")
    add_elements(app)
    for node in (nodes.pending_note, nodes.sidenote, nodes.marginnote, nodes.marginnote_anchor):
        app.add_node(node)
    add_syntax(
        app,
        {"sidenote": roles.SidenoteDirective, "marginnote": roles.MarginNoteDirective},
        {"sidenote": roles.NoteRole(numbered=True), "marginnote": roles.NoteRole(numbered=False)},
    )
    app.connect("builder-inited", _join_book_theme)
    app.connect("doctree-resolved", keep_ids_once)
    app.add_transform(RegisterTranslatedReferences)
    app.add_transform(ReportUndefinedFootnotes)
    app.add_transform(GatherNotes)
    app.add_post_transform(plain.KeepCopies)
    for layout in (html.LayOutNotes, html.LayOutEpubNotes, plain.ShowNumbers, plain.TexinfoNotes):
        app.add_post_transform(layout)
    latex.setup(app)
    latex_figures.setup(app)
    return METADATA


def _join_book_theme(app: Sphinx) -> None:
    """Work with sphinx-book-theme and its projects. Themes are loaded after all extensions."""
    roles.add_margin(app)
    if "sphinx_book_theme" in app.extensions:
        app.add_post_transform(html.HideNotesFromBookTheme)
