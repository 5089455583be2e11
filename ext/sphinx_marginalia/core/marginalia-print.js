/* Paper cannot unfold. Style sheets open a folded block for it where browsers know ::details-content; this
 * does the same in the others. */
(() => {
  "use strict";

  let opened = [];
  addEventListener("beforeprint", () => {
    const blocks = document.querySelectorAll("details[class*='marginalia-']:not([open])");
    opened = [...blocks];
    for (const block of opened) block.open = true;
  });
  addEventListener("afterprint", () => {
    for (const block of opened) block.open = false;
  });
})();
