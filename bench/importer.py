"""Measure an import against the build of what it wrote.

    python -m bench.importer --articles 70 1000

writes Eleventy sites from a seed, imports each, and builds what was written. The goal is a cost of
at most a quarter of the build, linear in the number of articles, and memory that hardly grows.
"""

from __future__ import annotations

import argparse
import json
import math
import pstats
import sys
import tempfile
from dataclasses import dataclass
from itertools import cycle, pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from bench.corpus import Page, Shape, essays
from bench.measure import BuildError, Cost, build, forget, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOTES_AN_ARTICLE = 8
PROFILED_FUNCTIONS = 30

#: Stands behind a paragraph, one after the other; a number makes each a little different.
BLOCKS = tuple(
    r"""
<details class="pause-and-think">
<summary>Pause and think: what does number {n} say?</summary>

Two *lines* of thought{{% sidenote "One of them is **wrong**: $x_{{{n}}} \\neq 0$." %}} follow.

- the first
- the second

</details>
===
![A drawing](/images/drawing.png "Figure {n}: what `f` draws {{% cite 'work{n}' %}}")
===
$$
\int_0^{{{n}}} x^2 \, dx = \frac{{{n}^3}}{{3}}
$$
===
```python
def number_{n}(x: int) -> int:
    return x + {n}  # {{% no tag %}}
```
===
> **Term {n}:** what is meant by it, in a *few* words.
===
| sign | value |
| --- | --- |
| `a` | $a_{n}$ |
| b | {{% cite 'work{n}' %}} |
===
<figure>
<img src="/images/drawing.png" alt="A drawing">
<figcaption>A drawing of <em>{n}</em>.</figcaption>
</figure>
""".strip().split("\n===\n")
)
#: Stands at the end of a paragraph, one after the other.
ENDS = (
    ' So says one study {{% cite "work{n}" %}}.',
    r" With $\alpha_{{{n}}} < \beta$, it holds.",
    " See [what was said before](/essay-{earlier:04}/).",
    '{{% marginnote "Compare `f({n})`, *for once*." %}}',
    " It costs 5% of <b>all</b> of it.",
)
#: A PNG of one pixel.
DRAWING = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


@dataclass(frozen=True)
class Measured:
    """The imports and builds of one site; the n-th of each ran one after the other."""

    articles: int
    imports: list[Cost]
    builds: list[Cost]

    @property
    def ratio(self) -> float:
        """What an import takes of what the build takes: the median over neighbours in time."""
        pairs = zip(self.imports, self.builds, strict=True)
        return median(ours.cpu / theirs.cpu for ours, theirs in pairs)


def article(number: int, page: Page) -> str:
    """Return a page as an article of Eleventy, with all that such articles are written with."""
    random = Random(f"article/{number}")
    text, end = "", 0
    for note, place in zip(page.notes, page.places, strict=True):
        text += f"{page.text[end:place]}{{% sidenote {json.dumps(note)} %}}"
        end = place
    heading, *blocks = (text + page.text[end:]).strip().split("\n\n")
    endings, extras = cycle(ENDS), cycle(BLOCKS)
    parts = []
    for position, block in enumerate(blocks):
        values = {"n": random.randrange(number + 1), "earlier": random.randrange(number + 1)}
        prose = block[0] not in "#-"
        parts.append(block + next(endings).format(**values) if prose else block)
        if prose and position % 3 == 2:
            parts.append(next(extras).format(**values))
    front = {
        "title": heading.removeprefix("# "),
        "description": parts[1][:100],
        "difficulty": "intermediate",
        "order": number,
        "prerequisites": [{"title": "Before", "url": f"/essay-{number // 2:04}/"}],
        "glossary": [{"term": f"Term {number}", "definition": "What is *meant* by it."}],
    }
    return "\n\n".join([f"---\n{json.dumps(front, indent=1)}\n---", *parts]) + "\n"


def write_site(folder: Path, shape: Shape) -> None:
    """Write a site of Eleventy into *folder*."""
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "drawing.png").write_bytes(DRAWING)
    (folder / "eleventy.config.js").write_text("export default () => ({});\n", encoding="utf-8")
    works = {
        f"work{n}": {
            "title": f"A Study of Number {n}",
            "authors": "Li, A., Wu, B., et al.",
            "year": 1900 + n % 100,
            "venue": "Journal of Numbers",
            "url": f"https://example.org/{n}",
        }
        for n in range(shape.pages)
    }
    (folder / "references.json").write_text(json.dumps(works, indent=1), encoding="utf-8")
    for number, page in enumerate(essays(shape)):
        file = folder / f"essay-{number:04}.md"
        file.write_text(article(number, page), encoding="utf-8")


