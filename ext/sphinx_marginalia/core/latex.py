"""LaTeX packages that more than one feature needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def add_package(app: Sphinx, name: str) -> None:
    """Have the LaTeX package *name* loaded. Sphinx warns of one that is added twice."""
    if not app.registry.has_latex_package(name):
        app.add_latex_package(name)
