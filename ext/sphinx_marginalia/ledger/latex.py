"""Claims in a PDF: Sphinx's block with a frame, in it the facts in a few lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.assets import ship_latex_package
from sphinx_marginalia.core.nodes import add_latex_block, find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.ledger.nodes import FACT, claim, claim_facts

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PACKAGE = Path(__file__).parent / "sphinxmarginalialedger.sty"
#: The facts that share one line.
SHORT = ("verdict", "scale", "kind", "reviewed")


def setup(app: Sphinx) -> None:
    """Register what claims need in LaTeX."""
    add_latex_block(app, claim, lines=7)
    app.add_post_transform(LayOutLatexClaims)
    ship_latex_package(app, PACKAGE)


class LayOutLatexClaims(SphinxPostTransform):
    """Put the short facts about a claim in one paragraph, and each longer one in its own.

    Before::

        <claim_facts>
            <field classes="marginalia-claim-fact-verdict">
                …
            <field classes="marginalia-claim-fact-evidence">
                …

    After::

        <paragraph>
            <strong>
                ✓ supported
             · toy models · position · reviewed 2026-11-20
        <paragraph>
            <emphasis>
                Evidence:
            Bessel 1838
    """

    default_priority = WriteStage.LATEX_BLOCKS
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        for facts in find(self.document, claim_facts):
            facts.parent.replace(facts, _paragraphs(facts))


def _paragraphs(facts: claim_facts) -> list[nodes.Node]:
    short: list[nodes.Node] = []
    paragraphs: list[nodes.Node] = []
    for field in find(facts, nodes.field):
        name, body = cast("list[nodes.Element]", field.children)
        children = [child for block in body for child in block.children]
        (fact,) = (style.removeprefix(f"{FACT}-") for style in field["classes"])
        if fact in SHORT:
            short += [nodes.Text(" · ")] if short else []
            if fact == "reviewed":
                short.append(nodes.Text(f"{name.astext().lower()} "))
            short += [nodes.strong("", "", *children)] if fact == "verdict" else children
        else:
            label = nodes.emphasis("", f"{name.astext()}:")
            paragraphs.append(nodes.paragraph("", "", label, nodes.Text(" "), *children))
    return [*([nodes.paragraph("", "", *short)] if short else []), *paragraphs]
