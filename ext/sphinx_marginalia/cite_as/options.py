"""The options of ``cite_as`` in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.options import Option

VERSION_URL = Option(
    "cite_as_version_url",
    default="",
    rebuild="html",
    help="Where one version of the site stays, with ``{version}`` for its tag, as "
    "``https://example.org/en/{version}/``. Without it all versions are at ``html_baseurl``.",
)
NEWEST_URL = Option(
    "cite_as_newest_url",
    default="",
    rebuild="html",
    help="Where the newest version of the site is, as ``https://example.org/page/``.",
)
PDF_URL = Option(
    "cite_as_pdf_url",
    default="",
    rebuild="html",
    help="The address of the whole book as a PDF, with ``{version}`` for the tag. Only the metadata "
    "of the home page names it.",
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
