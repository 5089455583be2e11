/* A reader's own answers, kept in this browser and nowhere else. Below each question there is a place for
 * an answer; the list of questions shows them all, and writes them as Markdown or as cards for Anki. */
(() => {
  "use strict";

  const STORE = "marginalia-answers";
  const root = new URL(document.documentElement.dataset.content_root || "./", location.href).pathname;

  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(STORE) || "{}");
  } catch {
    return; // no memory of this site
  }

  // The same wherever the book is published, and in each of its versions.
  const nameOf = (address) => {
    const { pathname, hash } = new URL(address, location.href);
    return (pathname.startsWith(root) ? pathname.slice(root.length) : pathname) + hash;
  };

  const keep = (name, entry) => {
    // Another window may have kept something since.
    kept = JSON.parse(localStorage.getItem(STORE) || "{}");
    if (entry.text || entry.done) kept[name] = entry;
    else delete kept[name];
    localStorage.setItem(STORE, JSON.stringify(kept));
  };

  for (const form of document.querySelectorAll(".marginalia-pause-answer")) {
    const name = nameOf(`#${form.closest(".marginalia-pause").id}`);
    const entry = kept[name] || { text: "", done: false };
    const [answer, done] = form.querySelectorAll("label");
    const text = document.createElement("textarea");
    const box = document.createElement("input");
    text.rows = 3;
    text.value = entry.text;
    box.type = "checkbox";
    box.checked = entry.done;
    answer.append(text);
    done.prepend(box);
    form.addEventListener("input", () => keep(name, { text: text.value, done: box.checked }));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
  }

  const cards = {
    md: (all) =>
      all
        .map(({ question, text, done }) => {
          const answer = text && `\n\n${text.trim().replace(/^/gm, "  ")}`;
          return `- [${done ? "x" : " "}] ${question}${answer}\n`;
        })
        .join("\n"),
    txt: (all) => {
      const field = (words) =>
        words
          .trim()
          .replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt()};`)
          .replace(/\t/g, " ")
          .replace(/\r?\n/g, "<br>");
      const lines = all
        .filter(({ text }) => text)
        .map(({ question, text }) => `${field(question)}\t${field(text)}`);
      return ["#separator:tab", "#html:true", ...lines, ""].join("\n");
    },
  };

  for (const form of document.querySelectorAll(".marginalia-pause-export")) {
    const questions = [];
    for (const link of form.parentElement.querySelectorAll(".marginalia-pause-list dd a")) {
      const { text = "", done = false } = kept[nameOf(link.href)] || {};
      questions.push({ question: link.textContent.trim(), text, done });
      if (!text && !done) continue;
      const mine = document.createElement("p");
      mine.className = "marginalia-pause-mine";
      mine.textContent = (done ? `✓ ${form.dataset.answered}${text && ": "}` : "") + text;
      link.closest("li").append(mine);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const format = event.submitter.value;
      const file = document.createElement("a");
      file.href = URL.createObjectURL(new Blob([cards[format](questions)], { type: "text/plain" }));
      file.download = `answers.${format}`;
      file.click();
      setTimeout(() => URL.revokeObjectURL(file.href), 1000);
    });
    form.hidden = false;
  }
})();
