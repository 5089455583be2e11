"""Notes in HTML and EPUB.

A note in a paragraph stands in it, right behind its number, so that in the margin it begins beside
its line and on a phone it unfolds below it. Everything else is in the style sheet.
"""

from __future__ import annotations

import re
from itertools import chain, count
from string import ascii_lowercase
from typing import Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import (
    HtmlElement,
    aside_block,
    aside_inline,
    element,
    html_block,
    html_inline,
    html_text,
    inline_decoration,
)
from sphinx_marginalia.sidenotes.nodes import marginnote_anchor, notes_in, sidenote
from sphinx_marginalia.sidenotes.placement import Stand, place_of
from sphinx_marginalia.sidenotes.transform import marks

#: An id that is made in each document anew, unlike the name an author gives.
GENERATED_ID = re.compile(r"(id|sidenote-|sidenote-ref-|marginnote-)\d+(-\d+)?")


class LayOutNotes(SphinxPostTransform):
    """Make HTML elements of notes.

    Before::

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

    After::

        <p>Nobody has seen one<sup><a id="sidenote-ref-1" href="#sidenote-1" role="doc-noteref"
        >1</a></sup><span id="sidenote-1" role="doc-footnote"><a href="#sidenote-ref-1"
        role="doc-backlink">1</a> Not in the wild.</span>.</p>
    """

    # After references are resolved (10), before sphinx-design rebuilds its drop-downs (199): until
    # then a drop-down can be told from other blocks.
    default_priority = 150
    formats = ("html",)
    epub = False

    def run(self, **kwargs: Any) -> None:
        """Lay out every note, then mark the page as one that has notes."""
        notes = {(note["docname"], note["ids"][0]): note for note in notes_in(self.document)}
        if not notes:
            return
        # What has no source is no page: Sphinx resolves each entry of a list of to-dos by itself.
        is_page = bool(self.document.get("source"))
        # Where notes of several documents meet (singlehtml), ids need the name of their document.
        self.assembled = len({docname for docname, _ in notes}) > 1 or not is_page
        for mark in marks(self.document):
            if note := notes.pop((mark["docname"], mark["refid"]), None):
                self._lay_out(note, mark)
            else:
                self._replace_mark(mark)
        for note in notes.values():
            self._replace(note, Stand.BEHIND)
        if not self.epub and is_page:
            text = element(html_block, "div", *self.document.children, classes=["marginalia-text"])
            self.document.children = []
            self.document += element(html_block, "div", text, classes=["marginalia-page"])

    def _lay_out(self, note: nodes.Element, mark: nodes.Element) -> None:
        """Replace *note* and its first *mark* by what stands in the page."""
        place = place_of(mark)
        shown = self._replace_mark(mark)
        body = self._replace(note, place.stand)
        if self.epub or place.stand in (Stand.BEHIND, Stand.BELOW):
            return
        body.parent.remove(body)
        if place.stand is Stand.IN_LINE:
            _put_in_line(body, shown, cast("nodes.paragraph", place.block))
        else:
            _put_beside(body, place.block)

    def _replace_mark(self, mark: nodes.Element) -> nodes.Element:
        """Replace *mark* by a link to its note, and return what stands in its place."""
        target = self._id(mark, mark["refid"])
        if not isinstance(mark, marginnote_anchor):
            link = element(
                inline_decoration,
                "a",
                *mark.children,
                classes=["marginalia-mark"],
                ids=[self._id(mark, mark["ids"][0])],
                href=f"#{target}",
                role="doc-noteref",
                **({"epub:type": "noteref"} if self.epub else {}),
            )
            shown: nodes.Element = element(inline_decoration, "sup", link)
        elif self.epub:
            shown = nodes.inline()
        else:
            label = _("Margin note")
            classes = ["marginalia-mark", "marginalia-unnumbered"]
            shown = element(
                inline_decoration,
                "a",
                nodes.Text("⊕"),
                classes=classes,
                href=f"#{target}",
                aria_label=label,
            )
        mark.parent.replace(mark, shown)
        return shown

    def _replace(self, note: nodes.Element, stand: Stand) -> nodes.Element:
        """Replace *note* by the element that holds its text, and return that."""
        shown: HtmlElement
        if isinstance(note, sidenote):
            attributes = {"role": "doc-footnote"}
            if self.epub:
                attributes["epub:type"] = "footnote"
            shown = _body(self._back_links(note), note.children[1:], stand, self.epub)
        else:
            attributes = {"role": "note"}
            shown = _body([], note.children, stand, self.epub)
        shown["html"] = attributes
        shown["ids"] = [self._id(note, note["ids"][0])]
        how = stand.name.lower().replace("_", "-")
        shown["classes"] = [f"marginalia-{note.tagname}", f"marginalia-{how}", *note["classes"]]
        note.parent.replace(note, shown)
        return shown

    def _back_links(self, note: nodes.Element) -> list[nodes.Node]:
        """Return a link to each place that refers to *note*: its number, then letters."""
        number = note[0].astext()
        names = chain([number], ascii_lowercase[1:], map(str, count(27)))
        links: list[nodes.Node] = []
        for name, reference in zip(names, note["backrefs"], strict=False):
            link = element(
                html_inline,
                "a",
                nodes.Text(name),
                classes=["marginalia-number"],
                href=f"#{self._id(note, reference)}",
                role="doc-backlink",
                aria_label=_("%s, back to the text") % name,
            )
            links += [link, nodes.Text(" ")]
        return links

    def _id(self, node: nodes.Element, id_: str) -> str:
        """Return the id in the page of what has *id_* in its document."""
        if self.assembled and GENERATED_ID.fullmatch(id_):
            # Not an id made of the name, which may be that of another document as well.
            return f"{'_'.join(node['docname'].split())}-{id_}"
        return id_


