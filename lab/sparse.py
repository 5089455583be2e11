"""Sparse dictionaries: explain activations as sums of few directions, of which there are many.

One model serves three experiments.  It reads an input, switches on a few *latents* and writes a sum
of their decoder rows:

* a *sparse autoencoder* writes what it read (`lab.dictionaries`);
* a *crosscoder* reads two models at once and writes both (`lab.crosscoder`);
* a *transcoder* reads what goes into an MLP and writes what comes out (`lab.two_hop`).

Shapes: ``(batch, read)`` in, ``(batch, latents)`` between, ``(batch, written)`` out.  Two ways to
keep latents few: an L1 penalty on their strengths, or a rule that keeps only the strongest.

Sources: Bricken et al., "Towards Monosemanticity" (2023); Gao et al., arXiv:2406.04093; Bussmann et
al., arXiv:2412.06410.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.adam import Adam

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

    from lab.adam import Parameters

    Array = NDArray[Any]
    #: Draws ``(inputs, targets)`` for a step of training.
    Source = Callable[[Generator], tuple[Array, Array]]


@dataclass(frozen=True)
class Recipe:
    """How a dictionary is made sparse and trained.

    ``penalty`` is the weight of L1.  ``active`` is how many latents stay on for an input: at most
    (TopK), or if ``per_batch`` on average over the batch (BatchTopK).  ``parts`` are the widths
    that the output is made of: the penalty counts the lengths of a decoder row in each part.
    """

    latents: int
    penalty: float = 0.0
    active: int | None = None
    per_batch: bool = False
    parts: tuple[int, ...] | None = None
    steps: int = 1200
    rate: float = 4e-3


class Dictionary:
    """A trained dictionary: `latents` of inputs, and the outputs that they stand for."""

    def __init__(self, recipe: Recipe, read: int, written: int, random: Generator) -> None:
        self.recipe = recipe
        rows = random.normal(size=(recipe.latents, written)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        same = read == written
        encoder = rows.T.copy() if same else random.normal(size=(read, recipe.latents)) / read**0.5
        self.parameters: Parameters = {
            "encoder": encoder.astype(np.float32),
            "encoder_bias": np.zeros(recipe.latents, np.float32),
            "decoder": rows,
            "output_bias": np.zeros(written, np.float32),
        }

    @property
    def decoder(self) -> Array:
        """The direction that each latent writes, shape ``(latents, written)``."""
        return self.parameters["decoder"]

    def part_lengths(self) -> Array:
        """Return the lengths of decoder rows in each part of the output, ``(parts, latents)``."""
        parts = self.recipe.parts or (self.decoder.shape[1],)
        pieces = np.split(self.decoder, np.cumsum(parts)[:-1], axis=1)
        return np.stack([np.linalg.norm(piece, axis=1) for piece in pieces])

    def latents(self, inputs: Array) -> Array:
        """Return how strongly each latent is on, shape ``(batch, latents)``; most are at 0."""
        before = inputs @ self.parameters["encoder"] + self.parameters["encoder_bias"]
        strengths: Array = np.maximum(before, 0)
        return strengths if self.recipe.active is None else strengths * self.strongest(strengths)

    def strongest(self, strengths: Array) -> Array:
        """Return which latents the rule keeps: those that write most, of an input or of a batch."""
        active = self.recipe.active or self.recipe.latents
        written = strengths * self.part_lengths().sum(0)
        if self.recipe.per_batch:
            kept = active * len(written)
            least = np.partition(written.ravel(), -kept)[-kept]
        else:
            least = np.partition(written, -active, axis=1)[:, -active, None]
        is_kept: Array = written >= least
        return is_kept

    def output(self, latents: Array) -> Array:
        """Return what the latents write together, shape ``(batch, written)``."""
        written: Array = latents @ self.decoder + self.parameters["output_bias"]
        return written

    def gradients(self, inputs: Array, targets: Array, penalty: float) -> Parameters:
        """Return the gradients of squared error plus penalty, as means over the batch."""
        latents = self.latents(inputs)
        error = 2 * (self.output(latents) - targets) / len(inputs)
        for_latents = error @ self.decoder.T
        for_decoder = latents.T @ error
        if penalty:
            lengths = self.part_lengths()
            for_latents += penalty * lengths.sum(0) / len(inputs)
            widths = self.recipe.parts or (self.decoder.shape[1],)
            shares = latents.mean(0) / np.maximum(lengths, 1e-6)
            for_decoder += penalty * np.repeat(shares, widths, axis=0).T * self.decoder
        before = for_latents * (latents > 0)
        return {
            "encoder": inputs.T @ before,
            "encoder_bias": before.sum(0),
            "decoder": for_decoder,
            "output_bias": error.sum(0),
        }


def fit(recipe: Recipe, source: Source, random: Generator) -> Dictionary:
    """Train a dictionary.  The penalty rises over 500 steps, the rate falls at the end."""
    inputs, targets = source(random)
    dictionary = Dictionary(recipe, inputs.shape[1], targets.shape[1], random)
    adam = Adam(dictionary.parameters)
    for step in range(1, recipe.steps + 1):
        penalty = recipe.penalty * min(1, step / 500)
        gradients = dictionary.gradients(*source(random), penalty)
        adam.step(gradients, recipe.rate * min(1, 5 * (1 - step / recipe.steps) + 0.01))
    return dictionary


def explained(outputs: Array, targets: Array) -> float:
    """Return the share of the variance of the targets that the outputs have right."""
    return float(1 - ((outputs - targets) ** 2).sum() / ((targets - targets.mean(0)) ** 2).sum())


def correlations(features: Array, latents: Array) -> Array:
    """Return how strengths of true features and latents correlate, ``(features, latents)``.

    A latent that is never on correlates with nothing.
    """
    centred = [values - values.mean(0) for values in (features, latents)]
    lengths = [np.maximum(np.linalg.norm(values, axis=0), 1e-9) for values in centred]
    products: Array = (centred[0] / lengths[0]).T @ (centred[1] / lengths[1])
    return products


def similarity(left: Array, right: Array) -> Array:
    """Return the cosines between the rows of two decoders."""
    unit = [
        rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        for rows in (left, right)
    ]
    cosines: Array = unit[0] @ unit[1].T
    return cosines
