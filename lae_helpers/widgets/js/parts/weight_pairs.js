/** The rows of the encoder over the columns of the decoder, pair by pair, and what is between them. */

import { make } from "./elements.js";
import { paintFeatures } from "./features.js";

const LABELS = {
  encoder: "rows of the encoder W₁",
  decoder: "columns of the decoder W₂",
  difference: "their difference",
};

/**
 * Three bands, one image a component in each: a row of W₁, the column of W₂ of the same place, and
 * their difference, which fades to white as the one matrix becomes the transpose of the other.
 *
 * @param {Record<string, string>} labels other headings, of three bands, for pairs of another kind
 */
export function makeWeightPairs(labels = LABELS) {
  const bands = Object.entries(labels).map(([band, label]) => {
    const cells = make("div", { class: "lae-pair-cells" });
    const note = make("strong");
    const root = make("div", { class: `lae-pair-band lae-${band}` }, [
      make("p", { class: "lae-heading" }, [label, note]),
      cells,
    ]);
    return { cells, note, root };
  });
  const captions = make("div", { class: "lae-pair-cells lae-small", hidden: true });
  bands[2].root.append(captions);
  const root = make(
    "div",
    { class: "lae-pairs", role: "img" },
    bands.map((band) => band.root),
  );

  /**
   * @param {Float64Array[]} encoder rows of W₁
   * @param {Float64Array[]} decoder columns of W₂
   * @param {{layout: import("./features.js").Layout, limit: number, said: string,
   *          theme: import("./colours.js").Theme, note?: string, numbers?: string[]}} looks `limit`
   *   is the magnitude of the full colour, the same in all bands; `said` is what a screen reader
   *   hears; `note` stands behind the last heading, `numbers` under the differences
   */
  function draw(encoder, decoder, { layout, limit, said, theme, note = "", numbers = [] }) {
    const differences = encoder.map((row, j) => row.map((value, i) => value - decoder[j][i]));
    const images = [encoder, decoder, differences];
    root.style.setProperty("--lae-count", String(encoder.length));
    bands.forEach(({ cells }, band) => {
      while (cells.children.length > encoder.length) cells.lastChild?.remove();
      while (cells.children.length < encoder.length) cells.append(make("canvas"));
      images[band].forEach((image, j) => {
        const canvas = /** @type {HTMLCanvasElement} */ (cells.children[j]);
        paintFeatures(canvas, image, layout, limit, theme);
      });
    });
    if (bands[2].note.textContent !== note) bands[2].note.textContent = note;
    if (captions.textContent !== numbers.join("")) {
      captions.hidden = !numbers.length;
      captions.replaceChildren(...numbers.map((text) => make("span", { text })));
    }
    if (root.getAttribute("aria-label") !== said) root.setAttribute("aria-label", said);
  }
  return { root, draw };
}
