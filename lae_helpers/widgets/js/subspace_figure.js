/** The subspace figure: a plane that turns under the covariance, and the two labels in it. */

import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer, makeButton, makeSlider } from "./parts/elements.js";
import { followIterations, iterate, readLabels, tangentOfTilt } from "./numerics/subspace.js";
import { makePlot } from "./parts/plot.js";
import { makeSpaceView } from "./parts/space_view.js";
import { sayFixed, sayNumber } from "./parts/numbers.js";
import { setTraits } from "./parts/model.js";
import { follow, listen } from "./parts/listening.js";

/**
 * @typedef {import("./traits.d.ts").SubspaceTraits} Traits
 * @typedef {import("./numerics/subspace.js").Tall} Tall
 * @typedef {import("./numerics/subspace.js").Triple} Triple
 */

const PACE = 1.2; // seconds an iteration
const N_STRENGTHS = 88; // of the slider of λ: hundredths of the second variance
const LEAST_TANGENT = 1e-8;

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const limits = model.get("limits");
  const [least] = limits.lam_shares;
  const begin = structuredClone(model.get("start"));
  const step = makeButton("One iteration");
  const play = makeButton("Play", { class: "lae-primary" });
  const restart = makeButton("Start again");
  const other = makeButton("Another start");
  const gap = makeSlider({
    label: "v₃/v₂",
    min: 100 * limits.gap[0],
    max: 100 * limits.gap[1],
    say: (hundredths) => sayFixed(hundredths / 100),
  });
  const strength = makeSlider({
    label: "strength λ",
    min: 0,
    max: N_STRENGTHS,
    say: () => sayNumber(model.get("lam")),
  });
  const announcer = makeAnnouncer(signal);
  const tilt = makePlot({
    title: "tan of the tilt",
    xLabel: "iterations",
    yLog: true,
    height: 170,
  });
  const labels = makePlot({
    title: "Lengths along u₁ and u₂: the labels",
    xLabel: "iterations",
    height: 170,
  });
  const redraw = onNextFrame(signal, draw);
  const space = makeSpaceView(signal, redraw);
  const root = make("div", { class: "lae-live lae-subspace" }, [
    make("div", { class: "lae-row" }, [play, step, restart, other]),
    make("div", { class: "lae-row" }, [gap.root, strength.root]),
    announcer.root,
    make("div", { class: "lae-scene" }, [
      space.root,
      make("div", { class: "lae-curves" }, [tilt.root, labels.root]),
    ]),
  ]);

  let playing = false;
  let share = 0; // of the iteration that is under way
  let drawn = "";
  /** @type {Tall[]} */
  let decoders = [];

  /** @returns {Triple} */
  const spectrum = () => {
    const [v1, v2] = model.get("variances");
    return [v1, v2, model.get("gap") * v2];
  };
  const loop = createLoop(signal, root, (_, seconds) => {
    share += seconds / PACE;
    if (share >= 1) {
      share -= 1;
      advance();
    }
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) redraw();
  });
  /** @param {boolean} wanted */
  function run(wanted) {
    if (!wanted) share = 0;
    playing = wanted;
    play.textContent = wanted ? "Pause" : "Play";
    loop.run(wanted);
    if (!wanted) model.save_changes();
    redraw();
  }
  function advance() {
    const next = model.get("iterations") + 1;
    if (next <= limits.iterations) setTraits(model, { iterations: next });
    if (next >= limits.iterations) run(false);
  }
  /** @param {Partial<Traits>} changes */
  function change(changes) {
    setTraits(model, changes);
    model.save_changes();
  }

  function draw() {
    const [C, lam, iterations] = [spectrum(), model.get("lam"), model.get("iterations")];
    const state = JSON.stringify([C, lam, iterations, model.get("start"), root.clientWidth]);
    if (state !== drawn) {
      drawn = state;
      decoders = followIterations(model.get("start"), C, lam, limits.iterations);
      drawCurves(C, lam, iterations);
    }
    const done = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : share;
    space.draw(iterate(decoders[iterations], C, lam, done * done * (3 - 2 * done)), C);
  }

  /** @param {Triple} C @param {number} lam @param {number} iterations */
  function drawCurves(C, lam, iterations) {
    const tangents = decoders.map(tangentOfTilt);
    const ratio = C[2] / C[1];
    /** @type {(values: number[]) => [number, number][]} */
    const along = (values) => values.map((value, t) => [t, value]);
    const bound = decoders.map((_, t) => tangents[0] * ratio ** t);
    const x = /** @type {[number, number]} */ ([0, limits.iterations]);
    tilt.draw({
      x,
      y: [Math.max(LEAST_TANGENT, bound[limits.iterations] / 2), 1.5 * tangents[0]],
      series: [
        { label: "at most (v₃/v₂)ᵗ", colour: "muted", shape: "dashes", points: along(bound) },
        {
          label: "the plane",
          colour: "decoder",
          shape: "dots",
          points: along(tangents.slice(0, iterations + 1)).filter(([, y]) => y >= LEAST_TANGENT),
        },
      ],
    });
    const ends = C.slice(0, 2).map((v) => Math.sqrt(1 - lam / v));
    const read = decoders.map(readLabels);
    const most = Math.max(...read.flat());
    labels.draw({
      x,
      y: [0, Math.max(1.2, most)],
      series: [
        ...[0, 1].map((i) => ({
          label: `along u${"₁₂"[i]}`,
          colour: /** @type {const} */ (["third", "fourth"])[i],
          shape: /** @type {const} */ (["line", "dots"])[i],
          points: along(read.slice(0, iterations + 1).map((pair) => pair[i])),
        })),
        ...[0, 1].map((i) => ({
          label: i ? "" : "√(1 − λ/v)",
          colour: /** @type {const} */ (["third", "fourth"])[i],
          shape: /** @type {const} */ ("dashes"),
          points: /** @type {[number, number][]} */ ([[0, ends[i]], [limits.iterations, ends[i]]]), // prettier-ignore
        })),
      ],
    });
    gap.value = Math.round(100 * model.get("gap"));
    strength.value = Math.round((100 * lam) / C[1] - 100 * least);
    step.disabled = iterations >= limits.iterations;
    const factors = C.slice(0, 2).map((v) => sayFixed(-(1 - (2 * lam) / v)));
    const fell = iterations ? tangents[iterations] / tangents[iterations - 1] : NaN;
    const what = iterations
      ? `in this iteration its tangent became ${sayFixed(fell, 3)} times as large; v₃/v₂ = ${sayFixed(ratio)} is the most it can be.`
      : `each iteration makes its tangent at most v₃/v₂ = ${sayFixed(ratio)} times as large.`;
    const when = iterations ? `Iteration ${iterations}` : "Before the first iteration";
    announcer.say(
      `${when}: the plane is tilted by ${sayTilt(tangents[iterations])}; ${what} ` +
        `The labels are ${read[iterations].map((value) => sayFixed(value, 3)).join(" and ")}; to first order an iteration multiplies their distances from ${ends.map((end) => sayFixed(end, 3)).join(" and ")} by ${factors.join(" and ")}.`,
    );
  }

  listen(signal, play, "click", () => {
    if (!playing && model.get("iterations") >= limits.iterations) {
      setTraits(model, { iterations: 0 });
    }
    run(!playing);
  });
  listen(signal, step, "click", () => {
    run(false);
    advance();
    model.save_changes();
  });
  listen(signal, restart, "click", () => {
    share = 0;
    change({ iterations: 0, start: structuredClone(begin) });
  });
  listen(signal, other, "click", () => {
    share = 0;
    change({ iterations: 0, start: drawStart(Math.random) });
  });
  listen(signal, gap.input, "input", () => setTraits(model, { gap: gap.value / 100 }));
  listen(signal, strength.input, "input", () => {
    const lam = (strength.value / 100 + least) * model.get("variances")[1];
    setTraits(model, { lam: Number(lam.toPrecision(3)) });
  });
  for (const { input } of [gap, strength]) {
    listen(signal, input, "change", () => model.save_changes());
  }
  follow(signal, model, ["variances", "gap", "lam", "iterations", "start"], redraw);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

/** @param {number} tangent */
function sayTilt(tangent) {
  const degrees = (Math.atan(tangent) * 180) / Math.PI;
  return degrees < 0.1 ? "less than 0.1°" : `${sayFixed(degrees, 1)}°`;
}

/**
 * A steep plane and a basis of it of about the final size.
 *
 * @param {() => number} random from 0 to 1
 * @returns {Tall}
 */
export function drawStart(random) {
  const about = () => 0.15 + 0.45 * random();
  /** @param {number} size */
  const signed = (size) => (random() < 0.5 ? -size : size);
  const [a, b, c] = [about(), about(), about()];
  return [
    [a, signed(0.4 * b)],
    [signed(0.4 * c), about()],
    [signed(about()), 0.7 + 0.3 * random()],
  ];
}

export default { render };
