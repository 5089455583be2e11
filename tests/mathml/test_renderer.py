"""Which renderer a project gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path

MATHML = ("myst_parser", "sphinx_marginalia", "sphinx_marginalia.mathml")


@pytest.mark.parametrize("renderer", [[], ["sphinx.ext.mathjax"]])
def test_formulas_stay_as_they_were_until_the_project_chooses(
    renderer: list[str], tmp_path: Path
) -> None:
    extensions = ["myst_parser", *renderer, "sphinx_marginalia"]
    page = build({"index.md": "# T\n\n$x^2$\n"}, tmp_path, extensions=extensions).page()
    assert "\\(x^2\\)" in page


@pytest.mark.parametrize(
    "tex", [r"x^2", r"a \\ b", r"\frac{1}{2}", r"\begin{pmatrix}a & b\end{pmatrix}"]
)
def test_no_formula_stops_a_build(tex: str, tmp_path: Path) -> None:
    text = f"# T\n\nInline $`{tex}`$ and {{math}}`{tex}`.\n\n```{{math}}\n{tex}\n```\n"
    page = build(
        {"index.md": text}, tmp_path, html_math_renderer="mathml", extensions=MATHML
    ).page()
    assert page.count("math notranslate") >= 2
