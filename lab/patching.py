"""Activation patching: swap what one component writes, and see how far the answer moves.

The clean sentence is ``Ada AND Ben lamp Ada GAVE`` (answer ``Ben``).  There are two ways to
corrupt it: a *third* person gives, and either name is as likely; or the two are *swapped*, ``Ben``
gives, and the answer is the other.  Two metrics: the logit of the receiver minus that of the
giver, and the probability of the receiver.  For each of 70 components, 4 heads and an MLP at 7
positions of 2 layers:

* *denoising* puts its clean value into the corrupted run: does it suffice?
* *noising* puts its corrupted value into the clean run: is it needed?
* *attribution* estimates denoising from one gradient: the change of the value times the slope.

All are shares of the difference between the clean and the corrupted run.  Heads were dropped in
training and stand in for each other, so one head can suffice without being needed.  `curve` shows
why attribution errs: it follows the tangent at the corrupted run.  Control: the same patches on a
model before training.

Sources: Wang et al., arXiv:2211.00593; Heimersheim and Nanda, arXiv:2404.15255; Nanda, "Attribution
patching" (2023); Syed et al., arXiv:2310.10348.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab import tasks
from lab.backward import backward
from lab.model import HEADS, LAYERS, LENGTH, Changes, Patch, Run, head_output, initial, run, softmax
from lab.results import Result
from lab.training import MODULES, SEEDS, trained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    from lab.model import Parameters

    Array = NDArray[Any]

COUNT = 120
ALPHAS = np.linspace(0, 1, 11)
#: The one metric is linear in the logits, the other saturates. Attribution is for the first.
METRICS = ("logits", "probability")
EFFECTS = (
    *(f"{way}_{metric}" for metric in METRICS for way in ("denoising", "noising")),
    "attribution",
)
KINDS = ("head", "mlp")
#: From which share on a component counts as sufficient, or as needed.
ENOUGH = 0.4


@dataclass(frozen=True)
class Component:
    """A head, or without a head the MLP, of a layer at a position."""

    layer: int
    position: int
    head: int | None

    def written(self, parameters: Parameters, result: Run) -> Array:
        """Return what it wrote in a run, shape ``(batch, width)``."""
        layer = result.layers[self.layer]
        if self.head is None:
            return layer.mlp[:, self.position]
        return head_output(parameters, layer, self.layer, self.head)[:, self.position]

    def patch(self, value: Array) -> Changes:
        """Return the change that makes it write ``value``."""
        return Changes(patches=[Patch(self.layer, self.position, self.head, value)])

    def gradient(self, states: list[Array]) -> Array:
        """Return the gradient of what it writes: that of the state it writes into."""
        return states[2 * self.layer + (2 if self.head is None else 1)][:, self.position]


def components() -> Iterator[Component]:
    """Yield the 70 components of Lab-2L."""
    for layer in range(LAYERS):
        for position in range(LENGTH):
            for head in (*range(HEADS), None):
                yield Component(layer, position, head)


class Sentences:
    """Clean sentences, their corrupted twins, and how to score a run on either."""

    def __init__(self, random: Generator, swapped: bool = False) -> None:
        self.clean, self.receiver = tasks.names(COUNT, random)
        self.giver = self.clean[:, 5].copy()
        self.corrupted = self.clean.copy()
        shuffled = random.permuted(np.tile(tasks.NAME_TOKENS, (COUNT, 1)), axis=1)
        is_other = (shuffled != self.giver[:, None]) & (shuffled != self.receiver[:, None])
        self.rows = np.arange(COUNT)
        third = shuffled[self.rows, is_other.argmax(1)]
        self.corrupted[:, 5] = self.receiver if swapped else third

    def score(self, result: Run, metric: str) -> float:
        """Return a metric of a run, as the mean over the sentences."""
        if metric == "probability":
            return float(softmax(result.logits)[self.rows, self.receiver].mean())
        logits = result.logits
        return float((logits[self.rows, self.receiver] - logits[self.rows, self.giver]).mean())

    def score_gradient(self, logits: Array) -> Array:
        """Return the gradient of the metric of logits."""
        gradient = np.zeros_like(logits)
        gradient[self.rows, self.receiver] += 1 / COUNT
        gradient[self.rows, self.giver] -= 1 / COUNT
        return gradient


class Experiment:
    """All patches of one model, as shares of the difference between clean and corrupted."""

    def __init__(self, parameters: Parameters, sentences: Sentences) -> None:
        self.parameters, self.sentences = parameters, sentences
        self.clean = run(parameters, self.sentences.clean)
        self.corrupted = run(parameters, self.sentences.corrupted)
        self.ends = {
            metric: tuple(self.sentences.score(r, metric) for r in (self.corrupted, self.clean))
            for metric in METRICS
        }
        gradient = self.sentences.score_gradient(self.corrupted.logits)
        self.slopes = backward(parameters, self.corrupted, gradient)[1]

    def share(self, result: Run, metric: str) -> float:
        """Return how far a run is from the corrupted (0) to the clean one (1)."""
        low, high = self.ends[metric]
        return (self.sentences.score(result, metric) - low) / (high - low)

    def values(self, component: Component) -> tuple[Array, Array]:
        """Return the corrupted and the clean value of a component."""
        corrupted = component.written(self.parameters, self.corrupted)
        return corrupted, component.written(self.parameters, self.clean)

    def patched(self, component: Component) -> dict[str, Any]:
        """Return the effects of one component."""
        corrupted, clean = self.values(component)
        into_corrupted = run(self.parameters, self.sentences.corrupted, component.patch(clean))
        into_clean = run(self.parameters, self.sentences.clean, component.patch(corrupted))
        low, high = self.ends["logits"]
        slope = component.gradient(self.slopes)
        row: dict[str, Any] = dict(vars(component))
        for metric in METRICS:
            row[f"denoising_{metric}"] = self.share(into_corrupted, metric)
            row[f"noising_{metric}"] = 1 - self.share(into_clean, metric)
        row["attribution"] = float(((clean - corrupted) * slope).sum()) / (high - low)
        return row

    def curve(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the share when the value is alpha of the way to the clean one, and the tangent.

        ``row`` is what `patched` returned for the component.
        """
        component = Component(row["layer"], row["position"], row["head"])
        corrupted, clean = self.values(component)
        shares = []
        for alpha in ALPHAS:
            value = (1 - alpha) * corrupted + alpha * clean
            result = run(self.parameters, self.sentences.corrupted, component.patch(value))
            shares.append(self.share(result, "logits"))
        tangent = row["attribution"] * ALPHAS
        return vars(component) | {"alpha": ALPHAS, "share": shares, "tangent": tangent}


