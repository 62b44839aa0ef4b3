/** The alignment figure: what information alignment makes of every singular value, as β moves. */

import { alignSpectrum, shrink } from "./numerics/alignment.js";
import { make, makeAnnouncer, makeSlider } from "./parts/elements.js";
import { onNextFrame, watchLooks } from "./parts/frames.js";
import { follow, listen } from "./parts/listening.js";
import { sayFixed } from "./parts/numbers.js";
import { makePlot } from "./parts/plot.js";

/**
 * @typedef {import("./traits.d.ts").AlignmentTraits} Traits
 * @typedef {[number, number]} Point
 * @typedef {import("./parts/plot.js").Series} Series
 */

const STOPS = 200; // of the slider
const POINTS = 240; // of a curve
const RULE = "information alignment";

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const slider = makeSlider({
    label: "β",
    min: 0,
    max: STOPS,
    say: () => sayFixed(model.get("beta")),
  });
  const ends = make("p", { class: "lae-small", text: "0: transpose, 1: pseudo-inverse" });
  const announcer = makeAnnouncer(signal);
  const curve = makePlot({
    title: "Singular value h of B",
    xLabel: "singular value g of W",
    height: 260,
  });
  const angles = makePlot({ title: "Degrees from B", xLabel: "β", height: 260 });
  const root = make("div", { class: "lae-live lae-alignment" }, [
    make("div", { class: "lae-row" }, [slider.root, ends]),
    announcer.root,
    make("div", { class: "lae-side-by-side" }, [curve.root, angles.root]),
  ]);

  const draw = () => {
    const [beta, values] = [model.get("beta"), model.get("singular_values")];
    const found = alignSpectrum(values, beta);
    const looks = model.get("looks")[RULE];
    const most = model.get("room") * values[0];
    slider.value = Math.round(STOPS * beta);
    curve.draw({ x: [0, most], y: [0, most], series: listCurves(values, beta, most, looks) });
    angles.draw(listAngles(values, beta, looks));
    announcer.say(
      `β = ${sayFixed(beta)}, γ = ${sayFixed(1 - beta)}: B is ${sayFixed(found.toTranspose, 1)}° from ` +
        `Wᵀ and ${sayFixed(found.toInverse, 1)}° from W⁺, ${sayFixed(found.gain)} times as long as W.`,
    );
  };
  const redraw = onNextFrame(signal, draw);
  listen(signal, slider.input, "input", () => model.set("beta", slider.value / STOPS));
  listen(signal, slider.input, "change", () => model.save_changes());
  follow(signal, model, ["beta", "singular_values"], redraw);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

/**
 * The curve between its two ends, and the layer on it.
 *
 * @param {number[]} values
 * @param {number} beta
 * @param {number} most of both axes
 * @param {import("./parts/feedback_views.js").Looks} looks
 * @returns {Series[]}
 */
function listCurves(values, beta, most, looks) {
  /** @type {(of: number) => Point[]} */
  const trace = (of) =>
    Array.from({ length: POINTS }, (_, i) => (most * (i + 1)) / POINTS)
      .map((g) => /** @type {Point} */ ([g, shrink(g, of)]))
      .filter(([, h]) => h <= most);
  return [
    { label: "Wᵀ: h = g", colour: "encoder", shape: "line", points: [[0, 0], ...trace(0)] },
    { label: "W⁺: h = 1/g", colour: "muted", shape: "line", points: trace(1) },
    { label: "B: h = g/(βg² + γ)", ...looks, shape: "line", points: trace(beta) },
    {
      label: "this layer",
      ...looks,
      shape: "dots",
      points: values.map((g) => [g, shrink(g, beta)]),
    },
  ];
}

/**
 * How far B is from either end, over β.
 *
 * @param {number[]} values
 * @param {number} beta
 * @param {import("./parts/feedback_views.js").Looks} looks
 * @returns {{x: Point, y: Point, series: Series[]}}
 */
function listAngles(values, beta, looks) {
  const all = Array.from({ length: 101 }, (_, i) => i / 100).map((b) => ({
    b,
    ...alignSpectrum(values, b),
  }));
  const { toTranspose, toInverse } = alignSpectrum(values, beta);
  const most = Math.max(1, 1.1 * all[0].toInverse);
  return {
    x: [0, 1],
    y: [0, most],
    series: [
      {
        label: "to Wᵀ",
        colour: "encoder",
        shape: "line",
        points: all.map((one) => [one.b, one.toTranspose]),
      },
      {
        label: "to W⁺",
        colour: "muted",
        shape: "line",
        points: all.map((one) => [one.b, one.toInverse]),
      },
      {
        label: "this β",
        ...looks,
        shape: "dots",
        points: [
          [beta, toTranspose],
          [beta, toInverse],
        ],
      },
    ],
  };
}

export default { render };
