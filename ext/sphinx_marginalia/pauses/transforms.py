"""Labels and ids of pauses and key ideas, and the lists over the whole book."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.excerpt import relocated
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import find, hold, inline_decoration, is_used, set_id
from sphinx_marginalia.core.stages import ReadStage, WriteStage
from sphinx_marginalia.pauses.domain import KeyIdeaDomain, PauseDomain
from sphinx_marginalia.pauses.nodes import discussion, key_idea, pause_and_think, title_of
from sphinx_marginalia.pauses.options import PauseProblem

if TYPE_CHECKING:
    from sphinx_marginalia.pauses.domain import TitledDomain, TitledRecord

    Records = list[tuple[str, TitledRecord]]


class LabelTitles(SphinxTransform):
    """Begin each title with the kind of its block, and give each block an id to link to.

    Before::

        <pause_and_think><title>What does a probe show?

    After::

        <pause_and_think ids="pause-and-think-index-1">
            <title><inline_decoration>Pause and think: </inline_decoration>What does a probe show?
    """

    default_priority = ReadStage.TITLES

    def apply(self, **kwargs: Any) -> None:
        """Label every pause and key idea; report discussions that belong to no pause."""
        if not any(is_used(self.env, kind) for kind in (pause_and_think, key_idea, discussion)):
            return
        labels = {
            "pause": (pause_and_think, _("Pause and think:")),
            "key-idea": (key_idea, _("Key idea:")),
        }
        for name, (kind, label) in labels.items():
            for n, block in enumerate(find(self.document, kind), start=1):
                title = title_of(block)
                words = f"{label} " if title.children else label.rstrip(": \N{NO-BREAK SPACE}")
                # No part of the question or the term: lists and references leave it out.
                classes = [f"marginalia-{name}-label"]
                title.insert(0, inline_decoration("", words, tag="span", classes=classes))
                if not block["ids"]:
                    # With the name of the document: singlehtml puts all documents into one page.
                    id_ = nodes.make_id(f"{kind.__name__}-{self.env.docname}-{n}")
                    set_id(block, id_, self.document)
        for stray in find(self.document, discussion):
            if not isinstance(stray.parent, pause_and_think):
                message = "the discussion is in no pause-and-think block"
                warn(PauseProblem.STRAY_DISCUSSION, message, location=stray)


class FillLists(SphinxPostTransform):
    """Fill the lists of questions and of key ideas.

    Before::

        <key_idea_list exclude="drafts/*">

    After::

        <definition_list classes="marginalia-key-idea-list"><definition_list_item>
            <term><pending_xref reftarget="probe">Probe</pending_xref></term>
            <definition><paragraph>A classifier on activations.
    """

    default_priority = WriteStage.LISTS

    def run(self, **kwargs: Any) -> None:
        """Fill each list of this document from its domain."""
        fill = {PauseDomain: self._questions, KeyIdeaDomain: self._ideas}
        for kind, items_of in fill.items():
            domain = domain_of(self.env, kind)
            if domain.may_show(self.env.docname):
                for listing in find(self.document, kind.listing):
                    records = [
                        (docname, record)
                        for docname, record in domain.in_reading_order()
                        if not any(fnmatchcase(docname, each) for each in listing["exclude"])
                        and hold(record.only, domain.tags)
                    ]
                    self._replace(listing, items_of(domain, records))

    def _replace(self, listing: nodes.Element, items: list[nodes.Element]) -> None:
        name = nodes.make_id(listing.tagname)
        if items:
            filled = nodes.definition_list("", *items, classes=[f"marginalia-{name}"])
            listing.parent.replace(listing, filled)
        else:
            message = f"the {name} is empty: there are no entries, or `exclude` leaves them all out"
            warn(CoreProblem.EMPTY_LIST, message, location=listing)
            listing.parent.remove(listing)

    def _questions(self, domain: TitledDomain, records: Records) -> list[nodes.Element]:
        """Return an item for each document: its title, and links to its questions."""
        by_document: dict[str, nodes.bullet_list] = {}
        for docname, record in records:
            questions = by_document.setdefault(docname, nodes.bullet_list())
            link = self._link(domain, docname, record.node_id, record.title)
            questions += nodes.list_item("", nodes.paragraph("", "", link))
        return [
            _item(self._link(domain, docname, "", self.env.titles[docname].children), questions)
            for docname, questions in by_document.items()
        ]

    def _ideas(self, domain: TitledDomain, records: Records) -> list[nodes.Element]:
        """Return an item for each key idea: its term, which is a link, and its definition."""
        items: list[nodes.Element] = []
        for docname, record in records:
            body = relocated(record.body, docname, domain, self.env.docname)
            term = self._link(domain, docname, record.node_id, record.title)
            items.append(_item(term, *body))
        return items

    def _link(
        self, domain: TitledDomain, docname: str, node_id: str, text: list[nodes.Node]
    ) -> nodes.Element:
        copies = [node.deepcopy() for node in text]
        return domain.reference(docname, node_id, copies, self.env.docname)


def _item(term: nodes.Element, *definition: nodes.Node) -> nodes.definition_list_item:
    definition_ = nodes.definition("", *definition)
    return nodes.definition_list_item("", nodes.term("", "", term), definition_)
