"""The backward pass of Lab-2L, by hand: how the loss changes with every parameter and activation.

Each function mirrors one of `lab.model` and goes through its steps in reverse.  A gradient has the
shape of what it belongs to.  ``tests/lab/test_model.py`` compares with finite differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lab.model import HEAD_WIDTH, HEADS, LAYERS, LENGTH, WIDTH, softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lab.model import Layer, Parameters, Run

    Array = NDArray[Any]


def cross_entropy(logits: Array, answers: Array) -> tuple[float, Array]:
    """Return the mean surprise about the answers in nats, and its gradient for the logits."""
    rows = np.arange(len(answers))
    gradient = softmax(logits)
    loss = float(-np.log(gradient[rows, answers] + 1e-9).mean())
    gradient[rows, answers] -= 1
    return loss, (gradient / len(rows)).astype(logits.dtype)


def backward(
    parameters: Parameters, result: Run, for_logits: Array
) -> tuple[Parameters, list[Array]]:
    """Return the gradients of the parameters, and of the five states of the stream.

    ``for_logits`` is the gradient for the logits, shape ``(batch, words)``.
    """
    gradients = {"unembed": result.final.T @ for_logits}
    stream = np.zeros_like(result.states[-1])
    stream[:, -1] = through_norm(
        for_logits @ parameters["unembed"].T, result.final, result.final_scale
    )
    states = [stream]
    for layer in reversed(range(LAYERS)):
        computed = result.layers[layer]
        stream = stream + mlp_backward(parameters, layer, computed, stream, gradients)
        states.append(stream)
        stream = stream + attention_backward(parameters, layer, result, stream, gradients)
        states.append(stream)
    gradients["embed"] = np.zeros_like(parameters["embed"])
    np.add.at(gradients["embed"], result.tokens, stream)
    gradients["position"] = stream.sum(0)
    return gradients, states[::-1]


def through_norm(gradient: Array, normed: Array, scale: Array) -> Array:
    """Return the gradient before `lab.model.rms_norm`: lengths do not matter, directions do."""
    along = normed * (gradient * normed).mean(-1, keepdims=True)
    before: Array = scale * (gradient - along)
    return before


def flat(values: Array) -> Array:
    """Return inputs and positions as one axis, so that a product sums over both."""
    return values.reshape(-1, values.shape[-1])


def mlp_backward(
    parameters: Parameters, layer: int, computed: Layer, written: Array, gradients: Parameters
) -> Array:
    """Add the gradients of an MLP, and return the one for the stream that it read."""
    gradients[f"{layer}.down"] = flat(computed.neurons).T @ flat(written)
    gradients[f"{layer}.down_bias"] = flat(written).sum(0)
    neurons = (written @ parameters[f"{layer}.down"].T) * (computed.neurons > 0)
    gradients[f"{layer}.up"] = flat(computed.mlp_normed).T @ flat(neurons)
    gradients[f"{layer}.up_bias"] = flat(neurons).sum(0)
    normed = neurons @ parameters[f"{layer}.up"].T
    return through_norm(normed, computed.mlp_normed, computed.mlp_scale)


def attention_backward(
    parameters: Parameters, layer: int, result: Run, written: Array, gradients: Parameters
) -> Array:
    """Add the gradients of the heads of a layer, and return the one for the stream they read."""
    computed = result.layers[layer]
    mixed = (written @ parameters[f"{layer}.output"].T).reshape(-1, LENGTH, HEADS, HEAD_WIDTH)
    gradients[f"{layer}.output"] = flat(computed.mixed.reshape(-1, LENGTH, WIDTH)).T @ flat(written)
    if result.kept is not None:
        mixed = mixed * result.kept[layer][:, None, :, None]
    mixed = mixed.transpose(0, 2, 1, 3)
    pattern = mixed @ computed.value.transpose(0, 1, 3, 2)
    value = computed.pattern.transpose(0, 1, 3, 2) @ mixed
    weighted = (pattern * computed.pattern).sum(-1, keepdims=True)
    scores = computed.pattern * (pattern - weighted) / HEAD_WIDTH**0.5
    query = scores @ computed.key
    key = scores.transpose(0, 1, 3, 2) @ computed.query
    normed = np.zeros_like(computed.normed)
    for name, gradient in (("query", query), ("key", key), ("value", value)):
        joined = gradient.transpose(0, 2, 1, 3).reshape(-1, LENGTH, WIDTH)
        gradients[f"{layer}.{name}"] = flat(computed.normed).T @ flat(joined)
        normed += joined @ parameters[f"{layer}.{name}"].T
    return through_norm(normed, computed.normed, computed.scale)
