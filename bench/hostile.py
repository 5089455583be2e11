"""Measure how the time for adversarial inputs grows with their length.

    python -m bench.hostile

Each text repeats a delimiter that opens something, and never closes it, or closes it as often. A
tokenizer that searches the end of each from its start would take quadratic time.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from marginalia_import.importer import Options, import_site
from marginalia_import.tokenizer import Grammar, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

UNCLOSED = ("{% a '", "{{ '", "$a ", "<!--", "{#", "$$", "{%- a ``", "<a> ", "[", "![")
NESTED = (("[", "]"), ("![", "](x)"), ("[", "][x]"), ("<b>", "</b>"), ("{% box %}", "{% endbox %}"))
NUNJUCKS = Grammar(
    hash_comments=True,
    strings_in_tags=True,
    verbatim_tags={"raw": "endraw"},
    dollar_math=True,
    inline_double_dollars=False,
)
#: How often a mark stands in the shorter text; in the longer one GROWTH times as often.
MARKS = 625
GROWTH = 8


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=__doc__)
    parser.add_argument("--marks", type=int, default=MARKS, help="marks of the shorter text")
    marks = parser.parse_args(argv).marks
    print("| text | cut: exponent | converted: exponent |\n| :-- | --: | --: |")
    for name, text in texts().items():
        cells = [f"{exponent(cost, text, marks):.2f}" for cost in (cutting, converting)]
        print(f"| `{name}` | {' | '.join(cells)} |")
    print(f"\nFrom {marks} to {GROWTH * marks} marks; 1 is a cost that grows as the text does.")
    return 0


def texts() -> Mapping[str, Callable[[int], str]]:
    """Return the texts by what one looks like, each a function of how often its mark stands."""
    unclosed = {mark: partial(_unclosed, mark) for mark in UNCLOSED}
    return unclosed | {f"{a} {b}": partial(_nested, a, b) for a, b in NESTED}


def _unclosed(mark: str, times: int) -> str:
    return f"{mark * times}\n"


def _nested(begin: str, end: str, times: int) -> str:
    return f"{begin * (times // 2)}x{end * (times // 2)}\n"


def cutting(text: str) -> None:
    """Cut a text into tags, code, formulas and the rest."""
    list(tokenize(text, NUNJUCKS))


def converting(text: str) -> None:
    """Convert a site of one article, without writing it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        site = Path(name) / "site"
        site.mkdir()
        (site / "eleventy.config.js").touch()
        (site / "article.md").write_text(text, encoding="utf-8")
        import_site(Options(site, Path(name) / "new", dry_run=True))


def exponent(cost: Callable[[str], None], text: Callable[[int], str], marks: int) -> float:
    """Return *e* where the CPU time grows with the length to the power of *e*."""
    short, long = (_seconds(cost, text(n)) for n in (marks, GROWTH * marks))
    return math.log(long / short) / math.log(GROWTH)


def _seconds(cost: Callable[[str], None], text: str) -> float:
    """Return the CPU seconds, the least of three."""
    took = []
    for _ in range(3):
        start = process_time()
        cost(text)
        took.append(process_time() - start)
    return min(took)


if __name__ == "__main__":
    sys.exit(main())
