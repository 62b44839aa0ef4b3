/** The mirror figure: a layer's feedback weights learn the transpose while one watches. */

import { compareFeedback, startFeedback, stepFeedback } from "./numerics/mirror.js";
import { readDoubles, readSmallIntegers } from "./parts/bytes.js";
import { readTheme } from "./parts/colours.js";
import { make, makeAnnouncer, makeButton, makeChoice } from "./parts/elements.js";
import { makeCompass } from "./parts/feedback_compass.js";
import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import { follow, listen, onEnd } from "./parts/listening.js";
import { makeSample } from "./parts/plot.js";
import { makeMirrorImages } from "./parts/mirror_images.js";
import { describeMirror, describeNeedles } from "./parts/mirror_words.js";

/**
 * @typedef {import("./traits.d.ts").MirrorTraits} Traits
 * @typedef {import("./traits.d.ts").Model<Traits>} Model
 */

const RUN_SECONDS = 10;
const SAID_EVERY = 0.15; // seconds, while it runs
const BUDGET = 8; // milliseconds of a frame for steps that nobody watches

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const learner = makeLearner(model);
  const { runs, run } = model.get("_settings");
  const choice = makeChoice({
    label: "The way back learns by",
    options: Object.keys(model.get("rests")),
  });
  const looks = model.get("looks");
  choice.labels.forEach((label, i) =>
    label.lastElementChild?.append(makeSample(looks[choice.inputs[i].value])),
  );
  const play = makeButton("pause", { class: "lae-primary" });
  const anew = makeButton("start over");
  const images = makeMirrorImages();
  const compass = makeCompass("needle: B; rings: where each comes to rest");
  const announcer = makeAnnouncer(signal);
  const root = make("div", { class: "lae-live lae-mirror" }, [
    choice.root,
    make("div", { class: "lae-row" }, [play, anew]),
    announcer.root,
    make("div", { class: "lae-mirror-scene" }, [images.root, compass.root]),
  ]);
  let playing = false;
  let due = 0;
  let silent = SAID_EVERY;

  const draw = () => {
    const { label, count } = learner.now();
    const found = compareFeedback(learner.layer, learner.feedback.B);
    choice.value = label;
    images.draw(learner.layer, found, readTheme(root));
    compass.draw(...describeNeedles(model, label, found));
    play.textContent = playing ? "pause" : count < run ? "play" : "run again";
    if (!playing || silent >= SAID_EVERY) {
      silent = 0;
      announcer.say(describeMirror(model, label, count, found));
    }
  };
  const redraw = onNextFrame(signal, draw);
  const keep = () => {
    model.set("walk", learner.walk());
    model.save_changes();
  };
  /** @param {boolean} wanted */
  const setPlaying = (wanted) => {
    playing = wanted;
    due = 0;
    loop.run(playing);
    redraw();
  };
  const rest = () => {
    setPlaying(false);
    keep();
  };
  const loop = createLoop(signal, root, (_, seconds) => {
    due += (seconds * run) / RUN_SECONDS;
    silent += seconds;
    while (due >= 1 && learner.step()) due -= 1;
    if (learner.now().count >= run) rest();
    draw();
  });
  const catchUp = makeCatchUp(signal, learner, redraw);
  /** Let the present run go on; at once to its end where motion is not welcome. */
  const go = () => {
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) return setPlaying(true);
    const [label] = learner.walk()[learner.walk().length - 1];
    return catchUp([...learner.walk().slice(0, -1), [label, run]], keep);
  };
  /** @param {string} label */
  const begin = (label) => {
    const walk = learner.walk().filter(([, count]) => count > 0);
    if (walk.length >= runs) learner.restart();
    learner.begin(label);
    go();
  };
  listen(signal, choice.root, "change", () => begin(choice.value));
  listen(signal, play, "click", () => {
    const { label, count } = learner.now();
    if (playing) rest();
    else if (count < run) go();
    else begin(label);
  });
  listen(signal, anew, "click", () => {
    const { label } = learner.now();
    learner.restart();
    begin(label);
  });
  follow(signal, model, ["walk", "seed"], () => {
    if (learner.is(model)) return;
    setPlaying(false);
    learner.restart();
    catchUp(model.get("walk"), redraw);
  });
  el.append(root);
  watchLooks(signal, root, redraw);
  const [first, ...others] = model.get("walk");
  const fresh = others.length === 0 && first[1] === 0;
  if (!fresh) catchUp(model.get("walk"), redraw);
  else if (!matchMedia("(prefers-reduced-motion: reduce)").matches) setPlaying(true);
  draw();
  return () => ending.abort();
}

/**
 * Feedback, and the runs that led to it.
 *
 * @param {Model} model
 */
function makeLearner(model) {
  const [above, below] = model.get("shape");
  const layer = {
    above,
    below,
    W: readDoubles(model.get("_weights")),
    activity: readSmallIntegers(model.get("_activity")),
    scale: model.get("_scale"),
  };
  const settings = model.get("_settings");
  let seed = model.get("seed");
  /** @type {Traits["walk"]} */
  let walk = [[model.get("walk")[0][0], 0]];
  let feedback = startFeedback(layer, seed);
  return {
    layer,
    get feedback() {
      return feedback;
    },
    now() {
      const [label, count] = walk[walk.length - 1];
      return { label, count };
    },
    walk: () => walk.map(([label, count]) => /** @type {[string, number]} */ ([label, count])),
    /** @param {Model} other @returns {boolean} whether this is what a model holds */
    is: (other) =>
      other.get("seed") === seed && JSON.stringify(other.get("walk")) === JSON.stringify(walk),
    restart() {
      seed = model.get("seed");
      walk = [[walk[0][0], 0]];
      feedback = startFeedback(layer, seed);
    },
    /** @param {string} label of a new run */
    begin(label) {
      walk = walk.filter(([, count]) => count > 0);
      walk.push([label, 0]);
    },
    /** @returns {boolean} whether there was a step left in this run */
    step() {
      const last = walk[walk.length - 1];
      if (last[1] >= settings.run) return false;
      stepFeedback(feedback, layer, model.get("_rules")[last[0]], last[1], settings);
      last[1] += 1;
      return true;
    },
  };
}

/**
 * Take the steps of a walk that are missing, unseen, a few milliseconds a frame.
 *
 * @param {AbortSignal} signal
 * @param {ReturnType<typeof makeLearner>} learner
 * @param {() => void} redraw
 */
function makeCatchUp(signal, learner, redraw) {
  let frame = 0;
  onEnd(signal, () => cancelAnimationFrame(frame));
  /** @param {Traits["walk"]} walk to take @param {() => void} done */
  return function start(walk, done) {
    cancelAnimationFrame(frame);
    const wanted = walk.filter(([, count], i) => count > 0 || i === walk.length - 1);
    const go = () => {
      const until = performance.now() + BUDGET;
      while (performance.now() < until) {
        const taken = learner.walk();
        const i = taken.length - 1;
        const [label, count] = wanted[i];
        if (i === 0 && taken[0][1] === 0) learner.begin(label);
        if (learner.now().count < count) learner.step();
        else if (i < wanted.length - 1) learner.begin(wanted[i + 1][0]);
        else {
          redraw();
          return done();
        }
      }
      frame = requestAnimationFrame(go);
      return undefined;
    };
    go();
  };
}

export default { render };
