"""A new book builds without a warning, and can be published, reorganised and released."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, example, given, settings

from sphinx_marginalia.new import folder as project_folder
from sphinx_marginalia.new.project import describe, files
from tests.new.test_new import SPECIAL, words

if TYPE_CHECKING:
    from collections.abc import Callable

#: Everything that means something in the languages of the files.
TITLE = " ".join(SPECIAL.replace("\ud800", "").split())
IDENTITY = "-c user.name=A -c user.email=a@example.org -c commit.gpgsign=false".split()


def run(folder: Path, *command: str, status: int = 0) -> str:
    """Run a command in *folder*, as an author does; return what it prints."""
    inherited = {name: text for name, text in os.environ.items() if "READTHEDOCS" not in name}
    result = subprocess.run(
        command,
        cwd=folder,
        env={**inherited, "MAKEFLAGS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    assert result.returncode == status, result.stdout
    return result.stdout


def make(folder: Path, *targets: str, status: int = 0) -> str:
    """Run targets of the book's own Makefile; a warning is an error."""
    strict = ("SPHINXOPTS=-W -n -q", f"PYTHON={sys.executable}")
    return run(folder, "make", "--no-print-directory", *targets, *strict, status=status)


def git(folder: Path, *arguments: str) -> None:
    run(folder, "git", *IDENTITY, *arguments)


