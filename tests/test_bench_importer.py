"""The benchmark of the importer imports and builds whole articles, and nothing is left undecided.

No test asserts a time: how long an import takes depends on the machine and on what else it does.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench import hostile
from bench.corpus import Shape
from bench.importer import Measured, exponent, table, write_site
from bench.measure import Cost
from marginalia_import.importer import Options, import_site

ROOT = Path(__file__).resolve().parent.parent
SMALL = Shape(pages=3, notes=8)


def run_bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.importer", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def articles(folder: Path, shape: Shape) -> list[str]:
    write_site(folder, shape)
    return [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md"))]


def test_a_site_is_made_by_its_seed_alone(tmp_path: Path) -> None:
    assert articles(tmp_path / "a", SMALL) == articles(tmp_path / "b", SMALL)


def test_a_larger_site_begins_with_the_smaller_one(tmp_path: Path) -> None:
    larger = Shape(SMALL.pages + 2, notes=SMALL.notes)
    assert articles(tmp_path / "b", larger)[: SMALL.pages] == articles(tmp_path / "a", SMALL)


def test_an_article_has_all_that_articles_are_written_with(tmp_path: Path) -> None:
    write_site(tmp_path / "site", SMALL)
    report = import_site(Options(tmp_path / "site", tmp_path / "new", project=True))
    needed = (
        "sidenotes",
        "marginnotes",
        "citations",
        "pauses",
        "figures",
        "links",
        "glossary_terms",
    )
    assert all(report.counts[name] >= SMALL.pages for name in needed)
    assert report.counts["sidenotes"] >= SMALL.pages * SMALL.notes


def test_the_importer_decides_all_of_it(tmp_path: Path) -> None:
    write_site(tmp_path / "site", SMALL)
    assert (
        import_site(Options(tmp_path / "site", tmp_path / "new", project=True)).open_problems == 0
    )


def test_the_ratio_is_of_an_import_and_the_build_that_ran_after_it() -> None:
    # The machine was ten times as slow for the second pair.
    measured = Measured(70, [Cost(1, 30), Cost(10, 30)], [Cost(10, 90), Cost(100, 90)])
    assert measured.ratio == pytest.approx(0.1)


def test_growth_is_an_exponent() -> None:
    assert exponent(1, 10, (70, 700)) == pytest.approx(1)
    small = Measured(70, [Cost(1, 30)], [Cost(10, 90)])
    large = Measured(700, [Cost(10, 30)], [Cost(1000, 900)])
    assert "| exponent of CPU seconds | 1.00 | 2.00 |" in table([small, large])
    assert "| exponent of memory | 0.00 | 1.00 |" in table([small, large])


def test_the_command_prints_a_ratio() -> None:
    done = run_bench("--articles", "2")
    assert done.returncode == 0, done.stderr
    assert "| import / build |" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--articles", "0"], "--articles must be above 0 and ascend"),
        (["--articles", "70", "10"], "--articles must be above 0 and ascend"),
        (["--repeat", "0"], "--repeat must be above 0"),
    ],
)
def test_the_command_refuses_what_it_cannot_measure(arguments: list[str], reason: str) -> None:
    done = run_bench(*arguments)
    assert done.returncode == 2
    assert reason in done.stderr


def test_hostile_texts_are_cut_and_converted_and_their_growth_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert hostile.main(["--marks", "4"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| `")]
    assert len(rows) == len(hostile.texts())
