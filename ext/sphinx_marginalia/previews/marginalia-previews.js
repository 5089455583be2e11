/* Shows what a link within the site leads to: in a card at the link for a pointer and for the keyboard,
 * in a sheet at the bottom of the window for a tap. The data are files beside the pages, loaded when
 * first needed. Whatever cannot be shown stays a plain link. */
(() => {
  "use strict";

  if (!location.protocol.startsWith("http") || !HTMLElement.prototype.showPopover) return;

  const CONTENT = "[role=main], main, article";
  const LINKS = "a.reference.internal[href]:not(.image-reference, .download)";
  // Where a link is a way through the site, and not part of a text.
  const ELSEWHERE = "nav, [role=navigation], .toctree-wrapper, .sd-btn, .sd-stretched-link, .no-preview";
  // Milliseconds. A pointer that crosses a link wants no card; one on its way to the card has time.
  const POINTED = 200, FOCUSED = 350, LEFT = 250, PATIENCE = 2500;
  // Pixels around the card that belong to it, so that a pointer on its way does not lose it.
  const EDGE = 7;

  /** Return the link that *node* is in, if it can have a preview. */
  const linkOf = (node) => {
    const link = node instanceof Element ? node.closest(LINKS) : null;
    const isContent = link?.closest(CONTENT) && !link.closest(`${ELSEWHERE}, .marginalia-preview`);
    // A page, not a file such as a PDF.
    const isPage = link?.origin === location.origin && /\/[^.]*$|\.x?html?$/.test(link.pathname);
    return isContent && isPage ? link : null;
  };

  // Data

  const files = new Map();

  const fetched = (path) => {
    if (!files.has(path)) {
      const data = fetch(path).then((answer) => (answer.ok ? answer.json() : null));
      files.set(path, data.catch(() => (files.delete(path), null)));
    }
    return files.get(path);
  };

  /** Return the data with the preview of *id* on the page at *path*, which may be in one of several files. */
  const dataOf = async (path, id) => {
    const file = `${path.replace(/\/$/, "/index.html").replace(/\.\w+$/, "")}.previews`;
    const data = await fetched(`${file}.json`);
    if (!data?.parts) return data;
    const sum = new TextEncoder().encode(id).reduce((total, byte) => total + byte, 0);
    return fetched(`${file}-${sum % data.parts}.json`);
  };

  /** Return *html* of the page at *url* as nodes that can stand in this one: with links and pictures that
   * lead to the same places, and without ids, which this page may have too, and without scripts. */
  const parsed = (html, url) => {
    const body = new DOMParser().parseFromString(html, "text/html").body;
    for (const node of body.querySelectorAll("script, style, iframe, object, embed, form, .headerlink")) {
      node.remove();
    }
    for (const node of body.querySelectorAll("*")) {
      for (const { name } of [...node.attributes]) {
        if (/^on|^style$|^srcset$/.test(name) || (name === "id" && !node.closest("svg"))) {
          node.removeAttribute(name);
        }
      }
      for (const name of ["href", "src"]) {
        if (node.matches(`a[${name}], img[${name}]`)) {
          node.setAttribute(name, new URL(node.getAttribute(name), url).href);
        }
      }
      if (node.matches("a")) node.tabIndex = -1;
      if (node.matches("img")) node.loading = "eager";
    }
    return [...body.childNodes];
  };

  /** Return what to show of *link*, or null. */
  const previewOf = async (link) => {
    const url = new URL(link.href);
    const id = decodeURIComponent(url.hash.slice(1));
    const data = await dataOf(url.pathname, id);
    const html = data?.previews[data.ids[id]];
    if (!html) return null;
    const nodes = parsed(html, url);
    if (url.pathname !== location.pathname && data.ids[id] !== data.ids[""]) {
      nodes.unshift(built("p", "marginalia-preview-page", data.title));
    }
    return { nodes, words: data.words };
  };

  // What both have

  const built = (tag, name, text = "") => {
    const node = document.createElement(tag);
    node.className = name;
    node.textContent = text;
    return node;
  };

  /** Give *box* the colours of the text that it is in: themes have their own, light and dark. */
  const colour = (box) => {
    const clear = /^transparent$|[,/] ?0\)$/;
    let around = box.parentElement;
    box.style.setProperty("--ink", getComputedStyle(around).color);
    while (around && clear.test(getComputedStyle(around).backgroundColor)) around = around.parentElement;
    if (around) box.style.setProperty("--page", getComputedStyle(around).backgroundColor);
  };

  /** Put *nodes*, and what a sheet has below them, into *box*. */
  const fill = (box, link, nodes, ...below) => {
    const text = built("div", "marginalia-preview-text");
    text.append(...nodes);
    box.replaceChildren(text, ...below);
    link.closest(CONTENT).append(box);
    colour(box);
    globalThis.MathJax?.typesetPromise?.([box]);
  };

  // The card

  const card = built("div", "marginalia-preview marginalia-preview-card");
  card.id = "marginalia-preview";
  card.popover = "manual";
  card.setAttribute("role", "tooltip");
  let shown = null; // the link whose card is open
  let wanted = null; // the link whose card is open or will be
  let dismissed = null; // the link whose card has been closed with Escape
  let line = 0; // which of its lines the pointer is on
  let timer = 0;

  const later = (wait, action) => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };

  const place = () => {
    const rects = shown.getClientRects();
    const at = rects[Math.min(line, rects.length - 1)];
    if (!at || at.bottom < 0 || at.top > innerHeight) return close();
    const { width, height } = card.getBoundingClientRect();
    const toLeft = getComputedStyle(shown).direction === "rtl";
    const wide = document.documentElement.clientWidth - width - 2;
    const below = at.bottom + height <= innerHeight || at.top < height;
    card.style.left = `${Math.max(2, Math.min(toLeft ? at.right - width + EDGE : at.left - EDGE, wide))}px`;
    card.style.top = `${below ? at.bottom : at.top - height}px`;
  };

  const open = async (link) => {
    wanted = link;
    const preview = await previewOf(link);
    if (!preview || wanted !== link || !link.isConnected) return;
    close();
    shown = wanted = link;
    fill(card, link, preview.nodes);
    link.removeAttribute("title"); // or the browser covers the card with it
    link.setAttribute("aria-describedby", card.id);
    card.showPopover();
    place();
  };

  const close = () => {
    clearTimeout(timer);
    wanted = null;
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    if (card.matches(":popover-open")) card.hidePopover();
    card.remove();
  };

  const want = (link, wait) => {
    if (link === dismissed) return;
    dismissed = null;
    if (link === shown) clearTimeout(timer);
    else later(wait, () => open(link));
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (card.contains(event.target)) return clearTimeout(timer);
    const link = linkOf(event.target);
    if (!link) return;
    const rects = [...link.getClientRects()];
    if (link !== shown) line = Math.max(0, rects.findIndex((at) => event.clientY <= at.bottom));
    want(link, POINTED);
  });

  document.addEventListener("pointerout", (event) => {
    const link = linkOf(event.target);
    if (!link && !card.contains(event.target)) return;
    const to = event.relatedTarget;
    if (link?.contains(to) || card.contains(to)) return;
    if (link === dismissed) dismissed = null;
    // What has the focus keeps its card.
    if (!shown?.matches(":focus-visible")) later(LEFT, close);
  });

  document.addEventListener("focusin", (event) => {
    const link = linkOf(event.target);
    if (!link?.matches(":focus-visible")) return;
    line = 0;
    want(link, FOCUSED);
  });

  document.addEventListener("focusout", (event) => {
    const link = linkOf(event.target);
    if (link && link === dismissed) dismissed = null;
    if (link && !card.matches(":hover")) close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !(shown || wanted)) return;
    dismissed = shown ?? wanted;
    close();
  });

  addEventListener("scroll", () => shown && place(), { passive: true });
  addEventListener("resize", () => shown && place());
  addEventListener("beforeprint", close);

  // The sheet

  const sheet = built("dialog", "marginalia-preview marginalia-preview-sheet");
  let touched = false;

  const openSheet = async (link) => {
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
    const preview = await Promise.race([previewOf(link), patience]);
    if (!preview) return location.assign(link.href);
    const go = built("a", "marginalia-preview-go", preview.words[0]);
    const end = built("button", "marginalia-preview-close", preview.words[1]);
    const actions = built("p", "marginalia-preview-actions");
    go.href = link.href;
    end.type = "button";
    actions.append(go, end);
    fill(sheet, link, preview.nodes, actions);
    for (const within of sheet.querySelectorAll("a")) within.removeAttribute("tabindex");
    sheet.firstChild.tabIndex = 0; // it may scroll
    sheet.setAttribute("aria-label", link.textContent.trim());
    const leave = () => {
      sheet.close();
      sheet.remove();
    };
    end.onclick = leave;
    // Before the browser follows a link to a place on this page, which the sheet would cover.
    sheet.onclick = (event) => (event.target === sheet || event.target.closest("a")) && leave();
    sheet.oncancel = leave;
    sheet.onclose = () => {
      dismissed = link;
      link.focus({ preventScroll: true });
    };
    sheet.showModal();
    end.focus();
  };

  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    const link = touched && linkOf(event.target);
    if (link) previewOf(link);
  });

  document.addEventListener("click", (event) => {
    const link = touched && event.detail ? linkOf(event.target) : null;
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openSheet(link);
  });
})();
