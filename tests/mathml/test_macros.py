r"""Commands of the author's own."""

# Characters that look like others are the subject here.
# ruff: noqa: RUF001

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.mathml.formula import convert
from sphinx_marginalia.mathml.options import macro_problem
from sphinx_marginalia.mathml.tokens import TexError, read_macros
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = ("myst_parser", "sphinx_marginalia.mathml")
MACROS: dict[str, object] = {
    "RR": r"\mathbb{R}",
    "norm": [r"\lVert #1 \rVert", 1],
    "expect": [r"\mathbb{E}_{#1}[#2]", 2, "x"],
    "argmax": r"\operatorname*{arg\,max}",
    "twice": [r"\norm{#1}\norm{#1}", 1],
    r"\half": r"\frac12",
}

SAME = [
    (r"\RR^n", r"\mathbb{R}^n"),
    (r"\norm{x+y}", r"\lVert x+y \rVert"),
    (r"\norm x", r"\lVert x \rVert"),
    (r"\expect{f}", r"\mathbb{E}_{x}[f]"),
    (r"\expect[y]{f}", r"\mathbb{E}_{y}[f]"),
    (r"\argmax_\theta L", r"\operatorname*{arg\,max}_\theta L"),
    (r"\twice{a}", r"\lVert a \rVert\lVert a \rVert"),
    (r"x^\half", r"x^{\frac12}"),
    (r"\norm{\norm{x}}", r"\lVert \lVert x \rVert \rVert"),
    (r"\text{for $\RR$}", r"\text{for $\mathbb{R}$}"),
]


def formula(tex: str) -> str:
    """Return what is shown of *tex*, without its source."""
    made = convert(tex, read_macros(MACROS), displayed=True).mathml
    return made.partition("<semantics>")[2].partition("<annotation")[0]


@pytest.mark.parametrize(("short", "long"), SAME, ids=[short for short, _ in SAME])
def test_a_macro_stands_for_its_body(short: str, long: str) -> None:
    assert formula(short) == formula(long)


def test_the_tex_to_copy_is_what_the_author_wrote() -> None:
    made = convert(r"\RR", read_macros(MACROS), displayed=True).mathml
    assert r'<annotation encoding="application/x-tex">\RR</annotation>' in made


@pytest.mark.parametrize(
    "macros",
    [
        {"a": r"\a"},
        {"a": r"\b", "b": r"\a x"},
        {"a": [r"\a{#1#1}", 1]},
        {"a": r"\b\b", "b": r"\c\c", "c": r"\a"},
    ],
)
def test_a_macro_that_stands_for_itself_is_not_followed_for_ever(macros: dict[str, object]) -> None:
    with pytest.raises(TexError, match=r"never ends|too long"):
        convert(r"x + \a{y}", read_macros(macros), displayed=True)


WRONG = [
    ("R2", "x", "the name of a macro is letters only, not 'R2'"),
    (
        "RR",
        3,
        'the macro \'RR\' must be "body", ["body", number] or ["body", number, "default"]',
    ),
    ("n", ["x", "1"], "the macro 'n' must have 0 to 9 arguments, not '1'"),
    ("n", ["#2", 1], "the macro 'n' uses #2 and has 1 arguments"),
    ("n", ["{x", 0], "the macro 'n' has a brace that is not closed"),
    ("n", "x\\", "the macro 'n' cannot be read: a backslash is at the end"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_an_invalid_macro_has_a_message(name: str, value: object, message: str) -> None:
    assert macro_problem(name, value) == message


@pytest.mark.parametrize("value", ["x", ["x"], ["#1", 1], ["#1#2", 2, "d"], ("x", 0), r"\{"])
def test_a_macro_has_the_shape_of_one_for_mathjax(value: object) -> None:
    assert macro_problem("name", value) is None


def test_wrong_macros_are_reported_at_the_start_of_a_build(tmp_path: Path) -> None:
    built = build(
        {"index.md": "# T\n\n$x$\n"},
        tmp_path,
        extensions=EXTENSIONS,
        html_math_renderer="mathml",
        mathml_macros={"n": ["#2", 1]},
    )
    assert built.warnings == (
        "WARNING: mathml_macros in conf.py: the macro 'n' uses #2 and has 1 arguments; "
        "{} is used [marginalia.option_value]\n"
    )


def test_a_change_of_a_macro_is_seen_on_every_page(tmp_path: Path) -> None:
    files = {"index.md": "# T\n\n$\\RR$\n"}
    config = {"extensions": EXTENSIONS, "html_math_renderer": "mathml"}
    before = build(files, tmp_path, mathml_macros={"RR": r"\mathbb{R}"}, **config)
    assert "<mi>ℝ</mi>" in before.page()
    after = build(files, tmp_path, fresh=False, mathml_macros={"RR": r"\mathbf{R}"}, **config)
    assert "<mi>𝐑</mi>" in after.page()
