/* A browser opens a folded block for a link to it and for find-in-page. This does the same for what
 * browsers do not know: the words that Sphinx's search marks in a page. */
(() => {
  "use strict";

  const FOLDED = "details.marginalia-pause, details.marginalia-discussion";

  const reveal = (node) => {
    for (let block = node?.closest(FOLDED); block; block = block.parentElement.closest(FOLDED)) {
      block.open = true;
    }
  };

  const target = () => {
    const node = document.getElementById(location.hash.slice(1));
    if (!node?.closest(FOLDED)) return;
    reveal(node);
    node.scrollIntoView();
  };

  addEventListener("hashchange", target);
  addEventListener("load", target);

  // Sphinx marks the words of a search some time after the page is there.
  const revealMarked = (_, observer) => {
    const marked = document.querySelectorAll("span.highlighted");
    marked.forEach(reveal);
    if (marked.length) observer?.disconnect();
  };
  revealMarked();
  new MutationObserver(revealMarked).observe(document.body, { childList: true, subtree: true });
})();
