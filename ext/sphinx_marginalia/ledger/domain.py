"""The claims of a project, and the role that refers to them."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx.domains import ObjType
from sphinx.errors import NoUri
from sphinx.roles import XRefRole

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import link_to
from sphinx_marginalia.core.citations import REMEDY, bibliography
from sphinx_marginalia.core.diagnostics import did_you_mean, sentence, suggestion, warn
from sphinx_marginalia.core.index import IndexDomain, Place, digest, domain_of
from sphinx_marginalia.core.nodes import HIDING, ancestors, find, hold, is_used
from sphinx_marginalia.ledger.nodes import (
    SECTION_ROLE,
    Claim,
    claim,
    claim_table,
    record_claim,
    selected,
)
from sphinx_marginalia.ledger.options import REVIEWS, LedgerProblem
from sphinx_marginalia.ledger.review_log import log_diagnostics, read_log, unlogged
from sphinx_marginalia.ledger.vocabulary import (
    CHOICES,
    choice_label,
    readable,
    signed_label,
    titled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.domains import Domain
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.ledger.review_log import Review, ReviewLog


#: What stands for the verdict in the words of a reference, as ``{number}`` does in ``numref``.
VERDICT = "{verdict}"


class ClaimRole(XRefRole):
    """A reference to a claim: its id, or other words and the id in angle brackets.

    The verdict is added, or is where the words have ``{verdict}``, so the text is made when the
    page is written.
    """

    def __init__(self) -> None:
        super().__init__(innernodeclass=nodes.inline, warn_dangling=True)

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the reference; the role means the same without the name of the domain."""
        self.name = "claim:claim"
        return super().run()

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: nodes.Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Record the reference: when the claim changes, the page is written again."""
        domain_of(env, ClaimDomain).record_reference(node["reftarget"])
        return [node], []


class ClaimDomain(IndexDomain[Claim]):
    """Claims: where each is, what refers to it, what lists it."""

    name = "claim"
    label = "claims"
    object_types: ClassVar[dict[str, ObjType]] = {"claim": ObjType(_("claim"), "claim")}
    roles: ClassVar[dict[str, Any]] = {"claim": ClaimRole()}
    #: Also the ids of the claims that each document refers to, and what its appendices select.
    initial_data: ClassVar[dict[str, Any]] = {
        **IndexDomain.initial_data,
        "references": {},
        "appendices": {},
    }
    data_version = IndexDomain.data_version + 6

    def record_reference(self, target: str) -> None:
        """Record that the document being read refers to a claim."""
        targets = self.data["references"].setdefault(self.env.current_document.docname, [])
        if target not in targets:
            targets.append(target)

    def note(self, docname: str, document: nodes.document) -> None:
        """Record also the tables that have the grounds of claims on paper, unless hidden there."""
        super().note(docname, document)
        for table in find(document, claim_table) if is_used(self.env, claim_table) else ():
            hiding = (*HIDING, "only")
            if table["appendix"] and not any(each.tagname in hiding for each in ancestors(table)):
                wanted = {name: table[name] for name in (*CHOICES, "cites")}
                self.data["appendices"].setdefault(docname, []).append(wanted)

    @cached_property
    def appendices(self) -> dict[str, str]:
        """The document with the grounds of a claim on paper, by the id of the claim."""
        return {
            claim.name: docname
            for docname, tables in sorted(self.data["appendices"].items(), reverse=True)
            for wanted in tables
            for _docname, claim in selected(self.visible.values(), wanted)
        }

    def collect(self, document: nodes.document) -> list[Claim]:
        return [
            record_claim(block)
            for block in (find(document, claim) if is_used(self.env, claim) else ())
            if block["claim"] and not any(around.tagname in HIDING for around in ancestors(block))
        ]

    def shows_list(self, document: nodes.document) -> bool:
        return is_used(self.env, claim_table)

    @cached_property
    def claims(self) -> dict[str, tuple[str, Claim]]:
        """The document and the record of each claim, by its id, in reading order."""
        claims: dict[str, tuple[str, Claim]] = {}
        for docname, one in self.in_reading_order():
            claims.setdefault(one.name, (docname, one))
        return claims

    @cached_property
    def visible(self) -> dict[str, tuple[str, Claim]]:
        """The claims without those that are for other builders or tags."""
        return {name: at for name, at in self.claims.items() if hold(at[1].only, self.tags)}

    @cached_property
    def log(self) -> ReviewLog | None:
        """The log of reviews, if the project has one."""
        name = REVIEWS.value(self.env.config)
        return read_log(Path(self.env.srcdir, name)) if name else None

    def history(self, name: str) -> list[Review]:
        """Return the reviews of a claim, the latest first."""
        return self.log.reviews.get(name, []) if self.log else []

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Return a link to a claim, with its verdict, or to a section that is evidence."""
        if typ == SECTION_ROLE:
            return self._resolve_section(builder, fromdocname, target)
        if typ != "claim":
            return super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
        if target not in self.claims:
            return None
        docname, one = self.claims[target]
        if VERDICT in contnode.astext():
            verdict = signed_label(one.verdict) or readable(target)
            words = contnode.astext().replace(VERDICT, verdict)
            content = contnode.copy()
            content += nodes.Text(words)
            return link_to(builder, fromdocname, docname, one.node_id, content, one.text)
        content = contnode.deepcopy() if node["refexplicit"] else contnode.copy()
        if not node["refexplicit"]:
            content += nodes.Text(readable(target))
        if one.verdict:
            content += nodes.Text(f" ({choice_label(one.verdict)})")
        return link_to(builder, fromdocname, docname, one.node_id, content, one.text)

    def _resolve_section(self, builder: Builder, here: str, label: str) -> nodes.reference | None:
        """Return a link with the title of a section; in a PDF without it, the title alone."""
        section = self.env.domains.standard_domain.labels.get(label)
        if section is None:
            return None
        docname, anchor, title = section
        words = nodes.inline("", title)
        try:
            return link_to(builder, here, docname, anchor, words)
        except NoUri:
            return cast("nodes.reference", words)

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield each claim for ``objects.inv``, and by its title for the search of the site.

        The search page expects the anchor of an object in its name or its type and name, but looks
        in the title: ``#claim-near stars (supported)``. So the name is left out of the search (by
        -1, as labels are), and the title is an object of its own.
        """
        for name, (docname, one) in self.visible.items():
            title = titled(name, one.title, one.verdict)
            if title != name:
                yield name, title, "claim", docname, one.node_id, -1
            yield title, title, "claim", docname, one.node_id, 1

    def places(self) -> Iterator[Place]:
        """Yield each claim with its verdict and what it says, for a search of the site."""
        for name, (docname, one) in self.visible.items():
            yield Place(
                docname, one.node_id, _("claim"), titled(name, one.title, one.verdict), one.text
            )

    def check_consistency(self) -> None:
        """Report ids that two claims have, and works that the project cannot cite."""
        unread = bibliography(self.env) is None
        for docname, one in self.in_reading_order():
            first, other = self.claims[one.name]
            location = f"{self.env.doc2path(docname)}:{one.line}"
            if other is not one:
                where = f"{self.env.doc2path(first, base=False)}:{other.line}"
                message = f"the claim {one.name!r} is in {where} too; give one another id"
                warn(LedgerProblem.CLAIM_DUPLICATE, message, location=location)
            if unread and one.keys:
                unread = False
                message = f"the keys {', '.join(one.keys)} are shown as they are: {REMEDY}"
                warn(LedgerProblem.CLAIM_WORKS_UNREAD, message, location=location)

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what tables show of all claims, references of one claim, claims of sections."""
        labels = self.env.domains.standard_domain.labels
        sections = {
            docname: found
            for docname, claims in self.records.items()
            if (found := [labels.get(label) for one in claims for label in one.labels])
        }
        reviews = self.log.reviews if self.log else {}
        of_tables = digest((sorted(sections.items()), sorted(reviews.items())))
        shows: defaultdict[str, list[object]] = defaultdict(list)
        for docname, claims in super().shows(builder).items():
            shows[docname] += [claims, of_tables]
        for docname, targets in self.data["references"].items():
            referred = [self.claims[name] for name in targets if name in self.claims]
            shows[docname] += [(at, one.node_id, one.verdict, one.text) for at, one in referred]
        for docname, titles in sections.items():
            shows[docname] += titles
        return dict(shows)


