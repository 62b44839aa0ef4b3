/** The transpose over the matrix in its place, cell under cell. */

import { paint, readTheme } from "./colours.js";
import { make } from "./elements.js";

export function makeTurnedPair() {
  const rows = [
    { name: "encoder", label: "(W²)ᵀ" },
    { name: "decoder", label: "B" },
  ].map(({ name, label }) => {
    const canvas = make("canvas", { class: `lae-${name}` });
    const heading = make("p", { class: `lae-heading lae-${name}`, text: label });
    return { canvas, root: make("div", {}, [heading, canvas]) };
  });
  const root = make(
    "div",
    { class: "lae-turned-pair", role: "img" },
    rows.map((row) => row.root),
  );

  /**
   * @param {Float64Array} transpose
   * @param {Float64Array} B
   * @param {number} columns
   */
  function draw(transpose, B, columns) {
    const theme = readTheme(root);
    const limit = [...transpose, ...B].reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    [transpose, B].forEach((matrix, i) => paint(rows[i].canvas, matrix, columns, limit, theme));
    const said = `Heat maps of the transpose and of B, ${transpose.length / columns} by ${columns}`;
    if (root.getAttribute("aria-label") !== said) root.setAttribute("aria-label", said);
  }
  return { root, draw };
}
