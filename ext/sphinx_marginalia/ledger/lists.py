"""The directives that show claims of the whole book."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes

from sphinx_marginalia.core.nodes import note_use
from sphinx_marginalia.ledger.directive import LedgerDirective
from sphinx_marginalia.ledger.nodes import claim_matrix, claim_table
from sphinx_marginalia.ledger.problems import LedgerProblem
from sphinx_marginalia.ledger.selection import ROWS, SORTS
from sphinx_marginalia.ledger.vocabulary import CHOICES, hint, names


class ClaimTableDirective(LedgerDirective):
    """A table of the claims of the book, or of some of them; the argument is its caption."""

    optional_arguments = 1
    final_argument_whitespace = True
    options_known: ClassVar[tuple[str, ...]] = (*CHOICES, "cites", "sort", "name", "class")
    node_class: ClassVar[type[nodes.table]] = claim_table
    #: What can be written behind an option of its own; the first is meant where it is not there.
    own: ClassVar[tuple[str, tuple[str, ...]]] = ("sort", SORTS)

    def run(self) -> list[nodes.Node]:
        """Return the place for the table, which is filled when all documents are read."""
        self.check_options()
        note_use(self.env, claim_table)
        place = self.node_class(self.block_text, classes=self.options.get("class", []))
        self.set_source_info(place)
        for option in CHOICES:
            written = names(self.options.get(option, ""))
            place[option] = [name for name in written if self.chosen(option, name)]
        place["cites"] = self.keys("cites")
        option, choices = self.own
        place[option] = self._own(option, choices)
        if self.arguments:
            children, messages = self.parse_inline(self.arguments[0])
            title = nodes.title(self.arguments[0], "", *children, *messages)
            self.set_source_info(title)
            place += title
        self.add_name(place)
        return [place]

    def _own(self, option: str, choices: tuple[str, ...]) -> str:
        written = self.options.get(option, "").strip() or choices[0]
        if written in choices:
            return str(written)
        message = f"unknown {option} {written!r}; {hint(written, choices)}"
        self.report(LedgerProblem.CLAIM_OPTION, message, option)
        return choices[0]


class ClaimMatrixDirective(ClaimTableDirective):
    """How far up the scale claims reach: a row for each, or for each kind, a column for a scale."""

    options_known: ClassVar[tuple[str, ...]] = (*CHOICES, "cites", "rows", "name", "class")
    node_class = claim_matrix
    own = ("rows", ROWS)
