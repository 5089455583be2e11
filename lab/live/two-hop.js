// The two-hop network and its transcoders in the browser, the swap of a state, and the graph of a city.
// lab/graph.py and lab/attribution.py have the same in Python; lab/README.md describes the weights.

import { load, scaled, sum, times } from "./model.js";

/** Return the parts of a network that are computed once for all cities. */
export function network(file, results) {
  const { matrices } = load({ ...file, vocabulary: [] });
  const name = file.model.includes("without") ? "without" : "with";
  const width = file.tensors.embed.shape[1];
  const net = { matrices, width, states: file.states, capitals: file.capitals, stateOf: file.state_of };
  const own = Object.values(results.data[name].state_latents);
  net.cities = Array.from({ length: 2 * own.length }, (_, city) => {
    const start = matrices.embed.subarray(city * width, (city + 1) * width);
    const middle = sum(start, mlp(net, 0, start));
    const latents = [latentsOf(net, 0, start), latentsOf(net, 1, middle)];
    const errors = [start, middle].map((stream, layer) =>
      sum(mlp(net, layer, stream), written(net, layer, latents[layer]), -1),
    );
    const kept = latents[0].map((value, j) => (own[net.stateOf[city]].includes(j) ? value : 0));
    return { start, middle, latents, errors, ofState: times(kept, matrices["transcoder.0.decoder"]) };
  });
  net.typical = own.map((_, state) => {
    const [one, two] = net.cities.filter((_city, number) => net.stateOf[number] === state);
    return scaled(sum(one.ofState, two.ofState), 0.5);
  });
  net.standsFor = (latent) => net.states.filter((_, k) => own[k].includes(latent)).join(", ");
  return net;
}

const positive = (vector) => vector.map((number) => Math.max(0, number));

const mlp = ({ matrices }, layer, stream) =>
  times(
    positive(sum(times(stream, matrices[`${layer}.up`]), matrices[`${layer}.up_bias`])),
    matrices[`${layer}.down`],
  );

function latentsOf({ matrices }, layer, stream) {
  const read = times(stream, matrices[`transcoder.${layer}.encoder`]);
  return positive(sum(read, matrices[`transcoder.${layer}.encoder_bias`]));
}

const written = ({ matrices }, layer, latents) =>
  sum(times(latents, matrices[`transcoder.${layer}.decoder`]), matrices[`transcoder.${layer}.output_bias`]);

/** Return the logits after a swap: of the network, or as the graph predicts them. */
export function swapped(net, city, state, strength, real) {
  const { middle, ofState, errors } = net.cities[city];
  const change = sum(net.typical[state] ?? ofState, ofState, -1);
  const stream = sum(middle, change, strength);
  const step = real
    ? mlp(net, 1, stream)
    : sum(written(net, 1, latentsOf(net, 1, stream)), errors[1]);
  return times(sum(stream, step), net.matrices.capital);
}

/** Return how often the new capital is given and predicted, over all swaps. */
export function score(net, strength) {
  const all = { count: 0, given: 0, predicted: 0, agree: 0 };
  net.cities.forEach((_, city) => {
    net.typical.forEach((_vector, state) => {
      if (state === net.stateOf[city]) return;
      const [given, predicted] = [true, false].map((real) =>
        highest(swapped(net, city, state, strength, real)),
      );
      all.count += 1;
      all.given += given === state;
      all.predicted += predicted === state;
      all.agree += given === predicted;
    });
  });
  for (const name of ["given", "predicted", "agree"]) all[name] /= all.count;
  return all;
}

export const highest = (numbers) => numbers.indexOf(Math.max(...numbers));

// The graph

/** Return the nodes of a city, and the edges between them as [from, to, weight]. */
export function graphOf(net, city) {
  const { matrices, width, capitals } = net;
  const { start, latents, errors } = net.cities[city];
  const answer = net.stateOf[city];
  const nodes = [{ name: "the city", layer: -1, vector: start }];
  latents.forEach((on, layer) => {
    const decoder = matrices[`transcoder.${layer}.decoder`];
    on.forEach((value, j) => {
      if (!value) return;
      const vector = scaled(decoder.subarray(j * width, (j + 1) * width), value);
      const state = layer ? "" : net.standsFor(j);
      const name = `latent ${j} of MLP ${layer}${state && ` (${state})`}`;
      nodes.push({ name, layer, latent: j, state, vector });
    });
    const vector = sum(errors[layer], matrices[`transcoder.${layer}.output_bias`]);
    nodes.push({ name: `error of MLP ${layer}`, layer, vector });
  });
  nodes.push({ name: `the answer, ${capitals[answer]}`, layer: 2 });
  return { nodes, edges: edgesOf(net, nodes, answer) };
}

/** Multiply what each node writes with what each later one reads. */
function edgesOf(net, nodes, answer) {
  const edges = [];
  nodes.slice(0, -1).forEach(({ vector, layer }, from) => {
    const read = [0, 1].map((reader) => times(vector, net.matrices[`transcoder.${reader}.encoder`]));
    nodes.forEach((node, to) => {
      if (node.latent !== undefined && node.layer > layer) {
        edges.push([from, to, read[node.layer][node.latent]]);
      }
    });
    const logits = times(vector, net.matrices.capital);
    const mean = logits.reduce((a, b) => a + b) / logits.length;
    edges.push([from, nodes.length - 1, logits[answer] - mean]);
  });
  return edges;
}
