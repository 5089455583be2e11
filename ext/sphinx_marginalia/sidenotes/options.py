"""The options of notes in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.options import Option

FROM_FOOTNOTES = Option(
    "sidenotes_from_footnotes",
    default=False,
    rebuild="env",
    help="Make a sidenote of each footnote that is referred to (`[^id]` in Markdown, `[#id]_` in "
    "reStructuredText).",
)
LATEX = Option(
    "sidenotes_latex",
    default="margin",
    rebuild="env",
    help="Where notes stand in a PDF: in the `margin`, where that is safe, or at the foot of the "
    "page, as a `footnote`. Notes in tables, boxes, captions and headings, and notes that hold "
    "code, figures or tables, are footnotes always.",
    choices=("margin", "footnote"),
)

OPTIONS = (FROM_FOOTNOTES, LATEX)
