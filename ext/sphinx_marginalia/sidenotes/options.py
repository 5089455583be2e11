"""The options of notes in ``conf.py``, and what can be wrong with notes."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.core.options import Option

FROM_FOOTNOTES = Option(
    "sidenotes_from_footnotes",
    default=False,
    rebuild="env",
    help="Turn every footnote that is referred to (`[^id]` in Markdown, `[#id]_` in "
    "reStructuredText) into a sidenote.",
)
LATEX = Option(
    "sidenotes_latex",
    default="margin",
    rebuild="env",
    help="Where a PDF shows notes: in the `margin`, or at the foot of the page as a `footnote`. "
    "Notes in tables, boxes, captions and headings, and notes that contain code, figures or "
    "tables, are always footnotes.",
    choices=("margin", "footnote"),
)

OPTIONS = (FROM_FOOTNOTES, LATEX)


class SidenoteProblem(Problem):
    """Problems of notes.

    No text is lost: it is shown elsewhere, or as it was typed.
    """

    EMPTY_NOTE = "A sidenote or margin note has no text. It is left out."
    SPLIT_NOTE = (
        "A role in a note closes the note with its backquote. The rest of the note is in the text."
    )
    NESTED_NOTE = (
        "A note contains another note. The inner text becomes part of the outer note, in brackets."
    )
    NOTE_WITHOUT_ANCHOR = (
        "There is no text before a sidenote directive. Its number gets a line of its own."
    )
    MISPLACED_NOTE = (
        "A note is in the text of a link, where no note can be. It is moved behind the link. Or it "
        "is all of a title, and its text becomes the title."
    )
    UNDEFINED_FOOTNOTE = (
        "A reference leads to a footnote that is not defined. The page shows what you typed."
    )
    UNUSED_FOOTNOTE = "A footnote is defined, but nothing refers to it. It becomes a margin note."
