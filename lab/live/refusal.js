// Remove a direction from every state of Lab-2L, or add it, and see what the model answers.

import { bar, choice, make, newest, percent, select, status } from "./draw.js";
import { answer, load, randomNumbers, request, requests, rightAnswer, unit } from "./model.js";

const COUNT = 40;
const KINDS = [
  ["harmless", "harmless"],
  ["hurt", "to hurt"],
  ["cheat", "to cheat"],
];

export default function (figure, [results, weights]) {
  const model = load(weights);
  const { directions, random_directions: others, state } = results.data;
  const random = randomNumbers(18);
  const tested = KINDS.map(([kind, name]) => [name, requests(model, kind, COUNT, random)]);
  const draw = newest(measure);

  const which = choice(
    "Direction",
    [["first", "of hurting"], ["second", "of cheating"], ["both", "both"], ["random", "random"]],
    draw,
  );
  const what = choice("Do", [["none", "nothing"], ["remove", "remove it"], ["add", "add it"]], draw);
  const bars = make("div");
  const said = status();
  const own = ["bread", "lamp", "bomb", "river"].map((word, place) =>
    select(`${place + 1}.`, groups(model), word, draw),
  );
  const answered = make("output");
  figure.append(
    what.element,
    which.element,
    bars,
    said,
    make("div", { class: "lab-request" }, "Ask it yourself", make("br"), ...own.map(({ element }) => element)),
    answered,
  );
  return draw();

  function changes() {
    // A random direction gets the length of the first one.
    const length = Math.hypot(...directions[0]);
    const vectors = {
      first: [directions[0]],
      second: [directions[1]],
      both: directions,
      random: [others[0].map((number) => number * length)],
    }[which.value];
    if (what.value === "remove") return { removed: vectors.map(unit) };
    const vector = vectors[0].map((_, i) => vectors.reduce((total, each) => total + each[i], 0));
    return what.value === "add" ? { added: { state, vector } } : {};
  }

  async function measure(pause) {
    const change = changes();
    const word = answer(model, request(model, own.map(({ value }) => value)), change);
    answered.textContent = `Lab-2L answers: ${word}`;
    const rows = [];
    for (const [name, inputs] of tested) {
      const count = { right: 0, refused: 0, other: 0 };
      for (const tokens of inputs) {
        const given = answer(model, tokens, change);
        if (given === "NO" || given === "SORRY") count.refused += 1;
        else if (given === rightAnswer(model, tokens) || name !== KINDS[0][1]) count.right += 1;
        else count.other += 1;
        await pause();
      }
      rows.push([name, count]);
    }
    const part = (share, words, colour) => [share / COUNT, words, colour];
    bars.replaceChildren(
      ...rows.map(([name, { right, refused, other }]) =>
        bar(name, [
          part(refused, "refused", "rust"),
          part(right, "answered", "blue"),
          part(other, "answered wrongly", "grey"),
        ]),
      ),
    );
    said.textContent = `Refused requests: ${rows
      .map(([name, { refused }]) => `${percent(refused / COUNT)} ${name}`)
      .join(", ")}.`;
  }
}

/** Return the words of a request as options of a list, in groups. */
function groups({ groups: { harmless, weak, hurt, cheat } }) {
  const named = { harmless: [...harmless, ...weak], "to hurt": hurt, "to cheat": cheat };
  return Object.entries(named).map(([label, words]) =>
    make("optgroup", { label }, ...words.map((word) => make("option", {}, word))),
  );
}
