/** Names, values and pressed states of the training panel's controls, which ipywidgets leaves unsaid. */

import { make } from "./parts/elements.js";
import { onEnd } from "./parts/listening.js";

const REST = 700; // milliseconds without a change before the status is said

/** @typedef {{ranges: Record<string, import("./traits.d.ts").Range>}} Traits */

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const heard = make("p", { class: "lae-heard", role: "status" });
  el.append(heard);
  let [frame, timer, status] = [0, 0, ""];

  /** @param {Element} panel */
  const tell = (panel) => {
    for (const box of panel.querySelectorAll(".widget-toggle-buttons")) tellToggles(box);
    for (const box of panel.querySelectorAll(".widget-slider")) {
      tellSlider(box, model.get("ranges"));
    }
    for (const bar of panel.querySelectorAll(".progress")) tellProgress(bar);
    const said = panel.querySelector(".lae-status")?.textContent ?? "";
    if (said === status) return;
    status = said;
    clearTimeout(timer);
    timer = setTimeout(() => {
      heard.textContent = said;
    }, REST);
  };
  // A view comes into its panel only after it was made.
  const find = () => {
    const panel = el.closest(".lae-training-panel");
    if (!panel) {
      frame = requestAnimationFrame(find);
      return;
    }
    const observer = new MutationObserver(() => tell(panel));
    const attributeFilter = ["class", "style", "aria-valuenow", "aria-valuetext"];
    const looked = { subtree: true, childList: true, characterData: true };
    observer.observe(panel, { ...looked, attributes: true, attributeFilter });
    onEnd(signal, () => observer.disconnect());
    tell(panel);
  };
  onEnd(signal, () => cancelAnimationFrame(frame));
  onEnd(signal, () => clearTimeout(timer));
  find();
  return () => ending.abort();
}

/**
 * Set attributes that are not so already: what observes them would never come to rest.
 *
 * @param {Element | null} element
 * @param {Record<string, string>} attributes
 */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

/** @param {Element} box */
const nameOf = (box) => box.querySelector(".widget-label")?.textContent ?? "";

/** @param {Element} box */
function tellToggles(box) {
  set(box, { role: "group", "aria-label": nameOf(box) });
  for (const button of box.querySelectorAll("button")) {
    set(button, { "aria-pressed": String(button.classList.contains("mod-active")) });
  }
}

/** @param {Element} box @param {Traits["ranges"]} ranges */
function tellSlider(box, ranges) {
  const name = nameOf(box);
  const readout = box.querySelector(".widget-readout");
  const value = readout?.textContent ?? "";
  const [least, most] = ranges[name].map(String);
  set(box.querySelector("[role=slider]"), {
    "aria-label": name,
    "aria-valuemin": least,
    "aria-valuemax": most,
    "aria-valuenow": value,
    "aria-valuetext": value,
  });
  set(readout, { role: "textbox", "aria-label": `${name}, typed` });
}

/** @param {Element} bar */
function tellProgress(bar) {
  const filled = bar.querySelector(".progress-bar");
  const width = filled instanceof HTMLElement ? parseFloat(filled.style.width) || 0 : 0;
  const attributes = { "aria-label": "training", "aria-valuenow": String(Math.round(width)) };
  set(bar, { role: "progressbar", ...attributes });
}

export default { render };
