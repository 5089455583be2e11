"""Measure an import against the build of what it wrote, and the cost of adversarial inputs.

The goal is at most a quarter of the build, linear in the number of articles and in their length.
"""

from __future__ import annotations

import json
import shutil
import sys
from functools import partial
from pathlib import Path
from random import Random
from time import process_time
from timeit import repeat
from typing import TYPE_CHECKING

from bench.corpus import page, sentence, text_with_gaps, write
from bench.measure import COSTS, FULL, build, compare, exponent, measure, row
from marginalia_import.importer import Options, import_site

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from pyperf import Run

WORDS, NOTES = 2000, 8
#: Marks that open something, with what closes each, or without.
UNCLOSED = ("{% a '", "{{ '", "$a ", "<!--", "{#", "$$", "{%- a ``", "<a> ", "[", "![")
NESTED = (("[", "]"), ("![", "](x)"), ("[", "][x]"), ("<b>", "</b>"), ("{% box %}", "{% endbox %}"))


def importer(folder: Path, options: Namespace) -> Iterator[str]:
    """Compare an import with the build of what it wrote."""
    if options.write:
        write_site(options.write, options.pages[0])
    else:
        # What times the collector is in the conf.py of the corpus, which an import has not.
        costs = [cost for cost in COSTS if cost != "without gc"]
        yield from compare(_imports(folder, options), options.json, costs)


def _imports(folder: Path, options: Namespace) -> Iterator[tuple[str, Run]]:
    """Import each site and build what was written, in turns."""
    for pages in options.pages:
        site = folder / f"site-{pages}"
        write_site(site, pages)
        for n in range(options.repeat[0]):
            project, output = folder / f"project-{pages}-{n}", folder / f"output-{pages}-{n}"
            # The sites need no decision by a person: --strict fails an import that asks for one.
            command = f"{sys.executable} -m marginalia_import {site} {project} --project --strict"
            imported = measure(command.split(), task=FULL, pages=pages, output=project)
            yield "build", build(project, output, pages, FULL)
            yield "import", imported


def write_site(site: Path, pages: int) -> None:
    """Write an Eleventy site into *site*."""
    (site / "images").mkdir(parents=True)
    shutil.copy(Path(__file__).parent / "templates" / "drawing.png", site / "images")
    for name in ("eleventy.config.js", "references.json"):
        write(site / name, name, {"pages": pages})
    for number in range(pages):
        random = Random(f"notes/{number}")
        notes = (json.dumps(sentence(random, 25)) for _ in range(NOTES))
        sidenotes = [f"{{% sidenote {note} %}}" for note in notes]
        heading, text = text_with_gaps(number, WORDS, NOTES).format(*sidenotes).split("\n", 1)
        values = {"number": number, "title": heading.removeprefix("# "), "text": text}
        write(site / f"{page(number)}.md", "article.md", values)


def adversarial(folder: Path, options: Namespace) -> Iterator[str]:
    """Yield how the CPU time of adversarial texts grows; 1 is linear.

    Each repeats a mark that opens something and never closes it, or closes it as often. A scanner
    that searched for the end of each mark from its start would be quadratic.
    """
    sizes = (options.marks, 8 * options.marks)
    title = "exponent from {:,} to {:,} marks".format(*sizes)
    yield from (row("text", title), row(":--", "--:"))
    article = folder / "article.md"
    convert = partial(import_site, Options(article, folder / "new", "eleventy", dry_run=True))
    for begin, end in (*((mark, "") for mark in UNCLOSED), *NESTED):
        seconds = []
        for marks in sizes:
            article.write_text(f"{begin * marks}x{end * marks}\n", encoding="utf-8")
            # What else the machine does can only add to it.
            seconds.append(min(repeat(convert, timer=process_time, repeat=3, number=1)))
        yield row(f"`{begin} {end}`", f"{exponent(seconds, sizes):.2f}")
