/** The explorer's controls: each shows a trait and sets it. */

import {
  make,
  makeButton,
  makeCheckbox,
  makeName,
  makeNumber,
  makeSelect,
  makeSlider,
  setText,
} from "./elements.js";
import { mostComponents } from "./link.js";
import { makeScrubber } from "./scrubber.js";
import { INVARIANCE_GROUPS } from "../numerics/constants.js";
import { REGULARIZERS } from "../numerics/regularizers.js";
import { setTraits } from "./model.js";
import { sayNumber } from "./numbers.js";
import { listen } from "./listening.js";

/**
 * @typedef {import("../traits.d.ts").ExplorerTraits} Traits
 * @typedef {import("./explorer_session.js").Session} Session
 * @typedef {import("../numerics/random.js").Group} Group
 * @typedef {import("../numerics/regularizers.js").Regularizer} Regularizer
 */

const LAM_POSITIONS = 160;
const START_POSITIONS = 60;
const USUAL_SPEED = 10;

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

/** The four losses, each with the group that it cannot see under its name: radio buttons, large. */
function makeLosses() {
  const name = makeName();
  const choices = REGULARIZERS.map((value) => {
    const [said, group] = [makeName(), makeName()];
    const input = make("input", {
      type: "radio",
      name,
      value,
      "aria-labelledby": said,
      "aria-describedby": group,
    });
    const [first, ...others] = value.split(" ");
    const label = make("label", {}, [
      input,
      make(
        "span",
        { id: said, text: first },
        others.map((word) => make("span", { text: ` ${word}`, class: "lae-unseen" })),
      ),
      make("small", { id: group, text: INVARIANCE_GROUPS[value].replace("^k", "ᵏ") }),
    ]);
    return { input, label };
  });
  const root = make("fieldset", { class: "lae-losses" }, [
    make("legend", {
      class: "lae-unseen",
      text: "regulariser, and the group that the loss cannot see",
    }),
    ...choices.map(({ label }) => label),
  ]);
  return {
    root,
    /** @param {Regularizer} chosen */
    show(chosen) {
      for (const { input } of choices) input.checked = input.value === chosen;
    },
    inputs: choices.map(({ input }) => input),
  };
}

/**
 * @param {AbortSignal} signal
 * @param {import("../traits.d.ts").Model<Traits>} model
 * @param {ReturnType<typeof import("./explorer_kicks.js").makeKicks>["buttons"]} kicks
 */
export function makeControls(signal, model, kicks) {
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
    losses: makeLosses(),
    play: makeButton("Play", { class: "lae-primary" }),
    scrubber: makeScrubber(signal),
    cancel: makeButton("Stop here", { hidden: true }),
    status: make("p", { class: "lae-status lae-small", "aria-hidden": "true" }),
    step: makeButton("One step"),
    reset: makeButton("Reset"),
    speed: makeSlider({
      label: "speed",
      min: 0,
      max: speeds.length - 1,
      say: () => `× ${sayNumber(model.get("speed") / USUAL_SPEED)}`,
    }),
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
  };
  const deck = make("div", { class: "lae-deck" }, [
    controls.losses.root,
    make("div", { class: "lae-transport" }, [
      controls.play,
      controls.scrubber.root,
      controls.cancel,
    ]),
    controls.status,
  ]);
  const settings = make("div", { class: "lae-row lae-settings" }, [
    controls.lam.root,
    controls.components.root,
    controls.speed.root,
    controls.step,
    controls.reset,
  ]);

  /** Show the traits, and what can be done now. @param {Session} session */
  const show = (session) => {
    const problem = problems[model.get("problem")];
    const { rate } = session.descent();
    const state = session.state();
    const { looking } = session.timeline();
    const moving = model.get("playing");
    const retracing = state === "retracing";
    const stuck = retracing || (state === "diverged" && !looking);
    setText(controls.play, moving ? "Pause" : looking ? "Play from here" : "Play");
    disable(controls.play, stuck);
    disable(controls.step, stuck || moving);
    disable(controls.reset, retracing);
    for (const { button } of kicks) disable(button, stuck);
    controls.cancel.hidden = !retracing;
    controls.losses.show(model.get("regularizer"));
    controls.lam.value = lams.toPosition(model.get("lam"));
    disable(controls.lam.input, model.get("regularizer") === "none");
    const most = String(mostComponents(problem));
    if (controls.components.input.max !== most) controls.components.input.max = most;
    controls.components.value = model.get("n_components");
    controls.size.value = sizes.toPosition(model.get("start_size"));
    controls.speed.value = speeds.reduce(
      (best, speed, i) => (speed <= model.get("speed") ? i : best),
      0,
    );
    controls.seed.value = model.get("seed");
    controls.problem.value = model.get("problem");
    const own = model.get("learning_rate");
    if (controls.automatic.input.checked !== (own === 0)) {
      controls.automatic.input.checked = own === 0;
    }
    controls.rate.value = own || rate || "";
    controls.rate.input.disabled = own === 0;
  };

  /**
   * Let every control set its trait.
   *
   * @param {Session} session
   */
  const connect = (session) => {
    /** @param {Partial<Traits>} traits */
    const set = (traits) => {
      setTraits(model, traits);
      model.save_changes();
    };
    /**
     * What is disabled keeps the focus, does nothing, and shows again what holds.
     *
     * @param {HTMLElement | {input: HTMLElement}} control
     * @param {"click" | "input" | "change"} type
     * @param {() => void} listener
     */
    const on = (control, type, listener) => {
      const element = "input" in control ? control.input : control;
      listen(signal, element, type, () =>
        element.getAttribute("aria-disabled") === "true" ? show(session) : listener(),
      );
    };
    /** @param {Regularizer} regularizer to let go under, at once */
    const choose = (regularizer) => set({ regularizer, playing: session.state() !== "diverged" });
    for (const input of controls.losses.inputs) {
      on(input, "click", () => choose(/** @type {Regularizer} */ (input.value)));
    }
    on(controls.play, "click", () => set({ playing: !model.get("playing") }));
    on(controls.scrubber, "input", () => session.look(controls.scrubber.input.valueAsNumber));
    on(controls.scrubber.now, "click", () => session.look(session.timeline().count - 1));
    on(controls.cancel, "click", () => {
      session.cancel();
      controls.play.focus();
    });
    on(controls.step, "click", () => session.request("step"));
    on(controls.reset, "click", () => session.request("reset"));
    for (const { group, button } of kicks) on(button, "click", () => session.request(group));
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
    return { choose };
  };
  return { ...controls, deck, settings, show, connect };
}

/** @param {HTMLElement} element that keeps the focus it may have @param {boolean} disabled */
function disable(element, disabled) {
  element.setAttribute("aria-disabled", String(disabled));
}

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
