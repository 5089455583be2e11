"""``learning-path``: the curriculum as a figure, and as a list in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_marginalia.articles import latex, svg
from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.header import difficulty, link_to, reading_time
from sphinx_marginalia.articles.layout import Figure, figure
from sphinx_marginalia.articles.nodes import learning_path, path_figure
from sphinx_marginalia.articles.options import WORDS_PER_MINUTE
from sphinx_marginalia.articles.places import Place
from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import find, note_use

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec

    from sphinx_marginalia.articles.curriculum import Curriculum

#: A figure of more articles is no figure any more; the list is shown alone.
MOST = 120


class LearningPathDirective(SphinxDirective):
    """The curriculum of the project."""

    option_spec: ClassVar[OptionSpec] = {"class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        """Return the place for it, which is filled when all documents are read."""
        note_use(self.env, learning_path)
        place = learning_path(classes=self.options.get("class", []))
        self.set_source_info(place)
        return [place]


class FillPaths(SphinxPostTransform):
    """Draw the curriculum, and list it."""

    # Before references are resolved (10): the list holds references.
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Fill every place for a learning path."""
        domain = cast("ArticlesDomain", self.env.domains[ArticlesDomain.name])
        if not domain.may_show(self.env.current_document.docname):
            return
        places = find(self.document, learning_path)
        if not places:
            return
        found = domain.curriculum()
        for place in places:
            if not found.articles:
                warn(
                    CoreProblem.EMPTY_LIST,
                    "the learning path is empty: no page is an article",
                    location=place,
                )
                place.parent.remove(place)
                continue
            place["classes"].insert(0, "marginalia-path")
            if 1 < len(found.articles) <= MOST:
                place += self._figure(found)
            place += self._list(found)

    def _figure(self, found: Curriculum) -> path_figure:
        titles = {docname: self.env.titles[docname].astext() for docname in found.articles}
        notes = {docname: self._note(found, docname) for docname in found.articles}
        drawn = path_figure(drawing=figure(found, titles, notes))
        # Resolved with all other references: what is drawn of them are their addresses.
        drawn += [link_to(self.env, Place(docname)) for docname in found.articles]
        return drawn

    def _note(self, found: Curriculum, docname: str) -> str:
        article = found.articles[docname]
        time = reading_time(article, WORDS_PER_MINUTE.value(self.config))[0]
        return f"{difficulty(article.difficulty)} · {time}" if article.difficulty else time

    def _list(self, found: Curriculum) -> nodes.Element:
        """Return the blocks with their articles, in order."""
        items = []
        start = 1
        for block, docnames in found.by_block():
            steps = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".", start=start)
            if start == 1:
                del steps["start"]
            for docname in docnames:
                link = link_to(self.env, Place(docname))
                note = nodes.inline("", f" ({self._note(found, docname)})")
                steps += nodes.list_item("", nodes.paragraph("", "", link, note))
            start += len(docnames)
            term = nodes.term("", block.title or _("Further articles"))
            items.append(nodes.definition_list_item("", term, nodes.definition("", steps)))
        return nodes.definition_list("", *items, classes=["marginalia-path-list"])


class _WithFigures(SphinxPostTransform):
    """Go through the figures of a page."""

    def figures(self) -> list[path_figure]:
        domain = cast("ArticlesDomain", self.env.domains[ArticlesDomain.name])
        shown = domain.may_show(self.env.current_document.docname)
        return find(self.document, path_figure) if shown else []


class DrawPaths(_WithFigures):
    """Make SVG of the figures."""

    # When the references are resolved (10).
    default_priority = 60
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace every figure."""
        for place in self.figures():
            drawing: Figure = place["drawing"]
            addresses = {
                docname: link.get("refuri") or f"#{link.get('refid', '')}"
                for docname, link in _links(place).items()
            }
            drawn = svg.draw(drawing, _("Learning path"), addresses)
            place.parent.replace(place, nodes.raw("", drawn, format="html"))


class DrawPathsForLatex(_WithFigures):
    """Make TikZ of the figures."""

    default_priority = 60
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Replace every figure that can be read on a page."""
        for place in self.figures():
            drawing: Figure = place["drawing"]
            if latex.fits(drawing):
                drawn = latex.draw(drawing, _links(place).keys())
                place.parent.replace(place, nodes.raw("", drawn, format="latex"))


class DropFigures(_WithFigures):
    """Leave out the figures where nothing is drawn: the list says it all."""

    default_priority = 61

    def run(self, **kwargs: Any) -> None:
        """Remove every figure that is left."""
        for place in self.figures():
            place.parent.remove(place)


def _links(place: path_figure) -> dict[str, nodes.reference]:
    """Return the references by their documents; one that is not in a PDF has none."""
    drawing: Figure = place["drawing"]
    return {
        docname: child
        for docname, child in zip(drawing.order, place.children, strict=True)
        if isinstance(child, nodes.reference)
    }
