/** What the minimum of the loss must show, by theory: mirrors `lae_helpers.regularizers`. */

/**
 * Singular values of W2 W1 at the minimum, one for each variance; those of W2 are their square
 * roots, where theory fixes them.
 *
 * @param {import("./autoencoder.js").Regularizer} regularizer
 * @param {number[] | Float64Array} strengths λ for every component; for the non-uniform sum ascending
 * @param {ArrayLike<number>} variances descending
 * @returns {number[]}
 */
export function mapSingularValues(regularizer, strengths, variances) {
  return Array.from(strengths, (lam, i) => {
    const variance = variances[i];
    if (regularizer === "none") return 1;
    if (regularizer === "product") return variance + lam > 0 ? variance / (variance + lam) : 0;
    return variance > lam ? 1 - lam / variance : 0;
  });
}

/**
 * The smallest value of the loss, less what lies outside of the coordinates.
 *
 * @param {import("./autoencoder.js").Regularizer} regularizer
 * @param {number[] | Float64Array} strengths λ of every component, ascending
 * @param {ArrayLike<number>} spectrum all eigenvalues of the matrix in the loss, descending
 * @returns {number}
 */
export function minimumLoss(regularizer, strengths, spectrum) {
  const power = regularizer === "product" ? 1 : 2;
  const kept = mapSingularValues(regularizer, strengths, spectrum);
  const gains = kept.reduce((sum, value, i) => sum + spectrum[i] * value ** power, 0);
  return Array.from(spectrum).reduce((sum, variance) => sum + variance, 0) - gains;
}
