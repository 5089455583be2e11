"""The options of works in ``conf.py``, and what can be wrong with works."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.core.options import Option

#: What our style for sphinxcontrib-bibtex is called in ``bibtex_default_style``.
OWN_STYLE = "marginalia"

PAGE_LIST = Option(
    "works_page_list",
    default=True,
    rebuild="html",
    help="End each page of the site and of the EPUB with a folded list of the works it cites.",
)
CITED_BY = Option(
    "works_cited_by",
    default=True,
    rebuild="env",
    help="List the sections that cite a work under its entry in the bibliography, and write "
    "`cited-by.json` beside the site.",
)
REPORT_UNCITED = Option(
    "works_report_uncited",
    default=False,
    rebuild="env",
    help="Report works that are in the files of a bibliography and that nothing cites.",
)

STYLE = Option(
    "works_style",
    default="",
    rebuild="env",
    help="A citation style of CSL for citations, bibliographies and lists of works: a "
    'name, such as `"apa"`, or the path of a `.csl` file. It needs '
    "`pip install sphinx-marginalia[csl]`. Without, the styles of sphinxcontrib-bibtex are used.",
)

OPTIONS = (STYLE, PAGE_LIST, CITED_BY, REPORT_UNCITED)


class WorksProblem(Problem):
    """Problems of the works a book cites."""

    WORK_UNREAD = (
        "A file of works has a mistake of syntax, or two entries with one key. What can be read is "
        "used, and the first of two entries."
    )
    WORK_INCOMPLETE = (
        "An entry that is shown has an unknown type, or lacks a field. It is shown without."
    )
    CITATION_MALFORMED = (
        "What a role cites is no list of keys with commas between them. It is shown as it was "
        "typed."
    )
    STYLE_UNUSABLE = (
        "The citation style in `conf.py` cannot be used. Works are shown in the style of "
        "sphinxcontrib-bibtex."
    )
    UNCITED_WORK = (
        "Nothing cites some of the works in the files of a bibliography. One warning names them."
    )


PROBLEMS = WorksProblem
