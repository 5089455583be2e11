// Filters a table of claims by words and by check boxes. Without it the whole table is shown.

"use strict";

for (const form of document.querySelectorAll(".marginalia-ledger-filters")) {
  const table = form.parentElement.querySelector("table");
  const all = Array.from(table.tBodies[0].rows);
  const isGroup = (row) => row.classList.contains("marginalia-claim-group");
  const rows = all
    .filter((row) => !isGroup(row))
    .map((row) => ({ row, words: row.textContent.toLowerCase() }));
  const status = form.querySelector("[role=status]");

  for (const label of form.querySelectorAll("label")) {
    const input = document.createElement("input");
    input.type = label.dataset.type;
    if (label.dataset.value) {
      input.value = label.dataset.value;
      label.prepend(input);
    } else {
      label.append(input);
    }
  }
  const search = form.querySelector("[type=search]");
  const groups = Array.from(form.querySelectorAll("fieldset"));

  const filter = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    // A claim must have one of the checked values of each option that has any.
    const chosen = groups
      .map((group) => Array.from(group.querySelectorAll(":checked"), (input) => input.value))
      .filter((values) => values.length);
    let shown = 0;
    for (const { row, words } of rows) {
      row.hidden = !(
        wanted.every((word) => words.includes(word)) &&
        chosen.every((values) => values.some((value) => row.classList.contains(value)))
      );
      shown += !row.hidden;
    }
    // A heading without a claim below it says nothing.
    let isEmpty = true;
    for (const row of all.toReversed()) {
      if (isGroup(row)) {
        row.hidden = isEmpty;
        isEmpty = true;
      } else if (!row.hidden) {
        isEmpty = false;
      }
    }
    status.textContent = status.dataset.words
      .replace("{shown}", shown)
      .replace("{all}", rows.length);
  };

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
}
