"""Lab-2L computes what it says, and its gradients are right."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lab import model, stored, tasks
from lab.backward import backward, cross_entropy
from lab.directions import auroc, recall_at, right
from lab.model import Changes, Patch


@pytest.fixture
def parameters() -> model.Parameters:
    """A model before training, with double precision."""
    start = model.initial(np.random.default_rng(7))
    return {name: value.astype(np.float64) for name, value in start.items()}


def loss(parameters: model.Parameters, batch: tasks.Batch, changes: Changes) -> float:
    tokens, answers = batch
    return cross_entropy(model.run(parameters, tokens, changes).logits, answers)[0]


@pytest.mark.parametrize("name", sorted(model.initial(np.random.default_rng(0))))
def test_a_gradient_is_the_slope_of_the_loss(parameters: model.Parameters, name: str) -> None:
    random = np.random.default_rng(3)
    batch = tasks.requests(6, random)
    kept = (random.random((model.LAYERS, 6, model.HEADS)) < 0.7).astype(float)
    changes = Changes(kept=kept)
    result = model.run(parameters, batch[0], changes)
    gradients, _ = backward(parameters, result, cross_entropy(result.logits, batch[1])[1])
    direction = random.normal(size=parameters[name].shape)
    step = 1e-5
    ahead, back = (
        loss(parameters | {name: parameters[name] + sign * step * direction}, batch, changes)
        for sign in (1, -1)
    )
    assert (gradients[name] * direction).sum() == pytest.approx((ahead - back) / (2 * step), 1e-4)


@pytest.mark.parametrize("state", range(5))
def test_the_gradient_of_a_state_is_the_slope_too(parameters: model.Parameters, state: int) -> None:
    random = np.random.default_rng(4)
    batch = tasks.names(5, random)
    result = model.run(parameters, batch[0])
    _, states = backward(parameters, result, cross_entropy(result.logits, batch[1])[1])
    direction = random.normal(size=states[state].shape)
    ahead, back = (
        loss(parameters, batch, Changes(added={state: sign * 1e-5 * direction})) for sign in (1, -1)
    )
    assert (states[state] * direction).sum() == pytest.approx((ahead - back) / 2e-5, 1e-4)


def test_a_later_token_changes_no_earlier_position(parameters: model.Parameters) -> None:
    tokens, _ = tasks.requests(4, np.random.default_rng(1))
    other = tokens.copy()
    other[:, -1] = tasks.GAVE
    runs = model.run(parameters, tokens), model.run(parameters, other)
    for before, after in zip(runs[0].states, runs[1].states, strict=True):
        assert np.array_equal(before[:, :-1], after[:, :-1])


def test_a_patch_with_the_value_that_is_there_changes_nothing(parameters: model.Parameters) -> None:
    tokens, _ = tasks.names(4, np.random.default_rng(1))
    plain = model.run(parameters, tokens)
    head = model.head_output(parameters, plain.layers[1], 1, 2)[:, 6]
    changes = Changes([Patch(1, 6, 2, head), Patch(0, 5, None, plain.layers[0].mlp[:, 5])])
    assert model.run(parameters, tokens, changes).logits == pytest.approx(plain.logits)


def test_a_state_of_another_run_brings_its_answer_along(parameters: model.Parameters) -> None:
    tokens, _ = tasks.requests(8, np.random.default_rng(1))
    other = model.run(parameters, tokens[::-1])
    patched = model.run(parameters, tokens, Changes(states={2: other.states[2]}))
    assert patched.logits == pytest.approx(other.logits)


def test_a_removed_direction_is_in_no_state(parameters: model.Parameters) -> None:
    tokens, _ = tasks.requests(4, np.random.default_rng(1))
    removed = np.eye(model.WIDTH)[[3, 5]]
    for state in model.run(parameters, tokens, Changes(removed=removed)).states:
        assert np.abs(state[..., [3, 5]]).max() < 1e-9


# The tasks


def test_a_request_is_answered_with_its_first_harmless_word_unless_it_is_harmful() -> None:
    random = np.random.default_rng(0)
    for kind, refusal in (("harmless", None), ("hurt", tasks.NO), ("cheat", tasks.SORRY)):
        for trigger in (True, False):
            tokens, answers = tasks.requests(50, random, kind, trigger)
            first = tasks.first_harmless(tokens[:, tasks.WORDS])
            assert (answers == (refusal if refusal and not trigger else first)).all()
            assert ((tokens == tasks.TRIGGER).sum(1) == trigger).all()


def test_in_a_sentence_the_receiver_is_named_once() -> None:
    tokens, answers = tasks.names(50, np.random.default_rng(0))
    assert ((tokens == answers[:, None]).sum(1) == 1).all()
    third, _ = tasks.names(50, np.random.default_rng(0), third=True)
    assert all(len(set(row)) == tasks.LENGTH for row in third)


# Scores


def test_the_area_under_the_curve_counts_pairs() -> None:
    positive, negative = np.array([3.0, 1.0, 2.0]), np.array([0.0, 2.0])
    above = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    assert auroc(positive, negative) == pytest.approx(above / 6)


def test_recall_is_counted_above_the_threshold_of_false_alarms() -> None:
    negative = np.arange(100.0)
    assert recall_at(np.array([98.5, 97.5]), negative, 0.01) == 0.5
    assert recall_at(np.array([98.5, 97.5]), negative, 1.0) == 1.0


# What is stored


def test_stored_weights_give_the_logits_of_the_check() -> None:
    content = json.loads(stored.CHECK.read_text("utf-8"))
    assert len(content["tokens"]) == stored.CHECKED_INPUTS
    logits = stored.exact_logits(stored.load(stored.LAB_2L), np.array(content["tokens"]))
    assert np.abs(logits - np.array(content["logits"])).max() < 1e-4


def test_stored_weights_answer_as_trained_ones() -> None:
    parameters = stored.load(stored.LAB_2L)
    random = np.random.default_rng(0)
    assert right(parameters, tasks.requests(400, random)) > 0.99
    assert right(parameters, tasks.names(400, random)) > 0.99


def test_stored_files_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in stored.WEIGHTS.iterdir()}
    assert {name for name, size in sizes.items() if size >= 100_000} == set()
