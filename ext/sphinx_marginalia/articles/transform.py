"""Read the front matter of each article while it is parsed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.frontmatter import Slip, is_article, read
from sphinx_marginalia.articles.nodes import article_facts, article_header, article_next
from sphinx_marginalia.articles.problems import ArticleProblem
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.located import front_matter, read_front_matter

if TYPE_CHECKING:
    from sphinx_marginalia.articles.frontmatter import Article
    from sphinx_marginalia.core.located import Located

#: What has another text when it is resolved.
UNRESOLVED = (addnodes.pending_xref, nodes.pending, nodes.substitution_reference)


class PutHeaders(SphinxTransform):
    """Put a header under the title of each article, and the place for a link at its end.

    Before::

        <field_list>            (the front matter)
        <section>
            <title>

    After::

        <field_list>
        <section>
            <title>
            <article_header>
                <paragraph classes="marginalia-description">
                <article_facts>
            …
            <article_next>
    """

    # Before translation (20), so that the description is translated like any paragraph.
    default_priority = 15

    def apply(self, **kwargs: Any) -> None:
        """Read the front matter, report what is wrong in it, and put the header."""
        fields = front_matter(self.document)
        if fields is None:
            return
        docname = self.env.current_document.docname
        source = Path(self.env.doc2path(docname))
        written = read_front_matter(fields, source, ArticleProblem.METADATA_TYPE)
        values = _values(written)
        if not is_article(values):
            return
        lines = {str(path[0]): line for path, line in written.lines.items() if len(path) == 1}
        article, slips = read(values, lines)
        for diagnostic in written.diagnostics:
            warn(diagnostic.problem, diagnostic.message, location=f"{source}:{diagnostic.line}")
        sections = [node for node in self.document.children if isinstance(node, nodes.section)]
        title = sections[0].next_node(nodes.title) if sections else None
        if title is not None and article.title and not _is_title(title, article.title):
            message = f"the title {article.title!r} is not that of the page, {title.astext()!r}"
            slips.append(Slip(ArticleProblem.TITLE_MISMATCH, message, "title"))
        for slip in slips:
            warn(slip.problem, slip.message, location=f"{source}:{article.line(slip.key)}")
        cast("ArticlesDomain", self.env.domains[ArticlesDomain.name]).note_article(docname, article)
        self._put(fields, sections, article)

    def _put(
        self, fields: nodes.field_list, sections: list[nodes.section], article: Article
    ) -> None:
        header = article_header("", article_facts(), classes=["marginalia-article"])
        if article.description:
            words = article.description
            description = nodes.paragraph(words, words, classes=["marginalia-description"])
            description.source = self.document["source"]
            description.line = article.line("description")
            header.insert(0, description)
        end = article_next(classes=["marginalia-next"])
        if sections:
            title = sections[0].first_child_matching_class(nodes.title)
            sections[0].insert(0 if title is None else title + 1, header)
            sections[-1].append(end)
            return
        if article.title:
            # Sphinx's name for a page without a heading.
            self.document.setdefault("title", article.title)
        self.document.insert(self.document.index(fields) + 1, header)
        self.document.append(end)


def _values(written: Located) -> dict[str, Any]:
    """Return the values of front matter, texts as they are written and not as YAML reads them."""
    return {
        key: value if isinstance(value, list | dict) else written.text(key) or None
        for key, value in written.value.items()
    }


def _is_title(title: nodes.title, text: str) -> bool:
    """Return whether the heading *title* says *text*, as it is read or as it is written."""
    same = _plain(text) in {_plain(title.astext()), _plain(title.rawsource)}
    return same or any(title.findall(lambda node: isinstance(node, UNRESOLVED)))


def _plain(text: str) -> str:
    """Return the words of a title, without roles, the signs of Markdown and the kind of quotes."""
    text = re.sub(r"\{[\w:+.-]+\}(?=`)|:[\w:+.-]+:(?=`)", "", text)
    text = re.sub(r"[*`_$\\]", "", text)
    text = re.sub(r"[’‘]", "'", re.sub(r"[“”]", '"', text))
    return " ".join(text.split()).casefold()
