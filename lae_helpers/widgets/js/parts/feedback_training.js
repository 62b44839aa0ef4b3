/** Train again: what can be asked of a kernel, and one sentence where there is none. */

import { make, makeButton, makeNumber, makeSelect } from "./elements.js";
import { follow, listen } from "./listening.js";

const NO_KERNEL = "Training again needs a kernel: open this chapter in JupyterLab.";
const FIRST_SEED = 20;

/**
 * @param {AbortSignal} signal
 * @param {import("../traits.d.ts").Model<import("../traits.d.ts").FeedbackTraits>} model
 */
export function makeTraining(signal, model) {
  const hasKernel = Boolean(model.widget_manager) && model.get("trainable");
  const rule = makeSelect({ label: "train", options: model.get("labels") });
  const seed = makeNumber({ label: "with seed", min: 0, max: model.get("_most_seed"), step: 1 });
  const start = makeButton("train again", { class: "lae-primary" });
  const stop = makeButton("stop");
  const bar = make("progress", { max: 1, value: 0, "aria-label": "training" });
  const status = make("p", { class: "lae-small", role: "status" });
  const root = make("div", { class: "lae-feedback-training" }, [
    make("div", { class: "lae-row" }, [rule.root, seed.root, start, stop, bar]),
    status,
  ]);
  seed.value = FIRST_SEED;

  const draw = () => {
    const busy = model.get("busy");
    for (const control of [rule.input, seed.input, start]) control.disabled = !hasKernel || busy;
    stop.disabled = !hasKernel || !busy;
    bar.value = model.get("progress");
    status.textContent = hasKernel ? model.get("status") : NO_KERNEL;
  };
  listen(signal, start, "click", () =>
    model.send({ kind: "train", rule: rule.value, seed: seed.accepted(FIRST_SEED) }),
  );
  listen(signal, stop, "click", () => model.send({ kind: "stop" }));
  follow(signal, model, ["busy", "progress", "status"], draw);
  draw();
  return { root };
}
