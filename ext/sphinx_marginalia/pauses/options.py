"""The options of pauses in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.options import Option

OPEN = Option(
    "pause_and_think_open",
    default=False,
    rebuild="html",
    help="Show what is under a question at once, instead of folded. The discussion stays folded. "
    "`:open:` does it for a single pause.",
)

OPTIONS = (OPEN,)
