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
VERSION_URL = Option(
    "citing_version_url",
    default="",
    rebuild="html",
    help="Where one version of the site stays for ever, with ``{version}`` for its tag, as "
    "``https://example.org/en/{version}/``. Without it all versions are at ``html_baseurl``.",
)
NEWEST_URL = Option(
    "citing_newest_url",
    default="",
    rebuild="html",
    help="Where the newest version of the site is, as ``https://example.org/page/``.",
)
PDF_URL = Option(
    "citing_pdf_url",
    default="",
    rebuild="html",
    help="Where the whole book is as a PDF, with ``{version}`` for the tag. It is told to programs "
    "on the home page only.",
)
KEY = Option(
    "citing_key",
    default="",
    rebuild="html",
    help="What citation keys begin with, before year and section. Without it that is the family "
    "name of the first author.",
)
RELEASE = Option(
    "citing_release",
    default="auto",
    rebuild="html",
    choices=("auto", "release", "draft"),
    help="Whether this build is a release, which can be cited, or a draft. With ``auto`` Read the "
    "Docs or git is asked.",
)

OPTIONS = (
    PREVIEW,
    WORKS_CITED,
    CITED_BY,
    REPORT_UNCITED,
    VERSION_URL,
    NEWEST_URL,
    PDF_URL,
    KEY,
    RELEASE,
)
