"""Draw a timeline in the formats that have drawings; in all others it stays a list."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.nodes import document_of, element, find, html_block, html_inline
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.timeline import latex, svg
from sphinx_marginalia.timeline.contents import NotDrawableError, contents
from sphinx_marginalia.timeline.layout import layout
from sphinx_marginalia.timeline.nodes import timeline, timeline_figure

if TYPE_CHECKING:
    from sphinx_marginalia.timeline.contents import Contents

#: The widths of the two drawings, in pixels: those of the page that has just enough room.
WIDE, NARROW = 560, 340
#: A drawing whose height is a greater multiple of its width is cut in print, where it is a list.
TALLEST = 1.35


class ListTimelines(SphinxPostTransform):
    """Style the list in an EPUB, whose readers cannot choose between two drawings.

    Before::

        <timeline>

    After::

        <definition_list classes="marginalia-timeline-list">
    """

    default_priority = WriteStage.PLAIN_LISTS
    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        for items in find(self.document, timeline):
            classes = [*items["classes"], "marginalia-timeline-list"]
            items.parent.replace(items, nodes.definition_list("", *items.children, classes=classes))


class _Draw(SphinxPostTransform):
    """Base of the transforms that draw, for one format each.

    Links are resolved by then. Notes are not laid out yet: a timeline with a note is not drawn.
    """

    default_priority = WriteStage.DRAWINGS

    def run(self, **kwargs: Any) -> None:
        for figure in find(self.document, timeline_figure):
            for items in find(figure, timeline):
                try:
                    figure.replace(items, self.drawn(figure, items, contents(items)))
                except NotDrawableError:
                    items["classes"].append("marginalia-timeline-list")

    @abstractmethod
    def drawn(
        self, figure: timeline_figure, items: timeline, content: Contents
    ) -> list[nodes.Element]:
        """Return what replaces *items*."""


class DrawTimelines(_Draw):
    """Draw timelines as SVG, for a wide page and for a phone.

    Before::

        <timeline_figure>
            <timeline>
            <caption>

    After::

        <timeline_figure>
            <html_block classes="marginalia-timeline-frame">
                <html_inline ids="…">               (where a bibliography links back to)
                <html_block classes="marginalia-timeline-wide">
                    <raw format="html">
                <html_block classes="marginalia-timeline-narrow">
                    <raw format="html">
            <timeline classes="… marginalia-timeline-print">    (of a long one, for print)
            <caption>
    """

    formats = ("html",)

    def drawn(
        self, figure: timeline_figure, items: timeline, content: Contents
    ) -> list[nodes.Element]:
        """Return two drawings and, if they are long, the list for print."""
        wide, narrow = (layout(content.events, content.groups, width) for width in (WIDE, NARROW))
        name = _name(figure)
        ids = [id_ for node in find(items, nodes.Element) for id_ in node["ids"]]
        frame = element(
            html_block,
            "div",
            *(element(html_inline, "span", ids=[id_]) for id_ in ids),
            _drawing(svg.draw(wide, content, name), "wide"),
            # Without a style sheet one of the two is enough. With it, the element around is hidden
            # and the attribute does nothing: a theme may say how all drawings are displayed.
            _drawing(svg.draw(narrow, content, name, display="none"), "narrow"),
            classes=["marginalia-timeline-frame"],
        )
        if wide.height <= TALLEST * wide.width:
            return [frame]
        frame["classes"].append("marginalia-timeline-long")
        for node in find(items, nodes.Element):
            node["ids"] = []
        items["classes"] += ["marginalia-timeline-list", "marginalia-timeline-print"]
        return [frame, items]


class DrawTimelinesForLatex(_Draw):
    """Draw timelines as TikZ, if they fit on a page.

    Before::

        <timeline_figure>
            <timeline>
            <caption>

    After::

        <timeline_figure>
            <raw format="latex">
            <caption>
    """

    formats = ("latex",)

    def drawn(
        self, figure: timeline_figure, items: timeline, content: Contents
    ) -> list[nodes.Element]:
        """Return the drawing, or *items*, which may be longer than a page."""
        drawing = layout(content.events, content.groups, WIDE)
        docname = document_of(figure, self.env.current_document.docname)
        text = latex.draw(drawing, content, docname)
        return [nodes.raw("", text, format="latex") if text else items]


def _drawing(text: str, kind: str) -> html_block:
    drawing = nodes.raw("", text, format="html")
    return element(html_block, "div", drawing, classes=[f"marginalia-timeline-{kind}"])


def _name(figure: timeline_figure) -> str:
    """Return what the figure shows, for readers who cannot see it."""
    captions = (child.astext() for child in figure if isinstance(child, nodes.caption))
    return str(figure.get("alt") or next(captions, _("Timeline")))
