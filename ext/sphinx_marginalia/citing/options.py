"""The options of citations in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.config import Option

PREVIEW = Option(
    "citing_preview",
    default=True,
    rebuild="html",
    help="Show title, venue and year of a cited work when a reader points at a citation or moves "
    "the keyboard's focus to it.",
)
WORKS_CITED = Option(
    "citing_works_cited",
    default=True,
    rebuild="html",
    help="End each page of the site and of the EPUB with the works it cites, folded.",
)

OPTIONS = (PREVIEW, WORKS_CITED)
