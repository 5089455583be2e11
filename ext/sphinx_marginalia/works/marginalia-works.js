/* Escape puts away what a citation shows, without moving the pointer or the focus: the card may lie
 * over words the reader wants (WCAG 2.2, 1.4.13). Without this script the card goes with the pointer. */
(() => {
  "use strict";

  const SHOWN = ".marginalia-citation:is(:hover, :has(:focus-visible))";
  const DISMISSED = "marginalia-dismissed";

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const link of document.querySelectorAll(SHOWN)) {
      const back = () => {
        link.classList.remove(DISMISSED);
        link.removeEventListener("mouseleave", back);
        link.removeEventListener("focusout", back);
      };
      link.classList.add(DISMISSED);
      link.addEventListener("mouseleave", back);
      link.addEventListener("focusout", back);
    }
  });
})();
