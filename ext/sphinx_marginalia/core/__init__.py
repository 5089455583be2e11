"""What features share. Nothing here imports a feature; a third party can write one with it.

``nodes``
    Nodes that become one HTML element; markers that features set for each other.
``stages``
    The order of all transforms.
``options``
    Options in ``conf.py``, declared once.
``diagnostics``
    What can be wrong in the input: problems, warnings, "did you mean".
``index``, ``outdated``
    What documents contain, and which pages are outdated because of it.
``publish``
    Files beside a web site.
``located``, ``front_matter``
    YAML, JSON and front matter as values that know their lines.
``dates``, ``links``
    Dates as exact as they are written; addresses that are safe in every format.
``citations``
    Citing works without knowing what keeps them.
``excerpt``
    Content of one page that is shown on another.
``assets``
    Style sheets, scripts and LaTeX packages beside the Python of a feature.
``drawing``
    Text that is measured and wrapped, and the elements of SVG and TikZ figures.
``project``
    A project without a build.

In this module are what ``setup`` returns, and the words of the interface in the reader's language:
the catalogues are in ``locale/``, and ``language`` in ``conf.py`` chooses one. Call ``_()`` when a
page is made, not when a module is imported: the language is not known before.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.locale import get_translation

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: What every feature returns from ``setup``. ``tests/contract/test_rebuilds.py`` shows that
#: parallel builds give the same bytes as one process.
METADATA: ExtensionMetadata = {
    "version": "0.1.0",
    "env_version": 2,
    "parallel_read_safe": True,
    "parallel_write_safe": True,
}

CATALOG = "sphinx_marginalia"
LOCALE = Path(__file__).parent.parent / "locale"

_ = get_translation(CATALOG)


def add_catalog(app: Sphinx) -> None:
    """Register the translations of the interface."""
    app.add_message_catalog(CATALOG, LOCALE)
