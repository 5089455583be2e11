r"""Footnotes in a PDF: in their line if LaTeX prints them there, else behind the block around it.

``\footnote`` fails or is lost in titles, captions, names of fields and other footnotes, and some
blocks never end in it. One rule covers all of that, for every footnote of a book, also for those
that are no notes: where a place or a content is not proven safe, the number stays where it is, and
the text goes behind the outermost block. The proof is ``tests/formats/latex_matrix.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.builders.latex.nodes import footnotemark, footnotetext
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.nodes import ancestors, find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.sidenotes.nodes import key_of
from sphinx_marginalia.sidenotes.placement import TEXT_BLOCKS

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.latex import LaTeXTranslator

#: Ancestors of a mark in which ``\marginpar`` and ``\footnote`` work.
SAFE_ANCESTORS = (*TEXT_BLOCKS, nodes.paragraph, nodes.Inline)
#: Content of a note that they can contain in the middle of a line.
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
#: What stays between a block and the text of a footnote that is moved behind it.
BEFORE_TEXT = (footnotetext, nodes.term, nodes.classifier)

#: Characters in a line of the text, and lines of a page.
TEXT_LINE, PAGE = 65, 45


class text_in_flow(footnotetext):
    """The text of a footnote that does not fit the foot of a page, within the text of the page."""


class MoveFootnoteTexts(SphinxPostTransform):
    """Move the text of a footnote behind the outermost block where it is not safe in its line.

    Sphinx does so for headings, terms, figures and captions. It leaves the others in the line,
    where LaTeX fails or loses them, and does not look into a text that it has moved.

    Before::

        <rubric>
            Seen by none<footnote_reference refid="sidenote-1">1
        <footnote ids="sidenote-1"><label>1</label><paragraph>Not in the wild.

    After::

        <rubric>
            Seen by none<footnotemark refid="sidenote-1">1
        <footnotetext ids="sidenote-1"><label>1</label><paragraph>Not in the wild.
    """

    default_priority = WriteStage.LATEX_FOOTNOTE_TEXTS
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Check every footnote of the whole book, those that are no notes too."""
        footnotes = find(self.document, nodes.footnote)
        self.waiting = {(note["docname"], id_): note for note in footnotes for id_ in note["ids"]}
        nested = {id(mark) for note in footnotes for mark in find(note, nodes.footnote_reference)}
        for mark in find(self.document, nodes.footnote_reference):
            if id(mark) not in nested:
                self._move(mark, None)

    def _move(self, mark: nodes.Element, before: nodes.Element | None) -> None:
        """Move the footnote of *mark*; for one in another footnote, *before* is that one's text."""
        footnote = self.waiting.pop(key_of(mark), None)
        if footnote is not None and before is None and is_safe(footnote, mark):
            return  # Sphinx writes it into the line.
        if not getattr(self.config, "todo_include_todos", True) and any(
            around.tagname == "todo_node" for around in ancestors(mark)
        ):
            return  # Nothing of that block is printed.
        number = footnotemark("", mark.astext(), refid=mark["refid"])
        block = before or _outermost_block(mark)
        mark.parent.replace(mark, number)
        if footnote is None:
            return
        _anchor_floats(footnote)
        footnote.parent.remove(footnote)
        kind = footnotetext if _fits_a_footnote(footnote, block) else text_in_flow
        text = kind("", *footnote.children, ids=footnote["ids"])
        parent = block.parent
        index = parent.index(block) + 1
        while index < len(parent) and isinstance(parent[index], BEFORE_TEXT):
            index += 1
        parent.insert(index, text)
        for inner in find(text, nodes.footnote_reference):
            self._move(inner, text)


def is_safe(note: nodes.Element, mark: nodes.Element) -> bool:
    """Return whether LaTeX is sure to print *note* where its *mark* is."""
    return all(isinstance(around, SAFE_ANCESTORS) for around in ancestors(mark)) and _is_text(note)


def _is_text(note: nodes.Element) -> bool:
    """Return whether *note* contains nothing but words and lists."""
    return all(
        isinstance(node, SAFE_CONTENT) and not isinstance(node, UNSAFE_CONTENT)
        for node in list(note.findall())[1:]
    )


def _fits_a_footnote(note: nodes.Element, block: nodes.Element) -> bool:
    """Return whether LaTeX prints *note* at the foot of the page: it breaks nothing but text there.

    On a page with a float the rest of a broken footnote can run over the page's end.
    """
    lines = sum(1 + len(line) // TEXT_LINE for line in note.astext().splitlines())
    return _is_text(note) or (lines < PAGE / 2 and not find(block, nodes.figure))


def _outermost_block(mark: nodes.Element) -> nodes.Element:
    """Return the outermost block around *mark* that is more than a list of blocks."""
    blocks = [around for around in ancestors(mark) if not isinstance(around, TEXT_BLOCKS)]
    return blocks[-1]


def _anchor_floats(footnote: nodes.footnote) -> None:
    """Replace what would float in *footnote*, where LaTeX stops: pictures and captions do not."""
    for figure in find(footnote, nodes.figure):
        for caption in find(figure, nodes.caption):
            text = nodes.emphasis("", "", *caption.children)
            caption.parent.replace(caption, nodes.paragraph("", "", text))
        figure.parent.replace(figure, figure.children)


def _visit_text(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    latex.body.append(f"\n\\begin{{marginaliatext}}{{{node[0].astext()}}}\n")


def _depart_text(translator: SphinxTranslator, node: nodes.Element) -> None:
    cast("LaTeXTranslator", translator).body.append("\n\\end{marginaliatext}\n")


def setup(app: Sphinx) -> None:
    """Register what footnotes need in LaTeX."""
    app.add_node(text_in_flow, latex=(_visit_text, _depart_text))
    app.add_post_transform(MoveFootnoteTexts)
