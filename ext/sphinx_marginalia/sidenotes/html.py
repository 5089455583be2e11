"""Notes in HTML and EPUB.

A note in a paragraph stays in it, right behind its number, so that in the margin it begins beside
its line and on a phone it unfolds below it. Everything else is in the style sheet.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain, count
from string import ascii_lowercase
from typing import Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.nodes import (
    HtmlElement,
    ancestors,
    aside_block,
    aside_inline,
    element,
    find,
    html_block,
    html_inline,
    html_text,
    inline_decoration,
)
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.sidenotes.figures import lay_out_figures
from sphinx_marginalia.sidenotes.nodes import (
    bind_to_word,
    key_of,
    marginnote_anchor,
    marks_in,
    notes_by_key,
    sidenote,
)
from sphinx_marginalia.sidenotes.placement import Position, keeps_notes, placement_of

#: An id that is generated anew in each document, unlike the name an author chooses.
GENERATED_ID = re.compile(r"(id|sidenote-|sidenote-ref-|marginnote-)\d+(-\d+)?")
#: Attribute for the links back of a note, where others must not see them.
OWN_BACKREFS = "own_backrefs"


class HideNotesFromBookTheme(SphinxPostTransform):
    """Keep our notes from sphinx-book-theme, which would show the first paragraph of each.

    With its option ``use_sidenotes`` it takes every footnote whose first link back leads to a
    reference. Footnotes that are not ours are its own.

    Before::

        <sidenote backrefs="sidenote-ref-1" ids="sidenote-1">

    After, until the layout::

        <sidenote own_backrefs="sidenote-ref-1" ids="sidenote-1">
    """

    default_priority = WriteStage.NOTES_HIDDEN
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Hide the way back of each note."""
        for note in find(self.document, sidenote):
            note[OWN_BACKREFS], note["backrefs"] = note["backrefs"], []


@dataclass
class _Body:
    """A note that has been laid out, and the last of those that were put behind it."""

    position: Position
    #: The position that its class names: that of a note in a box is below the text there.
    displayed: Position
    last: nodes.Element


class LayOutNotes(SphinxPostTransform):
    """Make HTML elements of notes.

    Before::

        <paragraph>Seen by none<footnote_reference ids="sidenote-ref-1" refid="sidenote-1">1</…>.
        <sidenote ids="sidenote-1" backrefs="sidenote-ref-1">
            <label>1
            <paragraph>Not in the wild.

    After::

        <p>Seen by none<sup><a id="sidenote-ref-1" href="#sidenote-1" role="doc-noteref">1</a></sup>
        <span id="sidenote-1" role="doc-footnote"><a href="#sidenote-ref-1" role="doc-backlink"
        >1</a> Not in the wild.</span>.</p>

    The brackets of “[1: Not in the wild.]” are there too, hidden by our style sheet: feeds and text
    browsers have none.
    """

    default_priority = WriteStage.NOTE_LAYOUT
    formats = ("html",)
    is_epub = False

    def run(self, **kwargs: Any) -> None:
        """Lay out every note, then mark the page as one that has notes."""
        notes = notes_by_key(self.document)
        # Sphinx resolves each entry of a list of to-dos by itself, as a document without a source.
        is_page = bool(self.document.get("source"))
        has_margin = is_page and not self.is_epub
        if not (has_margin and lay_out_figures(self.document)) and not notes:
            return
        self.bodies: dict[int, _Body] = {}
        # Where notes of several documents meet (singlehtml), ids need the name of their document.
        self.needs_docname = len({docname for docname, _ in notes}) > 1 or not is_page
        counts = Counter(id_ for _, id_ in notes)
        self.ambiguous = {id_ for id_, count in counts.items() if count > 1}
        for mark in marks_in(self.document):
            if note := notes.pop(key_of(mark), None):
                self._lay_out(note, mark)
            else:
                self._replace_mark(mark)
        for note in notes.values():
            self._replace_note(note, Position.AFTER_LINE)
        if has_margin:
            children = self.document.children
            text = element(html_block, "div", *children, classes=["marginalia-note-text"])
            self.document.children = []
            self.document += element(html_block, "div", text, classes=["marginalia-note-page"])

    def _lay_out(self, note: nodes.Element, mark: nodes.Element) -> None:
        """Replace *note* and its first *mark*, and put the note where it is shown."""
        outer = next((self.bodies[id(a)] for a in ancestors(mark) if id(a) in self.bodies), None)
        position, block = placement_of(mark)
        position = outer.position if outer else position
        link = self._replace_mark(mark)
        is_inside = not outer and position is Position.BESIDE_BLOCK and keeps_notes(block)
        displayed = Position.BELOW_BLOCK if is_inside else outer.displayed if outer else position
        body = self._replace_note(note, displayed)
        self.bodies[id(body)] = _Body(position, displayed, body)
        if self.is_epub or position in (Position.AFTER_LINE, Position.BELOW_BLOCK):
            return  # It is there already: see GatherNotes.
        body.parent.remove(body)
        if outer and position is Position.BESIDE_BLOCK:
            outer.last.parent.insert(outer.last.parent.index(outer.last) + 1, body)
        elif outer:
            _insert_after(outer.last, body, cast("nodes.paragraph", outer.last.parent))
        elif position is Position.IN_PARAGRAPH:
            _insert_after(link, body, cast("nodes.paragraph", block))
        elif is_inside:
            block += body
        else:
            _put_beside(block, body)
        if outer:
            outer.last = body

    def _replace_mark(self, mark: nodes.Element) -> nodes.Element:
        """Replace *mark* by a link to its note, and return the link."""
        bind_to_word(mark)
        target = f"#{self._id(mark, mark['refid'])}"
        link: nodes.Element
        if not isinstance(mark, marginnote_anchor):
            number = element(inline_decoration, "a", *mark.children, href=target)
            number["classes"] = ["marginalia-note-mark"]
            number["ids"] = [self._id(mark, mark["ids"][0])]
            number["html"] |= self._semantics("noteref")
            link = element(inline_decoration, "sup", number)
        elif self.is_epub:
            link = nodes.inline()  # Margin notes are never folded there.
        else:
            link = element(inline_decoration, "a", nodes.Text("⊕"), href=target)
            link["classes"] = ["marginalia-note-mark", "marginalia-note-unnumbered"]
            link["html"]["aria-label"] = _("Margin note")
        if isinstance(mark, marginnote_anchor):
            link["ids"] = [self._id(mark, id_) for id_ in mark["ids"]]
        mark.parent.replace(mark, link)
        return link

    def _replace_note(self, note: nodes.Element, position: Position) -> HtmlElement:
        """Replace *note* by the element that contains its text, and return that."""
        is_line = position is Position.IN_PARAGRAPH and not self.is_epub
        if isinstance(note, sidenote):
            body = _body(self._backlinks(note), note.children[1:], is_line=is_line)
            body["html"] = self._semantics("footnote")
        else:
            body = _body([], note.children, is_line=is_line)
            body["html"] = {"role": "note"}
        body["ids"] = [self._id(note, note["ids"][0])]
        kind, where = f"marginalia-{note.tagname}", f"marginalia-note-{position.value}"
        body["classes"] = [kind, where, *note["classes"]]
        note.parent.replace(note, body)
        return body

    def _backlinks(self, note: nodes.Element) -> list[nodes.Node]:
        """Return a link to each mark of *note*: its number, then letters."""
        names = chain([note[0].astext()], ascii_lowercase[1:], map(str, count(27)))
        links: list[nodes.Node] = []
        references = note.get(OWN_BACKREFS, note["backrefs"])
        for name, reference in zip(names, references, strict=False):
            href = f"#{self._id(note, reference)}"
            link = element(html_inline, "a", nodes.Text(name), href=href, role="doc-backlink")
            link["classes"] = ["marginalia-note-backlink"]
            link["html"]["aria-label"] = _("%s, back to the text") % name
            links += [link, nodes.Text(" ")]
        return links

    def _semantics(self, kind: str) -> dict[str, str]:
        """Return the attributes that say what an element is, by its name in DPUB-ARIA."""
        return {"role": f"doc-{kind}"} | ({"epub:type": kind} if self.is_epub else {})

    def _id(self, node: nodes.Element, id_: str) -> str:
        """Return the id in the page for *id_* in the document of *node*."""
        if self.needs_docname and (GENERATED_ID.fullmatch(id_) or id_ in self.ambiguous):
            # The name that an author chose stays if no other document has the same one.
            return f"{'_'.join(node['docname'].split())}-{id_}"
        return id_


