/** A grip that a reader drags over a plane, by a pointer or by keys. */

import { directionOf } from "./arrow_keys.js";
import { make } from "./elements.js";
import { listen } from "./listening.js";

/** @type {Record<string, "least" | "most" | "more" | "less">} */
const JUMPS = { Home: "least", End: "most", PageUp: "more", PageDown: "less" };

/**
 * @typedef {"least" | "most" | "more" | "less"} Jump to an end of its range, or a long way
 * @typedef {object} Moves
 * @property {(x: number, y: number) => void} drag to a place: from 0 on the left to 1, from 0 at the
 *   bottom to 1, and beyond
 * @property {(direction: [x: number, y: number], fine: boolean) => void} step by an arrow key, fine
 *   with Shift
 * @property {(jump: Jump) => void} jump by Home, End and the Page keys
 * @property {() => void} keep when it is let go of
 */

/**
 * A grip of role slider inside `plane`, whose style places it; its keys stay with it.
 *
 * @param {AbortSignal} signal
 * @param {HTMLElement} plane
 * @param {{label: string, name: string, least: number, most: number} & Moves} options
 */
export function makeGrip(signal, plane, { label, name, least, most, drag, step, jump, keep }) {
  const root = make("div", {
    class: `lae-grip ${name}`,
    tabindex: 0,
    role: "slider",
    "aria-label": label,
    "aria-valuemin": least,
    "aria-valuemax": most,
    "data-lm-suppress-shortcuts": "true",
  });
  plane.append(root);
  let dragging = false;
  listen(signal, root, "pointerdown", (event) => {
    if (event.button !== 0) return;
    dragging = true;
    root.setPointerCapture(event.pointerId);
    event.stopPropagation();
  });
  listen(signal, root, "pointermove", (event) => {
    if (dragging) drag(...placeIn(plane, event));
  });
  const drop = () => {
    if (dragging) keep();
    dragging = false;
  };
  listen(signal, root, "pointerup", drop);
  listen(signal, root, "pointercancel", drop);
  listen(signal, root, "keydown", (event) => {
    const direction = directionOf(event);
    const wanted = JUMPS[event.key];
    if (!direction && !wanted) return;
    event.preventDefault();
    event.stopPropagation();
    if (direction) step(direction, event.shiftKey);
    else jump(wanted);
    keep();
  });
  return {
    root,
    /** @param {number} value @param {string} text */
    say(value, text) {
      root.setAttribute("aria-valuenow", String(value));
      root.setAttribute("aria-valuetext", text);
    },
  };
}

/** @param {HTMLElement} plane @param {MouseEvent} event @returns {[x: number, y: number]} */
export function placeIn(plane, event) {
  const box = plane.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
}
