/**
 * The descent of one model, whatever shows it: the traits say what is wanted, the session does it.
 *
 * @typedef {import("../traits.d.ts").ExplorerTraits} Traits
 * @typedef {import("../traits.d.ts").Model<Traits>} Model
 * @typedef {import("../numerics/random.js").Group} Group
 * @typedef {import("../numerics/descent.js").Descent} Descent
 * @typedef {import("../numerics/descent.js").Entry} Entry
 * @typedef {import("../numerics/descent.js").Loss} Loss
 * @typedef {import("../numerics/timeline.js").Mark} Mark
 * @typedef {"step" | "reset" | Group} Request
 * @typedef {"paused" | "playing" | "resting" | "diverged" | "retracing"} State
 * @typedef {{group: Group, before: Loss, after: Loss | null}} LastAction
 * @typedef {object} Timeline
 * @property {number} count of the moments, the present one included: the last
 * @property {number} index of the one shown
 * @property {boolean} looking whether that is an earlier one
 * @property {(Mark & {index: number, step: number})[]} marks
 * @typedef {object} Session
 * @property {() => Descent} descent the moment shown
 * @property {() => Descent} present the end of the walk
 * @property {() => State} state
 * @property {() => boolean} busy whether the next frames have work
 * @property {(milliseconds: number, seconds: number) => void} work time of a frame, and since the last
 * @property {() => {stepsPerSecond: number}} pace as it really is
 * @property {(name: Request) => void} request
 * @property {(traits: Partial<Traits>, entries?: Entry[]) => void} settle
 * @property {() => Timeline} timeline
 * @property {(index: number) => void} look show a moment; nothing else happens
 * @property {() => boolean} retracing
 * @property {() => number} left recorded steps still to be retraced
 * @property {() => number} progress of that, from 0 to 1
 * @property {() => void} cancel stay where the retracing has come to
 * @property {() => LastAction | null} lastAction
 * @property {(listener: () => void) => () => void} watch gives what ends it
 */

import { readDoubles, readSmallIntegers, writeDoubles } from "./bytes.js";
import { startRetracing } from "./explorer_retracing.js";
import { setTraits } from "./model.js";
import { makePenalty } from "../numerics/regularizers.js";
import { transposed } from "../numerics/starts.js";
import { act, advance } from "../numerics/descent.js";
import { lossOf } from "../numerics/loss.js";
import { passTime, spend, startPace } from "../numerics/pace.js";
import { beginAt } from "../numerics/retracing.js";
import { lookAt, returnTo } from "../numerics/timeline.js";

