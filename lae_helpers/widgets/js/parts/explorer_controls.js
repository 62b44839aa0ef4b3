/** The explorer's controls: each shows a trait and sets it. */

import {
  makeButton,
  makeCheckbox,
  makeChoice,
  makeNumber,
  makeSelect,
  makeSlider,
} from "./elements.js";
import { mostComponents } from "./link.js";
import { REGULARIZERS } from "../numerics/regularizers.js";
import { GROUPS } from "../numerics/random.js";
import { setTraits } from "./model.js";
import { sayNumber } from "./numbers.js";
import { listen } from "./listening.js";

/**
 * @typedef {import("../traits.d.ts").ExplorerTraits} Traits
 * @typedef {import("./explorer_session.js").Session} Session
 * @typedef {import("../numerics/random.js").Group} Group
 */

/** @type {Record<Group, string>} */
export const ACTIONS = {
  "GL(k)": "Random G in GL(k)",
  "O(k)": "Random rotation in O(k)",
  "{±1}^k": "Flip signs",
};

const LAM_POSITIONS = 160;
const START_POSITIONS = 60;

/**
 * A logarithmic slider: from its positions to three digits, and back.
 *
 * @param {import("../traits.d.ts").Range} range
 * @param {number} positions
 */
function makeScale([least, most], positions) {
  return {
    /** @param {number} position */
    toValue: (position) =>
      Number((least * (most / least) ** (position / positions)).toPrecision(3)),
    /** @param {number} value */
    toPosition: (value) =>
      Math.round((positions * Math.log(value / least)) / Math.log(most / least)),
  };
}

/** @param {import("../traits.d.ts").Model<Traits>} model */
export function makeControls(model) {
  const problems = model.get("_problems");
  const limits = model.get("_limits");
  const [[leastSeed, mostSeed], [, mostRate], speeds] = [
    limits.seed,
    limits.learning_rate,
    limits.speeds,
  ];
  const [lams, sizes] = [
    makeScale(limits.lam, LAM_POSITIONS),
    makeScale(limits.start_size, START_POSITIONS),
  ];
  const controls = {
    play: makeButton("Play", { class: "lae-primary" }),
    step: makeButton("One step"),
    reset: makeButton("Reset"),
    speed: makeSlider({
      label: "speed",
      min: 0,
      max: speeds.length - 1,
      say: () => saySpeed(model.get("speed")),
    }),
    regularizer: makeChoice({ label: "regulariser", options: REGULARIZERS }),
    lam: makeSlider({
      label: "strength λ",
      min: 0,
      max: LAM_POSITIONS,
      say: () => sayNumber(model.get("lam")),
    }),
    components: makeSlider({
      label: "width k",
      min: limits.n_components[0],
      max: limits.n_components[1],
      say: String,
    }),
    size: makeSlider({
      label: "size of the start",
      min: 0,
      max: START_POSITIONS,
      say: () => sayNumber(model.get("start_size")),
    }),
    seed: makeNumber({ label: "seed", min: leastSeed, max: mostSeed, step: 1 }),
    problem: makeSelect({ label: "data", options: Object.keys(problems) }),
    automatic: makeCheckbox("automatic learning rate"),
    rate: makeNumber({ label: "learning rate", min: 0.0001, max: mostRate, step: "any" }),
    actions: GROUPS.map((group) => ({ group, button: makeButton(ACTIONS[group]) })),
  };

  /** Show the traits, and what can be done now. @param {Session} session */
  const show = (session) => {
    const problem = problems[model.get("problem")];
    const descent = session.descent();
    const idle = !session.retracing();
    controls.play.textContent = model.get("playing") ? "Pause" : "Play";
    controls.play.disabled = !idle || descent.diverged;
    controls.step.disabled = !idle || descent.diverged || model.get("playing");
    controls.reset.disabled = !idle;
    for (const { button } of controls.actions) button.disabled = !idle || descent.diverged;
    controls.regularizer.value = model.get("regularizer");
    controls.lam.value = lams.toPosition(model.get("lam"));
    controls.lam.input.disabled = model.get("regularizer") === "none";
    controls.components.input.max = String(mostComponents(problem));
    controls.components.value = model.get("n_components");
    controls.size.value = sizes.toPosition(model.get("start_size"));
    controls.speed.value = speeds.reduce(
      (best, speed, i) => (speed <= model.get("speed") ? i : best),
      0,
    );
    controls.seed.value = model.get("seed");
    controls.problem.value = model.get("problem");
    const own = model.get("learning_rate");
    controls.automatic.input.checked = own === 0;
    controls.rate.value = own || descent.rate || "";
    controls.rate.input.disabled = own === 0;
  };

  /**
   * Let every control set its trait.
   *
   * @param {AbortSignal} signal
   * @param {Session} session
   */
  const connect = (signal, session) => {
    /** @param {Partial<Traits>} traits */
    const set = (traits) => {
      setTraits(model, traits);
      model.save_changes();
    };
    /**
     * @param {HTMLElement | {input: HTMLElement}} control
     * @param {"click" | "input" | "change"} type
     * @param {() => void} listener
     */
    const on = (control, type, listener) =>
      listen(signal, "input" in control ? control.input : control, type, listener);
    on(controls.play, "click", () => set({ playing: !model.get("playing") }));
    on(controls.step, "click", () => session.request("step"));
    on(controls.reset, "click", () => session.request("reset"));
    for (const { group, button } of controls.actions) {
      on(button, "click", () => session.request(group));
    }
    on(controls.regularizer.root, "change", () => set({ regularizer: controls.regularizer.value }));
    on(controls.lam, "input", () => set({ lam: lams.toValue(controls.lam.input.valueAsNumber) }));
    on(controls.components, "input", () =>
      set({ n_components: controls.components.input.valueAsNumber }),
    );
    on(controls.speed, "input", () => set({ speed: speeds[controls.speed.input.valueAsNumber] }));
    on(controls.size, "input", () =>
      set({ start_size: sizes.toValue(controls.size.input.valueAsNumber) }),
    );
    on(controls.seed, "change", () => set({ seed: controls.seed.accepted(model.get("seed")) }));
    on(controls.rate, "change", () =>
      set({ learning_rate: controls.rate.accepted(model.get("learning_rate")) }),
    );
    on(controls.automatic, "change", () => {
      const chosen = Math.min(session.descent().rate || 0.01, mostRate);
      set({ learning_rate: controls.automatic.input.checked ? 0 : chosen });
    });
    on(controls.problem, "change", () => session.settle(settingsOf(model, controls.problem.value)));
  };
  return { ...controls, show, connect };
}

/** @param {number} speed in tenths of the pace for watching */
const saySpeed = (speed) => `× ${sayNumber(speed / 10)}`;

/**
 * The traits that go with a problem; what a preset does not bring along stays, if it fits.
 *
 * @param {import("../traits.d.ts").Model<Traits>} model
 * @param {string} name
 * @returns {Partial<Traits>}
 */
function settingsOf(model, name) {
  const problem = model.get("_problems")[name];
  const k = Math.min(model.get("n_components"), mostComponents(problem));
  const { reason: _, ...settings } = {
    reason: "",
    learning_rate: 0,
    n_components: k,
    ...problem.preset,
  };
  return { playing: false, problem: name, ...settings };
}
