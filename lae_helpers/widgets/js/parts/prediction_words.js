/** What is said of a prediction once the truth is shown. */

import { countInversions, judge, shareOf } from "../numerics/predictions.js";
import { sayNumber } from "./numbers.js";

/**
 * @typedef {import("../numerics/predictions.js").Axis} Axis
 * @typedef {import("../numerics/predictions.js").Kind} Kind
 * @typedef {{kind: Kind, truth: number[], options: string[], axes: Axis[], tolerance: number}} Asked
 */

/** The share of an axis, in words. @param {number} share */
const sayShare = (share) => `${Math.round(100 * share)} %`;

/** @param {Asked} asked @param {number[]} guess @returns {string} how far it is from the truth */
export function describeDistance(asked, guess) {
  const { kind, truth, options, axes, tolerance } = asked;
  const { distance, hit } = judge(kind, guess, truth, axes, tolerance);
  const verdict = hit ? "A hit" : "Not quite";
  switch (kind) {
    case "choice":
      return hit
        ? `Right: “${options[truth[0]]}”.`
        : `It is “${options[truth[0]]}”; you chose “${options[guess[0]]}”.`;
    case "order": {
      const count = countInversions(guess, truth);
      if (!count) return "Right, all of them.";
      const pairs = (truth.length * (truth.length - 1)) / 2;
      return `${count} of ${pairs} pairs stand the other way round.`;
    }
    case "number":
      return `${verdict}: it is ${sayNumber(truth[0])}, you said ${sayNumber(guess[0])}, ${sayGap(axes[0], guess[0], truth[0])}.`;
    case "point":
      return `${verdict}: it is (${truth.map(sayNumber).join(", ")}), ${sayShare(distance)} of the axes away from what you said.`;
    default:
      return `${verdict}: on average your curve is ${sayShare(distance)} of the axis away, ${sayTilt(axes[1], guess, truth)}.`;
  }
}

/** @param {Axis} axis @param {number} guess @param {number} truth */
function sayGap(axis, guess, truth) {
  if (guess === truth) return "exactly";
  const side = guess > truth ? "too high" : "too low";
  const ratio = Math.max(guess / truth, truth / guess);
  return axis.log
    ? `a factor of ${sayNumber(ratio)} ${side}`
    : `${sayNumber(Math.abs(guess - truth))} ${side}`;
}

/** @param {Axis} axis @param {number[]} guess @param {number[]} truth */
function sayTilt(axis, guess, truth) {
  const higher = guess.filter((height, i) => shareOf(axis, height) > shareOf(axis, truth[i]));
  const share = higher.length / truth.length;
  if (share > 0.8) return "nearly everywhere too high";
  if (share < 0.2) return "nearly everywhere too low";
  return "partly above and partly below";
}
