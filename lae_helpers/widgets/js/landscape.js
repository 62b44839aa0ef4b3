/** The landscape figure: three losses over two weights, and gradient descent on each from one start. */

import { onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer, makeButton, makeChoice, makeSlider } from "./parts/elements.js";
import { readTheme } from "./parts/colours.js";
import { chooseStep, followGradient, makeScalarLoss } from "./numerics/landscape.js";
import { makeBoard } from "./parts/landscape_board.js";
import { makeImbalancePlot } from "./parts/landscape_imbalance.js";
import { makePlane } from "./parts/landscape_plane.js";
import { describeLandscape } from "./parts/landscape_words.js";
import { sayFixed, sayNumber } from "./parts/numbers.js";
import { follow, listen } from "./parts/listening.js";

/**
 * @typedef {import("./traits.d.ts").LandscapeTraits} Traits
 * @typedef {Traits["regularizer"]} Name
 */

/** @type {Name[]} */
const NAMES = ["none", "product", "sum"];
const FORMULAS = { none: "v(1 − w₁w₂)²", product: "+ λ(w₁w₂)²", sum: "+ λ(w₁² + w₂²)" };
/** @type {Record<Name, import("./parts/colours.js").ColourName>} */
const COLOURS = { none: "first", product: "third", sum: "fourth" };
const N_STRENGTHS = 200;
/** @type {Record<string, [w1: number, w2: number]>} */
const STARTS = { "large decoder": [-0.9, 1.7], "on w₁ = −w₂": [1.2, -1.2], "the origin": [0, 0] };

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const limit = model.get("limit");
  const choice = makeChoice({ label: "Loss for n = k = 1", options: NAMES });
  const thumbnails = NAMES.map((name, i) => {
    const plane = makePlane({ limit, nPoints: 45, nLevels: 7, withGuides: false });
    const formula = make("span", { class: "lae-small", text: FORMULAS[name] });
    const label = choice.labels[i];
    label.lastElementChild?.append(formula);
    label.prepend(plane.root);
    return plane;
  });
  const strength = makeSlider({
    label: "strength λ",
    min: 0,
    max: N_STRENGTHS,
    say: () => sayNumber(model.get("lam")),
  });
  const collapse = makeButton("λ = v");
  const weights = /** @type {("w1" | "w2")[]} */ (["w1", "w2"]).map((name, i) => ({
    name,
    slider: makeSlider({
      label: `start w${"₁₂"[i]}`,
      min: -100 * limit,
      max: 100 * limit,
      say: (place) => sayFixed(place / 100),
    }),
  }));
  const starts = Object.keys(STARTS).map((label) => makeButton(label));
  const stepNote = make("p", { class: "lae-small" });
  const board = makeBoard(limit, stepNote);
  const plot = makeImbalancePlot(COLOURS);
  const note = make("p", { class: "lae-small lae-note" });
  const announcer = makeAnnouncer(signal);
  const root = make("div", { class: "lae-live lae-landscape" }, [
    choice.root,
    note,
    make("div", { class: "lae-row" }, [strength.root, collapse]),
    make(
      "div",
      { class: "lae-row" },
      weights.map(({ slider }) => slider.root),
    ),
    make("div", { class: "lae-row", role: "group", "aria-label": "Starts to try" }, [
      "Starts to try:",
      ...starts,
    ]),
    make("div", { class: "lae-scene" }, [
      board.root,
      make("div", { class: "lae-side" }, [announcer.root, plot.root]),
    ]),
  ]);

  const draw = () => {
    const [chosen, variance, lam] = [
      model.get("regularizer"),
      model.get("variance"),
      model.get("lam"),
    ];
    const [w1, w2] = [model.get("w1"), model.get("w2")];
    const losses = NAMES.map((name) => makeScalarLoss(name, variance, lam));
    const step = chooseStep(losses, w1, w2);
    const paths = losses.map((loss) => followGradient(loss, w1, w2, step));
    const theme = readTheme(root);
    const contents = NAMES.map((name, i) => ({
      loss: losses[i],
      path: paths[i],
      colour: COLOURS[name],
      theme,
    }));
    contents.forEach((content, i) => thumbnails[i].draw(content));
    const i = NAMES.indexOf(chosen);
    board.draw(contents[i], w1, w2);
    choice.value = chosen;
    strength.value = Math.round((N_STRENGTHS * lam) / (2 * variance));
    for (const { name, slider } of weights) slider.value = Math.round(100 * model.get(name));
    plot.draw(paths, step, lam, variance);
    note.textContent = `Here v = ${sayNumber(variance)}. For k = 1 the non-uniform sum is the sum: O(1) is {±1} already.`;
    stepNote.textContent = `All three take steps of η = ${step.toPrecision(2)}, a quarter of 1/L: L bounds the curvature wherever a path can get, so that no step raises its loss.`;
    announcer.say(describeLandscape(chosen, losses[i], lam, paths[i], step));
  };
  const redraw = onNextFrame(signal, draw);
  const keep = () => model.save_changes();
  /** @param {number} w1 @param {number} w2 */
  const place = (w1, w2) => {
    model.set("w1", toHundredth(w1, limit));
    model.set("w2", toHundredth(w2, limit));
  };
  listen(signal, choice.root, "change", () => {
    model.set("regularizer", choice.value);
    keep();
  });
  listen(signal, strength.input, "input", () =>
    model.set("lam", strengthAt(strength.value, model.get("variance"))),
  );
  listen(signal, strength.input, "change", keep);
  listen(signal, collapse, "click", () => {
    model.set("lam", model.get("variance"));
    keep();
  });
  for (const { name, slider } of weights) {
    listen(signal, slider.input, "input", () => model.set(name, slider.value / 100));
    listen(signal, slider.input, "change", keep);
  }
  Object.values(STARTS).forEach(([w1, w2], i) => {
    listen(signal, starts[i], "click", () => {
      place(w1, w2);
      keep();
    });
  });
  board.letMove(signal, { read: () => [model.get("w1"), model.get("w2")], place, keep });
  follow(signal, model, ["regularizer", "variance", "lam", "w1", "w2"], redraw);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

/** @param {number} position of the slider, whose middle is λ = v exactly @param {number} variance */
function strengthAt(position, variance) {
  return 2 * position === N_STRENGTHS
    ? variance
    : Number(((2 * variance * position) / N_STRENGTHS).toPrecision(6));
}

/** @param {number} value @param {number} limit */
function toHundredth(value, limit) {
  return Math.min(limit, Math.max(-limit, Math.round(100 * value) / 100)) + 0; // no minus zero
}

export default { render };
