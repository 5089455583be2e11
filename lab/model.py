"""Lab-2L: a transformer with two layers that can be watched and changed while it runs.

Shapes in this module: ``batch`` inputs, ``length`` 7 positions, ``width`` 32 numbers in the
residual stream, 4 ``heads`` of 8 numbers, 96 ``hidden`` neurons.  Only the last position predicts
a word.

The residual stream has five states, and experiments name a place by its number::

    0 embedding ─ attention 0 ─ 1 ─ MLP 0 ─ 2 ─ attention 1 ─ 3 ─ MLP 1 ─ 4 ─ norm ─ logits

State 3 is the stream after the attention of the second layer, for example.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lab import tasks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Parameters = dict[str, NDArray[np.float32]]

LAYERS, HEADS, WIDTH, HEAD_WIDTH, HIDDEN = 2, 4, 32, 8, 96
LENGTH, WORDS = tasks.LENGTH, len(tasks.VOCABULARY)
#: Where a position may not look: at later ones.
FUTURE = np.triu(np.full((LENGTH, LENGTH), -1e9, np.float32), 1)


@dataclass(frozen=True)
class Patch:
    """A value of shape ``(batch, width)`` that replaces what one component writes at one position.

    The component is a head of a layer, or without ``head`` the MLP of the layer.
    """

    layer: int
    position: int
    head: int | None
    value: Array


@dataclass(frozen=True)
class Changes:
    """What to change during a run.

    ``removed`` has orthonormal rows of shape ``(directions, width)``: the stream loses its part
    along them in every state.  ``added`` are vectors to add to one state, at all positions.
    ``states`` replaces whole states of the stream.  ``kept`` is 1 or 0 for each
    ``(layer, input, head)``: training drops heads with it.
    """

    patches: Sequence[Patch] = ()
    removed: Array | None = None
    added: dict[int, Array] = field(default_factory=dict)
    states: dict[int, Array] = field(default_factory=dict)
    kept: Array | None = None


@dataclass
class Layer:
    """What a layer computed. The names are those of the steps in `attention` and `mlp`."""

    normed: Array  # (batch, length, width): the input of the heads
    scale: Array  # (batch, length, 1): what the norm multiplied by
    query: Array  # (batch, heads, length, head width)
    key: Array
    value: Array
    pattern: Array  # (batch, heads, length to, length from): attention, rows add up to 1
    mixed: Array  # (batch, length, heads, head width): values, mixed as the pattern says
    attention: Array  # (batch, length, width): the sum of what the heads write
    mlp_normed: Array = field(init=False)
    mlp_scale: Array = field(init=False)
    neurons: Array = field(init=False)  # (batch, length, hidden), after ReLU
    mlp: Array = field(init=False)  # (batch, length, width): what the MLP writes


@dataclass
class Run:
    """Everything a run computed: five states of the stream, the layers, and the logits."""

    tokens: Array
    states: list[Array]
    layers: list[Layer]
    kept: Array | None
    final: Array = field(init=False)  # (batch, width): the last position, normed
    final_scale: Array = field(init=False)
    logits: Array = field(init=False)  # (batch, words)

    @property
    def answers(self) -> Array:
        """The word with the largest logit, for each input."""
        words: Array = self.logits.argmax(1)
        return words

    def last(self, state: int) -> Array:
        """Return a state of the stream at the last position, shape ``(batch, width)``."""
        return self.states[state][:, -1]


def initial(random: Generator) -> Parameters:
    """Return random parameters. Every matrix maps the rows on its left: ``x @ matrix``."""

    def normal(*shape: int, scale: float) -> NDArray[np.float32]:
        return (random.normal(size=shape) * scale).astype(np.float32)

    parameters = {
        "embed": normal(WORDS, WIDTH, scale=0.5),
        "position": normal(LENGTH, WIDTH, scale=0.5),
        "unembed": normal(WIDTH, WORDS, scale=WIDTH**-0.5),
    }
    for layer in range(LAYERS):
        for name in ("query", "key", "value", "output"):
            parameters[f"{layer}.{name}"] = normal(WIDTH, WIDTH, scale=WIDTH**-0.5)
        parameters[f"{layer}.up"] = normal(WIDTH, HIDDEN, scale=WIDTH**-0.5)
        parameters[f"{layer}.up_bias"] = np.zeros(HIDDEN, np.float32)
        parameters[f"{layer}.down"] = normal(HIDDEN, WIDTH, scale=HIDDEN**-0.5)
        parameters[f"{layer}.down_bias"] = np.zeros(WIDTH, np.float32)
    return parameters


def rms_norm(stream: Array) -> tuple[Array, Array]:
    """Return the stream at root mean square 1, and the factor that brought it there."""
    scale = 1 / np.sqrt((stream * stream).mean(-1, keepdims=True) + 1e-5)
    return stream * scale, scale


def softmax(scores: Array) -> Array:
    """Return probabilities along the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    probabilities: Array = powers / powers.sum(-1, keepdims=True)
    return probabilities


