/**
 * The descent of one model, whatever shows it: the traits say what is wanted, the session does it.
 *
 * @typedef {import("../traits.d.ts").ExplorerTraits} Traits
 * @typedef {import("../traits.d.ts").Model<Traits>} Model
 * @typedef {import("../numerics/random.js").Group} Group
 * @typedef {import("../numerics/descent.js").Entry} Entry
 * @typedef {import("../numerics/descent.js").Loss} Loss
 * @typedef {"step" | "reset" | Group} Request
 * @typedef {{group: Group, before: Loss, after: Loss | null}} LastAction
 * @typedef {object} Session
 * @property {() => import("../numerics/descent.js").Descent} descent
 * @property {() => boolean} busy whether the next frames have work
 * @property {() => number} left recorded steps still to be retraced
 * @property {(milliseconds: number) => void} work
 * @property {(name: Request) => void} request
 * @property {(traits: Partial<Traits>, entries?: Entry[]) => void} settle
 * @property {() => boolean} retracing
 * @property {() => LastAction | null} lastAction
 * @property {(listener: () => void) => () => void} watch gives what ends it
 */

import { readDoubles, readSmallIntegers, writeDoubles } from "./bytes.js";
import { setTraits } from "./model.js";
import { makePenalty } from "../numerics/regularizers.js";
import { transposed } from "../numerics/starts.js";
import { act, advance, lossOf, retrace, startDescent } from "../numerics/descent.js";

const FRAME_BUDGET = 11; // milliseconds of a frame that the descent may take
const CHUNK = 20; // most steps between two looks at the clock

/** @type {WeakMap<object, Session>} */
const sessions = new WeakMap();

/**
 * The one session of a model. JupyterLab hands every view a model object of its own, whose listeners
 * end with the view; one and the same in all of them are the problems.
 *
 * @param {Model} model that of `initialize`, the first time
 * @returns {Session}
 */
export function sessionOf(model) {
  const key = model.get("_problems");
  const session = sessions.get(key) ?? createSession(model);
  sessions.set(key, session);
  return session;
}

/** @param {Model} model @returns {Session} */
function createSession(model) {
  /** @type {Set<() => void>} */
  const watchers = new Set();
  const notify = () => watchers.forEach((listener) => listener());
  let descent = begin();
  /** @type {Entry[]} */
  let ahead = [];
  let lastFrame = -1;
  /** @type {LastAction | null} */
  let lastAction = null;
  let settling = false;

  function begin() {
    const problem = readProblem(model);
    // Python sets a problem and its width one after the other: never wider than there is room.
    const k = Math.min(model.get("n_components"), problem.variances.length);
    return startDescent(problem, k, model.get("seed"), model.get("start_size"));
  }

  /** Take new starting weights, and the way from there. @param {Entry[]} entries */
  function restart(entries) {
    descent = begin();
    ahead = structuredClone(entries);
    lastAction = null;
    if (!ahead.length) report();
    notify();
  }

  /**
   * Set traits that belong together: after the last of them the descent begins anew, once.
   *
   * @param {Partial<Traits>} traits
   * @param {Entry[]} [entries]
   */
  function settle(traits, entries = []) {
    settling = true;
    setTraits(model, traits);
    settling = false;
    restart(entries);
  }

  /** Tell Python, and whoever else listens, what the weights are. */
  function report() {
    const { W, V, n, k } = descent.weights;
    model.set(
      "walk",
      descent.walk.map((entry) => [...entry]),
    );
    model.set("_encoder", writeDoubles(transposed(V, n, k)));
    model.set("_decoder", writeDoubles(W));
    model.save_changes();
  }

  /** Few steps at a time at the beginning, where the curves are steep. */
  const chunk = () => Math.min(CHUNK, 1 + Math.floor(descent.steps / 10));

  /** @param {number} count */
  function train(count) {
    advance(descent, model.get("regularizer"), model.get("lam"), model.get("learning_rate"), count);
  }

  /** @param {number} frame the frame's time: two views of one model do its work once */
  function work(frame) {
    if (frame === lastFrame) return;
    lastFrame = frame;
    const until = performance.now() + FRAME_BUDGET;
    if (ahead.length) {
      while (ahead.length && performance.now() < until) retrace(descent, ahead, chunk());
      if (!ahead.length) report();
    } else {
      const speed = model.get("speed");
      const end = descent.steps + speed;
      while (
        descent.steps < end &&
        performance.now() < until &&
        !descent.diverged &&
        !descent.stationary
      ) {
        train(Math.min(chunk(), end - descent.steps));
      }
      if (descent.diverged || descent.stationary) model.set("playing", false);
    }
    notify();
  }

  /** @param {Group} group */
  function applyGroup(group) {
    const penalty = makePenalty(
      model.get("regularizer"),
      model.get("lam"),
      descent.weights.k,
      descent.problem.spread,
    );
    const before = lossOf(descent, penalty);
    const after = act(descent, group) ? lossOf(descent, penalty) : null;
    lastAction = { group, before, after };
    if (!model.get("playing")) report();
  }

  /** Step, reset, or let an element of the group of that name act. @param {Request} name */
  function request(name) {
    if (name === "reset") {
      model.set("playing", false);
      restart([]);
      return;
    }
    if (ahead.length || descent.diverged) return;
    if (name === "step") {
      train(1);
      report();
    } else applyGroup(name);
    notify();
  }

  const isHere = () => JSON.stringify(model.get("walk")) === JSON.stringify(descent.walk);
  model.on("change:walk", () => isHere() || restart(model.get("walk")));
  for (const name of ["problem", "n_components", "seed", "start_size"]) {
    model.on(`change:${name}`, () => settling || restart([]));
  }
  for (const name of ["regularizer", "lam", "learning_rate"]) {
    model.on(`change:${name}`, () => {
      descent.stationary = false;
      lastAction = null;
      notify();
    });
  }
  model.on("change:playing", () => {
    if (!model.get("playing") && !ahead.length) report();
    notify();
  });
  model.on("change:_request", () => {
    const [name] = model.get("_request");
    if (name) request(name);
  });
  restart(model.get("walk"));

  return {
    descent: () => descent,
    lastAction: () => lastAction,
    busy: () => ahead.length > 0 || (model.get("playing") && !descent.diverged),
    left: () => ahead.reduce((sum, entry) => sum + (entry.length === 4 ? entry[3] : 0), 0),
    retracing: () => ahead.length > 0,
    work,
    request,
    settle,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  };
}

/** @param {Model} model @returns {import("../numerics/descent.js").Problem} */
function readProblem(model) {
  const { spectrum, reference, ...others } = model.get("_problems")[model.get("problem")];
  return {
    ...others,
    spectrum: Float64Array.from(spectrum),
    reference: reference && Float64Array.from(reference),
  };
}

/**
 * How coordinates become images, for the model's present problem.
 *
 * @param {Model} model
 * @returns {import("./explorer_view.js").Pixels}
 */
export function readPixelBasis(model) {
  const { basis, spectrum, layout } = model.get("_problems")[model.get("problem")];
  if (basis) return { basis, layout, count: basis.length / spectrum.length };
  const levels = readSmallIntegers(model.get("_basis"));
  const scales = readDoubles(model.get("_basis_scales"));
  const count = levels.length / scales.length;
  return {
    basis: Float32Array.from(levels, (level, i) => level * scales[Math.floor(i / count)]),
    layout,
    count,
  };
}
