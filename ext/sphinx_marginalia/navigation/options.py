"""The option of the navigation in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.config import Option

LIMIT = Option(
    "navigation_limit",
    default=50,
    rebuild="html",
    least=1,
    help="How many entries one list of the sidebar has at most. A site with no more documents than "
    "that keeps the whole table of contents that its theme shows.",
)

OPTIONS = (LIMIT,)
