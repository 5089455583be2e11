// What the live figures share: elements, labelled controls, plots with axes, and work in slices.
// Colours and sizes are in docs/_static/lab.css, which this module loads before anything is drawn.

const DRAWN = new Set("svg g path line circle rect text title".split(" "));

/** Return an element with attributes and children. Those of a drawing are SVG, all others HTML. */
export function make(name, attributes = {}, ...children) {
  const node = DRAWN.has(name)
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const root = document.documentElement.dataset.content_root ?? "";
const sheet = make("link", { rel: "stylesheet", href: `${root}_static/lab.css` });
await new Promise((done) => {
  sheet.onload = sheet.onerror = done;
  document.head.append(sheet);
});

export const percent = (share) => `${Math.round(100 * share)}%`;

/** Return a number with a real minus sign, which zero has not. */
export const text = (number, digits = 2) => {
  const written = number.toFixed(digits);
  return Number(written) ? written.replace("-", "−") : written.replace("-", "");
};

let controls = 0;

/**
 * Return a slider, as `{element, value, reset}`. `words` says the value in words; `act` is called
 * when it changes. Screen readers hear the words, and everybody else reads them beside the label.
 */
export function slider(label, { min, max, step = 1, value, words = String }, act) {
  const id = `lab-control-${(controls += 1)}`;
  const input = make("input", { type: "range", id, min, max, step, value });
  const output = make("output", { for: id, "aria-live": "off" });
  const say = () => {
    output.textContent = words(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => (say(), act()));
  say();
  return {
    element: make("p", { class: "lab-control" }, make("label", { for: id }, label), output, input),
    get value() {
      return Number(input.value);
    },
    reset(to) {
      input.value = to;
      say();
    },
  };
}

/** Return radio buttons for `options`, pairs of value and words, as `{element, value}`. */
export function choice(legend, options, act) {
  const name = `lab-control-${(controls += 1)}`;
  let value = options[0][0];
  const buttons = options.map(([each, words]) => {
    const input = make("input", { type: "radio", name });
    input.checked = each === value;
    input.addEventListener("change", () => ((value = each), act()));
    return make("label", {}, input, words);
  });
  return {
    element: make("fieldset", { class: "lab-control" }, make("legend", {}, legend), ...buttons),
    get value() {
      return value;
    },
  };
}

/** Return a list to select one of `options` from, as `{element, value}`; groups are allowed. */
export function select(label, options, value, act) {
  const list = make("select", {}, ...options);
  list.value = value;
  list.addEventListener("change", act);
  return {
    element: make("label", { class: "lab-select" }, label, list),
    get value() {
      return list.value;
    },
  };
}

/** Return a line that explains the marks of a picture. */
export const key = (...words) => make("p", { class: "lab-parts" }, words.join(" · "));

/** Return a paragraph that says what a figure shows now. Screen readers read changes aloud. */
export const status = () => make("p", { class: "lab-status", role: "status" });

/**
 * Return a bar of several parts with its label, as an element. A part is `[share, words, colour]`;
 * the words are below the bar, so that no colour stands alone.
 */
export function bar(label, parts) {
  const track = make("span", { class: "lab-track", "aria-hidden": "true" });
  const legend = make("span", { class: "lab-parts" });
  for (const [share, words, colour] of parts.filter(([share]) => share > 0)) {
    const part = make("span", { class: `lab-part lab-${colour}` });
    part.style.setProperty("flex-grow", share);
    track.append(part);
    legend.append(make("span", { class: `lab-key lab-${colour}` }, `${percent(share)} ${words}`));
  }
  return make("div", { class: "lab-bar" }, make("span", { class: "lab-label" }, label), track, legend);
}

/**
 * Return an empty plot for `figure`, as wide as it. An axis is `{label, from, to, ticks, words}`:
 * `ticks` are the numbers at which it has a line, `words` turns one into text.
 *
 * The plot has its `element`, the functions `x` and `y` from numbers to pixels, and `line(points)`,
 * `dot(point)`, `write(point, text)`, which draw, and return what they drew. `clear` removes it all.
 */
export function plot(figure, across, up, height = 240) {
  const width = Math.min(560, Math.max(280, figure.clientWidth));
  const [left, right, top, bottom] = [44, 20, 12, across.label ? 44 : 26];
  const scale = ({ from, to }, start, end) => (number) =>
    start + ((number - from) / (to - from)) * (end - start);
  const x = scale(across, left, width - right);
  const y = scale(up, height - bottom, top);
  const words = (axis, number) => (axis.words ?? String)(number).replace("-", "−");
  const grid = make("g", { class: "lab-axes" });
  for (const tick of across.ticks) {
    grid.append(line([[x(tick), top], [x(tick), height - bottom]]));
    grid.append(label(words(across, tick), x(tick), height - bottom + 16, "middle"));
  }
  for (const tick of up.ticks) {
    grid.append(line([[left, y(tick)], [width - right, y(tick)]]));
    grid.append(label(words(up, tick), left - 6, y(tick) + 4, "end"));
  }
  grid.append(label(across.label, (left + width - right) / 2, height - 8, "middle"));
  const drawing = make("g");
  const element = make("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, grid, drawing);
  element.classList.add("lab-plot");
  const add = (node, name) => {
    node.setAttribute("class", `lab-${name}`);
    drawing.append(node);
    return node;
  };
  return {
    element,
    x,
    y,
    line: (points, name = "line") => add(line(points.map(([a, b]) => [x(a), y(b)])), name),
    dot: ([a, b], name = "dot", r = 5) => add(make("circle", { cx: x(a), cy: y(b), r }), name),
    write: ([a, b], words, name = "text", anchor = "start") =>
      add(label(words, x(a), y(b), anchor), name),
    clear: () => drawing.replaceChildren(),
  };
}

const line = (points) => make("path", { d: `M${points.map((point) => point.join(" ")).join("L")}` });

const label = (words, x, y, anchor) => make("text", { x, y, "text-anchor": anchor }, words);

const NEWER = new Error("there is newer work");

/**
 * Return a function that does `work(pause)` again whenever it is called; what an earlier
 * call still does ends at its next pause. Long work calls `await pause()` often: it lets the
 * browser go on after every 12 milliseconds, and throws if there is newer work.
 */
export function newest(work) {
  let latest = 0;
  return async () => {
    const number = (latest += 1);
    let start = -Infinity;
    const pause = async () => {
      if (performance.now() - start < 12) return;
      await new Promise((done) => setTimeout(done));
      if (number !== latest) throw NEWER;
      start = performance.now();
    };
    try {
      // What is drawn first is drawn before the work begins.
      await pause();
      await work(pause);
    } catch (error) {
      if (error !== NEWER) throw error;
    }
  };
}