def report_log(app: Sphinx, env: BuildEnvironment) -> Iterator[str]:
    """Report what is wrong with the log of reviews. Called in each build: the log has no page."""
    domain = domain_of(env, ClaimDomain)
    name = REVIEWS.value(env.config)
    log = domain.log
    if log is not None:
        works = bibliography(env)
        verdicts = {claim: one.verdict for claim, (_docname, one) in domain.claims.items()}
        for each in log_diagnostics(log, verdicts, None if works is None else works.keys):
            warn(each.problem, each.message, location=f"{Path(env.srcdir, name)}:{each.line}")
        for docname, one in domain.claims.values():
            if message := unlogged(log, one.name, one.reviewed, name):
                location = f"{env.doc2path(docname)}:{one.line}"
                warn(LedgerProblem.CLAIM_UNLOGGED, message, location=location)
    return iter(())


def report_unknown(app: Sphinx, domain: Domain | None, node: pending_xref) -> bool | None:
    """Report a reference to a claim or to evidence that does not exist, in place of Sphinx."""
    if not isinstance(domain, ClaimDomain):
        return None
    target = node["reftarget"]
    if node["reftype"] == SECTION_ROLE:
        hint = did_you_mean(target, app.env.domains.standard_domain.labels)
        message = sentence(f"there is no section with the label {target!r}", hint)
        warn(LedgerProblem.CLAIM_UNKNOWN_SECTION, message, location=node)
        return True
    message = sentence(f"there is no claim {target!r}", suggestion(target, domain.claims))
    warn(LedgerProblem.CLAIM_UNKNOWN, message, location=node)
    return True


def claim_title(block: nodes.Node) -> str:
    """Return the text of a reference to the label of a claim."""
    assert isinstance(block, nodes.Element)
    return titled(block["claim"], block["heading"], block["verdict"])
