/** A handle that a reader drags over a plane, by a pointer or by keys. */

import { makeHandle, moveByKeys } from "./arrow_keys.js";
import { listen } from "./listening.js";

/**
 * @typedef {object} Moves
 * @property {(x: number, y: number) => void} drag to a place: from 0 on the left to 1, from 0 at the
 *   bottom to 1, and beyond
 * @property {(right: number, up: number, fine: boolean) => void} step as in `moveByKeys`
 * @property {() => void} keep when it is let go of
 */

/**
 * A handle inside `plane`, where `placeOn` puts it.
 *
 * @param {AbortSignal} signal
 * @param {HTMLElement} plane
 * @param {{label: string, name: string, limit: number} & Moves} options
 */
export function makeGrip(signal, plane, { label, name, limit, drag, step, keep }) {
  const root = makeHandle({ name, label, limit });
  plane.append(root);
  moveByKeys(signal, root, { onMove: step, onRest: keep });
  let dragging = false;
  listen(signal, root, "pointerdown", (event) => {
    if (event.button !== 0) return;
    dragging = true;
    root.setPointerCapture(event.pointerId);
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
