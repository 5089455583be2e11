"""``how-to-cite``: the reference of the whole book, and the files with all references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_marginalia.cite_as.formats import bibtex, prose
from sphinx_marginalia.cite_as.nodes import how_to_cite
from sphinx_marginalia.cite_as.problems import CiteAsProblem
from sphinx_marginalia.cite_as.references import whole_book
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import find, note_use
from sphinx_marginalia.permalinks.domain import FILE, SectionsDomain

if TYPE_CHECKING:
    from sphinx_marginalia.cite_as.facts import Facts

#: The files beside a site with every reference, and what they are called.
FILES = {
    "BibTeX": "citations.bib",
    "RIS": "citations.ris",
    "CSL-JSON": "citations.csl.json",
}


class HowToCiteDirective(SphinxDirective):
    """Show how the whole book is cited."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        note_use(self.env, how_to_cite)
        place = how_to_cite()
        self.set_source_info(place)
        return [place]


class FillHowToCite(SphinxPostTransform):
    """Fill the place when the facts of the book are known.

    Before::

        <how_to_cite>

    After::

        <block_quote>
            <paragraph>         the reference in APA style
        <literal_block>         the entry for BibTeX
        <paragraph>             links to the files with every reference
    """

    # Before references are resolved (10): the links are references.
    default_priority = 8

    def run(self, **kwargs: Any) -> None:
        """Fill each place."""
        domain = cast("SectionsDomain", self.env.domains[SectionsDomain.name])
        if not domain.may_show(self.env.current_document.docname):
            return
        for place in find(self.document, how_to_cite):
            if domain.facts is None:
                message = "there is no CITATION.cff beside conf.py that says how to cite the book"
                warn(CiteAsProblem.CITATION_FILE, message, location=place)
                place.parent.remove(place)
            else:
                place.replace_self(_shown(domain.facts, with_files=bool(domain.locked)))


def _shown(facts: Facts, *, with_files: bool) -> list[nodes.Node]:
    reference = whole_book(facts)
    text = prose.apa(reference)
    words: list[nodes.Node] = [nodes.Text(text)]
    if reference.url and text.endswith(reference.url):
        link = nodes.reference("", reference.url, refuri=reference.url, internal=False)
        words = [nodes.Text(text.removesuffix(reference.url)), link]
    source = bibtex.render(reference)
    entry = nodes.literal_block(source, source, language="bibtex", translatable=False)
    quote = nodes.block_quote("", nodes.paragraph("", "", *words, translatable=False))
    draft = nodes.paragraph("", _("This is a draft."), classes=["marginalia-draft"])
    shown: list[nodes.Node] = [] if facts.release.is_release else [draft]
    return [*shown, quote, entry, *([_files()] if with_files else [])]


def _files() -> nodes.paragraph:
    line = nodes.paragraph("", _("Every section of the book in one file:"), translatable=False)
    for n, (name, path) in enumerate(FILES.items()):
        line += nodes.Text(", " if n else " ")
        line += addnodes.pending_xref(
            "",
            nodes.inline("", name),
            refdomain=SectionsDomain.name,
            reftype=FILE,
            reftarget=path,
            refexplicit=True,
        )
    line += nodes.Text(".")
    return line
