r"""The parts of a PDF: what toctrees with captions are in a sidebar.

Sphinx puts the documents of a toctree where that is written. A toctree at the end of a section,
where most hidden ones are, makes the whole book a chapter of that section.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _ as __
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.texescape import escape

from sphinx_marginalia.core.builders import builder_of
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.stages import ReadStage, WriteStage
from sphinx_marginalia.large_sites.options import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.builders.latex import LaTeXBuilder

#: Attribute of the block around a toctree: the caption, which a PDF would not have.
CAPTION = "marginalia_caption"
#: Around the preface, which has no number.
UNNUMBERED = r"\edef\marginaliadepth{\the\value{secnumdepth}}\setcounter{secnumdepth}{-1}"
NUMBERED = r"\setcounter{secnumdepth}{\marginaliadepth}"


class KeepCaptions(SphinxTransform):
    """Note the caption of a toctree at the block around it.

    Before::

        <compound classes="toctree-wrapper">
            <toctree caption="Methods" entries="…">

    After::

        <compound classes="toctree-wrapper" marginalia_caption="Methods">
            <toctree caption="Methods" entries="…">
    """

    default_priority = ReadStage.CAPTIONS

    def apply(self, **kwargs: Any) -> None:
        """Copy each caption: Sphinx replaces the toctree by the documents."""
        for toctree in find(self.document, addnodes.toctree):
            if toctree.get("caption") and isinstance(toctree.parent, nodes.compound):
                toctree.parent[CAPTION] = toctree["caption"]


class DivideIntoParts(SphinxPostTransform):
    r"""Make parts of the toctrees in the first document of a PDF.

    A document that begins a PDF of its own in ``latex_documents`` is left out of the others.

    Before::

        <section>
            <title>
                Lakes
            <section>
                <title>
                    How to read this book
                <compound classes="toctree-wrapper" marginalia_caption="Methods">
                    <start_of_file docname="nets">

    After::

        <section>
            <title>
                Lakes
            <raw format="latex">                 % no numbers
            <section>
                <title>
                    Lakes
                <section>
                    <title>
                        How to read this book
            <raw format="latex">                 % numbers
            <raw format="latex">                 \part{Methods}
            <start_of_file docname="nets">
    """

    default_priority = WriteStage.PARTS
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Leave out the documents of other PDFs, and move the rest to the end, part by part."""
        if not PARTS.value(self.config):
            return
        self._leave_out()
        book = next(iter(find(self.document, nodes.section)), None)
        blocks = list(_toctrees(self.document))
        has_parts = self.config.latex_toplevel_sectioning == "part"
        captions = [block for block in blocks if CAPTION in block and block.children]
        if book is None or has_parts or not captions:
            return
        for block in blocks:
            block.parent.remove(block)
        # The first document is the preface, in one chapter.
        title, *content = book.children
        preface = nodes.section("", title.deepcopy(), *content, docname=self.document["docname"])
        preface["ids"], book["ids"] = book["ids"], []
        depths = [nodes.raw("", latex, format="latex") for latex in (UNNUMBERED, NUMBERED)]
        book[1:] = [depths[0], preface, depths[1]]
        for block in blocks:
            if block in captions:
                caption = escape(block[CAPTION], self.config.latex_engine)
                book += nodes.raw("", rf"\part{{{caption}}}", format="latex")
            book += block.children

    def _leave_out(self) -> None:
        """Remove the documents that have a PDF of their own, and say where they are."""
        builder = cast("LaTeXBuilder", builder_of(self.env))
        included = cast("set[str]", builder.docnames)
        titles = {entry[0]: entry[2] for entry in self.config.latex_documents}
        for start in find(self.document, addnodes.start_of_file):
            if start["docname"] in titles:
                start.parent.remove(start)
        here = {self.document["docname"]}
        here |= {start["docname"] for start in find(self.document, addnodes.start_of_file)}
        elsewhere = {n: titles[pdf] for n, pdf in self._pdfs().items() if n not in here}
        included.difference_update(elsewhere)
        self._name_pdfs(elsewhere)

    def _pdfs(self) -> dict[str, str]:
        """Return in which PDF each document is, by the first document of that."""
        pdfs = {entry[0]: entry[0] for entry in self.config.latex_documents}
        left = list(pdfs)
        while left:
            document = left.pop()
            for child in self.env.toctree_includes.get(document, ()):
                if child not in pdfs:
                    pdfs[child] = pdfs[document]
                    left.append(child)
        return pdfs

    def _name_pdfs(self, elsewhere: dict[str, str]) -> None:
        """Write what a reference to another PDF would show, and the title of that.

        Sphinx would show the label.
        """
        labels = self.env.domains.standard_domain.labels
        for xref in find(self.document, addnodes.pending_xref):
            docname, _id, title = labels.get(xref.get("reftarget"), ("", "", ""))
            if docname in elsewhere and xref.get("reftype") == "ref":
                words = xref.astext() if xref.get("refexplicit") else title
                where = [nodes.Text(__(" (in ")), nodes.emphasis("", elsewhere[docname])]
                xref.replace_self([nodes.emphasis("", words), *where, nodes.Text(")")])


def _toctrees(node: nodes.Element) -> Iterator[nodes.compound]:
    """Yield the blocks around the toctrees of the first document."""
    for child in node.children:
        if isinstance(child, nodes.compound) and "toctree-wrapper" in child["classes"]:
            yield child
        elif isinstance(child, nodes.Element) and not isinstance(child, addnodes.start_of_file):
            yield from _toctrees(child)
