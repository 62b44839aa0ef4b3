/** The explorer's heart: both weights and what is between them, and which directions are found. */

import { make } from "./elements.js";
import { paintFeatures } from "./features.js";
import { flash } from "./flash.js";
import { sayNumber } from "./numbers.js";
import { keepChildren, makeBand, makeRings } from "./rings.js";
import { makeWeightPairs } from "./weight_pairs.js";

/**
 * @typedef {import("../numerics/descent.js").Descent} Descent
 * @typedef {import("../numerics/portrait.js").Portrait} Portrait
 * @typedef {import("./colours.js").Theme} Theme
 * @typedef {object} Pixels how coordinates become images
 * @property {ArrayLike<number>} basis n × pixels, row by row
 * @property {number} count pixels of an image, or features
 * @property {import("./features.js").Layout} layout how they are drawn
 */

const FULL_BAR = 1.5; // the gap that fills the bar: at a random start it is about √2
const SEEN = 0.02; // a change, as a share of the length of a column, that one can see

export function makeExplorerView() {
  const pairs = makeWeightPairs();
  const gap = makeGap();
  const tiles = makeTiles();
  const columnRings = makeRings(
    "column to direction",
    "Columns of W₂, and |cos| to the principal direction of the same place",
  );
  const vectorRings = makeRings(
    "vector to direction",
    "Left singular vectors of W₂, and |cos| to the same",
  );
  const weights = make("div", { class: "lae-weights" }, [pairs.root, gap.root, columnRings.root]);
  const found = make("div", { class: "lae-found" }, [tiles.root, vectorRings.root]);
  /** @type {{W: Float64Array, vectors: Float64Array}} */
  let shown = { W: new Float64Array(), vectors: new Float64Array() };

  /**
   * @param {Descent} descent
   * @param {Portrait} portrait
   * @param {Pixels} pixels
   * @param {Theme} theme
   * @param {boolean} touched whether what has changed since the last time shall light up
   */
  function draw(descent, portrait, pixels, theme, touched) {
    const { n, k, W, V } = descent.weights;
    const { vectors, vectorCosines, columnCosines, alive, columnsAlive } = portrait;
    for (const root of [weights, found]) root.style.setProperty("--lae-count", String(k));
    const upright = alive.map(() => 1);
    const [encoder, decoder] = [V, W].map((matrix) => toImages(matrix, n, upright, pixels));
    const said = sayNumber(portrait.gap);
    pairs.draw(encoder, decoder, {
      layout: pixels.layout,
      limit: largest([...encoder, ...decoder]),
      said: `The ${k} rows of the encoder W₁ over the columns of the decoder W₂, and their difference; transpose gap ${said}`,
      theme,
    });
    gap.draw(portrait.gap, said);
    const columnAngles = portrait.columnAngles.map((angle, j) => (columnsAlive[j] ? angle : NaN));
    columnRings.draw(columnAngles, sayCosines(columnCosines, columnsAlive));
    tiles.draw(descent, vectors, agreeing(vectorCosines, alive), pixels, theme);
    vectorRings.draw(portrait.angles, sayCosines(vectorCosines, alive));
    if (touched) {
      const changed = changedColumns(shown.W, W, k, false);
      for (const band of pairs.root.children) light(band.children[1], changed);
      light(tiles.cells, changedColumns(shown.vectors, vectors, k, true));
    }
    shown = { W: W.slice(), vectors };
  }
  return { weights, found, draw };
}

/** The gap as one bar with its number. */
function makeGap() {
  const bar = make("div", { class: "lae-bar" });
  const number = make("span", { class: "lae-value" });
  const root = make("div", { class: "lae-pair-band lae-gap", role: "img" }, [
    make("p", { class: "lae-heading", text: "transpose gap" }),
    make("div", { class: "lae-bar-line" }, [make("div", { class: "lae-bar-box" }, [bar]), number]),
  ]);
  /** @param {number} gap @param {string} said */
  function draw(gap, said) {
    bar.style.transform = `scaleX(${Math.min(gap / FULL_BAR, 1).toFixed(4)})`;
    if (number.textContent === said) return;
    number.textContent = said;
    root.setAttribute("aria-label", `transpose gap: ${said}`);
  }
  return { root, draw };
}

