/** Points in the plane and the lines through them: mirrors `lae_helpers.explorer.points` and `widgets.cloud`. */

import { AXIS, FIRST_OTHER, N_OTHERS, N_POINTS } from "./constants.js";
import { drawNormals, mulberry32 } from "./random.js";

/**
 * @typedef {[x: number, y: number]} Point
 * @typedef {[xx: number, xy: number, yy: number]} Moment a symmetric matrix
 * @typedef {{values: [number, number], angle: number}} Eigen descending; the angle of the first
 *   eigenvector in degrees, from 0 to below 180
 */

const DEGREE = Math.PI / 180;

/** @param {number} angle in degrees @returns {Point} */
export const directionAt = (angle) => [Math.cos(angle * DEGREE), Math.sin(angle * DEGREE)];

/** @param {Point} direction @returns {number} degrees of its line, from 0 to below 180 */
export const angleOf = ([x, y]) => toHalfTurn(Math.atan2(y, x) / DEGREE);

/** @param {number} angle @returns {number} the same line, from 0 to below 180 */
export const toHalfTurn = (angle) => (((angle % 180) + 180) % 180) % 180;

/** @param {number} one @param {number} other @returns {number} degrees between lines, 0 to 90 */
export function angleBetween(one, other) {
  const apart = Math.abs(one - other) % 180;
  return Math.min(apart, 180 - apart);
}

/** @param {Point} a @param {Point} b */
export const dot = ([a, b], [c, d]) => a * c + b * d;

/**
 * Normal points with this very mean, from variances 1 along the axis and `ratio` across.
 *
 * @param {number} seed
 * @param {number} ratio
 * @param {Point} [mean]
 * @returns {Point[]}
 */
export function drawPoints(seed, ratio, mean = [0, 0]) {
  const normals = drawNormals(mulberry32(seed), 2 * N_POINTS);
  const [c, s] = directionAt(AXIS);
  const across = Math.sqrt(ratio);
  const points = Array.from({ length: N_POINTS }, (_, i) => {
    const [x, y] = [normals[2 * i], across * normals[2 * i + 1]];
    return /** @type {Point} */ ([c * x - s * y, s * x + c * y]);
  });
  const [x, y] = meanOf(points);
  return points.map(([px, py]) => [px - x + mean[0], py - y + mean[1]]);
}

/** @param {Point[]} points @returns {Point} */
function meanOf(points) {
  const sum = points.reduce(([x, y], [px, py]) => [x + px, y + py], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** @param {Point[]} points @returns {Moment} the mean of y yᵀ; the covariance where their mean is 0 */
export function momentOf(points) {
  /** @type {Moment} */
  const sum = [0, 0, 0];
  for (const [x, y] of points) {
    sum[0] += x * x;
    sum[1] += x * y;
    sum[2] += y * y;
  }
  return /** @type {Moment} */ (sum.map((value) => value / points.length));
}

/** @param {Moment} C @param {Point} mean @param {number} share @returns {Moment} C + share · μμᵀ */
export const addMean = ([a, b, c], [x, y], share) => [
  a + share * x * x,
  b + share * x * y,
  c + share * y * y,
];

/** @param {Moment} moment @returns {Eigen} */
export function decompose([a, b, c]) {
  const [middle, radius] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
  return {
    values: [middle + radius, Math.max(0, middle - radius)],
    angle: toHalfTurn(Math.atan2(2 * b, a - c) / (2 * DEGREE)),
  };
}

/**
 * What a line of this angle keeps of the second moment, and what it loses: together the trace.
 *
 * @param {Moment} moment @param {number} angle
 */
export function splitMoment([a, b, c], angle) {
  const [x, y] = directionAt(angle);
  const kept = a * x * x + 2 * b * x * y + c * y * y;
  return { kept, lost: a + c - kept };
}

/** @param {number} ratio @returns {number[]} the angles of u₁ in further samples */
export const otherAngles = (ratio) =>
  Array.from(
    { length: N_OTHERS },
    (_, i) => decompose(momentOf(drawPoints(FIRST_OTHER + i, ratio))).angle,
  );

/** @param {number[]} angles @returns {number} root mean square of their angles with the axis */
export const sway = (angles) =>
  Math.sqrt(angles.reduce((sum, angle) => sum + angleBetween(angle, AXIS) ** 2, 0) / angles.length);

/** @param {number} ratio @returns {number} the same of all samples, to first order; may be infinite */
export const expectedSway = (ratio) => Math.sqrt(ratio / N_POINTS) / (1 - ratio) / DEGREE;
