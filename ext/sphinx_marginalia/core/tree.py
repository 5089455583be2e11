"""What features tell each other about nodes, without knowing each other.

A feature marks its nodes; another, which handles nodes of any kind, asks for the mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment

N = TypeVar("N", bound=nodes.Node)

#: Blocks that a project can leave out of the book, with all that is in them, by their tag names:
#: the extensions they are from need not be loaded.
HIDING = ("todo_node", "ifconfig")

#: The attribute of a line that is the title of its block, and holds no more than that.
IS_TITLE = "is_title"

#: The attribute of a block with a permanent name of its own, which is its first id. The value is
#: the title by which it is cited. A document with such blocks is noted to have some of this kind.
CITABLE = "citable"


#: Where the document that is being read keeps what is in it.
PRESENT = "marginalia-present"


def note_present(env: BuildEnvironment, kind: object) -> None:
    """Note that the document that is being read has a block of some *kind*.

    To look through a document for what few have is a noticeable part of reading it.
    """
    present: set[object] = env.current_document.get(PRESENT) or set()
    env.current_document[PRESENT] = {*present, kind}


def is_present(env: BuildEnvironment, kind: object) -> bool:
    """Return whether the document that is being read has a block of that *kind*."""
    return kind in (env.current_document.get(PRESENT) or ())


def find(node: nodes.Node, *kinds: type[N]) -> list[N]:
    """Return *node* and what is in it, in reading order, as far as it is of one of the *kinds*.

    As docutils' ``findall``, which takes twice as long for one kind; and the tree may be changed
    while one goes through the list.
    """
    found: list[N] = [node] if isinstance(node, kinds) else []
    _add_found(found, node, kinds)
    return found


def _add_found(found: list[N], node: nodes.Node, kinds: tuple[type[N], ...]) -> None:
    for child in node.children:
        if isinstance(child, kinds):
            found.append(child)
        if child.children:
            _add_found(found, child, kinds)


class StaysInPlace(nodes.Element):
    """A mixin for what belongs to the one place it was written in.

    Where the block around it is repeated elsewhere, as in a list of definitions, it is left out.
    """


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield what *node* stands in, innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def document_of(node: nodes.Node, current: str) -> str:
    """Return the document that *node* was written in, where *current* is being made.

    In one page of several documents Sphinx marks where each begins.
    """
    around = (parent.get("docname") for parent in ancestors(node))
    return next((docname for docname in around if docname), current)
