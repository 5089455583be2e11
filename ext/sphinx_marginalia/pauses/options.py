"""The options of pauses in ``conf.py``, and what can be wrong with pauses and key ideas."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.core.options import Option

OPEN = Option(
    "pause_and_think_open",
    default=False,
    rebuild="html",
    help="Show the text under every question at once. The discussion stays folded. "
    "`:open:` does this for a single pause.",
)

ANSWERS = Option(
    "pauses_answers",
    default=False,
    rebuild="html",
    help="Offer a place for the reader's own answer below each question, and show the answers in "
    "the list of questions. They are kept in the reader's browser.",
)

OPTIONS = (OPEN, ANSWERS)


class PauseProblem(Problem):
    """Problems of pauses and key ideas."""

    PAUSE_WITHOUT_QUESTION = (
        "A `pause-and-think` directive has no question. Its body is shown without one."
    )
    STRAY_DISCUSSION = (
        "A `discussion` is not inside a `pause-and-think` directive. It is shown open."
    )
    EMPTY_DISCUSSION = (
        "A `discussion` has no text, as when it is not indented in reStructuredText. "
        "Text behind it is shown open."
    )
    KEY_IDEA_WITHOUT_TERM = (
        "A `key-idea` directive has no term. Its definition is shown without one."
    )
    EMPTY_KEY_IDEA = "A key idea has a term but no definition. The term is shown alone."
