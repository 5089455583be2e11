"""The option of formulas in ``conf.py``, its validation, and what can be wrong with formulas."""

from __future__ import annotations

import re

from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.core.options import Option
from sphinx_marginalia.mathml.tokens import tokenize

#: TeX allows no more.
MOST_ARGUMENTS = 9


class MathProblem(Problem):
    """Problems of formulas."""

    UNKNOWN_MATH = (
        "A formula contains something that cannot be converted to MathML. Its TeX source is shown."
    )


class MacrosOption(Option):
    """Macros by their names."""

    def problem(self, value: object) -> str | None:
        """Return what is wrong with the first invalid macro, or ``None``."""
        if not isinstance(value, dict):
            return super().problem(value)
        for name, macro in value.items():
            if problem := macro_problem(name, macro):
                return f"{self.name} in conf.py: {problem}"
        return None


MACROS = MacrosOption(
    "mathml_macros",
    default={},
    rebuild="html",
    help="Commands of your own, in the form of MathJax's `macros`: a name with its TeX, or with a "
    "list of its TeX, the number of its arguments and the default of the first. "
    "See {ref}`formula-macros`.",
)

OPTIONS = (MACROS,)


def macro_problem(name: object, value: object) -> str | None:
    """Return what is wrong with one entry of the option, or ``None``."""
    if not isinstance(name, str) or not re.fullmatch(r"\\?[a-zA-Z]+", name):
        return f"the name of a macro is letters only, not {name!r}"
    parts = value if isinstance(value, list | tuple) else [value]
    if len(parts) not in (1, 2, 3) or not all(isinstance(part, str) for part in parts[::2]):
        return f'the macro {name!r} must be "body", ["body", number] or ["body", number, "default"]'
    number = parts[1] if len(parts) > 1 else 0
    if type(number) is not int or not 0 <= number <= MOST_ARGUMENTS:
        return f"the macro {name!r} must have 0 to {MOST_ARGUMENTS} arguments, not {number!r}"
    return _body_problem(name, str(parts[0]), number)


def _body_problem(name: str, body: str, number: int) -> str | None:
    try:
        texts = [token.text for token in tokenize(body)]
    except ValueError as error:
        return f"the macro {name!r} cannot be read: {error}"
    if texts.count("{") != texts.count("}"):
        return f"the macro {name!r} has a brace that is not closed"
    after = [text for before, text in zip(texts, [*texts[1:], ""], strict=True) if before == "#"]
    for text in after:
        if text not in tuple("123456789"[:number]):
            return f"the macro {name!r} uses #{text} and has {number} arguments"
    return None
