"""The directive of a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from sphinx_marginalia.core.citations import bibliography, cite
from sphinx_marginalia.core.diagnostics import Problem, warn
from sphinx_marginalia.core.nodes import find, note_use
from sphinx_marginalia.ledger.checks import day, faults
from sphinx_marginalia.ledger.nodes import FACT, claim, claim_facts
from sphinx_marginalia.ledger.options import TODAY
from sphinx_marginalia.ledger.problems import LedgerProblem
from sphinx_marginalia.ledger.vocabulary import CHOICES, OPTIONS, hint, names
from sphinx_marginalia.ledger.words import WORDS, fact

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec

#: What each id begins with, so that it is not that of a heading.
PREFIX = "claim-"


class AnyOption(dict[str, Any]):
    """An option spec that takes every name: a wrong one is reported with the right one.

    Left to docutils, an error would stand in the place of the whole claim.
    """

    def __missing__(self, name: str) -> Any:
        return directives.unchanged


class LedgerDirective(SphinxDirective):
    """A directive that tells which option was meant, at the line of that option."""

    option_spec: ClassVar[OptionSpec] = AnyOption({"class": directives.class_option})
    #: The options there are.
    options_known: ClassVar[tuple[str, ...]] = OPTIONS

    def check_options(self) -> None:
        """Report options that do not exist."""
        for name in self.options:
            if name not in self.options_known:
                message = f"unknown option {name!r}; {hint(name, self.options_known)}"
                self.report(LedgerProblem.CLAIM_OPTION, message.removesuffix("; "), name)

    def chosen(self, option: str, written: str) -> str:
        """Return what is written if it can be chosen, else nothing."""
        if not written or written in CHOICES[option]:
            return written
        message = f"unknown {option} {written!r}; {hint(written, CHOICES[option])}"
        self.report(LedgerProblem.CLAIM_OPTION, message, option)
        return ""

    def keys(self, option: str) -> list[str]:
        """Return the citation keys in an option."""
        keys = names(self.options.get(option, ""))
        works = bibliography(self.env)
        for key in keys if works else ():
            if works and key not in works.keys:
                message = f"no work has the key {key!r}; {hint(key, works.keys)}"
                self.report(LedgerProblem.CLAIM_UNKNOWN_WORK, message.removesuffix("; "), option)
        return keys

    def report(self, problem: Problem, message: str, option: str = "") -> None:
        """Warn at the line of an option, or of the directive."""
        warn(problem, message, location=(self.env.current_document.docname, self.line_of(option)))

    def line_of(self, option: str) -> int:
        """Return the line that *option* is written in; where it is not, that of the directive."""
        for number, line in enumerate(self.block_text.splitlines()):
            if option and line.strip().removeprefix(":").startswith(f"{option}:"):
                return self.lineno + number
        return self.lineno


class ClaimDirective(LedgerDirective):
    """A sentence with what speaks for it and against it."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the claim."""
        self.check_options()
        note_use(self.env, claim)
        block = claim(self.block_text, classes=["marginalia-claim", *self.options.get("class", [])])
        self.set_source_info(block)
        block += self.parse_content_to_nodes()
        for option in CHOICES:
            block[option] = self.chosen(option, self.options.get(option, "").strip())
        for option in ("evidence", "against"):
            block[option] = self.keys(option)
        keys = [*block["evidence"], *block["against"]]
        works = bibliography(self.env)
        block["unknown"] = [key for key in keys if not works or key not in works.keys]
        block["reviewed"] = self._reviewed(block)
        self._name(block)
        self._check(block)
        block += self._facts(block)
        return [block]

    def _reviewed(self, block: nodes.Element) -> str:
        """Return the date of the review, after a look at what belongs together."""
        reviewed = str(self.options.get("reviewed", "")).strip()
        today = TODAY.value(self.config)
        for fault in faults(block["verdict"], block["evidence"], block["against"], reviewed, today):
            self.report(*fault)
        return reviewed if day(reviewed) else ""

    def _name(self, block: nodes.Element) -> None:
        """Give the claim its id and the label that other projects know it by."""
        written = self.arguments[0] if self.arguments else ""
        block["claim"] = name = nodes.make_id(written)
        if name != written:
            message = f"the id {written!r} is {name!r} in addresses: write that, in lower-case "
            message += "letters, digits and hyphens, a letter first"
            self.report(LedgerProblem.CLAIM_OPTION, message)
        document = self.state.document
        if name and PREFIX + name not in document.ids:
            block["names"].append(PREFIX + name)
            document.note_explicit_target(block, block)
        else:
            document.set_id(block)

    def _check(self, block: nodes.Element) -> None:
        lacking = [f":{option}:" for option in ("kind", "verdict") if option not in self.options]
        if not block["claim"]:
            lacking.insert(0, "an id behind the name of the directive")
        if not self.content:
            lacking.append("a sentence")
        if lacking:
            message = f"the claim is not complete: write {', '.join(lacking)}"
            self.report(LedgerProblem.CLAIM_INCOMPLETE, message)

    def _facts(self, block: nodes.Element) -> claim_facts:
        """Return the list of what is known of the claim."""
        facts = claim_facts(classes=["marginalia-facts"])
        for option, words in WORDS.items():
            if block[option]:
                facts += _fact(option, [nodes.Text(words(block[option]))])
        if block["reviewed"]:
            facts += _fact("reviewed", [nodes.Text(block["reviewed"])])
        for option in ("evidence", "against"):
            if block[option]:
                line = self.line_of(option)
                facts += _fact(option, cite(self, block[option], line))
        if text := self.options.get("would-change", "").strip():
            children, messages = self.parse_inline(text, lineno=self.line_of("would-change"))
            field = _fact("would-change", [*children, *messages])
            for paragraph in find(field, nodes.paragraph):
                self.set_source_info(paragraph)
                paragraph.rawsource = text
            facts += field
        return facts


def _fact(option: str, children: list[nodes.Node]) -> nodes.field:
    name = nodes.field_name("", fact(option), translatable=False)
    body = nodes.field_body("", nodes.paragraph("", "", *children))
    return nodes.field("", name, body, classes=[f"{FACT}-{option}"])
