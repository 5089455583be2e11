"""Problems, warnings, and "did you mean"."""

from __future__ import annotations

from importlib import import_module

import pytest

from sphinx_marginalia import EXTRAS, FEATURES
from sphinx_marginalia.core.diagnostics import CoreProblem, did_you_mean, sentence, suggestion

PROBLEMS = [
    problem
    for enum in (
        CoreProblem,
        *(getattr(import_module(f), "PROBLEMS", ()) for f in (*FEATURES, *EXTRAS)),
    )
    for problem in enum
]


def test_no_two_problems_have_the_same_subtype() -> None:
    subtypes = [problem.subtype for problem in PROBLEMS]
    assert len(subtypes) > 50
    assert len(set(subtypes)) == len(subtypes)


def test_every_problem_is_documented_by_a_sentence() -> None:
    assert [problem for problem in PROBLEMS if not problem.value.endswith(".")] == []


@pytest.mark.parametrize(
    ("word", "choices", "expected"),
    [
        ("titel", ["title", "text"], "did you mean 'title'?"),
        ("TITLE", ["title", "text"], "did you mean 'title'?"),
        ("title", ["Title"], "did you mean 'Title'?"),
        ("xyz", ["title", "text"], ""),
        ("", ["title"], ""),
        ("title", [], ""),
        # Of two that are equal but for case, the one that is nearer.
        ("gama", ["Gamma", "gamma"], "did you mean 'gamma'?"),
        ("Gama", ["Gamma", "gamma"], "did you mean 'Gamma'?"),
    ],
)
def test_did_you_mean_offers_the_most_similar_choice(
    word: str, choices: list[str], expected: str
) -> None:
    assert did_you_mean(word, choices) == expected


def test_a_suggestion_lists_the_choices_if_there_are_few() -> None:
    assert suggestion("xyz", ["title", "text"]) == "use one of title, text"
    assert suggestion("titel", ["title", "text"]) == "did you mean 'title'?"
    assert suggestion("xyz", [f"choice{n}" for n in range(11)]) == ""
    assert suggestion("xyz", []) == ""


def test_a_sentence_leaves_out_empty_parts() -> None:
    assert sentence("no work has the key 'a'", "") == "no work has the key 'a'"
    assert sentence("no work", "did you mean 'b'?") == "no work; did you mean 'b'?"
