"""Directions in the residual stream: find one, compare it with chance, and use it as a detector.

A direction has shape ``(width,)``, several have ``(directions, width)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lab import tasks
from lab.model import WIDTH, Changes, run

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from lab.model import Parameters

    Array = NDArray[Any]


def unit(vectors: Array) -> Array:
    """Return vectors of length 1 that point where the given ones do."""
    shortened: Array = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return shortened


def mean_difference(
    parameters: Parameters,
    positive: Array,
    negative: Array,
    state: int,
    removed: Array | None = None,
) -> Array:
    """Return how the last position differs between two sets of inputs, on average.

    Directions that are already ``removed`` are missing from the result.
    """
    changes = Changes(removed=removed)
    means = [
        run(parameters, inputs, changes).last(state).mean(0) for inputs in (positive, negative)
    ]
    difference: Array = means[0] - means[1]
    return difference


def random_directions(count: int, random: Generator) -> Array:
    """Return directions drawn evenly from the sphere: the control for every direction found."""
    return unit(random.normal(size=(count, WIDTH)).astype(np.float32))


def refused(parameters: Parameters, tokens: Array, changes: Changes | None = None) -> float:
    """Return the share of inputs that the model answers with a refusal."""
    answers = run(parameters, tokens, changes).answers
    return float(np.isin(answers, tasks.REFUSALS).mean())


def right(parameters: Parameters, batch: tasks.Batch, changes: Changes | None = None) -> float:
    """Return the share of inputs that the model answers as it should."""
    tokens, answers = batch
    return float((run(parameters, tokens, changes).answers == answers).mean())


def auroc(positive: Array, negative: Array) -> float:
    """Return how often a positive score is above a negative one; ties count half.

    1.0 is a perfect detector and 0.5 is chance. The name is short for the area under the curve of
    `roc`, which is the same number.
    """
    scores = np.concatenate([positive, negative])
    distinct, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places] if len(distinct) else scores
    pairs = len(positive) * len(negative)
    above = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(above / pairs)


def roc(positive: Array, negative: Array, points: int = 41) -> tuple[Array, Array]:
    """Return the shares of false and of true alarms, for ever lower thresholds."""
    false = np.linspace(0, 1, points)
    return false, np.array([recall_at(positive, negative, share) for share in false])


def recall_at(positive: Array, negative: Array, false_alarms: float) -> float:
    """Return the share of positives above the threshold that lets this share of negatives pass."""
    if false_alarms >= 1:
        return 1.0
    threshold = np.sort(negative)[::-1][int(false_alarms * len(negative))]
    return float((positive > threshold).mean())
