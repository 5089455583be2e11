"""The directives for claims: ``claim``, ``claim-table``, ``claim-matrix``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes

from sphinx_marginalia.core.citations import cite, unknown_works
from sphinx_marginalia.core.dates import is_day
from sphinx_marginalia.core.diagnostics import sentence, suggestion
from sphinx_marginalia.core.directives import Directive
from sphinx_marginalia.core.nodes import find, note_use
from sphinx_marginalia.ledger.nodes import (
    FACT,
    GROUNDS,
    REFUTED,
    SECTION_ROLE,
    claim,
    claim_facts,
    claim_matrix,
    claim_table,
    evidence_nodes,
)
from sphinx_marginalia.ledger.options import TODAY, LedgerProblem
from sphinx_marginalia.ledger.tables import ROWS, SORTS
from sphinx_marginalia.ledger.vocabulary import (
    CHOICES,
    CLAIM_OPTIONS,
    claim_diagnostics,
    fact_label,
    keys_in,
    signed_label,
    split_names,
    split_queries,
)

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec


#: The start of the id of each claim, so that it is not that of a heading.
PREFIX = "claim-"


def _options(*names: str) -> OptionSpec:
    return {**dict.fromkeys(names, directives.unchanged), "class": directives.class_option}


class LedgerDirective(Directive):
    """A directive with options whose values are words of a vocabulary."""

    def choice(self, option: str, word: str, choices: tuple[str, ...]) -> str:
        """Return *word* if it is one of *choices*, or else an empty text, with a warning."""
        if not word or word in choices:
            return word
        message = sentence(f"unknown {option} {word!r}", suggestion(word, choices))
        self.report(LedgerProblem.CLAIM_OPTION, message, option)
        return ""

    def keys(self, option: str) -> list[str]:
        """Return the citation keys in an option, and the labels of sections behind ``ref:``."""
        names = split_names(self.options.get(option, ""))
        for message in unknown_works(self.env, keys_in(names)):
            self.report(LedgerProblem.CLAIM_UNKNOWN_WORK, message, option)
        return names


class ClaimDirective(LedgerDirective):
    """A sentence with the evidence for and against it."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    known_options: ClassVar[OptionSpec] = _options(*CLAIM_OPTIONS)

    def make_nodes(self) -> list[nodes.Node]:
        note_use(self.env, claim)
        block = claim(self.block_text, classes=["marginalia-claim", *self.options.get("class", [])])
        self.set_source_info(block)
        block += self.parse_content_to_nodes()
        for option, choices in CHOICES.items():
            block[option] = self.choice(option, self.options.get(option, "").strip(), choices)
        for option in ("evidence", "against"):
            block[option] = self.keys(option)
        block["reviewed"] = self._check_facts(block)
        block["heading"] = " ".join(self.options.get("title", "").split())
        block["search"] = list(split_queries(self.options.get("search", "")))
        self._set_id(block)
        self._check_completeness(block)
        # What a reader has to know before the sentence, and what may be asked after it.
        block.insert(0, self._verdict(block))
        block += self._grounds(block)
        if block["verdict"] == "refuted":
            block["classes"].append(REFUTED)
        return [block]

    def _check_facts(self, block: nodes.Element) -> str:
        """Report facts that do not go together, and return the date of the review."""
        reviewed = str(self.options.get("reviewed", "")).strip()
        today = TODAY.value(self.config)
        facts = (block["verdict"], block["evidence"], block["against"], reviewed, today)
        for diagnostic in claim_diagnostics(*facts):
            self.report(diagnostic.problem, diagnostic.message, diagnostic.key)
        return reviewed if is_day(reviewed) else ""

    def _set_id(self, block: nodes.Element) -> None:
        """Give the claim its id, which is also a label for other projects."""
        argument = self.arguments[0] if self.arguments else ""
        block["claim"] = name = nodes.make_id(argument)
        if name != argument:
            message = f"the id {argument!r} is {name!r} in addresses: write that, in lower-case "
            message += "letters, digits and hyphens, a letter first"
            self.report(LedgerProblem.CLAIM_OPTION, message)
        document = self.state.document
        if name and PREFIX + name not in document.ids:
            block["names"].append(PREFIX + name)
            document.note_explicit_target(block, block)
        else:
            document.set_id(block)

    def _check_completeness(self, block: nodes.Element) -> None:
        written = {option for option, value in self.options.items() if value}
        missing = [f":{option}:" for option in ("kind", "verdict") if option not in written]
        if not block["claim"]:
            missing.insert(0, "an id behind the name of the directive")
        if not self.content:
            missing.append("a sentence")
        if missing:
            message = f"the claim is not complete: write {', '.join(missing)}"
            self.report(LedgerProblem.CLAIM_INCOMPLETE, message)

    def _verdict(self, block: nodes.Element) -> claim_facts:
        """Return the short facts about the claim as a list of fields."""
        facts = claim_facts(classes=["marginalia-claim-facts"])
        for option in ("verdict", "scale", "kind", "reviewed"):
            if block[option]:
                facts += _fact(option, [nodes.Text(signed_label(block[option]))])
        return facts

    def _grounds(self, block: nodes.Element) -> list[claim_facts]:
        """Return what speaks for and against the claim, and what would change the verdict."""
        grounds = claim_facts(classes=["marginalia-claim-facts", GROUNDS])
        for option in ("evidence", "against"):
            if block[option]:
                grounds += _fact(option, self._evidence(option, block[option]))
        if text := self.options.get("would-change", "").strip():
            children, messages = self.parse_inline(text, lineno=self.line_of("would-change"))
            field = _fact("would-change", [*children, *messages])
            for paragraph in find(field, nodes.paragraph):
                self.set_source_info(paragraph)
                paragraph.rawsource = text
            grounds += field
        return [grounds] if grounds.children else []

    def _evidence(self, option: str, names: list[str]) -> list[nodes.Node]:
        """Return the works and sections that an option names; those missing will be reported."""
        line = self.line_of(option)
        here = self.env.current_document.docname
        parts = evidence_nodes(names, partial(cite, self, line=line), here)
        for node in parts:
            if isinstance(node, addnodes.pending_xref) and node["reftype"] == SECTION_ROLE:
                node["refwarn"] = True
                node.source, node.line = self.get_source_info()[0], line
        return parts


