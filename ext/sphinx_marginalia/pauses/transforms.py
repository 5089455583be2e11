"""Names of pauses, and the lists over the whole book."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.diagnostics import CoreProblem, warn
from sphinx_marginalia.core.excerpt import relocated
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import find, is_used
from sphinx_marginalia.pauses.domain import KeyIdeaDomain, PauseDomain
from sphinx_marginalia.pauses.nodes import (
    discussion,
    key_idea,
    key_idea_list,
    pause_and_think,
    pause_list,
    said_before,
    title_of,
)
from sphinx_marginalia.pauses.problems import PauseProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.core.index import IndexDomain
    from sphinx_marginalia.pauses.domain import TitledRecord


class NamePauses(SphinxTransform):
    """Say before a title what the block is, and give each block an id that lists can link to."""

    # Behind the translation of the document (20), which replaces all that is in a title.
    default_priority = 30

    def apply(self, **kwargs: Any) -> None:
        """Name every pause and key idea; report discussions that belong to none."""
        kinds = (pause_and_think, key_idea, discussion)
        if not any(is_used(self.env, kind) for kind in kinds):
            return
        words = {pause_and_think: _("Pause and think:"), key_idea: _("Key idea:")}
        for kind, name in words.items():
            for n, block in enumerate(find(self.document, kind), start=1):
                title = title_of(block)
                title.insert(
                    0,
                    said_before(
                        f"{name} " if title.children else name.rstrip(": \N{NO-BREAK SPACE}")
                    ),
                )
                if not block["ids"]:
                    self._name(block, kind.__name__, n)
        for stray in find(self.document, discussion):
            if not isinstance(stray.parent, pause_and_think):
                message = "the discussion is in no pause-and-think block"
                warn(PauseProblem.STRAY_DISCUSSION, message, location=stray)

    def _name(self, block: nodes.Element, kind: str, n: int) -> None:
        # With the name of the document, because singlehtml puts all documents into one page.
        id_ = nodes.make_id(f"{kind}-{self.env.docname}-{n}")
        if id_ in self.document.ids:
            self.document.set_id(block)
        else:
            block["ids"] = [id_]
            self.document.ids[id_] = block


class FillLists(SphinxPostTransform):
    """Fill the lists of questions and of key ideas."""

    # Before references are resolved (10): definitions hold some.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Fill each list of this document from its domain."""
        if self._may_show(PauseDomain.name):
            for questions in find(self.document, pause_list):
                self._replace(questions, self._questions(questions["exclude"]))
        if self._may_show(KeyIdeaDomain.name):
            for ideas in find(self.document, key_idea_list):
                self._replace(ideas, self._ideas(ideas["exclude"]))

    def _may_show(self, name: str) -> bool:
        domain = cast("IndexDomain[TitledRecord]", self.env.domains[name])
        return domain.may_show(self.env.current_document.docname)

    def _replace(self, place: nodes.Element, items: list[nodes.Element]) -> None:
        name = nodes.make_id(place.tagname)
        if items:
            filled = nodes.definition_list("", *items, classes=[f"marginalia-{name}"])
            place.parent.replace(place, filled)
        else:
            message = f"the {name} is empty: there is nothing, or `exclude` leaves all of it out"
            warn(CoreProblem.EMPTY_LIST, message, location=place)
            place.parent.remove(place)

    def _questions(self, exclude: list[str]) -> list[nodes.Element]:
        """Return the titles of the documents, each with its questions."""
        by_document: dict[str, nodes.bullet_list] = {}
        for docname, record in self._listed(PauseDomain.name, exclude):
            questions = by_document.setdefault(docname, nodes.bullet_list())
            link = self._link(docname, record.node_id, record.title)
            questions += nodes.list_item("", nodes.paragraph("", "", link))
        return [
            nodes.definition_list_item(
                "",
                nodes.term("", "", self._link(docname, "", self._title(docname))),
                nodes.definition("", questions),
            )
            for docname, questions in by_document.items()
        ]

    def _ideas(self, exclude: list[str]) -> list[nodes.Element]:
        """Return the terms, each with its definition."""
        items: list[nodes.Element] = []
        for docname, record in self._listed(KeyIdeaDomain.name, exclude):
            domain = cast("KeyIdeaDomain", self.env.domains[KeyIdeaDomain.name])
            body = relocated(record.body, docname, domain, self.env.docname)
            term = nodes.term("", "", self._link(docname, record.node_id, record.title))
            items.append(nodes.definition_list_item("", term, nodes.definition("", *body)))
        return items

    def _listed(self, name: str, exclude: list[str]) -> Iterator[tuple[str, TitledRecord]]:
        """Yield the records of the domain *name* but for documents that match a pattern."""
        domain = cast("IndexDomain[TitledRecord]", self.env.domains[name])
        for docname, record in domain.in_reading_order():
            if not any(fnmatchcase(docname, pattern) for pattern in exclude):
                yield docname, record

    def _title(self, docname: str) -> list[nodes.Node]:
        return list(self.env.titles[docname].children)

    def _link(self, docname: str, node_id: str, text: list[nodes.Node]) -> nodes.Element:
        """Return *text* as a reference to an id.

        Either domain of this feature would do: they resolve by document and id.
        """
        domain = cast("PauseDomain", self.env.domains[PauseDomain.name])
        copies = [node.deepcopy() for node in text]
        return domain.reference(docname, node_id, copies, self.env.docname)
