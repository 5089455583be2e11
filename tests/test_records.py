"""What a build on top of another looks at again: nothing, where no fact has changed."""

from __future__ import annotations

import json
import os
import pickle
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.core.index import Sealed
from sphinx_marginalia.testing import Built, build

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.core.index import IndexDomain

# Sealed values


class Watched:
    """A value that says when it is made again of bytes."""

    unsealed = 0

    def __setstate__(self, state: dict[str, str]) -> None:
        type(self).unsealed += 1
        self.__dict__ = state


@pytest.fixture
def sealed() -> Sealed[Any]:
    Watched.unsealed = 0
    values: Sealed[Any] = Sealed()
    for name in ("a", "b"):
        values[name] = Watched()
        values[name].name = name
    found: Sealed[Any] = pickle.loads(pickle.dumps(values))
    return found


def test_a_value_is_unsealed_when_it_is_asked_for_the_first_time(sealed: Sealed[Any]) -> None:
    assert (len(sealed), [*sealed], "a" in sealed, "c" in sealed) == (2, ["a", "b"], True, False)
    assert Watched.unsealed == 0
    assert sealed["a"].name == "a"
    assert sealed["a"] is sealed["a"]
    assert Watched.unsealed == 1


def test_saving_it_again_unseals_nothing(sealed: Sealed[Any]) -> None:
    assert len(deepcopy(pickle.loads(pickle.dumps(sealed)))) == 2
    assert Watched.unsealed == 0


def test_a_value_that_was_replaced_is_the_new_one(sealed: Sealed[Any]) -> None:
    sealed["a"] = "new"
    assert [*sealed] == ["b", "a"]
    assert pickle.loads(pickle.dumps(sealed))["a"] == "new"


def test_a_value_can_be_taken_away(sealed: Sealed[Any]) -> None:
    del sealed["a"]
    assert [*sealed] == ["b"]
    with pytest.raises(KeyError):
        del sealed["a"]


@pytest.mark.parametrize("is_open", [True, False])
def test_another_one_takes_a_value_over(is_open: bool, sealed: Sealed[Any]) -> None:
    if is_open:
        sealed["a"] = sealed["a"]
    other: Sealed[Any] = Sealed()
    other["a"] = "older"
    other.take("a", sealed)
    assert Watched.unsealed == is_open
    assert other["a"].name == "a"


# Builds

EXTENSIONS = ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia")
#: The domains whose facts an edit of prose cannot change, and all.
UNTOUCHED = ("marginalia-pauses", "marginalia-key-ideas", "marginalia-sections", "claim")
DOMAINS = (*UNTOUCHED, "marginalia-cited-by")
LOCK = {
    "claim-stars": {"at": "a#claim-stars", "first": "1", "title": "There are stars"},
    "home": {"at": "index#home", "first": "1", "title": "T"},
    "one": {"at": "a#one", "first": "1", "title": "A"},
    "other": {"at": "b#other", "first": "1", "title": "B"},
    "two": {"at": "b#two", "first": "1", "title": "Two"},
}
FILES = {
    "index.md": "(home)=\n# T\n\n```{toctree}\na\nb\n```\n\n```{bibliography}\n```\n",
    "a.md": """\
---
title: A
description: Of stars.
prerequisites: ["b#two"]
---
(one)=
# A

Prose {cite:p}`work`.

:::{claim} stars
:kind: capability
:verdict: supported
:evidence: work
There are stars.
:::

:::{pause-and-think} Are there?
:::
""",
    "b.md": "(other)=\n# B\n\n(two)=\n## Two\n\n:::{claim-table}\n:::\n\n:::{pause-list}\n:::\n",
    "works.bib": "@misc{work, author={Ada Berg}, title={On stars}, year={2020}}\n",
    "anchors.lock.json": json.dumps(LOCK, indent=1),
}
TOLD = ("claims.json", "cited-by.json", "anchors.json")


def book(folder: Path, fresh: bool = True, **files: str) -> Built:
    named = {name.replace("__", "."): text for name, text in files.items()}
    built = build(
        FILES | named,
        folder,
        extensions=EXTENSIONS,
        fresh=fresh,
        bibtex_bibfiles=[str(folder / "source" / "works.bib")],
    )
    assert built.warnings == ""
    return built


#: Front matter and heading.
RETITLED = (
    'title: A\ndescription: Of stars.\nprerequisites: ["b#two"]\n---\n(one)=\n# A\n',
    'title: C\ndescription: Of stars.\nprerequisites: ["b#two"]\n---\n(one)=\n# C\n',
)


def edited(old: str, new: str) -> str:
    assert old in FILES["a.md"]
    return FILES["a.md"].replace(old, new)


def unchanged(built: Built) -> set[str]:
    domains: dict[str, Any] = {name: built.app.env.domains[name] for name in DOMAINS}
    return {name for name, domain in domains.items() if domain.unchanged}


MORE = edited("Prose", "A paragraph.\n\nAnd another line\nof prose")


