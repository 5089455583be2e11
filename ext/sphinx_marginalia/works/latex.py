"""Citations in captions and headings of a PDF."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.nodes import find


class ProtectLinks(SphinxPostTransform):
    r"""Write ``\protect`` before the links that sphinxcontrib-bibtex makes.

    LaTeX writes a caption or a heading to a list first, where a bare ``\hyperlink`` stops it with
    “Argument of \Hy@tempa has an extra }”. Elsewhere ``\protect`` changes nothing.
    """

    # After references are resolved (10): only then the links are there.
    default_priority = 50
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Protect each link of a citation."""
        for node in find(self.document, nodes.FixedTextElement):
            # The class is known by its name only: sphinxcontrib-bibtex may not be installed.
            if node.tagname == "raw_latex" and node.rawsource.startswith(r"\hyperlink"):
                node.rawsource = rf"\protect{node.rawsource}"
