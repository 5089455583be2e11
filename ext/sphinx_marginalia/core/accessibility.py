"""What Sphinx and docutils leave out for those who do not see a page: in HTML, and in an EPUB.

In pages, three roles are completed. In an EPUB, each page says its language, and the package
document which pages have MathML or SVG (EPUB 3.3 requires that) and who can read them (EPUB
Accessibility 1.1 requires that, and shops show it): what has to be seen, what can be read aloud,
what helps to find one's way, what could harm. Sphinx's templates have no place for these, so they
are added to what was written. All is read off the pages; nothing is promised that they do not have.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from sphinx.builders.epub3 import Epub3Builder

from sphinx_marginalia.core import _
from sphinx_marginalia.core.assets import add_assets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from sphinx.application import Sphinx

OPF = "http://www.idpf.org/2007/opf"
NAMESPACES = {"": OPF, "dc": "http://purl.org/dc/elements/1.1/"}
#: The start of an element in a page, and the property of the manifest that declares it.
DECLARED = {"<math ": "mathml", "<svg ": "svg"}
IMAGE = re.compile(r"<img\b[^>]*>")
ATTRIBUTE = re.compile(r'\b(alt|src|role)="([^"]*)"')
#: What may move, flash or sound.
MOVING = re.compile(r"<(?:animate|audio|canvas|iframe|object|script|video)\b|\.(?:gif|webp)\"")
#: What Sphinx and docutils write, and what ARIA requires: a heading has a level, and DPUB-ARIA 1.1
#: has entries of a bibliography as items of a list. In a text these characters would be escaped.
ROLES = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    ' role="doc-biblioentry"': ' role="listitem"',
}


def add_accessibility(app: Sphinx) -> None:
    """Complete the roles in pages, and what an EPUB says of them. Features may call this twice."""
    app.add_builder(AccessibleEpubBuilder, override=True)
    if not any(
        handler.handler is complete_page for handler in app.events.listeners["html-page-context"]
    ):
        # After our own sidebar, before themes make their navigation.
        app.connect("html-page-context", complete_page, priority=450)
        style = Path(__file__).parent / "marginalia-epub.css"
        add_assets(app, style, when=lambda builder: builder.name == "epub")


def complete_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Complete the roles in the text of a page, and in the lists of pages beside it."""
    for name in ("body", "toc"):
        if name in context:
            context[name] = with_complete_roles(context[name])
    if toctree := context.get("toctree"):
        context["toctree"] = lambda **options: with_complete_roles(toctree(**options))


def with_complete_roles(text: str) -> str:
    """Return the HTML *text* with the roles that ARIA requires."""
    for wrong, right in ROLES.items():
        text = text.replace(wrong, right)
    return text


class AccessibleEpubBuilder(Epub3Builder):
    """Sphinx's EPUB builder, with languages, properties of pages, and metadata of accessibility."""

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Write the language of the book into each page."""
        language = html.escape(self.config.epub_language)
        self.html_tag = f'{Epub3Builder.html_tag[:-1]} lang="{language}" xml:lang="{language}">'
        super().prepare_writing(docnames)

    def build_navigation_doc(self) -> None:
        """Write the contents, and say what they are."""
        super().build_navigation_doc()
        page = self.outdir / "nav.xhtml"
        text = page.read_text(encoding="utf-8")
        text = text.replace('<nav epub:type="toc">', '<nav epub:type="toc" role="doc-toc">')
        page.write_text(text, encoding="utf-8")

    def build_content(self) -> None:
        """Write the package document, then complete it."""
        super().build_content()
        declare_contents(self.outdir / "content.opf")


def declare_contents(manifest: Path) -> None:
    """Add to each page in *manifest* the properties of what it contains, and who can read them."""
    for prefix, uri in NAMESPACES.items():
        ET.register_namespace(prefix, uri)
    tree = ET.parse(manifest)
    texts = []
    for item in tree.iterfind(f".//{{{OPF}}}item"):
        page = manifest.parent / item.get("href", "")
        # The navigation is listed before it is written; it contains neither.
        if page.suffix == ".xhtml" and page.is_file():
            texts.append(page.read_text(encoding="utf-8"))
            properties = [name for start, name in DECLARED.items() if start in texts[-1]]
            if properties:
                item.set("properties", " ".join([item.get("properties", ""), *properties]).strip())
    for metadata in tree.iterfind(f"{{{OPF}}}metadata"):
        for name, value in accessibility(texts):
            ET.SubElement(metadata, f"{{{OPF}}}meta", property=f"schema:{name}").text = value
    tree.write(manifest, encoding="utf-8", xml_declaration=True)


def accessibility(pages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the properties of schema.org that say who can read *pages*, and their values.

    See https://www.w3.org/TR/epub-a11y-11/#sec-disc-package; the names of the values are those of
    https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary-20241209/.
    """
    images = [tag for text in pages for tag in IMAGE.findall(text)]
    has_pictures = bool(images) or any("<svg " in text for text in pages)
    has_formulas = any("<math " in text for text in pages)
    is_described = all(map(_is_described, images))
    yield "accessMode", "textual"
    if has_pictures:
        yield "accessMode", "visual"
        yield "accessModeSufficient", "textual,visual"
    if is_described:
        yield "accessModeSufficient", "textual"
    features = {
        "tableOfContents": True,
        "structuralNavigation": True,
        "readingOrder": True,
        "alternativeText": has_pictures and is_described,
        "MathML": has_formulas,
    }
    for name in (name for name, has in features.items() if has):
        yield "accessibilityFeature", name
    moving = any(MOVING.search(text) for text in pages)
    yield "accessibilityHazard", "unknown" if moving else "none"
    sentences = [_("Text, contents and links can be read aloud.")]
    if has_pictures:
        described = _("Pictures have descriptions.")
        sentences.append(described if is_described else _("Some pictures have no description."))
    if has_formulas:
        sentences.append(_("Formulas are MathML."))
    yield "accessibilitySummary", " ".join(map(str, sentences))


def _is_described(image: str) -> bool:
    """Return whether an image has words, or says that it needs none.

    docutils writes the address of an image where its author has written nothing.
    """
    attributes = dict(ATTRIBUTE.findall(image))
    file = attributes.get("src", "").rpartition("/")[2]
    return "alt" in attributes and not (file and attributes["alt"].endswith(file))
