"""``how-to-cite``: the reference of the whole book, and the files with all references."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from sphinx_marginalia.cite_as.domain import BookDomain, how_to_cite
from sphinx_marginalia.cite_as.edition import FILENAME
from sphinx_marginalia.cite_as.formats import FORMATS, bibtex, prose
from sphinx_marginalia.cite_as.options import CiteAsProblem
from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import builder_of, makes_site
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.directives import Directive
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import find, note_use
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.permalinks.domain import SectionsDomain

if TYPE_CHECKING:
    from sphinx_marginalia.cite_as.edition import Edition


class HowToCiteDirective(Directive):
    """Show how the whole book is cited."""

    has_content = False

    def make_nodes(self) -> list[nodes.Node]:
        note_use(self.env, how_to_cite)
        node = how_to_cite()
        self.set_source_info(node)
        return [node]


class FillHowToCite(SphinxPostTransform):
    """Show how the book is cited.

    Before::

        <how_to_cite>

    After::

        <block_quote>
            <paragraph>         the reference in APA style
                <emphasis>      the title of the book
        <literal_block>         the entry for BibTeX
        <paragraph>             links to the files with all references
    """

    default_priority = WriteStage.CITE_LINKS

    def run(self, **kwargs: Any) -> None:
        domain = domain_of(self.env, BookDomain)
        if not domain.may_show(self.env.current_document.docname):
            return
        for node in find(self.document, how_to_cite):
            if domain.edition is not None:
                node.replace_self([*_how_to_cite(domain.edition), *self._files(domain.edition)])
                continue
            node.parent.remove(node)
            # What is wrong in a file that is there has been reported.
            if not Path(builder_of(self.env).confdir, FILENAME).is_file():
                message = "there is no CITATION.cff beside conf.py that says how to cite the book"
                warn(CiteAsProblem.CITATION_FILE, message, location=node)

    def _files(self, edition: Edition) -> list[nodes.Node]:
        """Return a line with links to the files that have all references, where there are any.

        Only a site has them; other outputs link to those of its newest version.
        """
        builder, site = builder_of(self.env), edition.newest_url or edition.version_url
        docname = self.env.current_document.docname
        if not domain_of(self.env, SectionsDomain).lock or not (makes_site(builder) or site):
            return []
        line = nodes.paragraph("", _("Every section of the book in one file:"), translatable=False)
        for number, form in enumerate(FORMATS.values()):
            address = f"{site}{form.file}"
            if makes_site(builder):
                address = relative_uri(builder.get_target_uri(docname), form.file)
            link = nodes.reference("", "", refuri=address, internal=makes_site(builder))
            link += nodes.inline("", form.title)
            line += [nodes.Text(", " if number else " "), link]
        line += nodes.Text(".")
        return [line]


def _how_to_cite(edition: Edition) -> list[nodes.Node]:
    reference = edition.book_reference()
    words = [node for run in prose.apa_runs(reference) for node in _run(run, reference.url)]
    source = bibtex.render(reference)
    entry = nodes.literal_block(source, source, language="bibtex", translatable=False)
    quote = nodes.block_quote("", nodes.paragraph("", "", *words, translatable=False))
    draft = nodes.paragraph("", _("This is a draft."), classes=["marginalia-cite-draft"])
    before: list[nodes.Node] = [] if edition.release.is_release else [draft]
    return [*before, quote, entry]


def _run(run: prose.Run, url: str) -> list[nodes.Node]:
    """Return a piece of a reference; the address at its end is a link."""
    if run.italic:
        return [nodes.emphasis("", run.text)]
    if url and run.text.endswith(url):
        link = nodes.reference("", url, refuri=url, internal=False)
        return [nodes.Text(run.text.removesuffix(url)), link]
    return [nodes.Text(run.text)]
