/** The rows of the encoder over the columns of the decoder, pair by pair, and what is between them. */

import { make } from "./elements.js";
import { paintFeatures } from "./features.js";

const LABELS = {
  encoder: "rows of the encoder W₁",
  decoder: "columns of the decoder W₂",
  difference: "their difference",
};

/** @typedef {keyof typeof LABELS} Band */
const BANDS = /** @type {Band[]} */ (Object.keys(LABELS));

/**
 * Three bands, one image a component in each: a row of W₁, the column of W₂ of the same place, and
 * their difference, which fades to white as the one matrix becomes the transpose of the other.
 */
export function makeWeightPairs() {
  const bands = BANDS.map((band) => {
    const cells = make("div", { class: "lae-pair-cells" });
    const root = make("div", { class: `lae-pair-band lae-${band}` }, [
      make("p", { class: "lae-heading", text: LABELS[band] }),
      cells,
    ]);
    return { band, cells, root };
  });
  const root = make(
    "div",
    { class: "lae-pairs", role: "img" },
    bands.map((band) => band.root),
  );

  /**
   * @param {Float64Array[]} encoder rows of W₁
   * @param {Float64Array[]} decoder columns of W₂
   * @param {{layout: import("./features.js").Layout, limit: number, said: string,
   *          theme: import("./colours.js").Theme}} looks `limit` is the magnitude of the full
   *   colour, the same in all bands; `said` is what a screen reader hears
   */
  function draw(encoder, decoder, { layout, limit, said, theme }) {
    const images = {
      encoder,
      decoder,
      difference: encoder.map((row, j) => row.map((value, i) => value - decoder[j][i])),
    };
    root.style.setProperty("--lae-count", String(encoder.length));
    for (const { band, cells } of bands) {
      while (cells.children.length > encoder.length) cells.lastChild?.remove();
      while (cells.children.length < encoder.length) cells.append(make("canvas"));
      images[band].forEach((image, j) => {
        const canvas = /** @type {HTMLCanvasElement} */ (cells.children[j]);
        paintFeatures(canvas, image, layout, limit, theme);
      });
    }
    if (root.getAttribute("aria-label") !== said) root.setAttribute("aria-label", said);
  }
  return { root, draw };
}
