"""Steering: a dose of a direction, and the response.

The direction of refusal is added to harmless requests with a strength, and the share of refusals
rises from 0 to 1 over a narrow range.  Controls: random vectors of the same length.  Each behaves
differently, so one control vector proves little, and a large dose of any of them spoils answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lab import tasks
from lab.directions import mean_difference, random_directions
from lab.model import Changes, run
from lab.refusal import STATE, Inputs
from lab.results import Result
from lab.training import MODULES, SEEDS, trained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lab.model import Parameters

    Array = NDArray[Any]

DOSES = (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
CONTROLS = 12


def response(parameters: Parameters, inputs: Inputs, direction: Array) -> dict[str, list[float]]:
    """Return, for each dose, how many harmless requests are refused and how many are spoilt.

    An answer is spoilt if it is not the first harmless word any more; a refusal is one way.
    """
    tokens, answers = inputs.test_harmless
    shares: dict[str, list[float]] = {"refused": [], "spoilt": []}
    for dose in DOSES:
        change = Changes(added={STATE: np.float32(dose) * direction})
        given = run(parameters, tokens, change).answers
        shares["refused"].append(float(np.isin(given, tasks.REFUSALS).mean()))
        shares["spoilt"].append(float((given != answers).mean()))
    return shares


def half_dose(shares: list[float]) -> float:
    """Return the dose at which half is refused, between the doses that were measured."""
    return float(np.interp(0.5, np.maximum.accumulate(shares), DOSES))


def measure_seed(seed: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Return numbers and data of one model."""
    parameters, inputs = trained(seed), Inputs(seed)
    direction = mean_difference(parameters, inputs.hurt, inputs.harmless, STATE)
    vectors = random_directions(CONTROLS, inputs.random) * np.linalg.norm(direction)
    steered = response(parameters, inputs, direction)
    controls = [response(parameters, inputs, vector) for vector in vectors]
    spoilt = np.array([control["spoilt"] for control in controls])
    control_refused = np.array([control["refused"] for control in controls])
    numbers = {f"refused_at_{dose:g}": steered["refused"][DOSES.index(dose)] for dose in (0.5, 1.0)}
    numbers |= {"half_dose": half_dose(steered["refused"])}
    for dose in (1.0, 4.0):
        column = DOSES.index(dose)
        numbers |= {
            f"control_refused_at_{dose:g}": float(control_refused[:, column].mean()),
            f"control_spoilt_at_{dose:g}_mean": float(spoilt[:, column].mean()),
            f"control_spoilt_at_{dose:g}_least": float(spoilt[:, column].min()),
            f"control_spoilt_at_{dose:g}_most": float(spoilt[:, column].max()),
        }
    data = {
        "doses": DOSES,
        "steered": steered,
        "controls": controls,
        "direction": direction,
        "control_vectors": vectors[:6],
    }
    return numbers, data


def measure() -> list[Result]:
    """Measure with every seed; the data are those of the first."""
    measured = [measure_seed(seed) for seed in SEEDS]
    return [
        Result(
            "steering",
            "Add the direction of refusal to harmless requests, and random vectors of its length.",
            SEEDS,
            [*MODULES, "lab/directions.py", "lab/refusal.py", "lab/steering.py"],
            {name: [numbers[name] for numbers, _ in measured] for name in measured[0][0]},
            measured[0][1] | {"state": STATE},
        )
    ]