def attend(parameters: Parameters, layer: int, stream: Array, changes: Changes) -> Layer:
    """Let the heads of a layer read the stream, and return what they computed."""
    normed, scale = rms_norm(stream)
    query, key, value = (
        (normed @ parameters[f"{layer}.{name}"])
        .reshape(-1, LENGTH, HEADS, HEAD_WIDTH)
        .transpose(0, 2, 1, 3)
        for name in ("query", "key", "value")
    )
    pattern = softmax(query @ key.transpose(0, 1, 3, 2) / HEAD_WIDTH**0.5 + FUTURE)
    mixed = (pattern @ value).transpose(0, 2, 1, 3)
    if changes.kept is not None:
        mixed = mixed * changes.kept[layer][:, None, :, None]
    attention = mixed.reshape(-1, LENGTH, WIDTH) @ parameters[f"{layer}.output"]
    computed = Layer(normed, scale, query, key, value, pattern, mixed, attention)
    for patch in changes.patches:
        if patch.layer == layer and patch.head is not None:
            present = head_output(parameters, computed, layer, patch.head)[:, patch.position]
            attention[:, patch.position] += patch.value - present
    return computed


def head_output(parameters: Parameters, computed: Layer, layer: int, head: int) -> Array:
    """Return what one head writes into the stream, shape ``(batch, length, width)``."""
    rows = slice(head * HEAD_WIDTH, (head + 1) * HEAD_WIDTH)
    written: Array = computed.mixed[:, :, head] @ parameters[f"{layer}.output"][rows]
    return written


def run_mlp(
    parameters: Parameters, layer: int, stream: Array, computed: Layer, changes: Changes
) -> None:
    """Let the MLP of a layer read the stream, and complete what the layer computed."""
    computed.mlp_normed, computed.mlp_scale = rms_norm(stream)
    before = computed.mlp_normed @ parameters[f"{layer}.up"] + parameters[f"{layer}.up_bias"]
    computed.neurons = np.maximum(before, 0)
    computed.mlp = computed.neurons @ parameters[f"{layer}.down"] + parameters[f"{layer}.down_bias"]
    for patch in changes.patches:
        if patch.layer == layer and patch.head is None:
            computed.mlp[:, patch.position] = patch.value


def changed(state: Array, number: int, changes: Changes) -> Array:
    """Return a state of the stream with the changes that concern it."""
    state = changes.states.get(number, state)
    if changes.removed is not None:
        state = state - (state @ changes.removed.T) @ changes.removed
    return state + changes.added[number] if number in changes.added else state


def run(parameters: Parameters, tokens: Array, changes: Changes | None = None) -> Run:
    """Run the model on tokens of shape ``(batch, length)``."""
    changes = changes or Changes()
    stream = changed(parameters["embed"][tokens] + parameters["position"], 0, changes)
    result = Run(tokens, [stream], [], changes.kept)
    for layer in range(LAYERS):
        computed = attend(parameters, layer, stream, changes)
        stream = changed(stream + computed.attention, 2 * layer + 1, changes)
        result.states.append(stream)
        run_mlp(parameters, layer, stream, computed, changes)
        stream = changed(stream + computed.mlp, 2 * layer + 2, changes)
        result.states.append(stream)
        result.layers.append(computed)
    result.final, result.final_scale = rms_norm(stream[:, -1])
    result.logits = result.final @ parameters["unembed"]
    return result
