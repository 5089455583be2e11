"""The role that refers to a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.roles import XRefRole

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.ledger.problems import LedgerProblem
from sphinx_marginalia.ledger.vocabulary import hint

if TYPE_CHECKING:
    from docutils.nodes import Element, Node, system_message
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.domains import Domain
    from sphinx.environment import BuildEnvironment

#: The name of the domain of claims, and of the role in it.
CLAIM = "claim"


class ClaimRole(XRefRole):
    """A reference to a claim: its id, or other words and the id in angle brackets.

    The text is made when the page is written, because it tells the verdict.
    """

    def __init__(self) -> None:
        super().__init__(innernodeclass=nodes.inline, warn_dangling=True)

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the reference; the role has the same meaning without the name of the domain."""
        self.name = f"{CLAIM}:{CLAIM}"
        return super().run()

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: Element, is_ref: bool
    ) -> tuple[list[Node], list[system_message]]:
        """Note what is referred to: when that changes the page is written again."""
        note = cast("Any", env.domains[CLAIM]).note_reference
        note(node["reftarget"])
        return [node], []


def tell_unknown(app: Sphinx, domain: Domain | None, node: pending_xref) -> bool | None:
    """Report a reference that leads to no claim, in place of Sphinx."""
    if node.get("refdomain") != CLAIM:
        return None
    target = node["reftarget"]
    message = f"there is no claim {target!r}; {hint(target, cast('Any', domain).places)}"
    warn(LedgerProblem.CLAIM_UNKNOWN, message.removesuffix("; "), location=node)
    return True
