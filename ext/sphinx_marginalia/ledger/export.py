"""The claims for programs: ``claims.json`` and ``claims.csv`` beside the site."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx_marginalia.ledger import works
from sphinx_marginalia.ledger.domain import ClaimDomain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

    from sphinx_marginalia.ledger.claims import Claim

JSON, CSV = "claims.json", "claims.csv"
#: The version of ``claims.json``; it grows when a reader of it would have to change.
SCHEMA = 1
COLUMNS = (
    *("id", "url", "kind", "verdict", "scale", "text", "evidence", "against"),
    *("reviewed", "would_change"),
)


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write both files; remove those of a former build where there are no claims now."""
    if exception is not None or app.builder.format != "html" or app.builder.name == "epub":
        return
    domain = cast("ClaimDomain", app.env.domains[ClaimDomain.name])
    if all(domain.is_written(Path(app.outdir, name)) for name in (JSON, CSV)):
        return
    claims = described(app)
    if claims:
        found = {"schema": SCHEMA, "claims": claims}
        text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        Path(app.outdir, JSON).write_text(text, encoding="utf-8")
        Path(app.outdir, CSV).write_text(as_csv(claims), encoding="utf-8", newline="")
        domain.note_written(*(Path(app.outdir, name) for name in (JSON, CSV)))
    elif _is_ours(Path(app.outdir, JSON)):
        Path(app.outdir, JSON).unlink()
        Path(app.outdir, CSV).unlink(missing_ok=True)


def _is_ours(file: Path) -> bool:
    """Return whether *file* is of a former build, and none that the project put there."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.keys() == {"schema", "claims"}


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
    return [{"key": key, **works.identifiers(app.env, key)} for key in keys]


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
