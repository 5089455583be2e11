"""The header of an article below its title, and the link to the next article at its end."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.frontmatter import Article, is_article, page_diagnostics, read
from sphinx_marginalia.articles.nodes import (
    article_facts,
    article_header,
    article_next,
    front_matter_text,
)
from sphinx_marginalia.articles.options import NEXT, WORDS_PER_MINUTE, ArticleProblem
from sphinx_marginalia.articles.reading_time import difficulty, reading_time
from sphinx_marginalia.articles.targets import Target
from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import builder_of
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.front_matter import front_matter, read_front_matter
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import document_of, find
from sphinx_marginalia.core.stages import ReadStage, WriteStage
from sphinx_marginalia.core.syntax import is_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.application import Sphinx

#: Nodes whose text changes when they are resolved.
UNRESOLVED = (addnodes.pending_xref, nodes.pending, nodes.substitution_reference)


class AddHeader(SphinxTransform):
    """Read the front matter of an article, and add its header and a node for the next article.

    Before::

        <field_list>                                        (the front matter)
        <section>
            <title>

    After::

        <field_list>
        <front_matter_text text="…">                        (for each value that readers see)
        <section>
            <title>
            <article_header classes="marginalia-article">
                <paragraph classes="marginalia-article-description">
                <article_facts>
            …
            <article_next classes="marginalia-article-next">

    The description is a paragraph that Sphinx translates like any other. On a page that is not an
    article only programs see it, so it is a ``front_matter_text`` there.
    """

    default_priority = ReadStage.FRONT_MATTER

    def apply(self, **kwargs: Any) -> None:
        fields = front_matter(self.document)
        docname = self.env.current_document.docname
        source = Path(self.env.doc2path(docname))
        is_md = is_markdown(self.config, source)
        if fields is None and not is_md:
            return
        written = read_front_matter(fields or (), source, ArticleProblem.FRONT_MATTER)
        article, diagnostics = read(written) if is_article(written) else (None, [])
        if article is None and is_md:
            diagnostics = page_diagnostics(written, source)
        for each in diagnostics:
            warn(each.problem, each.message, location=f"{source}:{each.line}")
        start = 0 if fields is None else self.document.index(fields) + 1
        if article is None:
            self._offer(start, [("description", written.text("description"))], written.line)
            return
        sections = [node for node in self.document.children if isinstance(node, nodes.section)]
        title = sections[0].next_node(nodes.title) if sections else None
        if title is not None and article.title and not _is_title(title, article.title):
            message = f"the title {article.title!r} is not that of the page, {title.astext()!r}"
            location = f"{source}:{article.line('title')}"
            warn(ArticleProblem.TITLE_MISMATCH, message, location=location)
        domain_of(self.env, ArticlesDomain).records[docname] = [article]
        self._add(start, sections, article)
        self._offer(start, article.texts(), article.line)

    def _offer(
        self, start: int, texts: Iterable[tuple[str, str]], line: Callable[[str], int]
    ) -> None:
        """Offer *texts* to translators, at the lines of their keys."""
        offered = []
        for key, text in texts:
            node = front_matter_text(text=text)
            node.source, node.line = self.document["source"], line(key)
            offered += [node] if text else []
        self.document[start:start] = offered

    def _add(self, start: int, sections: list[nodes.section], article: Article) -> None:
        header = article_header("", article_facts(), classes=["marginalia-article"])
        if article.description:
            text = article.description
            description = nodes.paragraph(text, text, classes=["marginalia-article-description"])
            description.source = self.document["source"]
            description.line = article.line("description")
            header.insert(0, description)
        end = article_next(classes=["marginalia-article-next"])
        if sections:
            title = sections[0].first_child_matching_class(nodes.title)
            sections[0].insert(0 if title is None else title + 1, header)
            sections[-1].append(end)
            return
        if article.title:
            # The name that Sphinx takes for a page without a heading.
            self.document.setdefault("title", article.title)
        self.document.insert(start, header)
        self.document.append(end)


def _is_title(title: nodes.title, text: str) -> bool:
    """Return whether the heading *title* is *text*, as it is read or as it is written."""
    same = _plain(text) in {_plain(title.astext()), _plain(title.rawsource)}
    return same or any(title.findall(lambda node: isinstance(node, UNRESOLVED)))


def _plain(text: str) -> str:
    """Return the words of a title without roles, signs of Markdown and typographic quotes."""
    text = re.sub(r"\{[\w:+.-]+\}(?=`)|:[\w:+.-]+:(?=`)", "", text)
    text = re.sub(r"[*`_$\\]", "", text)
    text = re.sub(r"[’‘]", "'", re.sub(r"[“”]", '"', text))
    return " ".join(text.split()).casefold()


class FillHeader(SphinxPostTransform):
    """Fill in what an article shows of other pages.

    Before::

        <article_facts>
        …
        <article_next>

    After::

        <paragraph classes="marginalia-article-facts">
            <inline classes="marginalia-article-badge marginalia-article-beginner">
            …
        <paragraph classes="marginalia-article-read-first">
            <inline classes="marginalia-article-label">
            <pending_xref>
        …
        <article_next html="{'aria-label': 'Next article'}">
            <paragraph>
                <inline classes="marginalia-article-label">
                <pending_xref>
    """

    default_priority = WriteStage.PAGE_FACTS

    def run(self, **kwargs: Any) -> None:
        """Fill the nodes of each article; one page may contain several articles."""
        blanks: list[nodes.Element] = find(self.document, article_facts, article_next)
        if not blanks:
            return
        self.domain = domain_of(self.env, ArticlesDomain)
        current = self.env.current_document.docname
        following = self.domain.curriculum.following if NEXT.value(self.config) else {}
        for node in blanks:
            docname = document_of(node, current)
            if isinstance(node, article_facts):
                node.parent.replace(node, self._facts(docname))
            elif docname in following:
                if builder_of(self.env).format == "html":
                    # A page has more than one navigation, and a screen reader names each.
                    node["html"] = {"aria-label": _("Next article")}
                node += _labelled(_("Next:"), [self.domain.link(Target(following[docname]))])
            else:
                node.parent.remove(node)

    def _facts(self, docname: str) -> list[nodes.Node]:
        """Return the lines below the description."""
        article = self.domain.article(docname) or Article()
        badges = _separated(self._badges(article), " · ")
        lines = [nodes.paragraph("", "", *badges, classes=["marginalia-article-facts"])]
        if links := self._prerequisites(docname, article):
            line = _labelled(_("Read first:"), _separated(links, ", "))
            line["classes"].append("marginalia-article-read-first")
            lines.append(line)
        return [*lines]

    def _badges(self, article: Article) -> list[nodes.Node]:
        badge = "marginalia-article-badge"
        parts: list[nodes.Node] = []
        if article.difficulty:
            classes = [badge, f"marginalia-article-{article.difficulty}"]
            parts.append(nodes.inline("", difficulty(article.difficulty), classes=classes))
        if article.category:
            parts.append(nodes.inline("", article.category, classes=[badge]))
        speed = WORDS_PER_MINUTE.value(self.config)
        parts += [nodes.inline("", text) for text in reading_time(article, speed)]
        if article.updated:
            parts.append(nodes.inline("", _("updated {date}").format(date=article.updated)))
        return parts

    def _prerequisites(self, docname: str, article: Article) -> list[nodes.Node]:
        targets = self.domain.targets.get(docname, ())
        return [
            nodes.inline("", item.title or item.target)
            if target is None
            else self.domain.link(target, item.title)
            for item, target in zip(article.prerequisites, targets, strict=False)
        ]


def remove_texts(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Remove the values for translators, which only the builder ``gettext`` reads."""
    if app.builder.name != "gettext":
        for text in find(document, front_matter_text):
            text.parent.remove(text)


def _labelled(label: str, content: Iterable[nodes.Node]) -> nodes.paragraph:
    """Return a line that begins with a *label*."""
    words = nodes.inline("", label, classes=["marginalia-article-label"])
    return nodes.paragraph("", "", words, nodes.Text(" "), *content)


def _separated(parts: Iterable[nodes.Node], separator: str) -> list[nodes.Node]:
    """Return *parts* with a text between each two."""
    return list(chain.from_iterable((nodes.Text(separator), part) for part in parts))[1:]
