/** What the tests of the front ends share. */

import assert from "node:assert/strict";

import { mulberry32 } from "../../lae_helpers/widgets/js/numerics/random.js";

/**
 * @param {ArrayLike<number>} found
 * @param {ArrayLike<number>} wanted
 * @param {number} [tolerance] of each number
 */
export function assertNearly(found, wanted, tolerance = 1e-12) {
  assert.equal(found.length, wanted.length);
  const apart = Array.from(found, (value, i) => Math.abs(value - wanted[i]));
  assert.ok(
    apart.every((difference) => difference <= tolerance),
    `${Array.from(found)} is ${Math.max(...apart)} away from ${Array.from(wanted)}`,
  );
}

/**
 * A product of matrices, row by row.
 *
 * @param {ArrayLike<number>} A rows × inner
 * @param {ArrayLike<number>} B inner × columns
 * @param {number} inner
 */
export function multiply(A, B, inner) {
  const [rows, columns] = [A.length / inner, B.length / inner];
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let m = 0; m < inner; m += 1) sum += A[i * inner + m] * B[m * columns + j];
    return sum;
  });
}

/** @param {ArrayLike<number>} matrix @param {number} columns */
export const transpose = (matrix, columns) =>
  Float64Array.from(matrix, (_, at) => {
    const rows = matrix.length / columns;
    return matrix[(at % rows) * columns + Math.floor(at / rows)];
  });

/** @param {number} k */
export const identity = (k) =>
  Float64Array.from({ length: k * k }, (_, i) => Number(i % (k + 1) === 0));

/**
 * Numbers from -1 to 1, the same for the same seed.
 *
 * @param {number} count
 * @param {number} seed
 */
export function drawNumbers(count, seed) {
  const uniform = mulberry32(seed);
  return Float64Array.from({ length: count }, () => 2 * uniform() - 1);
}

/**
 * The gradient of a function by central differences.
 *
 * @param {(place: Float64Array) => number} f
 * @param {Float64Array} place
 */
export function differentiate(f, place) {
  const step = 1e-5;
  return place.map((_, i) => {
    const [more, less] = [step, -step].map((by) => f(place.map((x, j) => (i === j ? x + by : x))));
    return (more - less) / (2 * step);
  });
}
