"""The claims of a project, by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.domains import ObjType
from sphinx.locale import _
from sphinx.util.nodes import make_refnode

from sphinx_marginalia.core.digests import fingerprint
from sphinx_marginalia.core.records import RecordsDomain
from sphinx_marginalia.core.tree import HIDING, ancestors, find, is_present
from sphinx_marginalia.core.warnings import Problem, warn
from sphinx_marginalia.ledger import works
from sphinx_marginalia.ledger.claims import Claim, Known, record, titled
from sphinx_marginalia.ledger.nodes import claim, claim_table
from sphinx_marginalia.ledger.role import ClaimRole
from sphinx_marginalia.ledger.vocabulary import in_words
from sphinx_marginalia.ledger.words import verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from sphinx import addnodes
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class ClaimDomain(RecordsDomain[Claim]):
    """Claims: where each is, what refers to it, what lists it."""

    name = "claim"
    label = "claims"
    object_types: ClassVar[dict[str, ObjType]] = {"claim": ObjType(_("claim"), "claim")}
    roles: ClassVar[dict[str, Any]] = {"claim": ClaimRole()}
    initial_data: ClassVar[dict[str, Any]] = {
        **RecordsDomain.initial_data,
        # What every build asks of the claims of each document, so that it need not unseal them.
        "known": {},
        # The ids of claims that each document refers to.
        "asked": {},
        # What each document shows of others, as a fingerprint.
        "shown": {},
    }

    # --- what a document holds ---

    def note_reference(self, target: str) -> None:
        """Note that the document that is being read refers to a claim."""
        asked = self.data["asked"].setdefault(self.env.current_document.docname, [])
        if target not in asked:
            asked.append(target)

    def collect(self, document: nodes.document) -> list[Claim]:
        """Return the claims of *document*."""
        if not is_present(self.env, claim):
            return []
        return [
            record(block)
            for block in find(document, claim)
            if block["claim"] and not any(around.tagname in HIDING for around in ancestors(block))
        ]

    def note_doc(self, docname: str, document: nodes.document) -> None:
        """Note the claims of *document*, and what every build asks of them."""
        super().note_doc(docname, document)
        if docname in self.records:
            self.data["known"][docname] = [
                Known(one.name, one.node_id, one.line, one.verdict, one.keys, one.unknown)
                for one in self.records[docname]
            ]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows claims of others."""
        return is_present(self.env, claim_table)

    def held(self, docname: str) -> object:
        """Return the claims of a document, and those it refers to."""
        return super().held(docname), self.data["asked"].get(docname)

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* held."""
        super().clear_doc(docname)
        self.data["known"].pop(docname, None)
        self.data["asked"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read in *docnames*."""
        super().merge_domaindata(docnames, otherdata)
        for noted in ("known", "asked"):
            for docname in docnames & set(otherdata[noted]):
                self.data[noted][docname] = otherdata[noted][docname]

    # --- where claims are ---

    @property
    def places(self) -> dict[str, tuple[str, Known]]:
        """The document of each claim, and what is known of it, by its id, in reading order."""
        return self.worked_out("places", self._places)

    def _places(self) -> dict[str, tuple[str, Known]]:
        places: dict[str, tuple[str, Known]] = {}
        for docname, known in self.known():
            places.setdefault(known.name, (docname, known))
        return places

    def known(self) -> Iterator[tuple[str, Known]]:
        """Yield the document of each claim and what is known of it, in reading order."""
        for docname in self.documents():
            for known in self.data["known"].get(docname, ()):
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
        unread = not works.is_read(self.env)
        for docname, found in self.known():
            first, other = self.places[found.name]
            place = f"{self.env.doc2path(docname)}:{found.line}"
            if (first, other.node_id) != (docname, found.node_id):
                where = f"{self.env.doc2path(first, base=False)}:{other.line}"
                message = f"the claim {found.name!r} is in {where} too; give one another id"
                warn(Problem.CLAIM_DUPLICATE, message, location=place)
            if unread and found.keys:
                unread = False
                message = f"the keys {', '.join(found.keys)} are shown as they are: add "
                message += "sphinxcontrib.bibtex to extensions in conf.py"
                warn(Problem.CLAIM_WORKS_UNREAD, message, location=place)

    def made_of(self) -> object:
        """Return the state of the works that tables show: of their files, labels and entries."""
        shown = [told[:3] for told in works.as_shown(self.env)] if self.data["lists"] else []
        return works.files(self.env), fingerprint(shown)

    def outdated_lists(self, builder: str) -> list[str]:
        """Return the documents that show something of others which has changed."""
        shown = dict.fromkeys(self.data["lists"], self._everything())
        for docname, asked in self.data["asked"].items():
            found = [self.claim(name) for name in asked if name in self.places]
            said = [(where, one.node_id, one.verdict, one.text) for where, one in found]
            shown[docname] = fingerprint([*said, shown.get(docname)])
        before = self.data["shown"].get(builder, {})
        self.data["shown"][builder] = shown
        return sorted(docname for docname in shown if before.get(docname) != shown[docname])

    def _everything(self) -> str:
        """Return all that a table can show, as a fingerprint."""
        if not self.data["lists"]:
            return ""
        claims = [
            (docname, found._replace(body=[], line=0)) for docname, found in self.in_reading_order()
        ]
        return fingerprint([*claims, *works.as_shown(self.env)])

    def reread(self) -> Iterator[str]:
        """Yield the documents whose claims name works that are known now and were not, or were."""
        if works.is_read(self.env):
            for docname, claims in self.data["known"].items():
                keys = {key for known in claims for key in known.keys}
                unknown = {key for key in keys if not works.is_known(self.env, key)}
                if unknown != {key for known in claims for key in known.unknown}:
                    yield docname
