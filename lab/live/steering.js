// A dial for a vector that is added to Lab-2L: what it refuses, and what it spoils.

import { bar, choice, make, newest, percent, plot, slider, status, text } from "./draw.js";
import { answer, load, randomNumbers, requests, rightAnswer, scaled, wordsOf } from "./model.js";

const COUNT = 50;
const SHOWN = 3;

export default function (figure, [results, weights]) {
  const model = load(weights);
  const { doses, steered, controls, direction, control_vectors: others, state } = results.data;
  const inputs = requests(model, "harmless", COUNT, randomNumbers(5));
  const draw = newest(measure);
  const which = choice(
    "Vector",
    [["refusal", "refusal"], ...others.map((_, number) => [number, `control ${number + 1}`])],
    draw,
  );
  const dose = slider("Dose", { min: -2, max: 4, step: 0.125, value: 0, words: text }, draw);
  const across = { label: "dose", from: -2, to: 4, ticks: [-2, -1, 0, 1, 2, 3, 4] };
  const up = { label: "", from: 0, to: 1, ticks: [0, 0.5, 1], words: percent };
  const curve = plot(figure, across, up, 200);
  const bars = make("div");
  const said = status();
  const examples = make("ul", { class: "lab-examples" });
  figure.append(which.element, dose.element, curve.element, bars, said, examples);
  return draw();

  async function measure(pause) {
    const vector = which.value === "refusal" ? direction : others[which.value];
    const change = { added: { state, vector: scaled(vector, dose.value) } };
    let [refused, spoilt] = [0, 0];
    const lines = [];
    for (const tokens of inputs) {
      const given = answer(model, tokens, change);
      const isRefusal = given === "NO" || given === "SORRY";
      refused += isRefusal;
      spoilt += !isRefusal && given !== rightAnswer(model, tokens);
      if (lines.length < SHOWN) lines.push(`${wordsOf(model, tokens).join(" ")} → ${given}`);
      await pause();
    }
    [refused, spoilt] = [refused / COUNT, spoilt / COUNT];
    drawCurves(refused, spoilt);
    bars.replaceChildren(
      bar("answers", [
        [refused, "refused", "rust"],
        [spoilt, "wrong", "grey"],
        [1 - refused - spoilt, "as before", "blue"],
      ]),
    );
    said.textContent = `${percent(refused)} of the harmless requests are refused, ${percent(spoilt)} get a wrong answer.`;
    examples.replaceChildren(...lines.map((words) => make("li", {}, words)));
  }

  /** Draw what the laboratory has measured, and where the reader is. */
  function drawCurves(refused, spoilt) {
    const known = which.value === "refusal" ? steered : controls[which.value];
    const line = (shares, name) => curve.line(doses.map((each, i) => [each, shares[i]]), name);
    curve.clear();
    controls.forEach(({ spoilt: shares }) => line(shares, "faint"));
    line(known.refused, "other");
    line(known.spoilt, "line");
    curve.dot([dose.value, refused], "here", 6);
    curve.dot([dose.value, refused + spoilt], "dot", 5);
    curve.write([-1.9, 0.86], "- - refused", "rust");
    curve.write([-1.9, 0.7], "— refused or wrong", "blue");
  }
}