def import_site(source: Path, target: Path, tool: Sequence[str] = ()) -> Cost:
    """Import a site in a process of its own.

    :param tool: options of Python that run a module around the importer
    :raises BuildError: it failed
    """
    # Nothing in these sites is to be decided: with --strict an import that finds something fails.
    options = (str(source), str(target), "--project", "--strict")
    return run("marginalia_import", *options, tool=tool)


def measure(folder: Path, shape: Shape, repeat: int) -> Measured:
    """Import and build a site *repeat* times, in turns.

    :raises BuildError: an import left something undecided, or a build warned
    """
    source = folder / f"site-{shape.pages}"
    write_site(source, shape)
    imports, builds = [], []
    for n in range(1, repeat + 1):
        target = folder / f"project-{shape.pages}-{n}"
        print(f"{shape.pages} articles, {n} of {repeat}", file=sys.stderr, flush=True)
        imports.append(import_site(source, target))
        builds.append(build(target, shape.pages))
        forget(target)
    return Measured(shape.pages, imports, builds)


def exponent(small: float, large: float, articles: tuple[int, int]) -> float:
    """Return *e* where a cost grows with the number of articles to the power of *e*."""
    return math.log(large / small) / math.log(articles[1] / articles[0])


def table(all_measured: Sequence[Measured]) -> str:
    """Return the results as Markdown."""
    lines = [
        "| articles | import / build | CPU s import | CPU s build | MB import | MB build |",
        "| --: | --: | --: | --: | --: | --: |",
        *(_row(measured) for measured in all_measured),
    ]
    if len(all_measured) > 1:
        lines += ["", *_growth(all_measured[0], all_measured[-1])]
    return "\n".join(lines)


def _row(measured: Measured) -> str:
    ours, theirs = _median(measured.imports), _median(measured.builds)
    return (
        f"| {measured.articles} | {measured.ratio:.3f} | {ours.cpu:.2f} | {theirs.cpu:.2f} "
        f"| {ours.megabytes:.0f} | {theirs.megabytes:.0f} |"
    )


def _growth(small: Measured, large: Measured) -> Iterator[str]:
    articles = (small.articles, large.articles)
    yield f"| growth from {articles[0]} to {articles[1]} articles | import | build |"
    yield "| :-- | --: | --: |"
    for name, what in (("exponent of CPU seconds", "cpu"), ("exponent of memory", "megabytes")):
        ours, theirs = (
            exponent(getattr(_median(a), what), getattr(_median(b), what), articles)
            for a, b in ((small.imports, large.imports), (small.builds, large.builds))
        )
        yield f"| {name} | {ours:.2f} | {theirs:.2f} |"


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(median(cost.cpu for cost in costs), median(cost.megabytes for cost in costs))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return its exit code."""
    options = _options(argv)
    shapes = [Shape(count, notes=NOTES_AN_ARTICLE) for count in options.articles]
    with tempfile.TemporaryDirectory(prefix="bench-importer-") as name:
        try:
            if options.profile:
                _profile(Path(name), shapes[0])
                return 0
            # Not measured: after it, all modules are compiled and all files have been read once.
            measure(Path(name) / "warm-up", Shape(2, notes=NOTES_AN_ARTICLE), 1)
            measured = [measure(Path(name), shape, options.repeat) for shape in shapes]
        except BuildError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    print(table(measured))
    return int(options.limit is not None and any(one.ratio > options.limit for one in measured))


def _profile(folder: Path, shape: Shape) -> None:
    """Print where the time of an import goes."""
    write_site(folder / "site", shape)
    file = folder / "import.pstats"
    import_site(folder / "site", folder / "project", tool=("-m", "cProfile", "-o", str(file)))
    pstats.Stats(str(file)).sort_stats("cumulative").print_stats(
        "marginalia_import", PROFILED_FUNCTIONS
    )


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m bench.importer", description=summary)
    parser.add_argument(
        "--articles",
        type=int,
        nargs="+",
        default=[70],
        metavar="N",
        help="articles of the site; of several the first and last give the growth (default: 70)",
    )
    parser.add_argument(
        "--repeat", type=int, default=1, metavar="N", help="imports and builds of each (default: 1)"
    )
    parser.add_argument("--limit", type=float, help="exit with 1 when a ratio is above this")
    parser.add_argument(
        "--profile", action="store_true", help="show where the time of an import goes instead"
    )
    options = parser.parse_args(argv)
    if min(options.articles) < 1 or any(a >= b for a, b in pairwise(options.articles)):
        parser.error("--articles must be above 0 and ascend")
    if options.repeat < 1:
        parser.error("--repeat must be above 0")
    return options


if __name__ == "__main__":
    sys.exit(main())
