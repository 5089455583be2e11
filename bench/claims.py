"""Essays with claims, and a table of all; for plain Sphinx the same text as lists and a table."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NamedTuple

from bench.corpus import VOCABULARY, Page, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

CLAIMS_A_PAGE = 10
WORDS_A_CLAIM = 18
KEYS = [f"work{number}" for number in range(50)]
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
    return "\n".join([page.text, *map(_directive, _claims(page.number))])


def with_lists(page: Page) -> str:
    """Return *page* in MyST with a labelled paragraph and a definition list for each claim."""
    return "\n".join([page.text, *map(_list, _claims(page.number))])


def our_files(_shape: Shape) -> dict[str, str]:
    """Return the page with our table, and the works."""
    return {"claims.md": _table_page("```{claim-table}\n```"), "works.bib": WORKS}


def plain_files(shape: Shape) -> dict[str, str]:
    """Return the page with a plain table, and the works."""
    rows = [_row(claim) for number in range(shape.pages) for claim in _claims(number)]
    head = "| Claim | Verdict | Scale, kind | Evidence |\n| --- | --- | --- | --- |"
    return {"claims.md": _table_page("\n".join([head, *rows])), "works.bib": WORKS}


WORKS = "".join(
    f"@misc{{{key}, author = {{Author{number}, Ada}}, title = {{Work {number}}}, "
    f"year = {{{1970 + number}}}}}\n"
    for number, key in enumerate(KEYS)
)


def _claims(number: int) -> Iterator[Claim]:
    random = Random(f"claims/{number}")
    for place in range(CLAIMS_A_PAGE):
        evidence, against = random.sample(KEYS, 2)
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


def _directive(claim: Claim) -> str:
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


def _list(claim: Claim) -> str:
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
: {{cite:alp}}`{claim.evidence}`

Against
: {{cite:alp}}`{claim.against}`

Would change
: {claim.change}
"""


def _row(claim: Claim) -> str:
    cells = (
        f"**{{ref}}`{claim.name} <claim-{claim.name}>`** {claim.text}",
        f"{VERDICTS[claim.verdict]} 2026-11-20",
        f"{SCALES[claim.scale]} {KINDS[claim.kind]}",
        f"{{cite:alp}}`{claim.evidence}` Against: {{cite:alp}}`{claim.against}`",
    )
    return f"| {' | '.join(cells)} |"


def _table_page(table: str) -> str:
    return f"---\norphan: true\n---\n\n# Claims\n\n{table}\n\n```{{bibliography}}\n```\n"
