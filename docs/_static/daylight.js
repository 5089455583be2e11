// Before anything is painted: by day or by night, and with the theme's button for it. Later, both
// would move the page.
(() => {
  "use strict";

  let chosen;
  try {
    chosen = localStorage.getItem("theme");
  } catch {
    // no memory of this site
  }
  document.body.dataset.theme = chosen || "auto";
  document.documentElement.classList.remove("no-js");
})();
