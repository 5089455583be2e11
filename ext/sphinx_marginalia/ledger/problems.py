"""What can be wrong with claims."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem


class LedgerProblem(Problem):
    """Problems of claims."""

    CLAIM_INCOMPLETE = (
        "A claim has no id, says nothing, or lacks its kind or its verdict.",
        Example(":::{claim} near-stars\n:verdict: not-established\n\nSome stars are near.\n:::"),
    )
    CLAIM_OPTION = (
        "An option of a claim, or of a table of claims, is unknown or cannot have that value.",
        Example(
            ":::{claim} near-stars\n:kind: capabilty\n:verdict: not-established\n\n"
            "Some stars are near.\n:::"
        ),
    )
    CLAIM_DUPLICATE = (
        "Two claims have the same id. References lead to the first.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: not-established\n\n"
            "Some stars are near.\n:::\n\n:::{claim} near-stars\n:kind: capability\n"
            ":verdict: not-established\n\nSome stars are near.\n:::"
        ),
    )
    CLAIM_UNKNOWN = (
        "A reference leads to no claim. Its text is shown.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: not-established\n\n"
            "Some stars are near.\n:::\n\nSee {claim}`near-star`."
        ),
    )
    CLAIM_UNKNOWN_WORK = (
        "A claim rests on a work that is in no file of works. Its key is shown.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: supported\n"
            ":evidence: bessel1839\n\nSome stars are near.\n:::",
            config={
                "extensions": ["myst_parser", "sphinx_marginalia", "sphinxcontrib.bibtex"],
                "bibtex_bibfiles": ["works.bib"],
            },
            files={"works.bib": "@book{bessel1838, title = {On 61 Cygni}, year = {1838}}"},
        ),
    )
    CLAIM_WORKS_UNREAD = (
        "Claims name works, and the project does not load sphinxcontrib-bibtex. Keys are shown.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: supported\n"
            ":evidence: bessel1838\n\nSome stars are near.\n:::"
        ),
    )
    CLAIM_WITHOUT_EVIDENCE = (
        "A claim is said to be supported or contested, and rests on no evidence.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: supported\n\n"
            "Some stars are near.\n:::"
        ),
    )
    CLAIM_UNOPPOSED = (
        "A claim is said to be contested or refuted, and nothing is named that speaks against it.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: refuted\n\n"
            "Some stars are near.\n:::"
        ),
    )
    CLAIM_DATE = (
        "A claim was reviewed on a day that is no date, or is still to come.",
        Example(
            ":::{claim} near-stars\n:kind: capability\n:verdict: not-established\n"
            ":reviewed: 2026-11-31\n\nSome stars are near.\n:::"
        ),
    )
