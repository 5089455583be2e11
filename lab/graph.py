"""Transcoders for the two-hop network, and the attribution graph that they make of one input.

A *transcoder* stands in for each MLP of `lab.two_hop`: it reads what the MLP reads and writes
nearly what the MLP writes, as a sum of few latents.  What it misses is an *error*, which the graph
keeps as a node.  For one city every edge is a product: how strongly the source writes, times how
much the target reads of it.  The edges into a node add up to what it reads, so the graph is exact
(Ameisen et al., "Circuit tracing", 2025).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.sparse import Recipe, fit
from lab.two_hop import CITIES, INPUTS, NOISE, STATE_OF, WIDTH, mlp, streams, train

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from lab.adam import Parameters
    from lab.sparse import Dictionary, Source

    Array = NDArray[Any]

RECIPE = Recipe(latents=64, penalty=0.6, steps=1500)
BATCH, NOISY_COPIES = 192, 200


@dataclass(frozen=True)
class Network:
    """A two-hop network and the transcoders of its MLPs."""

    parameters: Parameters
    transcoders: tuple[Dictionary, Dictionary]


def network(seed: int, shortcut: bool) -> Network:
    """Train a network, then its transcoders on noisy inputs as in its own training."""
    parameters = train(seed, shortcut)

    random = np.random.default_rng(9100 + seed)
    inputs = np.tile(np.arange(len(INPUTS)), NOISY_COPIES)
    noise = NOISE / 2 * random.normal(size=(len(inputs), WIDTH)).astype(np.float32)
    read = streams(parameters, parameters["embed"][inputs] + noise)
    first, second = (
        fit(RECIPE, rows_of(read[layer], mlp(parameters, layer, read[layer])[0]), random)
        for layer in (0, 1)
    )
    return Network(parameters, (first, second))


def rows_of(read: Array, written: Array) -> Source:
    """Return a source of batches: rows of what an MLP read and wrote."""

    def draw(random: Generator) -> tuple[Array, Array]:
        rows = random.integers(0, len(read), BATCH)
        return read[rows], written[rows]

    return draw


class Cities:
    """What the network and its transcoders compute for all cities at once.

    ``written`` has what the MLPs write, ``latents`` those of the transcoders, ``errors`` what the
    transcoders miss; each is a pair, for MLP 0 and MLP 1.
    """

    def __init__(self, net: Network) -> None:
        self.net, self.parameters = net, net.parameters
        self.streams = streams(self.parameters, self.parameters["embed"][: len(CITIES)])
        self.written = [mlp(self.parameters, layer, self.streams[layer])[0] for layer in (0, 1)]
        pairs = list(zip(net.transcoders, self.streams[:2], strict=True))
        self.latents = [transcoder.latents(stream) for transcoder, stream in pairs]
        self.errors = [self.written[k] - net.transcoders[k].output(self.latents[k]) for k in (0, 1)]
        self.state = STATE_OF[: len(CITIES)]

    def reading(self, capital: int) -> Array:
        """Return what reads the logit of a capital, less the mean logit, from the stream."""
        columns = self.parameters["capital"]
        direction: Array = columns[:, capital] - columns.mean(1)
        return direction


@dataclass(frozen=True)
class Node:
    """A node of a graph: what it writes into the stream, and its direct ``share`` of the logit."""

    kind: str  # city, latent, error or logit
    layer: int
    latent: int  # its number, or -1
    written: Array
    share: float


def nodes_of(cities: Cities, city: int) -> list[Node]:
    """Return the nodes for a city: embedding, latents that are on and errors, then the logit."""
    reading = cities.reading(cities.state[city])
    written = [("city", 0, -1, cities.streams[0][city])]
    for layer, transcoder in enumerate(cities.net.transcoders):
        on = cities.latents[layer][city]
        written += [
            ("latent", layer, j, on[j] * transcoder.decoder[j]) for j in np.flatnonzero(on).tolist()
        ]
        rest = cities.errors[layer][city] + transcoder.parameters["output_bias"]
        written.append(("error", layer, -1, rest))
    written.append(("logit", 2, -1, cities.streams[2][city]))
    return [Node(*fields, float(fields[-1] @ reading)) for fields in written]


def edges_of(cities: Cities, nodes: list[Node]) -> list[tuple[int, int, float]]:
    """Return source, target and weight of every edge, by the numbers of the nodes."""
    edges = []
    for source, writer in enumerate(nodes[:-1]):
        for target, reader in enumerate(nodes):
            if reader.kind == "latent" and (writer.kind == "city" or writer.layer < reader.layer):
                encoder = cities.net.transcoders[reader.layer].parameters["encoder"]
                weight = float(writer.written @ encoder[:, reader.latent])
                edges.append((source, target, weight))
        edges.append((source, len(nodes) - 1, writer.share))
    return edges
