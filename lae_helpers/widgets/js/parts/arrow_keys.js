/** Handles: what a reader drags in a plane, and moves by keys as well. */

import { make } from "./elements.js";
import { listen } from "./listening.js";

const PAGE = 10; // steps

/** In steps to the right and up; Home and End go as far as there is room. @type {Record<string, [number, number]>} */
const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  PageUp: [0, PAGE],
  PageDown: [0, -PAGE],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

/**
 * A slider of one's own drawing; JupyterLab keeps its hands off what is typed on it.
 *
 * @param {{name: string, label: string, limit: number}} options `name` of its classes beside
 *   lae-handle; its values go from -limit to limit
 */
export function makeHandle({ name, label, limit }) {
  return make("div", {
    class: `lae-handle ${name}`.trim(),
    tabindex: 0,
    role: "slider",
    "data-lm-suppress-shortcuts": "true",
    "aria-label": label,
    "aria-valuemin": -limit,
    "aria-valuemax": limit,
  });
}

/**
 * Let keys move a handle: arrows by a step, Page Up and Page Down by ten, Home and End to the edge.
 * The page does not scroll by them, and no one above hears of them.
 *
 * @param {AbortSignal} signal
 * @param {HTMLElement} handle
 * @param {{onMove: (right: number, up: number, fine: boolean) => void, onRest: () => void}} options
 *   steps, infinite ones among them, which are to be fine while Shift is down; the key let go
 */
export function moveByKeys(signal, handle, { onMove, onRest }) {
  /** @param {KeyboardEvent} event */
  const isMove = ({ key, altKey, ctrlKey, metaKey }) =>
    key in DIRECTIONS && !altKey && !ctrlKey && !metaKey;
  listen(signal, handle, "keydown", (event) => {
    if (!isMove(event)) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(...DIRECTIONS[event.key], event.shiftKey);
  });
  listen(signal, handle, "keyup", (event) => {
    if (event.key in DIRECTIONS) onRest();
  });
}
