"""Linear probes: what can be read from an activation, and what the model uses.

The answer to a harmless request is its first word.  A probe after the first layer reads that word
perfectly, and the words that the model never uses better than chance: *decodable is not used*.

Controls: labels that stand for words at random, in two ways.  *Control labels* give each word a
label by lot (Hewitt and Liang, arXiv:1909.03368), *shuffled labels* give each input one.  And the
same probes on a model before training: what they read there, training did not put there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lab import tasks
from lab.model import initial, run
from lab.results import Result
from lab.training import MODULES, SEEDS, trained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lab.model import Parameters

    Array = NDArray[Any]

#: The state that the numbers are about: after the first layer.
STATE = 2
TRAIN, TEST = 1800, 600
CHANCE = 1 / len(tasks.HARMLESS_TOKENS)
POSITIONS = ("first", "second", "third", "fourth")


def probe_accuracy(activations: Array, labels: Array) -> float:
    """Fit a ridge regression on the first inputs, and return its accuracy on the others.

    ``activations`` have shape ``(inputs, width)``, ``labels`` are integers.
    """
    inputs = np.c_[activations, np.ones(len(activations))]
    wanted = np.eye(labels.max() + 1)[labels]
    known, unseen = inputs[:TRAIN], inputs[TRAIN:]
    penalty = 0.1 * np.eye(inputs.shape[1])
    weights = np.linalg.solve(known.T @ known + penalty, known.T @ wanted[:TRAIN])
    return float(((unseen @ weights).argmax(1) == labels[TRAIN:]).mean())


def accuracies(parameters: Parameters, tokens: Array, state: int) -> list[float]:
    """Return how well each of the four words can be read at the last position."""
    activations = run(parameters, tokens).last(state)
    words = tokens[:, tasks.WORDS] - tasks.HARMLESS_TOKENS[0]
    return [probe_accuracy(activations, words[:, position]) for position in range(4)]


def measure_seed(seed: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Return numbers and data of one model."""
    random = np.random.default_rng(2000 + seed)
    parameters = trained(seed)
    untrained = initial(np.random.default_rng(seed))
    tokens, _ = tasks.requests(TRAIN + TEST, random, "harmless", trigger=False)
    first = tokens[:, tasks.WORDS.start] - tasks.HARMLESS_TOKENS[0]
    activations = run(parameters, tokens).last(STATE)
    table = [accuracies(parameters, tokens, state) for state in range(5)]
    before = [accuracies(untrained, tokens, state) for state in range(5)]
    numbers = {f"{name}_word": table[STATE][k] for k, name in enumerate(POSITIONS)}
    numbers |= {f"untrained_{name}_word": before[STATE][k] for k, name in enumerate(POSITIONS)}
    numbers |= {
        "control_labels": probe_accuracy(
            activations, random.permutation(len(tasks.HARMLESS_TOKENS))[first]
        ),
        "shuffled_labels": probe_accuracy(activations, random.permutation(first)),
        "chance": CHANCE,
    }
    return numbers, {"trained": table, "untrained": before}


def measure() -> list[Result]:
    """Measure with every seed; the data are means over them."""
    measured = [measure_seed(seed) for seed in SEEDS]
    tables = {
        name: np.mean([data[name] for _, data in measured], axis=0)
        for name in ("trained", "untrained")
    }
    return [
        Result(
            "probes",
            "Read the four words of a request at its end, and compare with what is used.",
            SEEDS,
            [*MODULES, "lab/probes.py"],
            {name: [numbers[name] for numbers, _ in measured] for name in measured[0][0]},
            tables | {"state": STATE, "positions": POSITIONS, "chance": CHANCE},
        )
    ]