class LayOutEpubNotes(LayOutNotes):
    """Make asides of notes, behind their paragraphs, which e-readers show as they think best."""

    # Before the layout for HTML pages (150), which finds no note any more.
    default_priority = 149
    builders = ("epub",)
    epub = True


def _body(back: list[nodes.Node], body: list[nodes.Node], stand: Stand, epub: bool) -> HtmlElement:
    """Return the element that holds a note: within a line where its text is one line.

    The links *back* to the text begin its first line.
    """
    first = body[0] if body else None
    if isinstance(first, nodes.paragraph):
        if len(body) == 1 and stand is Stand.IN_LINE and not epub:
            return element(aside_inline, "span", *back, *first.children)
        first.insert(0, back)
        return element(aside_block, "aside", *body)
    return element(aside_block, "aside", *back, *body)


def _put_in_line(body: nodes.Element, mark: nodes.Element, paragraph: nodes.paragraph) -> None:
    """Put *body* behind *mark* in *paragraph*, outside of any emphasis that the mark stands in."""
    child: nodes.Element = mark
    while child.parent is not paragraph:
        child = child.parent
    paragraph.insert(paragraph.index(child) + 1, body)
    if isinstance(body, html_block) and not isinstance(paragraph, html_text):
        # The element ``p`` cannot hold blocks.
        flow = element(html_text, "div", *paragraph.children, ids=paragraph["ids"])
        flow["html"] = {"role": "paragraph"}
        flow["classes"] = [*paragraph["classes"], "marginalia-paragraph"]
        paragraph.parent.replace(paragraph, flow)


def _put_beside(body: nodes.Element, box: nodes.Element) -> None:
    """Put *body* into the frame that sets notes beside *box*."""
    if "marginalia-frame" in box["classes"]:
        cast("nodes.Element", box[-1]).append(body)
        return
    frame = element(html_block, "div", classes=["marginalia-frame"])
    box.parent.replace(box, frame)
    frame += [box, element(html_block, "div", body, classes=["marginalia-column"])]
