/* Loads the script of a live figure when the figure is near the window, or has the focus. The picture
 * stays where that fails, without JavaScript, and on paper. */
(() => {
  "use strict";

  const LIVE = "marginalia-live-figure-on";
  const address = (file) => new URL(file, document.baseURI).href;

  const read = async (file) => {
    const response = await fetch(address(file));
    if (!response.ok) throw new Error(`${response.status} ${file}`);
    return /\.json\?/.test(file) ? response.json() : response.arrayBuffer();
  };

  const load = async (frame) => {
    const canvas = frame.querySelector(".marginalia-live-figure-canvas");
    try {
      const { script, files } = frame.dataset;
      const [module, ...data] = await Promise.all([import(address(script)), ...JSON.parse(files).map(read)]);
      // Before it draws: what is not displayed has no size.
      frame.classList.add(LIVE);
      await module.default(canvas, data);
    } catch (error) {
      console.warn(error);
      frame.classList.remove(LIVE);
      canvas.replaceChildren();
    }
  };

  const start = (frame) => {
    near.unobserve(frame);
    if (!frame.dataset.loading) load(frame);
    frame.dataset.loading = "true";
  };

  const near = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && start(entry.target)),
    { rootMargin: "50%" },
  );
  for (const frame of document.querySelectorAll("[data-script].marginalia-live-figure-frame")) {
    near.observe(frame);
    frame.addEventListener("focusin", () => start(frame));
  }
})();
