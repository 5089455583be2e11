"""Read the front matter of each article while it is parsed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.articles.frontmatter import Slip, is_article, read
from sphinx_marginalia.articles.nodes import article_facts, article_header, article_next
from sphinx_marginalia.core.warnings import Problem, warn

if TYPE_CHECKING:
    from sphinx_marginalia.articles.frontmatter import Article

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
KEY = re.compile(r"[\"']?([\w.-]+)[\"']?\s*:")


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
        fields = next((node for node in self.document.children if isinstance(node, FIELDS)), None)
        if fields is None:
            return
        values = _values(fields)
        if not is_article(values):
            return
        docname = self.env.current_document.docname
        source = Path(self.env.doc2path(docname))
        lines = _lines(source, fields)
        article, slips = read(values, lines)
        section = next((n for n in self.document.children if isinstance(n, nodes.section)), None)
        title = section.next_node(nodes.title) if section is not None else None
        if title is not None and article.title and _words(title) != _plain(article.title):
            message = f"the title {article.title!r} is not that of the page, {title.astext()!r}"
            slips.append(Slip(Problem.TITLE_MISMATCH, message, "title"))
        for slip in slips:
            warn(slip.problem, slip.message, location=f"{source}:{lines.get(slip.key, 1)}")
        self._put(section, article, docname)

    def _put(self, section: nodes.section | None, article: Article, docname: str) -> None:
        header = article_header("", article_facts(), classes=["marginalia-article"])
        # In one page of several documents nothing else tells which this is from.
        header["article"], header["docname"] = article, docname
        if article.description:
            words = article.description
            description = nodes.paragraph(words, words, classes=["marginalia-description"])
            description.source, description.line = (
                self.document["source"],
                article.line("description"),
            )
            header.insert(0, description)
        if section is None:
            self.document.append(header)
            return
        place = section.first_child_not_matching_class(nodes.title) or 0
        section.insert(place, header)
        section.append(article_next(docname=docname, classes=["marginalia-next"]))


FIELDS = (nodes.field_list, nodes.docinfo)


def _values(fields: nodes.Node) -> dict[str, Any]:
    """Return the entries of a field list; MyST writes lists as JSON."""
    values: dict[str, Any] = {}
    for field in fields.findall(nodes.field):
        name, body = field.children
        text = body.astext()
        if text[:1] in {"[", "{"}:
            try:
                values[name.astext()] = json.loads(text)
                continue
            except ValueError:
                pass
        values[name.astext()] = text or None
    return values


def _lines(source: Path, fields: nodes.Node) -> dict[str, int]:
    """Return the line of each entry: from the file's YAML, or of the field in reStructuredText."""
    text = source.read_text(encoding="utf-8-sig", errors="replace")
    if match := FRONT_MATTER.match(text):
        found: dict[str, int] = {}
        for number, line in enumerate(match[1].split("\n"), 2):
            if key := KEY.match(line):
                found.setdefault(key[1], number)
        return found
    return {field.children[0].astext(): field.line or 1 for field in fields.findall(nodes.field)}


def _words(title: nodes.title) -> str:
    return _plain(title.astext())


def _plain(text: str) -> str:
    """Return the words of a title, without the signs of Markdown and the kind of quotes."""
    text = re.sub(r"[*`_$\\]", "", text)
    text = re.sub(r"[’‘]", "'", re.sub(r"[“”]", '"', text))
    return " ".join(text.split()).casefold()
