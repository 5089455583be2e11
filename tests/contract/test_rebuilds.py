"""One process or four, a folder or another, at once or bit by bit: the same bytes."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.contract.builders import QUIET, WORKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sphinx_marginalia.testing import Built

N = 12
PAGE = """\
({name})=
# Page {name}{{sidenote}}`Heading note of {name}.`

Said{{sidenote}}``Note of {name}, see {{cite:p}}`ada2020`.`` and {{cite:t}}`bell2021`.{{marginnote}}`Beside.`

A footnote[^a] twice[^a].

[^a]: Footnote of {name}.

::::{{pause-and-think}} Question of {name}?
Think.{{sidenote}}`Within.`

:::{{discussion}}
Discuss {{ref}}`{name}`.
:::
::::

:::{{key-idea}} Idea of {name}
:name: idea-{name}

The definition of {name}, see {{ref}}`idea-p00`.
:::

:::{{claim}} claim-of-{name}
:kind: capability
:verdict: contested
:scale: frontier
:evidence: ada2020
:against: bell2021
:reviewed: 2026-11-20
:would-change: a better look at {name}

The claim of {name}.{{sidenote}}`Of a claim.`
:::

As {{claim}}`claim-of-p00` says.
"""
LISTS = """\
# Lists

:::{pause-list}
:::

:::{key-idea-list}
:::

:::{claim-table}
:::

:::{claim-matrix}
:::
"""
BIBLIOGRAPHY = "# Bibliography\n\n```{bibliography}\n```\n"
NAMES = [f"p{n:02}" for n in range(N)]
CORPUS = {
    "index.md": "\n".join(["# Book\n\n```{toctree}", *NAMES, "lists", "works", "```\n"]),
    "lists.md": LISTS,
    "works.md": BIBLIOGRAPHY,
    "works.bib": WORKS,
    **{f"{name}.md": PAGE.format(name=name) for name in NAMES},
}
WHOLE = {
    **QUIET,
    "extensions": (
        "myst_parser",
        "sphinxcontrib.bibtex",
        "sphinx_marginalia",
        "sphinx_marginalia.previews",
        "sphinx_marginalia.search",
    ),
    "sidenotes_from_footnotes": True,
    "bibtex_default_style": "marginalia",
    "bibtex_reference_style": "marginalia",
}

#: What is for Sphinx and not for a reader: ``.buildinfo`` is a hash of the configuration, and
#: ``environment.pickle`` and the doctrees hold sets and paths.
NOT_FOR_READERS = re.compile(r"\.buildinfo|\.doctrees/|environment\.pickle")


def output_of(built: Built) -> dict[str, bytes]:
    """Return every file that a reader may get, by its name."""
    files = {file.relative_to(built.out).as_posix(): file for file in built.out.rglob("*")}
    return {
        name: file.read_bytes()
        for name, file in sorted(files.items())
        if file.is_file() and not NOT_FOR_READERS.match(name)
    }


def differences(one: Built, other: Built) -> list[str]:
    """Return the names of the files that are not the same, or only in one of both."""
    a, b = output_of(one), output_of(other)
    return [name for name in sorted({*a, *b}) if a.get(name) != b.get(name)]


@pytest.fixture(scope="module")
def one_process(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(CORPUS, tmp_path_factory.mktemp("one"), **WHOLE)


def test_a_book_builds_without_a_warning(one_process: Built) -> None:
    assert one_process.warnings == ""


def test_four_processes_write_the_same_html_as_one(one_process: Built, tmp_path: Path) -> None:
    four = build(CORPUS, tmp_path, jobs=4, **WHOLE)
    assert four.warnings == ""
    assert differences(four, one_process) == []


@pytest.mark.slow
def test_four_processes_write_the_same_latex_as_one(tmp_path: Path) -> None:
    one = build(CORPUS, tmp_path / "one", "latex", **WHOLE)
    four = build(CORPUS, tmp_path / "four", "latex", jobs=4, **WHOLE)
    assert differences(one, four) == []


def test_two_folders_give_the_same_book(one_process: Built, tmp_path: Path) -> None:
    assert differences(build(CORPUS, tmp_path / "else" / "where", **WHOLE), one_process) == []


SMALL = ["p00", "p01", "p02"]
BOOK = {
    "index.md": "\n".join(["# Book\n\n```{toctree}", *SMALL, "lists", "works", "```\n"]),
    "lists.md": LISTS,
    "works.md": BIBLIOGRAPHY,
    "works.bib": WORKS,
    **{f"{name}.md": PAGE.format(name=name) for name in SMALL},
}


class Log:
    """What a build reads and writes."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.written: list[str] = []

    def setup(self, app: Any) -> dict[str, bool]:
        """Listen, as an extension."""
        app.connect("source-read", lambda app, docname, source: self.read.append(docname))
        app.connect("html-page-context", self._writes)
        return {"parallel_read_safe": True, "parallel_write_safe": True}

    def _writes(self, app: Any, page: str, template: str, context: Any, doctree: Any) -> None:
        if doctree is not None:
            self.written.append(page)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """Be an extension ``reading_log`` that records what is read and written."""
    log = Log()
    module = ModuleType("reading_log")
    module.setup = log.setup  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "reading_log", module)
    return log


