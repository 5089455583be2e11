"""References by id, as books have them: to a figure, table, formula, theorem or section.

An id names one thing of the whole book, so references are resolved when all articles are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from marginalia_import.sites.site import Article

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
#: An id of Quarto, or of pandoc-crossref, which has a colon after the kind.
REFERENCE_KEY = re.compile(rf"(?:(?:{'|'.join(QUARTO_KINDS)})-|(?:fig|tbl|sec|eq|lst):)[\w:.-]*\w")


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
    #: The words of the link, if they are not those of the thing.
    words: str = ""
    #: Whether one that leads to nothing stays as it is, because MyST may know better.
    keep_unknown: bool = False
