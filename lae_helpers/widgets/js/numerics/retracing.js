/** A recorded walk, taken again: here in one go, as a worker does it. */

import { retrace, startDescent } from "./descent.js";
import { lookAt } from "./timeline.js";

const MOST = 200; // steps between two looks
const SAY_EVERY = 200; // milliseconds

/**
 * @typedef {import("./descent.js").Descent} Descent
 * @typedef {import("./descent.js").Entry} Entry
 * @typedef {object} Start
 * @property {import("./descent.js").Problem} problem
 * @property {number} k
 * @property {number} seed
 * @property {number} size
 * @property {Entry[]} entries
 */

/** @param {Start} start @returns {Descent} */
export const beginAt = ({ problem, k, seed, size }) => startDescent(problem, k, seed, size);

/**
 * Take a part of a walk again: few steps at a time at the beginning, where the curves are steep.
 *
 * @param {Descent} descent
 * @param {Entry[]} entries those left, shortened in place
 */
export function retracePart(descent, entries) {
  const { from } = descent.history[descent.history.length - 1] ?? { from: 0 };
  const most = Math.min(MOST, 1 + Math.floor((descent.steps - from) / 10));
  retrace(descent, entries, most);
  if (descent.history.length && !descent.moved) lookAt(descent);
}

/**
 * Take all of it, and say from time to time how far it has come.
 *
 * @param {Start} start
 * @param {(progress: {descent: Descent, entries: Entry[]}) => void} say the last time without entries
 */
export function retraceAll(start, say) {
  const descent = beginAt(start);
  const entries = structuredClone(start.entries);
  let said = performance.now();
  while (entries.length) {
    retracePart(descent, entries);
    if (entries.length && performance.now() - said > SAY_EVERY) {
      say({ descent, entries });
      said = performance.now();
    }
  }
  say({ descent, entries });
}
