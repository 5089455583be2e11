"""Sparse autoencoders on data whose features are known, so that what they find can be counted.

48 features live in 24 dimensions, so they overlap: *superposition*.  Of these, 24 are words and 6
are letters; a word brings its initial letter along, as ``lamp`` brings L.  18 come and go alone.
Each feature has a direction, and an activation is the sum of those present, by their strengths.

Questions with an answer here, and none in a language model: How many features are found?  Do two
seeds find the same?  What becomes of a letter when its words have latents of their own?  It is
*absorbed*: the latent of the letter stays off for them (Chanin et al., arXiv:2409.14507).

Control: random activations with the same covariance, which have no features.  A dictionary explains
most of their variance all the same, so a share of variance explained says little by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lab.directions import auroc, unit
from lab.results import Result
from lab.sparse import Dictionary, Recipe, correlations, explained, fit, similarity

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[Any]

FILES = tuple(
    f"lab/{name}.py" for name in "adam dictionaries directions model results sparse tasks".split()
)
SEEDS = (0, 1, 2)
WIDTH, LETTERS, WORDS_EACH, OTHERS = 24, 6, 4, 18
WORDS = LETTERS * WORDS_EACH
FEATURES = LETTERS + WORDS + OTHERS
#: How often any word is there, and how often each of the other features.
WORD_RATE, OTHER_RATE = 0.5, 0.04
LATENTS = (32, 64, 128)
PENALTIES = (0.05, 0.1, 0.2, 0.4, 0.8)
PENALTY, ACTIVE = 0.2, 3
BATCH, TEST = 256, 4096
#: How many of 48 features are present at once.
PRESENT = (2, 4, 6, 8, 12, 16, 24, 32)
#: From which correlation or cosine on two things count as the same.
SAME = 0.9


class World:
    """The directions of the features, the same every time, and activations drawn from them."""

    def __init__(self) -> None:
        random = np.random.default_rng(7000)
        self.directions = unit(random.normal(size=(FEATURES, WIDTH)))
        self.letter_of = np.arange(WORDS) // WORDS_EACH

    def strengths(self, count: int, random: Generator) -> Array:
        """Return the strength of each feature, letters first, then words; 0 where it is absent."""
        present = np.zeros((count, FEATURES))
        spoken = np.flatnonzero(random.random(count) < WORD_RATE)
        word = random.integers(0, WORDS, len(spoken))
        present[spoken, LETTERS + word] = 1
        present[spoken, self.letter_of[word]] = 1
        present[:, LETTERS + WORDS :] = random.random((count, OTHERS)) < OTHER_RATE
        strengths: Array = present * (0.5 + random.random((count, FEATURES)))
        return strengths

    def activations(self, count: int, random: Generator) -> Array:
        """Return activations, shape ``(count, 24)``."""
        drawn: Array = (self.strengths(count, random) @ self.directions).astype(np.float32)
        return drawn

    def draw(self, random: Generator) -> tuple[Array, Array]:
        """Return a batch that an autoencoder reads and writes."""
        batch = self.activations(BATCH, random)
        return batch, batch


class Shapeless:
    """The control: activations with mean and covariance of the world's, but without features."""

    def __init__(self, world: World) -> None:
        sample = world.activations(20_000, np.random.default_rng(7001))
        self.mean, self.root = sample.mean(0), np.linalg.cholesky(np.cov(sample.T))

    def activations(self, count: int, random: Generator) -> Array:
        """Return activations, shape ``(count, 24)``."""
        drawn = random.normal(size=(count, WIDTH)) @ self.root.T + self.mean
        return np.asarray(drawn, np.float32)

    def draw(self, random: Generator) -> tuple[Array, Array]:
        """Return a batch that an autoencoder reads and writes."""
        batch = self.activations(BATCH, random)
        return batch, batch


def superposition(seed: int) -> list[dict[str, float]]:
    """Return how well features are read by their own directions, from few present to many.

    ``crowded`` is for 48 features in 24 dimensions, ``roomy`` for 24 in 24 at right angles.  Each
    value is the share of pairs, of a present and an absent feature, that come in the right order.
    """
    random = np.random.default_rng(7200 + seed)
    rows = {"crowded": unit(random.normal(size=(FEATURES, WIDTH))), "roomy": np.eye(WIDTH)}
    table = []
    for present in PRESENT:
        row = {"present": float(present)}
        for name, directions in rows.items():
            count = len(directions)
            on = random.random((1000, count)).argsort(1) < present * count // FEATURES
            strengths = on * (0.5 + random.random((1000, count)))
            read = strengths @ directions @ directions.T
            row[name] = auroc(read[on], read[~on])
        table.append(row)
    return table


def recipe(method: str, latents: int, penalty: float = PENALTY) -> Recipe:
    """Return how to train with a method, ``l1`` or ``topk``."""
    if method == "l1":
        return Recipe(latents, penalty=penalty)
    return Recipe(latents, active=ACTIVE)


def alive(dictionary: Dictionary, inputs: Array) -> Array:
    """Return the numbers of the latents that are on now and then."""
    return np.flatnonzero((dictionary.latents(inputs) > 0).mean(0) > 1e-3)


def letter_recall(features: Array, latents: Array) -> float:
    """Return how often the latent of a letter is on when the letter is there, over all letters.

    The latent of a letter is the one that tells best, on inputs with a word, whether it is there.
    """
    spoken = features[:, :LETTERS].any(1)
    present, on = features[spoken, :LETTERS] > 0, latents[spoken] > 0
    latent = correlations(present, on).argmax(1)
    recalls = [on[present[:, letter], latent[letter]].mean() for letter in range(LETTERS)]
    return float(np.mean(recalls))


