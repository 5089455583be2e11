"""An attribution graph of the steps from a city to its capital, and a test of what it predicts.

A *transcoder* stands in for each MLP of `lab.two_hop`: it reads what the MLP reads and writes
nearly what the MLP writes, as a sum of few latents.  What it misses is an *error*, which the graph
keeps as a node.  For one city every edge is a product: how strongly the source writes, times how
much the target reads of it.  The edges into a node add up to what it reads, so the graph is exact
(Ameisen et al., "Circuit tracing", 2025).

Whether the graph is right is another question.  The test: swap the latents of Texas for those of
California, run the *real* network on, and compare with what the graph predicts.  Without a shortcut
the answer follows the state.  With one, part of it comes from the city directly.

Control: random directions of the same length in place of the swap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.results import Result
from lab.sparse import Recipe, explained, fit
from lab.stored import WEIGHTS, store
from lab.two_hop import (
    CAPITALS,
    CITIES,
    INPUTS,
    NOISE,
    STATE_NAMES,
    STATE_OF,
    STATES,
    WIDTH,
    mlp,
    streams,
    train,
)

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from lab.adam import Parameters
    from lab.sparse import Dictionary, Source

    Array = NDArray[Any]

FILES = tuple(f"lab/{name}.py" for name in "adam attribution model results sparse two_hop".split())
SEEDS = (0, 1, 2)
VERSIONS = {"without": False, "with": True}
RECIPE = Recipe(latents=64, penalty=0.6, steps=1500)
BATCH, NOISY_COPIES = 192, 200
#: How many times over the latents of a state are swapped, and which of these the numbers are for.
STRENGTHS, STRENGTH = (0.5, 1.0, 1.5, 2.0, 3.0), 2.0
#: Edges with a smaller weight are not drawn.
LEAST_WEIGHT = 0.05
SHOWN = ("Dallas", "Oakland", "Chicago", "Portland")


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


def drawn(cities: Cities, city: int) -> dict[str, Any]:
    """Return the graph of a city as data, without the edges that weigh next to nothing."""
    nodes = nodes_of(cities, city)
    names = ("kind", "layer", "latent", "share")
    return {
        "city": CITIES[city],
        "nodes": [[getattr(node, name) for name in names] for node in nodes],
        "edges": [edge for edge in edges_of(cities, nodes) if abs(edge[2]) > LEAST_WEIGHT],
    }


def shares(cities: Cities, city: int) -> dict[str, float]:
    """Return what parts of the logit come through latents, through errors, and from the city.

    ``direct`` is of what the latents of MLP 1 read, weighted by what they give to the logit: how
    much comes from the embedding of the city, not through MLP 0.
    """
    nodes = nodes_of(cities, city)
    logit = nodes[-1].share
    from_city = from_all = 0.0
    for source, target, weight in edges_of(cities, nodes):
        if nodes[target].kind == "latent" and nodes[target].layer == 1:
            part = max(nodes[target].share, 0.0) * weight
            from_all += part
            from_city += part * (nodes[source].kind == "city")
    return {
        "through_latents": sum(node.share for node in nodes if node.kind == "latent") / logit,
        "through_errors": sum(node.share for node in nodes if node.kind == "error") / logit,
        "direct": from_city / from_all,
        "nodes": float(len(nodes)),
    }


def state_latents(cities: Cities) -> Array:
    """Return which latents of MLP 0 stand for which state, shape ``(states, latents)``.

    They are on for both cities of the state and on average stronger than for any other.
    """
    by_city = cities.latents[0].reshape(len(STATES), 2, -1)
    strongest = by_city.mean(1).argmax(0)
    is_state: Array = (by_city > 0).all(1) & (strongest == np.arange(len(STATES))[:, None])
    return is_state


def swaps(cities: Cities) -> tuple[Array, Array, Array]:
    """Return all swaps: city, new state, and how each changes the stream, ``(swaps, width)``."""
    decoder, latents = cities.net.transcoders[0].decoder, cities.latents[0]
    is_state = state_latents(cities)
    own = (latents * is_state[cities.state]) @ decoder
    typical = own.reshape(len(STATES), 2, -1).mean(1)
    city, new = np.nonzero(cities.state[:, None] != np.arange(len(STATES)))
    return city, new, typical[new] - own[city]


def capital_logits(cities: Cities, city: Array, change: Array, real: bool) -> Array:
    """Return the logits of capitals after a change of stream 1, by MLP 1 or by its transcoder.

    The transcoder keeps the error that it made before the change.
    """
    middle = cities.streams[1][city] + change
    if real:
        written = mlp(cities.parameters, 1, middle)[0]
    else:
        transcoder = cities.net.transcoders[1]
        written = transcoder.output(transcoder.latents(middle)) + cities.errors[1][city]
    logits: Array = (middle + written) @ cities.parameters["capital"]
    return logits


def by_strength(cities: Cities) -> list[dict[str, float]]:
    """Return which capital is answered when states are swapped weakly or strongly."""
    city, new, change = swaps(cities)
    old, table = cities.state[city], []
    for strength in STRENGTHS:
        real, predicted = (
            capital_logits(cities, city, strength * change, kind).argmax(1)
            for kind in (True, False)
        )
        row = {
            "swap_new_capital": float((real == new).mean()),
            "swap_old_capital": float((real == old).mean()),
            "predicted_new_capital": float((predicted == new).mean()),
            "predicted_right": float((predicted == real).mean()),
        }
        table.append({"strength": strength} | row)
    return table


def prediction(cities: Cities, random: Generator) -> dict[str, float]:
    """Return how near the graph's change of the logits is to the real one, and the control.

    The change is of the new capital's logit less the old one's.
    """
    city, new, change = swaps(cities)
    change = STRENGTH * change
    old, rows = cities.state[city], np.arange(len(city))
    chance = random.normal(size=change.shape)
    lengths = np.linalg.norm(change, axis=1, keepdims=True)
    chance *= lengths / np.linalg.norm(chance, axis=1, keepdims=True)
    before = capital_logits(cities, city, np.zeros_like(change), real=True)
    real, predicted = (capital_logits(cities, city, change, real=kind) for kind in (True, False))
    moved = [(end - before)[rows, new] - (end - before)[rows, old] for end in (real, predicted)]
    at_random = capital_logits(cities, city, chance, real=True)
    return {
        "predicted_correlation": float(np.corrcoef(moved[0], moved[1])[0, 1]),
        "predicted_error": float(np.abs(moved[1] - moved[0]).mean() / np.abs(moved[0]).mean()),
        "random_old_capital": float((at_random.argmax(1) == old).mean()),
    }


def measure_version(net: Network, seed: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Return numbers and data of one network."""
    cities = Cities(net)
    every = np.arange(len(CITIES))
    answers = capital_logits(cities, every, np.zeros(WIDTH), real=True).argmax(1)
    numbers = {"capital_right": float((answers == cities.state).mean())}
    for layer in (0, 1):
        outputs = net.transcoders[layer].output(cities.latents[layer])
        numbers[f"explained_{layer}"] = explained(outputs, cities.written[layer])
    parts = [shares(cities, city) for city in range(len(CITIES))]
    numbers |= {name: float(np.mean([part[name] for part in parts])) for name in parts[0]}
    numbers["states_with_latent"] = float(state_latents(cities).any(1).sum())
    numbers |= prediction(cities, np.random.default_rng(9200 + seed))
    swapped = by_strength(cities)
    numbers |= {k: v for k, v in swapped[STRENGTHS.index(STRENGTH)].items() if k != "strength"}
    shown = [drawn(cities, CITIES.index(name)) for name in SHOWN]
    return numbers, {"graphs": shown, "swaps": swapped, "state_latents": named_latents(cities)}


