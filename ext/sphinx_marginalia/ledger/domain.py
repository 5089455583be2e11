"""The claims of a project, by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.domains import ObjType
from sphinx.locale import _
from sphinx.util.nodes import make_refnode

from sphinx_marginalia.core.citations import REMEDY, bibliography
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import IndexDomain
from sphinx_marginalia.core.nodes import HIDING, ancestors, find, is_used
from sphinx_marginalia.ledger.claims import Claim, Summary, record, summary, titled
from sphinx_marginalia.ledger.nodes import claim, claim_table
from sphinx_marginalia.ledger.problems import LedgerProblem
from sphinx_marginalia.ledger.role import ClaimRole
from sphinx_marginalia.ledger.vocabulary import in_words
from sphinx_marginalia.ledger.words import verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx import addnodes
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class ClaimDomain(IndexDomain[Claim]):
    """Claims: where each is, what refers to it, what lists it."""

    name = "claim"
    label = "claims"
    object_types: ClassVar[dict[str, ObjType]] = {"claim": ObjType(_("claim"), "claim")}
    roles: ClassVar[dict[str, Any]] = {"claim": ClaimRole()}
    initial_data: ClassVar[dict[str, Any]] = {
        **IndexDomain.initial_data,
        # A summary of each claim, with which most builds need no claim itself.
        "summaries": {},
        # The ids of the claims that each document refers to.
        "references": {},
    }

    # --- what a document holds ---

    def note_reference(self, target: str) -> None:
        """Note that the document that is being read refers to a claim."""
        asked = self.data["references"].setdefault(self.env.current_document.docname, [])
        if target not in asked:
            asked.append(target)

    def collect(self, document: nodes.document) -> list[Claim]:
        """Return the claims of *document*."""
        if not is_used(self.env, claim):
            return []
        return [
            record(block)
            for block in find(document, claim)
            if block["claim"] and not any(around.tagname in HIDING for around in ancestors(block))
        ]

    def note(self, docname: str, document: nodes.document) -> None:
        """Record the claims of *document*, and what every build asks of them."""
        super().note(docname, document)
        if docname in self.records:
            self.data["summaries"][docname] = [summary(one) for one in self.records[docname]]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows claims of others."""
        return is_used(self.env, claim_table)

    # --- where claims are ---

    @property
    def places(self) -> dict[str, tuple[str, Summary]]:
        """The document of each claim, and what is known of it, by its id, in reading order."""
        return self.cached("places", self._places)

    def _places(self) -> dict[str, tuple[str, Summary]]:
        places: dict[str, tuple[str, Summary]] = {}
        for docname, known in self.known():
            places.setdefault(known.name, (docname, known))
        return places

    def known(self) -> Iterator[tuple[str, Summary]]:
        """Yield the document of each claim and what is known of it, in reading order."""
        for docname in self.documents():
            for known in self.data["summaries"].get(docname, ()):
                yield docname, known

    def claim(self, name: str) -> tuple[str, Claim]:
        """Return a claim, and the document it is in.

        :raises KeyError: there is none with that id
        """
        docname, _known = self.places[name]
        return docname, next(found for found in self.records[docname] if found.name == name)

    @property
    def claims(self) -> list[tuple[str, Claim]]:
        """All claims in reading order, each id once, with their documents."""
        return [self.claim(name) for name in self.places]

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Return a link to a claim, with its verdict."""
        if typ != "claim":
            return super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
        if target not in self.places:
            return None
        docname, found = self.claim(target)
        shown = contnode.deepcopy() if node["refexplicit"] else contnode.copy()
        if not node["refexplicit"]:
            shown += nodes.Text(in_words(target))
        if found.verdict:
            shown += nodes.Text(f" ({verdict(found.verdict)})")
        return make_refnode(builder, fromdocname, docname, found.node_id, shown, found.text)

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield the claims for ``objects.inv`` and for the search of the site."""
        for name, (docname, known) in self.places.items():
            yield name, titled(name, known.verdict), "claim", docname, known.node_id, 1

    # --- what is wrong, and what has to be written again ---

    def check_consistency(self) -> None:
        """Report ids that two claims have, and works that nothing reads."""
        unread = bibliography(self.env) is None
        for docname, found in self.known():
            first, other = self.places[found.name]
            place = f"{self.env.doc2path(docname)}:{found.line}"
            if (first, other.node_id) != (docname, found.node_id):
                where = f"{self.env.doc2path(first, base=False)}:{other.line}"
                message = f"the claim {found.name!r} is in {where} too; give one another id"
                warn(LedgerProblem.CLAIM_DUPLICATE, message, location=place)
            if unread and found.keys:
                unread = False
                message = f"the keys {', '.join(found.keys)} are shown as they are: {REMEDY}"
                warn(LedgerProblem.CLAIM_WORKS_UNREAD, message, location=place)

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what tables show of all claims, and references of one claim."""
        works = bibliography(self.env)
        cited = sorted(works.fingerprints().items()) if works and self.data["lists"] else ()
        shows: dict[str, object] = {
            docname: (value, cited) for docname, value in super().shows(builder).items()
        }
        for docname, targets in self.data["references"].items():
            places = [self.places[name] for name in targets if name in self.places]
            values = [(where, one.shown) for where, one in places]
            shows[docname] = (values, shows.get(docname))
        return shows

    def reread(self) -> Iterator[str]:
        """Yield the documents whose claims name works that are known now and were not, or were."""
        works = bibliography(self.env)
        if works is not None:
            for docname, claims in self.data["summaries"].items():
                keys = {key for known in claims for key in known.keys}
                unknown = {key for key in keys if key not in works.keys}
                if unknown != {key for known in claims for key in known.unknown}:
                    yield docname
