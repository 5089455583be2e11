"""References by id, as books have them: to a figure, table, formula, theorem or section.

An id names one thing of the whole book, so references are resolved when all articles are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from marginalia_import import addresses, myst
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from marginalia_import.report import Report
    from marginalia_import.site import Article, Site


class LabeledHeading(Protocol):
    """A heading that has its label."""

    label: str
    article: Article


class LinkTable(Protocol):
    """What references lead to: see :class:`marginalia_import.links.Links`."""

    labels: dict[str, Label]
    site: Site

    def heading(self, article: Article, anchor: str) -> LabeledHeading | None:
        """Return the heading with an anchor."""


class LabelingPage(Protocol):
    """The article that contains a thing with an id."""

    @property
    def links(self) -> LinkTable:
        """The links of all articles."""

    def report(self, kind: Kind, message: str, line: int = 0) -> None:
        """Add an entry to the report."""


#: The kinds of things that Sphinx numbers: a reference shows ``Fig. 1``.
NUMBERED = frozenset({"figure", "table", "code"})
#: The names of theorems by the first part of their ids, as Quarto and bookdown have them.
THEOREMS = {
    "thm": "Theorem", "lem": "Lemma", "cor": "Corollary", "prp": "Proposition", "exm": "Example",
    "cnj": "Conjecture", "def": "Definition", "exr": "Exercise", "hyp": "Hypothesis",
    "sol": "Solution", "rem": "Remark", "alg": "Algorithm",
}  # fmt: skip
#: What may precede the hyphen in the id of Quarto's ``@fig-map``.
QUARTO_KINDS = (*THEOREMS, *"fig tbl sec eq lst tip nte wrn imp cau".split())
REFERENCE_KEY = re.compile(rf"(?:{'|'.join(QUARTO_KINDS)})-[\w:.-]*\w")


class Label(NamedTuple):
    """What a reference leads to."""

    #: ``figure``, ``table``, ``code``, ``equation`` or ``block``.
    kind: str
    #: Its label in the new project.
    label: str
    #: How a reference names it if Sphinx does not number it.
    text: str = ""


@dataclass(frozen=True)
class Reference:
    """A reference to a thing by its id."""

    article: Article
    identifier: str
    #: As it was written.
    source: str
    line: int
    #: Whether it is the number alone, as in ``Figure \\@ref(fig:map)``.
    number_only: bool = False
    #: Whether one that leads to nothing stays as it is, because MyST may know better.
    keep_unknown: bool = False

    def resolve(self, links: LinkTable, report: Report) -> str:
        """Return the reference in MyST, or its source if there is no such thing."""
        label = links.labels.get(self.identifier)
        if label is None and self.keep_unknown:
            return self.source
        if label is None:
            if heading := links.heading(self.article, self.identifier):
                if heading.article.docname not in links.site.contents.facts.numbered:
                    return f"{{ref}}`{heading.label}`"
                number_only = self.number_only or self.source.startswith("\\")
                return _numbered(heading.label, number_only)
            message = f"{self.source} refers to nothing that was converted"
            report.add(Kind.UNRESOLVED_LINK, self.article.source, self.line, message)
            return myst.escape(self.source)
        if label.kind == "equation":
            return f"{{eq}}`{label.label}`"
        if label.kind in NUMBERED:
            return _numbered(label.label, self.number_only)
        text = label.text.rpartition(" ")[2] if self.number_only else label.text
        return f"{{ref}}`{text} <{label.label}>`"


def _numbered(label: str, number_only: bool) -> str:
    """Return a reference that shows ``Section 2`` or the like, or the number alone."""
    return f"{{numref}}`{f'{{number}} <{label}>' if number_only else label}`"


def define(page: LabelingPage, identifier: str, kind: str, text: str = "") -> str:
    """Return the label for a thing with an id; empty if it has none, or another thing has it."""
    labels = page.links.labels
    if not identifier or identifier in labels:
        if identifier:
            page.report(Kind.NAME, f"#{identifier} is the id of two things: left out")
        return ""
    used = {label.label for label in labels.values()}
    name = addresses.label_for(identifier) or "label"
    label = addresses.first_unused(name, used.__contains__)
    labels[identifier] = Label(kind, label, text)
    return label
