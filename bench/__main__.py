"""Measure builds with our extensions against the same text on plain Sphinx."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from dataclasses import asdict
from importlib.util import find_spec
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sphinx

from bench.contests import CONTESTS, Contest
from bench.hotspots import profile, profile_table
from bench.measure import BuildError, Series, Stage, series
from bench.page import marks_in, put_into, ratios
from bench.report import cpu_ratio, record, table

if TYPE_CHECKING:
    from collections.abc import Sequence

PROFILED_FUNCTIONS = 25


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and return its exit code."""
    options = _options(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        try:
            if options.profile:
                functions = profile(folder, options.pages[0], options.theme, options.contest)
                print(profile_table(functions[:PROFILED_FUNCTIONS]))
                return 0
            measured = _measure(folder, options)
        except BuildError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    _report(measured, options)
    return int(_over_limit(measured, options.limit))


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the options, checked now: a large corpus takes long."""
    parser = _parser()
    options = parser.parse_args(argv)
    options.contest = CONTESTS[options.of].with_words(options.words)
    if any(small >= large for small, large in pairwise(options.pages)):
        parser.error("--pages must ascend")
    if options.json and not options.json.parent.is_dir():
        parser.error(f"--json: there is no folder {options.json.parent}")
    if options.page and options.of not in marks_in(options.page):
        parser.error(f"--page: {options.page} has no mark for {options.of!r}")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--pages",
        type=_positive,
        nargs="+",
        default=[70],
        metavar="N",
        help="pages of the corpus; of several the first and last give the growth (default: 70)",
    )
    parser.add_argument(
        "--repeat",
        type=_positive,
        nargs="+",
        default=[5],
        metavar="N",
        help="builds of each variant, one number for each of --pages or for the rest (default: 5)",
    )
    parser.add_argument(
        "--of",
        choices=CONTESTS,
        default="notes",
        help="what is compared: "
        + "; ".join(f"{name}, {contest.summary}" for name, contest in CONTESTS.items()),
    )
    parser.add_argument("--words", type=_positive, metavar="N", help="words of a page")
    parser.add_argument("--theme", choices=("alabaster", "furo"), default="alabaster")
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="measure builds with nothing changed and with one page edited too",
    )
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help="put the ratios into the page FILE, at its mark"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results to FILE too")
    parser.add_argument("--limit", type=float, help="exit with 1 when a CPU ratio is above this")
    parser.add_argument(
        "--profile",
        action="store_true",
        help="show the share of our functions in one build instead",
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def _measure(folder: Path, options: argparse.Namespace) -> list[Series]:
    # Not measured: after it, all modules are compiled and all files have been read once.
    series(folder / "warm-up", 1, options.theme, 1, lambda _: None, options.contest)
    counts = zip_longest(options.pages, options.repeat[: len(options.pages)])
    repeat = options.repeat[-1]
    return [
        measured
        for pages, own in counts
        for measured in series(
            folder,
            pages,
            options.theme,
            own or repeat,
            _say,
            options.contest,
            [*Stage] if options.rebuild else [Stage.FULL],
        )
    ]


def _report(measured: list[Series], options: argparse.Namespace) -> None:
    conditions: dict[str, Any] = {
        **_of_a_page(options.contest),
        "of": options.of,
        "theme": options.theme,
        "python": platform.python_version(),
        "sphinx": sphinx.__display_version__,
        "pystemmer": find_spec("Stemmer") is not None,
    }
    print(f"Compared: {options.contest.summary}.")
    print(", ".join(f"{name}: {value}" for name, value in conditions.items()), end="\n\n")
    print(table(measured))
    print(
        "\nRatios are marginalia / plain; the CPU ratio is the median over builds that ran one"
        "\nafter the other. CPU seconds and MB (10⁶ bytes) are medians of this run on this machine."
        "\ngc is Python's garbage collector, whose seconds are among the CPU seconds."
    )
    if options.page:
        put_into(options.page, options.of, ratios(measured))
    if options.json:
        text = json.dumps(record(measured, conditions), indent=2) + "\n"
        options.json.write_text(text, encoding="utf-8")


def _of_a_page(contest: Contest) -> dict[str, Any]:
    """Return how much text a page has, without what is not set."""
    said = asdict(contest.page)
    return {name: value for name, value in said.items() if name != "pages" and value is not None}


def _over_limit(measured: list[Series], limit: float | None) -> bool:
    return limit is not None and any(cpu_ratio(one).median > limit for one in measured)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
