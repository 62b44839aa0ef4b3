/** Four losses, one start: what each of them finds. */

import { largest, readBasis } from "./parts/basis.js";
import { readDoubles } from "./parts/bytes.js";
import { readTheme } from "./parts/colours.js";
import { make, makeAnnouncer, makeButton, makeSlider } from "./parts/elements.js";
import { makeLossPanel, nameOf } from "./parts/loss_panel.js";
import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import { follow, listen } from "./parts/listening.js";
import { setTraits } from "./parts/model.js";
import { publish } from "./parts/readouts.js";
import { inspect, momentAt, startLosses, stepsAt } from "./numerics/four_losses.js";
import { REGULARIZERS } from "./numerics/regularizers.js";

const PACE = 16; // positions a second
const BUDGET = 30; // milliseconds of a frame for steps
const DRAWN_EVERY = 1; // seconds, where motion is to be reduced
const CLOSE = Math.cos((10 * Math.PI) / 180);
const ALIKE = 0.05; // of gaps

/** @typedef {import("./traits.d.ts").FourLossesTraits} Traits */

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const k = model.get("n_components");
  const last = model.get("n_positions");
  const layout = model.get("features");
  const basis = readBasis(model);
  const spectrum = readDoubles(model.get("_spectrum"));
  const begin = () =>
    startLosses(spectrum, {
      k,
      last,
      seed: model.get("seed"),
      size: model.get("start_size"),
      lam: model.get("lam"),
      spread: model.get("spread"),
      nSteps: model.get("n_steps"),
    });
  let losses = begin();

  const play = makeButton("Play", { class: "lae-primary" });
  const again = makeButton("Another start");
  const scrubber = makeSlider({
    label: "steps",
    min: 0,
    max: last,
    say: (position) => stepsAt(position, last, model.get("n_steps")).toLocaleString("en-GB"),
  });
  const panels = REGULARIZERS.map((name) => makeLossPanel(name, k));
  const announcer = makeAnnouncer(signal);
  const root = make("div", { class: "lae-live lae-four-losses" }, [
    make("div", { class: "lae-row" }, [play, again, scrubber.root]),
    make(
      "div",
      { class: "lae-panels" },
      panels.map((panel) => panel.root),
    ),
    announcer.root,
  ]);

  const redraw = onNextFrame(signal, draw);
  function draw() {
    const position = model.get("position");
    const theme = readTheme(root);
    const moment = momentAt(losses, position, performance.now() + BUDGET);
    if (moment.reached < position) redraw();
    const found = moment.weights.map((weights, i) => {
      const { gap, vectors, vectorCosines, columnCosines } = inspect(weights);
      const images = [weights.V, weights.W, vectors].map((matrix) => basis.toImages(matrix, k));
      const shared = largest([...images[0], ...images[1]]);
      const isClose = (/** @type {number} */ cosine) => cosine >= CLOSE;
      const [columns, directions] = [columnCosines.map(isClose), vectorCosines.map(isClose)];
      panels[i].draw({
        images,
        limits: [shared, shared, largest(images[2])],
        layout,
        theme,
        gap,
        columns,
        directions,
      });
      return {
        gap,
        columns: columns.filter(Boolean).length,
        directions: directions.filter(Boolean).length,
      };
    });
    const steps = stepsAt(moment.reached, last, model.get("n_steps"));
    announcer.say(describe(found, steps, k));
    publish(root, {
      steps: steps.toLocaleString("en-GB"),
      gap: sayPercent(found[0].gap),
      found: `${found[3].columns} of ${k}`,
    });
    scrubber.value = position;
    play.textContent = model.get("playing") ? "Pause" : position === last ? "Play again" : "Play";
  }

  /** @param {Partial<Traits>} traits */
  const set = (traits) => {
    setTraits(model, traits);
    model.save_changes();
  };
  let owed = 0;
  let waited = 0;
  const loop = createLoop(signal, root, (_, seconds) => {
    waited += seconds;
    owed += PACE * seconds;
    const whole = Math.floor(owed);
    if (!whole || (still.matches && waited < DRAWN_EVERY)) return;
    owed -= whole;
    waited = 0;
    const position = Math.min(last, model.get("position") + whole);
    set({ position, playing: position < last });
  });
  const update = () => {
    loop.run(model.get("playing"));
    redraw();
  };
  listen(signal, play, "click", () => {
    const playing = !model.get("playing");
    set(playing && model.get("position") === last ? { position: 0, playing } : { playing });
  });
  listen(signal, again, "click", () =>
    set({ seed: (model.get("seed") + 1) % 2 ** 32, position: 0, playing: true }),
  );
  listen(signal, scrubber.input, "input", () => set({ playing: false, position: scrubber.value }));
  follow(signal, model, ["seed"], () => {
    losses = begin();
    update();
  });
  follow(signal, model, ["position", "playing"], update);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  update();
  return () => ending.abort();
}

/** @param {number} share */
const sayPercent = (share) => `${Math.round(100 * share)} %`;

/**
 * @param {{gap: number, columns: number, directions: number}[]} found in the order of the losses
 * @param {number} steps
 * @param {number} k
 */
function describe(found, steps, k) {
  /** @param {(one: typeof found[number]) => boolean} holds */
  const under = (holds) => {
    const names = REGULARIZERS.filter((_, i) => holds(found[i])).map(nameOf);
    return names.length ? names.join(" and ") : "none of the four";
  };
  const listed = [
    `W₁ = W₂ᵀ to within ${100 * ALIKE} %: ${under(({ gap }) => gap <= ALIKE)}`,
    `all principal directions as singular vectors: ${under(({ directions }) => directions === k)}`,
    `as columns: ${under(({ columns }) => columns === k)}`,
  ];
  return `After ${steps.toLocaleString("en-GB")} steps. ${listed.join("; ")}.`;
}

export default { render };
