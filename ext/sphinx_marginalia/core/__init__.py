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
``located``
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
``i18n``, ``project``
    The words of the interface in the reader's language; a project without a build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.util.typing import ExtensionMetadata

#: What every feature returns from ``setup``. That parallel builds give the same bytes as one process
#: is shown by ``tests/contract/test_rebuilds.py``.
METADATA: ExtensionMetadata = {
    "version": "0.1.0",
    "env_version": 2,
    "parallel_read_safe": True,
    "parallel_write_safe": True,
}