#: Sphinx itself, with no extension, does not write the neighbours of a page again whose title
#: changed, and keeps the words of the old title in the search index.
STALE = {"title": ("p00.html", "p02.html", "searchindex.js")}


def rebuild(files: Mapping[str, str], folder: Path, **config: Any) -> Built:
    return build(files, folder, fresh=False, **{**WHOLE, **config})


def test_a_build_without_changes_reads_and_writes_nothing(log: Log, tmp_path: Path) -> None:
    config = {"extensions": (*WHOLE["extensions"], "reading_log")}
    rebuild(BOOK, tmp_path, **config)
    assert sorted(log.read) == sorted(["index", *SMALL, "lists", "works"])
    log.read.clear()
    log.written.clear()
    rebuild(BOOK, tmp_path, **config)
    assert (log.read, log.written) == ([], [])


EDITS = {
    "question": ("Question of p01?", "Another question?"),
    "key idea": ("Idea of p01", "A better idea"),
    "definition": ("The definition of p01", "A better definition"),
    "title": ("# Page p01", "# Retitled"),
    "sidenote": ("Note of p01", "Another note"),
    "citation": (" and {cite:t}`bell2021`", ""),
    "pause removed": ("::::{pause-and-think}", "::::{note}"),
    "claim": ("The claim of p01", "Another claim"),
    "verdict": (":verdict: contested", ":verdict: refuted"),
    "evidence": (":evidence: ada2020", ":evidence: bell2021"),
    "claim removed": (":::{claim} claim-of-p01", ":::{key-idea} No claim"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_page_edited_and_built_again_is_a_clean_build(edit: str, tmp_path: Path) -> None:
    old, new = EDITS[edit]
    page = BOOK["p01.md"].replace(old, new)
    if edit == "pause removed":
        page = page.replace(":::{discussion}", ":::{tip}")
    edited = {**BOOK, "p01.md": page}
    assert edited != BOOK
    rebuild(BOOK, tmp_path / "edited")
    again = rebuild(edited, tmp_path / "edited")
    clean = rebuild(edited, tmp_path / "clean")
    assert [name for name in differences(again, clean) if name not in STALE.get(edit, ())] == []


def test_an_edit_that_changes_no_question_writes_its_page_only(log: Log, tmp_path: Path) -> None:
    config = {"extensions": (*WHOLE["extensions"], "reading_log")}
    rebuild(BOOK, tmp_path, **config)
    log.read.clear()
    log.written.clear()
    rebuild({**BOOK, "p01.md": BOOK["p01.md"].replace("Beside.", "Aside.")}, tmp_path, **config)
    assert log.read == ["p01"]
    assert "p02" not in log.written
    assert "lists" not in log.written


def test_a_deleted_page_takes_its_questions_and_ideas_with_it(tmp_path: Path) -> None:
    rebuild(BOOK, tmp_path)
    (tmp_path / "source" / "p01.md").unlink()
    without = {name: text for name, text in BOOK.items() if name != "p01.md"}
    without["index.md"] = BOOK["index.md"].replace("p01\n", "")
    page = rebuild(without, tmp_path).page("lists")
    assert "p00" in page
    assert "p01" not in page


def test_a_page_that_moves_in_the_contents_moves_in_the_lists(tmp_path: Path) -> None:
    rebuild(BOOK, tmp_path / "moved")
    moved = {**BOOK, "index.md": BOOK["index.md"].replace("p00\np01", "p01\np00")}
    page = rebuild(moved, tmp_path / "moved").page("lists")
    assert page.index("Question of p01?") < page.index("Question of p00?")
