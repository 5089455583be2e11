"""The files for programs beside the site: ``claims.json`` and ``claims.csv``."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.core.citations import bibliography
from sphinx_marginalia.core.excerpt import plain_text
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.ledger.domain import ClaimDomain
from sphinx_marginalia.ledger.vocabulary import SECTION, keys_in, labels_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from sphinx_marginalia.ledger.nodes import Claim

JSON, CSV = "claims.json", "claims.csv"
#: The version of ``claims.json``; it grows when a program that reads it would have to change.
SCHEMA = 1
COLUMNS = tuple("id url kind verdict scale text evidence against reviewed would_change".split())
#: A cell that begins so is a formula in a spreadsheet (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield both files, if there are claims."""
    domain = domain_of(app.env, ClaimDomain)
    claims = [_exported(app, docname, claim) for docname, claim in domain.visible.values()]
    if claims:
        content = {"schema": SCHEMA, "claims": claims}
        yield Publication(
            (JSON, CSV),
            content,
            lambda: (json.dumps(content, indent=2, ensure_ascii=False) + "\n", as_csv(claims)),
        )


def _exported(app: Sphinx, docname: str, claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.name,
        "url": f"{app.builder.get_target_uri(docname)}#{claim.node_id}",
        "docname": docname,
        "anchor": claim.node_id,
        "kind": claim.kind,
        "verdict": claim.verdict,
        "scale": claim.scale,
        "text": claim.text,
        "evidence": _evidence(app, claim.evidence),
        "against": _evidence(app, claim.against),
        "reviewed": claim.reviewed,
        "would_change": plain_text(claim.would_change),
        "search": list(claim.search),
    }


def _evidence(app: Sphinx, names: Sequence[str]) -> list[dict[str, str]]:
    """Return the key of each work with its other identifiers, then each section."""
    works = bibliography(app.env)
    exported = []
    for key in keys_in(names):
        fields = works.fields(key) if works and key in works.keys else {}
        arxiv = fields.get("eprint") if fields.get("archiveprefix") == "arXiv" else None
        ids = {"key": key, "doi": fields.get("doi"), "arxiv": arxiv, "url": fields.get("url")}
        exported.append({name: value for name, value in ids.items() if value})
    for label in labels_in(names):
        docname, anchor, _title = app.env.domains.standard_domain.labels.get(label, ("", "", ""))
        url = f"{app.builder.get_target_uri(docname)}#{anchor}" if docname else ""
        ids = {"key": f"{SECTION}{label}", "url": url}
        exported.append({name: value for name, value in ids.items() if value})
    return exported


def as_csv(claims: Sequence[dict[str, Any]]) -> str:
    """Return exported claims as a table: keys separated by spaces, lines as RFC 4180 has them."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for claim in claims:
        writer.writerow(_cell(claim[column]) for column in COLUMNS)
    return file.getvalue()


def _cell(value: str | list[dict[str, str]]) -> str:
    text = value if isinstance(value, str) else " ".join(work["key"] for work in value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
