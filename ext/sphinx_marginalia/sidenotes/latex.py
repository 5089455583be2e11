r"""Notes in a PDF: in the margin if that is safe, else at the foot of the page.

``\marginpar`` is lost or fails in floats, tables and boxes, and cannot contain anything verbatim. A
note in such a place, or with such content, stays the footnote that it is in the document tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.assets import ship_latex_package
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.sidenotes import latex_footnotes
from sphinx_marginalia.sidenotes.latex_footnotes import PAGE, TEXT_LINE, is_safe
from sphinx_marginalia.sidenotes.nodes import (
    bind_to_word,
    key_of,
    marginnote_anchor,
    notes_by_key,
    notes_in,
    sidenote,
)
from sphinx_marginalia.sidenotes.options import LATEX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.latex import LaTeXTranslator

PACKAGE = Path(__file__).parent / "sphinxmarginalia.sty"

#: Characters in a line of a note in the margin, and the height of such a line in lines of the text.
NOTE_LINE, NOTE_HEIGHT = 30, 0.8


@dataclass
class Backlog:
    """An estimate of the lines by which notes in the margin lag behind the text.

    LaTeX moves the notes for which a margin has no room to later pages; when too many wait, it
    loses some, or never ends. The estimate only has to recognize a page that is full of notes.
    """

    lines: float = 0.0

    def add_text(self, characters: int) -> None:
        """Go on by text, beside which waiting notes find room."""
        self.lines = max(0.0, self.lines - characters / TEXT_LINE)

    def add_note(self, characters: int) -> bool:
        """Add a note to those that wait, and return whether there was room for it."""
        height = (characters / NOTE_LINE + 1) * NOTE_HEIGHT
        if self.lines + height > PAGE:
            return False
        self.lines += height
        return True


class latex_note(nodes.inline):
    """A note in the margin, in the place of its mark. ``number`` is empty for a margin note."""


class latex_mark(nodes.inline):
    """The number of a note in the margin, where the note is referred to once more."""


class latex_block(nodes.Element):
    """A figure, a table or a caption in the margin, which takes as much room as ``letters``."""


class latex_picture(nodes.inline):
    """A picture, and the caption that is beside it."""


class LayOutLatexNotes(SphinxPostTransform):
    """Move the notes that are safe there into the margin; leave the others footnotes.

    Before::

        <paragraph>Seen by none<footnote_reference refid="sidenote-1">1</footnote_reference>.
        <sidenote ids="sidenote-1"><label>1</label><paragraph>Not in the wild.

    After::

        <paragraph>Seen by none<latex_note anchor="index:sidenote-1" ids="sidenote-1" number="1">
            <paragraph>Not in the wild.
    """

    default_priority = WriteStage.LATEX_NOTES
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Lay out every note of the whole book."""
        notes = notes_by_key(self.document)
        in_margin: dict[tuple[str, str], bool] = {}
        backlog = Backlog()
        for mark in _marks_with_text(self.document, backlog):
            key = key_of(mark)
            if key in in_margin:
                if isinstance(mark, marginnote_anchor):
                    mark.parent.remove(mark)
                elif in_margin[key]:
                    again = latex_mark("", "", number=mark.astext(), anchor=":".join(key))
                    mark.parent.replace(mark, again)
            elif note := notes.get(key):
                is_safe = self._margin_is_safe(note, mark)
                in_margin[key] = is_safe and backlog.add_note(len(note.astext()))
                if in_margin[key]:
                    _move_to_margin(note, mark)
                elif isinstance(mark, marginnote_anchor):
                    mark.parent.remove(mark)
        for note in find(self.document, sidenote):
            note.parent.replace(note, _footnote(note))

    def _margin_is_safe(self, note: nodes.Element, mark: nodes.Element) -> bool:
        # Sphinx would give the footnotes it makes of URLs numbers that notes in the margin have.
        if LATEX.value(self.config) != "margin" or self.config.latex_show_urls == "footnote":
            return False
        return is_safe(note, mark)


def _marks_with_text(document: nodes.document, backlog: Backlog) -> Iterator[nodes.Element]:
    """Yield the marks of *document*, and add the text between them to *backlog*."""
    in_notes = {id(node) for note in notes_in(document) for node in note.findall()}
    for node in list(document.findall()):
        if isinstance(node, nodes.Text) and id(node) not in in_notes:
            backlog.add_text(len(node))
        elif isinstance(node, latex_block):
            backlog.add_note(node["letters"])
        elif isinstance(node, (nodes.footnote_reference, marginnote_anchor)):
            yield node


def _move_to_margin(note: nodes.Element, mark: nodes.Element) -> None:
    is_numbered = isinstance(note, sidenote)
    bind_to_word(mark)
    body = note.children[1:] if is_numbered else note.children
    note.parent.remove(note)
    in_margin = latex_note("", "", *body, anchor=":".join(key_of(mark)), ids=note["ids"])
    in_margin["number"] = mark.astext() if is_numbered else ""
    mark.parent.replace(mark, in_margin)


def _footnote(note: sidenote) -> nodes.footnote:
    """Return *note* as a footnote whose number is taken.

    LaTeX's own visitors recognize a footnote by the name of its class, and number the footnotes
    they make of URLs with what is no footnote's name.
    """
    footnote = nodes.footnote("", *note.children, **note.attributes)
    footnote.attributes.pop("auto", None)
    footnote["names"] = [*note["names"], note[0].astext()]
    return footnote


def _visit_note(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    anchor = latex.idescape(node["anchor"])
    latex.body.append(f"\\marginalianote{{{anchor}}}{{{node['number']}}}{{%\n")
    latex.body.append(latex.hypertarget_to(node))


def _depart_note(translator: SphinxTranslator, node: nodes.Element) -> None:
    cast("LaTeXTranslator", translator).body.append("}")


def _visit_mark(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    anchor = latex.idescape(node["anchor"])
    latex.body.append(f"\\marginaliamark{{{anchor}}}{{{node['number']}}}")
    raise nodes.SkipNode


def _visit_block(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    latex.body.append("}{" if isinstance(node.parent, latex_picture) else "\n\\marginaliablock{")
    latex.body.append("%\n")
    latex.in_minipage += 1  # Figures do not float there, and have their numbers.


def _depart_block(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    latex.in_minipage -= 1
    if not isinstance(node.parent, latex_picture):
        latex.body.append("}%\n")


def _visit_picture(translator: SphinxTranslator, node: nodes.Element) -> None:
    cast("LaTeXTranslator", translator).body.append("\n\\marginaliapicture{")


def _depart_picture(translator: SphinxTranslator, node: nodes.Element) -> None:
    cast("LaTeXTranslator", translator).body.append("}%\n")


def setup(app: Sphinx) -> None:
    """Register what notes need in LaTeX."""
    app.add_node(latex_note, latex=(_visit_note, _depart_note))
    app.add_node(latex_mark, latex=(_visit_mark, None))
    app.add_node(latex_block, latex=(_visit_block, _depart_block))
    app.add_node(latex_picture, latex=(_visit_picture, _depart_picture))
    app.add_post_transform(LayOutLatexNotes)
    latex_footnotes.setup(app)
    ship_latex_package(app, PACKAGE, LATEX)
