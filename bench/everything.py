"""Essays with all that we have; for plain Sphinx the same words in footnotes, lists and links."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

from bench import citable, claims, works
from bench.corpus import VOCABULARY, Page, Shape, put_in
from sphinx_marginalia.permalinks.lock import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CITATIONS_A_PAGE = 12
CLAIMS_A_PAGE = 2
PAUSES_A_PAGE = 2
#: So many works at least, and so many more for each page.
WORKS, WORKS_A_PAGE = 115, 2
PAGES_A_BLOCK = 50
FORMULAS = (
    r"$x_{%d} \in \mathbb{R}^n$",
    r"$\lVert W x \rVert_2 \le \sum_{i=1}^{%d} \lambda_i$",
    r"$p(y \mid x) = \frac{\exp(z_{%d})}{\sum_j \exp(z_j)}$",
)
PLAIN_SETTINGS = (("myst_enable_extensions", ["deflist", "colon_fence", "dollarmath"]),)
SETTINGS = (
    *PLAIN_SETTINGS,
    ("html_math_renderer", "mathml"),
    ("bibtex_bibfiles", ["works.bib"]),
    ("bibtex_default_style", "marginalia"),
    ("bibtex_reference_style", "marginalia"),
    *citable.SETTINGS,
)


def with_ours(page: Page) -> str:
    """Return *page* in MyST with our roles and directives."""
    notes = [f"{{sidenote}}`{note}`" for note in page.notes]
    pauses = [
        f":::{{pause-and-think}} {question}\n\n{answer}\n:::" for question, answer in _pauses(page)
    ]
    ours = [claims.directive(claim) for claim in _claims(page)]
    return _page(page, notes, "{{cite:p}}`{}`".format, [*pauses, *ours])


def with_plain(page: Page) -> str:
    """Return *page* in MyST with what Sphinx has by itself."""
    notes = [f"[^{n}]" for n in range(1, len(page.notes) + 1)]
    pauses = [
        f":::{{admonition}} {question}\n\n{answer}\n:::" for question, answer in _pauses(page)
    ]
    lists = [claims.listed(claim, works.linked) for claim in _claims(page)]
    texts = [f"{name}: {note}\n" for name, note in zip(notes, page.notes, strict=True)]
    return _page(page, notes, works.linked, [*pauses, *lists, *texts])


def our_files(shape: Shape) -> dict[str, str]:
    """Return the works, the names of sections, and pages with tables of all."""
    lists = (
        "(claims)=\n# Claims\n\n```{claim-table}\n```\n\n"
        "(works)=\n## Works\n\n```{bibliography}\n:all:\n```\n"
    )
    names = citable.records(shape)
    for number in range(shape.pages):
        for claim in _claims_of(number):
            name = f"claim-{claim.name}"
            names[name] = Record(f"essay-{number:04}#{name}", "1.0.0", claim.text)
    names["claims"] = Record("lists#claims", "1.0.0", "Claims")
    names["works"] = Record("lists#works", "1.0.0", "Works")
    return {
        "lists.md": f"---\norphan: true\n---\n\n{lists}",
        "works.bib": works.bibtex(_keys(shape.pages)),
        **citable.files_of(names),
    }


def plain_files(shape: Shape) -> dict[str, str]:
    """Return the pages with the same tables."""
    all_claims = [claim for n in range(shape.pages) for claim in _claims_of(n)]
    table = claims.table(all_claims, works.linked)
    return {
        "lists.md": f"---\norphan: true\n---\n\n# Claims\n\n{table}\n",
        "works.md": f"---\norphan: true\n---\n\n{works.page(_keys(shape.pages))}",
    }


def _page(page: Page, notes: Sequence[str], cite: Callable[[str], str], end: Sequence[str]) -> str:
    random = Random(f"citations/{page.number}")
    keys = random.choices(_keys(page.number), k=CITATIONS_A_PAGE)
    text = works.put_behind(put_in(page, notes), map(cite, keys))
    formulas = " ".join(formula % n for n, formula in enumerate(FORMULAS, page.number))
    named = citable.named(page, f"{text}\nWith {formulas} it holds.\n")
    return "\n".join([front_matter(page), named, *end])


def front_matter(page: Page, **more: object) -> str:
    """Return the front matter of an article that needs the three before it, with *more* keys."""
    block, place = divmod(page.number, PAGES_A_BLOCK)
    needed = range(max(0, page.number - 3), page.number)
    title = page.text.partition("\n")[0].removeprefix("# ")
    front = {
        "title": title,
        "description": title,
        "difficulty": "intermediate",
        "block": f"block-{block:03}",
        "order": place + 1,
        "prerequisites": [f"essay-{number:04}" for number in needed],
        **more,
    }
    entries = "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items())
    return f"---\n{entries}---\n"


def _pauses(page: Page) -> list[tuple[str, str]]:
    random = Random(f"pauses/{page.number}")
    sentences = [" ".join(random.choices(VOCABULARY, k=12)).capitalize() for _ in range(4)]
    return [
        (f"{question}?", f"{answer}.")
        for question, answer in zip(sentences[::2], sentences[1::2], strict=True)
    ][:PAUSES_A_PAGE]


def _block(directive: str, question: str, answer: str) -> str:
    return f":::{{{directive}}} {question}\n\n{answer}\n:::"


def _claims(page: Page) -> list[claims.Claim]:
    return _claims_of(page.number)


def _claims_of(number: int) -> list[claims.Claim]:
    return [*claims.claims_of(number, _keys(number), CLAIMS_A_PAGE)]


def _keys(pages: int) -> list[str]:
    """Return the works of so many pages: a page cites none that a smaller corpus has not."""
    return works.keys(max(WORKS, WORKS_A_PAGE * pages))
