/* The dialog of the search. MiniSearch ranks; here is what a query needs of the index, how hits are shown,
 * and the keys. The files of the site are scripts that call marginaliaSearch(kind, number, data). */
(() => {
  "use strict";

  const root = new URL("..", document.currentScript.src);
  const SHOWN = 10;
  const EXCERPT = 190; // characters
  // An index of so few chunks is loaded as a whole: then no key waits for a file.
  const WHOLE = 8;
  const STEM = 0.3; // the weight of a word that has its stem in common with one of the query: more than a slip

  // Words, as terms.py has them

  const UNSPACED =
    /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
  const folded = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "");
  const pairs = (run) => {
    const letters = [...run];
    return letters.slice(0, Math.max(letters.length - 1, 1)).map((_, at) => letters.slice(at, at + 2).join(""));
  };
  const words = (text) => (folded(text).match(/[\p{L}\p{N}]+/gu) ?? []).flatMap((word) => [
    ...word.split(UNSPACED).filter(Boolean),
    ...(word.match(UNSPACED) ?? []).flatMap(pairs),
  ]);

  // Files

  const got = { records: [], terms: [], texts: [] };
  const loading = new Map();

  const load = (kind, number = 0) => {
    const name = kind === "records" ? kind : `${kind}-${number}`;
    if (!loading.has(name)) {
      loading.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        const version = kind === "records" ? "" : `?v=${got.records[0].version}`;
        script.src = new URL(`_static/marginalia-search/${name}.js${version}`, root);
        script.onload = () => done(got[kind][number]);
        script.onerror = () => { loading.delete(name); failed(new Error(name)); };
        document.head.append(script);
      }));
    }
    return loading.get(name);
  };

  /** Return the number of the last of *firsts* that is not behind *value*. */
  const before = (firsts, value) => Math.max(firsts.findLastIndex((first) => first <= value), 0);

  /** Return the numbers of the chunks that have *term*, and words that begin with it. */
  const chunksOf = (term, firsts) => {
    if (firsts.length <= WHOLE) return firsts.keys();
    const start = before(firsts, term);
    return [start, Math.min(before(firsts, `${term}\uffff`), start + 1)];
  };

  // The index

  const entries = [];
  const decoded = new Set();
  let engine = null;

  const postings = (text) => {
    const records = {};
    let number = 0;
    for (const part of text ? text.split(" ") : []) {
      const [step, times] = part.split(",");
      number += parseInt(step, 36);
      records[number] = Number(times ?? 1);
    }
    return records;
  };

  const decode = (lines) => {
    for (const line of lines ? lines.split("\n") : []) {
      const [term, titles, texts] = line.split("\t");
      entries.push([term, { ...(titles && { 0: postings(titles) }), ...(texts && { 1: postings(texts) }) }]);
    }
  };

  /** Return an index of MiniSearch with all chunks that have been loaded. */
  const indexOf = ({ lengths, kindOf, boosts }) => {
    const count = Math.max(lengths.length, 1);
    const averages = [0, 1].map((field) => lengths.reduce((sum, each) => sum + each[field], 0) / count);
    return globalThis.marginaliaMiniSearch.default.loadJS({
      documentCount: lengths.length,
      nextId: lengths.length,
      documentIds: { ...lengths.map((_, id) => id) },
      fieldIds: { title: 0, text: 1 },
      fieldLength: { ...lengths },
      averageFieldLength: averages,
      storedFields: {},
      dirtCount: 0,
      index: entries,
      serializationVersion: 2,
    }, {
      fields: ["title", "text"],
      tokenize: words,
      processTerm: (term) => term,
      searchOptions: {
        boost: { title: 4 },
        prefix: (term) => term.length > 2,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
        weights: { prefix: 0.8, fuzzy: 0.2 },
        // On equal words, what comes earlier in the book comes first.
        boostDocument: (id) => boosts[kindOf[id]] * (1.2 - (0.2 * id) / count),
      },
    });
  };

  // Stems, by the stemmer that Sphinx ships for the language of the site

  const known = () => (typeof Stemmer === "undefined" ? null : new Stemmer());
  const stemmed = known() ?? new Promise((done) => { // the search page has it
    const script = document.createElement("script");
    script.src = new URL("_static/language_data.js", root);
    script.onload = script.onerror = () => done(known());
    document.head.append(script);
  });

  /** Return a query for *term*, and with less weight for other words of its stem. */
  const widened = (term, stemmer) => {
    const stem = stemmer?.stemWord(term);
    // A suffix changes the end of a word; what begins with the word is found as such.
    const start = term.slice(0, 3);
    const forms = stem ? entries.map(([word]) => word).filter((word) => word.startsWith(start)
      && !word.startsWith(term) && stemmer.stemWord(word) === stem) : [];
    if (!forms.length) return term;
    const other = {
      combineWith: "OR", queries: forms, boost: { title: 4 * STEM, text: STEM }, prefix: false, fuzzy: false,
    };
    const itself = { queries: [term], fuzzy: false };
    // What has the word itself is ranked as if there were no other.
    return { combineWith: "OR", queries: [term, { combineWith: "AND_NOT", queries: [other, itself] }] };
  };

  /** Return the hits for *query*, the best first. */
  const searched = async (query) => {
    const records = await load("records");
    const terms = [...new Set(words(query))];
    const wanted = new Set(terms.flatMap((term) => [...chunksOf(term, records.chunks)]));
    const chunks = await Promise.all([...wanted].map(async (each) => [each, await load("terms", each)]));
    for (const [number, lines] of chunks) {
      if (decoded.has(number)) continue;
      decoded.add(number);
      decode(lines);
      engine = null;
    }
    if (!terms.length || !decoded.size) return [];
    engine ??= indexOf(records);
    // What is in every other text says nothing, unless there is nothing else.
    const rare = terms.filter((term) => !records.common.includes(term));
    const stemmer = await stemmed;
    const queries = (rare.length ? rare : terms).map((term) => widened(term, stemmer));
    const hits = engine.search({ combineWith: "OR", queries });
    const full = new Set(engine.search({ combineWith: "AND", queries }).map((hit) => hit.id));
    if (!full.size) return hits;
    const some = full.size < SHOWN ? hits.filter((hit) => !full.has(hit.id)) : [];
    return [...hits.filter((hit) => full.has(hit.id)), ...some.slice(0, SHOWN - full.size)];
  };

  /** Return the kind, title, path, address and text of the record *id*. */
  const recordOf = async (id) => {
    const { texts, kinds } = await load("records");
    const file = before(texts, id);
    const [kind, ...rest] = (await load("texts", file))[id - texts[file]];
    return [kinds[kind], ...rest];
  };

  // Excerpts

  /** Return where *text* has *terms*: pairs of start and end. */
  const placesOf = (text, terms) => {
    const places = [];
    for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
      const parts = words(word);
      if (parts.length === 1 && terms.has(parts[0])) {
        places.push([index, index + word.length]);
      } else if (parts.length > 1) {
        const letters = [...word];
        for (let at = 0, from = index; at < letters.length; from += letters[at].length, at += 1) {
          const pair = letters.slice(at, at + 2).join("");
          if (terms.has(folded(pair))) places.push([from, from + pair.length]);
        }
      }
    }
    return places;
  };

  /** Return the part of *text* that has most of *terms*. */
  const excerptOf = (text, terms) => {
    if (text.length <= EXCERPT) return text;
    const places = placesOf(text, terms);
    let [start, most] = [0, 0];
    for (const [from] of places) {
      const within = places.filter(([each, end]) => each >= from && end <= from + EXCERPT - 30);
      const distinct = new Set(within.map((place) => folded(text.slice(...place)))).size;
      if (distinct > most) [start, most] = [from, distinct];
    }
    // From the start of a sentence or a word before it.
    const head = text.slice(Math.max(start - 40, 0), start);
    const sentence = [...head.matchAll(/[.!?]\s+(?=\p{Lu})|[。！？]/gu)].at(-1);
    if (start > 40) start -= head.length - (sentence ? sentence.index + sentence[0].length : head.indexOf(" ") + 1);
    else start = 0;
    let end = Math.min(start + EXCERPT, text.length);
    const space = text.lastIndexOf(" ", end);
    if (end < text.length && space > start + EXCERPT / 2) end = space;
    return `${start && !sentence ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
  };

  const built = (tag, name, ...children) => {
    const node = document.createElement(tag);
    if (name) node.className = `marginalia-search-${name}`;
    node.append(...children);
    return node;
  };

  /** Return *text* as nodes, with *terms* marked. */
  const marked = (text, terms) => {
    const parts = [];
    let end = 0;
    for (const [from, to] of placesOf(text, terms)) {
      if (to <= end) continue;
      parts.push(text.slice(end, Math.max(from, end)), built("mark", "", text.slice(Math.max(from, end), to)));
      end = to;
    }
    return [...parts, text.slice(end)];
  };

  // The dialog

  const dialog = built("dialog", "");
  dialog.className = "marginalia-search";
  const form = built("form", "form");
  const field = built("input", "field");
  const list = built("div", "hits");
  const count = built("p", "count");
  const close = built("button", "close");
  const more = built("button", "more");
  const keys = built("p", "keys");
  let options = [];
  let chosen = -1;
  let asked = 0;

  const set = (node, attributes) => {
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  };

  const choose = (number) => {
    chosen = number;
    options.forEach((option, each) => option.setAttribute("aria-selected", String(each === number)));
    if (options[number]) {
      field.setAttribute("aria-activedescendant", options[number].id);
      options[number].scrollIntoView({ block: "nearest" });
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  };

  /** Return those of *terms* that are worth a mark. */
  const telling = (terms) => {
    const rare = terms.filter((term) => !got.records[0].common.includes(term));
    return new Set(rare.length ? rare : terms.filter((term) => term.length > 3));
  };

  const optionOf = ([kind, title, path, address, text], terms, number) => {
    const known = telling(terms);
    const heading = built("span", "title", ...marked(title, known));
    const where = path ? [built("span", "path", path)] : [];
    const excerpt = text ? [built("span", "excerpt", ...marked(excerptOf(text, known), known))] : [];
    for (const node of [heading, ...where, ...excerpt]) node.dir = "auto";
    const head = built("span", "head", heading, " ", built("span", "kind", kind));
    const option = built("a", "hit", head, " ", ...where, " ", ...excerpt);
    option.href = new URL(address, root);
    set(option, { role: "option", id: `marginalia-search-hit-${number}`, tabindex: "-1", "aria-selected": "false" });
    return option;
  };

  const show = async () => {
    const query = field.value.trim();
    const number = (asked += 1);
    const hits = query ? await searched(query) : [];
    const shown = hits.slice(0, SHOWN);
    const records = await Promise.all(shown.map((hit) => recordOf(hit.id)));
    const { words: say } = await load("records");
    if (number !== asked) return; // somebody typed on
    options = records.map((record, each) => optionOf(record, shown[each].terms, each));
    list.replaceChildren(...options);
    list.hidden = !options.length;
    field.setAttribute("aria-expanded", String(options.length > 0));
    const amount = hits.length === 1 ? say.one : say.many.replace("{number}", hits.length);
    count.textContent = !query ? "" : hits.length ? amount : say.none;
    choose(options.length ? 0 : -1);
    list.scrollTop = 0;
  };

  const update = () => show().catch(() => {
    count.textContent = got.records[0]?.words.failed ?? "";
    // Sphinx's own search needs nothing of this.
    if (!got.records[0]) form.submit();
  });

  const steps = { ArrowDown: 1, ArrowUp: -1 };
  field.addEventListener("input", update);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (steps[event.key] && options.length) {
      event.preventDefault();
      choose((chosen + steps[event.key] + options.length) % options.length);
    } else if (event.key === "Enter" && options[chosen]) {
      event.preventDefault();
      const { ctrlKey, metaKey, shiftKey } = event;
      options[chosen].dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
    }
  });
  list.addEventListener("click", (event) => {
    if (event.target.closest("a") && !(event.ctrlKey || event.metaKey || event.shiftKey)) dialog.close();
  });
  list.addEventListener("pointermove", (event) => {
    const number = options.indexOf(event.target.closest("a"));
    if (number >= 0 && number !== chosen) choose(number);
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  /** Give the dialog the colours of the page: themes have their own, light and dark. */
  const colour = () => {
    const clear = /^transparent$|[,/] ?0\)$/;
    let around = document.querySelector("[role=main], main, article") ?? document.body;
    dialog.style.setProperty("--ink", getComputedStyle(around).color);
    while (around && clear.test(getComputedStyle(around).backgroundColor)) around = around.parentElement;
    dialog.style.setProperty("--page", around ? getComputedStyle(around).backgroundColor : "white");
  };

  const label = ({ words: say }) => {
    set(dialog, { "aria-label": say.search });
    set(field, { "aria-label": say.search, placeholder: say.search });
    set(list, { "aria-label": say.results });
    close.textContent = say.close;
    more.textContent = say.more;
    const key = (name) => built("kbd", "", name);
    keys.replaceChildren(key("↑"), key("↓"), ` ${say.choose} `, key("Enter"), ` ${say.open} `, key("Esc"), ` ${say.close.toLowerCase()}`);
  };

  const make = () => {
    form.action = new URL("search.html", root);
    set(field, {
      type: "text", name: "q", role: "combobox", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      enterkeyhint: "go", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "marginalia-search-hits",
    });
    set(list, { role: "listbox", id: "marginalia-search-hits" });
    list.hidden = true;
    count.setAttribute("role", "status");
    keys.setAttribute("aria-hidden", "true");
    close.type = "button";
    form.append(built("div", "top", field, close), list, built("div", "foot", count, keys, more));
    dialog.append(form);
    document.body.append(dialog);
  };

  globalThis.marginaliaSearch = (kind, number, data) => { got[kind][number] = data; };
  /** Open the dialog, with a query if there is one. */
  globalThis.marginaliaSearch.open = (query) => {
    if (!dialog.isConnected) make();
    colour();
    if (query) field.value = query;
    if (!dialog.open) dialog.showModal();
    field.focus();
    if (!query) field.select();
    load("records").then((records) => {
      label(records);
      if (records.chunks.length <= WHOLE) records.chunks.forEach((_, number) => load("terms", number).catch(() => {}));
    }, () => {});
    update();
  };
})();
