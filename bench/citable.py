"""Essays whose sections have permanent names, with what a book that can be cited has beside it."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from bench.corpus import Page, Shape, essays
from sphinx_marginalia.permalinks import lock

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADING = re.compile(r"^#{1,3} (?P<title>.+)$", re.MULTILINE)
#: Of so many names one has moved from another page, and one has a retired name beside it.
SELDOM = 20
SETTINGS = (
    ("citing_version_url", "https://example.org/en/{version}/"),
    ("citing_newest_url", "https://example.org/page/"),
    ("citing_release", "release"),
)
CITATION = """\
cff-version: 1.2.0
message: If you cite this book, please cite it as below.
title: Essays
type: software
version: 1.2.0
date-released: 2026-11-23
license: CC-BY-SA-4.0
url: https://example.org
authors: &authors
  - family-names: Lovelace
    given-names: Ada
    orcid: https://orcid.org/0000-0002-1825-0097
    affiliation: Analytical Society
  - family-names: Berg
    name-particle: van der
    given-names: Jan-Willem
preferred-citation:
  type: book
  title: "Essays: what a name is worth"
  authors: *authors
  publisher:
    name: Analytical Society
"""


def with_names(page: Page) -> str:
    """Return *page* in MyST, with a permanent name above each heading."""
    return named(page, page.text)


def named(page: Page, text: str) -> str:
    """Return *text*, which has the headings of *page*, with a permanent name above each."""
    numbers = count()
    return HEADING.sub(lambda match: f"({_name(page, next(numbers))})=\n{match[0]}", text)


def files(shape: Shape) -> dict[str, str]:
    """Return ``CITATION.cff``, and the lock of all names of a corpus."""
    return files_of(records(shape))


def files_of(names: dict[str, lock.Record]) -> dict[str, str]:
    """Return ``CITATION.cff``, and the lock of these names."""
    return {"CITATION.cff": CITATION, lock.FILENAME: lock.write(names)}


def records(shape: Shape) -> dict[str, lock.Record]:
    """Return the names of all sections of a corpus."""
    names = {"essays": lock.Record("index#essays", "1.0.0", "Essays")}
    for page in essays(shape):
        names.update(_records(page))
    return names


def _records(page: Page) -> Iterator[tuple[str, lock.Record]]:
    """Yield the names of *page*, and those that were its sections' once."""
    here = f"essay-{page.number:04}"
    # A larger corpus has the places of a smaller one.
    before = f"essay-{page.number - 1:04}" if page.number else "index"
    titles = [match["title"] for match in HEADING.finditer(page.text)]
    for number, title in enumerate(titles):
        name = _name(page, number)
        turn = (page.number * len(titles) + number) % SELDOM
        was = (f"{before}#{name}",) if turn == 0 else ()
        yield name, lock.Record(f"{here}#{name}", "1.0.0", title, was)
        if turn == SELDOM // 2:
            old = f"{name}-once"
            yield old, lock.Record(f"{here}#{old}", "1.0.0", title, successor=name)


def _name(page: Page, number: int) -> str:
    """Return the name of a section, which is unique in its corpus."""
    return f"essay-{page.number:04}" + (f"-part-{number}" if number else "")
