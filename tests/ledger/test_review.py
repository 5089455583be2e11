"""Which claims to review again."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.ledger.review import Item, by_age, changes, publication_date
from tests.ledger.claims import BOOK

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2027, 1, 1)


def item(name: str, reviewed: str, *keys: str) -> Item:
    return Item(name, f"{name}.md:1", reviewed, keys)


def test_the_longest_not_reviewed_come_first_and_those_that_never_were_before() -> None:
    items = [item("a", "2026-12-31"), item("b", ""), item("c", "2026-01-01")]
    aged = by_age(items, TODAY, 0)
    assert [(days, one.name) for days, one in aged] == [(None, "b"), (365, "c"), (1, "a")]
    assert [one.name for _, one in by_age(items, TODAY, 30)] == ["b", "c"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"year": "2026"}, "2026"),
        ({"year": "2026", "month": "nov"}, "2026-11"),
        ({"year": "2026", "month": "November"}, "2026-11"),
        ({"year": "2026", "month": "3"}, "2026-03"),
        ({"date": "2026-03-04"}, "2026-03-04"),
        ({"date": "2026-03/2026-05"}, "2026-03"),
        ({"year": "2026", "month": "spring"}, "2026"),
        ({"year": "2026", "month": "13"}, "2026"),
        ({"date": "in press"}, ""),
        ({}, ""),
    ],
)
def test_the_date_of_a_work(fields: dict[str, str], expected: str) -> None:
    assert publication_date(fields) == expected


def test_a_work_dated_after_the_review_is_listed() -> None:
    works = {"new": {"year": "2027"}, "same": {"year": "2026"}, "later": {"date": "2026-12"}}
    items = [item("a", "2026-11-20", "new", "same", "later")]
    assert [(one.key, one.difference) for one in changes(items, works, {})] == [
        ("new", "is dated 2027"),
        ("later", "is dated 2026-12"),
    ]


def test_a_preprint_that_was_published_since_is_listed() -> None:
    then = {"2026-11-20": {"work": {"type": "misc", "year": "2025", "eprint": "1"}}}
    now = {"work": {"type": "article", "year": "2026", "eprint": "1", "journal": "Nature"}}
    (change,) = changes([item("a", "2026-11-20", "work")], now, then)
    assert change.difference == (
        "has the type article (was misc), has the year 2026 (was 2025), "
        "has the journal Nature (was nothing)"
    )


def review(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the program on the project in *folder*."""
    command = [sys.executable, "-m", "sphinx_marginalia.ledger", "review", ".", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


CONF = """\
extensions = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"]
myst_enable_extensions = ["colon_fence"]
bibtex_bibfiles = ["works.bib"]
"""


def git(folder: Path, *arguments: str, day: str = "2026-11-20") -> None:
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    command = ["git", "-C", str(folder), *author, *arguments]
    subprocess.run(command, check=True, env={"PATH": "/usr/bin:/bin", **dates})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {**BOOK, "conf.py": CONF}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_program_lists_claims_by_age(project: Path) -> None:
    done = review(project, "--today", "2026-11-30")
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert [line.split() for line in lines[1:4]] == [
        ["never", "-", "odd-stars", "sub/far.md:14"],
        ["668", "days", "2025-01-31", "far-stars", "sub/far.md:3"],
        ["10", "days", "2026-11-20", "near-stars", "near.md:3"],
    ]
    assert lines[-1] == "No work changed after a review"


def test_the_program_lists_a_work_that_changed_after_the_review(project: Path) -> None:
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "Stars", day="2025-01-30")
    works = project / "works.bib"
    works.write_text(
        works.read_text().replace("@misc{gaia2016,", "@article{gaia2016, journal = {A&A},")
    )
    git(project, "commit", "-qam", "Published", day="2026-02-01")
    lines = review(project, "--today", "2026-11-30").stdout.splitlines()
    # The other claim that names it was reviewed later.
    assert lines[-2:] == [
        "Works that changed after the review",
        "  far-stars  sub/far.md:3: gaia2016 has the type article (was misc), "
        "has the journal A&A (was nothing)",
    ]


def test_the_program_reads_the_works_of_a_project_that_lists_its_features(project: Path) -> None:
    conf = CONF.replace('"sphinx_marginalia"', '"sphinx_marginalia.works"')
    (project / "conf.py").write_text(conf, encoding="utf-8")
    works = project / "works.bib"
    works.write_text(works.read_text().replace("year = {2016}", "year = {2026}"))
    text = (project / "near.md").read_text().partition("{sidenote}")[0] + "\n:::\n"
    (project / "near.md").write_text(text, encoding="utf-8")
    done = review(project, "--today", "2026-11-30")
    assert "WARNING" not in done.stderr
    assert done.stdout.splitlines()[-1].endswith("gaia2016 is dated 2026-11")


def test_a_project_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    done = review(tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")


def test_the_program_prints_the_queries_of_a_claim(project: Path) -> None:
    near = project / "near.md"
    near.write_text(near.read_text().replace(":kind:", ":search: near stars; parallax\n:kind:"))
    lines = review(project, "--today", "2026-11-30").stdout.splitlines()
    assert [line.strip() for line in lines[3:6]] == [
        "10 days  2026-11-20  near-stars  near.md:3",
        "search: near stars",
        "search: parallax",
    ]
