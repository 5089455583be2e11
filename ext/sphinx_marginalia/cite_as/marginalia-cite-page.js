// Buttons that copy, and links to a quotation of the reader's choice. Without a script both are hidden.
(() => {
  "use strict";

  // Italics go with a reference as HTML. Where that is not possible, the text goes alone.
  const copy = async (text, source) => {
    if (source.querySelector("em") && window.ClipboardItem && navigator.clipboard.write) {
      const item = (type, content) => ({ [type]: new Blob([content], { type }) });
      const both = { ...item("text/plain", text), ...item("text/html", source.innerHTML) };
      try {
        return await navigator.clipboard.write([new ClipboardItem(both)]);
      } catch {
        // a browser that knows no HTML on the clipboard
      }
    }
    return navigator.clipboard.writeText(text);
  };

  for (const button of document.querySelectorAll(".marginalia-cite-copy")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source || !navigator.clipboard) continue;
    const words = button.textContent;
    if (!button.dataset.address) button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await copy(button.dataset.address ? source.href : source.textContent, source);
      } catch {
        getSelection().selectAllChildren(source); // ready for the reader to copy
        return;
      }
      button.textContent = `${words} ✓`;
      const done = document.getElementById("done");
      done.textContent = done.dataset.words;
      setTimeout(() => {
        button.textContent = words;
        done.textContent = "";
      }, 1500);
    });
  }

  const form = document.getElementById("quotation");
  if (!form) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  const link = document.getElementById("quoted");
  const copyLink = form.querySelector(".marginalia-cite-copy");
  // WICG, "URL Fragment Text Directives": a hyphen and a comma have a meaning of their own there.
  const encoded = (text) => encodeURIComponent(text).replaceAll("-", "%2D");
  document.getElementById("quote").addEventListener("input", (event) => {
    const words = event.target.value.trim().split(/\s+/).filter(Boolean);
    const long = words.length > 12;
    const part = (some) => encoded(some.join(" "));
    const text = long ? `${part(words.slice(0, 5))},${part(words.slice(-5))}` : part(words);
    link.href = `${form.dataset.page}#${form.dataset.anchor}:~:text=${text}`;
    link.hidden = words.length === 0;
    copyLink.hidden = link.hidden || !navigator.clipboard;
  });
})();
