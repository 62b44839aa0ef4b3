/** A labelled row of small images, each with a line under it; it wraps where the page is narrow. */

import { make } from "./elements.js";
import { paint } from "./colours.js";
import { paintFeatures } from "./features.js";

/** @param {string} label */
export function makeImageRow(label) {
  const cells = make("div", { class: "lae-images" });
  const root = make("div", { class: "lae-image-row", role: "img", "aria-label": label }, [
    make("p", { class: "lae-heading", text: label }),
    cells,
  ]);
  let counted = 0;

  /**
   * @param {Float64Array[]} images
   * @param {import("./features.js").Layout} layout
   * @param {string[]} captions
   * @param {number} limit magnitude of the full colour
   * @param {import("./colours.js").Theme} theme
   */
  function draw(images, layout, captions, limit, theme) {
    while (cells.children.length > images.length) cells.lastChild?.remove();
    while (cells.children.length < images.length) {
      cells.append(
        make("div", { class: "lae-cell" }, [
          make("canvas"),
          make("span", { class: "lae-caption" }),
        ]),
      );
    }
    if (counted !== images.length) cells.style.setProperty("--lae-count", String(images.length));
    counted = images.length;
    images.forEach((image, i) => {
      const [canvas, caption] = cells.children[i].children;
      paintFeatures(/** @type {HTMLCanvasElement} */ (canvas), image, layout, limit, theme);
      if (caption.textContent !== captions[i]) caption.textContent = captions[i];
    });
    const said = `${label}: ${captions.join(", ")}`;
    if (root.getAttribute("aria-label") !== said) root.setAttribute("aria-label", said);
  }
  return { root, draw };
}

/** A square matrix as a heat map of magnitudes, from zero to one. @param {string} label */
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
