/** What the explorer draws: images, heat maps, spectrum and curves, of a descent and its portrait. */

import { readTheme } from "./colours.js";
import { make } from "./elements.js";
import { makeHeatMap, makeImageRow } from "./image_row.js";
import { makePlot, numberPoints } from "./plot.js";

/**
 * @typedef {import("../numerics/descent.js").Descent} Descent
 * @typedef {import("../numerics/portrait.js").Portrait} Portrait
 * @typedef {import("./plot.js").Plot} Plot
 * @typedef {object} Pixels how coordinates become images
 * @property {ArrayLike<number>} basis n × pixels, row by row
 * @property {number} count pixels of an image, or features
 * @property {import("./features.js").Layout} layout how they are drawn
 */

const UNSEEN_LOSS = 1e-12; // of the total variance: less is rounding, and has no place on a logarithmic axis

export function makeExplorerView() {
  const rows = {
    columns: makeImageRow("Columns of W₂, and |cos| to the principal direction below"),
    vectors: makeImageRow("Left singular vectors of W₂, and |cos| to the same"),
    directions: makeImageRow("Principal directions, and the variance along each"),
  };
  const heats = {
    vectors: makeHeatMap("|UₖᵀQ|: singular vectors"),
    columns: makeHeatMap("|UₖᵀŴ₂|: unit columns"),
  };
  const spectrum = makePlot({ title: "Singular values of W₂", xLabel: "component" });
  const losses = makePlot({ title: "Loss", xLabel: "step", xLog: true, yLog: true });
  const gap = makePlot({
    title: "Transpose gap ‖W₁ − W₂ᵀ‖ / ‖W₂‖",
    xLabel: "step",
    xLog: true,
    yLog: true,
  });
  const root = make("div", { class: "lae-explorer-view" }, [
    ...Object.values(rows).map((row) => row.root),
    make("div", { class: "lae-side-by-side" }, [
      heats.vectors.root,
      heats.columns.root,
      spectrum.root,
    ]),
    make("div", { class: "lae-side-by-side" }, [losses.root, gap.root]),
  ]);

  /**
   * @param {Descent} descent
   * @param {Portrait} portrait
   * @param {Pixels} pixels
   */
  function draw(descent, portrait, pixels) {
    const theme = readTheme(root);
    const { n, k, W } = descent.weights;
    const { reference, variances } = descent.problem;
    const show = (
      /** @type {keyof typeof rows} */ name,
      /** @type {Float64Array} */ matrix,
      /** @type {number[]} */ signs,
      /** @type {string[]} */ captions,
    ) => {
      const images = signs.map((sign, j) => toImage(matrix, n, j, sign, pixels));
      rows[name].draw(images, pixels.layout, captions, largest(images), theme);
    };
    const { alive, columnsAlive, columnCosines, vectorCosines, vectors } = portrait;
    const upright = alive.map(() => 1);
    const agreeing = alive.map((lives, j) =>
      lives ? Math.sign(vectorCosines[j * k + j]) || 1 : 0,
    );
    show("columns", W, upright, sayCosines(columnCosines, columnsAlive));
    show("vectors", vectors, agreeing, sayCosines(vectorCosines, alive));
    const sizes = variances.slice(0, k).map((variance) => variance.toFixed(2));
    show("directions", reference ?? identity(n), upright, sizes);
    heats.vectors.draw(portrait.vectorCosines, theme);
    heats.columns.draw(portrait.columnCosines, theme);
    drawSpectrum(spectrum, portrait);
    drawHistory(losses, gap, descent, portrait);
  }
  return { root, draw };
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
 * Column j of a matrix of n rows, times a sign, in pixels.
 *
 * @param {Float64Array} matrix
 * @param {number} n
 * @param {number} j
 * @param {number} sign
 * @param {Pixels} pixels
 */
function toImage(matrix, n, j, sign, { basis, count }) {
  const image = new Float64Array(count);
  const columns = matrix.length / n;
  for (let i = 0; i < n; i += 1) {
    const weight = sign * matrix[i * columns + j];
    if (weight === 0) continue;
    for (let p = 0, at = i * count; p < count; p += 1, at += 1) image[p] += weight * basis[at];
  }
  return image;
}

/** @param {Float64Array[]} images @returns {number} the largest magnitude of a pixel */
function largest(images) {
  return Math.max(
    ...images.map((image) => image.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
  );
}

/** @param {Plot} plot @param {Portrait} portrait */
function drawSpectrum(plot, { values, theory }) {
  plot.draw({
    x: [0.5, values.length + 0.5],
    y: [0, Math.max(1.1, ...values)],
    series: [
      {
        label: theory ? "theory: √(1 − λ/v)" : "theory leaves them free",
        colour: "first",
        shape: "rings",
        points: numberPoints(theory ?? []),
      },
      { label: "now", colour: "second", shape: "dots", points: numberPoints(values) },
    ],
  });
}

/**
 * The first record stands at step 1: a logarithmic axis has no place for step 0.
 *
 * @param {Plot} losses
 * @param {Plot} gap
 * @param {Descent} descent
 * @param {Portrait} portrait
 */
function drawHistory(losses, gap, descent, portrait) {
  const now = {
    step: descent.steps,
    reconstruction: portrait.loss.reconstruction,
    penalty: portrait.loss.penalty,
    gap: portrait.gap,
  };
  const records = [...descent.history.flatMap((stretch) => stretch.records), now];
  /** @param {(record: typeof now) => number} read @returns {[number, number][]} */
  const over = (read) =>
    records.map((record) => [Math.max(record.step, 1), Math.max(read(record), 1e-16)]);
  const end = Math.max(10, descent.steps);
  const total = over((record) => record.reconstruction + record.penalty);
  const reconstruction = over((record) => record.reconstruction);
  const penalty = over((record) => record.penalty).filter(([, height]) => height > 1e-16);
  const lowest = portrait.minimum > UNSEEN_LOSS * descent.totalVariance ? [portrait.minimum] : [];
  const heights = [...total, ...reconstruction, ...penalty].map(([, height]) => height);
  losses.draw({
    x: [1, end],
    y: [Math.min(...heights, ...lowest), Math.max(...heights)],
    series: [
      { label: "loss", colour: "first", shape: "line", points: total },
      { label: "reconstruction", colour: "second", shape: "dashes", points: reconstruction },
      { label: "penalty", colour: "third", shape: "dots", points: penalty },
      {
        label: lowest.length ? "minimum of the loss" : "minimum of the loss: 0",
        colour: "muted",
        shape: "dashes",
        points: lowest.length
          ? [
              [1, lowest[0]],
              [end, lowest[0]],
            ]
          : [],
      },
    ],
  });
  const gaps = over((record) => record.gap);
  const sizes = gaps.map(([, height]) => height);
  gap.draw({
    x: [1, end],
    y: [Math.min(...sizes), Math.max(...sizes)],
    series: [{ label: "", colour: "fourth", shape: "line", points: gaps }],
  });
}
