"""Essays with claims, and a table of all; for plain Sphinx the same text as lists and a table."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NamedTuple

from bench import works
from bench.corpus import VOCABULARY, Page, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

CLAIMS_A_PAGE = 10
WORDS_A_CLAIM = 18
KEYS = works.keys(50)
KINDS = {"capability": "capability", "limitation": "limitation", "position": "position"}
VERDICTS = {"supported": "✓ supported", "contested": "± contested"}
SCALES = {"toy": "toy models", "small": "small models", "frontier": "frontier models"}
SETTINGS = (
    ("myst_enable_extensions", ["deflist"]),
    ("bibtex_bibfiles", ["works.bib"]),
    ("bibtex_reference_style", "author_year"),
)


class Claim(NamedTuple):
    """What is claimed in both variants."""

    name: str
    text: str
    kind: str
    verdict: str
    scale: str
    evidence: str
    against: str
    change: str


def with_claims(page: Page) -> str:
    """Return *page* in MyST with our directive."""
    return "\n".join([page.text, *map(directive, claims_of(page.number))])


def with_lists(page: Page) -> str:
    """Return *page* in MyST with a labelled paragraph and a definition list for each claim."""
    return "\n".join([page.text, *(listed(claim, cited) for claim in claims_of(page.number))])


def our_files(_shape: Shape) -> dict[str, str]:
    """Return the page with our table, and the works."""
    return {"claims.md": _table_page("```{claim-table}\n```"), "works.bib": works.bibtex(KEYS)}


def plain_files(shape: Shape) -> dict[str, str]:
    """Return the page with a plain table, and the works."""
    claims = [claim for number in range(shape.pages) for claim in claims_of(number)]
    return {"claims.md": _table_page(table(claims, cited)), "works.bib": works.bibtex(KEYS)}


def cited(key: str) -> str:
    """Return the role that cites a work."""
    return f"{{cite:alp}}`{key}`"


def claims_of(
    number: int, keys: Sequence[str] = KEYS, count: int = CLAIMS_A_PAGE
) -> Iterator[Claim]:
    """Yield the claims of the page of this number, which cite some of *keys*."""
    random = Random(f"claims/{number}")
    for place in range(count):
        evidence, against = random.sample(keys, 2)
        yield Claim(
            f"essay-{number:04}-{place}",
            _sentence(random, WORDS_A_CLAIM),
            random.choice([*KINDS]),
            random.choice([*VERDICTS]),
            random.choice([*SCALES]),
            evidence,
            against,
            _sentence(random, WORDS_A_CLAIM // 2),
        )


def _sentence(random: Random, words: int) -> str:
    return " ".join(random.choices(VOCABULARY, k=words)).capitalize() + "."


def directive(claim: Claim) -> str:
    """Return a claim as our directive."""
    return f"""
```{{claim}} {claim.name}
:kind: {claim.kind}
:verdict: {claim.verdict}
:scale: {claim.scale}
:evidence: {claim.evidence}
:against: {claim.against}
:reviewed: 2026-11-20
:would-change: {claim.change}

{claim.text}
```
"""


def listed(claim: Claim, cite: Callable[[str], str]) -> str:
    """Return a claim as a labelled paragraph and a definition list."""
    return f"""
(claim-{claim.name})=
{claim.text}

Verdict
: {VERDICTS[claim.verdict]}

Scale
: {SCALES[claim.scale]}

Kind
: {KINDS[claim.kind]}

Reviewed
: 2026-11-20

Evidence
: {cite(claim.evidence)}

Against
: {cite(claim.against)}

Would change
: {claim.change}
"""


def table(claims: Iterable[Claim], cite: Callable[[str], str]) -> str:
    """Return a plain table of claims."""
    head = "| Claim | Verdict | Scale, kind | Evidence |\n| --- | --- | --- | --- |"
    return "\n".join([head, *(_row(claim, cite) for claim in claims)])


def _row(claim: Claim, cite: Callable[[str], str]) -> str:
    cells = (
        f"**{{ref}}`{claim.name} <claim-{claim.name}>`** {claim.text}",
        f"{VERDICTS[claim.verdict]} 2026-11-20",
        f"{SCALES[claim.scale]} {KINDS[claim.kind]}",
        f"{cite(claim.evidence)} Against: {cite(claim.against)}",
    )
    return f"| {' | '.join(cells)} |"


def _table_page(table: str) -> str:
    return f"---\norphan: true\n---\n\n# Claims\n\n{table}\n\n```{{bibliography}}\n```\n"
