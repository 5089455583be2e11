"""What a page shows of the works it cites: previews at the citations, a list at the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.citations import LINK_EDGE, RESOLVED
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import element, find, html_block, html_inline, html_text
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.works.domain import WorksDomain, citation_links, entry_of
from sphinx_marginalia.works.options import PAGE_LIST, PREVIEW

if TYPE_CHECKING:
    from sphinx_marginalia.core.citations import Work


#: TeX between dollar signs, which begins and ends without a space (as in Markdown).
FORMULA = re.compile(r"\$(?=\S)([^$]+)(?<=\S)\$")


class FillCitationWords(SphinxPostTransform):
    """Turn the placeholders of citations in copied titles into words.

    Before::

        <pending_xref refdomain="marginalia-pauses">
            <inline>
                What is wrong with
                <inline words_of_citation="t deep">
                    deep

    After::

        <pending_xref refdomain="marginalia-pauses">
            <inline>
                What is wrong with
                Ada and Bell (2020)
    """

    default_priority = WriteStage.CITATION_WORDS

    def run(self, **kwargs: Any) -> None:
        """Replace each placeholder of the document."""
        domain_of(self.env, WorksDomain).fill_words(self.document)


class MarkCitations(SphinxPostTransform):
    r"""Mark the citations that sphinxcontrib-bibtex has resolved, so that features find them.

    Before, in LaTeX::

        <inline classes="bibtex-citation">
            <raw_latex>     \hyperlink{cite.works:ref-deep}{
            Ada and Bell 2020
            <raw_latex>     }

    After::

        <inline classes="bibtex-citation" resolved_citation="True">
            <raw_latex citation_link="start">   \protect\hyperlink{cite.works:ref-deep}{
            Ada and Bell 2020
            <raw_latex citation_link="end">     }

    LaTeX writes a caption or a heading to a list first, where a bare ``\hyperlink`` stops it with
    “Argument of \Hy@tempa has an extra }”. Elsewhere ``\protect`` changes nothing.
    """

    # Registered before, and so run before, those that look for the marks.
    default_priority = WriteStage.CITATIONS

    def run(self, **kwargs: Any) -> None:
        """Mark each citation of the document."""
        for citation in find(self.document, nodes.inline):
            if "bibtex-citation" in citation["classes"]:
                citation[RESOLVED] = True
                for edge in find(citation, nodes.FixedTextElement):
                    if edge.rawsource.startswith(r"\hyperlink"):
                        edge.rawsource = rf"\protect{edge.rawsource}"
                        edge[LINK_EDGE] = "start"
                    elif edge.rawsource == "}":
                        edge[LINK_EDGE] = "end"


class ShowWorks(SphinxPostTransform):
    """Describe each work that a page cites, at the citation and at the end of the page.

    Before::

        <inline classes="bibtex-citation">
            <reference refuri="works.html#ref-deep">
                Ada and Bell 2020

    After::

        <inline classes="bibtex-citation">
            <html_inline classes="marginalia-citation" tag="span" data-work="A Deep Look. Journal">
                <reference refuri="works.html#ref-deep">
                    Ada and Bell 2020
        …
        <html_block classes="marginalia-works" tag="details">
            <html_text tag="summary">
                Works cited on this page (1)
            <bullet_list>
                …
    """

    # A citation in a note is still in the text here, and the list comes after all of it.
    default_priority = WriteStage.CITATIONS
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Add a preview to each citation; then list the works."""
        domain = domain_of(self.env, WorksDomain)
        if not domain.entries:
            return
        cited: dict[str, nodes.reference] = {}
        for link in citation_links(self.document):
            entry = entry_of(link)
            if entry in domain.entries:
                cited.setdefault(entry, link)
                if PREVIEW.value(self.config):
                    _add_preview(link, domain.work(entry))
        if cited and PAGE_LIST.value(self.config):
            self.document += _list([(domain.work(entry), link) for entry, link in cited.items()])


class RenderFormulas(SphinxPostTransform):
    """Render the formulas in the entries of a bibliography.

    Before::

        <citation>
            <paragraph>
                A Look at $O(n^2)$.

    After::

        <citation>
            <paragraph>
                A Look at
                <math>
                    O(n^2)
                .
    """

    default_priority = WriteStage.PAGE_FACTS

    def run(self, **kwargs: Any) -> None:
        """Replace the TeX between dollar signs."""
        works = domain_of(self.env, WorksDomain)
        if not works.entries:
            return
        for entry in find(self.document, nodes.citation, nodes.list_item):
            if works.entries.keys().isdisjoint(entry["ids"]):
                continue
            for text in find(entry, nodes.Text):
                if FORMULA.search(text):
                    text.parent.replace(text, with_formulas(text))
                    docname = self.env.current_document.docname
                    # For MathJax, which Sphinx loads on pages with formulas.
                    self.env.domains.math_domain.data["has_equations"][docname] = True


def with_formulas(text: str) -> list[nodes.Node]:
    """Return *text* with its formulas, which are TeX between dollar signs, as nodes."""
    parts = FORMULA.split(text)
    return [
        nodes.math(part, part) if number % 2 else nodes.Text(part)
        for number, part in enumerate(parts)
        if part
    ]


def _add_preview(link: nodes.reference, work: Work) -> None:
    """Put *link* into an element with a description of *work*."""
    # In a text there are no formulas: their TeX, without its dollar signs.
    words = FORMULA.sub(r"\1", ". ".join(part for part in (work.title, work.published) if part))
    preview = element(html_inline, "span", classes=["marginalia-citation"], data_work=words)
    link.parent.replace(link, preview)
    # Otherwise the tooltip of ``bibtex_tooltips`` would cover the preview.
    link.attributes.pop("reftitle", None)
    preview += link


def _list(cited: list[tuple[Work, nodes.reference]]) -> nodes.Element:
    """Return the folded list of works, in the order of their labels."""
    items = []
    for work, citation in sorted(cited, key=lambda pair: pair[0].label.casefold()):
        link = citation.copy()
        link["ids"] = []
        link += nodes.Text(work.label)
        title = nodes.emphasis("", "", *with_formulas(work.title))
        rest = nodes.Text(f". {work.published}." if work.published else ".")
        paragraph = nodes.paragraph("", "", link, nodes.Text(". "), title, rest)
        items.append(nodes.list_item("", paragraph))
    words = _("Works cited on this page (%d)") % len(items)
    summary = element(html_text, "summary", nodes.Text(words))
    works = nodes.bullet_list("", *items)
    return element(html_block, "details", summary, works, classes=["marginalia-works"])
