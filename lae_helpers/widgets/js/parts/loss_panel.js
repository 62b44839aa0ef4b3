/** One of several losses side by side: its weights as images, and what they have found. */

import { make } from "./elements.js";
import { paintFeatures } from "./features.js";
import { INVARIANCE_GROUPS } from "../numerics/constants.js";

const MOST_GAP = 1; // of the bar

/** @typedef {import("../numerics/regularizers.js").Regularizer} Regularizer */

/** @param {Regularizer} name */
export const nameOf = (name) => (name === "none" ? "no penalty" : name);

/**
 * @param {Regularizer} name
 * @param {number} k
 */
export function makeLossPanel(name, k) {
  const bands = [
    makeBand("encoder", "rows of W₁", k),
    makeBand("decoder", "columns of W₂", k),
    makeBand("vectors", "singular vectors of W₂", k),
  ];
  const bar = make("span", { class: "lae-bar-fill" });
  const said = make("span");
  const root = make("div", { class: "lae-loss-panel", role: "group", "aria-label": nameOf(name) }, [
    make("p", { class: "lae-heading" }, [
      nameOf(name),
      make("span", { class: "lae-small", text: ` ${INVARIANCE_GROUPS[name].replace("^k", "ᵏ")}` }),
    ]),
    bands[0].root,
    bands[1].root,
    make("p", { class: "lae-small" }, ["difference: ", said]),
    make("span", { class: "lae-bar", "aria-hidden": "true" }, [bar]),
    bands[2].root,
  ]);

  /**
   * @param {{images: Float64Array[][], limits: number[], layout: import("./features.js").Layout,
   *          theme: import("./colours.js").Theme, gap: number, columns: boolean[],
   *          directions: boolean[]}} content images of W₁, W₂ and singular vectors; which columns and
   *   which vectors are principal directions
   */
  function draw({ images, limits, layout, theme, gap, columns, directions }) {
    [[], columns, directions].forEach((found, i) => bands[i].mark(found));
    images.forEach((row, i) =>
      row.forEach((image, j) =>
        paintFeatures(bands[i].canvases[j], image, layout, limits[i], theme),
      ),
    );
    const percent = `${Math.round(100 * gap)} %`;
    if (said.textContent !== percent) said.textContent = percent;
    bar.style.width = `${100 * Math.min(gap / MOST_GAP, 1)}%`;
  }
  return { root, draw };
}

/** @param {string} kind @param {string} label @param {number} k */
function makeBand(kind, label, k) {
  const canvases = Array.from({ length: k }, () => make("canvas"));
  const marks = canvases.map(() => make("span", { class: "lae-mark", "aria-hidden": "true" }));
  const images = make("div", { class: "lae-loss-images", role: "img", "aria-label": label }, [
    ...canvases.map((canvas, j) => make("span", {}, [canvas, marks[j]])),
  ]);
  const root = make("div", { class: `lae-loss-band lae-${kind}` }, [
    make("p", { class: "lae-small", text: label }),
    images,
  ]);
  /** @param {boolean[]} found none where there is nothing to find */
  const mark = (found) => {
    found.forEach((is, j) => {
      marks[j].textContent = is ? "✓" : "";
      canvases[j].classList.toggle("lae-found", is);
    });
    const count = found.filter(Boolean).length;
    if (found.length) {
      images.setAttribute("aria-label", `${label}: ${count} of ${k} are principal directions`);
    }
  };
  return { root, canvases, mark };
}
