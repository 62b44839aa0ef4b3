/** Pictures made of numbers: large ones with a caption, and small ones to choose from. */

import { make, makeName } from "./elements.js";
import { readTheme } from "./colours.js";
import { paintFeatures } from "./features.js";

/**
 * @typedef {import("./features.js").Layout} Layout
 * @typedef {"signed" | "grey"} Looks white at zero and a colour for either sign, or ink from 0 up
 */

/**
 * A large picture with its title above and a caption below.
 *
 * @param {Looks} looks
 */
export function makePicture(looks = "signed") {
  const title = make("p", { class: "lae-title", "aria-hidden": "true" });
  const canvas = make("canvas", { class: `lae-${looks}`, role: "img" });
  const caption = make("p", { class: "lae-small", "aria-hidden": "true" });
  const root = make("div", { class: "lae-picture" }, [title, canvas, caption]);

  /**
   * @param {ArrayLike<number>} values one a feature
   * @param {{layout: Layout, limit: number, named: string, said?: string}} options `limit` is the
   *   magnitude of the full colour, `named` and `said` stand above and below
   */
  function draw(values, { layout, limit, named, said = "" }) {
    paintFeatures(canvas, values, layout, limit, readTheme(canvas));
    title.textContent = named;
    caption.textContent = said;
    canvas.setAttribute("aria-label", said ? `${named}: ${said}` : named);
  }
  return { root, draw };
}

/**
 * One of many: radio buttons that show small pictures, in place of words, above their labels.
 *
 * @param {{label: string, names: string[], labels: string[], tall?: number, looks?: Looks}} options
 *   `names` are for those who hear, `labels` for those who see; `tall` pictures stand over each label
 */
export function makeThumbnails({ label, names, labels, tall = 1, looks = "signed" }) {
  const name = makeName();
  const inputs = names.map((said, i) =>
    make("input", { type: "radio", name, value: i, "aria-label": said }),
  );
  const canvases = names.map(() =>
    Array.from({ length: tall }, () => make("canvas", { class: `lae-${looks}` })),
  );
  const choices = inputs.map((input, i) =>
    make("label", {}, [
      input,
      ...canvases[i],
      make("span", { "aria-hidden": "true", text: labels[i] }),
    ]),
  );
  const longest = Math.max(...labels.map((text) => text.length));
  const root = make(
    "fieldset",
    {
      class: longest > 4 ? "lae-thumbnails lae-words" : "lae-thumbnails",
      style: `--lae-count: ${names.length}`,
    },
    [make("legend", { text: label }), ...choices],
  );
  return {
    root,
    inputs,
    /**
     * @param {number} i
     * @param {number} at which of the pictures over the label, from the top
     * @param {ArrayLike<number>} values one a feature
     * @param {Layout} layout
     * @param {number} limit
     */
    draw(i, at, values, layout, limit) {
      paintFeatures(canvases[i][at], values, layout, limit, readTheme(canvases[i][at]));
    },
    /** Which is chosen, counted from zero. */
    get value() {
      return inputs.findIndex((input) => input.checked);
    },
    set value(chosen) {
      inputs.forEach((input, i) => (input.checked = i === chosen));
    },
  };
}
