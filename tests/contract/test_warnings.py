"""The example of each problem gives one warning, with its place, that can be suppressed.

The examples are those of the page on warnings, which shows their messages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.core.diagnostics import TYPE, CoreProblem
from sphinx_marginalia.works.options import WorksProblem
from tools.reference_pages import build_example, problems

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.core.diagnostics import Problem
    from sphinx_marginalia.testing import Built

PROBLEMS = problems()
#: They are about the whole site.
WITHOUT_PLACE = (CoreProblem.OPTION_VALUE, CoreProblem.FILE_EXISTS, WorksProblem.STYLE_UNUSABLE)
#: Sphinx's own words about a label that is there twice, as in the example.
ALSO_SAID = re.compile(r"duplicate label|document isn't included in any toctree")


def warnings(built: Built) -> list[str]:
    lines = built.warnings.replace(f"{built.app.srcdir}/", "").splitlines()
    return [line for line in lines if not ALSO_SAID.search(line)]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.subtype)
def test_an_example_gives_one_warning_which_says_where(problem: Problem, tmp_path: Path) -> None:
    (line,) = warnings(build_example(problem.example, tmp_path))
    assert line.endswith(f" [{TYPE}.{problem.subtype}]")
    place = (
        r"WARNING: \S" if problem in WITHOUT_PLACE else r"[\w/.-]+\.\w+:\d+: (WARNING|ERROR): \S"
    )
    assert re.match(place, line)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.subtype)
def test_a_warning_can_be_suppressed_by_its_subtype(problem: Problem, tmp_path: Path) -> None:
    suppressed = [f"{TYPE}.{problem.subtype}"]
    assert warnings(build_example(problem.example, tmp_path, suppress_warnings=suppressed)) == []
