/* Escape closes the preview of a citation, without moving the pointer or the focus: the card may
 * cover words the reader wants (WCAG 2.2, 1.4.13). Without this script it goes with the pointer. */
(() => {
  "use strict";

  const SHOWN = ".marginalia-citation:is(:hover, :has(:focus-visible))";
  const DISMISSED = "marginalia-citation-dismissed";

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
