"""The options of formulas, and the check that only they need."""

from __future__ import annotations

from dataclasses import dataclass

from sphinx_marginalia.core.options import Option
from sphinx_marginalia.mathml.macros import problem_with


@dataclass(frozen=True)
class MacrosOption(Option):
    """Macros by their names."""

    def problem(self, value: object) -> str | None:
        """Return what is wrong with the first macro that cannot be used, or ``None``."""
        if wrong := super().problem(value):
            return wrong
        assert isinstance(value, dict)
        found = (problem_with(name, macro) for name, macro in value.items())
        wrong = next((text for text in found if text), None)
        return wrong and f"{self.name} in conf.py: {wrong}"


MACROS = MacrosOption(
    "mathml_macros",
    default={},
    rebuild="html",
    help="Commands of your own, as in the `macros` of MathJax: a name with its TeX, or with a "
    "list of its TeX, the number of its arguments and the default of the first. "
    "See {ref}`formula-macros`.",
)

OPTIONS = (MACROS,)
