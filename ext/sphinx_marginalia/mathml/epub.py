"""The EPUB builder, which tells e-readers where formulas are.

EPUB 3.3 (section 5.6.2.1) asks that the manifest says of each page with MathML that it has some.
Sphinx's template for the manifest has no place for it, so the manifest is completed when written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinx.builders.epub3 import Epub3Builder

if TYPE_CHECKING:
    from pathlib import Path

OPF = "http://www.idpf.org/2007/opf"
NAMESPACES = {"": OPF, "dc": "http://purl.org/dc/elements/1.1/"}


class MathEpubBuilder(Epub3Builder):
    """Sphinx's EPUB builder, with the property ``mathml`` in the manifest."""

    def build_content(self) -> None:
        """Write the manifest, then name the pages that hold formulas."""
        super().build_content()
        declare_math(self.outdir / "content.opf")


def declare_math(manifest: Path) -> None:
    """Add ``properties="mathml"`` to the items of *manifest* whose pages hold MathML."""
    for prefix, uri in NAMESPACES.items():
        ET.register_namespace(prefix, uri)
    tree = ET.parse(manifest)
    for item in tree.iterfind(f".//{{{OPF}}}item"):
        page = manifest.parent / item.get("href", "")
        # The navigation is in the manifest before it is written; it holds no formulas.
        if (
            page.suffix == ".xhtml"
            and page.is_file()
            and "<math " in page.read_text(encoding="utf-8")
        ):
            item.set("properties", f"{item.get('properties', '')} mathml".strip())
    tree.write(manifest, encoding="utf-8", xml_declaration=True)
