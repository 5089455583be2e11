"""An essay of a given size, as long and as full as those a book like this one is made of."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from itertools import cycle, islice
from random import Random
from typing import TYPE_CHECKING, Any

from bench.corpus import sentence, text_with_gaps
from tests.browser.sites import ROOT

if TYPE_CHECKING:
    from pathlib import Path

WORDS, NOTES, CITATIONS, FORMULAS = 5000, 30, 40, 20
TITLE = "An essay of five thousand words"
FRONT = f"""---
title: {TITLE}
description: It has thirty notes, forty citations, formulas, pauses and a key idea.
difficulty: advanced
block: frontiers
order: 4
category: Measure
prerequisites: [methods/linear-probing]
glossary:
  - term: measured term
    definition: A term that only the measured essay has.
---
"""
BLOCKS = """

$$
\\mathcal{L}(x) = \\lVert x - \\hat{x} \\rVert_2^2 + \\lambda \\sum_{i=1}^{n} \\lvert f_i(x) \\rvert
$$ (measured)

::::{pause-and-think} Which of these would you expect to fail first?
Think of what has been measured, and of what has not.

:::{discussion}
Much depends on how the measure was made, and for whom.
:::
::::

:::{key-idea} Measured essay
An essay whose weight is known.
:::

"""


def text() -> str:
    """Return the essay: words from a seed, works from the book's bibliography."""
    random = Random("notes")
    keys = re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text(), re.MULTILINE)
    works = iter(f" {{cite:p}}`{key}`" for key in islice(cycle(keys), CITATIONS))
    formulas = iter(f" $\\alpha_{{{n}}} x^{n} + b$" for n in range(FORMULAS))
    notes = iter(f"{{sidenote}}`{sentence(random, 25)}`" for _ in range(NOTES))
    kinds = cycle((notes, works, formulas))
    marks: list[str] = []
    while len(marks) < NOTES + CITATIONS + FORMULAS:
        if (mark := next(next(kinds), None)) is not None:
            marks.append(mark)
    return FRONT + _with_names(text_with_gaps("measured", WORDS, len(marks)).format(*marks))


def _with_names(words: str) -> str:
    _, *sections = words.split("\n## ")
    named = [f"\n({name(n)})=\n## {section}" for n, section in enumerate(sections)]
    named[0] += BLOCKS
    return f"(measured)=\n# {TITLE}\n\n" + "".join(named)


def name(section: int) -> str:
    """Return the permanent name of a section, so that it can be cited as those of the book."""
    return f"measured-{section}"


@cache
def book_with_essay(base: Path) -> Path:
    """Build the book with the essay in it, and return the folder of the output."""
    folder = base / "weighed"
    for name in ("docs", "lab"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    for file in ("conf.py", "references.bib", "CITATION.cff"):
        shutil.copy(ROOT / file, folder)
    (folder / "docs" / "frontiers" / "measured.md").write_text(text(), encoding="utf-8")
    (folder / "anchors.lock.json").write_text(json.dumps(_lock()), encoding="utf-8")
    index = folder / "docs" / "index.md"
    before = "frontiers/future-directions\n"
    index.write_text(index.read_text().replace(before, f"{before}frontiers/measured\n"))
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-c", ".", "-b", "html", "docs", "html"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def _lock() -> dict[str, Any]:
    lock: dict[str, Any] = json.loads((ROOT / "anchors.lock.json").read_text(encoding="utf-8"))
    lock["measured"] = {"at": "frontiers/measured#measured", "first": "0.1.0", "title": TITLE}
    for section, heading in enumerate(re.findall(r"^## (.+)$", text(), re.MULTILINE)):
        at = f"frontiers/measured#{name(section)}"
        lock[name(section)] = {"at": at, "first": "0.1.0", "title": heading}
    return lock
