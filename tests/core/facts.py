"""A small feature: each page has facts, its paragraphs; a page with a rubric lists all of them."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes

from sphinx_marginalia.core.index import IndexDomain, add_index_domain, domain_of
from sphinx_marginalia.core.publish import Publication, add_publisher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


class Fact(NamedTuple):
    """A paragraph of a page."""

    text: str
    line: int = 0


class Facts(IndexDomain[Fact]):
    """The paragraphs of all pages."""

    name = "facts"

    def collect(self, document: nodes.document) -> list[Fact]:
        return [Fact(p.astext(), p.line or 0) for p in document.findall(nodes.paragraph)]

    @cached_property
    def texts(self) -> list[str]:
        return [fact.text for _docname, fact in self.in_reading_order()]

    def shows_list(self, document: nodes.document) -> bool:
        return any(True for _ in document.findall(nodes.rubric))


class Interruption(BaseException):
    """Stops a build as Ctrl-C does: Sphinx does not handle it."""


#: The page before which a build is stopped, and whether it is stopped before files are published.
STOP = {"page": "", "publish": False}


def add_list(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    if pagename == STOP["page"]:
        raise Interruption
    facts = domain_of(app.env, Facts)
    if pagename in facts.data["lists"]:
        titles = app.env.titles
        lines = [(titles[name].astext(), fact.text) for name, fact in facts.in_reading_order()]
        context["body"] += f"<!-- all facts: {lines} -->"


def publications(app: Sphinx) -> Iterator[Publication]:
    texts = domain_of(app.env, Facts).texts
    yield Publication(("facts.json",), texts, lambda: (json.dumps(texts),))
    for number, text in enumerate(texts):
        yield Publication((f"facts/{number}.txt",), text, lambda text=text: (_written(text),))


def _written(text: str) -> str:
    if STOP["publish"]:
        raise Interruption
    return text


def setup(app: Sphinx) -> ExtensionMetadata:
    add_index_domain(app, Facts)
    app.connect("html-page-context", add_list)
    add_publisher(app, publications)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
