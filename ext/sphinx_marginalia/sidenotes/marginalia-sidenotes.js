/* Where notes are folded to their numbers, a number opens and closes its note.
 *
 * Without this script the number is a link, and the note opens as the target of the link. With it the
 * address stays as it is, several notes can be open, and Escape closes the one the reader is in.
 */
(() => {
  "use strict";

  const OPEN = "marginalia-note-open";
  // Asked for anew each time: the script of a theme may draw the page again.
  const marks = () => [...document.querySelectorAll("a.marginalia-note-mark")];
  if (!marks().length) return;

  // Ids are of letters, digits and hyphens, so nothing in an address needs decoding.
  const noteOf = (mark) => document.getElementById(mark.hash.slice(1));
  const folds = (note) =>
    getComputedStyle(note).getPropertyValue("--marginalia-folds").trim() === "1";

  /** Announce to assistive technology which notes can be opened, and which are open. */
  const announce = () => {
    // Read all before writing anything: the browser then computes styles once, not for each note.
    const all = marks();
    const states = all.map((mark) => {
      const note = noteOf(mark);
      return note && folds(note) ? note.classList.contains(OPEN) : null;
    });
    all.forEach((mark, n) => {
      if (states[n] === null) mark.removeAttribute("aria-expanded");
      else mark.setAttribute("aria-expanded", states[n]);
    });
  };

  const setOpen = (note, open) => {
    note.classList.toggle(OPEN, open);
    announce();
    if (open) note.scrollIntoView({ block: "nearest" });
  };

  const openTarget = () => {
    const note = document.getElementById(location.hash.slice(1));
    if (note && marks().some((mark) => noteOf(mark) === note)) setOpen(note, true);
  };

  document.documentElement.classList.add("marginalia-note-script");

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.marginalia-note-mark, a.marginalia-note-backlink");
    if (!link) return;
    if (link.classList.contains("marginalia-note-backlink")) {
      const note = link.closest(".marginalia-sidenote");
      if (folds(note)) setOpen(note, false);
      return; // The link itself leads back to the text.
    }
    const note = noteOf(link);
    if (!note || !folds(note) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setOpen(note, !note.classList.contains(OPEN));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const here = document.activeElement;
    const mark = marks().find((each) => each === here || noteOf(each)?.contains(here));
    const note = mark && noteOf(mark);
    if (!note || !folds(note) || !note.classList.contains(OPEN)) return;
    setOpen(note, false);
    mark.focus();
  });

  addEventListener("hashchange", openTarget);
  const page = document.querySelector(".marginalia-note-page");
  if (page) new ResizeObserver(announce).observe(page); // Also on the first layout of the page.
  else announce();
  openTarget();
})();
