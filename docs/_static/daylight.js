// Before anything is painted: by day or by night, as the reader chose with the theme's button.
(() => {
  "use strict";

  let chosen;
  try {
    chosen = localStorage.getItem("theme");
  } catch {
    // A browser may keep no memory of a site.
  }
  document.body.dataset.theme = chosen || "auto";
})();
