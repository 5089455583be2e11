r"""Notes in a PDF: in the margin where that is safe, else at the foot of the page.

``\marginpar`` is lost or fails in floats, tables and boxes, and can hold nothing verbatim. A note
in such a place, or with such content, stays the footnote that it is in the document tree.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.nodes import ancestors, find
from sphinx_marginalia.sidenotes.backlog import Backlog
from sphinx_marginalia.sidenotes.nodes import marginnote_anchor, notes_in, sidenote
from sphinx_marginalia.sidenotes.options import LATEX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.latex import LaTeXTranslator

PACKAGE = Path(__file__).parent / "sphinxmarginalia.sty"

#: Around a number: what ``\marginpar`` works in.
SAFE_PLACES = (
    nodes.document,
    addnodes.start_of_file,
    nodes.section,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.definition_list,
    nodes.definition_list_item,
    nodes.definition,
    nodes.paragraph,
    nodes.Inline,
)
#: In a note: what ``\marginpar`` can hold.
SAFE_CONTENT = (
    nodes.label,
    nodes.paragraph,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.Inline,
    nodes.Text,
)
UNSAFE_CONTENT = (nodes.image, nodes.raw, nodes.footnote_reference)


class latex_note(nodes.inline):
    """A note in the margin, at the place of its number. ``number`` is empty for a margin note."""


class latex_mark(nodes.inline):
    """The number of a note in the margin, where the note is referred to once more."""


class LayOutLatexNotes(SphinxPostTransform):
    """Put the notes for which it is safe into the margin; leave the others footnotes."""

    # Before Sphinx numbers the footnotes that it makes of URLs (400) and sorts all of them (600).
    default_priority = 300
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Lay out every note of the whole book."""
        notes = {(note["docname"], note["ids"][0]): note for note in notes_in(self.document)}
        in_margin: dict[tuple[str, str], bool] = {}
        backlog = Backlog()
        for mark in _marks(self.document, backlog):
            key = (mark["docname"], mark["refid"])
            if key in in_margin:
                if in_margin[key]:
                    mark.parent.replace(mark, _mark(mark))
            elif note := notes.get(key):
                safe = self._margin_is_safe(note, mark)
                in_margin[key] = safe and backlog.has_room(len(note.astext()))
                if in_margin[key]:
                    _put_in_margin(note, mark)
                elif isinstance(mark, marginnote_anchor):
                    mark.parent.remove(mark)
        for note in find(self.document, sidenote):
            note.parent.replace(note, _footnote(note))

    def _margin_is_safe(self, note: nodes.Element, mark: nodes.Element) -> bool:
        # Sphinx would give the footnotes it makes of URLs numbers that notes in the margin have.
        if LATEX.value(self.config) != "margin" or self.config.latex_show_urls == "footnote":
            return False
        if not all(isinstance(around, SAFE_PLACES) for around in ancestors(mark)):
            return False
        content = list(note.findall())[1:]
        return all(
            isinstance(node, SAFE_CONTENT) and not isinstance(node, UNSAFE_CONTENT)
            for node in content
        )


def _footnote(note: sidenote) -> nodes.footnote:
    """Return *note* as a footnote whose number is taken.

    LaTeX's own visitors know a footnote by the name of its class, and give what Sphinx makes of
    URLs the numbers that are no footnote's name.
    """
    footnote = nodes.footnote("", *note.children, **note.attributes)
    footnote.attributes.pop("auto", None)
    footnote["names"] = [*note["names"], note[0].astext()]
    for figure in find(footnote, nodes.figure):
        # A float fails in a footnote; a picture and its caption do not.
        figure.parent.replace(figure, [_flat(child) for child in figure.children])
    return footnote


def _flat(child: nodes.Node) -> nodes.Node:
    if isinstance(child, nodes.caption):
        return nodes.paragraph("", "", nodes.emphasis("", "", *child.children))
    return child


def _marks(document: nodes.document, backlog: Backlog) -> Iterator[nodes.Element]:
    """Yield the marks of *document*, telling *backlog* of the text between them."""
    in_notes = {id(node) for note in notes_in(document) for node in note.findall()}
    for node in list(document.findall()):
        if isinstance(node, nodes.Text) and id(node) not in in_notes:
            backlog.pass_text(len(node))
        elif _is_mark(node):
            yield cast("nodes.Element", node)


def _is_mark(node: nodes.Node) -> bool:
    return (
        isinstance(node, (nodes.footnote_reference, marginnote_anchor))
        and "docname" in node
        and "refid" in node
    )


def _put_in_margin(note: nodes.Element, mark: nodes.Element) -> None:
    numbered = isinstance(note, sidenote)
    body = note.children[1:] if numbered else note.children
    note.parent.remove(note)
    number = mark.astext() if numbered else ""
    shown = latex_note("", "", *body, number=number, anchor=_anchor(mark), ids=note["ids"])
    mark.parent.replace(mark, shown)


def _mark(mark: nodes.Element) -> latex_mark:
    return latex_mark("", "", number=mark.astext(), anchor=_anchor(mark))


def _anchor(mark: nodes.Element) -> str:
    return f"{mark['docname']}:{mark['refid']}"


def _visit(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    anchor = latex.idescape(node["anchor"])
    latex.body.append(f"\\marginalianote{{{anchor}}}{{{node['number']}}}{{%\n")
    latex.body.append(latex.hypertarget_to(node))


def _depart(translator: SphinxTranslator, node: nodes.Element) -> None:
    cast("LaTeXTranslator", translator).body.append("}")


def _visit_mark(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    anchor = latex.idescape(node["anchor"])
    latex.body.append(f"\\marginaliamark{{{anchor}}}{{{node['number']}}}")


def _depart_mark(translator: SphinxTranslator, node: nodes.Element) -> None:
    """Do nothing: a mark holds nothing but its number."""


def _add_package(app: Sphinx, config: Config) -> None:
    config.latex_additional_files.append(str(PACKAGE))
    app.add_latex_package(PACKAGE.stem, LATEX.value(config), after_hyperref=True)


def setup(app: Sphinx) -> None:
    """Register what notes need in LaTeX."""
    app.add_node(latex_note, latex=(_visit, _depart))
    app.add_node(latex_mark, latex=(_visit_mark, _depart_mark))
    app.add_post_transform(LayOutLatexNotes)
    app.connect("config-inited", _add_package)
