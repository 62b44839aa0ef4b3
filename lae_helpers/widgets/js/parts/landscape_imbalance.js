/** How w1² - w2² fares: conserved without a penalty and with the product, lost under the sum. */

import { makePlot } from "./plot.js";
import { imbalanceAt } from "../numerics/landscape.js";

const LEAST_SHARE = 1e-4;
const N_MARKS = 9;
const N_VERTICES = 160;

/**
 * @typedef {import("../numerics/landscape.js").DescentPath} DescentPath
 * @typedef {import("./colours.js").ColourName} ColourName
 */

/** @param {Record<"none" | "product" | "sum", ColourName>} colours */
export function makeImbalancePlot(colours) {
  const plot = makePlot({
    title: "|w₁² − w₂²| along the paths",
    xLabel: "time t = η · steps",
    yLog: true,
    height: 250,
  });

  /**
   * @param {DescentPath[]} paths without, with the product, with the sum
   * @param {number} step
   * @param {number} lam
   * @param {number} variance
   */
  function draw([none, product, sum], step, lam, variance) {
    const before = Math.abs(imbalanceAt(none, 0));
    const end = lam > 0 ? -Math.log(LEAST_SHARE) / (4 * lam) : 10 / variance;
    /** @param {DescentPath} path @param {number} n */
    const measure = (path, n) =>
      sampleImbalance(path, step, end, n).filter(([, value]) => value >= before * LEAST_SHARE);
    /** @type {import("./plot.js").Series[]} */
    const series = [
      { label: "none", colour: colours.none, shape: "rings", points: measure(none, N_MARKS) },
      {
        label: "product",
        colour: colours.product,
        shape: "dots",
        points: measure(product, N_MARKS),
      },
      { label: "sum", colour: colours.sum, shape: "line", points: measure(sum, N_VERTICES) },
      {
        label: "gradient flow: constant, or exp(−4λt)",
        colour: "muted",
        shape: "dashes",
        points: [
          [0, before],
          [end, before],
        ],
      },
      {
        label: "",
        colour: "muted",
        shape: "dashes",
        points: [
          [0, before],
          [end, before * Math.exp(-4 * lam * end)],
        ],
      },
    ];
    // Zero has no place on a logarithmic axis; what stands below keeps its own.
    plot.root.style.visibility = before === 0 ? "hidden" : "";
    if (before > 0) plot.draw({ x: [0, end], y: [before * LEAST_SHARE, before], series });
  }
  return { root: plot.root, draw };
}

/**
 * Times, of whole steps, and |w1² - w2²| there.
 *
 * @param {DescentPath} path
 * @param {number} step
 * @param {number} end of the times
 * @param {number} n
 * @returns {[number, number][]}
 */
function sampleImbalance(path, step, end, n) {
  return Array.from({ length: n + 1 }, (_, i) => {
    const nSteps = Math.round((i * end) / (n * step));
    return [nSteps * step, Math.abs(imbalanceAt(path, nSteps))];
  });
}
