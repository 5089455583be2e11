"""Nodes that become one HTML element, and what features need to know about each other's nodes.

Where no translator knows a node by its own name, Sphinx tries the names of its base classes. So a
node that inherits the docutils node it should become works in LaTeX, text, man, Texinfo and every
builder to come; what is left to say is its HTML element, and :class:`HtmlElement` says that.

Features do not import each other. One that handles nodes of any kind looks for a marker instead: an
attribute (:data:`CITABLE`, :data:`IS_TITLE`) or a base class (:class:`StaysInPlace`) from here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from docutils import nodes
from jinja2 import TemplateSyntaxError
from sphinx import addnodes
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.util.tags import Tags
    from sphinx.writers.html5 import HTML5Translator
    from sphinx.writers.latex import LaTeXTranslator

N = TypeVar("N", bound=nodes.Node)

#: The name that all our modules begin with.
PACKAGE = __name__.partition(".")[0]

#: Blocks that a project can hide with all their content, by tag name: the extensions that define
#: them need not be loaded.
HIDING = ("todo_node", "ifconfig")

#: The classes for which sphinx-togglebutton makes a button, and nodes of others that become
#: ``<details>``, by their names, as those of sphinx-toolbox and sphinxcontrib-details-directive.
FOLDING_CLASSES = frozenset({"dropdown", "toggle"})
FOLDING_NAMES = re.compile("collapse|collapsible|details|dropdown|spoiler|toggle", re.IGNORECASE)

#: Attribute of a footnote that a feature has made: it becomes a sidenote, where there are any.
AS_SIDENOTE = "as_sidenote"

#: The formats whose translators come with Sphinx.
SPHINX_FORMATS = ("html", "latex", "text", "man", "texinfo")

#: Attribute of a line that is the title of its block and holds nothing else.
IS_TITLE = "is_title"

#: Attribute of a block that can be cited like a section. The block's first id is its permanent
#: name, the value is the title it is cited by. Its directive also calls ``note_use(env, CITABLE)``.
CITABLE = "citable"

_USED = "marginalia-used"


class HtmlElement(nodes.Element):
    """A mixin that says which HTML element a node becomes.

    docutils writes ids and classes of the node; ``html`` on the node holds the other attributes.
    ``starttag`` escapes them.
    """

    html_tag: ClassVar[str] = "div"

    #: Whether a note inside the element can be shown in the margin of the page: the element neither
    #: clips its overflow nor moves its own inline end.
    lets_notes_out: ClassVar[bool] = False


class html_inline(HtmlElement, nodes.inline):
    """An inline element; made with :func:`element`."""


class html_block(HtmlElement, nodes.container):
    """A block-level element; made with :func:`element`."""


class html_text(HtmlElement, nodes.paragraph):
    """A block that holds inline content only, such as ``summary``; made with :func:`element`."""


class aside_inline(html_inline, nodes.Invisible):
    """An inline element that summaries of the page leave out, such as a social media preview."""


class aside_block(html_block, nodes.Invisible):
    """A block that summaries of the page leave out."""


class inline_decoration(html_inline, nodes.Invisible):
    """An inline element that adds nothing to the text around it.

    The number of a note in a heading is one: it must not get into the title that search,
    ``<title>`` or a cross-reference show, and all of these call ``astext``.
    """

    def astext(self) -> str:
        """Return nothing: the text around is complete without it."""
        return ""


E = TypeVar("E", bound=HtmlElement)
#: The classes that :func:`element` instantiates.
GENERIC = (html_inline, html_block, html_text, aside_inline, aside_block, inline_decoration)


def element(
    kind: type[E],
    tag: str,
    *children: nodes.Node,
    classes: Sequence[str] = (),
    ids: Sequence[str] = (),
    **attributes: str,
) -> E:
    """Return a node that becomes ``<tag>`` around *children*.

    :param kind: one of :data:`GENERIC`
    :param attributes: further HTML attributes; an underscore in a name becomes a hyphen
    """
    html = {name.replace("_", "-"): value for name, value in attributes.items()}
    node = kind("", tag=tag, html=html, classes=list(classes), ids=list(ids))
    node.extend(children)
    return node


def add_elements(app: Sphinx, *node_classes: type[HtmlElement]) -> None:
    """Register *node_classes*, and those of :func:`element`, with one pair of visitors.

    They are registered for the format ``html`` only: Sphinx looks there for every HTML builder, and
    a handler under a builder's own name would hide the handlers of other extensions.

    :raises ExtensionError: a class has no docutils ancestor that translators know, and would stop
        every builder that is not HTML
    """
    app.connect("builder-inited", share_visitors)
    app.connect("doctree-resolved", make_plain, priority=900)
    for node_class in (*GENERIC, *node_classes):
        if not any(base.__name__ in nodes.node_class_names for base in node_class.__mro__[1:]):
            message = f"{node_class.__name__} inherits no docutils node that a translator knows"
            raise ExtensionError(message)
        app.add_node(node_class, override=True, html=(_visit, _depart))


def share_visitors(app: Sphinx) -> None:
    """Give our visitors to a builder under whose own name others have registered theirs.

    Sphinx takes the visitors of a builder's name if there are any, and else those of its format. So
    an extension with a visitor for ``epub`` hides ours, and links become plain text.
    """
    handlers = app.registry.translation_handlers
    if app.builder.name in handlers:
        for name, visitors in handlers.get(app.builder.format, {}).items():
            if visitors[0].__module__.startswith(PACKAGE):
                handlers[app.builder.name].setdefault(name, visitors)


def make_plain(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Turn our nodes into those they inherit, for builders of other packages.

    The translators of Sphinx try the names of a node's base classes. Others know the nodes of
    docutils only, and some leave out the text of any other. A builder without a format translates
    nothing if it comes with Sphinx; others do, such as that of rst2pdf.
    """
    builder = app.builder
    by_sphinx = not builder.format and type(builder).__module__.startswith("sphinx.")
    if builder.format in SPHINX_FORMATS or by_sphinx:
        return
    for node in find(document, nodes.Element):
        ours = type(node).__module__.startswith(PACKAGE)
        if ours or isinstance(node, (HtmlElement, StaysInPlace)):
            known = next(base for base in type(node).__mro__ if base.__module__ == nodes.__name__)
            plain = known(node.rawsource, *node.children, **node.attributes)
            plain.source, plain.line = node.source, node.line
            node.replace_self(plain)


