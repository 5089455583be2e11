"""The words that describe a claim, how a reader sees them, and which of them go together.

A verdict says what the evidence shows, not what its author believes. Each has a sign beside its
word: not every reader can see a colour. All four signs are in the fonts of every builder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_marginalia.core import _
from sphinx_marginalia.core.dates import is_day
from sphinx_marginalia.core.diagnostics import Diagnostic
from sphinx_marginalia.ledger.options import LedgerProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

KINDS = ("capability", "limitation", "open-question", "position")
VERDICTS = ("supported", "contested", "not-established", "refuted")
#: How large the systems are for which a result was shown, the smallest first.
SCALES = ("toy", "small", "open-weights", "frontier", "deployed")
SIGNS = {"supported": "✓", "contested": "±", "not-established": "?", "refuted": "✕"}

#: The allowed words of each option.
CHOICES = {"kind": KINDS, "verdict": VERDICTS, "scale": SCALES}
#: The options of a claim.
CLAIM_OPTIONS = (*CHOICES, "title", "evidence", "against", "reviewed", "search", "would-change")

#: The verdicts for which there must be evidence, and those for which there must be some against it.
NEEDS_EVIDENCE = ("supported", "contested")
NEEDS_OPPOSITION = ("contested", "refuted")

#: What is before the label of a section of the book that is evidence.
SECTION = "ref:"

SEPARATORS = re.compile(r"[\s,;]+")
QUERY_SEPARATORS = re.compile(r"[\n;]")


def split_names(text: str) -> list[str]:
    """Return the names in an option, each once; they are separated by commas or spaces."""
    return list(dict.fromkeys(name for name in SEPARATORS.split(text) if name))


def labels_in(names: Iterable[str]) -> tuple[str, ...]:
    """Return the labels of sections among the names of evidence; the others are citation keys."""
    # As Sphinx writes labels.
    return tuple(name.removeprefix(SECTION).lower() for name in names if name.startswith(SECTION))


def keys_in(names: Iterable[str]) -> tuple[str, ...]:
    """Return the citation keys among the names of evidence."""
    return tuple(name for name in names if not name.startswith(SECTION))


def split_queries(text: str) -> tuple[str, ...]:
    """Return the queries in an option; they are separated by semicolons or lines."""
    queries = (" ".join(query.split()) for query in QUERY_SEPARATORS.split(text))
    return tuple(query for query in queries if query)


def claim_diagnostics(
    verdict: str, evidence: Sequence[str], against: Sequence[str], reviewed: str, today: str
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the facts about a claim; the key is the option.

    :param reviewed: the date of the review, or an empty text
    :param today: the day with which it is compared, or an empty text
    """
    if verdict in NEEDS_EVIDENCE and not evidence:
        message = f"the claim is {verdict} and names no evidence: write keys behind :evidence:"
        yield Diagnostic(LedgerProblem.CLAIM_WITHOUT_EVIDENCE, message, "verdict")
    if verdict in NEEDS_OPPOSITION and not against:
        message = (
            f"the claim is {verdict} and nothing speaks against it: write keys behind :against:"
        )
        yield Diagnostic(LedgerProblem.CLAIM_UNOPPOSED, message, "verdict")
    if reviewed and not is_day(reviewed):
        message = f"reviewed must be a date such as 2026-11-23, not {reviewed!r}"
        yield Diagnostic(LedgerProblem.CLAIM_DATE, message, "reviewed")
    elif reviewed and today and reviewed > today:
        message = f"the claim was reviewed on {reviewed}, which is after {today} (ledger_today)"
        yield Diagnostic(LedgerProblem.CLAIM_DATE, message, "reviewed")


def readable(claim_id: str) -> str:
    """Return an id as it is read: ``refusal-single-direction`` as “refusal single direction”."""
    return claim_id.replace("-", " ")


def heading(claim_id: str, title: str) -> str:
    """Return the title of a claim in a list: its own, or its id as the start of a sentence."""
    return title or readable(claim_id)[:1].upper() + readable(claim_id)[1:]


def titled(claim_id: str, title: str, verdict: str) -> str:
    """Return the title of a claim, or its id as it is read, and the verdict in parentheses."""
    words = title or readable(claim_id)
    return f"{words} ({choice_label(verdict)})" if verdict else words


def choice_label(name: str) -> str:
    """Return one of :data:`CHOICES` in the reader's language."""
    return {
        "capability": _("capability"),
        "limitation": _("limitation"),
        "open-question": _("open question"),
        "position": _("position"),
        "supported": _("supported"),
        "contested": _("contested"),
        "not-established": _("not established"),
        "refuted": _("refuted"),
        "toy": _("toy models"),
        "small": _("small models"),
        "open-weights": _("open-weights models"),
        "frontier": _("frontier models"),
        "deployed": _("deployed systems"),
    }.get(name, name)


def signed_label(name: str) -> str:
    """Return one of :data:`CHOICES` in the reader's language, a verdict after its sign."""
    return f"{SIGNS[name]} {choice_label(name)}" if name in SIGNS else choice_label(name)


def fact_label(name: str) -> str:
    """Return the label of a fact in the reader's language."""
    return {
        "kind": _("Kind"),
        "verdict": _("Verdict"),
        "scale": _("Scale"),
        "reviewed": _("Reviewed"),
        "evidence": _("Evidence"),
        "against": _("Against"),
        "would-change": _("Would change"),
    }[name]
