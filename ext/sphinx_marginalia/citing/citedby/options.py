"""The options of “cited by” in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.config import Option

CITED_BY = Option(
    "citing_cited_by",
    default=True,
    rebuild="env",
    help="Show under each work of a bibliography the sections that cite it, and write "
    "`cited-by.json` beside the site.",
)
REPORT_UNCITED = Option(
    "citing_report_uncited",
    default=False,
    rebuild="env",
    help="Warn of works that are in the files of a bibliography and that nothing cites.",
)
OPTIONS = (CITED_BY, REPORT_UNCITED)
