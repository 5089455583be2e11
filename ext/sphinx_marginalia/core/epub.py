"""The EPUB builder, which tells e-readers where formulas and drawings are.

EPUB 3.3 (section 5.6.2.1) asks that the manifest says of each page with MathML or SVG that it has
some. Sphinx's template for the manifest has no place for it, so the manifest is completed when
written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinx.builders.epub3 import Epub3Builder

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

OPF = "http://www.idpf.org/2007/opf"
NAMESPACES = {"": OPF, "dc": "http://purl.org/dc/elements/1.1/"}
#: What a page holds, and the property that says so.
CONTENTS = {"<math ": "mathml", "<svg ": "svg"}


class DeclaringEpubBuilder(Epub3Builder):
    """Sphinx's EPUB builder, with the properties ``mathml`` and ``svg`` in the manifest."""

    def build_content(self) -> None:
        """Write the manifest, then name the pages that hold formulas or drawings."""
        super().build_content()
        declare(self.outdir / "content.opf")


def declare_contents(app: Sphinx) -> None:
    """Have the EPUB builder say what its pages hold."""
    app.add_builder(DeclaringEpubBuilder, override=True)


def declare(manifest: Path) -> None:
    """Add to the items of *manifest* the properties of what their pages hold."""
    for prefix, uri in NAMESPACES.items():
        ET.register_namespace(prefix, uri)
    tree = ET.parse(manifest)
    for item in tree.iterfind(f".//{{{OPF}}}item"):
        page = manifest.parent / item.get("href", "")
        # The navigation is in the manifest before it is written; it holds neither.
        if page.suffix == ".xhtml" and page.is_file():
            text = page.read_text(encoding="utf-8")
            found = [name for sign, name in CONTENTS.items() if sign in text]
            if found:
                item.set("properties", " ".join([item.get("properties", ""), *found]).strip())
    tree.write(manifest, encoding="utf-8", xml_declaration=True)