class LayOutEpubNotes(LayOutNotes):
    """Make asides of notes, after their blocks, which e-readers show as they like.

    Before: as for :class:`LayOutNotes`, which then finds no note any more.

    After::

        <p>Seen by none<sup><a href="#sidenote-1" epub:type="noteref">1</a></sup>.</p>
        <aside id="sidenote-1" epub:type="footnote"><p><a href="#sidenote-ref-1">1</a> Not …</p>
    """

    default_priority = WriteStage.EPUB_NOTES
    builders = ("epub",)
    is_epub = True


def _body(backlinks: list[nodes.Node], body: list[nodes.Node], *, is_line: bool) -> HtmlElement:
    """Return the element that contains a note; *backlinks* begin its first line.

    :param is_line: whether a note of one paragraph becomes a part of the line around it
    """
    first = body[0] if body else None
    if isinstance(first, nodes.paragraph):
        if len(body) == 1 and is_line:
            words = [*backlinks, *first.children]
            if backlinks:
                words.insert(len(backlinks) - 1, _unstyled(":"))
            return element(aside_inline, "span", _unstyled(" ["), *words, _unstyled("]"))
        first.insert(0, backlinks)
        return element(aside_block, "aside", *body)
    return element(aside_block, "aside", *backlinks, *body)


def _unstyled(text: str) -> HtmlElement:
    """Return *text* that sets a note off from its sentence where our style sheet is missing."""
    return element(aside_inline, "span", nodes.Text(text), classes=["marginalia-note-unstyled"])


def _insert_after(link: nodes.Element, body: nodes.Element, paragraph: nodes.paragraph) -> None:
    """Insert *body* after *link* in *paragraph*, outside of any emphasis that the link is in."""
    child: nodes.Element = link
    while child.parent is not paragraph:
        child = child.parent
    paragraph.insert(paragraph.index(child) + 1, body)
    if isinstance(body, html_block) and not isinstance(paragraph, html_text):
        # The element ``p`` cannot contain blocks.
        flow = element(html_text, "div", *paragraph.children, ids=paragraph["ids"])
        flow["html"] = {"role": "paragraph"}
        flow["classes"] = [*paragraph["classes"], "marginalia-note-paragraph"]
        paragraph.parent.replace(paragraph, flow)


def _put_beside(box: nodes.Element, body: nodes.Element) -> None:
    """Put *body* into the column beside *box*, which is made for its first note."""
    if "marginalia-note-frame" in box["classes"]:
        cast("nodes.Element", box[-1]).append(body)
        return
    frame = element(html_block, "div", classes=["marginalia-note-frame"])
    box.parent.replace(box, frame)
    frame += [box, element(html_block, "div", body, classes=["marginalia-note-column"])]
