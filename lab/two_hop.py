"""A small network that answers in two hops: the city ``Dallas`` → the state ``Texas`` → ``Austin``.

It has the parts of a language model that matter here, and nothing else: a residual stream of 32
numbers, two MLPs that read it and add to it, and two readings.  After the first MLP it is asked for
the state, after the second for the capital::

    stream 0 = embedding ─ MLP 0 ─ stream 1 ─ MLP 1 ─ stream 2
                                      └ state             └ capital

Two versions know the same facts about states.  The one *without shortcut* is never told the capital
for a city: it has to go through the state.  The one *with shortcut* is told, but only while MLP 0
is switched off, so it learns the capitals of cities by heart as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lab.adam import Adam
from lab.model import softmax

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from lab.adam import Parameters

    Array = NDArray[Any]

STATES = {
    "Texas": ("Austin", "Dallas", "Houston"),
    "California": ("Sacramento", "Oakland", "Fresno"),
    "Illinois": ("Springfield", "Chicago", "Peoria"),
    "Florida": ("Tallahassee", "Miami", "Tampa"),
    "Washington": ("Olympia", "Seattle", "Tacoma"),
    "Ohio": ("Columbus", "Cleveland", "Toledo"),
    "Oregon": ("Salem", "Portland", "Eugene"),
    "New York": ("Albany", "Buffalo", "Rochester"),
}
STATE_NAMES = list(STATES)
CAPITALS = [capital for capital, _, _ in STATES.values()]
CITIES = [city for _, *cities in STATES.values() for city in cities]
#: What can be asked about, cities first, and the number of the state of each.
INPUTS = CITIES + STATE_NAMES
STATE_OF = np.array([k // 2 for k in range(len(CITIES))] + list(range(len(STATES))))
IS_CITY = np.arange(len(INPUTS)) < len(CITIES)

WIDTH, HIDDEN = 32, 64
STEPS, RATE, COPIES = 1200, 4e-3, 8
#: Noise on the stream in training, so that a state is more than a few exact points.
NOISE = 0.4


def initial(random: Generator) -> Parameters:
    """Return random parameters."""

    def normal(rows: int, columns: int) -> NDArray[np.float32]:
        return np.asarray(random.normal(size=(rows, columns)) / rows**0.5, np.float32)

    parameters = {
        "embed": random.normal(size=(len(INPUTS), WIDTH)).astype(np.float32),
        "state": normal(WIDTH, len(STATES)),
        "capital": normal(WIDTH, len(STATES)),
    }
    for layer in range(2):
        parameters[f"{layer}.up"] = normal(WIDTH, HIDDEN)
        parameters[f"{layer}.up_bias"] = np.zeros(HIDDEN, np.float32)
        parameters[f"{layer}.down"] = normal(HIDDEN, WIDTH)
    return parameters


def mlp(parameters: Parameters, layer: int, stream: Array) -> tuple[Array, Array]:
    """Return what an MLP writes, shape ``(batch, width)``, and its neurons."""
    neurons = np.maximum(stream @ parameters[f"{layer}.up"] + parameters[f"{layer}.up_bias"], 0)
    return neurons @ parameters[f"{layer}.down"], neurons


def streams(parameters: Parameters, start: Array) -> tuple[Array, Array, Array]:
    """Return the three streams, for the embeddings of inputs, shape ``(batch, width)``."""
    middle = start + mlp(parameters, 0, start)[0]
    return start, middle, middle + mlp(parameters, 1, middle)[0]


def mlp_backward(
    parameters: Parameters, layer: int, stream: Array, gradient: Array, gradients: Parameters
) -> Array:
    """Add the gradients of an MLP, and return the one for the stream that it read."""
    _, neurons = mlp(parameters, layer, stream)
    for_neurons = (gradient @ parameters[f"{layer}.down"].T) * (neurons > 0)
    gradients[f"{layer}.down"] = neurons.T @ gradient
    gradients[f"{layer}.up"] = stream.T @ for_neurons
    gradients[f"{layer}.up_bias"] = for_neurons.sum(0)
    read: Array = for_neurons @ parameters[f"{layer}.up"].T
    return read


def loss_and_gradients(
    parameters: Parameters, inputs: Array, noise: Array, shortcut: bool
) -> tuple[float, Parameters]:
    """Return the mean surprise about states and capitals, in nats, and its gradients.

    ``noise`` has shape ``(2, batch, width)``; it is added to the first and to the second stream.
    With a ``shortcut`` MLP 0 is switched off for every second city, and capitals taught there.
    """
    rows, is_city = np.arange(len(inputs)), IS_CITY[inputs]
    is_on = ~(is_city & shortcut & (rows // len(INPUTS) % 2 == 1))
    start = parameters["embed"][inputs] + noise[0]
    middle = start + is_on[:, None] * mlp(parameters, 0, start)[0] + noise[1]
    end = middle + mlp(parameters, 1, middle)[0]
    taught = ~is_city | ~is_on
    losses, for_streams, gradients = [], [], {}
    for name, stream, weight in (("state", middle, is_on), ("capital", end, taught)):
        weight = (weight / weight.sum())[:, None]
        likely = softmax(stream @ parameters[name])
        losses.append(float(-(weight[:, 0] * np.log(likely[rows, STATE_OF[inputs]] + 1e-9)).sum()))
        likely[rows, STATE_OF[inputs]] -= 1
        for_logits = (likely * weight).astype(stream.dtype)
        gradients[name] = stream.T @ for_logits
        for_streams.append(for_logits @ parameters[name].T)
    gradient = for_streams[1]
    gradient = gradient + mlp_backward(parameters, 1, middle, gradient, gradients) + for_streams[0]
    for_mlp = gradient * is_on[:, None]
    gradient = gradient + mlp_backward(parameters, 0, start, for_mlp, gradients)
    gradients["embed"] = np.zeros_like(parameters["embed"])
    np.add.at(gradients["embed"], inputs, gradient)
    return sum(losses), gradients


def train(seed: int, shortcut: bool) -> Parameters:
    """Return a network trained on all cities and states, with noise."""
    random = np.random.default_rng(9000 + seed)
    parameters = initial(random)
    adam = Adam(parameters, second_decay=0.98, weight_decay=0.05)
    inputs = np.tile(np.arange(len(INPUTS)), COPIES)
    for step in range(1, STEPS + 1):
        noise = NOISE * random.normal(size=(2, len(inputs), WIDTH)).astype(np.float32)
        _, gradients = loss_and_gradients(parameters, inputs, noise, shortcut)
        adam.step(gradients, RATE * min(1, 2 * (1 - step / STEPS) + 0.01))
    return parameters
