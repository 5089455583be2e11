/* Loads the script of a live figure when the figure is near the window, or has the focus. Below the
 * window the live form replaces the picture at once, elsewhere a button does: nothing moves unasked. */
(() => {
  "use strict";

  const BLOCK = "marginalia-live-figure";
  const address = (file) => new URL(file, document.baseURI).href;

  const read = async (file) => {
    const response = await fetch(address(file));
    if (!response.ok) throw new Error(`${response.status} ${file}`);
    return /\.json\?/.test(file) ? response.json() : response.arrayBuffer();
  };

  const load = async (frame) => {
    const canvas = frame.querySelector(`.${BLOCK}-canvas`);
    const show = (state) => (frame.classList.value = `${BLOCK}-frame ${BLOCK}-${state}`);
    try {
      const { script, files } = frame.dataset;
      const [module, ...data] = await Promise.all([import(address(script)), ...JSON.parse(files).map(read)]);
      // Before it draws: what is not displayed has no size.
      show("drawing");
      await module.default(canvas, data);
      show(frame.getBoundingClientRect().top > innerHeight ? "on" : "ready");
    } catch (error) {
      console.warn(error);
      show("off");
      canvas.replaceChildren();
    }
    frame.querySelector(`.${BLOCK}-start`).onclick = () => {
      show("on");
      // What is disabled does not take the focus; without controls the figure does.
      [...canvas.querySelectorAll("*"), canvas].some((each) => (each.focus(), each.matches(":focus")));
    };
  };

  const start = (frame) => {
    near.unobserve(frame);
    if (!frame.dataset.loading) load(frame);
    frame.dataset.loading = "true";
  };

  const near = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && start(entry.target)),
    { rootMargin: "100%" },
  );
  for (const frame of document.querySelectorAll(`[data-script].${BLOCK}-frame`)) {
    near.observe(frame);
    frame.addEventListener("focusin", () => start(frame));
  }
})();
