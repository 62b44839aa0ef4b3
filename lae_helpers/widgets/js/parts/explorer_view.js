/** What the explorer draws: images, heat maps, spectrum and curves, out of a walk and its portrait. */

import { readTheme } from "./colours.js";
import { make } from "./elements.js";
import { makeHeatMap, makeImageRow } from "./image_row.js";
import { makePlot } from "./plot.js";

/**
 * @typedef {object} Pixels how coordinates become images
 * @property {ArrayLike<number>} basis n × pixels, row by row
 * @property {number} count pixels of an image
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
   * @param {import("../numerics/walk.js").Walk} walk
   * @param {ReturnType<typeof import("../numerics/portrait.js").portray>} portrait
   * @param {Pixels} pixels
   */
  function draw(walk, portrait, pixels) {
    const theme = readTheme(root);
    const { n, k, W } = walk.weights;
    const { reference, variances } = walk.problem;
    const show = (row, matrix, columns, sign, captions) => {
      const images = Array.from({ length: k }, (_, j) =>
        toImage(matrix, n, columns, j, sign(j), pixels),
      );
      row.draw(images, captions, largest(images), theme);
    };
    const onDiagonal = (matrix) => (j) => matrix[j * k + j];
    const cosine = (matrix, shown) => (_, j) =>
      shown(j) ? Math.abs(onDiagonal(matrix)(j)).toFixed(3) : "–";
    const each = Array.from({ length: k });
    show(
      rows.columns,
      W,
      k,
      () => 1,
      each.map(cosine(portrait.columnCosines, (j) => portrait.columnsAlive[j])),
    );
    const agree = (j) =>
      portrait.alive[j] ? Math.sign(onDiagonal(portrait.vectorCosines)(j)) || 1 : 0;
    show(
      rows.vectors,
      portrait.vectors,
      k,
      agree,
      each.map(cosine(portrait.vectorCosines, (j) => portrait.alive[j])),
    );
    const m = reference ? reference.length / n : n;
    show(
      rows.directions,
      reference ?? identity(n),
      m,
      () => 1,
      variances.slice(0, k).map((v) => v.toFixed(2)),
    );
    heats.vectors.draw(portrait.vectorCosines, theme);
    heats.columns.draw(portrait.columnCosines, theme);
    drawSpectrum(spectrum, portrait);
    drawHistory(losses, gap, walk, portrait);
  }
  return { root, draw };
}

const identities = new Map();

function identity(n) {
  if (!identities.has(n))
    identities.set(
      n,
      Float64Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0)),
    );
  return identities.get(n);
}

/** Column j of an n × columns matrix, times a sign, in pixels. */
function toImage(matrix, n, columns, j, sign, { basis, count }) {
  const image = new Float64Array(count);
  for (let i = 0; i < n; i += 1) {
    const weight = sign * matrix[i * columns + j];
    if (weight === 0) continue;
    for (let p = 0, at = i * count; p < count; p += 1, at += 1) image[p] += weight * basis[at];
  }
  return image;
}

function largest(images) {
  return Math.max(
    ...images.map((image) => image.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
  );
}

/** @returns {[number, number][]} counted from one */
const numbered = (values) => Array.from(values, (value, i) => [i + 1, value]);

function drawSpectrum(plot, { values, theory }) {
  const series = [{ label: "now", colour: "second", shape: "dots", points: numbered(values) }];
  if (theory)
    series.unshift({
      label: "theory: √(1 − λ/v)",
      colour: "first",
      shape: "rings",
      points: numbered(theory),
    });
  else
    series.unshift({
      label: "theory leaves them free",
      colour: "first",
      shape: "rings",
      points: [],
    });
  plot.draw({ x: [0.5, values.length + 0.5], y: [0, Math.max(1.1, ...values)], series });
}

/** The first record stands at step 1: a logarithmic axis has no place for step 0. */
function drawHistory(losses, gap, walk, portrait) {
  const now = {
    step: walk.steps,
    reconstruction: portrait.loss.reconstruction,
    penalty: portrait.loss.penalty,
    gap: portrait.gap,
  };
  const records = [...walk.records, now];
  const over = (read) =>
    records.map((record) => [Math.max(record.step, 1), Math.max(read(record), 1e-16)]);
  const x = [1, Math.max(10, walk.steps)];
  const total = over((record) => record.reconstruction + record.penalty);
  const reconstruction = over((record) => record.reconstruction);
  const penalty = over((record) => record.penalty).filter(([, height]) => height > 1e-16);
  const lowest = portrait.minimum > UNSEEN_LOSS * walk.scale ? [portrait.minimum] : [];
  const heights = [...total, ...reconstruction, ...penalty].map(([, height]) => height);
  losses.draw({
    x,
    y: [Math.min(...heights, ...lowest), Math.max(...heights)],
    series: [
      { label: "loss", colour: "first", shape: "line", points: total },
      { label: "reconstruction", colour: "second", shape: "dashes", points: reconstruction },
      { label: "penalty", colour: "third", shape: "dots", points: penalty },
      {
        label: lowest.length ? "minimum of the loss" : "minimum of the loss: 0",
        colour: "muted",
        shape: "dashes",
        points: lowest.flatMap((height) => x.map((step) => [step, height])),
      },
    ],
  });
  const gaps = over((record) => record.gap);
  const sizes = gaps.map(([, height]) => height);
  gap.draw({
    x,
    y: [Math.min(...sizes), Math.max(...sizes)],
    series: [{ label: "", colour: "fourth", shape: "line", points: gaps }],
  });
}
