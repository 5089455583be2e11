"""An extension that records what a theme gets for its sidebar: from Sphinx, and from us."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: Options that templates pass to ``toctree()``.
OPTIONS: list[dict[str, Any]] = [
    {"includehidden": hidden, "titles_only": titles, "maxdepth": depth}
    for hidden, titles, depth in product((True, False), (True, False), (0, 1, 2, ""))
]
#: By page, for each of ``OPTIONS``.
BY_SPHINX: dict[str, list[str]] = {}
BY_US: dict[str, list[str]] = {}
ALL_OPEN: dict[str, str] = {}


def setup(app: Sphinx) -> None:
    """Record before and after the sidebar is replaced."""

    def record(records: dict[str, list[str]], page: str, context: dict[str, Any]) -> None:
        records[page] = [context["toctree"](collapse=True, **options) for options in OPTIONS]

    def before(_app: Sphinx, page: str, _name: str, context: dict[str, Any], _tree: Any) -> None:
        record(BY_SPHINX, page, context)

    def after(_app: Sphinx, page: str, _name: str, context: dict[str, Any], _tree: Any) -> None:
        record(BY_US, page, context)
        ALL_OPEN[page] = context["toctree"](collapse=False, includehidden=True)

    app.connect("html-page-context", before, priority=300)
    app.connect("html-page-context", after, priority=450)