def add_latex_block(app: Sphinx, block: type[nodes.topic], lines: int) -> None:
    """Register the visitors of LaTeX for a titled block that references lead to.

    :param lines: the block may be broken over two pages, but not within this many lines
    """

    def visit(translator: SphinxTranslator, node: nodes.Element) -> None:
        latex = cast("LaTeXTranslator", translator)
        latex.body.append(f"\n\\needspace{{{lines}\\baselineskip}}")
        # Sphinx writes no label for a topic, so nothing could refer to one.
        latex.body.append(latex.hypertarget_to(node, anchor=True))
        latex.visit_topic(node)

    def depart(translator: SphinxTranslator, node: nodes.Element) -> None:
        cast("LaTeXTranslator", translator).depart_topic(node)

    app.add_node(block, override=True, latex=(visit, depart))


def _visit(translator: SphinxTranslator, node: nodes.Element) -> None:
    html = cast("HTML5Translator", translator)
    html.body.append(html.starttag(node, tag_of(node), _newline(node), **node.get("html", {})))


def _depart(translator: SphinxTranslator, node: nodes.Element) -> None:
    html = cast("HTML5Translator", translator)
    html.body.append(f"</{tag_of(node)}>{_newline(node)}")


def tag_of(node: nodes.Node) -> str:
    """Return the HTML element that one of our nodes becomes, or an empty text for any other."""
    return node.get("tag", node.html_tag) if isinstance(node, HtmlElement) else ""


def _newline(node: nodes.Element) -> str:
    return "" if isinstance(node, nodes.Inline) else "\n"


def is_foldable(block: nodes.Element) -> bool:
    """Return whether a reader opens and closes *block* of another package."""
    return (
        bool(block.get("collapsible"))
        or block.get("design_component") == "dropdown"
        or not FOLDING_CLASSES.isdisjoint(block["classes"])
        or bool(FOLDING_NAMES.search(block.tagname))
    )


class StaysInPlace(nodes.Element):
    """A mixin for nodes that belong to the one place where they were written, such as notes.

    They are left out where the block around them is repeated elsewhere, as in a glossary.
    """


def note_use(env: BuildEnvironment, kind: object) -> None:
    """Record that the document being read uses a *kind* of block.

    Searching every document for blocks that few of them have would take a noticeable part of the
    time it takes to read them.
    """
    current = env.current_document
    current[_USED] = {*(current.get(_USED) or ()), kind}


def is_used(env: BuildEnvironment, kind: object) -> bool:
    """Return whether the document being read uses a *kind* of block; see :func:`note_use`."""
    return kind in (env.current_document.get(_USED) or ())


def find(node: nodes.Node, *kinds: type[N]) -> list[N]:
    """Return *node* and its descendants of the given *kinds*, in document order.

    Takes half as long as docutils' ``findall``, and the tree may be changed during a loop over the
    result.
    """
    matches: list[N] = [node] if isinstance(node, kinds) else []
    _collect(matches, node, kinds)
    return matches


def _collect(matches: list[N], node: nodes.Node, kinds: tuple[type[N], ...]) -> None:
    for child in node.children:
        if isinstance(child, kinds):
            matches.append(child)
        if child.children:
            _collect(matches, child, kinds)


def set_id(node: nodes.Element, id_: str, document: nodes.document) -> None:
    """Give *node* the id *id_*, or another if the author uses that for something else."""
    if id_ in document.ids:
        document.set_id(node)
    else:
        node["ids"] = [id_]
        document.ids[id_] = node


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield the nodes around *node*, innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def conditions_of(node: nodes.Node) -> tuple[str, ...]:
    """Return the conditions of the ``only`` directives around *node*."""
    return tuple(around["expr"] for around in ancestors(node) if isinstance(around, addnodes.only))


def hold(conditions: Iterable[str], tags: Tags) -> bool:
    """Return whether a build with *tags* shows what is in ``only`` directives."""
    try:
        return all(map(tags.eval_condition, conditions))
    except (TemplateSyntaxError, TypeError, ValueError):
        # Sphinx shows the content of a directive whose condition is invalid, and warns of it.
        return True


def document_of(node: nodes.Node, current: str) -> str:
    """Return the name of the document that *node* was written in.

    Where several documents become one page, Sphinx marks the start of each.

    :param current: the document being written, in which nothing marks its own nodes
    """
    names = (parent.get("docname") for parent in ancestors(node))
    return next((name for name in names if name), current)
