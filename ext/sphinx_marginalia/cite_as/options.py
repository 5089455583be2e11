"""The options of ``cite_as`` in ``conf.py``, and what can be wrong with its files."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.core.options import Option

VERSION_URL = Option(
    "cite_as_version_url",
    default="",
    rebuild="html",
    help="The address of one version of the site, with ``{version}`` for its tag, as "
    "``https://example.org/en/{version}/``. Without it all versions are at ``html_baseurl``.",
)
NEWEST_URL = Option(
    "cite_as_newest_url",
    default="",
    rebuild="html",
    help="The address of the newest version of the site, as ``https://example.org/page/``.",
)
PDF_URL = Option(
    "cite_as_pdf_url",
    default="",
    rebuild="html",
    help="The address of the book as a PDF, with ``{version}`` for the tag. Only the metadata "
    "of the home page has it.",
)
KEY = Option(
    "cite_as_key",
    default="",
    rebuild="html",
    help="What citation keys begin with, before year and section. By default that is the name of "
    "the project.",
)
RELEASE = Option(
    "cite_as_release",
    default="auto",
    rebuild="html",
    choices=("auto", "release", "draft"),
    help="Whether this build is a release, which can be cited, or a draft. With ``auto`` Read the "
    "Docs or git decides.",
)

OPTIONS = (VERSION_URL, NEWEST_URL, PDF_URL, KEY, RELEASE)


class CiteAsProblem(Problem):
    """Problems of the files that say how a book is cited."""

    CITATION_FILE = (
        "`CITATION.cff` is missing or invalid. Invalid values are left out of citations."
    )
    CITATION_METADATA = (
        "The front matter of a page has an invalid author, date or DOI. Citations leave it out."
    )
