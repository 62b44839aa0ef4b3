/** The feedback figure: recorded trainings with learned feedback, rule by rule and layer by layer. */

import { setTraits } from "./parts/model.js";
import { createLoop, onNextFrame, watchLooks } from "./parts/frames.js";
import {
  make,
  makeAnnouncer,
  makeButton,
  makeCheckbox,
  makeChoice,
  makeSlider,
} from "./parts/elements.js";
import { makeSample } from "./parts/plot.js";
import { makeTraining } from "./parts/feedback_training.js";
import { makeViews } from "./parts/feedback_views.js";
import { describeRuns } from "./parts/feedback_words.js";
import { lastEpochOf } from "./numerics/feedback_runs.js";
import { follow, listen } from "./parts/listening.js";

/**
 * @typedef {import("./traits.d.ts").FeedbackTraits} Traits
 * @typedef {import("./traits.d.ts").Model<Traits>} Model
 * @typedef {import("./parts/feedback_views.js").Looks} Looks
 */

const EPOCH_MILLISECONDS = 350;
/** @type {Looks[]} for rules that have no looks of their own */
const LOOKS = [[], [3, 2], [1, 1.5]].flatMap((dash) =>
  /** @type {const} */ (["first", "second", "third", "fourth"]).map((colour) => ({ colour, dash })),
);
/** @type {Looks} */
const FRESH_LOOKS = { colour: "alarm", dash: [3, 2] };
/** @type {Record<string, import("./parts/feedback_views.js").AnglesOf>} */
const ANGLES = {
  "feedback B to the transpose Wᵀ": { name: "weightAngles", first: 2 },
  "error fed back to the true error": { name: "errorAngles", first: 1 },
};

/** @param {import("./traits.d.ts").View<Traits>} view */
function render({ model, el }) {
  const ending = new AbortController();
  const { signal } = ending;
  const networks = makeChoice({ label: "network", options: Object.keys(model.get("records")) });
  const rules = model.get("labels").map((label) => ({ label, ...makeCheckbox(label) }));
  for (const { label, root } of rules) root.append(makeSample(looksOf(model, label)));
  const ruleBox = make("fieldset", { class: "lae-choice" }, [
    make("legend", { text: "rules" }),
    ...rules.map(({ root }) => root),
  ]);
  const slider = makeSlider({
    label: "epoch",
    min: 0,
    max: 1,
    say: (epoch) => `${epoch} of ${slider.input.max}`,
  });
  const play = makeButton("play");
  const angles = makeChoice({
    label: "angles over the epochs, degrees:",
    options: Object.keys(ANGLES),
  });
  const announcer = makeAnnouncer(signal);
  const views = makeViews();
  const training = makeTraining(signal, model);
  const root = make("div", { class: "lae-live lae-feedback" }, [
    networks.root,
    ruleBox,
    make("div", { class: "lae-row" }, [slider.root, play]),
    announcer.root,
    views.accuracy.root,
    views.compasses,
    angles.root,
    views.layers,
    training.root,
  ]);
  angles.value = Object.keys(ANGLES)[0];

  const draw = () => {
    const shown = listShown(model);
    const last = lastEpochFor(model);
    const epoch = Math.min(model.get("epoch"), last);
    networks.value = model.get("network");
    for (const { label, input } of rules) input.checked = model.get("rules").includes(label);
    slider.input.max = String(last);
    slider.value = epoch;
    views.draw(shown, epoch, last, ANGLES[angles.value]);
    announcer.say(describeRuns(model.get("network"), epoch, last, shown));
  };
  const redraw = onNextFrame(signal, draw);
  const player = makePlayer(signal, root, model, play);
  listen(signal, play, "click", player.toggle);
  listen(signal, networks.root, "change", () => setTraits(model, { network: networks.value }));
  listen(signal, ruleBox, "change", () =>
    setTraits(model, {
      rules: rules.filter(({ input }) => input.checked).map(({ label }) => label),
    }),
  );
  listen(signal, angles.root, "change", redraw);
  listen(signal, slider.input, "input", () => {
    player.pause();
    setTraits(model, { epoch: slider.value });
  });
  listen(signal, root, "change", () => model.save_changes());
  follow(signal, model, ["network", "rules", "epoch", "fresh"], redraw);
  el.append(root);
  watchLooks(signal, root, redraw);
  draw();
  return () => ending.abort();
}

/** @param {Model} model @returns {number} the last epoch of the chosen network's recorded runs */
function lastEpochFor(model) {
  return Math.max(...Object.values(model.get("records")[model.get("network")]).map(lastEpochOf));
}

/** @param {Model} model @param {string} label @returns {Looks} */
function looksOf(model, label) {
  return model.get("looks")[label] ?? LOOKS[model.get("labels").indexOf(label) % LOOKS.length];
}

/**
 * The recorded runs that are wanted, each with its looks, and one trained again at the end.
 *
 * @param {Model} model
 */
function listShown(model) {
  const network = model.get("network");
  const records = model.get("records")[network];
  const shown = model.get("rules").map((label) => ({
    label,
    record: records[label],
    ...looksOf(model, label),
  }));
  const { network: trained, rule, record } = model.get("fresh");
  if (record && trained === network) {
    shown.push({ label: `${rule} with seed ${record.seeds[0]}`, record, ...FRESH_LOOKS });
  }
  return shown;
}

/**
 * Epoch by epoch, while it is on screen; at once to the end where motion is not welcome.
 *
 * @param {AbortSignal} signal
 * @param {HTMLElement} root
 * @param {Model} model
 * @param {HTMLButtonElement} button
 */
function makePlayer(signal, root, model, button) {
  let next = 0;
  let playing = false;
  /** @param {boolean} wanted */
  const run = (wanted) => {
    playing = wanted;
    button.textContent = playing ? "pause" : "play";
    loop.run(playing);
    if (!playing) model.save_changes();
  };
  const loop = createLoop(signal, root, (time) => {
    if (time < next) return;
    next = time + EPOCH_MILLISECONDS;
    const last = lastEpochFor(model);
    const epoch = Math.min(model.get("epoch") + 1, last);
    setTraits(model, { epoch });
    if (epoch === last) run(false);
  });
  const toggle = () => {
    if (playing) return run(false);
    const last = lastEpochFor(model);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      setTraits(model, { epoch: model.get("epoch") >= last ? 0 : last });
      return model.save_changes();
    }
    if (model.get("epoch") >= last) setTraits(model, { epoch: 0 });
    return run(true);
  };
  const pause = () => {
    if (playing) run(false);
  };
  return { toggle, pause };
}

export default { render };
