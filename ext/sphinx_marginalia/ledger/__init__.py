"""Claims with what speaks for them and against them.

``claim`` states something in a sentence or two, with a verdict, the works that speak for it and
against it, and what would change it; the role ``claim`` refers to it. ``claim-table`` lists the
claims of a book, ``claim-matrix`` shows how far up the scale they reach, from toy models to
deployed systems. ``claims.json`` and ``claims.csv`` beside a web site hold them for programs.

In the document tree a claim is a titled block without a title, in it the sentence and a list of
fields, so every builder can show it::

    <claim claim="refusal-direction" ids="claim-refusal-direction" verdict="supported">
        <paragraph>
            In each of 13 chat models one direction mediates refusal.
        <claim_facts>
            <field classes="marginalia-fact-verdict">
                <field_name>
                    Verdict
                <field_body>
                    <paragraph>
                        ✓ supported

A verdict is always a word, with a sign before it. Works are cited with the roles of
``sphinxcontrib-bibtex``, so whatever knows of citations knows of these. ``python -m
sphinx_marginalia.ledger review`` lists the claims that were not looked at for long.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.core.i18n import add_catalog
from sphinx_marginalia.core.index import add_index_domain
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.publish import add_publisher
from sphinx_marginalia.ledger import export, latex
from sphinx_marginalia.ledger.claims import claim_title
from sphinx_marginalia.ledger.directive import ClaimDirective
from sphinx_marginalia.ledger.domain import ClaimDomain
from sphinx_marginalia.ledger.html import AddFilters, LayOutClaims, LayOutTables
from sphinx_marginalia.ledger.lists import ClaimMatrixDirective, ClaimTableDirective
from sphinx_marginalia.ledger.nodes import claim, claim_facts, claim_matrix, claim_table
from sphinx_marginalia.ledger.options import OPTIONS
from sphinx_marginalia.ledger.role import ClaimRole, tell_unknown
from sphinx_marginalia.ledger.table import FillTables
from sphinx_marginalia.ledger.transform import NameClaims

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
SHOWN = ("marginalia-claim", "marginalia-ledger", "marginalia-told", "marginalia-tally")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, nodes, domain and transforms of claims."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-ledger.css", where=SHOWN)
    add_assets(app, HERE / "marginalia-ledger.js", where=("marginalia-filters",))
    add_elements(app, claim)
    app.add_node(claim_facts)
    # So that a label leads to a claim from any project, and a table with a caption has a number.
    app.add_enumerable_node(claim, "claim", claim_title, override=True)
    for table in (claim_table, claim_matrix):
        app.add_enumerable_node(table, "table")
    app.add_directive("claim", ClaimDirective)
    app.add_directive("claim-table", ClaimTableDirective)
    app.add_directive("claim-matrix", ClaimMatrixDirective)
    add_index_domain(app, ClaimDomain)
    app.add_role("claim", ClaimRole())
    app.add_transform(NameClaims)
    app.add_post_transform(FillTables)
    app.add_post_transform(LayOutClaims)
    app.add_post_transform(LayOutTables)
    app.add_post_transform(AddFilters)
    app.connect("env-get-outdated", outdated)
    app.connect("warn-missing-reference", tell_unknown)
    add_publisher(app, export.publications)
    latex.setup(app)
    return METADATA


def outdated(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> list[str]:
    """Return the documents in which other works are known now."""
    return list(cast("ClaimDomain", env.domains[ClaimDomain.name]).reread())
