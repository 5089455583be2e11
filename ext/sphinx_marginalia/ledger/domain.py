"""The claims of a project, by their ids."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from docutils import nodes
from sphinx.domains import ObjType
from sphinx.locale import _
from sphinx.util.nodes import make_refnode

from sphinx_marginalia.core.excerpt import excerpt, words
from sphinx_marginalia.core.records import RecordsDomain
from sphinx_marginalia.core.tree import HIDING, ancestors
from sphinx_marginalia.core.warnings import Problem, warn
from sphinx_marginalia.ledger import works
from sphinx_marginalia.ledger.directive import HAS_CLAIMS
from sphinx_marginalia.ledger.lists import HAS_TABLES
from sphinx_marginalia.ledger.nodes import claim, statement_of, would_change_of
from sphinx_marginalia.ledger.role import ClaimRole
from sphinx_marginalia.ledger.vocabulary import in_words
from sphinx_marginalia.ledger.words import verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from sphinx import addnodes
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class Claim(NamedTuple):
    """A claim, with what is known of it."""

    #: The id, as an author writes it.
    name: str
    #: The id of its block in the document.
    node_id: str
    line: int
    kind: str
    verdict: str
    scale: str
    #: The date of the last review, as 2026-11-23, or nothing.
    reviewed: str
    #: Citation keys.
    evidence: tuple[str, ...]
    against: tuple[str, ...]
    #: Those of them that were in no file of works when the document was read.
    unknown: tuple[str, ...]
    #: What it says, and what would change its verdict, as plain text.
    text: str
    would_change: str
    #: What it says, without notes.
    body: list[nodes.Node]
    #: Differs where the body does.
    digest: str

    @property
    def keys(self) -> tuple[str, ...]:
        """All works that it names."""
        return (*self.evidence, *self.against)

    @property
    def title(self) -> str:
        """A name to read, with the verdict."""
        return titled(self.name, self.verdict)


def titled(name: str, verdict_: str) -> str:
    """Return the id of a claim as it is read, with the verdict behind it."""
    return f"{in_words(name)} ({verdict(verdict_)})" if verdict_ else in_words(name)


class ClaimDomain(RecordsDomain[Claim]):
    """Claims: where each is, what refers to it, what lists it."""

    name = "claim"
    label = "claims"
    object_types: ClassVar[dict[str, ObjType]] = {"claim": ObjType(_("claim"), "claim")}
    roles: ClassVar[dict[str, Any]] = {"claim": ClaimRole()}
    initial_data: ClassVar[dict[str, Any]] = {
        **RecordsDomain.initial_data,
        # The ids of claims that each document refers to.
        "asked": {},
        # Worked out when all documents are read: where each claim is.
        "places": {},
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
        if not self.env.current_document.get(HAS_CLAIMS):
            return []
        return [
            record(block)
            for block in document.findall(claim)
            if block["claim"] and not any(around.tagname in HIDING for around in ancestors(block))
        ]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows claims of others."""
        return bool(self.env.current_document.get(HAS_TABLES))

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* held."""
        super().clear_doc(docname)
        self.data["asked"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read in *docnames*."""
        super().merge_domaindata(docnames, otherdata)
        for docname in docnames & set(otherdata["asked"]):
            self.data["asked"][docname] = otherdata["asked"][docname]

    # --- where claims are ---

    @property
    def places(self) -> dict[str, tuple[str, Claim]]:
        """The document of each claim, and the claim, by its id, in reading order."""
        return cast("dict[str, tuple[str, Claim]]", self.data["places"])

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
        docname, found = self.places[target]
        shown = contnode.deepcopy() if node["refexplicit"] else contnode.copy()
        if not node["refexplicit"]:
            shown += nodes.Text(in_words(target))
        if found.verdict:
            shown += nodes.Text(f" ({verdict(found.verdict)})")
        return make_refnode(builder, fromdocname, docname, found.node_id, shown, found.text)

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield the claims for ``objects.inv`` and for the search of the site."""
        for name, (docname, found) in self.places.items():
            yield name, found.title, "claim", docname, found.node_id, 1

    # --- what is wrong, and what has to be written again ---

    def check_consistency(self) -> None:
        """Report ids that two claims have, and works that nothing reads."""
        unread = not works.is_read(self.env)
        for docname, found in self.in_reading_order():
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
        """Return the state of the files with the works that tables show."""
        return works.files(self.env)

    def outdated_lists(self, builder: str) -> list[str]:
        """Return the documents that show something of others which has changed."""
        places: dict[str, tuple[str, Claim]] = {}
        self.data["places"] = places
        for docname, found in self.in_reading_order():
            places.setdefault(found.name, (docname, found))
        shown = dict.fromkeys(self.data["lists"], self._everything())
        for docname, asked in self.data["asked"].items():
            found_ = [places[name] for name in asked if name in places]
            said = [(where, one.node_id, one.verdict, one.text) for where, one in found_]
            shown[docname] = _fingerprint([*said, shown.get(docname)])
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
        return _fingerprint([*claims, *works.as_shown(self.env)])

    def reread(self) -> Iterator[str]:
        """Yield the documents whose claims name works that are known now and were not, or were."""
        if works.is_read(self.env):
            for docname, records in self.data["records"].items():
                keys = {key for found in records for key in found.keys}
                unknown = {key for key in keys if not works.is_known(self.env, key)}
                if unknown != {key for found in records for key in found.unknown}:
                    yield docname


def record(block: claim) -> Claim:
    """Return what is known of the claim in *block*."""
    body = excerpt(statement_of(block))
    return Claim(
        name=block["claim"],
        node_id=block["ids"][0],
        line=block.line or 0,
        kind=block["kind"],
        verdict=block["verdict"],
        scale=block["scale"],
        reviewed=block["reviewed"],
        evidence=tuple(block["evidence"]),
        against=tuple(block["against"]),
        unknown=tuple(block["unknown"]),
        text=words(body),
        would_change=words(excerpt(would_change_of(block))),
        body=body,
        digest=_fingerprint(node.pformat() for node in body),
    )


def _fingerprint(shown: Iterable[object]) -> str:
    return sha256("\n".join(map(repr, shown)).encode()).hexdigest()


def claim_title(block: nodes.Node) -> str:
    """Return what a label of a claim is shown as."""
    assert isinstance(block, nodes.Element)
    return titled(block["claim"], block["verdict"])