const FRAME_BUDGET = 4; // milliseconds of a frame that the descent may take
const CHUNK = 20; // most steps between two looks at the clock
const UNIT = 10; // the speed at which a second of watching is a second
const SMOOTHING = 0.5; // seconds over which the pace is measured

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
  let present = beginAt(startOf([]));
  /** @type {{index: number, descent: Descent, loss: Pick<Traits, "regularizer" | "lam">} | null} */
  let past = null; // what is looked back at, and the loss to return to
  /** @type {import("./explorer_retracing.js").Retracing | null} */
  let retracing = null;
  let changed = false; // whether another loss or rate was chosen meanwhile
  let pace = startPace();
  let stepsPerSecond = 0;
  let lastFrame = -1;
  /** @type {LastAction | null} */
  let lastAction = null;
  let settling = false;

  /** @param {Entry[]} entries @returns {import("../numerics/retracing.js").Start} */
  function startOf(entries) {
    const problem = readProblem(model);
    // Python sets a problem and its width one after the other: never wider than there is room.
    const k = Math.min(model.get("n_components"), problem.variances.length);
    return { problem, k, seed: model.get("seed"), size: model.get("start_size"), entries };
  }

  const shown = () => retracing?.descent() ?? past?.descent ?? present;

  /** Take new starting weights, and the way from there. @param {Entry[]} entries */
  function restart(entries) {
    retracing?.end();
    retracing = null;
    changed = false;
    past = null;
    lastAction = null;
    present = beginAt(startOf([]));
    touch();
    if (entries.length) retracing = startRetracing(model, startOf(entries), arrive);
    else report();
    notify();
  }

  /** Go on from where the retracing is, if it is over. */
  function arrive() {
    (retracing?.isOver() ? cancel : notify)();
  }

  function cancel() {
    if (!retracing) return;
    retracing.end();
    present = retracing.descent();
    retracing = null;
    if (changed) present.stationary = false; // at rest under the loss of the walk
    changed = false;
    report();
    notify();
  }

  /** @param {Partial<Traits>} traits */
  function setQuietly(traits) {
    settling = true;
    setTraits(model, traits);
    settling = false;
  }

  /**
   * Set traits that belong together: after the last of them the descent begins anew, once.
   *
   * @param {Partial<Traits>} traits
   * @param {Entry[]} [entries]
   */
  function settle(traits, entries = []) {
    setQuietly(traits);
    restart(entries);
  }

  /** Tell Python, and whoever else listens, what the weights are. */
  function report() {
    const { weights, walk } = shown();
    const { W, V, n, k } = weights;
    model.set(
      "walk",
      walk.map((entry) => [...entry]),
    );
    model.set("_encoder", writeDoubles(transposed(V, n, k)));
    model.set("_decoder", writeDoubles(W));
    model.save_changes();
  }

  /** What was touched has to be seen: slowly again. */
  function touch() {
    pace = startPace();
  }

  /** @param {number} index of a moment */
  function look(index) {
    const { moments } = present.timeline;
    if (retracing || !(index >= 0)) return;
    if (model.get("playing")) model.set("playing", false);
    const loss = past?.loss ?? {
      regularizer: model.get("regularizer"),
      lam: model.get("lam"),
    };
    if (index >= moments.length) {
      past = null;
      setQuietly(loss);
    } else {
      const descent = returnTo(present, index);
      past = { index, descent, loss };
      const stretch = descent.history[descent.history.length - 1] ?? present.history[0] ?? loss;
      setQuietly({ regularizer: stretch.regularizer, lam: stretch.lam });
    }
    lastAction = null;
    report();
    notify();
  }

  /** From a moment that was looked back at: what came after it is no more. */
  function goOn() {
    if (!past) return;
    present = past.descent;
    past = null;
    touch();
  }

  /** @param {number} count @returns {number} steps taken */
  function train(count) {
    const before = present.steps;
    const rate = model.get("learning_rate");
    advance(present, model.get("regularizer"), model.get("lam"), rate, count);
    return present.steps - before;
  }

  /**
   * @param {number} frame the frame's time: two views of one model do its work once
   * @param {number} seconds since the last frame
   */
  function work(frame, seconds) {
    if (frame === lastFrame) return;
    lastFrame = frame;
    const until = performance.now() + FRAME_BUDGET;
    if (retracing) {
      retracing.work(until);
      arrive();
      return;
    }
    goOn();
    const due = passTime(pace, (seconds * model.get("speed")) / UNIT);
    let taken = 0;
    while (taken < due && performance.now() < until && !present.diverged && !present.stationary) {
      taken += train(Math.min(CHUNK, due - taken));
    }
    const turned = taken > 0 ? lookAt(present) : 0;
    spend(pace, taken, turned);
    measure(seconds, taken);
    if (present.diverged) model.set("playing", false);
    else if (present.stationary) report();
    notify();
  }

  /** @param {number} seconds @param {number} steps */
  function measure(seconds, steps) {
    const share = Math.min(seconds / SMOOTHING, 1);
    stepsPerSecond += share * (steps / (seconds || 1) - stepsPerSecond);
  }

  /** @param {Group} group */
  function applyGroup(group) {
    const { weights, problem } = present;
    const penalty = makePenalty(
      model.get("regularizer"),
      model.get("lam"),
      weights.k,
      problem.spread,
    );
    const before = lossOf(present, penalty);
    const after = act(present, group) ? lossOf(present, penalty) : null;
    lastAction = { group, before, after };
    touch();
    if (!model.get("playing")) report();
  }

  /** Step, reset, or let an element of the group of that name act. @param {Request} name */
  function request(name) {
    if (name === "reset") {
      model.set("playing", false);
      restart([]);
      return;
    }
    if (retracing || shown().diverged) return;
    goOn();
    if (name === "step") {
      train(1);
      lookAt(present);
      report();
    } else applyGroup(name);
    notify();
  }

  /** @returns {State} */
  function state() {
    if (retracing) return "retracing";
    if (shown().diverged) return "diverged";
    if (!model.get("playing")) return "paused";
    return shown().stationary ? "resting" : "playing";
  }

  /** @returns {Timeline} */
  function timeline() {
    const { moments } = (retracing?.descent() ?? present).timeline;
    return {
      count: moments.length + 1,
      index: past ? past.index : moments.length,
      looking: past !== null,
      marks: moments.flatMap(({ mark, step }, index) => (mark ? [{ ...mark, index, step }] : [])),
    };
  }
  const isHere = () => JSON.stringify(model.get("walk")) === JSON.stringify(shown().walk);
  model.on("change:walk", () => isHere() || restart(model.get("walk")));
  for (const name of ["problem", "n_components", "seed", "start_size"]) {
    model.on(`change:${name}`, () => settling || restart([]));
  }
  for (const name of ["regularizer", "lam", "learning_rate"]) {
    model.on(`change:${name}`, () => {
      if (settling) return;
      changed = retracing !== null;
      shown().stationary = false;
      lastAction = null;
      touch();
      notify();
    });
  }
  model.on("change:playing", () => {
    stepsPerSecond = 0;
    if (!model.get("playing") && !retracing) report();
    notify();
  });
  model.on("change:_request", () => {
    const [name] = model.get("_request");
    if (name) request(name);
  });
  restart(model.get("walk"));

  return {
    descent: shown,
    present: () => retracing?.descent() ?? present,
    state,
    busy: () => (retracing ? !retracing.isAway() : state() === "playing"),
    work,
    pace: () => ({ stepsPerSecond: state() === "playing" ? stepsPerSecond : 0 }),
    request,
    settle,
    timeline,
    look,
    retracing: () => retracing !== null,
    left: () => retracing?.left() ?? 0,
    progress: () => retracing?.progress() ?? 1,
    cancel,
    lastAction: () => lastAction,
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
