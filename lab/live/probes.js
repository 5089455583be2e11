// Train a linear probe on Lab-2L: what it reads, what control labels read, and what is used.

import { choice, newest, percent, plot, slider, status, text } from "./draw.js";
import { answer, dot, load, randomNumbers, requests, run } from "./model.js";

const [TRAIN, TEST, REPLACED] = [400, 100, 30];
const PENALTY = 0.1;
const ORDINALS = ["first", "second", "third", "fourth"];
const STATES = ["embedding", "attention 1", "MLP 1", "attention 2", "MLP 2"];

export default function (figure, [results, refusal, weights]) {
  const model = load(weights);
  const { trained, untrained, chance } = results.data;
  const harmless = [...model.groups.harmless, ...model.groups.weak];
  const random = randomNumbers(7);
  const inputs = requests(model, "harmless", TRAIN + TEST, random);
  const shuffled = ORDINALS.map((_, place) =>
    inputs.map((tokens) => [random(), tokens[2 + place]]).sort(([a], [b]) => a - b),
  );
  const read = [];
  const draw = newest(measure);
  const word = choice("Word to read", ORDINALS.map((name, place) => [place, name]), draw);
  const labels = choice(
    "Labels",
    [["words", "the words"], ["control", "one by lot for each word"], ["shuffled", "one by lot for each request"]],
    draw,
  );
  const words = (state) => `after ${STATES[state]}`.replace("after e", "e");
  const state = slider("Place in the model", { min: 0, max: 4, value: 2, words }, draw);
  const curve = plot(
    figure,
    { label: "", from: -0.3, to: 4.3, ticks: [0, 1, 2, 3, 4], words: (tick) => (tick % 2 ? "att." : tick ? "MLP" : "emb.") },
    { label: "", from: 0, to: 1, ticks: [0, 0.5, 1], words: percent },
    180,
  );
  const said = status();
  figure.append(word.element, labels.element, state.element, curve.element, said);
  figure.append(...chanceDirections(figure, refusal.data.random));
  return draw();

  async function measure(pause) {
    const place = word.value;
    drawKnown(place);
    if (read.length < inputs.length) said.textContent = `Lab-2L reads ${inputs.length} requests …`;
    for (const tokens of inputs.slice(read.length)) {
      read.push(run(model, tokens).states.map((each) => Float64Array.of(...each.at(-1), 1)));
      await pause();
    }
    const vectors = read.map((each) => each[state.value]);
    const wanted = inputs.map((tokens, i) => {
      const token = labels.value === "shuffled" ? shuffled[place][i][1] : tokens[2 + place];
      const number = harmless.indexOf(model.words[token]);
      // Seven shares no divisor with 20, so each word gets a label of its own.
      return labels.value === "control" ? (7 * number + 3) % harmless.length : number;
    });
    const accuracy = await probe(vectors, wanted, harmless.length, pause);
    const used = await share(place, pause);
    curve.dot([state.value, accuracy], "dot", 7);
    said.textContent = `The probe is right in ${percent(accuracy)} of new requests; guessing would be in ${percent(chance)}. Replace the ${ORDINALS[place]} word, and Lab-2L changes its answer in ${percent(used)}. A probe for the word itself, as a mean of three models: ${percent(trained[state.value][place])}, and before training ${percent(untrained[state.value][place])}.`;
  }

  function drawKnown(place) {
    curve.clear();
    curve.line([[-0.3, chance], [4.3, chance]], "chance");
    curve.line(trained.map((row, i) => [i, row[place]]));
    curve.line(untrained.map((row, i) => [i, row[place]]), "other");
    curve.write([1.2, 0.86], "— trained", "blue");
    curve.write([2.5, 0.86], "- - untrained", "rust");
  }

  /** Return in how many requests the answer changes when a word is replaced by the next one. */
  async function share(place, pause) {
    let changed = 0;
    for (const tokens of inputs.slice(0, REPLACED)) {
      const next = (harmless.indexOf(model.words[tokens[2 + place]]) + 1) % harmless.length;
      const other = tokens.with(2 + place, model.token[harmless[next]]);
      changed += answer(model, tokens) !== answer(model, other);
      await pause();
    }
    return changed / REPLACED;
  }
}

/** Fit a ridge regression on the first vectors, and return its accuracy on the others. */
async function probe(vectors, labels, count, pause) {
  const size = vectors[0].length;
  // Both sides of the equation in one row for each input number: (XᵀX + penalty) w = Xᵀy.
  const rows = Array.from({ length: size }, () => new Float64Array(size + count));
  for (let n = 0; n < TRAIN; n += 1) {
    vectors[n].forEach((x, i) => {
      for (let j = 0; j < size; j += 1) rows[i][j] += x * vectors[n][j];
      rows[i][size + labels[n]] += x;
    });
    await pause();
  }
  rows.forEach((row, i) => (row[i] += PENALTY));
  const solved = solve(rows);
  const weights = Array.from({ length: count }, (_, label) => solved.map((row) => row[size + label]));
  let right = 0;
  for (let n = TRAIN; n < vectors.length; n += 1) {
    const scores = weights.map((weight) => dot(vectors[n], weight));
    right += scores.indexOf(Math.max(...scores)) === labels[n];
    await pause();
  }
  return right / (vectors.length - TRAIN);
}

/** Bring the left part of the rows to the identity (Gauss and Jordan); it is positive definite. */
function solve(rows) {
  rows.forEach((row, i) => {
    const pivot = row[i];
    for (let k = 0; k < row.length; k += 1) row[k] /= pivot;
    rows.forEach((other, j) => {
      const factor = other[i];
      if (i === j || factor === 0) return;
      for (let k = 0; k < row.length; k += 1) other[k] -= factor * row[k];
    });
  });
  return rows;
}

/** Return a plot of random directions, how well each reads harm and what removing it does. */
function chanceDirections(figure, { auroc, removed }) {
  const said = status();
  const number = slider(
    "Random direction, worst reader first",
    { min: 1, max: auroc.length, value: auroc.length, words: (each) => `${each} of ${auroc.length}` },
    draw,
  );
  const points = plot(
    figure,
    { label: "how well it reads harm (AUROC)", from: 0.48, to: 1.02, ticks: [0.5, 0.75, 1] },
    { label: "", from: 0, to: 1.05, ticks: [0, 0.5, 1], words: percent },
    160,
  );
  function draw() {
    const at = number.value - 1;
    points.clear();
    auroc.forEach((score, i) => points.dot([score, removed[i]], "cross", 4));
    points.dot([auroc[at], removed[at]], "here", 6);
    points.write([0.5, 0.8], "harmful requests refused when it is removed");
    said.textContent = `This direction tells harmful from harmless requests with an AUROC of ${text(auroc[at])}. Remove it, and ${percent(removed[at])} of the harmful ones are refused.`;
  }
  draw();
  return [number.element, points.element, said];
}
