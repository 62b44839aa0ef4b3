/** How the features of a sample, or the weights that read and write them, are drawn. */

import { paint } from "./colours.js";

/**
 * @typedef {object} Layout features as the pixels of an image, row by row
 * @property {number} rows
 * @property {number} columns
 */

/** @param {number} count features @returns {Layout} that of a square image */
export function squareLayout(count) {
  const side = Math.round(Math.sqrt(count));
  return { rows: side, columns: side };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values one a feature
 * @param {Layout} layout
 * @param {number} limit magnitude of the full colour
 * @param {import("./colours.js").Theme} theme
 */
export function paintFeatures(canvas, values, layout, limit, theme) {
  paint(canvas, values, layout.columns, limit, theme);
}
