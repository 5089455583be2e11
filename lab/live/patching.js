// Patch a component of Lab-2L, in both directions, and follow the answer on the way to the patch.

import { choice, make, newest, percent, plot, slider, status, text } from "./draw.js";
import { load, randomNumbers, run, scaled, sum } from "./model.js";

const PAIRS = 20;
const STEPS = Array.from({ length: 11 }, (_, step) => step / 10);
/** How far along the way the slope at its beginning is measured. */
const NEAR = 0.01;
/** Where the two sentences differ, and the last word. At other positions nothing can be patched. */
const POSITIONS = [
  [5, "the giver"],
  [6, "the end"],
];

export default function (figure, [results, weights]) {
  const model = load(weights);
  const part = { layer: 0, position: 5, head: null };
  const drawMap = () => (fillMap(), drawCurve());
  const corrupted = choice(
    "Corrupted sentence",
    [["third", "a third person gives"], ["swapped", "the other one gives"]],
    () => (drawMap(), measure()),
  );
  const way = choice(
    "Effect",
    [["denoising", "denoising"], ["noising", "noising"], ["attribution", "one gradient (logits)"]],
    drawMap,
  );
  const metric = choice("Metric", [["probability", "probability"], ["logits", "logits"]], drawMap);
  const alpha = slider(
    "Part of the way to the clean value",
    { min: 0, max: 1, step: 0.1, value: 1, words: percent },
    () => drawCurve(),
  );
  const map = make("div", { class: "lab-map lab-blue" });
  const said = status();
  const shares = { label: "part of the way", from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
  const effects = { label: "", from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
  const curve = plot(figure, shares, effects, 200);
  let curves = null;
  const measure = newest(async (pause) => {
    curves = null;
    drawCurve();
    curves = await follow(model, corrupted.value === "swapped", part, pause);
    drawCurve();
  });
  figure.append(
    corrupted.element,
    way.element,
    metric.element,
    map,
    curve.element,
    alpha.element,
    said,
  );
  fillMap();
  return measure();

  function rowOf({ layer, position, head }) {
    const { components } = results.data[corrupted.value];
    return components.find(
      (one) => one.layer === layer && one.position === position && one.head === head,
    );
  }

  function effect(row, kind = way.value) {
    return kind === "attribution" ? row.attribution : row[`${kind}_${metric.value}`];
  }

  function fillMap() {
    const focused = map.contains(document.activeElement);
    const head = POSITIONS.map(([, name]) => make("th", { scope: "col" }, `at ${name}`));
    const rows = [0, 1].flatMap((layer) =>
      [0, 1, 2, 3, null].map((head) =>
        make("tr", {}, make("th", { scope: "row" }, nameOf({ layer, head })), ...POSITIONS.map(
          ([position, place]) => make("td", {}, button({ layer, position, head }, place)),
        )),
      ),
    );
    const top = make("tr", {}, make("td"), ...head);
    map.replaceChildren(make("table", {}, make("thead", {}, top), make("tbody", {}, ...rows)));
    if (focused) map.querySelector("[aria-pressed=true]").focus();
  }

  function button(one, place) {
    const value = effect(rowOf(one));
    const label = `${nameOf(one)} at ${place}: ${text(value)}`;
    const isChosen = Object.keys(part).every((key) => part[key] === one[key]);
    const node = make("button", { type: "button", "aria-label": label, "aria-pressed": isChosen }, text(value));
    node.style.setProperty("--lab-share", Math.max(0, Math.min(1, value)));
    node.addEventListener("click", () => {
      Object.assign(part, one);
      fillMap();
      measure();
    });
    return node;
  }

  function drawCurve() {
    const row = rowOf(part);
    const place = POSITIONS.find(([position]) => position === part.position)[1];
    const words = ["denoising", "noising"].map((kind) => `${kind} ${text(effect(row, kind))}`);
    const known = `${nameOf(part)} at ${place}, on the ${metric.value}: ${words.join(", ")}.`;
    curve.clear();
    if (!curves) return (said.textContent = known);
    const at = STEPS.findIndex((step) => Math.abs(step - alpha.value) < 0.05);
    curve.line(STEPS.map((step, i) => [step, curves.shares[i]]));
    curve.line([[0, 0], [1, curves.slope]], "tangent");
    curve.dot([STEPS[at], curves.shares[at]], "dot", 7);
    curve.write([0.02, 0.88], "— patched", "blue");
    curve.write([0.3, 0.88], "- - one gradient", "rust");
    curve.write([0.02, 0.74], "share of the way, in logits");
    const guess = text(curves.slope * STEPS[at]);
    said.textContent = `${known} On the way to denoising, at ${percent(STEPS[at])}: the logits have come ${text(curves.shares[at])} of the way, the gradient predicts ${guess}.`;
  }
}

const nameOf = ({ layer, head }) => `Layer ${layer + 1} ${head === null ? "MLP" : `head ${head + 1}`}`;

/**
 * Return the effect of a patch on the way to the clean value, and the slope at its beginning, both
 * as a share of the difference between the corrupted and the clean sentence.
 */
async function follow(model, isSwapped, part, pause) {
  const written = ({ layers }) => {
    const { heads, mlp } = layers[part.layer];
    return (part.head === null ? mlp : heads[part.head]).written[part.position];
  };
  const pairs = [];
  let [low, high] = [0, 0];
  for (const pair of sentences(model, isSwapped)) {
    const [clean, corrupted] = [pair.clean, pair.corrupted].map((tokens) => run(model, tokens));
    low += pair.score(corrupted);
    high += pair.score(clean);
    pairs.push({ ...pair, from: written(corrupted), to: written(clean) });
    await pause();
  }
  const share = async (alpha) => {
    let total = 0;
    for (const { corrupted, score, from, to } of pairs) {
      const value = sum(scaled(from, 1 - alpha), to, alpha);
      total += score(run(model, corrupted, { patches: [{ ...part, value }] }));
      await pause();
    }
    return (total - low) / (high - low);
  };
  const shares = [];
  for (const alpha of STEPS) shares.push(await share(alpha));
  return { shares, slope: ((await share(NEAR)) - shares[0]) / NEAR };
}

/** Return pairs of sentences: "Ada AND Ben lamp Ada GAVE", and one with another giver. */
function sentences({ groups, token }, isSwapped) {
  const random = randomNumbers(3);
  return Array.from({ length: PAIRS }, (_, number) => {
    const names = groups.names.map((name) => [random(), token[name]]).sort(([a], [b]) => a - b);
    const [giver, receiver, other] = names.map(([, name]) => name);
    const first = number % 2 ? [giver, receiver] : [receiver, giver];
    const thing = token[groups.harmless[number % groups.harmless.length]];
    const sentence = (last) => [token.BOS, first[0], token.AND, first[1], thing, last, token.GAVE];
    return {
      clean: sentence(giver),
      corrupted: sentence(isSwapped ? receiver : other),
      score: ({ logits }) => logits[receiver] - logits[giver],
    };
  });
}
