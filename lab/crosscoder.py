"""Crosscoders on two models whose difference is known, so that false differences show.

Both models, *base* and *chat*, have 48 features in 24 dimensions.  24 are shared, 16 are weaker in
base, 4 are in base alone and 4 in chat alone.  A crosscoder reads both activations side by side and
gives each latent two decoder rows; their lengths say how strong the feature is in each model.

With an L1 penalty the crosscoder reports weak features as weaker than they are, and invents latents
that look exclusive to chat though base has the feature (Lindsey et al., "Sparse crosscoders", 2024;
Minder et al., arXiv:2504.02922).  BatchTopK has no such bias, and finds fewer.

Control: the same crosscoder on two models without any difference; whatever it reports as exclusive
is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.results import Result
from lab.sparse import Dictionary, Recipe, correlations, explained, fit

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[Any]

FILES = ("lab/adam.py", "lab/crosscoder.py", "lab/results.py", "lab/sparse.py")
SEEDS = (0, 1, 2)
WIDTH, LATENTS, STEPS, BATCH, TEST = 24, 64, 2000, 256, 4096
SHARED, WEAK, BASE_ONLY, CHAT_ONLY = 24, 16, 4, 4
FEATURES = SHARED + WEAK + BASE_ONLY + CHAT_ONLY
RATE = 0.04
METHODS = {
    "l1_0.1": {"penalty": 0.1},
    "l1_0.3": {"penalty": 0.3},
    "topk_2": {"active": 2, "per_batch": True},
}
#: From which correlation on a latent stands for a feature.
SAME = 0.9
#: From which relative strength on a latent counts as exclusive to chat: 0 base, 0.5 both, 1 chat.
EXCLUSIVE = 0.9


def strengths_in_base() -> Array:
    """Return how strong each feature is in base, where chat has 1."""
    weak = np.linspace(0.05, 0.8, WEAK)
    return np.concatenate([np.ones(SHARED), weak, np.ones(BASE_ONLY), np.zeros(CHAT_ONLY)])


@dataclass(frozen=True)
class Models:
    """Two models: the directions of the features in each, and how strong they are there."""

    base: Array  # (features, width): direction times strength
    chat: Array

    @classmethod
    def drawn(cls, differ: bool = True) -> Models:
        """Return the two models. If they do not ``differ``, each has all features at strength 1."""
        random = np.random.default_rng(8000)
        rows = random.normal(size=(2, FEATURES, WIDTH))
        base, chat = rows / np.linalg.norm(rows, axis=2, keepdims=True)
        if differ:
            base *= strengths_in_base()[:, None]
            chat[SHARED + WEAK : SHARED + WEAK + BASE_ONLY] = 0
        return cls(base, chat)

    def activations(self, features: Array) -> Array:
        """Return both activations side by side, shape ``(count, 48)``."""
        return np.concatenate([features @ self.base, features @ self.chat], 1).astype(np.float32)

    def draw(self, random: Generator) -> tuple[Array, Array]:
        """Return a batch that a crosscoder reads and writes."""
        batch = self.activations(feature_strengths(BATCH, random))
        return batch, batch


def feature_strengths(count: int, random: Generator) -> Array:
    """Return the strength of each feature in each input; about two are present."""
    present = random.random((count, FEATURES)) < RATE
    strengths: Array = present * (0.5 + random.random((count, FEATURES)))
    return strengths


def crosscoder(models: Models, method: str, seed: int) -> Dictionary:
    """Return a crosscoder trained with a method."""
    options: Any = METHODS[method]
    recipe = Recipe(LATENTS, parts=(WIDTH, WIDTH), steps=STEPS, **options)
    return fit(recipe, models.draw, np.random.default_rng(8100 + seed))


@dataclass(frozen=True)
class Reading:
    """What a crosscoder says about two models, beside the truth."""

    feature: Array  # (latents,): the feature that correlates best with each latent
    latent: Array  # (features,): the latent that correlates best with each feature
    correlation: Array  # (features,): of that pair
    ratio: Array  # (latents,): length of the base row, as a share of the chat row
    relative: Array  # (latents,): relative strength, 0 base to 1 chat
    alive: Array  # (latents,): whether it is on now and then
    explained: float
    active: float


def read(dictionary: Dictionary, models: Models) -> Reading:
    """Compare a crosscoder with the truth, on inputs that it was not trained on."""
    features = feature_strengths(TEST, np.random.default_rng(8001))
    inputs = models.activations(features)
    latents = dictionary.latents(inputs)
    match = correlations(features, latents)
    base, chat = dictionary.part_lengths()
    longer = np.maximum(np.maximum(base, chat), 1e-9)
    return Reading(
        feature=match.argmax(0),
        latent=match.argmax(1),
        correlation=match.max(1),
        ratio=base / np.maximum(chat, 1e-9),
        relative=0.5 * (1 + (chat - base) / longer),
        alive=(latents > 0).mean(0) > 1e-4,
        explained=explained(dictionary.output(latents), inputs),
        active=float((latents > 0).sum(1).mean()),
    )


def exclusive(reading: Reading) -> Array:
    """Return the latents that the crosscoder reports as exclusive to chat."""
    return np.flatnonzero((reading.relative > EXCLUSIVE) & reading.alive)


def summary(reading: Reading) -> dict[str, float]:
    """Return the numbers of one crosscoder."""
    weak = slice(SHARED, SHARED + WEAK)
    is_matched = reading.correlation[weak] > SAME
    reported = reading.ratio[reading.latent[weak]][is_matched]
    latents = exclusive(reading)
    truly = strengths_in_base()[reading.feature[latents]] == 0
    return {
        "explained": reading.explained,
        "active": reading.active,
        "matched": float((reading.correlation > SAME).sum()),
        "weak_matched": float(is_matched.sum()),
        "bias": float((reported - strengths_in_base()[weak][is_matched]).mean()),
        "exclusive": float(len(latents)),
        "exclusive_invented": float((~truly).sum()),
    }


def cloud(reading: Reading) -> dict[str, Array]:
    """Return the latents as points: relative strength, feature, and the truth about it."""
    living = np.flatnonzero(reading.alive)
    feature = reading.feature[living]
    base = strengths_in_base()[feature]
    chat = np.ones(FEATURES)
    chat[SHARED + WEAK : SHARED + WEAK + BASE_ONLY] = 0
    truth = 0.5 * (1 + (chat[feature] - base) / np.maximum(chat[feature], base))
    return {"relative": reading.relative[living], "truth": truth, "feature": feature}


def strengths(reading: Reading) -> dict[str, Array]:
    """Return the reported strengths of the weak features, and whether each has a latent."""
    weak = slice(SHARED, SHARED + WEAK)
    return {
        "reported": reading.ratio[reading.latent[weak]],
        "correlation": reading.correlation[weak],
    }


def measure() -> list[Result]:
    """Measure every method with every seed; the cloud is that of the first."""
    models, same = Models.drawn(), Models.drawn(differ=False)
    numbers: dict[str, list[float]] = {}
    data: dict[str, Any] = {"true_strengths": strengths_in_base()[SHARED : SHARED + WEAK]}
    for method in METHODS:
        readings = [read(crosscoder(models, method, seed), models) for seed in SEEDS]
        for reading in readings:
            for name, value in summary(reading).items():
                numbers.setdefault(f"{method}_{name}", []).append(value)
        data[method] = {"cloud": cloud(readings[0]), "weak": strengths(readings[0])}
    for method in ("l1_0.3", "topk_2"):
        found = [len(exclusive(read(crosscoder(same, method, seed), same))) for seed in SEEDS]
        numbers[f"{method}_control_exclusive"] = [float(count) for count in found]
    about = "Compare two models whose differences are known, with L1 and with BatchTopK."
    return [Result("crosscoder", about, SEEDS, FILES, numbers, data)]
