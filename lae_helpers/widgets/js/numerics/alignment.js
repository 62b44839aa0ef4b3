/** Information alignment at rest, driven by white noise, singular value by singular value. */

/**
 * h(g) = αg / (βg² + γ).
 *
 * @param {number} g singular value of W, above zero
 * @param {number} beta
 * @param {number} [gamma]
 * @param {number} [alpha]
 */
export function shrink(g, beta, gamma = 1 - beta, alpha = 1) {
  return (alpha * g) / (beta * g * g + gamma);
}

/**
 * @param {number[]} values singular values of W, above zero
 * @param {number} beta
 * @returns {{shrunken: number[], toTranspose: number, toInverse: number, gain: number}} singular
 *   values of B; degrees between B and Wᵀ, and W⁺; ‖B‖/‖W‖
 */
export function alignSpectrum(values, beta) {
  const shrunken = values.map((g) => shrink(g, beta));
  return {
    shrunken,
    toTranspose: degreesBetween(shrunken, values),
    toInverse: degreesBetween(
      shrunken,
      values.map((g) => 1 / g),
    ),
    gain: Math.hypot(...shrunken) / Math.hypot(...values),
  };
}

/** @param {number[]} first @param {number[]} second */
function degreesBetween(first, second) {
  const [a, b] = [Math.hypot(...first), Math.hypot(...second)];
  const apart = Math.hypot(...first.map((value, i) => value / a - second[i] / b));
  const together = Math.hypot(...first.map((value, i) => value / a + second[i] / b));
  return (360 / Math.PI) * Math.atan2(apart, together);
}
