/** Time, to be dragged: back over what happened, with marks where the loss or the weights were touched. */

import { make, makeButton, makeName } from "./elements.js";
import { onEnd } from "./listening.js";
import { keepChildren } from "./rings.js";

/** @typedef {ReturnType<import("./explorer_session.js").Session["timeline"]>} Timeline */

const LETTER = 6.5; // pixels that a letter of a mark takes, and a little more

/** @param {AbortSignal} signal */
export function makeScrubber(signal) {
  const id = makeName();
  const input = make("input", { type: "range", id, min: 0, max: 0, value: 0 });
  const marks = make("div", { class: "lae-marks", "aria-hidden": "true" });
  const now = makeButton("Back to now");
  const root = make("div", { class: "lae-scrubber" }, [
    make("label", { class: "lae-unseen", for: id, text: "time" }),
    make("div", { class: "lae-track" }, [input, marks]),
    now,
  ]);
  let drawn = "";
  let width = 0;
  const sizes = new ResizeObserver(([{ contentRect }]) => {
    width = contentRect.width;
  });
  sizes.observe(marks);
  onEnd(signal, () => sizes.disconnect());

  /**
   * @param {Timeline} timeline
   * @param {number} steps of the moment that is shown
   */
  function draw({ count, index, looking, marks: touched }, steps) {
    const most = Math.max(count - 1, 0);
    if (input.max !== String(most)) input.max = String(most);
    if (input.value !== String(index)) input.value = String(index);
    const mark = touched.find((one) => one.index === index);
    const step = `step ${steps.toLocaleString("en-GB")}`;
    const said = mark ? `${step}: ${mark.text}` : step;
    if (input.getAttribute("aria-valuetext") !== said) input.setAttribute("aria-valuetext", said);
    now.setAttribute("aria-disabled", String(!looking));
    const all = touched.map(({ index: at, text }) => `${at} ${text}`);
    const key = `${most} ${width} ${all.join()}`;
    if (key === drawn) return;
    drawn = key;
    keepChildren(marks, touched.length, () => make("span"));
    let free = 0;
    touched.forEach(({ index: at, text, kind }, i) => {
      const cell = /** @type {HTMLElement} */ (marks.children[i]);
      const share = most ? at / most : 0;
      const begin = share * width;
      const fits = begin >= free && begin + LETTER * text.length <= width;
      if (fits) free = begin + LETTER * (text.length + 1);
      cell.className = `lae-${kind}`;
      cell.style.left = `${100 * share}%`;
      cell.textContent = fits ? text : "";
    });
  }
  return { root, input, now, draw };
}
