"""The benchmark of the importer imports and builds whole articles, and nothing is left undecided.

No test asserts a time: how long an import takes depends on the machine and on what else it does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bench import __main__ as command
from bench.importer import NESTED, NOTES, UNCLOSED, write_site
from marginalia_import.importer import Options, import_site

if TYPE_CHECKING:
    from pathlib import Path


PAGES = 3


def articles(folder: Path, pages: int = PAGES) -> list[str]:
    write_site(folder, pages)
    return [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md"))]


def test_a_site_is_the_same_each_time(tmp_path: Path) -> None:
    assert articles(tmp_path / "a") == articles(tmp_path / "b")


def test_a_larger_site_begins_with_the_smaller_one(tmp_path: Path) -> None:
    assert articles(tmp_path / "b", PAGES + 2)[:PAGES] == articles(tmp_path / "a")


def test_an_article_has_all_that_articles_are_written_with(tmp_path: Path) -> None:
    write_site(tmp_path / "site", PAGES)
    report = import_site(Options(tmp_path / "site", tmp_path / "new", project=True))
    needed = ("marginnotes", "citations", "pauses", "figures", "links", "glossary_terms")
    assert all(report.counts[name] >= PAGES for name in needed)
    assert report.counts["sidenotes"] >= PAGES * NOTES


def test_the_importer_decides_all_of_it(tmp_path: Path) -> None:
    write_site(tmp_path / "site", PAGES)
    assert (
        import_site(Options(tmp_path / "site", tmp_path / "new", project=True)).open_problems == 0
    )


@pytest.mark.slow
def test_the_command_compares_an_import_with_a_build(capfd: pytest.CaptureFixture[str]) -> None:
    assert command.main(["importer", "--pages", "1", "2"]) == 0
    out = capfd.readouterr().out
    assert "Ratios are import / build" in out
    assert re.search(r"^\| 2 \| full build \| \d\.\d\d \|", out, re.MULTILINE)
    assert "| growth from 1 to 2 pages | build | import |" in out
    assert "without gc" not in out


def test_adversarial_inputs_are_converted_and_their_growth_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["adversarial", "--marks", "4"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| `")]
    assert len(rows) == len(UNCLOSED) + len(NESTED)
