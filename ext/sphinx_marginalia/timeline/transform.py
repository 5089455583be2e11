"""A timeline as a drawing, in the formats that have some; elsewhere it stays a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import ancestors, element, find, html_block, html_inline
from sphinx_marginalia.timeline import latex
from sphinx_marginalia.timeline.drawing import NotDrawableError, contents
from sphinx_marginalia.timeline.layout import layout
from sphinx_marginalia.timeline.nodes import timeline, timeline_figure
from sphinx_marginalia.timeline.svg import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.timeline.drawing import Contents

#: In pixels, which are those of the page where the drawing has just the room it needs.
WIDE, NARROW = 560, 340
#: A drawing that is higher than this, for its width, is cut on paper: there it is a list.
TALLEST = 1.35


class _Drawn(SphinxPostTransform):
    """Go through the timelines of a page that can be drawn."""

    # When references are resolved (10) and citations are dressed (50), and before notes are laid
    # out (150): where a milestone has one, it is not drawn.
    default_priority = 60

    def drawable(self) -> Iterator[tuple[timeline_figure, timeline, Contents]]:
        """Yield each figure with its list and what is to be drawn."""
        for figure in find(self.document, timeline_figure):
            for shown in find(figure, timeline):
                try:
                    yield figure, shown, contents(shown)
                except NotDrawableError:
                    shown["classes"].append("marginalia-timeline-list")


class DrawTimelines(_Drawn):
    """Make SVG of timelines: one for a wide page and one for a phone."""

    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace each list that can be drawn."""
        for figure, shown, found in self.drawable():
            addresses = [link.get("refuri") or f"#{link.get('refid', '')}" for link in found.links]
            sheet = Sheet(found, addresses, _name(figure))
            wide = layout(found.events, found.groups, WIDE)
            narrow = layout(found.events, found.groups, NARROW)
            drawn = [
                nodes.raw("", sheet.draw(drawing, kind), format="html")
                for drawing, kind in ((wide, "wide"), (narrow, "narrow"))
            ]
            # What a bibliography on this page links back to.
            ids = [id_ for node in find(shown, nodes.Element) for id_ in node["ids"]]
            places = [element(html_inline, "span", ids=[id_]) for id_ in ids]
            frame = element(
                html_block, "div", *places, *drawn, classes=["marginalia-timeline-frame"]
            )
            figure.replace(shown, frame)
            if wide.height > TALLEST * wide.width:
                frame["classes"].append("marginalia-timeline-long")
                figure.insert(figure.index(frame) + 1, _for_paper(shown))


class ListTimelines(SphinxPostTransform):
    """Style the list in an EPUB: readers of those lack what it takes to choose between drawings."""

    # Before the other (60), which finds no timeline then.
    default_priority = 59
    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        """Make an ordinary list of each timeline."""
        for shown in find(self.document, timeline):
            shown["classes"].append("marginalia-timeline-list")
            listed = nodes.definition_list("", *shown.children, classes=shown["classes"])
            shown.parent.replace(shown, listed)


class DrawTimelinesForLatex(_Drawn):
    """Make TikZ of timelines."""

    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Replace each list that can be drawn on one page."""
        for figure, shown, found in self.drawable():
            drawing = layout(found.events, found.groups, WIDE)
            if latex.fits(drawing):
                docname = _document_of(figure) or self.env.current_document.docname
                drawn = latex.draw(drawing, found, docname)
                figure.replace(shown, nodes.raw("", drawn, format="latex"))


def _name(figure: timeline_figure) -> str:
    """Return what the figure is, for those who cannot see it."""
    captions = (child.astext() for child in figure if isinstance(child, nodes.caption))
    return str(figure.get("alt") or next(captions, _("Timeline")))


def _for_paper(shown: timeline) -> nodes.Element:
    """Return the list once more, without the ids that the drawing has."""
    for node in find(shown, nodes.Element):
        node["ids"] = []
    shown["classes"] += ["marginalia-timeline-list", "marginalia-timeline-paper"]
    return shown


def _document_of(node: nodes.Node) -> str | None:
    """Return the document that *node* was written in, where one page holds several."""
    around = (parent.get("docname") for parent in ancestors(node))
    return next((docname for docname in around if docname), None)
