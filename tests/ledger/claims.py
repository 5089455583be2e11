"""A small book with claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

WORKS = """\
@misc{bessel1838, author = {Bessel, Friedrich}, title = {On 61 Cygni}, year = {1838},
  doi = {10.1093/mnras/4.17.152}}
@misc{gaia2016, author = {{Gaia}}, title = {The Mission}, year = {2016}, month = nov,
  eprint = {1609.04153}, archiveprefix = {arXiv}}
"""
EXTENSIONS = ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia")
CONFIG: dict[str, Any] = {
    "extensions": EXTENSIONS,
    "bibtex_bibfiles": ["works.bib"],
    "bibtex_default_style": "marginalia",
    "bibtex_reference_style": "marginalia",
    "bibtex_cite_id": "ref-{key}",
}
NEAR = """\
:::{claim} near-stars
:kind: capability
:verdict: supported
:scale: deployed
:evidence: bessel1838, gaia2016
:reviewed: 2026-11-20
:would-change: a star *without* a parallax

The distance of a near star {cite:p}`bessel1838` can be measured.{sidenote}`By its parallax.`
:::
"""
FAR = """\
:::{claim} far-stars
:kind: limitation
:verdict: contested
:scale: toy
:evidence: bessel1838
:against: gaia2016
:reviewed: 2025-01-31

The distance of a far one cannot: see {doc}`other`.
:::
"""
ODD = """\
:::{claim} odd-stars
:kind: position
:verdict: not-established

Some stars are odd.
:::
"""
BOOK = {
    "index.md": "# Stars\n\n```{toctree}\nnear\nsub/far\nlist\nworks\n```\n",
    "near.md": f"# Near\n\n{NEAR}\nAs {{claim}}`far-stars` says.\n",
    "sub/far.md": f"# Far\n\n{FAR}\n{ODD}\nUnlike {{claim}}`the near ones <near-stars>`.\n",
    "sub/other.md": "---\norphan: true\n---\n\n# Other\n",
    "list.md": "# List\n\n:::{claim-table} All claims\n:name: all\n:::\n",
    "works.md": "# Works\n\n```{bibliography}\n```\n",
    "works.bib": WORKS,
}


def book(folder: Path, builder: str = "html", **kwargs: Any) -> Built:
    """Build the book, with *pages* added or changed."""
    files = {**BOOK, **kwargs.pop("pages", {})}
    return build(files, folder, builder, **{**CONFIG, **kwargs})
