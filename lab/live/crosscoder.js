// What a crosscoder reports about two models, beside what is true of them.

import { choice, make, plot, slider, status, text } from "./draw.js";

const METHODS = [
  ["l1_0.3", "L1 penalty 0.3"],
  ["l1_0.1", "L1 penalty 0.1"],
  ["topk_2", "BatchTopK"],
];
// 0 is in base alone, 1 in chat alone, and 0.5 equally strong in both.
const axis = (label) => ({
  label,
  from: -0.05,
  to: 1.05,
  ticks: [0, 0.5, 1],
  words: (number) => ({ 0: "base", 0.5: "both", 1: "chat" })[number],
});

export default function (figure, [results]) {
  const method = choice("Crosscoder trained with", METHODS, draw);
  const line = slider(
    "A latent counts as exclusive to chat from",
    { min: 0.55, max: 1, step: 0.01, value: 0.9, words: (number) => text(number) },
    draw,
  );
  const place = make("div");
  const said = status();
  figure.append(method.element, line.element, place, said);
  const picture = plot(figure, axis("truth"), axis("reported"), 320);
  place.append(picture.element);
  draw();

  function draw() {
    const { relative, truth } = results.data[method.value].cloud;
    const count = { exclusive: 0, weak: 0, invented: 0, reported: 0 };
    picture.clear();
    picture.line([[0, 0], [1, 1]], "chance");
    picture.line([[-0.05, line.value], [1.05, line.value]], "other");
    picture.write([-0.03, 0.7], "reported");
    relative.forEach((reported, latent) => {
      const kind = kindOf(reported, truth[latent], line.value);
      count[kind] += 1;
      mark(picture, kind, [truth[latent], reported]);
    });
    const total = count.exclusive + count.weak + count.invented;
    said.textContent =
      `Latents that count as exclusive to chat: ${total}. Features in chat alone: ` +
      `${count.exclusive}; in base as well: ${count.weak + count.invented}, of which ` +
      `${count.invented} would be below the line by their true strength (crosses).`;
  }
}

/** Return what a latent above the line is in truth; below it, it is only reported. */
function kindOf(reported, truth, line) {
  if (reported < line) return "reported";
  if (truth === 1) return "exclusive";
  return truth < line ? "invented" : "weak";
}

/** Mark a latent: a disc, larger where the report is right, and a cross where it is invented. */
function mark(picture, kind, [x, y]) {
  if (kind !== "invented") return picture.dot([x, y], kind === "reported" ? "latent" : "right", 5);
  const [across, up] = [0.016, 0.022];
  picture.line([[x - across, y - up], [x + across, y + up]], "wrong");
  return picture.line([[x - across, y + up], [x + across, y - up]], "wrong");
}
