// Before anything is painted: what would move the page if it came later. The theme shows its button
// for day and night where there are scripts; it is by day or by night as the reader chose with it.
(() => {
  "use strict";

  let chosen;
  try {
    chosen = localStorage.getItem("theme");
  } catch {
    // A browser may keep no memory of a site.
  }
  document.body.dataset.theme = chosen || "auto";
  document.documentElement.classList.remove("no-js");
})();
