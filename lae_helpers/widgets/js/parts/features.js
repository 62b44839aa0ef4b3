/** How the features of a sample, or the weights that read and write them, are drawn. */

import { paint } from "./colours.js";
import { make } from "./elements.js";

/**
 * Features as the pixels of an image, row by row, or as bars, one under the other, with names.
 *
 * @typedef {{rows: number, columns: number}} ImageLayout
 * @typedef {{names: string[]}} NamedLayout
 * @typedef {ImageLayout | NamedLayout} Layout
 * @typedef {import("./colours.js").Theme} Theme
 */

const REACH = 24; // pixels of a full bar, on each side of zero
const AXIS = 0.2; // how dark zero is
const TALLEST = 3; // of a picture of bars, in widths
const MOST_SAID = 24; // names under a figure

/** @param {number} count features @returns {ImageLayout} that of a square image */
export function squareLayout(count) {
  const side = Math.round(Math.sqrt(count));
  return { rows: side, columns: side };
}

/** @param {Layout} layout @returns {number} */
export function countFeatures(layout) {
  return "columns" in layout ? layout.rows * layout.columns : layout.names.length;
}

/**
 * Pixels by strength, or bars by length: to the right above zero, to the left below.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values one a feature
 * @param {Layout} layout
 * @param {number} limit magnitude of the full colour, or bar
 * @param {Theme} theme
 */
export function paintFeatures(canvas, values, layout, limit, theme) {
  let { columns, pixels, unit } = { columns: 2 * REACH + 1, pixels: values, unit: limit };
  if ("columns" in layout) columns = layout.columns;
  else [pixels, unit] = [drawBars(values, limit, columns), 1];
  paint(canvas, pixels, columns, unit, theme);
  const height = Math.min(
    pixels.length / columns,
    "columns" in layout ? Infinity : TALLEST * columns,
  );
  const ratio = `${columns} / ${height}`;
  if (canvas.style.aspectRatio !== ratio) canvas.style.aspectRatio = ratio;
}

/** @param {ArrayLike<number>} values @param {number} limit @param {number} columns */
function drawBars(values, limit, columns) {
  const [bar, gap] = values.length <= 16 ? [4, 2] : values.length <= 48 ? [2, 1] : [1, 0];
  const pixels = new Float32Array(columns * (values.length * (bar + gap) + gap));
  for (let at = REACH; at < pixels.length; at += columns) pixels[at] = AXIS;
  for (let i = 0; i < values.length; i += 1) {
    const share = limit > 0 ? Math.max(-1, Math.min(values[i] / limit, 1)) : 0;
    const length = Math.round(Math.abs(share) * REACH);
    if (length === 0) continue;
    for (let row = gap + i * (bar + gap), end = row + bar; row < end; row += 1) {
      const zero = row * columns + REACH;
      if (share > 0) pixels.fill(1, zero, zero + length + 1);
      else pixels.fill(-1, zero - length, zero + 1);
    }
  }
  return pixels;
}

/** A line that says what the bars are; hidden under images. @param {Layout} layout */
export function makeBarKey(layout) {
  const text = describeBars(layout);
  return make("p", { class: "lae-small", text, hidden: !text });
}

/** @param {Layout} layout */
function describeBars(layout) {
  if ("columns" in layout) return "";
  const more = layout.names.length - MOST_SAID;
  const rest = more > 0 ? ` and ${more} more` : "";
  return `Bars, from the top: ${layout.names.slice(0, MOST_SAID).join(", ")}${rest}.`;
}
