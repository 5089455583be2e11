"""Draw a timeline in the formats that have drawings; in all others it stays a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import document_of, element, find, html_block, html_inline
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.timeline import latex, svg
from sphinx_marginalia.timeline.contents import NotDrawableError, contents
from sphinx_marginalia.timeline.layout import layout
from sphinx_marginalia.timeline.nodes import timeline, timeline_figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.timeline.contents import Contents

#: The widths of the two drawings, in pixels: those of the page that has just enough room.
WIDE, NARROW = 560, 340
#: A drawing whose height is a greater multiple of its width is cut in print, where it is a list.
TALLEST = 1.35


class ListTimelines(SphinxPostTransform):
    """Style the list in an EPUB, whose readers cannot choose between two drawings.

    Before::

        <timeline_figure>
            <timeline>

    After::

        <timeline_figure>
            <definition_list classes="marginalia-timeline-list">
    """

    default_priority = WriteStage.PLAIN_LISTS
    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        """Make a definition list of each timeline, so that it is not drawn."""
        for items in find(self.document, timeline):
            items["classes"].append("marginalia-timeline-list")
            listed = nodes.definition_list("", *items.children, classes=items["classes"])
            items.parent.replace(items, listed)


class _DrawTimelines(SphinxPostTransform):
    """Base of the transforms that draw, for one format each.

    Links are resolved by then. Notes are not laid out yet: a timeline with a note is not drawn.
    """

    default_priority = WriteStage.DRAWINGS

    def drawable(self) -> Iterator[tuple[timeline_figure, timeline, Contents]]:
        """Yield each figure with its list and what its drawing shows."""
        for figure in find(self.document, timeline_figure):
            for items in find(figure, timeline):
                try:
                    yield figure, items, contents(items)
                except NotDrawableError:
                    items["classes"].append("marginalia-timeline-list")


class DrawTimelines(_DrawTimelines):
    """Draw timelines as SVG: for a wide page and for a phone.

    Before::

        <timeline_figure>
            <timeline>
            <caption>

    After::

        <timeline_figure>
            <html_block classes="marginalia-timeline-frame">
                <html_inline ids="…">               (where a bibliography links back to)
                <html_block classes="marginalia-timeline-wide">
                    <raw>
                <html_block classes="marginalia-timeline-narrow">
                    <raw>
            <timeline classes="… marginalia-timeline-print">    (of a long one, for print)
            <caption>
    """

    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace each list that can be drawn."""
        for figure, items, content in self.drawable():
            wide, narrow = (layout(content.events, content.groups, w) for w in (WIDE, NARROW))
            name = _name(figure)
            drawings = {
                "wide": svg.draw(wide, content, name),
                # Without a style sheet, one of the two is enough. With it, the attribute does
                # nothing: the style sheet hides the element around one, not the drawing, because a
                # theme may say how all drawings are displayed.
                "narrow": svg.draw(narrow, content, name, display="none"),
            }
            ids = [id_ for node in find(items, nodes.Element) for id_ in node["ids"]]
            frame = element(
                html_block,
                "div",
                *(element(html_inline, "span", ids=[id_]) for id_ in ids),
                *(_drawing(text, kind) for kind, text in drawings.items()),
                classes=["marginalia-timeline-frame"],
            )
            figure.replace(items, frame)
            if wide.height > TALLEST * wide.width:
                frame["classes"].append("marginalia-timeline-long")
                figure.insert(figure.index(frame) + 1, _for_print(items))


class DrawTimelinesForLatex(_DrawTimelines):
    """Draw timelines as TikZ, if they fit on a page.

    Before::

        <timeline_figure>
            <timeline>

    After::

        <timeline_figure>
            <raw format="latex">
    """

    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Replace each list that can be drawn on one page."""
        current = self.env.current_document.docname
        for figure, items, content in self.drawable():
            drawing = layout(content.events, content.groups, WIDE)
            if latex.fits(drawing):
                text = latex.draw(drawing, content, document_of(figure, current))
                figure.replace(items, nodes.raw("", text, format="latex"))


def _name(figure: timeline_figure) -> str:
    """Return what the figure shows, for readers who cannot see it."""
    captions = (child.astext() for child in figure if isinstance(child, nodes.caption))
    return str(figure.get("alt") or next(captions, _("Timeline")))


def _drawing(text: str, kind: str) -> html_block:
    drawing = nodes.raw("", text, format="html")
    return element(html_block, "div", drawing, classes=[f"marginalia-timeline-{kind}"])


def _for_print(items: timeline) -> timeline:
    """Return the list without its ids, which the drawing has."""
    for node in find(items, nodes.Element):
        node["ids"] = []
    items["classes"] += ["marginalia-timeline-list", "marginalia-timeline-print"]
    return items
