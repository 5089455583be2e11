"""What a page shows of the works it cites: formulas in titles, and a list at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import builder_of
from sphinx_marginalia.core.citations import LINK_EDGE, RESOLVED
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.links import encoded
from sphinx_marginalia.core.nodes import element, find, html_block, html_text
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.works.domain import WorksDomain, citation_links, entry_of
from sphinx_marginalia.works.latex_text import BRACES, index_order, plain_text
from sphinx_marginalia.works.options import PAGE_LIST
from sphinx_marginalia.works.pandoc_nodes import FORMULA, with_formulas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.core.citations import Work


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


class ListWorks(SphinxPostTransform):
    """List the works that a page cites at its end.

    Before::

        <inline classes="bibtex-citation">
            <reference refuri="works.html#ref-deep">
                Ada and Bell 2020

    After::

        <inline classes="bibtex-citation">
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
        """Collect the works from the citations, and list them."""
        domain = domain_of(self.env, WorksDomain)
        if not domain.entries or not PAGE_LIST.value(self.config):
            return
        cited: dict[str, nodes.reference] = {}
        for link in citation_links(self.document):
            entry = entry_of(link)
            if entry in domain.entries:
                cited.setdefault(entry, link)
        if cited:
            order = domain.style.order if domain.style else {}
            entries = sorted(cited, key=lambda entry: order.get(domain.key_of(entry), 0))
            self.document += _list(
                [
                    (domain.work(entry), domain.styled_entry(entry), cited[entry])
                    for entry in entries
                ]
            )


class RenderFormulas(SphinxPostTransform):
    """Render the formulas in the entries of a bibliography, and encode their addresses.

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
            described = [works.entries[id_][1] for id_ in entry["ids"] if id_ in works.entries]
            if not described:
                continue
            for link in find(entry, nodes.reference):
                if "refuri" in link:
                    # A DOI may have “<”, which LaTeX would write as a command.
                    link["refuri"] = encoded(link["refuri"])
            latex = " ".join(described[0].fields.values())
            for around in find(entry, nodes.TextElement) if "$" in latex else ():
                _join_texts(around)
            # Without such a formula, LaTeX stops at a Greek letter.
            letters = builder_of(self.env).format != "latex" or "$" not in latex
            for text in find(entry, nodes.Text):
                if FORMULA.search(text) or text != text.translate(BRACES) or not letters:
                    words = plain_text(text, latex, letters=letters)
                    text.parent.replace(text, with_formulas(words))


def _join_texts(around: nodes.Element) -> None:
    """Join texts that are side by side: a formula with braces is in several."""
    children: list[nodes.Node] = []
    for child in around:
        if isinstance(child, nodes.Text) and children and isinstance(children[-1], nodes.Text):
            children[-1] = nodes.Text(children[-1] + child)
        else:
            children.append(child)
    around[:] = children


def _list(cited: list[tuple[Work, list[nodes.Node], nodes.reference]]) -> nodes.Element:
    """Return the folded list of works, in the order of a style or of their labels."""
    if not any(styled for _work, styled, _link in cited):
        cited = sorted(cited, key=lambda one: index_order(one[0].label))
    items = []
    for work, styled, citation in cited:
        link = citation.copy()
        link["ids"] = []
        link.attributes.pop("reftitle", None)  # The tooltip would say what is beside the link.
        # An entry in a style begins with what names the work: that is the link.
        link += styled[:1] or nodes.Text(work.label)
        title = nodes.emphasis("", "", *with_formulas(work.title))
        published = nodes.inline("", "", *with_formulas(work.published))
        sentences = _sentences(link, title, published)
        rest = styled[1:] if styled else [*sentences][2:]
        items.append(nodes.list_item("", nodes.paragraph("", "", link, *rest)))
    words = _("Works cited on this page (%d)") % len(items)
    summary = element(html_text, "summary", nodes.Text(words))
    works = nodes.bullet_list("", *items)
    return element(html_block, "details", summary, works, classes=["marginalia-works"])


def _sentences(*parts: nodes.Node) -> Iterator[nodes.Node]:
    """Yield those *parts* that have words, each with a stop behind it, unless it ends with one."""
    for part in parts:
        if words := part.astext():
            stop = "" if words.endswith((".", "?", "!")) else "."
            yield from (nodes.Text(" "), part, nodes.Text(stop))
