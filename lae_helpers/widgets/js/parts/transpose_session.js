/**
 * The run of one model, whatever shows it: it goes by the clock, and turns the price on by itself
 * once, unless the reader has touched anything before.
 *
 * @typedef {import("../traits.d.ts").TransposeTraits} Traits
 * @typedef {import("../traits.d.ts").Model<Traits>} Model
 * @typedef {ReturnType<typeof createSession>} Session
 */

import { addPoint, beginTrace } from "./gap_trace.js";
import { readDoubles } from "./bytes.js";
import { setTraits } from "./model.js";
import { transposeGap } from "../numerics/autoencoder.js";
import { advanceRun, startRun } from "../numerics/timed_descent.js";

const FREE_SECONDS = 4; // without the price, before the figure turns it on
const REST_SECONDS = 25; // of motion after a start or a switch: then nothing moves that one sees

/** @type {WeakMap<object, Session>} */
const sessions = new WeakMap();

/**
 * The one session of a model. JupyterLab hands every view a model object of its own; one and the
 * same in all of them are the sizes of a start.
 *
 * @param {Model} model that of `initialize`, the first time
 */
export function sessionOf(model) {
  const key = model.get("_sizes");
  const session = sessions.get(key) ?? createSession(model);
  sessions.set(key, session);
  return session;
}

/** @param {Model} model */
function createSession(model) {
  const spectrum = readDoubles(model.get("_spectrum"));
  let untouched = true;
  let byItself = false;
  let lastFrame = -1;

  function begin() {
    const run = startRun(spectrum, {
      k: model.get("n_components"),
      seed: model.get("seed"),
      size: model.get("_sizes")[model.get("start")],
      lam: model.get("lam"),
    });
    // Differences at the last switch, whether there was a price before, and the way to here.
    const from = transposeGap(run.weights);
    const trace = beginTrace();
    addPoint(trace, 0, from);
    return { run, from, priced: model.get("price"), seconds: 0, trace };
  }
  let now = begin();

  for (const name of /** @type {const} */ (["seed", "start"])) {
    model.on(`change:${name}`, () => {
      now = begin();
      untouched = false;
      byItself = false;
    });
  }
  model.on("change:price", () => {
    now.run.since = 0;
    now.from = transposeGap(now.run.weights);
    now.trace.switches.push([now.seconds, model.get("price")]);
    now.priced ||= model.get("price");
    untouched = false;
  });

  /** @param {number} frame its time: two views of one model do its work once @param {number} seconds */
  function work(frame, seconds) {
    if (frame === lastFrame || !busy()) return;
    lastFrame = frame;
    advanceRun(now.run, model.get("price"), seconds);
    now.seconds += seconds;
    addPoint(now.trace, now.seconds, transposeGap(now.run.weights));
    byItself &&= model.get("price");
    if (untouched && !model.get("price") && now.run.since >= FREE_SECONDS) {
      setTraits(model, { price: true });
      model.save_changes();
      byItself = true;
    }
  }
  const busy = () => model.get("playing") && now.run.since < REST_SECONDS;

  return {
    work,
    busy,
    /** The run, the difference when it was last started or switched, whether it was ever priced, its trace. */
    now: () => now,
    /** Whether the figure, and not the reader, has turned the price on. */
    byItself: () => byItself && model.get("price"),
    resting: () => now.run.since >= REST_SECONDS,
  };
}