def test_an_edit_that_changes_no_fact_has_no_list_looked_at(tmp_path: Path) -> None:
    assert unchanged(book(tmp_path)) == set()
    assert unchanged(book(tmp_path, fresh=False, a__md=MORE)) == set(DOMAINS)


@pytest.mark.parametrize(
    ("edit", "looked_at"),
    [
        (("There are stars.", "There are none."), {"claim", "marginalia-sections"}),
        (("Are there?", "Where?"), {"marginalia-pauses"}),
        (("{cite:p}`work`", "alone"), {"marginalia-cited-by"}),
        # It is shown wherever a page is named.
        (RETITLED, set(DOMAINS)),
    ],
    ids=["claim", "question", "citation", "title"],
)
def test_a_fact_that_changes_has_its_lists_looked_at(
    edit: tuple[str, str], looked_at: set[str], tmp_path: Path
) -> None:
    book(tmp_path)
    built = book(tmp_path, fresh=False, a__md=edited(*edit))
    assert set(DOMAINS) - unchanged(built) == looked_at


def test_a_document_that_moves_in_the_table_of_contents_is_a_change(tmp_path: Path) -> None:
    book(tmp_path)
    index = FILES["index.md"].replace("a\nb\n", "b\na\n")
    assert unchanged(book(tmp_path, fresh=False, index__md=index)) == set()


@pytest.mark.parametrize("name", TOLD)
def test_a_file_made_of_facts_is_written_when_they_change(name: str, tmp_path: Path) -> None:
    file = book(tmp_path).out / name
    first = file.read_text()
    book(tmp_path, fresh=False, a__md=MORE)
    assert file.read_text() == first
    # The prose of another day, and a build without any edit, leave the file alone too.
    file.write_text(f"{first} ")
    book(tmp_path, fresh=False, a__md=MORE.replace("prose", "words"))
    book(tmp_path, fresh=False, a__md=MORE.replace("prose", "words"))
    assert file.read_text() == f"{first} "
    changed = MORE.replace(*RETITLED).replace("There are", "There were")
    again = book(tmp_path, fresh=False, a__md=changed)
    clean = book(tmp_path / "clean", a__md=changed)
    assert again.read(name) == clean.read(name) != first


def test_a_build_without_changes_leaves_files_as_old_as_they_are(tmp_path: Path) -> None:
    def times(built: Built) -> dict[str, int]:
        return {name: (built.out / name).stat().st_mtime_ns for name in TOLD}

    before = times(book(tmp_path))
    assert times(book(tmp_path, fresh=False)) == before


@pytest.mark.parametrize("name", TOLD)
def test_a_file_that_a_stopped_build_left_is_written_again(name: str, tmp_path: Path) -> None:
    built = book(tmp_path)
    file, first = built.out / name, built.read(name)
    # The environment was saved, and the build stopped before the file was written.
    environment = tmp_path / "doctrees" / "html" / "environment.pickle"
    before = environment.stat().st_mtime - 10
    file.write_text(f"{first} ")
    os.utime(file, (before, before))
    book(tmp_path, fresh=False)
    assert file.read_text() == first


def test_faults_have_their_lines_after_an_edit_above(tmp_path: Path) -> None:
    twice = (
        FILES["a.md"]
        + "\n:::{claim} stars\n:kind: capability\n:verdict: supported\n:evidence: work\nAgain.\n:::\n"
    )
    config: dict[str, Any] = {
        "extensions": EXTENSIONS,
        "bibtex_bibfiles": [str(tmp_path / "source" / "works.bib")],
    }
    first = build({**FILES, "a.md": twice}, tmp_path, **config).warnings
    lower = twice.replace("Prose", "A paragraph.\n\nProse")
    then = build({**FILES, "a.md": lower}, tmp_path, fresh=False, **config).warnings
    assert "a.md:21: WARNING: the claim 'stars'" in first
    assert "a.md:23: WARNING: the claim 'stars'" in then


def test_where_a_section_moved_an_article_that_needs_it_leads_there(tmp_path: Path) -> None:
    book(tmp_path / "again")
    other = FILES["b.md"].replace("## Two", "## Another two")
    again = book(tmp_path / "again", fresh=False, b__md=other)
    assert "Another two" in again.page("a")
    assert again.page("a") == book(tmp_path / "clean", b__md=other).page("a")


def test_digests_are_the_same_from_four_processes(tmp_path: Path) -> None:
    pages = {f"p{n}.md": f"# P{n}\n\n:::{{pause-and-think}} Q{n}?\n:::\n" for n in range(24)}
    index = "# T\n\n```{toctree}\n" + "\n".join(f"p{n}" for n in range(24)) + "\n```\n"
    held = []
    for jobs in (1, 4):
        built = build({"index.md": index, **pages}, tmp_path / str(jobs), jobs=jobs)
        domain: IndexDomain[Any] = built.app.env.domains["marginalia-pauses"]  # type: ignore[assignment]
        held.append((domain.digest(), len([*domain.in_reading_order()])))
    assert held[0] == held[1]
    assert held[0][1] == 24
