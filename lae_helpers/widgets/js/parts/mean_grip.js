/** The handle of a cloud's mean. */

import { FARTHEST_MEAN } from "../numerics/constants.js";
import { makeGrip } from "./grip.js";
import { sayFixed } from "./numbers.js";
import { placeOn, pointAt } from "./plane.js";

/** @typedef {import("../numerics/cloud.js").Point} Point */

/**
 * The grip of the mean; arrows move it by a tenth.
 *
 * @param {AbortSignal} signal
 * @param {HTMLElement} plane
 * @param {() => Point} read
 * @param {(mean: Point) => void} moveTo
 * @param {() => void} keep
 */
export function makeMeanGrip(signal, plane, read, moveTo, keep) {
  /** @param {number} x @param {number} y */
  const place = (x, y) => moveTo([toHundredth(x), toHundredth(y)]);
  const grip = makeGrip(signal, plane, {
    label: "Mean of the points: left and right, up and down",
    name: "lae-mean-grip",
    limit: FARTHEST_MEAN,
    drag: (x, y) => place(...pointAt(x, y)),
    step: (right, up, fine) => {
      const [x, y] = read();
      const far = fine ? 0.01 : 0.1;
      place(x + far * right, y + far * up);
    },
    keep,
  });
  return {
    root: grip.root,
    /** @param {Point} mean */
    draw(mean) {
      placeOn(grip.root, mean);
      grip.say(mean[0], `(${mean.map((x) => sayFixed(x)).join(", ")})`);
    },
  };
}

/** @param {number} value */
const toHundredth = (value) =>
  Math.min(FARTHEST_MEAN, Math.max(-FARTHEST_MEAN, Math.round(100 * value) / 100)) + 0; // no minus zero
