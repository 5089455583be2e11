"""The option of results in ``conf.py``, and what can be wrong with what is quoted from them."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.core.options import Option

PATH = Option(
    "results_path",
    default="results",
    rebuild="env",
    help="The folder of the JSON files that `result` and `live-figure` name, from the folder of "
    "`conf.py`. It may be outside of the folder of the sources, as `../results`.",
)

OPTIONS = (PATH,)


class ResultProblem(Problem):
    """Problems of numbers and live figures."""

    RESULT_FILE = (
        "A role names results that are missing, unreadable, or outside of the folder of results. "
        "The page shows what you wrote."
    )
    RESULT_NAME = (
        "A role names a number that the results do not have. The page shows what you wrote."
    )
    RESULT_VALUE = "A role names something else than a number. The page shows what you wrote."
    RESULT_FORMAT = (
        "A role does not name a number, or has an invalid format. The page shows what you wrote."
    )
    LIVE_FIGURE_FILE = (
        "A live figure names a script or data that are missing, unreadable, of another kind, or "
        "outside of the project. The figure is its picture."
    )
    LIVE_FIGURE_TABLE = (
        "A live figure names an array that its data do not have, or one that is too long for a "
        "table. The array, or its end, is left out of the table."
    )


PROBLEMS = ResultProblem


class ResultError(Exception):
    """Why something cannot be shown; the message is what an author reads."""

    def __init__(self, problem: ResultProblem, message: str) -> None:
        super().__init__(message)
        self.problem = problem
