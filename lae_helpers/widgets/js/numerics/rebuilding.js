/** An image rebuilt from its first k principal codes, and how much of it is lost. */

/**
 * Squared errors for every code length, added up from the last one, so that nothing cancels.
 *
 * @param {ArrayLike<number>} squares what each component adds: squared codes, or variances
 * @param {number} beyond the squared error with all of them
 * @returns {Float64Array} one entry longer than `squares`, from k = 0 on
 */
export function squaredErrors(squares, beyond) {
  const errors = new Float64Array(squares.length + 1);
  errors[squares.length] = beyond;
  for (let k = squares.length - 1; k >= 0; k -= 1) errors[k] = errors[k + 1] + squares[k];
  return errors;
}

/** @param {ArrayLike<number>} errors @param {number} k @returns {number} 1 − errors[k] / errors[0] */
export function shareKept(errors, k) {
  return errors[0] > 0 ? 1 - errors[k] / errors[0] : 1;
}

/**
 * One term of the sum that rebuilds an image: a code times its direction.
 *
 * @param {{directions: Int8Array, scales: ArrayLike<number>, mean: ArrayLike<number>}} basis directions
 *   one after the other, each to be multiplied by its scale
 * @param {number} code
 * @param {number} i which direction, counted from zero
 * @returns {Float64Array} an image
 */
export function codeTerm({ directions, scales, mean }, code, i) {
  const n = mean.length;
  return Float64Array.from({ length: n }, (_, p) => code * scales[i] * directions[i * n + p]);
}

/**
 * The mean and the first k terms.
 *
 * @param {{directions: Int8Array, scales: ArrayLike<number>, mean: ArrayLike<number>}} basis
 * @param {ArrayLike<number>} codes
 * @param {number} k
 * @returns {Float64Array} an image
 */
export function rebuildImage(basis, codes, k) {
  const image = Float64Array.from(basis.mean);
  for (let i = 0; i < k; i += 1) {
    const factor = codes[i] * basis.scales[i];
    for (let p = 0, at = i * image.length; p < image.length; p += 1, at += 1) {
      image[p] += factor * basis.directions[at];
    }
  }
  return image;
}
