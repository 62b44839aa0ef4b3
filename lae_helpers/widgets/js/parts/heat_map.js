/** A square matrix as a heat map of magnitudes, from zero to one. */

import { make } from "./elements.js";
import { paint } from "./colours.js";

/** @param {string} label */
export function makeHeatMap(label) {
  const canvas = make("canvas");
  const root = make("div", { class: "lae-heat", role: "img", "aria-label": label }, [
    make("p", { class: "lae-heading", text: label }),
    canvas,
  ]);

  /** @param {Float64Array} matrix @param {import("./colours.js").Theme} theme */
  function draw(matrix, theme) {
    const k = Math.round(Math.sqrt(matrix.length));
    paint(canvas, matrix, k, 1, { ...theme, positive: theme.ink, negative: theme.ink });
    const diagonal = Array.from({ length: k }, (_, i) => Math.abs(matrix[i * k + i]));
    root.setAttribute(
      "aria-label",
      `${label}: on the diagonal ${diagonal.map((x) => x.toFixed(2)).join(", ")}`,
    );
  }
  return { root, draw };
}
