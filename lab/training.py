"""Train Lab-2L, and keep what was trained for all experiments of a run.

Heads are dropped at random during training, so no head may be needed: others learn to stand in.
That is why the trained model has back-up heads, as large models have (`lab.patching`).
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import numpy as np

from lab import results, tasks
from lab.adam import Adam
from lab.backward import backward, cross_entropy
from lab.model import HEADS, LAYERS, Changes, initial, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from lab.model import Parameters
    from lab.tasks import Batch

#: What a trained model depends on.
MODULES = tuple(
    f"lab/{name}.py" for name in ("adam", "backward", "model", "results", "tasks", "training")
)
SEEDS = (0, 1, 2)
STEPS, RATE = 1000, 5e-3
#: How often a head is dropped for an input.
DROPPED = 0.35
CACHE = results.ROOT / "lab" / ".cache"


def train(
    parameters: Parameters,
    random: Generator,
    steps: int = STEPS,
    batch: Callable[[Generator], Batch] = tasks.training_batch,
) -> float:
    """Train in place and return the last loss, in nats.

    The learning rate rises for 100 steps and falls over the second half.
    """
    adam = Adam(parameters, second_decay=0.98, weight_decay=0.02)
    loss = float("nan")
    for step in range(1, steps + 1):
        tokens, answers = batch(random)
        kept = random.random((LAYERS, len(tokens), HEADS)) >= DROPPED
        result = run(parameters, tokens, Changes(kept=kept.astype(np.float32)))
        loss, for_logits = cross_entropy(result.logits, answers)
        gradients, _ = backward(parameters, result, for_logits)
        adam.step(gradients, RATE * min(1, step / 100, 2 * (1 - step / steps) + 0.01))
    return loss


def trained(seed: int) -> Parameters:
    """Return Lab-2L trained with a seed. Experiments of one run share it through a cache."""

    def start() -> Parameters:
        random = np.random.default_rng(seed)
        parameters = initial(random)
        train(parameters, random)
        return parameters

    return cached(f"lab-2l-{seed}", MODULES, start)


def cached(name: str, modules: tuple[str, ...], make: Callable[[], Parameters]) -> Parameters:
    """Return parameters from the cache, or make them.  New code means a new name in the cache."""
    codes = "".join(results.digest(results.ROOT / module) for module in modules)
    path = CACHE / f"{name}-{hashlib.sha256(codes.encode()).hexdigest()[:16]}.npz"
    if not path.exists():
        parameters = make()
        CACHE.mkdir(exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.npz")
        np.savez(unfinished, allow_pickle=False, **parameters)
        unfinished.replace(path)
    with np.load(path) as stored:
        return {key: stored[key] for key in stored.files}
