"""The words of the interface in the reader's language.

The catalogues are in ``locale/``; ``language`` in ``conf.py`` chooses one. A word is looked up when
a page is made, not when a module is imported: the language is not known before.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.locale import get_translation

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CATALOG = "sphinx_marginalia"
LOCALE = Path(__file__).parent.parent / "locale"

_ = get_translation(CATALOG)


def add_catalog(app: Sphinx) -> None:
    """Register the translations of the interface."""
    app.add_message_catalog(CATALOG, LOCALE)