/** Singular vectors, each in one tile with the principal direction of its place. */
function makeTiles() {
  const { root, cells } = makeBand("singular vectors of W₂ over principal directions");
  /** What the directions were painted for, which seldom changes. @type {unknown[]} */
  let paintedFor = [];

  /**
   * @param {Descent} descent
   * @param {Float64Array} vectors
   * @param {number[]} signs
   * @param {Pixels} pixels
   * @param {Theme} theme
   */
  function draw({ weights, problem }, vectors, signs, pixels, theme) {
    const { n, k } = weights;
    keepChildren(cells, k, () =>
      make("div", { class: "lae-tile" }, [make("canvas"), make("canvas")]),
    );
    paint(toImages(vectors, n, signs, pixels), 0, pixels, theme);
    const now = [problem, n, k, pixels, theme];
    if (now.every((part, i) => part === paintedFor[i])) return;
    paintedFor = now;
    const upright = signs.map(() => 1);
    paint(toImages(problem.reference ?? identity(n), n, upright, pixels), 1, pixels, theme);
    const sizes = problem.variances.slice(0, k).map((variance) => variance.toFixed(2));
    root.setAttribute(
      "aria-label",
      `Left singular vectors of W₂, each over the principal direction of its place; variance along each: ${sizes.join(", ")}`,
    );
  }

  /** @param {Float64Array[]} images @param {0 | 1} which of a tile @param {Pixels} pixels @param {Theme} theme */
  function paint(images, which, { layout }, theme) {
    const limit = largest(images);
    images.forEach((image, j) => {
      const canvas = /** @type {HTMLCanvasElement} */ (cells.children[j].children[which]);
      paintFeatures(canvas, image, layout, limit, theme);
    });
  }
  return { root, cells, draw };
}

/** Signs that turn axes to their directions, 0 for the dead. @param {Float64Array} cosines @param {boolean[]} alive */
const agreeing = (cosines, alive) =>
  alive.map((lives, j) => (lives ? Math.sign(cosines[j * alive.length + j]) || 1 : 0));

/**
 * @param {Float64Array} before n × k
 * @param {Float64Array} after
 * @param {number} k
 * @param {boolean} lines whether a sign is no change
 * @returns {boolean[]}
 */
function changedColumns(before, after, k, lines) {
  return Array.from({ length: k }, (_, j) => {
    let [product, old, now] = [0, 0, 0];
    for (let i = j; i < after.length; i += k) {
      product += before[i] * after[i];
      old += before[i] ** 2;
      now += after[i] ** 2;
    }
    return old + now - 2 * (lines ? Math.abs(product) : product) > SEEN ** 2 * now;
  });
}

/** @param {Element} cells @param {boolean[]} changed */
function light(cells, changed) {
  changed.forEach((moved, j) => {
    const cell = cells.children[j];
    if (moved && cell) flash(cell, "moved");
  });
}

/** @param {Float64Array} cosines k × k @param {boolean[]} alive @returns {string[]} the diagonal */
function sayCosines(cosines, alive) {
  const k = alive.length;
  return alive.map((lives, j) => (lives ? Math.abs(cosines[j * k + j]).toFixed(3) : "–"));
}

/** @type {Map<number, Float64Array>} */
const identities = new Map();

/** @param {number} n @returns {Float64Array} n × n */
function identity(n) {
  const diagonal = { length: n * n };
  const matrix =
    identities.get(n) ?? Float64Array.from(diagonal, (_, i) => Number(i % (n + 1) === 0));
  identities.set(n, matrix);
  return matrix;
}

/**
 * Columns of a matrix of n rows, each times a sign, in pixels.
 *
 * @param {Float64Array} matrix
 * @param {number} n
 * @param {number[]} signs of the leading columns
 * @param {Pixels} pixels
 */
function toImages(matrix, n, signs, { basis, count }) {
  const columns = matrix.length / n;
  return signs.map((sign, j) => {
    const image = new Float64Array(count);
    for (let i = 0; i < n; i += 1) {
      const weight = sign * matrix[i * columns + j];
      if (weight === 0) continue;
      for (let p = 0, at = i * count; p < count; p += 1, at += 1) image[p] += weight * basis[at];
    }
    return image;
  });
}

/** @param {Float64Array[]} images @returns {number} the largest magnitude of a pixel */
function largest(images) {
  return Math.max(
    ...images.map((image) => image.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
  );
}
