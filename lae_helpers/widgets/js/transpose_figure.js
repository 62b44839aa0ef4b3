/** The first figure: does a network learn the transpose of its own weights? */

import { largest, readBasis } from "./parts/basis.js";
import { readTheme } from "./parts/colours.js";
import { make, makeAnnouncer, makeButton, makeChoice } from "./parts/elements.js";
import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import { follow, listen } from "./parts/listening.js";
import { setTraits } from "./parts/model.js";
import { publish } from "./parts/readouts.js";
import { sessionOf } from "./parts/transpose_session.js";
import { describeDirections, describeWeights, sayShare } from "./parts/transpose_words.js";
import { makeGapTrace } from "./parts/gap_trace.js";
import { makeWeightPairs } from "./parts/weight_pairs.js";
import { transposeGap } from "./numerics/autoencoder.js";
import { leftSingularVectors } from "./numerics/linear_algebra.js";
import { errorOf, gapsOf } from "./numerics/timed_descent.js";

const SAID_EVERY = 100; // milliseconds between two sentences
const DRAWN_EVERY = 1000; // where motion is to be reduced
const WEIGHTS = {
  encoder: "rows of the encoder W₁",
  decoder: "columns of the decoder W₂",
  difference: "their difference W₁ − W₂ᵀ",
};
const DIRECTIONS = {
  decoder: "singular vectors of W₂",
  directions: "principal directions (PCA)",
  difference: "their difference",
};

/** @typedef {import("./traits.d.ts").TransposeTraits} Traits */

/** @param {{model: import("./traits.d.ts").Model<Traits>}} props */
function initialize({ model }) {
  sessionOf(model);
}

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const session = sessionOf(model);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const price = make("input", { type: "checkbox", role: "switch" });
  const state = make("strong");
  const note = make("span", { class: "lae-small lae-by-itself", role: "status" });
  const play = makeButton("Pause");
  const again = makeButton("Again");
  const shows = makeChoice({ label: "show", options: ["weights", "directions"] });
  shows.labels[1].lastChild?.replaceWith("singular vectors");
  const start = makeChoice({ label: "initial weights", options: ["large", "small"] });
  const trace = makeGapTrace();
  const pairs = { weights: makeWeightPairs(WEIGHTS), directions: makeWeightPairs(DIRECTIONS) };
  const announcer = makeAnnouncer(signal);
  const root = make("div", { class: "lae-live lae-transpose" }, [
    make("div", { class: "lae-row lae-first-row" }, [
      make("label", { class: "lae-price" }, [
        price,
        make("span", {}, [
          "weight decay",
          make("span", { class: "lae-wide", text: ", a price on the weights" }),
          ": ",
          state,
        ]),
      ]),
      make("div", { class: "lae-row lae-buttons" }, [play, again]),
      note,
    ]),
    pairs.weights.root,
    pairs.directions.root,
    trace.root,
    announcer.root,
    make("div", { class: "lae-row lae-next" }, [shows.root, start.root]),
  ]);

  const layout = model.get("features");
  const basis = readBasis(model);
  const k = model.get("n_components");
  const directions = basis.directions(k);

  function drawWeights() {
    const { run } = session.now();
    const images = [basis.toImages(run.weights.V, k), basis.toImages(run.weights.W, k)];
    const gap = sayShare(transposeGap(run.weights));
    pairs.weights.draw(images[0], images[1], {
      layout,
      limit: Math.max(...images.map(largest)),
      theme: readTheme(root),
      note: `: ${gap}`,
      numbers: gapsOf(run).map(sayShare),
      said: `Rows of the encoder over columns of the decoder, pair by pair: they differ by ${gap}.`,
    });
  }

  /** @returns {number[]} |cos| of the singular vectors to the directions of the same place */
  const drawDirections = () => {
    const { W, n } = session.now().run.weights;
    const { vectors } = leftSingularVectors(W, n, k);
    const signed = directions.map((_, j) => vectors[j * k + j]);
    const upright = vectors.map((value, at) => (signed[at % k] < 0 ? -value : value));
    const cosines = signed.map(Math.abs);
    pairs.directions.draw(basis.toImages(upright, k), directions, {
      layout,
      limit: largest(directions),
      theme: readTheme(root),
      note: ", and |cos|",
      numbers: cosines.map((cosine) => cosine.toFixed(2)),
      said: `Singular vectors of the decoder over principal directions: |cos| ${cosines.map((c) => c.toFixed(2)).join(", ")}.`,
    });
    return cosines;
  };

  let said = -Infinity;
  /** @param {number} [time] of the frame; the sentence follows at once if there is none */
  const draw = (time = Infinity) => {
    const shown = model.get("shows");
    for (const [name, { root: band }] of Object.entries(pairs)) band.hidden = name !== shown;
    const cosines = shown === "directions" ? drawDirections() : drawWeights();
    if (time - said < SAID_EVERY) return;
    if (time < Infinity) said = time;
    const { run, from, priced, trace: past } = session.now();
    trace.draw(past);
    const gap = transposeGap(run.weights);
    const on = model.get("price");
    const error = errorOf(run) + model.get("_rest");
    announcer.say(
      cosines
        ? describeDirections(cosines, on)
        : describeWeights({
            price: on,
            priced,
            small: model.get("start") === "small",
            gap,
            from,
            error,
            least: run.least + model.get("_rest"),
          }),
    );
    publish(root, { gap: sayShare(gap), price: on ? "on" : "off", error: error.toFixed(1) });
    show();
  };

  function show() {
    const on = model.get("price");
    price.checked = on;
    state.textContent = on ? "on" : "off";
    shows.value = model.get("shows");
    start.value = model.get("start");
    play.textContent = model.get("playing") ? (session.resting() ? "At rest" : "Pause") : "Play";
    play.disabled = session.resting();
    const text = session.byItself() ? "switched on by the figure; the switch is yours" : "";
    if (note.textContent !== text) note.textContent = text;
    root.classList.toggle("lae-switched", Boolean(text));
  }

  const redraw = onNextFrame(signal, draw);
  let drawn = -Infinity;
  const loop = createLoop(signal, root, (time, seconds) => {
    session.work(time, seconds);
    if (!session.busy()) update();
    else if (!still.matches || time - drawn >= DRAWN_EVERY) {
      drawn = time;
      draw(time);
    }
  });
  const update = () => {
    loop.run(session.busy());
    redraw();
  };
  /** @param {Partial<Traits>} traits */
  const set = (traits) => {
    setTraits(model, traits);
    model.save_changes();
  };
  listen(signal, price, "change", () => set({ price: price.checked, playing: true }));
  listen(signal, play, "click", () => set({ playing: !model.get("playing") }));
  listen(signal, again, "click", () =>
    set({ price: false, seed: (model.get("seed") + 1) % 2 ** 32, playing: true }),
  );
  listen(signal, shows.root, "change", () => set({ shows: shows.value }));
  listen(signal, start.root, "change", () =>
    set({ price: false, start: start.value, playing: true }),
  );
  follow(signal, model, ["price", "playing", "shows", "start", "seed"], update);
  if (still.matches) set({ playing: false });
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  update();
  return () => ending.abort();
}

export default { initialize, render };
