/** What the cloud figure says. */

import { angleBetween, expectedSway, sway } from "../numerics/cloud.js";
import { sayFixed } from "./numbers.js";

const AT_REST = 0.5; // degrees
const CHANCE = 90 / Math.sqrt(3); // degrees, the root mean square where all lines are as likely

/**
 * @param {object} state
 * @param {{kept: number, lost: number}} state.split
 * @param {number} state.angle
 * @param {[number, number]} state.mean
 * @param {boolean} state.centred
 * @param {import("../numerics/cloud.js").Eigen} state.best
 * @param {import("../numerics/cloud.js").Eigen} state.pca
 */
export function describeCloud({ split, angle, mean, centred, best, pca }) {
  const apart = angleBetween(angle, best.angle);
  const [least, variance] = [sayFixed(best.values[1]), sayFixed(best.values[0])];
  if (centred) {
    return apart < AT_REST
      ? `At u₁ the error is least, v₂ = ${least}, and the variance greatest, v₁ = ${variance}.`
      : `${sayDegrees(apart)} from u₁ the error is ${sayFixed(split.lost)}; at u₁ it would be ${least}. Whichever way the line turns, the sum stays.`;
  }
  const distance = Math.hypot(...mean);
  if (distance < 0.005) {
    return "The mean is in the origin: the data are centred as they are, and w is u₁.";
  }
  const [fromMean, fromFirst] = [(Math.atan2(mean[1], mean[0]) * 180) / Math.PI, pca.angle].map(
    (other) => angleBetween(best.angle, other),
  );
  return `Not centred, the sum grows by ‖μ‖² = ${sayFixed(distance ** 2)}. The best line, w, lies ${sayDegrees(fromMean)} from the mean and ${sayDegrees(fromFirst)} from u₁. Its error is ${least}; u₁ through the mean leaves ${sayFixed(pca.values[1])}.`;
}

/** @param {number} ratio @param {number[]} angles of u₁ in further samples */
export function describeSway(ratio, angles) {
  const expected = expectedSway(ratio);
  const theory =
    expected < CHANCE / 2
      ? `the formula says ${sayDegrees(expected)}`
      : `chance alone would give ${sayDegrees(CHANCE)}`;
  return `Grey: u₁ of ${angles.length} other samples. They sway by ${sayDegrees(sway(angles))}; ${theory}.`;
}

/** @param {number} angle */
const sayDegrees = (angle) => `${angle < 9.95 ? sayFixed(angle, 1) : sayFixed(angle, 0)}°`;
