"""After any edits, and builds stopped at any moment, the output is that of a clean build."""

from __future__ import annotations

import os
import random
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.events import EventManager

from sphinx_marginalia.testing import build
from tests.contract.builders import QUIET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx_marginalia.testing import Built

CONFIG: dict[str, Any] = {
    **QUIET,
    "extensions": [
        "myst_parser",
        "sphinxcontrib.bibtex",
        "sphinx_marginalia",
        "sphinx_marginalia.previews",
        "sphinx_marginalia.search",
    ],
    "sidenotes_from_footnotes": True,
    "bibtex_default_style": "marginalia",
    "bibtex_reference_style": "marginalia",
    "cite_as_version_url": "https://example.org/{version}/",
}
#: What Sphinx itself leaves outdated after an interruption; and our state, which remembers the pages
#: of removed documents.
EXCLUDED = re.compile(r"searchindex\.js|\.buildinfo.*|\.marginalia-.*|_static/.*|_sources/.*")
#: Sphinx writes a page again when its source changes, but not when its neighbours do.
NEIGHBOURS = re.compile(
    rb'<link rel="(?:next|prev)".*?>|<div class="(?:related|sphinxsidebar)".*?(?=<div class="(?:body|'
    rb'document|clearer|footer)")',
    re.DOTALL,
)
WORDS = "tide moon reef dune fjord delta lagoon atoll shoal strait".split()
VERDICTS = "supported contested refuted open".split()
MOST = 7
WORKS = ("deep", "wide", "long")


@dataclass
class Page:
    """What is written on a page."""

    title: str
    order: int
    question: str = "tide"
    idea: str = "moon"
    note: str = "reef"
    verdict: str = "supported"
    cited: list[str] = field(default_factory=lambda: ["deep"])
    needs: list[str] = field(default_factory=list)
    has_claim: bool = True
    has_lists: bool = False

    def text(self, name: str) -> str:
        """Return the page in Markdown."""
        needs = ", ".join(self.needs)
        cited = " ".join(f"{{cite:t}}`{key}`" for key in self.cited)
        claim = f"""
:::{{claim}} of-{name}
:kind: capability
:verdict: {self.verdict}
:scale: toy
:evidence: {", ".join(self.cited)}
:reviewed: 2026-01-01
Claim of {self.note}.
:::
"""
        lists = "\n".join(f"```{{{name}}}\n```\n" for name in LISTS)
        return f"""---
title: {self.title}
description: About {self.note}.
order: {self.order}
prerequisites: [{needs}]
glossary:
  - {{term: {name}term, definition: A {self.idea}.}}
---

({name})=
# {self.title}

Text.{{sidenote}}`A {self.note}.` {cited} Footnote.[^a]

[^a]: A {self.idea}.

:::{{pause-and-think}} Is it {self.question} {cited}?
:name: pause-{name}
Think.
:::

:::{{key-idea}} {self.idea.title()}
:name: idea-{name}
It is {self.note}.
:::
{claim if self.has_claim else ""}
({name}-more)=
## More {self.question}

{{ref}}`pause-{name}`
{lists if self.has_lists else ""}
"""


LISTS = "pause-list key-idea-list claim-table claim-matrix learning-path article-glossary".split()


