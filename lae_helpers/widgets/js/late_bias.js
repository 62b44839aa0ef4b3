/** The late bias: gradient descent on the smallest autoencoder with biases, step by step. */

import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import { make, makeAnnouncer, makeButton, makeChoice, makeSlider } from "./parts/elements.js";
import { follow, listen } from "./parts/listening.js";
import { covarianceOfCloud, makeBiasBoard } from "./parts/bias_board.js";
import { describeLateBias, sayArrivals } from "./parts/bias_words.js";
import { makePlot } from "./parts/plot.js";
import { decompose } from "./numerics/cloud.js";
import { decoderFrom, followBiases } from "./numerics/biases.js";
import { BIAS_STEPS, FIRST_OTHER } from "./numerics/constants.js";

/**
 * @typedef {import("./traits.d.ts").LateBiasTraits} Traits
 * @typedef {import("./numerics/biases.js").Network} Network
 */

const SECONDS = 12; // of the whole run, whose first steps are the slowest
const BIASES = /** @type {const} */ (["learned", "always the best"]);

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const covariance = covarianceOfCloud();
  const first = decompose(covariance).angle;
  const keep = () => model.save_changes();
  const board = makeBiasBoard(
    signal,
    () => model.get("mean"),
    (mean) => model.set("mean", mean),
    keep,
  );
  const play = makeButton("Play", { class: "lae-primary" });
  const start = makeButton("other weights");
  const choice = makeChoice({ label: "bias b₂", options: [...BIASES] });
  const steps = makeSlider({ label: "step", min: 0, max: BIAS_STEPS, say: String });
  const announcer = makeAnnouncer(signal);
  const arrivals = make("p", { class: "lae-small lae-arrivals" });
  const plot = makePlot({ title: "Decoder from u₁, degrees", xLabel: "step" });
  const root = make("div", { class: "lae-live lae-late-bias" }, [
    board.root,
    make("div", { class: "lae-side" }, [
      make("div", { class: "lae-row" }, [play, start]),
      steps.root,
      choice.root,
      announcer.root,
      plot.root,
      arrivals,
    ]),
  ]);

  /** @type {[learned: Network[], best: Network[]]} */
  let paths = [[], []];
  let learnedFrom = "";
  const readPaths = () => {
    const from = JSON.stringify([model.get("mean"), model.get("seed")]);
    if (from !== learnedFrom) {
      learnedFrom = from;
      const run = /** @param {boolean} best */ (best) =>
        followBiases(covariance, model.get("mean"), model.get("seed"), best);
      paths = [run(false), run(true)];
    }
    return paths;
  };

  let playing = false;
  let halfway = false; // stopped by the reader, who goes on from there
  let time = 0;
  const loop = createLoop(signal, root, (_, seconds) => {
    time = Math.min(1, time + seconds / SECONDS);
    model.set("step", Math.round(BIAS_STEPS * time * time));
    if (time === 1) stop(false);
  });
  /** @param {boolean} goesOn */
  const stop = (goesOn) => {
    if (playing) keep();
    playing = false;
    halfway = goesOn;
    loop.run(false);
    play.textContent = "Play";
  };
  const begin = () => {
    time = halfway ? Math.sqrt(model.get("step") / BIAS_STEPS) : 0;
    playing = true;
    play.textContent = "Pause";
    loop.run(true);
  };

  const draw = () => {
    const all = readPaths();
    const chosen = model.get("bias") === "learned" ? 0 : 1;
    const step = model.get("step");
    const network = all[chosen][step];
    board.draw(network, true);
    steps.value = step;
    choice.value = BIASES[chosen];
    announcer.say(describeLateBias(network, step, model.get("mean"), first));
    arrivals.textContent = sayArrivals(all, first);
    const [learned, best] = all.map((path) =>
      path.map((one, i) => /** @type {[number, number]} */ ([i, decoderFrom(one, first)])),
    );
    plot.draw({
      x: [0, BIAS_STEPS],
      y: [0, 90],
      series: [
        { label: "bias learned", colour: "decoder", shape: "line", points: learned },
        { label: "always the best", colour: "ink", shape: "dashes", points: best },
        {
          label: "",
          colour: "decoder",
          shape: "dots",
          points: [all[chosen].length ? [step, decoderFrom(network, first)] : [0, 0]],
        },
      ],
    });
  };
  const redraw = onNextFrame(signal, draw);
  listen(signal, play, "click", () => (playing ? stop(true) : begin()));
  listen(signal, start, "click", () => {
    model.set("seed", (model.get("seed") + 1) % FIRST_OTHER);
    keep();
  });
  listen(signal, steps.input, "input", () => {
    stop(true);
    model.set("step", steps.value);
  });
  listen(signal, choice.root, "change", () =>
    model.set("bias", choice.value === BIASES[0] ? "learned" : "best"),
  );
  listen(signal, root, "change", keep);
  follow(signal, model, ["mean", "seed", "bias", "step"], redraw);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

export default { render };
