"""The claims for programs: ``claims.json`` and ``claims.csv`` beside the site."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, cast

from sphinx_marginalia.core.citations import bibliography
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.ledger.domain import ClaimDomain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from sphinx_marginalia.core.citations import Bibliography
    from sphinx_marginalia.ledger.claims import Claim

JSON, CSV = "claims.json", "claims.csv"
#: The version of ``claims.json``; it grows when a reader of it would have to change.
SCHEMA = 1
COLUMNS = (
    *("id", "url", "kind", "verdict", "scale", "text", "evidence", "against"),
    *("reviewed", "would_change"),
)


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield both files, where there are claims."""
    if claims := described(app):
        content = {"schema": SCHEMA, "claims": claims}
        yield Publication(
            (JSON, CSV),
            content,
            lambda: (json.dumps(content, indent=2, ensure_ascii=False) + "\n", as_csv(claims)),
        )


def described(app: Sphinx) -> list[dict[str, Any]]:
    """Return the claims in reading order."""
    domain = cast("ClaimDomain", app.env.domains[ClaimDomain.name])
    return [_described(app, docname, claim) for docname, claim in domain.claims]


def _described(app: Sphinx, docname: str, claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.name,
        "url": f"{app.builder.get_target_uri(docname)}#{claim.node_id}",
        "docname": docname,
        "anchor": claim.node_id,
        "kind": claim.kind,
        "verdict": claim.verdict,
        "scale": claim.scale,
        "text": claim.text,
        "evidence": _works(app, claim.evidence),
        "against": _works(app, claim.against),
        "reviewed": claim.reviewed,
        "would_change": claim.would_change,
    }


def _works(app: Sphinx, keys: Sequence[str]) -> list[dict[str, str]]:
    """Return each work by its key, with what else it is known by."""
    works = bibliography(app.env)
    return [{"key": key, **_identifiers(works, key)} for key in keys]


def _identifiers(works: Bibliography | None, key: str) -> dict[str, str]:
    """Return DOI, arXiv identifier and address of a work, those of them that it has."""
    if works is None or key not in works.keys:
        return {}
    fields = works.fields(key)
    arxiv = fields.get("eprint", "") if fields.get("archiveprefix") == "arXiv" else ""
    found = {"doi": fields.get("doi", ""), "arxiv": arxiv, "url": fields.get("url", "")}
    return {name: value for name, value in found.items() if value}


def as_csv(claims: Sequence[dict[str, Any]]) -> str:
    """Return the claims as a table: keys with a space between, lines as RFC 4180 has them."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for claim in claims:
        keys = {
            name: " ".join(work["key"] for work in claim[name]) for name in ("evidence", "against")
        }
        writer.writerow({**claim, **keys})
    return file.getvalue()
