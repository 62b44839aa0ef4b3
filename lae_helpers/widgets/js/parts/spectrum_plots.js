/** What the spectrum figure draws. */

import { predictSpectrum, readBackVariances, traceSpectrum } from "../numerics/shrinkage.js";
import { make } from "./elements.js";
import { makePlot, numberPoints } from "./plot.js";
import { FORMULAS, describeSpectrum } from "./spectrum_words.js";

/**
 * @typedef {import("../traits.d.ts").Trained} Trained
 * @typedef {import("./plot.js").Series} Series
 */

/** The three plots: along λ, and at the present λ the singular values and the variances. */
export function makeSpectrumPlots() {
  const along = makePlot({
    title: "Along λ: singular values of W₂ (under the product, of W₂W₁)",
    xLabel: "strength λ",
    xLog: true,
    height: 220,
  });
  const spectrum = makePlot({
    title: "At this λ: singular values",
    xLabel: "principal direction i",
    height: 220,
  });
  const heights = makePlot({
    title: "Variances, and λ",
    xLabel: "principal direction i",
    yLog: true,
    height: 220,
  });
  along.root.classList.add("lae-along");
  const pair = make("div", { class: "lae-side-by-side" }, [spectrum.root, heights.root]);
  const root = make("div", {}, [pair, along.root]);

  /**
   * @param {import("../traits.d.ts").Model<import("../traits.d.ts").SpectrumTraits>} model
   * @returns {string} what there is to see
   */
  function draw(model) {
    const [lam, regularizer] = [model.get("lam"), model.get("regularizer")];
    const [variances, spread] = [model.get("variances"), model.get("spread")];
    const theory = predictSpectrum(regularizer, lam, variances, spread);
    const networks = regularizer === "sum" ? model.get("measured") : [];
    const here = networks.find((network) => network.lam === lam);
    const readBack = here && {
      values: here.values,
      variances: readBackVariances(here.values, lam),
    };
    /** @type {[number, number]} */
    const axis = [0.5, variances.length + 0.5];
    spectrum.draw({
      x: axis,
      y: [0, 1],
      series: listSpectrum(regularizer, theory, here),
    });
    const shown = [...variances, ...theory.strengths].filter((value) => value > 0);
    heights.draw({
      x: axis,
      y: [Math.min(...shown) / 1.2, 1.2 * Math.max(...shown)],
      series: listVariances(variances, theory, readBack),
    });
    const range = model.get("lam_range");
    along.draw({
      x: range,
      y: [0, 1],
      series: listAlong(traceSpectrum(regularizer, variances, range, spread), lam, networks),
    });
    return describeSpectrum(regularizer, lam, variances, theory, readBack);
  }
  return { root, draw };
}

/**
 * @param {import("../numerics/shrinkage.js").Penalized} regularizer
 * @param {ReturnType<typeof predictSpectrum>} theory
 * @param {Trained | undefined} here the network that was trained at this strength
 */
function listSpectrum(regularizer, { map, decoder }, here) {
  const formulas = FORMULAS[regularizer];
  /** @type {Series[]} */
  const series = [
    {
      label: formulas.decoder,
      colour: "first",
      shape: "rings",
      points: decoder ? numberPoints(decoder) : [],
    },
    { label: formulas.map, colour: "third", shape: "dashes", points: numberPoints(map) },
  ];
  if (here) {
    series.push({
      label: "W₂ of the trained network",
      colour: "second",
      shape: "dots",
      points: numberPoints(here.values),
    });
  }
  return series;
}

/**
 * From the weights comes a variance only where the component is kept.
 *
 * @param {number[]} variances
 * @param {ReturnType<typeof predictSpectrum>} theory
 * @param {import("./spectrum_words.js").ReadBack | undefined} readBack
 */
function listVariances(variances, { strengths, map }, readBack) {
  const ends = strengths.length > 1 ? numberPoints(strengths) : [];
  /** @type {[number, number][]} */
  const level = [
    [0.5, strengths[0]],
    ...ends,
    [strengths.length + 0.5, strengths[strengths.length - 1]],
  ];
  const uniform = strengths[0] === strengths[strengths.length - 1];
  /** @type {Series[]} */
  const series = [
    {
      label: "vᵢ, from the data",
      colour: "first",
      shape: "rings",
      points: numberPoints(variances),
    },
    { label: uniform ? "λ" : "λᵢ", colour: "muted", shape: "dashes", points: level },
  ];
  if (readBack) {
    series.push({
      label: "λ / (1 − s²), from the weights",
      colour: "second",
      shape: "dots",
      points: numberPoints(readBack.variances).filter((_, i) => map[i] > 0),
    });
  }
  return series;
}

/**
 * @param {[number, number][][]} curves
 * @param {number} lam
 * @param {Trained[]} networks
 * @returns {Series[]}
 */
function listAlong(curves, lam, networks) {
  /** @type {[number, number][]} */
  const found = networks.flatMap((network) => network.values.map((value) => [network.lam, value]));
  const label = "theory, a curve for each direction";
  /** @type {(points: [number, number][], i: number) => Series} */
  const curve = (points, i) => ({ label: i ? "" : label, colour: "first", shape: "line", points });
  return [
    ...curves.map(curve),
    {
      label: "this λ",
      colour: "muted",
      shape: "dashes",
      points: [
        [lam, 0],
        [lam, 1],
      ],
    },
    {
      label: found.length ? "trained networks" : "",
      colour: "second",
      shape: "dots",
      points: found,
    },
  ];
}
