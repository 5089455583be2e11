"""The options of works in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.options import Option

PREVIEW = Option(
    "works_preview",
    default=True,
    rebuild="html",
    help="Show title, venue and year of a cited work when a reader points at a citation or moves "
    "the keyboard's focus to it.",
)
PAGE_LIST = Option(
    "works_page_list",
    default=True,
    rebuild="html",
    help="End each page of the site and of the EPUB with the works it cites, folded.",
)
CITED_BY = Option(
    "works_cited_by",
    default=True,
    rebuild="env",
    help="Show under each work of a bibliography the sections that cite it, and write "
    "`cited-by.json` beside the site.",
)
REPORT_UNCITED = Option(
    "works_report_uncited",
    default=False,
    rebuild="env",
    help="Warn of works that are in the files of a bibliography and that nothing cites.",
)

OPTIONS = (PREVIEW, PAGE_LIST, CITED_BY, REPORT_UNCITED)