def findings(dictionary: Dictionary, world: World) -> dict[str, float]:
    """Return what a dictionary found, on inputs that it was not trained on."""
    features = world.strengths(TEST, np.random.default_rng(7002))
    inputs = (features @ world.directions).astype(np.float32)
    latents = dictionary.latents(inputs)
    best = correlations(features, latents).max(1)
    words = slice(LETTERS, LETTERS + WORDS)
    return {
        "explained": explained(dictionary.output(latents), inputs),
        "active": float((latents > 0).sum(1).mean()),
        "alive": float(len(alive(dictionary, inputs))),
        "matched": float((best > SAME).sum()),
        "matched_letters": float((best[:LETTERS] > SAME).sum()),
        "matched_words": float((best[words] > SAME).sum()),
        "letter_recall": letter_recall(features, latents),
    }


def shared(left: Dictionary, right: Dictionary, inputs: Array) -> float:
    """Return the share of the living latents of one that the other has too."""
    cosines = similarity(left.decoder[alive(left, inputs)], right.decoder[alive(right, inputs)])
    return float((cosines.max(1) > SAME).mean())


def pair(left: Dictionary, right: Dictionary, world: World) -> dict[str, Any]:
    """Return the living latents of two seeds: the feature each stands for, and its twin."""
    features = world.strengths(TEST, np.random.default_rng(7002))
    inputs = (features @ world.directions).astype(np.float32)
    sides = []
    for dictionary, other in ((left, right), (right, left)):
        own, theirs = alive(dictionary, inputs), alive(other, inputs)
        match = correlations(features, dictionary.latents(inputs)[:, own])
        cosines = similarity(dictionary.decoder[own], other.decoder[theirs])
        sides.append(
            {
                "feature": match.argmax(0),
                "correlation": match.max(0),
                "twin": cosines.argmax(1),
                "cosine": cosines.max(1),
            }
        )
    return {"left": sides[0], "right": sides[1]}


def control(
    dictionary: Dictionary, control_dictionary: Dictionary, world: World
) -> dict[str, float]:
    """Return the proxy on real activations and on shapeless ones, each with its own dictionary."""
    shares = {}
    for name, source, trained in (
        ("explained", world, dictionary),
        ("control_explained", Shapeless(world), control_dictionary),
    ):
        inputs = source.activations(TEST, np.random.default_rng(7003))
        shares[name] = explained(trained.output(trained.latents(inputs)), inputs)
    return shares


def feature_names() -> list[str]:
    """Return names for the features, in their order: letters, words such as A1, and the others."""
    letters = [chr(ord("A") + k) for k in range(LETTERS)]
    words = [f"{letter}{k + 1}" for letter in letters for k in range(WORDS_EACH)]
    return [*letters, *words, *(f"x{k + 1}" for k in range(OTHERS))]


def train_all(world: World) -> dict[tuple[str, int, int], Dictionary]:
    """Train every method with every number of latents and every seed."""
    return {
        (method, latents, seed): fit(
            recipe(method, latents), world.draw, np.random.default_rng(7100 + seed)
        )
        for method in ("l1", "topk")
        for latents in LATENTS
        for seed in SEEDS
    }


def numbers_of(
    world: World, dictionaries: dict[tuple[str, int, int], Dictionary]
) -> dict[str, list[float]]:
    """Return what was found by method and number of latents: ``l1_64_matched`` and so on."""
    inputs = world.activations(TEST, np.random.default_rng(7004))
    numbers: dict[str, list[float]] = {}
    for (method, latents, seed), dictionary in dictionaries.items():
        neighbour = dictionaries[method, latents, (seed + 1) % len(SEEDS)]
        row = findings(dictionary, world) | {"shared": shared(dictionary, neighbour, inputs)}
        for name, value in row.items():
            numbers.setdefault(f"{method}_{latents}_{name}", []).append(value)
    return numbers


def by_penalty(world: World) -> list[dict[str, float]]:
    """Return what L1 finds with 64 latents, from a small to a large penalty."""
    return [
        {"penalty": penalty}
        | findings(fit(recipe("l1", 64, penalty), world.draw, np.random.default_rng(7100)), world)
        for penalty in PENALTIES
    ]


def measure() -> list[Result]:
    """Measure with every seed; the pair of dictionaries is of the first two."""
    world = World()
    dictionaries = train_all(world)
    numbers = numbers_of(world, dictionaries)
    shapeless = Shapeless(world)
    for seed in SEEDS:
        fitted = fit(recipe("topk", 64), shapeless.draw, np.random.default_rng(7100 + seed))
        for name, value in control(dictionaries["topk", 64, seed], fitted, world).items():
            numbers.setdefault(f"proxy_{name}", []).append(value)
    crowds = [superposition(seed) for seed in SEEDS]
    for row in range(len(PRESENT)):
        values = [table[row]["crowded"] for table in crowds]
        numbers[f"crowded_{PRESENT[row]}_present"] = values
    data = {
        "features": feature_names(),
        "by_penalty": by_penalty(world),
        "pair": pair(dictionaries["topk", 64, 0], dictionaries["topk", 64, 1], world),
        "superposition": crowds[0],
        "latents": LATENTS,
    }
    about = "Train sparse autoencoders on 48 known features in 24 dimensions, letters above words."
    return [Result("dictionaries", about, SEEDS, FILES, numbers, data)]
