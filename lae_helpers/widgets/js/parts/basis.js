/** From the coordinates in which a figure learns to the features that it draws. */

import { readDoubles, readSmallIntegers } from "./bytes.js";

/**
 * @typedef {{_basis: DataView, _basis_scales: DataView}} Traits
 *
 * @param {{get: <Name extends keyof Traits>(name: Name) => Traits[Name]}} model
 */
export function readBasis(model) {
  const levels = readSmallIntegers(model.get("_basis"));
  const scales = readDoubles(model.get("_basis_scales"));
  const count = levels.length / scales.length;
  const basis = Float64Array.from(levels, (level, i) => level * scales[Math.floor(i / count)]);
  return {
    /** The first k coordinates' own images. @param {number} k @returns {Float64Array[]} */
    directions: (k) => Array.from({ length: k }, (_, j) => basis.slice(j * count, (j + 1) * count)),
    /** @param {Float64Array} matrix n × k @param {number} k @returns {Float64Array[]} its columns as images */
    toImages: (matrix, k) =>
      Array.from({ length: k }, (_, j) => {
        const image = new Float64Array(count);
        for (let i = 0, at = 0; at < basis.length; i += 1) {
          const weight = matrix[i * k + j];
          for (let p = 0; p < count; p += 1, at += 1) image[p] += weight * basis[at];
        }
        return image;
      }),
  };
}

/** @param {Float64Array[]} images @returns {number} the largest magnitude of a feature */
export function largest(images) {
  let most = 0;
  for (const image of images) for (const value of image) most = Math.max(most, Math.abs(value));
  return most;
}
