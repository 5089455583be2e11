/* Opens the search: on "/", on Ctrl-K, and instead of the theme's search field. The dialog, the engine and
 * the index are loaded then; whatever fails, and every page without scripts, has Sphinx's search page. */
(() => {
  "use strict";

  if (!globalThis.HTMLDialogElement) return;

  const here = document.currentScript.src;
  const FIELDS = 'input[name="q"], button[class*="search-button"], .search-button-field';
  let loaded = null;
  let typed = null; // while the dialog is loaded

  const load = (name) => new Promise((done, failed) => {
    const isStyle = name.endsWith("css");
    const node = document.createElement(isStyle ? "link" : "script");
    Object.assign(node, { onload: done, onerror: failed, [isStyle ? "href" : "src"]: new URL(name, here) });
    if (isStyle) node.rel = "stylesheet";
    document.head.append(node);
  });

  const prepare = () => (loaded ??= Promise.all(
    ["marginalia-search.css", "marginalia-search-dialog.js", "marginalia-minisearch.js"].map(load),
  ));

  const open = (query, field) => {
    typed ??= query;
    prepare().then(() => {
      if (typed === null) return;
      globalThis.marginaliaSearch.open(field?.value || typed);
      if (field?.value) field.value = "";
      typed = null;
    }, () => { location.href = new URL("../search.html", here); });
  };

  /** Return the theme's field or button that *node* is in; not that of the search page. */
  const fieldOf = (node) => {
    const field = node instanceof Element && node.closest(FIELDS);
    return field && !field.closest(".marginalia-search, [role=main] form, #search-documentation + *")
      ? field : null;
  };

  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  // On the window and first: themes and Sphinx listen to the same keys.
  addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey, shiftKey } = event;
    const isWriting = target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
    const mayUseSlash = typeof DOCUMENTATION_OPTIONS === "undefined"
      || DOCUMENTATION_OPTIONS.ENABLE_SEARCH_SHORTCUTS !== false;
    if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "k") {
      take(event);
      open("");
    } else if (ctrlKey || metaKey || altKey || isWriting) {
      return;
    } else if (typed !== null && key.length === 1) {
      take(event);
      typed += key;
    } else if (key === "/" && mayUseSlash) {
      take(event);
      open("");
    }
  }, true);

  addEventListener("click", (event) => {
    const field = fieldOf(event.target);
    if (!field) return;
    take(event);
    open("", field);
  }, true);
  // The focus alone opens nothing: somebody who tabs through the page passes the field.
  addEventListener("focusin", (event) => { if (fieldOf(event.target)) prepare().catch(() => {}); });
  addEventListener("input", (event) => {
    const field = fieldOf(event.target);
    if (field?.value) open("", field);
  });
})();
