"""Claims with the evidence for them and against them.

``claim`` states something in a sentence or two, with a verdict, the works that speak for it and
against it, and what would change it; the role ``claim`` refers to it. ``claim-table`` lists the
claims of a book, ``claim-matrix`` shows how far up the scale they reach, from toy models to
deployed systems. ``claims.json`` and ``claims.csv`` beside a web site list them for programs.

In the document tree a claim is a titled block without a title. It contains its verdict, the
sentence, and what speaks for and against it. The first and the last are lists of fields, so every
builder can show them::

    <claim claim="refusal-direction" ids="claim-refusal-direction" verdict="supported">
        <claim_facts>
            <field classes="marginalia-claim-fact-verdict">
                <field_name>
                    Verdict
                <field_body>
                    <paragraph>
                        ✓ supported
        <paragraph>
            In each of 13 chat models one direction mediates refusal.
        <claim_facts classes="marginalia-claim-grounds">
            <field classes="marginalia-claim-fact-evidence">
                …

A project may keep a log of reviews (:mod:`sphinx_marginalia.ledger.review_log`): then a claim has
to have an entry of the day it was reviewed, and tables show the history of each verdict.

A verdict is always a word, after a sign. Works are cited through
:mod:`sphinx_marginalia.core.citations`, so what knows of citations knows of these. ``python -m
sphinx_marginalia.ledger review`` lists the claims whose review is old.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import PRINT_SCRIPT, add_assets
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.publish import add_publisher
from sphinx_marginalia.core.syntax import add_syntax
from sphinx_marginalia.ledger import appendix, export, latex
from sphinx_marginalia.ledger.directives import (
    ClaimDirective,
    ClaimMatrixDirective,
    ClaimTableDirective,
)
from sphinx_marginalia.ledger.domain import (
    ClaimDomain,
    ClaimRole,
    claim_title,
    report_log,
    report_unknown,
)
from sphinx_marginalia.ledger.html import AddFilters, FoldDetails, LayOutClaims, LayOutTables
from sphinx_marginalia.ledger.nodes import NameClaims, claim, claim_facts, claim_matrix, claim_table
from sphinx_marginalia.ledger.options import OPTIONS, PROBLEMS
from sphinx_marginalia.ledger.tables import FillTables

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.transforms.post_transforms import SphinxPostTransform
    from sphinx.util.typing import ExtensionMetadata

__all__ = ("OPTIONS", "PROBLEMS", "setup")

HERE = Path(__file__).parent

POST_TRANSFORMS: tuple[type[SphinxPostTransform], ...] = (
    FillTables,
    LayOutClaims,
    FoldDetails,
    LayOutTables,
    AddFilters,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, nodes, domain and transforms of claims."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-ledger.css", where=("marginalia-claim", "marginalia-ledger"))
    add_assets(app, PRINT_SCRIPT, where=("marginalia-claim-details",))
    add_assets(app, HERE / "marginalia-ledger.js", where=("marginalia-ledger-filters",))
    add_elements(app, claim)
    app.add_node(claim_facts)
    # Numbered by Sphinx, so that other projects can refer to the label of a claim, and a table with
    # a caption has a number.
    app.add_enumerable_node(claim, "claim", claim_title, override=True)
    for table in (claim_table, claim_matrix):
        app.add_enumerable_node(table, "table")
    add_syntax(
        app,
        {
            "claim": ClaimDirective,
            "claim-table": ClaimTableDirective,
            "claim-matrix": ClaimMatrixDirective,
        },
        {"claim": ClaimRole()},
    )
    add_index_domain(app, ClaimDomain)
    app.add_transform(NameClaims)
    for transform in POST_TRANSFORMS:
        app.add_post_transform(transform)
    # Also when no source has changed, which Domain.check_consistency would not see.
    app.connect("env-get-updated", report_log, priority=400)
    app.connect("warn-missing-reference", report_unknown)
    add_publisher(app, export.publications)
    appendix.setup(app)
    latex.setup(app)
    return METADATA
