// What sparse autoencoders find of 48 known features: by their penalty, and with another seed.

import { bar, key, make, percent, select, slider, status, text } from "./draw.js";

const LETTERS = 6;
const WORDS = 24;
const OTHERS = 18;
const SAME = 0.9;

export default function (figure, [results]) {
  const { by_penalty: runs, pair, features, superposition: crowds } = results.data;
  const seeds = [pair.left, pair.right].map((side) => strongest(side, features.length));
  const which = select("A feature", namesOf(features), features[0], drawFeature);
  const grids = seeds.map((found, seed) => grid(features, found, `Seed ${seed + 1}`, choose));
  const penalty = slider(
    "L1 penalty λ",
    { min: 0, max: runs.length - 1, value: 2, words: (number) => String(runs[number].penalty) },
    drawRun,
  );
  const crowd = slider(
    "Features present at once",
    { min: 0, max: crowds.length - 1, value: 1, words: (number) => String(crowds[number].present) },
    drawCrowd,
  );
  const [bars, crowdBars] = [make("div"), make("div")];
  const [told, said, read] = [status(), status(), status()];
  const title = (words) => make("p", { class: "lab-part-title" }, words);
  figure.append(
    title("Two dictionaries with TopK"),
    make("div", { class: "lab-pair" }, ...grids.map(({ element }) => element)),
    key("filled: found, with a correlation above 0.9", "framed: a poor copy", "dashed: no latent"),
    which.element,
    told,
    title("One with an L1 penalty"),
    penalty.element,
    bars,
    said,
    title("No dictionary: each feature is read by its own direction"),
    crowd.element,
    crowdBars,
    read,
  );
  drawRun();
  drawFeature();
  drawCrowd();

  function drawCrowd() {
    const { present, crowded, roomy } = crowds[crowd.value];
    show(crowdBars, [
      [`${features.length} features`, crowded, "in the right order"],
      ["24 features", roomy, "in the right order"],
    ]);
    read.textContent =
      `With ${present} of ${features.length} features present, a present one is read above an ` +
      `absent one in ${percent(crowded)} of pairs.`;
  }

  function drawRun() {
    const run = runs[penalty.value];
    const others = run.matched - run.matched_letters - run.matched_words;
    show(bars, [
      ["words", run.matched_words / WORDS, "found"],
      ["letters", run.matched_letters / LETTERS, "found"],
      ["others", others / OTHERS, "found"],
      ["variance", run.explained, "explained"],
      ["letter present", run.letter_recall, "its latent is on"],
    ]);
    said.textContent =
      `λ = ${run.penalty}: ${run.matched} of ${features.length} features found, ` +
      `${percent(run.explained)} of the variance explained, ${text(run.active, 1)} latents on.`;
  }

  function choose(feature) {
    which.element.querySelector("select").value = feature;
    drawFeature();
  }

  function drawFeature() {
    const number = features.indexOf(which.value);
    grids.forEach(({ point }) => point(which.value));
    const words = seeds.map((found, seed) => `seed ${seed + 1} ${verdict(found[number])}`);
    const missing = seeds.map((found) => found.filter((value) => value <= SAME).length);
    told.textContent =
      `${nameOf(features, number)}: ${words.join("; ")}. ` +
      `Seed 1 misses ${missing[0]} features, seed 2 misses ${missing[1]}.`;
  }
}

/** Show shares, as [label, share, words], by bars. */
function show(place, shares) {
  const parts = (share, words) => [[share, words, "blue"], [1 - share, "not", "grey"]];
  place.replaceChildren(...shares.map(([label, ...rest]) => bar(label, parts(...rest))));
}

/** Return, for each feature, how well the best of the latents that stand for it correlates. */
function strongest({ feature, correlation }, count) {
  const best = new Array(count).fill(0);
  feature.forEach((one, latent) => (best[one] = Math.max(best[one], correlation[latent])));
  return best;
}

const verdict = (value) => {
  if (value > SAME) return `finds it (correlation ${text(value)})`;
  return value ? `has a poor copy (correlation ${text(value)})` : "has no latent for it";
};

const nameOf = (features, number) => {
  if (number < LETTERS) return `The letter ${features[number]}`;
  return number < LETTERS + WORDS ? `The word ${features[number]}` : `The feature ${features[number]}`;
};

function namesOf(features) {
  const groups = { letters: [0, LETTERS], words: [LETTERS, LETTERS + WORDS], others: [LETTERS + WORDS] };
  return Object.entries(groups).map(([label, range]) =>
    make("optgroup", { label }, ...features.slice(...range).map((name) => make("option", {}, name))),
  );
}

/** Return all features in rows: a letter, its four words, and three others. */
const rows = () =>
  Array.from({ length: LETTERS }, (_, row) => {
    const word = LETTERS + 4 * row;
    const other = LETTERS + WORDS + 3 * row;
    return [row, word, word + 1, word + 2, word + 3, other, other + 1, other + 2];
  }).flat();

/** Return a grid of all features, filled if found, framed if poorly; `point` marks one. */
function grid(features, found, title, choose) {
  const cells = rows().map((number) => {
    const kind = found[number] > SAME ? "found" : found[number] ? "poor" : "absent";
    const cell = make("span", { class: `lab-cell lab-${kind}` }, features[number]);
    cell.addEventListener("click", () => choose(features[number]));
    return cell;
  });
  const element = make("div", { "aria-hidden": "true" }, title, make("div", { class: "lab-grid" }, ...cells));
  const point = (name) =>
    cells.forEach((cell) => cell.classList.toggle("lab-pointed", cell.textContent === name));
  return { element, point };
}
