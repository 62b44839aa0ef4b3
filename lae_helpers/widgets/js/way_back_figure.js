/** The way-back figure: an angle between the way back and the transpose, and a network that learns. */

import { readSmallIntegers } from "./parts/bytes.js";
import { make, makeAnnouncer, makeButton, makeSlider } from "./parts/elements.js";
import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import { follow, listen } from "./parts/listening.js";
import { setTraits } from "./parts/model.js";
import { sayFixed } from "./parts/numbers.js";
import { makePlot } from "./parts/plot.js";
import { publish } from "./parts/readouts.js";
import { makeTurnedPair } from "./parts/turned_pair.js";
import { makeDial } from "./parts/turning_dial.js";
import { describeTurned } from "./parts/way_back_words.js";
import { makeRace } from "./numerics/turned_race.js";

/**
 * @typedef {import("./traits.d.ts").WayBackTraits} Traits
 * @typedef {import("./traits.d.ts").Model<Traits>} Model
 */

const STEPS_A_SECOND = 30;
const MOST_AT_ONCE = 3; // steps in a frame that came late
const SECONDS_A_PLOT = 1 / 12;

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const nSteps = model.get("n_steps");
  const task = readTask(model);
  const begun = () => makeRace(task, model.get("learning_rate"), model.get("seed"));
  let race = begun();
  const slider = makeSlider({
    label: "angle between the way back B and (W²)ᵀ",
    min: 0,
    max: 180,
    say: (degrees) => `${degrees}°`,
  });
  const play = makeButton("pause", { class: "lae-primary" });
  const again = makeButton("start again");
  const other = makeButton("other weights");
  const matrices = makeTurnedPair();
  const backDial = makeDial({
    title: "the way back",
    still: { label: "(W²)ᵀ", colour: "encoder" },
    moving: { label: "B", colour: "decoder" },
  });
  const stepDial = makeDial({
    title: "the step",
    still: { label: "gradient", colour: "ink" },
    moving: { label: "step", colour: "third" },
  });
  const announcer = makeAnnouncer(signal);
  const plot = makePlot({ title: "Loss along the training", xLabel: "step" });
  const root = make("div", { class: "lae-live lae-way-back" }, [
    make("div", { class: "lae-row" }, [slider.root, play, again, other]),
    make("div", { class: "lae-tiles" }, [backDial.root, matrices.root, stepDial.root]),
    announcer.root,
    plot.root,
  ]);
  let playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  let due = 0;
  let sincePlot = Infinity;

  const drawPlot = () => {
    sincePlot = 0;
    const { backprop, turned } = race.losses;
    plot.draw({
      x: [0, nSteps],
      y: [0, Math.max(2.5, ...turned)],
      series: [
        { label: "backprop, 0°", colour: "ink", shape: "dashes", points: countSteps(backprop) },
        {
          label: "through B, at the angle chosen",
          colour: "decoder",
          shape: "line",
          points: countSteps(turned),
        },
      ],
    });
  };
  const draw = () => {
    const degrees = model.get("angle");
    const turned = race.at(degrees);
    const backprop = { loss: race.losses.backprop[race.nSteps], accuracy: race.backpropAccuracy };
    slider.value = degrees;
    backDial.draw(degrees);
    stepDial.draw(turned.stepDegrees);
    matrices.draw(turned.transpose, turned.B, task.widths[2]);
    announcer.say(describeTurned(turned, race.nSteps, race.since(degrees), backprop));
    publish(root, { step: `${sayFixed(turned.stepDegrees, 0)}°`, loss: sayFixed(turned.loss) });
  };
  const redraw = onNextFrame(signal, () => {
    draw();
    drawPlot();
  });
  /** @param {boolean} wanted */
  const run = (wanted) => {
    playing = wanted;
    play.textContent = playing ? "pause" : race.nSteps < nSteps ? "play" : "play again";
    loop.run(playing);
  };
  const restart = () => {
    race = begun();
    redraw();
  };
  const loop = createLoop(signal, root, (_time, seconds) => {
    due = Math.min(due + seconds * STEPS_A_SECOND, MOST_AT_ONCE);
    sincePlot += seconds;
    if (due < 1) return;
    for (; due >= 1 && race.nSteps < nSteps; due -= 1) race.step(model.get("angle"));
    draw();
    if (race.nSteps === nSteps) run(false);
    if (sincePlot >= SECONDS_A_PLOT || !playing) drawPlot();
  });
  const begin = () => {
    if (race.nSteps === nSteps) restart();
    run(true);
  };
  listen(signal, slider.input, "input", () => setTraits(model, { angle: slider.value }));
  listen(signal, slider.input, "change", () => model.save_changes());
  listen(signal, play, "click", () => (playing ? run(false) : begin()));
  listen(signal, again, "click", () => {
    restart();
    run(true);
  });
  listen(signal, other, "click", () => {
    setTraits(model, { seed: model.get("seed") + 1 });
    model.save_changes();
    run(true);
  });
  // A run that is over would show nothing of a new angle.
  follow(signal, model, ["angle"], () => (race.nSteps === nSteps ? begin() : redraw()));
  follow(signal, model, ["seed"], restart);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  drawPlot();
  run(playing);
  return () => ending.abort();
}

/** @param {number[]} losses @returns {[number, number][]} */
const countSteps = (losses) => losses.map((loss, i) => [i, loss]);

/** @param {Model} model @returns {import("./numerics/turned_back.js").Task} */
function readTask(model) {
  const scale = model.get("scale");
  return {
    X: Float64Array.from(readSmallIntegers(model.get("coordinates")), (entry) => entry * scale),
    classes: model.get("classes"),
    widths: model.get("widths"),
  };
}

export default { render };
