/** The spectrum figure: what every singular value must be at the minimum, as λ moves. */

import { createLife, onNextFrame, watchLooks } from "./parts/life.js";
import { make, makeAnnouncer, makeChoice, makeSlider } from "./parts/elements.js";
import { sayNumber } from "./parts/numbers.js";
import { makePlot } from "./parts/plot.js";
import { FORMULAS, describeSpectrum } from "./parts/spectrum_words.js";
import { predictSpectrum, readBackVariances, traceSpectrum } from "./numerics/shrinkage.js";

const STOPS = 160; // of the slider, evenly on its logarithmic scale

/** @param {{model: any, el: HTMLElement}} view */
function render({ model, el }) {
  const life = createLife();
  const measured = model.get("measured");
  const stops = placeStops(
    model.get("lam_range"),
    measured.map(({ lam }) => lam),
  );
  const penalties = makeChoice({ label: "penalty", options: Object.keys(FORMULAS) });
  const slider = makeSlider({
    label: "strength λ",
    min: 0,
    max: stops.length - 1,
    say: () => sayNumber(model.get("lam")),
  });
  const trained = makeChoice({
    label: "networks trained with the sum at λ =",
    options: measured.map(({ lam }) => String(lam)),
  });
  trained.root.hidden = measured.length === 0;
  const announcer = makeAnnouncer(life);
  const plots = makePlots();
  const root = make("div", { class: "lae-live lae-spectrum" }, [
    penalties.root,
    slider.root,
    trained.root,
    announcer.root,
    plots.root,
  ]);

  const draw = () => {
    const [lam, regularizer] = [model.get("lam"), model.get("regularizer")];
    penalties.value = regularizer;
    slider.value = nearest(stops, lam);
    trained.value = regularizer === "sum" ? String(lam) : "";
    plots.draw(model, announcer);
  };
  const show = (changes) => {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
  };
  life.listen(slider.input, "input", () => {
    show({ lam: stops[slider.value] });
    slider.sayValue();
  });
  life.listen(trained.root, "change", () =>
    show({ regularizer: "sum", lam: Number(trained.value) }),
  );
  life.listen(penalties.root, "change", () => show({ regularizer: penalties.value }));
  life.listen(root, "change", () => model.save_changes());
  const redraw = onNextFrame(life, draw);
  life.follow(model, ["lam", "regularizer", "variances", "measured"], redraw);
  el.append(root);
  watchLooks(life, root, redraw);
  draw();
  return life.end;
}

/**
 * Strengths of three digits at even steps, and every strength of a trained network in place of the
 * nearest of them.
 *
 * @param {[number, number]} range
 * @param {number[]} trained
 * @returns {number[]} ascending
 */
export function placeStops([least, most], trained) {
  const step = Math.log(most / least) / STOPS;
  const even = Array.from({ length: STOPS + 1 }, (_, i) =>
    Number((least * Math.exp(i * step)).toPrecision(3)),
  );
  const inner = even.filter(
    (stop, i) =>
      i % STOPS === 0 || trained.every((lam) => Math.abs(Math.log(stop / lam)) > step / 2),
  );
  return [...new Set([...inner, ...trained])].sort((a, b) => a - b);
}

/** @param {number[]} stops @param {number} lam @returns {number} which stop is nearest */
function nearest(stops, lam) {
  const apart = stops.map((stop) => Math.abs(Math.log(stop / lam)));
  return apart.indexOf(Math.min(...apart));
}

/** The three plots: along λ, and at the present λ the singular values and the variances. */
function makePlots() {
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

  function draw(model, announcer) {
    const [lam, regularizer, variances, measured] = [
      "lam",
      "regularizer",
      "variances",
      "measured",
    ].map((name) => model.get(name));
    const theory = predictSpectrum(regularizer, lam, variances, model.get("spread"));
    const networks = regularizer === "sum" ? measured : [];
    const here = networks.find((network) => network.lam === lam);
    const readBack = here && {
      values: here.values,
      variances: readBackVariances(here.values, lam),
    };
    const axis = /** @type {[number, number]} */ ([0.5, variances.length + 0.5]);
    spectrum.draw({
      x: axis,
      y: [0, 1],
      series: listSpectrum(FORMULAS[regularizer], theory, here),
    });
    const shown = [...variances, ...theory.strengths].filter((value) => value > 0);
    heights.draw({
      x: axis,
      y: [Math.min(...shown) / 1.2, 1.2 * Math.max(...shown)],
      series: listVariances(variances, theory.strengths, readBack),
    });
    const range = model.get("lam_range");
    along.draw({
      x: range,
      y: [0, 1],
      series: listAlong(
        traceSpectrum(regularizer, variances, range, model.get("spread")),
        lam,
        networks,
      ),
    });
    announcer.say(describeSpectrum(regularizer, lam, variances, theory, readBack));
  }
  return { root, draw };
}

/** @param {number[]} values @returns {[number, number][]} counted from one */
const numbered = (values) => values.map((value, i) => [i + 1, value]);

function listSpectrum(formulas, { map, decoder }, here) {
  const series = [
    {
      label: formulas.decoder,
      colour: "first",
      shape: "rings",
      points: decoder ? numbered(decoder) : [],
    },
    { label: formulas.map, colour: "third", shape: "dashes", points: numbered(map) },
  ];
  if (here)
    series.push({
      label: "W₂ of the trained network",
      colour: "second",
      shape: "dots",
      points: numbered(here.values),
    });
  return series;
}

function listVariances(variances, strengths, readBack) {
  const ends = strengths.length > 1 ? numbered(strengths) : [];
  const level = [
    [0.5, strengths[0]],
    ...ends,
    [strengths.length + 0.5, strengths[strengths.length - 1]],
  ];
  const uniform = strengths[0] === strengths[strengths.length - 1];
  const series = [
    { label: "vᵢ, from the data", colour: "first", shape: "rings", points: numbered(variances) },
    { label: uniform ? "λ" : "λᵢ", colour: "muted", shape: "dashes", points: level },
  ];
  if (readBack)
    series.push({
      label: "λ / (1 − s²), from the weights",
      colour: "second",
      shape: "dots",
      points: numbered(readBack.variances),
    });
  return series;
}

function listAlong(curves, lam, networks) {
  return [
    ...curves.map((points, i) => ({
      label: i ? "" : "theory, a curve for each direction",
      colour: "first",
      shape: "line",
      points,
    })),
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
      label: networks.length ? "trained networks" : "",
      colour: "second",
      shape: "dots",
      points: networks.flatMap((network) => network.values.map((value) => [network.lam, value])),
    },
  ];
}

export default { render };
