"""The tool that measures prose reads what a reader reads, and finds what two texts share."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tools import readability

if TYPE_CHECKING:
    from pathlib import Path


def sentences(text: str) -> list[str]:
    return readability.read(text).sentences


# What is prose


def test_headings_tables_formulas_and_options_are_no_prose() -> None:
    page = """(orchards)=
# Orchards of the north

Apples fall.

| tree | height |
| --- | --- |
| pear | tall |

```{math}
:label: eq-weight

w = m g
```

:::{claim} apples-fall
:evidence: newton1687, galilei1638

Pears fall as well.
:::
"""
    assert sentences(page) == ["Apples fall.", "Pears fall as well."]


def test_nested_directives_lists_and_definitions_are_prose() -> None:
    page = """::::{pause-and-think} What falls first?
:name: pause-fall

Guess.

:::{discussion}
Neither does.
:::
::::

- A plum is small.

Plum
: A fruit with a stone.
"""
    assert sentences(page) == [
        "Guess.",
        "Neither does.",
        "A plum is small.",
        "A fruit with a stone.",
    ]


def test_a_role_counts_as_the_words_that_it_prints() -> None:
    page = (
        "{cite:t}`newton1687` saw {ref}`a falling apple <apple>` of mass $m$ {cite:p}`galilei1638`."
    )
    assert sentences(page) == ["Author saw a falling apple of mass x."]


def test_a_note_is_read_after_the_sentence_that_it_interrupts() -> None:
    page = "Apples{sidenote}`Most were *green*.` fall."
    assert sentences(page) == ["Apples fall.", "Most were green."]


def test_sentences_do_not_end_at_abbreviations_or_numbers() -> None:
    page = "Fruit, e.g. Pears, fell by 4.9 m in Kew. J. Banks saw it. “Really?” He had."
    assert sentences(page) == [
        "Fruit, e.g. Pears, fell by 4.9 m in Kew.",
        "J. Banks saw it.",
        "“Really?”",
        "He had.",
    ]


# What is counted


def test_every_key_of_a_citation_counts_once_also_in_notes() -> None:
    page = "Apples fall {cite:p}`newton1687,galilei1638`.{sidenote}``So says {cite:t}`hooke1670`.``"
    assert readability.read(page).citations == 3


@pytest.mark.parametrize(
    "sentence",
    [
        "The apple was eaten.",
        "Pears are not often weighed here.",
        "It has been carefully drawn.",
    ],
)
def test_a_form_of_be_with_a_participle_is_passive(sentence: str) -> None:
    assert readability.is_passive(sentence)


@pytest.mark.parametrize(
    "sentence", ["The apple is red.", "She weighed it.", "He was in a shed.", "They had eaten."]
)
def test_other_sentences_are_active(sentence: str) -> None:
    assert not readability.is_passive(sentence)


def test_the_measures_of_a_page() -> None:
    long = " ".join(["apple"] * 31) + "."
    page = (
        f"Two apples were weighed.\n\n{long.capitalize()}\n\nPears {{cite:p}}`hooke1670`.\n\nWhy?"
    )
    measures = readability.measure(page)
    assert (measures.words, measures.mean) == (37, 9.25)
    assert (measures.long, measures.passive) == (0.25, 0.25)
    assert measures.citations == pytest.approx(100 / 37)


# Revisions


def test_a_page_can_be_measured_as_it_was(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        name = ("-c", "user.name=Kew", "-c", "user.email=kew@example.org")
        subprocess.run(["git", *name, *arguments], cwd=tmp_path, check=True, capture_output=True)

    page = tmp_path / "docs" / "fall.md"
    page.parent.mkdir()
    page.write_text("Apples fall.\n", encoding="utf-8")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "Begin")
    page.write_text("Apples fall from trees.\n", encoding="utf-8")
    now = readability.pages(tmp_path, [], None)
    then = readability.pages(tmp_path, [], "HEAD")
    assert dict(now) == {"docs/fall.md": "Apples fall from trees.\n"}
    assert dict(then) == {"docs/fall.md": "Apples fall.\n"}


# Shared runs


def test_shared_runs_are_maximal_and_ignore_case_marks_and_line_breaks() -> None:
    ours = "Today a *ripe* apple falls to the ground, said the old gardener. Then it rains."
    theirs = "He wrote: a ripe apple falls\nto the ground said the old Gardener of Kew."
    runs = list(readability.shared(ours, [theirs], length=9))
    assert runs == ["a ripe apple falls to the ground said the old gardener"]


def test_eight_shared_words_are_not_nine() -> None:
    ours = "One two three four five six seven eight apples."
    theirs = "One two three four five six seven eight pears."
    assert list(readability.shared(ours, [theirs], length=9)) == []


def test_the_command_prints_a_line_for_each_page_and_fails_on_shared_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "fall.md").write_text(
        "A ripe apple falls to the ground.\n", encoding="utf-8"
    )
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "fall.html").write_text(
        "<p>A ripe <b>apple</b> falls to the ground.</p>", encoding="utf-8"
    )
    assert readability.main([], root=tmp_path) == 0
    assert "docs/fall.md" in capsys.readouterr().out
    other = str(tmp_path / "other")
    assert readability.main(["--shared", other], root=tmp_path) == 0
    assert readability.main(["--shared", other, "--run", "6"], root=tmp_path) == 1
    assert "a ripe apple falls to the ground" in capsys.readouterr().out
