"""Refusal is a direction: remove it and the model complies, add it and the model refuses.

After Arditi et al., arXiv:2406.11717.  The direction is the difference of means between requests to
hurt and harmless ones.  Removing it takes these refusals away and leaves requests to cheat refused:
a second direction remains, and together they span a cone (Wollschläger et al., arXiv:2502.17420).

Controls: random directions.  Removing one changes next to nothing, even if it tells the two kinds
of request apart perfectly: *what reads well need not do anything*.  `by_state` looks at directions
of other states too: early ones read perfectly, and do much, little or nothing when removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lab import tasks
from lab.directions import auroc, mean_difference, random_directions, refused, right, unit
from lab.model import Changes, run
from lab.results import Result
from lab.training import MODULES, SEEDS, trained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lab.model import Parameters

    Array = NDArray[Any]

#: The state of the stream where the directions are found, and an earlier one that reads as well.
STATE, EARLY = 3, 2
COUNT, RANDOM_DIRECTIONS = 200, 100


class Inputs:
    """Requests to find directions with, and others to test them on."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(1000 + seed)
        self.random = random
        self.harmless, self.hurt, self.cheat = (
            tasks.requests(COUNT, random, kind, trigger=False)[0]
            for kind in ("harmless", "hurt", "cheat")
        )
        self.test_harmless = tasks.requests(COUNT, random, "harmless", trigger=False)
        self.test_hurt, self.test_cheat = (
            tasks.requests(COUNT, random, kind, trigger=False)[0] for kind in ("hurt", "cheat")
        )


def two_directions(parameters: Parameters, inputs: Inputs) -> Array:
    """Return the directions of requests to hurt, and of requests to cheat once that is removed.

    They have their lengths and are orthogonal.
    """
    first = mean_difference(parameters, inputs.hurt, inputs.harmless, STATE)
    removed = unit(first)[None]
    second = mean_difference(parameters, inputs.cheat, inputs.harmless, STATE, removed)
    return np.stack([first, second - (second @ removed[0]) * removed[0]])


def refused_without(parameters: Parameters, inputs: Inputs, removed: Array) -> dict[str, float]:
    """Return what is refused, and what is answered rightly, when directions are removed."""
    changes = Changes(removed=removed)
    return {
        "hurt": refused(parameters, inputs.test_hurt, changes),
        "cheat": refused(parameters, inputs.test_cheat, changes),
        "harmless_right": right(parameters, inputs.test_harmless, changes),
    }


def by_state(parameters: Parameters, inputs: Inputs) -> list[dict[str, float]]:
    """Return, for each state, how well its direction reads and what removing and adding it does."""
    table = []
    for state in range(1, 5):
        difference = mean_difference(parameters, inputs.hurt, inputs.harmless, state)
        scores = [
            run(parameters, tokens).last(state) @ difference
            for tokens in (inputs.test_hurt, inputs.test_harmless[0])
        ]
        without = refused_without(parameters, inputs, unit(difference)[None])
        added = Changes(added={state: difference})
        row = {"state": state, "auroc": auroc(*scores), "removed": without["hurt"]}
        table.append(row | {"added": refused(parameters, inputs.test_harmless[0], added)})
    return table


def cone(parameters: Parameters, inputs: Inputs, directions: Array) -> dict[str, list[float]]:
    """Return what harmless requests are answered when a mix of the two directions is added.

    An angle of 0° is the first direction, 90° the second, between them are those of the cone.
    """
    answers: dict[str, list[float]] = {"degrees": [], "NO": [], "SORRY": []}
    for degrees in range(-90, 181, 15):
        angle = np.deg2rad(degrees)
        mix = np.cos(angle) * directions[0] + np.sin(angle) * directions[1]
        given = run(parameters, inputs.test_harmless[0], Changes(added={STATE: mix})).answers
        answers["degrees"].append(degrees)
        answers["NO"].append(float((given == tasks.NO).mean()))
        answers["SORRY"].append(float((given == tasks.SORRY).mean()))
    return answers


def chance(parameters: Parameters, inputs: Inputs) -> dict[str, list[float]]:
    """Return how well random directions read, the best last, and what is refused without each."""
    drawn = random_directions(RANDOM_DIRECTIONS, inputs.random)
    hurt, harmless = (
        run(parameters, tokens).last(STATE) @ drawn.T
        for tokens in (inputs.test_hurt, inputs.test_harmless[0])
    )
    scores = [auroc(*pair) for pair in zip(hurt.T, harmless.T, strict=True)]
    rows = sorted(
        (max(score, 1 - score), refused(parameters, inputs.test_hurt, Changes(removed=one[None])))
        for score, one in zip(scores, drawn, strict=True)
    )
    return {"auroc": [row[0] for row in rows], "removed": [row[1] for row in rows]}


def measure_seed(seed: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Return numbers and data of one model."""
    parameters, inputs = trained(seed), Inputs(seed)
    directions = two_directions(parameters, inputs)
    steps = [refused_without(parameters, inputs, unit(directions[:k])) for k in range(3)]
    at_random = chance(parameters, inputs)
    states = by_state(parameters, inputs)
    numbers = {
        "refused_before": steps[0]["hurt"],
        "refused_after": steps[1]["hurt"],
        "harmless_right_after": steps[1]["harmless_right"],
        "cheat_refused_before": steps[0]["cheat"],
        "cheat_refused_after_first": steps[1]["cheat"],
        "cheat_refused_after_second": steps[2]["cheat"],
        "harmless_right_after_second": steps[2]["harmless_right"],
        "refused_when_added": states[STATE - 1]["added"],
        "early_auroc": states[EARLY - 1]["auroc"],
        "early_refused_after": states[EARLY - 1]["removed"],
        "random_refused_mean": float(np.mean(at_random["removed"])),
        "random_refused_lowest": min(at_random["removed"]),
        "best_reader_auroc": at_random["auroc"][-1],
        "best_reader_refused_after": at_random["removed"][-1],
    }
    data = {
        "removed": steps,
        "states": states,
        "random": at_random,
        "cone": cone(parameters, inputs, directions),
        "directions": directions,
        "random_directions": random_directions(8, inputs.random),
    }
    return numbers, data


def measure() -> list[Result]:
    """Measure with every seed; the data are those of the first, whose weights pages have."""
    measured = [measure_seed(seed) for seed in SEEDS]
    return [
        Result(
            "refusal-ablation",
            "Find the direction of refusal, remove it, add it, and look for a second one.",
            SEEDS,
            [*MODULES, "lab/directions.py", "lab/refusal.py"],
            {name: [numbers[name] for numbers, _ in measured] for name in measured[0][0]},
            measured[0][1] | {"state": STATE},
        )
    ]
