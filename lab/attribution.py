"""Attribution graphs put to the test: swap the state, and compare the network with the graph.

The graph of a city says by which latents it becomes its state and its capital (`lab.graph`), and
it is exact.  Whether it is right is another question.  The test: swap the latents of Texas for
those of California, run the *real* network on, and compare with what the graph predicts.  Without a
shortcut the answer follows the state.  With one, part of it comes from the city directly, and the
graph promises more than the network does.

Control: random directions of the same length in place of the swap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lab.graph import Cities, edges_of, network, nodes_of
from lab.results import Result
from lab.sparse import explained
from lab.stored import WEIGHTS, store
from lab.two_hop import CAPITALS, CITIES, INPUTS, STATE_NAMES, STATE_OF, STATES, WIDTH, mlp

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from lab.graph import Network

    Array = NDArray[Any]

FILES = tuple(
    f"lab/{name}.py" for name in "adam attribution graph model results sparse two_hop".split()
)
SEEDS = (0, 1, 2)
VERSIONS = {"without": False, "with": True}
#: How many times over the latents of a state are swapped, and which of these the numbers are for.
STRENGTHS, STRENGTH = (0.5, 1.0, 1.5, 2.0, 3.0), 2.0
#: Edges with a smaller weight are not drawn.
LEAST_WEIGHT = 0.05
SHOWN = ("Dallas", "Oakland", "Chicago", "Portland")


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
