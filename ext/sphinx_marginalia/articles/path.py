"""``learning-path``: the curriculum as figure and list; ``reading-time``: that of a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from sphinx_marginalia.articles import latex, svg
from sphinx_marginalia.articles.blocks import blocks
from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.figure import figure
from sphinx_marginalia.articles.frontmatter import Article
from sphinx_marginalia.articles.nodes import (
    front_matter_text,
    learning_path,
    path_figure,
    reading_time_of,
)
from sphinx_marginalia.articles.options import WORDS_PER_MINUTE, ArticleProblem
from sphinx_marginalia.articles.reading_time import difficulty, reading_time
from sphinx_marginalia.articles.targets import Target
from sphinx_marginalia.core import _
from sphinx_marginalia.core.diagnostics import CoreProblem, did_you_mean, warn
from sphinx_marginalia.core.directives import Directive
from sphinx_marginalia.core.drawing.svg import address_of
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import element, find, html_block, note_use
from sphinx_marginalia.core.stages import WriteStage

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec

    from sphinx_marginalia.articles.curriculum import Curriculum

#: A figure of more articles would be too large; the list is shown alone.
MOST = 120


class LearningPathDirective(Directive):
    """The curriculum of the project.

    The titles of blocks belong to no document, so they are offered to translators with this one.
    """

    known_options: ClassVar[OptionSpec] = {"class": directives.class_option}

    def make_nodes(self) -> list[nodes.Node]:
        note_use(self.env, learning_path)
        node = learning_path(classes=["marginalia-path", *self.options.get("class", [])])
        self.set_source_info(node)
        for block in blocks(self.env, report=lambda *_, **__: None)[0]:
            text = front_matter_text(text=block.title)
            text.source, text.line = (
                (block.file, block.line) if block.file else (node.source, node.line)
            )
            node += text
            if block.file:
                self.env.note_dependency(block.file)
        return [node]


class ReadingTimeRole(SphinxRole):
    """How long an article, or all articles of a block, take to read."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        note_use(self.env, learning_path)  # it is outdated with a learning path
        node = reading_time_of(target=self.text, classes=["marginalia-article-time"])
        self.set_source_info(node)
        return [node], []


class FillReadingTimes(SphinxPostTransform):
    """Fill in the reading times of other articles.

    Before::

        <reading_time_of target="methods">

    After::

        <reading_time_of target="methods">
            26 min read
    """

    default_priority = WriteStage.PAGE_FACTS

    def run(self, **kwargs: Any) -> None:
        for node in find(self.document, reading_time_of):
            course = domain_of(self.env, ArticlesDomain).curriculum
            of_blocks = {block.name: names for block, names in course.by_block() if block.name}
            docnames = of_blocks.get(node["target"], [node["target"]])
            articles = [course.articles[name] for name in docnames if name in course.articles]
            if articles:
                total = sum(article.words for article in articles)
                speed = WORDS_PER_MINUTE.value(self.config)
                node += nodes.Text(reading_time(Article(words=total), speed)[0])
                continue
            known = [*of_blocks, *course.articles]
            hint = did_you_mean(node["target"], known) or "name an article or a block with articles"
            message = f"no reading time for {node['target']!r}; {hint}"
            warn(ArticleProblem.UNKNOWN_READING_TIME, message, location=node)
            node.parent.remove(node)


