"use strict";
// A result's page works without this; it adds copying, enlarging pictures, opening traces, and unfolding for print.
(() => {
  const byId = (id) => document.getElementById(id);
  const say = (words) => { byId("said").textContent = words; };

  const select = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  const copy = async (button) => {
    const code = button.parentElement.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      select(code);
      say("Selected: copy it with the keyboard.");
      return;
    }
    button.textContent = "Copied";
    say("Copied.");
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });

  const zoom = byId("zoom");
  let frames = [];
  let at = 0;
  const show = (place) => {
    at = (place + frames.length) % frames.length;
    const frame = frames[at];
    const canvas = frame.querySelector(".canvas").cloneNode(true);
    canvas.querySelector("img").removeAttribute("loading");
    byId("zoom-picture").replaceChildren(canvas);
    byId("zoom-caption").textContent = frame.querySelector("img").alt;
  };
  document.addEventListener("click", (event) => {
    const frame = event.target.closest("[data-zoom]");
    if (!frame || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    frames = [...(frame.closest(".strip") || frame.parentElement).querySelectorAll("[data-zoom]")];
    show(frames.indexOf(frame));
    const alone = frames.length < 2;
    byId("zoom-before").hidden = alone;
    byId("zoom-after").hidden = alone;
    zoom.showModal();
  });
  byId("zoom-before").addEventListener("click", () => show(at - 1));
  byId("zoom-after").addEventListener("click", () => show(at + 1));
  byId("zoom-close").addEventListener("click", () => zoom.close());
  zoom.addEventListener("click", (event) => { if (event.target === zoom) zoom.close(); });
  zoom.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
  });

  // Playwright's trace viewer stands beside the report where `repro show` serves it or has put it, and a picture that tells so.
  const home = new URL(".", document.querySelector(".crumbs a")?.href || location.href);
  const openTraces = () => {
    document.querySelectorAll("[data-view]").forEach((link) => {
      const trace = new URL(link.dataset.view, location.href);
      link.href = new URL(`_trace/index.html?trace=${encodeURIComponent(trace.href)}`, home).href;
      link.hidden = false;
    });
    document.querySelectorAll("[data-on-disk]").forEach((how) => { how.hidden = true; });
  };
  if (location.protocol.startsWith("http") && document.querySelector("[data-view]")) {
    const ready = new Image();
    ready.addEventListener("load", openTraces);
    ready.src = new URL("_trace/ready.svg", home).href;
  }

  let unfolded = [];
  addEventListener("beforeprint", () => {
    document.querySelectorAll("img[loading]").forEach((picture) => { picture.loading = "eager"; });
    unfolded = [...document.querySelectorAll("details:not([open], .attempt)")];
    unfolded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => unfolded.forEach((details) => { details.open = false; }));
})();
