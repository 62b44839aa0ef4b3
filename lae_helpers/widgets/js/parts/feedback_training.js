/** Train again: what can be asked of a kernel, and one sentence where there is none. */

import { make, makeButton, makeName, makeNumber, makeSelect } from "./elements.js";
import { follow, listen } from "./listening.js";

const NO_KERNEL = "Training again needs a kernel: open this chapter in JupyterLab.";
const NO_IMAGES = "These runs came without their images: there is nothing to train again with.";
const FIRST_SEED = 20;

/**
 * @param {AbortSignal} signal
 * @param {import("../traits.d.ts").Model<import("../traits.d.ts").FeedbackTraits>} model
 */
export function makeTraining(signal, model) {
  const hasKernel = Boolean(model.widget_manager);
  const trainable = hasKernel && model.get("trainable");
  const mostSeed = model.get("_most_seed");
  const rule = makeSelect({ label: "train", options: model.get("labels") });
  const seed = makeNumber({ label: "with seed", min: 0, max: mostSeed, step: 1 });
  const start = makeButton("train again", { class: "lae-primary" });
  const stop = makeButton("stop");
  const bar = make("progress", { max: 1, value: 0, "aria-label": "training" });
  const status = make("p", { class: "lae-small", role: "status", id: makeName() });
  const row = make("div", { class: "lae-row" }, [rule.root, seed.root, start, stop, bar]);
  const root = make("div", { class: "lae-feedback-training" }, [row, status]);
  let complaint = "";
  row.hidden = !trainable;
  seed.value = FIRST_SEED;
  seed.input.setAttribute("aria-describedby", status.id);

  const draw = () => {
    const busy = model.get("busy");
    for (const control of [rule.input, seed.input, start]) control.disabled = busy;
    stop.disabled = !busy;
    bar.value = model.get("progress");
    seed.input.setAttribute("aria-invalid", String(complaint !== ""));
    status.textContent = trainable
      ? complaint || model.get("status")
      : hasKernel
        ? NO_IMAGES
        : NO_KERNEL;
  };
  const check = () => {
    const { value, validity } = seed.input;
    const said =
      value || validity.badInput
        ? `${value.replace("-", "−") || "What stands there"} is no seed`
        : "";
    complaint =
      seed.typed === null
        ? `${said || "There is no seed"}: take a whole number from 0 to ${mostSeed}. Nothing was trained.`
        : "";
    draw();
    return seed.typed;
  };
  listen(signal, start, "click", () => {
    const typed = check();
    if (typed === null) seed.input.focus();
    else model.send({ kind: "train", rule: rule.value, seed: typed });
  });
  listen(signal, seed.input, "input", () => {
    if (complaint) check();
  });
  listen(signal, stop, "click", () => model.send({ kind: "stop" }));
  follow(signal, model, ["busy", "progress", "status"], draw);
  draw();
  return { root };
}
