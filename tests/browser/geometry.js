/* What a reader sees of a page, measured. An expression: the tests call its functions by name. */
(() => {
  "use strict";

  const NOTES = ".marginalia-sidenote, .marginalia-marginnote";
  const TEXT =
    "p, li, dt, dd, table, pre, figure, figcaption, blockquote, h1, h2, h3, h4, .admonition, " +
    ".sd-card, .sd-tab-set, .math-block, div.math, .marginalia-note-paragraph, .marginalia-pause, " +
    ".marginalia-discussion, .marginalia-key-idea, .marginalia-works";
  const ASIDE =
    ".toc-drawer, .sidebar-drawer, .bd-sidebar-primary, .bd-sidebar-secondary, .sphinxsidebar, " +
    ".prev-next-area, .related-pages, footer";
  // They stay at the top of the window while the page passes below them.
  const STICKY = ".bd-header, .bd-header-article, .mobile-header";

  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)];
  const notes = () => all(NOTES).filter(shown);
  const px = (value) => parseFloat(value) || 0;

  const name = (element) => {
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    const id = element.id ? `#${element.id}` : "";
    const kinds = [...element.classList].map((kind) => `.${kind}`).join("");
    return `${element.localName}${id}${kinds} “${words}”`;
  };

  const clips = (style, axis) => !["visible", ""].includes(style[`overflow${axis}`]);

  const cache = new Map();
  /** Return the part of *element* that the boxes around it let through, in page coordinates. */
  const visibleBox = (element) => {
    if (cache.has(element)) return cache.get(element);
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const box = { left, right, top, bottom };
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      if (parent === document.body || parent === document.documentElement) break;
      const style = getComputedStyle(parent);
      if (style.position === "static" && style.display === "inline") continue;
      const around = parent.getBoundingClientRect();
      if (clips(style, "X")) {
        box.left = Math.max(box.left, around.left);
        box.right = Math.min(box.right, around.right);
      }
      if (clips(style, "Y")) {
        box.top = Math.max(box.top, around.top);
        box.bottom = Math.min(box.bottom, around.bottom);
      }
    }
    cache.set(element, box);
    return box;
  };

  const isPainted = (element) => {
    const style = getComputedStyle(element);
    const bordered = ["Top", "Right", "Bottom", "Left"].some((side) => px(style[`border${side}Width`]));
    const image = style.backgroundImage !== "none" || style.boxShadow !== "none";
    return bordered || image || !/^(transparent|rgba\(.*, 0\))$/.test(style.backgroundColor);
  };

  const within = (line, box) => ({
    left: Math.max(line.left, box.left),
    right: Math.min(line.right, box.right),
    top: Math.max(line.top, box.top),
    bottom: Math.min(line.bottom, box.bottom),
  });

  const lines = new Map();
  /** Return where *element* shows something: its box if that is painted, else the words in it. */
  const inked = (element) => {
    if (lines.has(element)) return lines.get(element);
    const box = visibleBox(element);
    let boxes = [box];
    if (element.matches("p, li, dt, dd, h1, h2, h3, h4, div, details") && !isPainted(element)) {
      boxes = [];
      for (const child of element.childNodes) {
        if (child.nodeType !== Node.TEXT_NODE || !child.data.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(child);
        boxes.push(...[...range.getClientRects()].map((line) => within(line, box)));
      }
    }
    lines.set(element, boxes);
    return boxes;
  };

  const overlap = (one, other) => {
    const a = visibleBox(one);
    for (const b of inked(other)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1) return `${wide.toFixed(0)}×${high.toFixed(0)} px`;
    }
    return "";
  };

  const unrelated = (one, other) => !one.contains(other) && !other.contains(one);

  /** Return the notes that lie over other notes, other text or the theme's own parts. */
  const overlaps = () => {
    const found = [];
    const others = [...new Set([...all(NOTES), ...all(TEXT), ...all(ASIDE)])]
      .filter(shown)
      .filter((other) => !other.closest(STICKY));
    for (const note of notes()) {
      for (const other of others) {
        const size = unrelated(note, other) && overlap(note, other);
        if (size) found.push(`${name(note)} lies over ${name(other)} by ${size}`);
      }
    }
    return found;
  };

  /** Return the notes of which a part cannot be seen, or not be read. */
  const cutOff = () =>
    notes().flatMap((note) => {
      const whole = note.getBoundingClientRect();
      const seen = visibleBox(note);
      const faults = [];
      if (whole.width < 60 || whole.height < 10) faults.push("has no room");
      if (seen.left < -1 || seen.right > innerWidth + 1) faults.push("leaves the window");
      if (["left", "right", "top", "bottom"].some((side) => Math.abs(seen[side] - whole[side]) > 1))
        faults.push("is clipped");
      const wide = [...note.querySelectorAll("*")].filter(shown).find(
        (part) => visibleBox(part).right > whole.right + 1 || visibleBox(part).left < whole.left - 1,
      );
      if (wide) faults.push(`is wider than its place because of ${name(wide)}`);
      if (px(getComputedStyle(note).fontSize) < 12) faults.push("is too small");
      return faults.map((fault) => `${name(note)} ${fault}`);
    });

  /** A margin note of blocks is a block of the text where there is no margin. */
  const standsInText = (note) => note.matches(".marginalia-marginnote:not(.marginalia-note-in-paragraph)");

  const markOf = (note) =>
    all("a.marginalia-note-mark").find((mark) => mark.hash === `#${note.id}` && shown(mark));
  const inMargin = (note) =>
    getComputedStyle(note).getPropertyValue("--marginalia-folds").trim() === "0";

  /** Return the notes in the margin that begin elsewhere than beside their number, unpushed. */
  const strayed = () => {
    const found = [];
    const standing = notes().filter(inMargin);
    for (const [n, note] of standing.entries()) {
      const mark = note.matches(".marginalia-note-in-paragraph") && markOf(note);
      if (!mark) continue;
      const { top } = note.getBoundingClientRect();
      const style = getComputedStyle(mark.closest("p, .marginalia-note-paragraph, li"));
      const line = px(style.lineHeight) || 1.3 * px(style.fontSize);
      const distance = top - mark.getBoundingClientRect().top;
      const pushed = standing
        .slice(0, n)
        .some((before) => Math.abs(top - before.getBoundingClientRect().bottom) < 2 * line);
      if (Math.abs(distance) > 1.5 * line && !(pushed && distance > 0))
        found.push(`${name(note)} begins ${distance.toFixed(0)} px from its number`);
    }
    return found;
  };

  /** Return the tables and code blocks that a note beside them has left no room. */
  const squeezed = () =>
    all("table, pre")
      .filter(shown)
      .filter((block) => visibleBox(block).right - visibleBox(block).left < 40)
      .map(name);

  /** Return everything about the notes of the page that a reader would complain of. */
  const survey = () => ({
    shown: notes().length,
    folded: all(NOTES).filter((note) => !inMargin(note) && !standsInText(note)).length,
    unfolded: notes().filter((note) => !standsInText(note)).length,
    overlaps: overlaps(),
    cutOff: cutOff(),
    strayed: strayed(),
    squeezed: squeezed(),
    scrolls: Math.max(0, document.documentElement.scrollWidth - innerWidth),
  });

  /** Return the number of characters in each full line of the paragraphs in *selector*. */
  const lineLengths = (selector) => {
    const lengths = [];
    for (const paragraph of all(selector).filter(shown)) {
      const lines = new Map();
      const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
      for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        if (text.parentElement.closest(`${NOTES}, sup, .math`)) continue;
        for (let at = 0; at < text.length; at += 1) {
          const range = document.createRange();
          range.setStart(text, at);
          range.setEnd(text, at + 1);
          const line = Math.round(range.getBoundingClientRect().bottom / 4);
          lines.set(line, (lines.get(line) ?? 0) + 1);
        }
      }
      lengths.push(...[...lines.values()].slice(0, -1));
    }
    return lengths;
  };

  /** Return *colour* over the colours *below*, each as red, green, blue and opacity. */
  const over = (colour, below) => {
    const alpha = colour[3] + below[3] * (1 - colour[3]);
    const mixed = [0, 1, 2].map(
      (n) => (colour[n] * colour[3] + below[n] * below[3] * (1 - colour[3])) / (alpha || 1),
    );
    return [...mixed, alpha];
  };

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };

  const background = (element) => {
    const behind = [];
    for (let each = element; each; each = each.parentElement)
      behind.unshift(rgba(getComputedStyle(each).backgroundColor));
    const page = getComputedStyle(document.documentElement).colorScheme.includes("dark")
      ? rgba("canvas")
      : [255, 255, 255, 1];
    return behind.reduce((below, colour) => over(colour, below), page);
  };

  const luminance = (colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  /** Return the lowest contrast of text and background in what *selector* finds. */
  const contrast = (selector) => {
    const found = all(selector).filter(shown);
    const ratios = found.map((element) => {
      const below = background(element);
      return ratio(over(rgba(getComputedStyle(element).color), below), below);
    });
    return ratios.length ? Math.min(...ratios) : null;
  };

  return { survey, lineLengths, contrast };
})()
