/**
 * Subspace iteration with a penalty, of a plane in space: W ← CW(WᵀCW + λI)⁻¹, C diagonal.
 *
 * @typedef {import("./two_by_two.js").Matrix2} Matrix2
 * @typedef {import("./two_by_two.js").Pair} Pair
 * @typedef {[number, number, number]} Triple
 * @typedef {[Pair, Pair, Pair]} Tall rows of a 3 × 2 matrix
 */

import { invertMatrix } from "./two_by_two.js";

/** Σᵢ weightᵢ rowᵢᵀ rowᵢ. @param {Tall} W @param {Triple} weights @returns {Matrix2} */
function weighGram(W, weights) {
  /** @param {number} a @param {number} b */
  const entry = (a, b) => W.reduce((sum, row, i) => sum + weights[i] * row[a] * row[b], 0);
  return [
    [entry(0, 0), entry(0, 1)],
    [entry(0, 1), entry(1, 1)],
  ];
}

/** @param {Tall} W @param {(row: Pair, i: number) => Pair} change @returns {Tall} */
const mapRows = ([first, second, third], change) => [
  change(first, 0),
  change(second, 1),
  change(third, 2),
];

/**
 * A share s of an iteration: at one the iteration, and on the way there the span is Cˢ col W.
 *
 * @param {Tall} W
 * @param {Triple} spectrum
 * @param {number} lam
 * @param {number} [share]
 * @returns {Tall}
 */
export function iterate(W, spectrum, lam, share = 1) {
  const [[a, b], [, d]] = weighGram(W, spectrum);
  const [[e, f], [, h]] = invertMatrix([
    [a + lam, b],
    [b, d + lam],
  ]);
  const rest = 1 - share;
  return mapRows(W, ([x, y], i) => {
    const power = spectrum[i] ** share;
    return [
      power * (rest * x + share * (x * e + y * f)),
      power * (rest * y + share * (x * f + y * h)),
    ];
  });
}

/**
 * The decoder before the first iteration and after each of them.
 *
 * @param {Tall} start
 * @param {Triple} spectrum
 * @param {number} lam
 * @param {number} iterations
 */
export function followIterations(start, spectrum, lam, iterations) {
  const all = [start];
  for (let t = 0; t < iterations; t += 1) all.push(iterate(all[t], spectrum, lam));
  return all;
}

/** Of the largest angle between the span of W and the first two axes. @param {Tall} W */
export function tangentOfTilt([[a, b], [c, d], [e, f]]) {
  return Math.hypot(c * f - d * e, e * b - f * a) / Math.abs(a * d - b * c);
}

/** The length of W along the first two axes: in the end its singular values. @param {Tall} W */
export const readLabels = ([first, second]) => [Math.hypot(...first), Math.hypot(...second)];

/**
 * Half axes of the ellipse that W makes of the unit circle: left singular vectors times their
 * singular values, the longer one first.
 *
 * @param {Tall} W
 * @returns {[Triple, Triple]}
 */
export function halfAxes(W) {
  const [[a, b], [, d]] = weighGram(W, [1, 1, 1]);
  const angle = Math.atan2(2 * b, a - d) / 2;
  /** @param {number} at @returns {Triple} */
  const image = (at) => {
    const [cosine, sine] = [Math.cos(at), Math.sin(at)];
    const [x, y, z] = W.map((row) => row[0] * cosine + row[1] * sine);
    return [x, y, z];
  };
  return [image(angle), image(angle + Math.PI / 2)];
}

/**
 * Half axes, conjugate ones, of the ellipse in which the span of W cuts the ellipsoid with the
 * half axes √variance: W (WᵀC⁻¹W)^(-1/2), by way of Cholesky.
 *
 * @param {Tall} W
 * @param {Triple} spectrum
 * @returns {[Triple, Triple]}
 */
export function cutEllipsoid(W, [first, second, third]) {
  const [[a, b], [, d]] = weighGram(W, [1 / first, 1 / second, 1 / third]);
  const low = b / a;
  const [scale, rest] = [1 / Math.sqrt(a), 1 / Math.sqrt(d - b * low)];
  const [x, y, z] = W.map((row) => row[0] * scale);
  const [p, q, r] = W.map((row) => (row[1] - low * row[0]) * rest);
  return [
    [x, y, z],
    [p, q, r],
  ];
}
