/**
 * A recorded walk on its way: in a worker if it is long, otherwise, and where none can start, in the
 * page, a part a frame.
 *
 * @typedef {import("../numerics/retracing.js").Descent} Descent
 * @typedef {import("../numerics/retracing.js").Entry} Entry
 * @typedef {ReturnType<typeof startRetracing>} Retracing
 */

import { beginAt, retracePart } from "../numerics/retracing.js";
import { startWorker } from "./worker.js";

const LONG = 20_000; // steps

/** @param {Entry[]} entries */
const countSteps = (entries) =>
  entries.reduce((sum, entry) => sum + (entry.length === 4 ? entry[3] : 0), 0);

/**
 * @param {{get: (name: never) => unknown}} model
 * @param {import("../numerics/retracing.js").Start} start
 * @param {() => void} notify when a worker has come further, or could not start
 */
export function startRetracing(model, start, notify) {
  let reached = { descent: beginAt(start), entries: structuredClone(start.entries) };
  const total = countSteps(start.entries);
  let away = total > LONG;
  let end = () => {};
  if (away) {
    end = startWorker(model, "retrace", start, {
      hear: (/** @type {typeof reached} */ progress) => {
        reached = progress;
        if (!reached.entries.length) end();
        notify();
      },
      fail: () => {
        away = false;
        notify();
      },
    });
  }
  const left = () => countSteps(reached.entries);
  return {
    descent: () => reached.descent,
    isOver: () => reached.entries.length === 0,
    isAway: () => away,
    left,
    progress: () => 1 - left() / (total || 1),
    /** Go on in the page. @param {number} until when, by `performance.now()` */
    work(until) {
      if (away) return;
      while (reached.entries.length && performance.now() < until) {
        retracePart(reached.descent, reached.entries);
      }
    },
    end: () => end(),
  };
}
