// Filters a table of claims by words and by check boxes, sorts and groups it. Without it the whole
// table is shown, in the order of its author.

"use strict";

for (const form of document.querySelectorAll(".marginalia-ledger-filters")) {
  const table = form.parentElement.querySelector("table");
  const body = table.tBodies[0];
  const isGroup = (row) => row.classList.contains("marginalia-claim-group");
  const { claims, groups: names } = JSON.parse(form.dataset.facts);
  const rows = Array.from(body.rows)
    .filter((row) => !isGroup(row))
    .map((row, number) => ({
      row,
      words: row.textContent.toLowerCase(),
      title: row.querySelector("a").textContent,
      ...claims[number],
    }));
  const status = form.querySelector("[role=status]");

  const fieldOf = (label) => {
    const { type, value, options } = label.dataset;
    const field = document.createElement(options ? "select" : "input");
    if (options) field.append(...JSON.parse(options).map(([name, words]) => new Option(words, name)));
    else field.type = type;
    if (value !== undefined) field.value = value;
    return field;
  };

  for (const label of form.querySelectorAll("label")) {
    label[label.dataset.type === "checkbox" ? "prepend" : "append"](fieldOf(label));
  }
  const search = form.querySelector("[type=search]");
  const boxes = Array.from(form.querySelectorAll("fieldset"));
  const [sort, group] = form.querySelectorAll("select");
  let arranged = ""; // what a reader has chosen, in words

  const filter = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    // A claim must have one of the checked values of each option that has any.
    const chosen = boxes
      .map((box) => Array.from(box.querySelectorAll(":checked"), (input) => input.value))
      .filter((values) => values.length);
    let shown = 0;
    for (const { row, words } of rows) {
      row.hidden = !(
        wanted.every((word) => words.includes(word)) &&
        chosen.every((values) => values.some((value) => row.classList.contains(value)))
      );
      shown += !row.hidden;
    }
    // A heading counts the claims below it; without one it says nothing.
    let members = 0;
    for (const row of Array.from(body.rows).toReversed()) {
      if (isGroup(row)) {
        const words = row.querySelector("strong");
        words.textContent = words.textContent.replace(/\d+(?=\)$)/, members);
        row.hidden = !members;
        members = 0;
      } else {
        members += !row.hidden;
      }
    }
    status.textContent = status.dataset.words
      .replace("{shown}", shown)
      .replace("{all}", rows.length) + arranged;
  };

  const orders = {
    id: (a, b) => a.title.localeCompare(b.title, document.documentElement.lang || undefined),
    // A claim that was never reviewed is older than all.
    reviewed: (a, b) => (a.reviewed < b.reviewed ? -1 : a.reviewed > b.reviewed ? 1 : 0),
    latest: (a, b) => orders.reviewed(b, a),
    scale: (a, b) => a.scale - b.scale || a.verdict - b.verdict,
  };
  const byNumber = (a, b) => a[sort.value] - b[sort.value];
  // The column that has what the rows are sorted by; "other" if that is not what it begins with.
  const columns = { id: [0, "ascending"], verdict: [1, "ascending"], scale: [2, "ascending"],
    kind: [2, "other"], reviewed: [1, "other"], latest: [1, "other"] };

  const headingOf = (words) => {
    const row = document.createElement("tr");
    row.className = "marginalia-claim-group";
    const strong = document.createElement("strong");
    strong.textContent = words;
    const line = document.createElement("p");
    line.append(strong);
    const cell = row.insertCell();
    cell.colSpan = table.tHead.rows[0].cells.length;
    cell.append(line);
    return row;
  };

  const mark = () => {
    const [column, direction] = columns[sort.value] ?? [];
    for (const [number, cell] of Array.from(table.tHead.rows[0].cells).entries()) {
      if (number === column) cell.setAttribute("aria-sort", direction);
      else cell.removeAttribute("aria-sort");
    }
  };

  const arrange = () => {
    const sorted = rows.toSorted((a, b) =>
      (orders[sort.value] ?? byNumber)(a, b) || a.order - b.order);
    const parts = (group.value ? names[group.value] : [""]).map((name, number) => {
      const members = sorted.filter((each) => !group.value || each[group.value] === number);
      const heading = name && members.length ? [headingOf(`${name} (${members.length})`)] : [];
      return [...heading, ...members.map(({ row }) => row)];
    });
    body.replaceChildren(...parts.flat());
    mark();
    arranged = [sort, group].map((field) =>
      ` · ${field.parentElement.firstChild.textContent}: ${field.selectedOptions[0].text}`).join("");
  };

  form.addEventListener("input", (event) => {
    if (event.target === sort || event.target === group) arrange();
    filter();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  mark();
  filter();
}
