"""What can be wrong with formulas."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem


class MathProblem(Problem):
    """Problems of formulas."""

    UNKNOWN_MATH = (
        "A formula holds something that cannot be made MathML. Its TeX source is shown instead.",
        Example("A length: $\\qty{3}{m}$.", config={"html_math_renderer": "mathml"}),
    )