def named_latents(cities: Cities) -> dict[str, list[int]]:
    """Return the latents of MLP 0 that stand for each state."""
    found = state_latents(cities)
    return {name: np.flatnonzero(found[k]).tolist() for k, name in enumerate(STATE_NAMES)}


def store_network(net: Network, version: str) -> None:
    """Write the weights of a network and its transcoders for pages."""
    parameters = dict(net.parameters)
    for layer, transcoder in enumerate(net.transcoders):
        for name, value in transcoder.parameters.items():
            parameters[f"transcoder.{layer}.{name}"] = value
    about = {
        "model": f"two-hop {version} shortcut",
        "seed": SEEDS[0],
        "inputs": INPUTS,
        "state_of": STATE_OF.tolist(),
        "states": STATE_NAMES,
        "capitals": CAPITALS,
    }
    store(parameters, WEIGHTS / f"two-hop-{version}-shortcut.json", about)


def measure() -> list[Result]:
    """Measure both versions with every seed; the graphs are those of the first."""
    numbers: dict[str, list[float]] = {}
    data: dict[str, Any] = {"cities": CITIES, "states": STATE_NAMES, "capitals": CAPITALS}
    for version, shortcut in VERSIONS.items():
        for seed in SEEDS:
            net = network(seed, shortcut)
            if seed == SEEDS[0]:
                store_network(net, version)
            found, shown = measure_version(net, seed)
            for name, value in found.items():
                numbers.setdefault(f"{version}_{name}", []).append(value)
            data.setdefault(version, shown)
    about = "Draw the attribution graph from city to capital, swap the state, and compare."
    return [Result("two-hop", about, SEEDS, FILES, numbers, data)]
