// The attribution graph of the two-hop network, and what becomes of its predictions if the state is
// swapped.

import { bar, choice, key, make, percent, select, slider, status, text } from "./draw.js";
import { softmax } from "./model.js";
import { graphOf, highest, network, score, swapped } from "./two-hop.js";

const NONE = "(no swap)";
const pause = () => new Promise((done) => setTimeout(done));
const HEIGHT = 300;
// Smaller shares of what a node gets are drawn for the chosen node alone.
const LEAST_SHARE = 0.15;

export default async function (figure, [results, without, withShortcut]) {
  // A network at a time, so that the browser can do something else between them.
  const nets = { without: network(without, results) };
  await pause();
  nets.with = network(withShortcut, results);
  await pause();
  const { inputs, states } = without;
  const cities = inputs.slice(0, 2 * states.length);
  const version = choice(
    "Network",
    [["without", "without shortcut"], ["with", "with shortcut"]],
    drawAll,
  );
  const options = (names) => names.map((name) => make("option", {}, name));
  const city = select("City", options(cities), "Dallas", drawAll);
  const state = select("Swap its state for", options([NONE, ...states]), "California", drawSwap);
  const strength = slider(
    "How strongly",
    { min: 0, max: 3, step: 0.25, value: 2, words: (number) => `${number} times` },
    drawSwap,
  );
  const node = select("Follow a node", [], "", drawNode);
  const list = node.element.querySelector("select");
  const [place, bars] = [make("div"), make("div")];
  const [said, told] = [status(), status()];
  let graph;
  figure.append(
    version.element,
    city.element,
    node.element,
    place,
    key("blue: latents of the state", "red: the node that you follow", "diamonds: errors", "dashed: against"),
    told,
    make("p", { class: "lab-part-title" }, "Put the graph to the test"),
    state.element,
    strength.element,
    bars,
    said,
  );
  drawAll();

  function drawAll() {
    graph = graphOf(nets[version.value], cities.indexOf(city.value));
    list.replaceChildren(...graph.nodes.map(({ name }) => make("option", {}, name)));
    // At first the latent of the state that the city excites most.
    const [, first] = graph.edges
      .filter(([, to]) => graph.nodes[to].state)
      .reduce((most, edge) => (edge[2] > most[2] ? edge : most));
    list.value = graph.nodes[first].name;
    drawNode();
    drawSwap();
  }

  function drawNode() {
    const chosen = graph.nodes.findIndex(({ name }) => name === list.value);
    const choose = (name) => {
      list.value = name;
      drawNode();
    };
    place.replaceChildren(picture(graph, chosen, Math.min(560, figure.clientWidth), choose));
    told.textContent = wordsOf(graph, chosen);
  }

  function drawSwap() {
    const net = nets[version.value];
    const [from, to] = [cities.indexOf(city.value), states.indexOf(state.value)];
    const answers = [true, false].map((real) =>
      softmax(swapped(net, from, to, strength.value, real)),
    );
    const [old, other] = [net.stateOf[from], to < 0 ? net.stateOf[from] : to];
    bars.replaceChildren(
      ...["network", "graph"].map((who, k) => bar(who, parts(net, answers[k], old, other))),
    );
    const [given, predicted] = answers.map((shares) => net.capitals[highest(shares)]);
    const all = score(net, strength.value);
    said.textContent =
      `The network answers ${given}, the graph predicts ${predicted}. ` +
      `Of all ${all.count} swaps at this strength, the graph predicts the new capital in ` +
      `${percent(all.predicted)}, the network gives it in ${percent(all.given)}, ` +
      `and they agree in ${percent(all.agree)}.`;
  }
}

function parts(net, shares, old, other) {
  const named = [[shares[old], net.capitals[old], "blue"]];
  if (other !== old) named.push([shares[other], net.capitals[other], "rust"]);
  const rest = 1 - named.reduce((total, [share]) => total + share, 0);
  return [...named, [rest, "another", "grey"]].filter(([share]) => share >= 0.005);
}

/** Say what a node gets and gives, by the largest of its edges. */
function wordsOf({ nodes, edges }, chosen) {
  const named = (list, end) =>
    list
      .sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]))
      .slice(0, 3)
      .map((edge) => `${nodes[edge[end]].name} ${text(edge[2], 1)}`)
      .join(", ");
  const gets = named(edges.filter(([, to]) => to === chosen), 0);
  const gives = named(edges.filter(([from]) => from === chosen), 1);
  const { name } = nodes[chosen];
  const sentence = [gets && `gets most from: ${gets}`, gives && `gives most to: ${gives}`];
  return `${name[0].toUpperCase()}${name.slice(1)} ${sentence.filter(Boolean).join("; ")}.`;
}

/** Draw the graph from the city below to the answer above, with the edges of one node in front. */
function picture({ nodes, edges }, chosen, width, choose) {
  const y = ({ layer }) => HEIGHT - 24 - (layer + 1) * 84;
  const x = (node) => {
    const mates = nodes.filter(({ layer }) => layer === node.layer);
    return ((mates.indexOf(node) + 0.5) / mates.length) * (width - 70) + 62 + [0, 14, -14, 0][node.layer + 1];
  };
  const isNear = ([from, to]) => from === chosen || to === chosen;
  const lines = [];
  nodes.forEach((target, to) => {
    const into = edges.filter((edge) => edge[1] === to);
    const most = Math.max(...into.map(([, , weight]) => Math.abs(weight)));
    for (const edge of into) {
      const share = Math.abs(edge[2]) / most;
      if (share < LEAST_SHARE && !isNear(edge)) continue;
      const source = nodes[edge[0]];
      const line = make("path", {
        d: `M${x(source)} ${y(source)}L${x(target)} ${y(target)}`,
        class: `lab-edge${edge[2] < 0 ? " lab-less" : ""}${isNear(edge) ? " lab-near" : ""}`,
        "stroke-width": 0.5 + 4 * share,
      });
      if (isNear(edge)) lines.push(line);
      else lines.unshift(line);
    }
  });
  const marks = nodes.map((node, number) => {
    const isError = node.name.startsWith("error");
    const kind = number === chosen ? "chosen" : node.state ? "state" : "node";
    const shape = isError
      ? make("path", { d: `M${x(node)} ${y(node) - 8}l8 8l-8 8l-8 -8z` })
      : make("circle", { cx: x(node), cy: y(node), r: 7 });
    shape.setAttribute("class", `lab-node lab-${kind}`);
    shape.addEventListener("click", () => choose(node.name));
    return shape;
  });
  const words = ["city", "MLP 0", "MLP 1", "answer"].map((name, row) =>
    make("text", { x: 0, y: HEIGHT - 20 - row * 84 }, name),
  );
  const attributes = { viewBox: `0 0 ${width} ${HEIGHT}`, class: "lab-plot", "aria-hidden": "true" };
  return make("svg", attributes, ...lines, ...marks, ...words);
}
