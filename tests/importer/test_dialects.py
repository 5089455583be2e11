"""Sites of the dialects besides Eleventy and Jekyll, imported whole and built.

A site is in ``sites/DIALECT``, and what it becomes in ``expected/DIALECT``: the articles, the pages
around them, and the report as it is printed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from marginalia_import.importer import Options, guess_dialect, import_site
from marginalia_import.report import Kind
from sphinx_marginalia.testing import ANSI
from tests.importer.conftest import run_program

HERE = Path(__file__).parent
DIALECTS = sorted(path.name for path in (HERE / "expected").iterdir() if path.is_dir())
#: The files that the tests of the other dialects read.
USUAL = {"imported.css", "references.bib", "bibliography.md"}
each_dialect = pytest.mark.parametrize("dialect", DIALECTS)


@each_dialect
def test_a_site_is_recognized(dialect: str) -> None:
    assert guess_dialect(HERE / "sites" / dialect) == dialect


@each_dialect
def test_a_site_becomes_what_is_expected(dialect: str, tmp_path: Path) -> None:
    new = tmp_path / "new"
    report = import_site(Options(HERE / "sites" / dialect, new, project=True))
    texts = {
        path.relative_to(new).as_posix(): path.read_text("utf-8")
        for path in sorted(new.rglob("*"))
        if path.suffix in {".md", ".cff", ".json"} and path.name not in USUAL
    }
    texts["report.txt"] = "\n".join(map(str, report.lines())) + "\n"
    folder = HERE / "expected" / dialect
    expected = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    assert texts == expected


@each_dialect
def test_no_word_of_a_site_is_lost_and_no_markup_stays(dialect: str, tmp_path: Path) -> None:
    report = import_site(Options(HERE / "sites" / dialect, tmp_path / "new", dry_run=True))
    kinds = {Kind.LOST_WORDS.label, Kind.LITERAL.label}
    assert [str(entry) for entry in report.entries if entry.kind in kinds] == []


@each_dialect
def test_a_site_builds_without_a_warning(dialect: str, tmp_path: Path) -> None:
    new = tmp_path / "new"
    import_site(Options(HERE / "sites" / dialect, new, project=True))
    result = run_program("sphinx", "-q", "-b", "html", new, tmp_path / "html")
    assert ANSI.sub("", result.err).replace(f"{new}/", "") == ""
    assert result.code == 0