class FillPaths(SphinxPostTransform):
    """Fill each ``learning-path`` with the curriculum.

    Before::

        <learning_path classes="marginalia-path">

    After::

        <learning_path classes="marginalia-path">
            <path_figure layout="…">
                <pending_xref>                          (for each article)
            <definition_list classes="marginalia-path-list">
                <definition_list_item>                  (for each block)
                    <term>
                    <definition>
                        <enumerated_list>
    """

    default_priority = WriteStage.PAGE_FACTS

    def run(self, **kwargs: Any) -> None:
        self.domain = domain_of(self.env, ArticlesDomain)
        if not self.domain.may_show(self.env.current_document.docname):
            return
        course = self.domain.curriculum
        for node in find(self.document, learning_path):
            if not course.articles:
                message = "the learning path is empty: no page is an article"
                warn(CoreProblem.EMPTY_LIST, message, location=node)
                node.parent.remove(node)
                continue
            if 1 < len(course.articles) <= MOST:
                node += self._figure(course)
            node += self._list(course)

    def _figure(self, course: Curriculum) -> path_figure:
        titles = {docname: self.env.titles[docname].astext() for docname in course.articles}
        notes = {docname: self._note(course, docname) for docname in course.articles}
        layout = figure(course, titles, notes)
        # Resolved with all other references; their addresses are drawn.
        links = [self.domain.link(Target(card.docname)) for card in layout.cards]
        return path_figure("", *links, layout=layout)

    def _note(self, course: Curriculum, docname: str) -> str:
        article = course.articles[docname]
        time = reading_time(article, WORDS_PER_MINUTE.value(self.config))[0]
        return f"{difficulty(article.difficulty)} · {time}" if article.difficulty else time

    def _list(self, course: Curriculum) -> nodes.Element:
        """Return the blocks with their articles, in order."""
        items = []
        start = 1
        for block, docnames in course.by_block():
            steps = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".", start=start)
            if start == 1:
                del steps["start"]
            for docname in docnames:
                link = self.domain.link(Target(docname))
                note = nodes.inline("", f" ({self._note(course, docname)})")
                steps += nodes.list_item("", nodes.paragraph("", "", link, note))
            start += len(docnames)
            term = nodes.term("", block.title or _("Further articles"))
            items.append(nodes.definition_list_item("", term, nodes.definition("", steps)))
        return nodes.definition_list("", *items, classes=["marginalia-path-list"])


class RemoveFigures(SphinxPostTransform):
    """Remove the figures that are not drawn: the list says the same.

    Before::

        <learning_path>
            <path_figure layout="…">
            <definition_list>

    After::

        <learning_path>
            <definition_list>
    """

    default_priority = WriteStage.UNDRAWN

    def run(self, **kwargs: Any) -> None:
        if domain_of(self.env, ArticlesDomain).may_show(self.env.current_document.docname):
            for node in find(self.document, path_figure):
                node.parent.replace(node, self.drawn(node))

    def drawn(self, node: path_figure) -> list[nodes.Element]:
        """Return what replaces *node*."""
        return []


class DrawPaths(RemoveFigures):
    """Draw the figures as SVG.

    Before::

        <path_figure layout="…">
            <reference refuri="…">

    After::

        <html_block classes="marginalia-path-figure">
            <raw format="html">
    """

    default_priority = WriteStage.DRAWINGS
    formats = ("html",)

    def drawn(self, node: path_figure) -> list[nodes.Element]:
        """Return the drawing in an element that can be hidden.

        A theme may say how all drawings are displayed.
        """
        addresses = {name: address_of(link) for name, link in _links(node).items()}
        text = svg.draw(node["layout"], _("Learning path"), addresses)
        drawing = nodes.raw("", text, format="html")
        return [element(html_block, "div", drawing, classes=["marginalia-path-figure"])]


class DrawPathsForLatex(RemoveFigures):
    """Draw the figures as TikZ, if they fit on a page.

    Before::

        <path_figure layout="…">
            <reference refuri="…">

    After::

        <raw format="latex">
    """

    default_priority = WriteStage.DRAWINGS
    formats = ("latex",)

    def drawn(self, node: path_figure) -> list[nodes.Element]:
        text = latex.draw(node["layout"], _links(node).keys())
        return [nodes.raw("", text, format="latex")] if text else []


def _links(node: path_figure) -> dict[str, nodes.reference]:
    """Return the references by their documents; in a PDF, a document without it has none."""
    return {
        card.docname: child
        for card, child in zip(node["layout"].cards, node.children, strict=True)
        if isinstance(child, nodes.reference)
    }
