"""Ways to look at notes: as an outline of the document tree, and in a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from docutils import nodes

from sphinx_marginalia.sidenotes.nodes import marginnote, marginnote_anchor, sidenote

if TYPE_CHECKING:
    from bs4 import Tag

    from sphinx_marginalia.testing import Built


def outline(document: nodes.document) -> str:
    """Return *document* as a reader sees it: a block a line, ``[1]`` for a number in the text.

    A sidenote is ``1) its text``, a margin note ``*) its text``, and ``[*]`` the place of one.
    """
    lines: list[str] = []
    for child in document.children:
        _outline(child, 0, lines)
    return "\n".join(lines) + "\n"


def _outline(node: nodes.Node, depth: int, lines: list[str], before: str = "") -> None:
    if isinstance(node, nodes.section):
        for child in node.children:
            _outline(child, depth, lines)
    elif isinstance(node, (sidenote, marginnote)):
        numbered = isinstance(node, sidenote)
        body = node.children[1:] if numbered else node.children
        mark = f"{node[0].astext()}) " if numbered else "*) "
        for child in body:
            _outline(child, depth, lines, mark)
            mark = " " * len(mark)
    elif isinstance(node, nodes.transition):
        lines.append("  " * depth + "transition")
    elif isinstance(node, (nodes.comment, nodes.target)):
        pass
    elif isinstance(node, nodes.TextElement):
        name = "" if isinstance(node, nodes.paragraph) else f"{node.tagname}: "
        lines.append("  " * depth + before + name + _words(node))
    elif isinstance(node, nodes.Element) and node.children:
        lines.append("  " * depth + before + node.tagname)
        for child in node.children:
            _outline(child, depth + 1, lines)


def _words(node: nodes.Node) -> str:
    if isinstance(node, nodes.footnote_reference):
        return f"[{node.children[0].astext()}]"
    if isinstance(node, marginnote_anchor):
        return "[*]"
    if isinstance(node, nodes.Element):
        return "".join(_words(child) for child in node.children)
    return node.astext()


def soup(built: Built, docname: str = "index") -> BeautifulSoup:
    """Return the parsed page of *docname*; with ``singlehtml`` there is only one."""
    single = built.app.builder.name == "singlehtml"
    text = built.read("index.html") if single else built.page(docname)
    return BeautifulSoup(text, "html.parser")


def notes(page: BeautifulSoup) -> list[Tag]:
    """Return the notes of *page*, in reading order."""
    return page.select('[role="doc-footnote"], [role="note"][class]')


def marks(page: BeautifulSoup) -> list[Tag]:
    """Return the numbers in the text of *page*."""
    return page.select('[role="doc-noteref"]')


def words(tag: Tag) -> str:
    """Return the text that is shown in *tag*, with single spaces."""
    hidden = {id(text) for span in tag.select(".marginalia-note-unstyled") for text in span.strings}
    return " ".join("".join(text for text in tag.strings if id(text) not in hidden).split())


def words_without_styles(tag: Tag) -> str:
    """Return the text in *tag* as readers get it that have no style sheet, with single spaces."""
    return " ".join(tag.get_text().split())


def errors_in(page: BeautifulSoup) -> list[str]:
    """Return what is wrong with the notes of *page*: double ids, links that lead nowhere, nesting."""
    ids = [tag["id"] for tag in page.select("[id]")]
    wrong = [f"id {id_} twice" for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1})]
    for link in page.select(
        'a[role="doc-noteref"], a[role="doc-backlink"], a.marginalia-note-unnumbered'
    ):
        target = str(link["href"]).removeprefix("#")
        if target not in ids:
            wrong.append(f"link to {target} leads nowhere")
    for note in notes(page):
        parent = note.parent
        assert parent is not None
        if parent.name in {"ul", "ol", "dl", "tr", "table", "tbody", "thead"}:
            wrong.append(f"<{note.name}> in <{parent.name}>")
        if note.name == "aside" and note.find_parent("p"):
            wrong.append("<aside> in <p>")
    for mark in marks(page):
        note = page.find(id=str(mark["href"]).removeprefix("#"))
        back = [link["href"] for link in note.select('[role="doc-backlink"]')] if note else []
        if f"#{mark.get('id')}" not in back:
            wrong.append(f"no way back to {mark.get('id')}")
    return wrong