def _fact(option: str, children: list[nodes.Node]) -> nodes.field:
    name = nodes.field_name("", fact_label(option), translatable=False)
    body = nodes.field_body("", nodes.paragraph("", "", *children))
    return nodes.field("", name, body, classes=[f"{FACT}-{option}"])


class ClaimTableDirective(LedgerDirective):
    """A table of the claims of the book, or of some of them; the argument is its caption."""

    optional_arguments = 1
    final_argument_whitespace = True
    known_options: ClassVar[OptionSpec] = {
        **_options(*CHOICES, "cites", "sort", "group", "name"),
        "appendix": directives.flag,
    }
    node_class: ClassVar[type[nodes.table]] = claim_table
    #: The option of this table alone, and its choices; the first is the default.
    own_option: ClassVar[tuple[str, tuple[str, ...]]] = ("sort", SORTS)

    def make_nodes(self) -> list[nodes.Node]:
        note_use(self.env, claim_table)
        table = self.node_class(self.block_text, classes=self.options.get("class", []))
        self.set_source_info(table)
        for option, choices in CHOICES.items():
            words = split_names(self.options.get(option, ""))
            table[option] = [word for word in words if self.choice(option, word, choices)]
        table["cites"] = self.keys("cites")
        option, choices = self.own_option
        word = self.options.get(option, "").strip()
        table[option] = self.choice(option, word, choices) or choices[0]
        if self.arguments:
            children, messages = self.parse_inline(self.arguments[0])
            title = nodes.title(self.arguments[0], "", *children, *messages)
            self.set_source_info(title)
            table += title
        table["appendix"] = "appendix" in self.options
        table["group"] = self.choice("group", self.options.get("group", "").strip(), (*CHOICES,))
        self.add_name(table)
        return [table]


class ClaimMatrixDirective(ClaimTableDirective):
    """How far up the scale claims reach: a row for each claim or kind, a column for each scale."""

    known_options: ClassVar[OptionSpec] = _options(*CHOICES, "cites", "rows", "name")
    node_class = claim_matrix
    own_option = ("rows", ROWS)
