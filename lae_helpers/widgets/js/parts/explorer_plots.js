/** Heat maps, spectrum and curves of a descent and its portrait. */

import { make } from "./elements.js";
import { makeHeatMap } from "./heat_map.js";
import { makePlot, numberPoints } from "./plot.js";

/**
 * @typedef {import("../numerics/descent.js").Descent} Descent
 * @typedef {import("../numerics/portrait.js").Portrait} Portrait
 * @typedef {import("./plot.js").Plot} Plot
 * @typedef {import("./plot.js").Series} Series
 */

const LEAST = 1e-16; // height of a curve on a logarithmic axis
const UNSEEN_LOSS = 1e-12; // of the total variance: less is rounding, and has no place on a logarithmic axis

export function makeExplorerPlots() {
  const heats = {
    vectors: makeHeatMap("|UₖᵀQ|: singular vectors"),
    columns: makeHeatMap("|UₖᵀŴ₂|: unit columns"),
  };
  const spectrum = makePlot({ title: "Singular values of W₂", xLabel: "component" });
  const over = { xLabel: "step, on the scale of log(1 + step)", xLog: true, xFromZero: true };
  const losses = makePlot({ title: "Loss", yLog: true, ...over });
  const gap = makePlot({ title: "Transpose gap ‖W₁ − W₂ᵀ‖ / ‖W₂‖", yLog: true, ...over });
  const root = make("div", { class: "lae-explorer-plots" }, [
    make("div", { class: "lae-side-by-side" }, [
      heats.vectors.root,
      heats.columns.root,
      spectrum.root,
    ]),
    make("details", {}, [
      make("summary", { text: "Loss and transpose gap along the steps" }),
      make("div", { class: "lae-side-by-side" }, [losses.root, gap.root]),
    ]),
  ]);

  /**
   * @param {Descent} descent the moment that is shown
   * @param {Descent} present the end of the run
   * @param {Portrait} portrait of the moment
   * @param {import("./colours.js").Theme} theme
   */
  function draw(descent, present, portrait, theme) {
    heats.vectors.draw(portrait.vectorCosines, theme);
    heats.columns.draw(portrait.columnCosines, theme);
    drawSpectrum(spectrum, portrait);
    const stretches = stretchesOf(present, descent === present ? portrait : null);
    const floor = UNSEEN_LOSS * present.totalVariance;
    drawCurves(losses, seriesOfLoss(stretches, floor), stretches, descent.steps);
    const gaps = pointsOf(stretches, (row) => row.gap);
    drawCurves(
      gap,
      [{ label: "gap", colour: "fourth", shape: "line", points: gaps }],
      stretches,
      descent.steps,
    );
  }
  return { root, draw };
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
 * The run in stretches of one loss each, as far as it has come; the present stands at the end.
 *
 * @param {Descent} present
 * @param {Portrait | null} portrait of the present, if that is shown
 */
function stretchesOf({ history, steps, moved }, portrait) {
  return history.map((stretch, i) => {
    const next = history[i + 1];
    const isNow = !next && portrait && !moved && portrait.minimum === stretch.minimum;
    const records = isNow
      ? [...stretch.records, { step: steps, gap: portrait.gap, ...portrait.loss }]
      : stretch.records;
    return { ...stretch, to: next?.from ?? steps, records };
  });
}

/** @typedef {ReturnType<typeof stretchesOf>[number]} Stretch */
/** @typedef {import("../numerics/history.js").Record} Row */

/** @param {Stretch[]} stretches @param {(row: Row) => number} read @returns {[number, number][]} */
const pointsOf = (stretches, read) =>
  stretches.flatMap(({ records }) =>
    records.map((row) => /** @type {[number, number]} */ ([row.step, Math.max(read(row), LEAST)])),
  );

/** Where another loss was chosen. @param {Stretch[]} stretches @returns {Series} */
function switchesOf(stretches) {
  const switched = stretches.filter(({ regularizer, lam }, i) => {
    const before = stretches[i - 1];
    return before && (before.regularizer !== regularizer || before.lam !== lam);
  });
  const points = switched.map(({ from }) => /** @type {[number, number]} */ ([from, 1]));
  return { label: "another loss", colour: "muted", shape: "uprights", dash: [0.5, 1.5], points };
}

/**
 * The loss and its parts. Each stretch has a minimum of its own, and a penalty of zero no place.
 *
 * @param {Stretch[]} stretches
 * @param {number} floor below it a minimum is zero
 * @returns {Series[]}
 */
function seriesOfLoss(stretches, floor) {
  const last = stretches.length - 1;
  /** @type {Series[]} */
  const series = [
    {
      label: "loss",
      colour: "first",
      shape: "line",
      points: pointsOf(stretches, (row) => row.reconstruction + row.penalty),
    },
    {
      label: "reconstruction",
      colour: "second",
      shape: "dashes",
      points: pointsOf(stretches, (row) => row.reconstruction),
    },
  ];
  const named = stretches.length ? stretches : [null];
  named.forEach((stretch, i) => {
    const isLast = i >= last;
    const penalty = stretch ? pointsOf([stretch], (row) => row.penalty) : [];
    const isSeen = stretch !== null && stretch.minimum > floor;
    series.push(
      {
        label: isLast ? "penalty" : "",
        colour: "third",
        shape: "line",
        dash: [4, 1, 1, 1],
        points: penalty.filter(([, height]) => height > LEAST),
      },
      {
        label: isLast
          ? isSeen || !stretch
            ? "minimum of the loss"
            : "minimum of the loss: 0"
          : "",
        colour: "muted",
        shape: "dashes",
        points: isSeen
          ? [
              [stretch.from, stretch.minimum],
              [stretch.to, stretch.minimum],
            ]
          : [],
      },
    );
  });
  return series;
}

/**
 * Curves over the steps, with uprights where the loss was switched and at the moment that is shown.
 *
 * @param {Plot} plot
 * @param {Series[]} series
 * @param {Stretch[]} stretches
 * @param {number} shown step
 */
function drawCurves(plot, series, stretches, shown) {
  const end = Math.max(10, stretches[stretches.length - 1]?.to ?? 0);
  const heights = series.flatMap(({ points }) => points.map(([, height]) => height));
  plot.draw({
    x: [0, end],
    y: [Math.min(...heights, heights.length ? Infinity : 1), Math.max(...heights, LEAST)],
    series: [
      ...series,
      switchesOf(stretches),
      { label: "shown", colour: "ink", shape: "uprights", points: [[shown, 1]] },
    ],
  });
}
