"""What pages say about citing them: links beside headings, printed permalinks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from sphinx_marginalia.cite_as.domain import BookDomain
from sphinx_marginalia.cite_as.options import CiteAsProblem
from sphinx_marginalia.cite_as.page_metadata import KEYS, read_page_metadata
from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import builder_of, makes_site
from sphinx_marginalia.core.front_matter import front_matter, read_front_matter
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import CITABLE, element, find, html_inline, inline_decoration
from sphinx_marginalia.core.stages import ReadStage, WriteStage
from sphinx_marginalia.permalinks.domain import SectionsDomain

if TYPE_CHECKING:
    from sphinx_marginalia.permalinks.names import Heading

#: A quotation mark as a drawing: as text, search would find it.
MARK = "M2 3h4.5v4.5L4 13H2l1.5-4.5H2zm7 0h4.5v4.5L11 13H9l1.5-4.5H9z"


class NotePageMetadata(SphinxTransform):
    """Record what the front matter of a page says about citing it. The tree stays the same.

    docutils splits a list of authors, and quotation marks become typographic, so it is read first.
    """

    default_priority = ReadStage.FRONT_MATTER

    def apply(self, **kwargs: Any) -> None:
        fields = front_matter(self.document)
        if fields is None or not _names(fields) & {*KEYS}:
            return
        docname = self.env.current_document.docname
        source = Path(self.env.doc2path(docname))
        # Syntax errors are reported by others: MyST, and the feature articles.
        located = read_front_matter(fields, source, CiteAsProblem.CITATION_METADATA)
        if values := {key: located.value[key] for key in KEYS if key in located.value}:
            lines = {key: located.line(key) for key in values}
            domain = domain_of(self.env, BookDomain)
            domain.records[docname] = [read_page_metadata(values, lines)]


def _names(fields: nodes.field_list) -> set[str]:
    return {field[0].astext() for field in fields if isinstance(field, nodes.field)}


class AddCiteLinks(SphinxPostTransform):
    """Add a link to the page about citing a section, after each title and citable block.

    Like Sphinx's own permalink, it is not part of the title in search, contents or ``<title>``.

    Before::

        <section ids="phases">
            <title>
                Phases

    After::

        <section ids="phases">
            <title>
                Phases
                <inline_decoration tag="a" classes="marginalia-cite">
    """

    default_priority = WriteStage.CITE_LINKS
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        edition = domain_of(self.env, BookDomain).edition
        if edition is None or not makes_site(builder_of(self.env)):
            return
        docname = self.env.current_document.docname
        here = builder_of(self.env).get_target_uri(docname)
        linked = domain_of(self.env, SectionsDomain).linked_in(docname)
        for block in [node for node in find(self.document, nodes.Element) if node["ids"]]:
            name = next((node_id for node_id in block["ids"] if node_id in linked), "")
            line = _line(block) if name else None
            if line is not None:
                line += _link(linked[name], here, edition.release.is_release)


def _line(block: nodes.Element) -> nodes.Element | None:
    """Return the line for a link: a title, or the first line of a citable block."""
    if isinstance(block, nodes.section):
        return block[0] if isinstance(block[0], nodes.title) else None
    if CITABLE not in block:
        return None
    # Not one of a list of facts before the text.
    paragraphs = (child for child in block if isinstance(child, nodes.paragraph))
    return next(paragraphs, None) or block.next_node(nodes.paragraph)


def _link(heading: Heading, here: str, is_release: bool) -> nodes.Element:
    path = element(html_inline, "path", d=MARK)
    size = {"viewBox": "0 0 16 16", "width": "16", "height": "16"}
    drawing = element(html_inline, "svg", path, **size, aria_hidden="true", focusable="false")
    words = _("Cite this section") if is_release else _("Cite this section (a draft)")
    attributes = {
        "href": relative_uri(here, f"cite/{heading.id}.html"),
        "title": words,
        "aria_label": f"{words}: {heading.title}",
    }
    return element(inline_decoration, "a", drawing, classes=["marginalia-cite"], **attributes)


class PrintPermalinks(SphinxPostTransform):
    """Print the permalink of each chapter under its title, for readers on paper.

    Before::

        <section ids="moon">
            <title>

    After::

        <section ids="moon">
            <title>
            <line_block classes="marginalia-cite-permalink">
                <line>
                    Permanent address:
                <line>
                    <reference>

    In one paragraph, LaTeX would widen the spaces before an address that does not fit the line.
    """

    default_priority = WriteStage.CITE_LINKS
    builders = ("latex", "epub")

    def run(self, **kwargs: Any) -> None:
        domain = domain_of(self.env, BookDomain)
        if domain.edition is None or not domain.edition.version_url:
            return
        linked = domain_of(self.env, SectionsDomain).linked
        for section in find(self.document, nodes.section):
            name = next((node_id for node_id in section["ids"] if node_id in linked), "")
            if name and linked[name].level == 1 and isinstance(section[0], nodes.title):
                reference = domain.reference_to(linked[name])
                address = reference.url if reference else ""
                link = nodes.reference("", address, refuri=address, internal=False)
                lines = (nodes.line("", _("Permanent address:")), nodes.line("", "", link))
                classes = ["marginalia-cite-permalink"]
                section.insert(1, nodes.line_block("", *lines, classes=classes))
