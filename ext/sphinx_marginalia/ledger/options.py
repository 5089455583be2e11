"""The option of the ledger in ``conf.py``, and what can be wrong with claims."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem
from sphinx_marginalia.core.options import Option

TODAY = Option(
    "ledger_today",
    default="",
    rebuild="env",
    help="The date of the release, such as `2026-11-23`. A later review of a claim is reported. If "
    "the option is empty, dates are not compared: a build does not use the clock.",
)

OPTIONS = (TODAY,)


class LedgerProblem(Problem):
    """Problems of claims."""

    CLAIM_INCOMPLETE = (
        "A claim has no id, no text, no kind or no verdict. The rest of it is shown.",
        Example(":::{claim} near-stars\n:verdict: not-established\n\nSome stars are near.\n:::"),
    )
    CLAIM_OPTION = (
        "An option of a claim or of a table of claims is unknown or invalid. It is ignored.",
        Example(
            ":::{claim} near-stars\n:kind: capabilty\n:verdict: not-established\n\n"
            "Some stars are near.\n:::"
        ),
    )
    CLAIM_DUPLICATE = (
        "Two claims have the same id. References lead to the first, and tables list it alone.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: not-established\n\n"
            "Some stars are near.\n:::\n\n:::{claim} near-stars\n:kind: capability\n"
            ":verdict: not-established\n\nSome stars are near.\n:::"
        ),
    )
    CLAIM_UNKNOWN = (
        "A reference names a claim that does not exist. Its text is shown without a link.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: not-established\n\n"
            "Some stars are near.\n:::\n\nSee {claim}`near-star`."
        ),
    )
    CLAIM_UNKNOWN_WORK = (
        "A claim names a work that is in no BibTeX file. Its key is shown.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: supported\n"
            ":evidence: bessel1839\n\nSome stars are near.\n:::",
            config={
                "extensions": ["myst_parser", "sphinx_marginalia", "sphinxcontrib.bibtex"],
                "bibtex_bibfiles": ["works.bib"],
            },
            files={
                "works.bib": "@misc{bessel1838, author = {Bessel}, title = {On 61 Cygni}, year = {1838}}"
            },
        ),
    )
    CLAIM_WORKS_UNREAD = (
        "Claims name works, but the project has no bibliography to cite from. The keys are shown.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: supported\n"
            ":evidence: bessel1838\n\nSome stars are near.\n:::"
        ),
    )
    CLAIM_WITHOUT_EVIDENCE = (
        "A claim is supported or contested but names no evidence.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: supported\n\n"
            "Some stars are near.\n:::"
        ),
    )
    CLAIM_UNOPPOSED = (
        "A claim is contested or refuted but names nothing against it.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: refuted\n\n"
            "Some stars are near.\n:::"
        ),
    )
    CLAIM_DATE = (
        "The date of a review is invalid, or later than `ledger_today`. An invalid date is hidden.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: not-established\n"
            ":reviewed: 2026-11-31\n\nSome stars are near.\n:::"
        ),
    )


PROBLEMS = LedgerProblem
