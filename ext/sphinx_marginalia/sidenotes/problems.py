"""What can be wrong with notes."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem


class SidenoteProblem(Problem):
    """Problems of notes."""

    EMPTY_NOTE = (
        "A sidenote or margin note has no text. It is left out: nothing was written in it.",
        Example("A sentence.\n\n:::{sidenote}\n:::"),
    )
    SPLIT_NOTE = (
        "A note ends with the name of a role, whose backquote ended it. Use double backquotes.",
        Example("A sentence.{sidenote}`A note, see {ref}`here <home>`, goes on.`"),
    )
    NESTED_NOTE = (
        "A note stands within a note. Its text is kept, in brackets, in the outer note.",
        Example("A sentence.{sidenote}``A note.{sidenote}`Another.` ``"),
    )
    NOTE_WITHOUT_ANCHOR = (
        "No text stands before a sidenote directive. Its number gets a line of its own.",
        Example("# Title\n\n:::{sidenote}\nA note.\n:::"),
    )
    MISPLACED_NOTE = (
        "A note stands where no note can: in the text of a link. It is put behind the link.",
        Example("A [link{sidenote}`A note.`](https://example.org)."),
    )
    UNDEFINED_FOOTNOTE = (
        "A footnote is referred to but nowhere defined. What was written is shown as it stands.",
        Example("A sentence [^eye]."),
    )
    UNUSED_FOOTNOTE = (
        "A footnote is defined, but nothing refers to it. It becomes a margin note.",
        Example("A sentence.\n\n[^eye]: A note.", config={"sidenotes_from_footnotes": True}),
    )