def new(folder: Path, title: str, author: str, kind: str = "book") -> Path:
    """Write a book, and return its folder."""
    project_folder.write(folder, files(describe(title, author, licence="CC-BY-4.0"), kind))
    return folder


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new book in a repository, built as a web site."""
    if not (shutil.which("make") and shutil.which("git")):
        pytest.skip("make and git are needed")
    folder = new(tmp_path_factory.mktemp("new") / "book", "Tides & clocks", "Ada Lovelace")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Begin")
    make(folder, "html")
    return folder


def page(folder: Path, name: str) -> BeautifulSoup:
    text = (folder / "_site" / "html" / name).read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


# What readers see


def test_the_essay_has_what_the_manual_is_about(book: Path) -> None:
    essay = page(book, "essays/dark-night.html")
    for selector in (
        ".marginalia-sidenote",
        ".marginalia-pause .marginalia-discussion, details",
        ".marginalia-key-idea",
        ".marginalia-claim",
        ".marginalia-article",
        ".marginalia-works",
        "a[href='../cite/dark-night-forest.html']",
    ):
        assert essay.select(selector), selector


def test_the_sidebar_has_the_parts_of_the_book(book: Path) -> None:
    sidebar = page(book, "index.html").select(".sidebar-tree .caption-text")
    assert [caption.get_text() for caption in sidebar] == ["Methods", "Essays", "Reference"]


def test_a_section_has_a_page_with_its_reference(book: Path) -> None:
    text = page(book, "cite/dark-night-forest.html").get_text()
    assert "Lovelace, A." in text
    assert "Tides & clocks" in text


def test_nothing_has_to_be_locked_or_merged_after_the_first_build(book: Path) -> None:
    assert "up to date: 9 anchors" in make(book, "anchors")
    assert run(book, "git", "status", "--short") == ""


def test_make_lists_its_commands(book: Path) -> None:
    listed = re.findall(r"(?m)^make (\w+) ", make(book, "help"))
    assert listed == "help html live epub pdf anchors check clean".split()


def test_a_book_can_be_built_while_make_live_runs(book: Path) -> None:
    for folder in (book, Path(__file__).parents[2]):
        built = re.findall(r"_site/\S+", run(folder, "make", "-n", "live"))
        assert {*built} >= {"_site/.doctrees/live", "_site/live"}
        assert {*built} & {"_site/.doctrees/html", "_site/html"} == set()


@pytest.mark.slow
def test_it_builds_as_an_epub_and_for_latex(book: Path) -> None:
    make(book, "epub")
    (epub,) = (book / "_site" / "epub").glob("*.epub")
    assert "EPUB/essays/dark-night.xhtml" in {
        name if name.startswith("EPUB/") else f"EPUB/{name}" for name in ZipFile(epub).namelist()
    }
    formula = (book / "_site" / "epub" / "methods" / "parallax.xhtml").read_text("utf-8")
    assert "<math" in formula
    folders = ["-d", "_site/.doctrees/latex", ".", "_site/latex"]
    run(book, sys.executable, "-m", "sphinx", "-W", "-n", "-q", "-b", "latex", *folders)
    assert (book / "_site" / "latex" / "tidesclocks.tex").is_file()


@pytest.mark.slow
@pytest.mark.latex
def test_it_builds_as_a_pdf(book: Path, program: Callable[[str, str], str]) -> None:
    program("latexmk", "latexmk texlive-latex-recommended texlive-latex-extra tex-gyre")
    make(book, "pdf")
    (pdf,) = (book / "_site" / "latex").glob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")


def test_the_two_files_of_a_minimal_project_build(tmp_path: Path) -> None:
    folder = new(tmp_path / "small", "Tides & clocks", "Ada Lovelace", "minimal")
    for builder in ("html", "epub"):
        folders = ["-d", "_site/.doctrees", ".", f"_site/{builder}"]
        run(folder, sys.executable, "-m", "sphinx", "-W", "-n", "-q", "-b", builder, *folders)
    assert page(folder, "index.html").select(".marginalia-sidenote")


@pytest.mark.parametrize(
    ("start", "mistake", "line"),
    [("title:", "title", 5), ("\nversion: ", "\nversion: [", 10), ("- family", "family", 9)],
)
def test_a_mistake_in_the_citation_file_is_reported_by_the_build(
    tmp_path: Path, start: str, mistake: str, line: int
) -> None:
    folder = new(tmp_path / "book", "Tides & clocks", "Ada Lovelace")
    citation = folder / "CITATION.cff"
    citation.write_text(citation.read_text("utf-8").replace(start, mistake, 1), "utf-8")
    output = run(folder, sys.executable, "-m", "sphinx", "-q", ".", "_site/html")
    assert re.findall(r"CITATION\.cff:(\d+): .*\[marginalia\.citation_file\]", output) == [
        str(line)
    ]
    assert page(folder, "essays/dark-night.html").select(".marginalia-sidenote")


# What others check


def test_the_files_of_others_are_valid(book: Path) -> None:
    checks = {
        "vendor.github-workflows": ".github/workflows/pages.yml",
        "vendor.readthedocs": ".readthedocs.yaml",
        "vendor.citation-file-format": "CITATION.cff",
    }
    for schema, file in checks.items():
        run(book, sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file)


def test_the_workflow_grants_nothing_and_names_actions_by_hash(book: Path) -> None:
    text = (book / ".github" / "workflows" / "pages.yml").read_text()
    assert "\npermissions: {}\n" in text
    uses = re.findall(r"uses: (.*)", text)
    assert len(uses) == 4
    assert [line for line in uses if not re.fullmatch(r"\S+@[0-9a-f]{40} # v[\d.]+", line)] == []
    zizmor = Path(sys.executable).with_name("zizmor")
    if zizmor.exists():
        run(book, str(zizmor), "--offline", "--quiet", "--no-progress", ".github")


# What becomes of it


@pytest.mark.slow
def test_a_section_is_renamed_after_a_release_and_its_old_link_leads_on(
    book: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "book"
    run(tmp_path, "git", "clone", "-q", str(book), str(folder))
    # The first release, as README.md says.
    citation = folder / "CITATION.cff"
    citation.write_text(citation.read_text().replace("#date-released:", "date-released:"))
    make(folder, "anchors", "check")
    git(folder, "commit", "-qam", "Release 0.1.0")
    git(folder, "tag", "v0.1.0")
    make(folder, "html")
    released = page(folder, "cite/dark-night-forest.html").get_text()
    assert "(2030)" in released
    assert "draft" not in released
    # A section gets another name, and a page another place.
    essay = folder / "essays" / "dark-night.md"
    essay.write_text(essay.read_text().replace("(dark-night-forest)=", "(edge)="))
    assert "dark-night-forest" in make(folder, "check", status=2)
    lock = (sys.executable, "-m", "sphinx_marginalia.permalinks", "lock", ".", "-c", ".")
    run(folder, *lock, "--renamed", "dark-night-forest=edge", "-d", "_site/.doctrees/anchors")
    assert "nothing is lost" in make(folder, "check")
    assert page(folder, "essays/dark-night.html").select("#dark-night-forest")
    assert page(folder, "s/dark-night-forest.html").select("a[href*='dark-night.html#']")


# The tutorial

TUTORIAL = Path(__file__).parents[2] / "docs" / "authoring" / "index.md"
#: What a test cannot do: installing, a browser, somebody's account.
ELSEWHERE = ("python3 -m venv", ". .venv", "pip install", "make live", "git remote", "git push")


@pytest.mark.slow
def test_the_tutorial_word_for_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Type what it says to type, and paste what it says to paste, in this order."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, command in {"marginalia-new": "-m sphinx_marginalia.new", "python": ""}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"):
        monkeypatch.setenv(name, "Ada")
        monkeypatch.setenv(name.replace("NAME", "EMAIL"), "ada@example.org")
    steps, _, own = TUTORIAL.read_text(encoding="utf-8").partition("(writing-own)=")
    folder = tmp_path
    for language, block in re.findall(r"(?ms)^ *```(sh|markdown|yaml)\n(.*?)^ *```$", steps):
        if language == "markdown":
            essay = folder / "essays" / "dark-night.md"
            essay.write_text(f"{essay.read_text('utf-8')}\n{block}", encoding="utf-8")
        elif language == "yaml":
            citation = folder / "CITATION.cff"
            text = citation.read_text("utf-8")
            assert f"\n#{block}" in text
            citation.write_text(text.replace(f"#{block}", block), encoding="utf-8")
        for line in block.splitlines() if language == "sh" else ():
            if line.startswith("cd "):
                folder /= line.removeprefix("cd ")
            elif not line.strip().startswith(ELSEWHERE):
                line += " --yes" if line.startswith("marginalia-new") else ""
                run(folder, *shlex.split(line))
    # What it promises.
    assert "(the-farthest-light)=" in (folder / "essays" / "dark-night.md").read_text("utf-8")
    make(folder, "check")
    cited = page(folder, "cite/the-farthest-light.html").get_text()
    assert "(2030)" in cited
    assert page(folder, "s/the-farthest-light.html")
    replace_sample(folder, own.partition("(writing-existing)=")[0])
    make(folder, "anchors", "check")
    assert "dark-night" not in (folder / "anchors.lock.json").read_text("utf-8")


def replace_sample(folder: Path, steps: str) -> None:
    """Do what the *steps* say to do without the sample."""
    for name in ("essays/dark-night.md", "methods/parallax.md", "anchors.lock.json"):
        (folder / name).unlink()
    (folder / "index.md").write_text("# Tides\n\n```{toctree}\nbibliography\n```\n", "utf-8")
    for block in re.findall(r"(?ms)^ *```sh\n(.*?)^ *```$", steps):
        for line in block.splitlines():
            if not line.strip().startswith(ELSEWHERE):
                run(folder, *shlex.split(line))


# Words


@pytest.mark.slow
@given(title=words, author=words)
@example(title=TITLE, author=TITLE)
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
def test_a_book_with_any_words_in_its_title_builds(
    title: str, author: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    title, author = f"A{title}", f"B{author}"
    folder = new(tmp_path_factory.mktemp("words") / "book", title, author)
    words_of = describe(title, author)
    for builder in ("html", "epub", "latex"):
        folders = ["-d", f"_site/.doctrees/{builder}", ".", f"_site/{builder}"]
        run(folder, sys.executable, "-m", "sphinx", "-W", "-n", "-q", "-b", builder, *folders)
    heading = page(folder, "index.html").select_one("h1")
    assert heading is not None
    for link in heading.select("a"):
        link.decompose()
    assert plain(heading.get_text()) == plain(words_of.title)
    ET.fromstring((folder / "_site" / "epub" / "index.xhtml").read_text("utf-8"))


def plain(text: str) -> str:
    """Return *text* without what Sphinx's typography changes: quotation marks, dashes, dots."""
    return re.sub(r"[\s\"'“”‘’„…—–.\\`-]+", "", text)