class Book:
    """A book that is edited at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.pages = {f"p{n}": Page(WORDS[n], n + 1) for n in range(4)}
        self.pages["p0"].has_lists = True
        self.works = dict.fromkeys(WORKS, "Look")
        self.milestones = ["tide"]
        self.created = len(self.pages)

    def files(self) -> dict[str, str]:
        """Return the files of the book."""
        names = sorted(self.pages, key=lambda name: self.pages[name].order)
        links = " ".join(f"{{ref}}`{name}`, {{ref}}`{name}-more`;" for name in names)
        events = "\n".join(
            f"- date: {2000 + n}\n  title: {w}" for n, w in enumerate(self.milestones)
        )
        return {
            "index.md": "# Book\n\n```{toctree}\n"
            + "\n".join([*names, "end"])
            + f"\n```\n\n{links}\n",
            "end.md": f"# End\n\n```{{timeline}}\n{events}\n```\n\n```{{bibliography}}\n```\n",
            "works.bib": "".join(
                f"@misc{{{key}, author={{Ada, A.}}, title={{{title} {key}}}, year={{2020}}}}\n"
                for key, title in self.works.items()
            ),
            **{f"{name}.md": page.text(name) for name, page in self.pages.items()},
        }

    def edit(self) -> None:
        """Change one thing."""
        name = self.random.choice(sorted(self.pages))
        page, word = self.pages[name], self.random.choice(WORDS)
        kind = self.random.choice(
            "title order question idea note verdict cited needs claim lists work event add remove".split()
        )
        edits: dict[str, Callable[[], object]] = {
            "order": lambda: setattr(page, "order", self.random.randint(1, 20)),
            "verdict": lambda: setattr(page, "verdict", self.random.choice(VERDICTS)),
            "cited": lambda: setattr(page, "cited", self.random.sample(WORKS, 2)),
            "needs": lambda: setattr(page, "needs", [self.random.choice(sorted(self.pages))]),
            "claim": lambda: setattr(page, "has_claim", not page.has_claim),
            "lists": lambda: setattr(page, "has_lists", not page.has_lists),
            "work": lambda: self.works.update({self.random.choice(WORKS): word.title()}),
            "event": lambda: self.milestones.append(word),
            "add": lambda: self._add(word),
            "remove": lambda: len(self.pages) > MOST // 2 and self.pages.pop(name),
        }
        edits.get(kind, lambda: setattr(page, kind, word))()

    def _add(self, title: str) -> None:
        if len(self.pages) < MOST:
            self.pages[f"p{self.created}"] = Page(title, self.created)
            self.created += 1


def _build(book: Book, folder: Path, builder: str, *, fresh: bool = False) -> Built:
    source, files = folder / "source", book.files()
    for file in source.glob("*.md") if source.is_dir() else ():
        if file.name not in files:
            file.unlink()
    bib = [str(source / "works.bib")]
    return build(files, folder, builder, fresh=fresh, **{**CONFIG, "bibtex_bibfiles": bib})


def _stop(book: Book, folder: Path, builder: str, events: int) -> None:
    """Start a build in another process, which dies after some *events*."""
    if process := os.fork():
        os.waitpid(process, 0)
        return
    emit, count = EventManager.emit, 0

    def die(self: EventManager, name: str, *arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == events:
            os._exit(9)
        return emit(self, name, *arguments, **options)

    EventManager.emit = die  # type: ignore[method-assign]
    try:
        _build(book, folder, builder)
    finally:
        os._exit(0)


def _differences(one: Built, other: Built) -> list[str]:
    """Return the files for readers that differ; the folder of the sources is in none of them."""
    both = []
    for built in (one, other):
        files = (file for file in built.out.rglob("*") if file.is_file())
        names = {file.relative_to(built.out).as_posix(): file for file in files}
        both.append(
            {
                name: NEIGHBOURS.sub(b"", file.read_bytes())
                for name, file in names.items()
                if not EXCLUDED.fullmatch(name)
            }
        )
    wanted = both[1].keys()
    # Sphinx leaves the pages of removed documents, in both.
    return sorted(name for name in wanted if both[0].get(name) != both[1][name])


def _edit_at_random(folder: Path, seed: int, edits: int) -> None:
    book = Book(seed)
    for number in range(edits):
        for _ in range(book.random.randint(1, 3)):
            book.edit()
        for builder in ("html", "latex"):
            if book.random.random() < 0.4:
                _stop(book, folder, builder, book.random.randint(5, 400))
                book.edit()
        for builder in ("html", "latex"):
            built = _build(book, folder, builder)
            clean = _build(book, folder / "clean", builder, fresh=True)
            assert _differences(built, clean) == [], f"{builder}, edit {number} of seed {seed}"
        shutil.rmtree(folder / "clean")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are stopped with fork")
def test_some_random_edits_give_what_a_clean_build_gives(tmp_path: Path) -> None:
    _edit_at_random(tmp_path, seed=1, edits=5)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are stopped with fork")
@pytest.mark.parametrize("seed", [2, 3])
def test_many_random_edits_give_what_a_clean_build_gives(seed: int, tmp_path: Path) -> None:
    _edit_at_random(tmp_path, seed=seed, edits=100)