def column(rows: list[dict[str, Any]], name: str) -> Array:
    """Return one effect of all components."""
    return np.array([row[name] for row in rows])


def largest(rows: list[dict[str, Any]], heads: bool) -> dict[str, Any]:
    """Return the head, or the MLP, with the largest effect of denoising."""
    those = [row for row in rows if (row["head"] is not None) == heads]
    return max(those, key=lambda row: abs(float(row["denoising_logits"])))


def summary(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return the numbers of one model: how methods agree, and the effects of the largest parts."""
    heads = [row for row in rows if row["head"] is not None]
    denoising, attribution = column(rows, "denoising_logits"), column(rows, "attribution")
    both_ways = [column(rows, f"{way}_probability") for way in ("denoising", "noising")]
    numbers = {
        "correlation_attribution": float(np.corrcoef(denoising, attribution)[0, 1]),
        "correlation_noising": float(np.corrcoef(both_ways[0], both_ways[1])[0, 1]),
        "largest_error": float(np.abs(attribution - denoising).max()),
        "sufficient_heads": float((column(heads, "denoising_probability") > ENOUGH).sum()),
        "needed_heads": float((column(heads, "noising_probability") > ENOUGH).sum()),
    }
    for kind in KINDS:
        row = largest(rows, heads=kind == "head")
        numbers |= {f"{kind}_{name}": row[name] for name in EFFECTS}
        numbers[f"{kind}_underestimate"] = row["denoising_logits"] / row["attribution"]
    return numbers


def measure_seed(seed: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Return numbers and data of one model, with sentences corrupted in both ways."""
    parameters, random = trained(seed), np.random.default_rng(5000 + seed)
    numbers: dict[str, float] = {}
    data: dict[str, Any] = {}
    for corruption in ("third", "swapped"):
        sentences = Sentences(random, corruption == "swapped")
        experiment = Experiment(parameters, sentences)
        rows = [experiment.patched(component) for component in components()]
        low, high = experiment.ends["logits"]
        found = summary(rows) | {"clean_logits": high, "corrupted_logits": low}
        numbers |= {f"{corruption}_{name}": value for name, value in found.items()}
        data[corruption] = {
            "components": rows,
            "curves": {kind: experiment.curve(largest(rows, kind == "head")) for kind in KINDS},
            "clean": sentences.clean[0],
            "corrupted": sentences.corrupted[0],
        }
    untrained = Experiment(initial(np.random.default_rng(seed)), sentences)
    numbers["untrained_clean_logits"] = untrained.ends["logits"][1]
    return numbers, data


def measure() -> list[Result]:
    """Measure with every seed; the map and the curves are those of the first."""
    measured = [measure_seed(seed) for seed in SEEDS]
    return [
        Result(
            "patching",
            "Patch 70 components in both directions, and estimate the same from one gradient.",
            SEEDS,
            [*MODULES, "lab/patching.py"],
            {name: [numbers[name] for numbers, _ in measured] for name in measured[0][0]},
            measured[0][1],
        )
    ]
