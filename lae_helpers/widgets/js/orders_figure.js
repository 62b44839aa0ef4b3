/** The orders figure: k! orders as critical points, and a code covariance that sorts itself. */

import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer, makeButton, makeChoice } from "./parts/elements.js";
import { paint, readTheme } from "./parts/colours.js";
import { drawNormals } from "./numerics/random.js";
import {
  countInversions,
  covarianceOfCodes,
  nearestOrder,
  sortBySteps,
  startNear,
} from "./numerics/orders.js";
import { makeOrdersGraph } from "./parts/orders_graph.js";
import { sayFixed } from "./parts/numbers.js";
import { setTraits } from "./parts/model.js";
import { follow, listen } from "./parts/listening.js";

/**
 * @typedef {import("./traits.d.ts").OrdersTraits} Traits
 * @typedef {import("./numerics/orders.js").Order} Order
 */

/** @type {Traits["rule"][]} */
const RULES = ["different strengths", "rotation"];
const PACES = { "different strengths": 300, rotation: 30 }; // steps a second
const RATE_SHARE = 0.24; // over the largest variance v₁: less than one over 4 (v₁ − λ₁), a curvature
const KICK = 0.05;
const CLOSE = 0.9; // cos² of the worst column
const SORTED = 1e-3; // one minus cos² of the worst column: there it rests

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const choice = makeChoice({ label: "What tells them apart:", options: RULES });
  const play = makeButton("Play", { class: "lae-primary" });
  const random = makeButton("Random start");
  const announcer = makeAnnouncer(signal);
  const graph = makeOrdersGraph(signal, (order) => {
    chosen = order;
    setTraits(model, { order });
    begin(KICK, order);
    model.save_changes();
  });
  const canvas = make("canvas", { "aria-hidden": "true" });
  const entries = Array.from({ length: 9 }, () => make("span"));
  const heat = make("div", { class: "lae-codes" }, [
    make("p", { class: "lae-heading", text: "Code covariance W₁CW₁ᵀ" }),
    make("div", { class: "lae-heat" }, [canvas, make("div", { "aria-hidden": "true" }, entries)]),
    make("p", {
      class: "lae-small",
      text: "It is sorted when nothing is left beside the diagonal, and that in descending order.",
    }),
  ]);
  const root = make("div", { class: "lae-live lae-orders" }, [
    choice.root,
    make("div", { class: "lae-row" }, [play, random]),
    announcer.root,
    make("div", { class: "lae-scene" }, [graph.root, heat]),
  ]);
  const variances = model.get("variances");
  const n = variances.length;
  const rate = RATE_SHARE / variances[0];

  let weights = startNear(model.get("order"), variances, strengths(), new Float64Array(6 * n));
  /** By the reader's own hand. @type {Order | null} */
  let chosen = null;
  let playing = false;
  let steps = 0;
  let due = 0;

  function strengths() {
    const lams = model.get("lams");
    const mean = lams.reduce((sum, lam) => sum + lam, 0) / lams.length;
    return model.get("rule") === "rotation" ? lams.map(() => mean) : lams;
  }
  /** @param {number} size of the kick @param {Order | null} order from which, or none */
  function place(size, order) {
    const noise = drawNormals(Math.random, 6 * n).map((number) => size * number);
    weights = order
      ? startNear(order, variances, strengths(), noise)
      : { W: noise.slice(0, 3 * n), V: noise.slice(3 * n), n, k: 3 };
    steps = 0;
    due = 0;
    graph.forget();
  }
  /** @param {number} size @param {Order | null} order */
  function begin(size, order) {
    place(size, order);
    run(true);
  }
  const loop = createLoop(signal, root, (_, seconds) => {
    due += seconds * PACES[model.get("rule")];
    const nSteps = Math.floor(due);
    due -= nSteps;
    const turning = model.get("rule") === "rotation";
    sortBySteps(weights, variances, strengths(), { turning, rate, nSteps });
    steps += nSteps;
    if (isSorted()) run(false);
    draw();
  });
  /** @param {boolean} wanted */
  function run(wanted) {
    playing = wanted;
    play.textContent = wanted ? "Pause" : "Play";
    loop.run(wanted);
    redraw();
  }
  function isSorted() {
    const { order, worst } = nearestOrder(weights);
    return countInversions(order) === 0 && 1 - worst < SORTED;
  }

  const redraw = onNextFrame(signal, draw);
  function draw() {
    const Z = covarianceOfCodes(weights, variances);
    paint(canvas, Z, 3, variances[0], readTheme(root));
    entries.forEach((entry, i) => {
      entry.textContent = sayFixed(Z[i]);
    });
    const { order, worst } = nearestOrder(weights);
    const near = worst > CLOSE ? order : null;
    graph.draw(weights, near);
    announcer.say(describe(near, Math.max(...[1, 2, 5].map((i) => Math.abs(Z[i])))));
  }
  /** @param {Order | null} near @param {number} beside the largest entry beside the diagonal */
  function describe(near, beside) {
    const turning = model.get("rule") === "rotation";
    const when = steps ? `Step ${steps.toLocaleString("en-GB")}` : "Start";
    if (!near) {
      return `${when}: on the way between orders; the largest entry beside the diagonal is ${sayFixed(beside)}.`;
    }
    const index = countInversions(near);
    const held = near.map((direction, j) => `component ${j + 1} holds u${"₁₂₃"[direction - 1]}`);
    const count = turning
      ? `entries that grow there: ${index}`
      : `directions that lead down from it: ${index}`;
    const end = index ? count : turning ? "nothing grows there" : "the only minimum, up to signs";
    return `${when}: near the order ${near.join(" ")} (${held.join(", ")}); ${end}.`;
  }
  function showRule() {
    choice.value = model.get("rule");
    graph.label(variances, strengths(), model.get("rule") === "rotation");
  }

  listen(signal, play, "click", () => {
    if (playing) run(false);
    else if (steps === 0 || isSorted()) begin(KICK, model.get("order"));
    else run(true);
  });
  listen(signal, random, "click", () => begin(0.3, null));
  listen(signal, choice.root, "change", () => {
    setTraits(model, { rule: choice.value });
    model.save_changes();
  });
  follow(signal, model, ["rule"], () => {
    showRule();
    redraw();
  });
  follow(signal, model, ["order"], () => {
    if (model.get("order") === chosen) return;
    run(false);
    place(0, model.get("order"));
  });
  showRule();
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

export default { render };
