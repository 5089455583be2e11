"""What is wrong with a claim by itself. Pure: what is written in, faults out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.ledger.problems import LedgerProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The verdicts that say there is evidence for a claim, and those that say there is some against it.
HAS_EVIDENCE = ("supported", "contested")
HAS_OPPOSITION = ("contested", "refuted")


class Fault(NamedTuple):
    """Something wrong with a claim."""

    problem: Problem
    message: str
    #: The option at whose line it is reported.
    option: str


def faults(
    verdict: str, evidence: Sequence[str], against: Sequence[str], reviewed: str, today: str
) -> Iterator[Fault]:
    """Yield what is wrong with a claim."""
    if verdict in HAS_EVIDENCE and not evidence:
        message = f"the claim is {verdict} and names no evidence: write keys behind :evidence:"
        yield Fault(LedgerProblem.CLAIM_WITHOUT_EVIDENCE, message, "verdict")
    if verdict in HAS_OPPOSITION and not against:
        message = f"the claim is {verdict} and nothing speaks against it: write keys behind "
        yield Fault(LedgerProblem.CLAIM_UNOPPOSED, f"{message}:against:", "verdict")
    if reviewed and day(reviewed) is None:
        message = f"reviewed must be a date, as 2026-11-23, not {reviewed!r}"
        yield Fault(LedgerProblem.CLAIM_DATE, message, "reviewed")
    elif reviewed and day(today) and reviewed > today:
        message = f"the claim was reviewed on {reviewed}, which is after {today} (ledger_today)"
        yield Fault(LedgerProblem.CLAIM_DATE, message, "reviewed")


def day(written: str) -> date | None:
    """Return the date that is written, year first with hyphens (ISO 8601); else nothing."""
    # Python reads 20261123 too.
    if len(written) != len("2026-11-23"):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
