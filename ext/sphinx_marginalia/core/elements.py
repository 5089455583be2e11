"""Nodes that become one HTML element, without a visitor for each.

Where no translator knows a node by its own name, Sphinx tries the names of its base classes. So a
node that inherits the docutils node it should become works in LaTeX, text, man, Texinfo and every
builder to come; what is left to say is its HTML element, and :class:`HtmlElement` says that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from docutils import nodes
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.html5 import HTML5Translator


class HtmlElement(nodes.Element):
    """A mixin that says which HTML element a node is.

    Ids and classes of the node are written by docutils; ``html`` on the node holds the further
    attributes. ``starttag`` escapes them.
    """

    html_tag: ClassVar[str] = "div"

    #: Whether a note written inside can stand in the margin of the page: the element neither clips
    #: what leaves it nor moves its own inline end.
    lets_notes_out: ClassVar[bool] = False


class html_inline(HtmlElement, nodes.inline):
    """An element within a line, made by an HTML transform; made with :func:`element`."""


class html_block(HtmlElement, nodes.container):
    """An element among paragraphs, made by an HTML transform; made with :func:`element`."""


class html_text(HtmlElement, nodes.paragraph):
    """An element that holds a line of text, as a summary; made with :func:`element`."""


class aside_in_line(html_inline, nodes.Invisible):
    """An element within a line that a summary of the page leaves out, as that for social media."""


class aside_block(html_block, nodes.Invisible):
    """A block that a summary of the page leaves out."""


class unspoken(html_inline, nodes.Invisible):
    """An element within a line that is no part of the words around it.

    The number of a note in a heading is one: it must not get into the title that search,
    ``<title>`` or a cross-reference show, and all of these ask for ``astext``.
    """

    def astext(self) -> str:
        """Return nothing: the words around are complete without it."""
        return ""


Made = TypeVar("Made", bound=HtmlElement)
#: The classes that :func:`element` makes nodes of.
MADE = (html_inline, html_block, html_text, aside_in_line, aside_block, unspoken)


def element(
    kind: type[Made],
    tag: str,
    *children: nodes.Node,
    classes: Sequence[str] = (),
    ids: Sequence[str] = (),
    **attributes: str,
) -> Made:
    """Return a node of class *kind* that becomes ``<tag>`` around *children*.

    An underscore in the name of an attribute stands for the hyphen HTML has there.
    """
    html = {name.replace("_", "-"): value for name, value in attributes.items()}
    node = kind("", tag=tag, html=html, classes=list(classes), ids=list(ids))
    node.extend(children)
    return node


def add_elements(app: Sphinx, *node_classes: type[HtmlElement]) -> None:
    """Register *node_classes*, and those that :func:`element` makes, with one pair of visitors.

    They are registered for the format ``html`` only: Sphinx looks there for every HTML builder, and
    a handler under a builder's own name would hide the handlers of other extensions.

    :raises ExtensionError: a class has no docutils ancestor that translators know, and would stop
        every builder that is not HTML.
    """
    for node_class in (*MADE, *node_classes):
        if not _known_to_translators(node_class):
            message = f"{node_class.__name__} inherits no docutils node that a translator knows"
            raise ExtensionError(message)
        app.add_node(node_class, override=True, html=(_visit, _depart))


def _known_to_translators(node_class: type[nodes.Element]) -> bool:
    """Return whether *node_class* falls back on a node that docutils itself defines.

    A class that is a plain ``Element`` or a mere category (``General``, ``Inline``) does not.
    """
    return any(base.__name__ in nodes.node_class_names for base in node_class.__mro__[1:])


def _visit(translator: SphinxTranslator, node: nodes.Element) -> None:
    html = cast("HTML5Translator", translator)
    html.body.append(html.starttag(node, _tag(node), _end(node), **node.get("html", {})))


def _depart(translator: SphinxTranslator, node: nodes.Element) -> None:
    html = cast("HTML5Translator", translator)
    html.body.append(f"</{_tag(node)}>{_end(node)}")


def _tag(node: nodes.Element) -> str:
    tag: str = node.get("tag", cast("HtmlElement", node).html_tag)
    return tag


def _end(node: nodes.Element) -> str:
    return "" if isinstance(node, nodes.Inline) else "\n"
