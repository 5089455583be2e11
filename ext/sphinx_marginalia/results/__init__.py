"""Numbers from JSON in the text, and figures with a static and a live form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.index import add_index_domain, domain_of
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.syntax import add_syntax
from sphinx_marginalia.results.domain import ResultsDomain
from sphinx_marginalia.results.options import OPTIONS, PROBLEMS
from sphinx_marginalia.results.roles import ResultRole

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["OPTIONS", "PROBLEMS", "setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the role."""
    add_options(app, *OPTIONS)
    add_syntax(app, {}, {"result": ResultRole()})
    add_index_domain(app, ResultsDomain)
    app.connect("builder-inited", _set_folders)
    return METADATA


def _set_folders(app: Sphinx) -> None:
    domain_of(app.env, ResultsDomain).set_folders(app)
