// Move to another star: the farther it is, the smaller the angle.

const make = (name, attributes, ...children) => {
  const isDrawn = ["svg", "path", "circle", "text"].includes(name);
  const node = isDrawn
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};

export default function (figure, [stars]) {
  const { star, distance, parallax } = stars.data;
  const farthest = Math.max(...distance);
  const lines = make("path", { stroke: "currentcolor", fill: "none" });
  const point = make("circle", { r: 4, cx: 120, fill: "currentcolor" });
  const drawing = make(
    "svg",
    { viewBox: "0 0 240 240", width: 240, height: 240, "aria-hidden": "true" },
    lines,
    point,
    make("circle", { r: 9, cx: 120, cy: 220, fill: "#e0a33e" }),
  );
  const input = make("input", { type: "range", min: 0, max: star.length - 1, value: 0 });
  const output = make("output", {});
  const draw = () => {
    const chosen = Number(input.value);
    const top = 200 - (180 * distance[chosen]) / farthest;
    lines.setAttribute("d", `M48 220L120 ${top}L192 220M120 220V${top}`);
    point.setAttribute("cy", top);
    output.textContent = `${star[chosen]}: ${distance[chosen]} light years, ${parallax[chosen]} arcsec`;
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", draw);
  draw();
  figure.append(drawing, make("p", {}, make("label", {}, "Star ", input)), make("p", {}, output));
}
