"""The options of the ledger in ``conf.py``, and what can be wrong with claims."""

from __future__ import annotations

from sphinx_marginalia.core.dates import is_day
from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.core.options import Option


class DayOption(Option):
    """A day, or an empty text."""

    def problem(self, value: object) -> str | None:
        problem = super().problem(value)
        if problem or not value or is_day(str(value)):
            return problem
        return f"{self.name} = {value!r} in conf.py must be a date such as 2026-11-23"


TODAY = DayOption(
    "ledger_today",
    default="",
    rebuild="env",
    help="The date of the release, such as `2026-11-23`. A later review of a claim is reported. If "
    "the option is empty, dates are not compared: a build does not use the clock.",
)

REVIEWS = Option(
    "ledger_reviews",
    default="reviews.yaml",
    rebuild="env",
    help="The file of the {ref}`log of reviews <claim-log>`, from the folder of the sources. If "
    "there is no such file, or the option is empty, reviews are not compared with a log.",
)

OPTIONS = (TODAY, REVIEWS)


class LedgerProblem(Problem):
    """Problems of claims."""

    CLAIM_INCOMPLETE = "A claim has no id, no text, no kind or no verdict. The rest of it is shown."
    CLAIM_OPTION = (
        "An option of a claim or of a table of claims is unknown or invalid. It is ignored."
    )
    CLAIM_DUPLICATE = (
        "Two claims have the same id. References lead to the first, and tables list it alone."
    )
    CLAIM_UNKNOWN = (
        "A reference names a claim that does not exist. Its text is shown without a link."
    )
    CLAIM_UNKNOWN_WORK = "A claim names a work that is in no BibTeX file. Its key is shown."
    CLAIM_UNKNOWN_SECTION = (
        "A claim names a section as evidence that does not exist. Its label is shown."
    )
    CLAIM_WORKS_UNREAD = (
        "Claims name works, but the project has no bibliography to cite from. The keys are shown."
    )
    CLAIM_WITHOUT_EVIDENCE = "A claim is supported or contested but names no evidence."
    CLAIM_UNOPPOSED = "A claim is contested or refuted but names nothing against it."
    CLAIM_DATE = (
        "The date of a review is invalid, or later than `ledger_today`. An invalid date is hidden."
    )
    REVIEW_LOG = (
        "The log of reviews is invalid, or does not agree with the claims and works of the "
        "project. An invalid entry is left out."
    )
    CLAIM_UNLOGGED = (
        "A claim was reviewed on a day of which the log of reviews has no entry. The date is shown."
    )


PROBLEMS = LedgerProblem
