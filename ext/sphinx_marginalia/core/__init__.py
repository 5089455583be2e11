"""What the features share, and nothing of what they are.

``elements``
    docutils nodes that become one HTML element.
``tree``
    What features tell each other about nodes.
``assets``
    Style sheets and scripts that stand beside the Python of a feature.
``condense``
    A style sheet without what only its authors read.
``config``
    Options, declared once.
``records``
    Facts that outlive a page, kept in a domain.
``excerpt``
    What is written on one page and shown on another.
``epub``
    The manifest of an EPUB, completed.
``latex``
    LaTeX packages, each loaded once.
``warnings``
    The closed list of what can go wrong.
``i18n``
    The words of the interface in the reader's language.

No module here imports a feature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.util.typing import ExtensionMetadata

#: What every feature returns from ``setup``. That reading and writing in parallel give the same
#: bytes as one process is shown by ``tests/test_contract.py``.
METADATA: ExtensionMetadata = {
    "version": "0.1.0",
    "env_version": 1,
    "parallel_read_safe": True,
    "parallel_write_safe": True,
}
